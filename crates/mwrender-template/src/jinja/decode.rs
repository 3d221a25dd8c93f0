//! Reads a marked text: the text itself, and a piece for each origin in it.

use super::instrument::Site;
use super::marker::{self, Mark, Token};
use super::run::{Context, Run};
use crate::engine::{Cause, Pieces, Tracked};
use mwrender_diagnostic::Pos;

/// An open region or emission.
enum Open {
    Emission { chain: Vec<Pos>, causes: Vec<Cause> },
    Include(Pos),
    Control(Vec<Cause>),
}

/// Decodes a marked text.
pub(crate) fn decode(marked: &str, run: &Run, sites: &[Site]) -> Tracked {
    let mut text = String::with_capacity(marked.len());
    let mut pieces = Pieces::default();
    let mut open: Vec<Open> = Vec::new();
    let mut raw: Option<Pos> = None;
    for token in marker::tokens(marked) {
        match token {
            Token::Text(visible) => {
                let (chain, causes) = origin(&open, raw);
                pieces.push(text.len(), chain, causes);
                text.push_str(visible);
            }
            Token::Mark(mark) => {
                match mark {
                    Mark::Raw(site) => raw = sites.get(site as usize).map(|s| s.pos),
                    Mark::Emit(number) => {
                        let e = run.get_emission(number).cloned().unwrap_or_default();
                        open.push(Open::Emission { chain: e.chain, causes: e.causes });
                    }
                    Mark::Context(number) => open.push(match run.get_context(number) {
                        Some(Context::Include(pos)) => Open::Include(*pos),
                        Some(Context::Control(causes)) => Open::Control(causes.clone()),
                        None => Open::Control(Vec::new()),
                    }),
                    Mark::EmitEnd | Mark::ContextEnd => {
                        open.pop();
                    }
                }
                if !matches!(mark, Mark::Raw(_) | Mark::EmitEnd) {
                    raw = None;
                }
            }
        }
    }
    pieces.finish(text, true)
}

/// What the text at this point comes from: the innermost emission, else the template's own text; and around it
/// includes and conditions.
fn origin(open: &[Open], raw: Option<Pos>) -> (Vec<Pos>, Vec<Cause>) {
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
