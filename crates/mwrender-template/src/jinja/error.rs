//! minijinja's errors as diagnostics.

use super::point;
use minijinja::{Error, ErrorKind};
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// The error with its template line, the includes that led there, and the value that is not there.
pub(super) fn diagnostic(
    error: &Error,
    starts: &HashMap<String, Pos>,
    missing: Option<(Pos, Arc<str>)>,
) -> Diagnostic {
    // the innermost error says what is wrong, the ones around it how the template got there
    let mut chain: Vec<&Error> = vec![error];
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(inner) = inner.downcast_ref::<Error>() {
            chain.push(inner);
        }
        source = inner.source();
    }
    let inner = *chain.last().unwrap_or(&error);
    let id = match inner.kind() {
        ErrorKind::SyntaxError => "template-syntax",
        ErrorKind::UndefinedError => "undefined-value",
        ErrorKind::OutOfFuel => "template-fuel",
        ErrorKind::TemplateNotFound => "template-not-found",
        ErrorKind::UnknownFilter
        | ErrorKind::UnknownFunction
        | ErrorKind::UnknownTest
        | ErrorKind::UnknownMethod => "unknown-function",
        _ => "template-error",
    };
    let named = missing.filter(|_| id == "undefined-value");
    let headline = match (&named, inner.detail()) {
        (Some((_, key)), _) => format!("`{key}` is not defined"),
        (None, Some(detail)) => detail.to_string(),
        (None, None) => inner.kind().to_string(),
    };
    let mut diagnostic = Diagnostic::error(id, headline);
    let span_of = |e: &Error| {
        let start = starts.get(e.name()?)?;
        let range = e.range()?;
        Some(Span::new(start.offset(range.start as u32), (range.end - range.start) as u32))
    };
    if let Some(span) = span_of(inner).or_else(|| chain.iter().rev().find_map(|e| span_of(e))) {
        diagnostic = diagnostic.primary(span, "");
    }
    for outer in chain.iter().rev().skip(1) {
        if let Some(span) = span_of(outer)
            && !diagnostic.annotations.iter().any(|a| a.span == span)
        {
            diagnostic = diagnostic.secondary(span, "from here");
        }
    }
    if let Some((origin, key)) = named {
        if origin.is_some() && super::run::derived_emission(origin).is_none() {
            diagnostic = diagnostic.secondary(point(origin), format!("nothing here has the key `{key}`"));
        }
        diagnostic =
            diagnostic.help(format!("set it, or give the template a default: `{key} | default(...)`"));
    }
    if id == "template-fuel" {
        diagnostic = diagnostic.help("the template does not seem to end: look for a loop or a recursion");
    }
    diagnostic
}
