//! Selectors of labels, as Kubernetes evaluates them.

use super::place::{get, items, span, text};
use mwrender_diagnostic::Span;
use mwrender_values::Value;

/// What selects by labels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selector<'a> {
    labels: Option<&'a Value>,
    expressions: &'a [Value],
}

impl<'a> Selector<'a> {
    /// The selector that a map of labels is.
    pub(super) fn of_labels(labels: &'a Value) -> Selector<'a> {
        Selector { labels: Some(labels), expressions: &[] }
    }

    /// A selector with `matchLabels` and `matchExpressions`.
    pub(super) fn of(selector: &'a Value) -> Selector<'a> {
        Selector { labels: get(selector, "matchLabels"), expressions: items(selector, "matchExpressions") }
    }

    /// Whether it asks for nothing, which most users of selectors take as everything.
    pub(super) fn is_empty(&self) -> bool {
        self.terms().next().is_none()
    }

    /// Whether labels are selected.
    pub(super) fn matches(&self, labels: Option<&Value>) -> bool {
        self.terms().all(|term| term.holds(labels))
    }

    /// Everything that it asks for.
    pub(super) fn terms(&self) -> impl Iterator<Item = Term<'a>> + use<'a> {
        let map = self.labels.and_then(Value::as_map);
        let labels = map.into_iter().flat_map(|m| m.iter().map(|(key, e)| Term::Label(key, &e.value)));
        labels.chain(self.expressions.iter().map(Term::Expression))
    }
}

/// One thing that a selector asks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Term<'a> {
    /// A label with its value.
    Label(&'a str, &'a Value),
    /// An item of `matchExpressions`.
    Expression(&'a Value),
}

impl<'a> Term<'a> {
    /// The label that it is about.
    pub(super) fn key(&self) -> &'a str {
        match self {
            Term::Label(key, _) => key,
            Term::Expression(expression) => text(expression, "key").unwrap_or_default(),
        }
    }

    /// Where it is written.
    pub(super) fn span(&self) -> Span {
        match self {
            Term::Label(_, value) | Term::Expression(value) => span(value),
        }
    }

    /// Whether labels have what it asks for.
    pub(super) fn holds(&self, labels: Option<&Value>) -> bool {
        let actual = labels.and_then(|l| get(l, self.key()));
        match self {
            Term::Label(_, value) => actual == Some(value),
            Term::Expression(expression) => {
                let listed = actual.is_some_and(|a| items(expression, "values").contains(a));
                match text(expression, "operator") {
                    Some("In") => listed,
                    Some("NotIn") => !listed,
                    Some("Exists") => actual.is_some(),
                    Some("DoesNotExist") => actual.is_none(),
                    // the schema refuses it
                    _ => true,
                }
            }
        }
    }
}

impl std::fmt::Display for Term<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Term::Label(key, value) => write!(f, "{key}: {}", value.as_str().unwrap_or("?")),
            Term::Expression(expression) => {
                write!(f, "{} {}", self.key(), text(expression, "operator").unwrap_or("?"))?;
                let values: Vec<&str> =
                    items(expression, "values").iter().filter_map(Value::as_str).collect();
                if values.is_empty() { Ok(()) } else { write!(f, " ({})", values.join(", ")) }
            }
        }
    }
}
