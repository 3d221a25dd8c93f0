//! Why there is no output.

use crate::functions::helm::MESSAGE;
use mwrender_diagnostic::Pos;
use mwrender_gotemplate as go;
use mwrender_gotemplate::{ErrorKind, Run};
use std::collections::HashMap;

/// A template that cannot be parsed or executed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{text}")]
pub struct Fault {
    /// What it is about.
    pub kind: FaultKind,
    /// Helm's words, without `Error: `.
    pub text: String,
    /// What is wrong at the innermost place.
    pub message: String,
    /// The places that led there, the outermost first.
    pub frames: Vec<Frame>,
    /// The origins of the values that the failing node worked on.
    pub origins: Vec<Pos>,
}

/// What a [`Fault`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// A text is no template.
    Parse,
    /// A template failed.
    Execution,
    /// A template called `fail` or `required`.
    Refused,
    /// Too many steps were taken.
    Fuel,
    /// Templates or values nest too deeply.
    Depth,
}

/// A place in a template.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The file, or `gotpl` for a text that `tpl` was given.
    pub file: String,
    /// The name of the template.
    pub template: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 0; parse errors have none.
    pub column: Option<usize>,
    /// The same place in the source map, or [`Pos::NONE`].
    pub at: Pos,
    /// The node, as Go prints it.
    pub node: String,
}

type Starts = HashMap<Box<str>, Pos>;

impl Fault {
    pub(super) fn parse(error: &go::Error, starts: &Starts) -> Fault {
        let whole = error.to_string();
        // as Helm, which takes the text apart at each `: `
        let parts: Vec<&str> = whole.split(": ").collect();
        let text = match parts[..] {
            [_, place, .., last] => format!("parse error at ({place}): {last}"),
            [_, place] => format!("parse error at ({place}): {place}"),
            _ => whole.clone(),
        };
        let frames = error.parse_position().map(|(source, line)| {
            let before = source.text().split_inclusive(|b| *b == b'\n').take(line - 1);
            let offset: usize = before.map(<[u8]>::len).sum();
            Frame {
                file: source.name().to_owned(),
                template: source.name().to_owned(),
                line,
                column: None,
                at: starts.get(source.name()).map_or(Pos::NONE, |start| start.offset(offset as u32)),
                node: String::new(),
            }
        });
        Fault {
            kind: FaultKind::Parse,
            text,
            message: error.message().to_owned(),
            frames: frames.into_iter().collect(),
            origins: Vec::new(),
        }
    }

    pub(super) fn execution(error: &go::Error, run: &Run, starts: &Starts) -> Fault {
        let whole = error.to_string();
        let mut kind = match error.kind() {
            ErrorKind::Fuel => FaultKind::Fuel,
            ErrorKind::Depth => FaultKind::Depth,
            _ => FaultKind::Execution,
        };
        let mut text = whole.clone();
        let mut message = error.message().to_owned();
        let mut parts = whole.splitn(3, ": ");
        if let (Some(_), Some(place), Some(rest)) = (parts.next(), parts.next(), parts.next())
            && let Some(refused) = refusal(rest)
        {
            text = format!("execution error at ({place}): {refused}");
            kind = FaultKind::Refused;
        }
        if let Some(refused) = refusal(error.message()) {
            refused.clone_into(&mut message);
        }
        let frames = error.frames().iter().map(|frame| {
            let (line, column) = frame.source.line_column(frame.offset);
            let start = starts.get(frame.source.name());
            Frame {
                file: frame.source.name().to_owned(),
                template: frame.template.clone(),
                line,
                column: Some(column),
                at: start.map_or(Pos::NONE, |start| start.offset(frame.offset)),
                node: frame.node.clone(),
            }
        });
        let trace = run.trace();
        let origins = error.origins().iter().flat_map(|origin| match &trace {
            Some(trace) => trace.origins(*origin).into_iter().map(|(origin, _)| origin).collect(),
            None => vec![*origin],
        });
        let mut origins: Vec<Pos> =
            origins.filter_map(|origin| Some(Pos::from_raw(origin.number()?))).collect();
        origins.dedup();
        Fault { kind, text, message, frames: frames.collect(), origins }
    }
}

/// What `fail` was given.
fn refusal(text: &str) -> Option<&str> {
    let (start, end) = MESSAGE;
    let from = text.find(start)? + start.len();
    let to = text.rfind(end)?;
    text.get(from..to)
}
