//! Reads a marked text: the text itself, and a piece for each origin in it.

use super::marker::{self, Mark, Token};
use super::run::{Context, Run};
use crate::engine::{Cause, Pieces, Tracked};
use mwrender_diagnostic::Pos;

/// Template positions and causes of a piece.
pub(crate) type Origin = (Vec<Pos>, Vec<Cause>);

/// An open region or emission.
enum Open {
    Emission { chain: Vec<Pos>, causes: Vec<Cause> },
    Include(Pos),
    Control(Vec<Cause>),
}

/// The markers that are open at a point of a marked text.
#[derive(Default)]
pub(crate) struct OpenMarks {
    open: Vec<Open>,
    raw: Option<Pos>,
}

/// Decodes a marked text.
pub(crate) fn decode(marked: &str, run: &Run) -> Tracked {
    let mut text = String::with_capacity(marked.len());
    let mut pieces = Pieces::default();
    let mut open = OpenMarks::default();
    for token in marker::tokens(marked) {
        match token {
            Token::Text(visible) => {
                let (chain, causes) = open.origin();
                pieces.push(text.len(), chain, causes);
                text.push_str(visible);
            }
            Token::Mark(mark) => open.mark(mark, run),
        }
    }
    pieces.finish(text, true)
}

impl OpenMarks {
    /// Takes a marker.
    pub(crate) fn mark(&mut self, mark: Mark, run: &Run) {
        match mark {
            Mark::Raw(site) => self.raw = run.site(site),
            Mark::Emit(number) => {
                let e = run.get_emission(number).cloned().unwrap_or_default();
                self.open.push(Open::Emission { chain: e.chain, causes: e.causes });
            }
            Mark::Context(number) => self.open.push(match run.get_context(number) {
                Some(Context::Include(pos)) => Open::Include(*pos),
                Some(Context::Control(causes)) => Open::Control(causes.clone()),
                None => Open::Control(Vec::new()),
            }),
            Mark::EmitEnd | Mark::ContextEnd => {
                self.open.pop();
            }
        }
        if !matches!(mark, Mark::Raw(_) | Mark::EmitEnd) {
            self.raw = None;
        }
    }

    /// What the text at this point comes from: the innermost emission, else the template's own text; and around
    /// it includes and conditions.
    pub(crate) fn origin(&self) -> Origin {
        let (open, raw) = (&self.open, self.raw);
        let mut chain: Vec<Pos> = Vec::new();
        let mut causes: Vec<Cause> = Vec::new();
        let emission = open.iter().rposition(|o| matches!(o, Open::Emission { .. }));
        // text of a template inside a captured block has a place of its own
        let own = emission.filter(|_| raw.is_none() || matches!(open.last(), Some(Open::Emission { .. })));
        for (i, o) in open.iter().enumerate() {
            match o {
                Open::Include(pos) => chain.push(*pos),
                Open::Emission { chain: inner, .. } => {
                    if own == Some(i) {
                        chain.extend(inner.iter().copied());
                    } else if let Some(pos) = inner.first() {
                        chain.push(*pos);
                    }
                }
                Open::Control(_) => {}
            }
        }
        if let Some(Open::Emission { causes: own, .. }) = own.map(|i| &open[i]) {
            causes.extend(own.iter().cloned());
        }
        if let Some(pos) = raw {
            chain.push(pos);
        }
        for o in open {
            if let Open::Control(conditions) = o {
                for c in conditions {
                    if !causes.iter().any(|x| x.line == c.line && x.part == c.part) {
                        causes.push(c.clone());
                    }
                }
            }
        }
        (chain, causes)
    }
}
