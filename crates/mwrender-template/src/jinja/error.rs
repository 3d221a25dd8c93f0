//! minijinja's errors as diagnostics.

use super::point;
use super::trace::Missing;
use minijinja::{Error, ErrorKind};
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use std::sync::Arc;

/// The id of what is said of a template that does not end.
pub(super) const ENDLESS: &str = "template-fuel";

/// Whether an undefined value is the cause of an error.
pub(super) fn is_undefined(error: &Error) -> bool {
    innermost(error).last().is_some_and(|e| e.kind() == ErrorKind::UndefinedError)
}

/// An error and those within it, which say what is wrong; the ones around say how the template got there.
fn innermost(error: &Error) -> Vec<&Error> {
    let mut chain: Vec<&Error> = vec![error];
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        chain.extend(inner.downcast_ref::<Error>());
        source = inner.source();
    }
    chain
}

/// Where the templates of a chart are.
pub(super) struct Templates<'a> {
    /// Their names, texts and first bytes.
    pub(super) files: &'a [(Arc<str>, Arc<str>, Pos)],
}

impl Templates<'_> {
    /// The place of an error: its bytes, or its line.
    fn span(&self, error: &Error) -> Option<Span> {
        let (_, text, start) = self.files.iter().find(|f| Some(&*f.0) == error.name())?;
        if let Some(range) = error.range() {
            return Some(Span::new(start.offset(range.start as u32), range.len() as u32));
        }
        let before = error.line()?.checked_sub(1)?;
        let offset: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
        let line = text[offset..].lines().next().unwrap_or_default();
        Some(Span::new(start.offset(offset as u32), line.len() as u32))
    }
}

/// The error with its template line, the includes that led there, and the value that is not there.
pub(super) fn diagnostic(error: &Error, templates: &Templates<'_>, missing: Option<Missing>) -> Diagnostic {
    let chain = innermost(error);
    let inner = *chain.last().unwrap_or(&error);
    let id = match inner.kind() {
        ErrorKind::SyntaxError => "template-syntax",
        ErrorKind::UndefinedError => "undefined-value",
        ErrorKind::OutOfFuel => ENDLESS,
        ErrorKind::TemplateNotFound => "template-not-found",
        ErrorKind::UnknownFilter
        | ErrorKind::UnknownFunction
        | ErrorKind::UnknownTest
        | ErrorKind::UnknownMethod => "unknown-function",
        _ => "template-error",
    };
    let named = missing.filter(|_| id == "undefined-value");
    let headline = match (&named, inner.detail()) {
        (Some(Missing::Key(_, key)), _) => format!("`{key}` is not defined"),
        _ if id == ENDLESS => {
            format!("the template takes more than {} million steps", super::FUEL / 1_000_000)
        }
        (_, Some(detail)) => detail.to_string(),
        (_, None) => inner.kind().to_string(),
    };
    let mut diagnostic = Diagnostic::error(id, headline);
    if let Some(span) = templates.span(inner).or_else(|| chain.iter().rev().find_map(|e| templates.span(e))) {
        diagnostic = diagnostic.primary(span, "");
    }
    for outer in chain.iter().rev().skip(1) {
        if let Some(span) = templates.span(outer)
            && !diagnostic.annotations.iter().any(|a| a.span == span)
        {
            diagnostic = diagnostic.secondary(span, "from here");
        }
    }
    match named {
        Some(Missing::Key(map, key)) => {
            if map.origin.is_some() && map.origin.local_offset().is_none() {
                diagnostic =
                    diagnostic.secondary(point(map.origin), format!("nothing here has the key `{key}`"));
            }
            let keys = map.as_map().into_iter().flat_map(|m| m.keys()).map(|k| &**k);
            diagnostic = match similar(&key, keys) {
                Some(other) => diagnostic.help(format!("did you mean `{other}`?")),
                None => {
                    diagnostic.help(format!("set it, or give the template a default: `{key} | default(...)`"))
                }
            };
        }
        Some(Missing::Null(origin)) if origin.is_some() && origin.local_offset().is_none() => {
            diagnostic = diagnostic.secondary(point(origin), "this is null, and nothing is in it");
        }
        _ => {}
    }
    if let Some(help) = suggestion(inner, templates) {
        diagnostic = diagnostic.help(help);
    }
    if id == ENDLESS {
        diagnostic = diagnostic.help("the template does not seem to end: look for a loop or a recursion");
    }
    diagnostic
}

/// What the name that an error is about may have been meant to be.
fn suggestion(error: &Error, templates: &Templates<'_>) -> Option<String> {
    let detail = error.detail()?;
    let (word, names): (&str, Vec<&str>) = match error.kind() {
        ErrorKind::UnknownFilter => {
            (detail.strip_prefix("filter ")?.strip_suffix(" is unknown")?, FILTERS.to_vec())
        }
        ErrorKind::UnknownTest => {
            (detail.strip_prefix("test ")?.strip_suffix(" is unknown")?, TESTS.to_vec())
        }
        ErrorKind::UnknownFunction => (detail.strip_suffix(" is unknown")?, FUNCTIONS.to_vec()),
        ErrorKind::TemplateNotFound => {
            (detail.split('\'').nth(1)?, templates.files.iter().map(|f| &*f.0).collect())
        }
        _ => return None,
    };
    similar(word, names.into_iter()).map(|other| format!("did you mean `{other}`?"))
}

/// The name that differs from a word by least, if it is not much.
fn similar<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = word.chars().count() / 3;
    names
        .map(|name| (strsim::osa_distance(word, name), name))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The filters that there are, minijinja's and ours. It does not list its own.
const FILTERS: [&str; 60] = [
    "abs",
    "attr",
    "b64encode",
    "batch",
    "bool",
    "bytes",
    "capitalize",
    "chain",
    "count",
    "cpu",
    "d",
    "default",
    "dictsort",
    "dns_label",
    "e",
    "escape",
    "first",
    "float",
    "format",
    "fromjson",
    "fromyaml",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "memory",
    "min",
    "nindent",
    "pad2",
    "pprint",
    "quote",
    "regex_escape",
    "reject",
    "rejectattr",
    "replace",
    "required",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "sha256",
    "slice",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "tojson",
    "toyaml",
    "trim",
    "trunc",
];
const TESTS: [&str; 26] = [
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "even",
    "false",
    "float",
    "ge",
    "gt",
    "in",
    "integer",
    "iterable",
    "le",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "sameas",
    "sequence",
    "startingwith",
    "string",
    "true",
];
const FUNCTIONS: [&str; 5] = ["debug", "dict", "fail", "namespace", "range"];

#[cfg(test)]
mod tests {
    /// The lists are made by hand: each name in them must be known to minijinja.
    #[test]
    fn names_are_known() {
        let env = crate::jinja::environment();
        let known = |source: String| match env.template_from_str(&source).and_then(|t| t.render(())) {
            Err(e) => !e.to_string().contains("is unknown"),
            Ok(_) => true,
        };
        assert!(super::FILTERS.iter().all(|name| known(format!("{{{{ 1 | {name} }}}}"))));
        assert!(super::TESTS.iter().all(|name| known(format!("{{{{ 1 is {name} }}}}"))));
        assert!(super::FUNCTIONS.iter().all(|name| known(format!("{{{{ {name}() }}}}"))));
    }
}
