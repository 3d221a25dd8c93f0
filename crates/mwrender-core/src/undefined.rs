//! Values that a template needs and no layer sets.

use crate::session::Session;
use crate::state::CellInputs;
use mwrender_diagnostic::{Diagnostic, Span};
use mwrender_values::Value;
use mwrender_values::path::{Path, explain};

/// Says more of an undefined value: which part of its path is there, and which layer deleted the rest.
///
/// It is the expression in the template that says which value is meant; one that does not begin with `values`, such
/// as a loop's variable, is left as it is.
pub(crate) fn tell(
    session: &Session,
    inputs: &CellInputs,
    values: &Value,
    mut fault: Diagnostic,
) -> Diagnostic {
    let Some(names) = fault.primary_span().and_then(|span| expression(session, span)) else { return fault };
    let mut path = Path::default();
    let mut value = values;
    for name in names {
        let below = path.clone().key(name.clone());
        let Some(inner) = value.get(&name).filter(|v| !v.is_null()) else {
            return missing(inputs, fault, &path, value, &below);
        };
        (path, value) = (below, inner);
    }
    // all of it is there: something else is not
    fault.annotations.retain(|a| a.primary || a.label == "from here");
    fault
}

fn missing(inputs: &CellInputs, fault: Diagnostic, near: &Path, value: &Value, path: &Path) -> Diagnostic {
    let mut told = Diagnostic { headline: format!("`values.{path}` is not defined"), ..fault };
    told.annotations.retain(|a| a.primary || a.label == "from here");
    let layers: Vec<Value> = inputs.layers.iter().filter_map(|l| l.value.as_deref().cloned()).collect();
    let said = explain(&inputs.chart.defaults, &layers, inputs.chart.nulls(), path);
    let null = said.settings.iter().rev().find(|s| s.value.is_null() && s.value.origin.is_some());
    if let Some(null) = null {
        told = told.secondary(Span::new(null.value.origin, 4), format!("`{path}` is set to null here"));
    } else if !near.is_empty() && value.origin.is_some() {
        told =
            told.secondary(Span::new(value.origin, 1), format!("`{near}` is defined, and has no such key"));
    }
    told.help = vec![format!("set `{path}`, or give the template a default: `values.{path} | default(...)`")];
    told
}

/// The names after `values` in the dotted expression around a span of a template.
fn expression(session: &Session, span: Span) -> Option<Vec<std::sync::Arc<str>>> {
    let source = session.sources().get(session.sources().find(span.start)?);
    let text = source.text();
    let start = (span.start.raw() - source.start().raw()) as usize;
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let from = text.get(..start)?.rfind(|c| !part(c)).map_or(0, |n| n + 1);
    let to = text.get(start..)?.find(|c| !part(c)).map_or(text.len(), |n| start + n);
    let mut names = text.get(from..to)?.split('.');
    if names.next() != Some("values") {
        return None;
    }
    Some(names.map(std::sync::Arc::from).collect())
}
