//! Templates that do not parse or do not render.

use super::suggest::similar;
use super::templates::Template;
use crate::engine::{Fault, FaultKind};
use mwrender_diagnostic::{Diagnostic, Severity, Span};
use mwrender_gotemplate::{Error, Funcs};

/// What is wrong with the text of a file; Go finds the first fault of each.
pub(super) fn parse(template: &Template<'_>, funcs: &Funcs) -> Option<Diagnostic> {
    let error = template.parsed.as_ref().err()?;
    let place = line(template, error);
    let message = error.message();
    let unknown = message.strip_prefix("function \"").and_then(|rest| rest.strip_suffix("\" not defined"));
    let diagnostic = match unknown {
        Some(name) => {
            let diagnostic = Diagnostic::error("unknown-function", format!("there is no function `{name}`"));
            // the line is known, and the name stands on it
            let within = place.and_then(|place| named(template, place, name)).or(place);
            let diagnostic = with(diagnostic, within);
            match similar(name, funcs.names()) {
                Some(like) => diagnostic.help(format!("did you mean `{like}`?")),
                None => diagnostic,
            }
        }
        None => with(Diagnostic::error("template-syntax", first_line(message)), place),
    };
    Some(diagnostic.note("Helm parses all files of a chart together: with this one, none is rendered"))
}

fn with(diagnostic: Diagnostic, place: Option<Span>) -> Diagnostic {
    match place {
        Some(place) => diagnostic.primary(place, ""),
        None => diagnostic,
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The line of the fault.
fn line(template: &Template<'_>, error: &Error) -> Option<Span> {
    let start = template.file.start;
    let (_, line) = error.parse_position().filter(|_| start.is_some())?;
    let mut lines = template.file.data.split_inclusive(|byte| *byte == b'\n');
    let before: usize = lines.by_ref().take(line - 1).map(<[u8]>::len).sum();
    let length = lines.next().map_or(1, |line| line.trim_ascii_end().len().max(1));
    Some(Span::new(start.offset(before as u32), length as u32))
}

/// Where a name stands in a line.
fn named(template: &Template<'_>, line: Span, name: &str) -> Option<Span> {
    let offset = (line.start.raw() - template.file.start.raw()) as usize;
    let text = template.file.data.get(offset..offset + line.len as usize)?;
    let is_word =
        |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b == b'.');
    let mut found = memchr::memmem::find_iter(text, name.as_bytes());
    let at = found.find(|at| {
        !is_word(at.checked_sub(1).and_then(|before| text.get(before))) && !is_word(text.get(at + name.len()))
    })?;
    Some(Span::new(line.start.offset(at as u32), name.len() as u32))
}

/// Why a render failed.
pub(super) fn render(fault: &Fault) -> Diagnostic {
    let (id, severity) = match fault.kind {
        FaultKind::Parse => ("template-syntax", Severity::Error),
        FaultKind::Refused => ("template-refused", Severity::Note),
        FaultKind::Fuel | FaultKind::Depth => ("template-limit", Severity::Error),
        FaultKind::Execution => ("template-error", Severity::Error),
    };
    let message = first_line(&fault.message);
    let headline = match fault.kind {
        FaultKind::Refused => format!("the chart asks for other values: {message}"),
        _ => message.to_owned(),
    };
    let mut diagnostic = Diagnostic::new(id, severity, headline);
    let known: Vec<_> = fault.frames.iter().filter(|frame| frame.at.is_some()).collect();
    let Some((inner, outer)) = known.split_last() else { return diagnostic.note(fault.text.clone()) };
    let length = first_line(&inner.node).len().max(1) as u32;
    diagnostic = diagnostic.primary(Span::new(inner.at, length), "");
    for frame in outer.iter().rev().take(4) {
        let length = first_line(&frame.node).len().max(1) as u32;
        diagnostic = diagnostic.secondary(Span::new(frame.at, length), "included from here");
    }
    diagnostic
}
