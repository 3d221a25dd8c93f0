//! Violations in the words of Helm's library.

use std::fmt::Write;

use mwrender_schema::violations::{Problem, Violation};
use mwrender_values::number;
use serde_json::Value;

use super::format;
use super::tree::Node;
use crate::engine::data;

/// The tree as text, a line for each node.
pub(super) fn print(nodes: &[Node<'_>]) -> String {
    let mut out = String::new();
    all(nodes, 0, false, &mut out);
    out
}

fn all(nodes: &[Node<'_>], indent: usize, in_name: bool, out: &mut String) {
    for node in nodes {
        let mut below_name = in_name;
        let (instance, text, causes) = match node {
            Node::Leaf { violation, missing, causes } => {
                // names of keys have no place
                let is_name = matches!(violation.problem, Problem::Name(_));
                let instance = if is_name || in_name { &[] } else { &violation.instance[..] };
                below_name = is_name;
                (instance, of(violation, missing), causes)
            }
            Node::AllOf { instance, causes } => (*instance, "'allOf' failed".to_owned(), causes),
            Node::Group { instance, causes, .. } => (*instance, "validation failed".to_owned(), causes),
        };
        let mut path = String::new();
        for part in instance {
            path.push('/');
            path.push_str(&part.replace('~', "~0").replace('/', "~1"));
        }
        let _ = writeln!(out, "{:indent$}- at {}: {text}", "", quoted(&path));
        all(causes, indent + 2, below_name, out);
    }
}

/// What one violation says.
pub(super) fn of(violation: &Violation, missing: &[&str]) -> String {
    let keyword = violation.keywords.last().map_or("", String::as_str);
    let names = |names: &[&str]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
    match &violation.problem {
        Problem::Type(wanted) => {
            let mut wanted = wanted.clone();
            wanted.sort_by_key(|name| {
                let order = ["null", "boolean", "number", "integer", "string", "array", "object"];
                order.iter().position(|other| other == name)
            });
            format!("got {}, want {}", kind(&violation.value), wanted.join(" or "))
        }
        Problem::Enum(values) if values.iter().all(is_plain) => {
            let shown: Vec<String> = values.iter().map(value).collect();
            match shown.as_slice() {
                [one] => format!("value must be {one}"),
                _ => format!("value must be one of {}", shown.join(", ")),
            }
        }
        Problem::Const(wanted) if is_plain(wanted) => format!("value must be {}", value(wanted)),
        Problem::Limit(limit) => {
            let got = match (&violation.value, keyword) {
                (Value::Array(items), "additionalItems" | "items") => {
                    let allowed = limit.as_u64().unwrap_or_default() as usize;
                    let more = items.len().saturating_sub(allowed);
                    return format!("last {more} additionalItem(s) not allowed");
                }
                (Value::Number(_), _) => violation.value.as_f64().unwrap_or_default(),
                (Value::String(text), _) => count(text.chars().count()),
                (Value::Array(items), _) => count(items.len()),
                (Value::Object(entries), _) => count(entries.len()),
                _ => 0.0,
            };
            format!("{keyword}: got {}, want {}", shown(got), shown(limit.as_f64().unwrap_or_default()))
        }
        Problem::Required(_) => {
            let is_list = |word: &String| matches!(word.as_str(), "dependentRequired" | "dependencies");
            let at = violation.keywords.iter().rposition(is_list).filter(|_| keyword != "required");
            let name = at.map(|at| violation.keywords.get(at + 1).map_or("", String::as_str));
            match (name, missing) {
                (Some(""), _) => format!("properties {} required", names(missing)),
                (Some(name), _) => {
                    format!("properties {} required, if {} exists", names(missing), quoted(name))
                }
                (None, [one]) => format!("missing property {}", quoted(one)),
                (None, _) => format!("missing properties {}", names(missing)),
            }
        }
        Problem::Unexpected(_) if keyword.starts_with("unevaluated") => "false schema".to_owned(),
        Problem::Unexpected(found) => {
            let mut found: Vec<&str> = found.iter().map(String::as_str).collect();
            found.sort_unstable();
            format!("additional properties {} not allowed", names(&found))
        }
        Problem::OneOf(branches) => {
            let matched: Vec<String> = branches
                .iter()
                .enumerate()
                .filter(|(_, branch)| branch.is_empty())
                .map(|(index, _)| index.to_string())
                .collect();
            if matched.is_empty() {
                "'oneOf' failed, none matched".to_owned()
            } else {
                format!("'oneOf' failed, subschemas {} matched", matched.join(", "))
            }
        }
        Problem::Name(inner) => format!("invalid propertyName {}", value(&inner.value)),
        Problem::Pattern(pattern) => {
            format!("{} does not match pattern {}", value(&violation.value), quoted(pattern))
        }
        Problem::Format(format) => {
            let fault = violation.value.as_str().and_then(|text| format::fault(format, text));
            let fault = fault.map(|fault| format!(": {fault}")).unwrap_or_default();
            format!("{} is not valid {format}{fault}", value(&violation.value))
        }
        Problem::Enum(_) => "'enum' failed".to_owned(),
        Problem::Const(_) => "'const' failed".to_owned(),
        Problem::AnyOf(_) => "'anyOf' failed".to_owned(),
        Problem::Other => match keyword {
            "uniqueItems" => equal(&violation.value),
            "contains" => "no items match contains schema".to_owned(),
            "not" | "minContains" | "maxContains" | "contentEncoding" | "contentMediaType" => {
                format!("'{keyword}' failed")
            }
            // no key is allowed at all
            "additionalProperties" if violation.value.is_object() => {
                let mut found: Vec<&str> = violation
                    .value
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.as_str())
                    .collect();
                found.sort_unstable();
                format!("additional properties {} not allowed", names(&found))
            }
            _ => "false schema".to_owned(),
        },
    }
}

/// The first two items that are equal.
fn equal(value: &Value) -> String {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    for (second, item) in items.iter().enumerate() {
        if let Some(first) = items[..second].iter().position(|other| other == item) {
            return format!("items at {first} and {second} are equal");
        }
    }
    "'uniqueItems' failed".to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
fn count(n: usize) -> f64 {
    n as f64
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn is_plain(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

/// A value as it stands in messages.
fn value(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// Text in single quotes, with Go's escapes.
fn quoted(text: &str) -> String {
    let quoted = data::quoted(text);
    let inner = quoted[1..quoted.len() - 1].replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{inner}'")
}

/// A number as messages for people have it: digits in groups, powers of ten.
fn shown(number: f64) -> String {
    let text = number::go_g(number);
    let Some((mantissa, exponent)) = text.split_once('e') else {
        let (sign, digits) = text.strip_prefix('-').map_or(("", &*text), |rest| ("-", rest));
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        return match fraction {
            Some(fraction) => format!("{sign}{grouped}.{fraction}"),
            None => format!("{sign}{grouped}"),
        };
    };
    let raised = exponent.chars().filter_map(|c| match c {
        '-' => Some('⁻'),
        '1' => Some('¹'),
        '2' => Some('²'),
        '3' => Some('³'),
        '0' | '4'..='9' => char::from_u32(u32::from('⁰') + c.to_digit(10)?),
        _ => None,
    });
    format!("{mantissa}×10{}", raised.collect::<String>())
}
