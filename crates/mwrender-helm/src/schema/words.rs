//! Violations in the words of Helm's library.

use std::fmt::Write;

use mwrender_schema::violations::{Node, Problem};
use mwrender_values::number;
use serde_json::Value;

use crate::engine::data;

/// The tree as text, a line for each node.
pub(super) fn print(nodes: &[Node], indent: usize) -> String {
    let mut out = String::new();
    for node in nodes {
        let (place, behind) = referred(node);
        // several things behind a reference are told where the reference is
        let instance = match behind.problem {
            Problem::Group => &place.instance,
            _ => &behind.instance,
        };
        let mut path = String::new();
        for part in instance {
            path.push('/');
            path.push_str(&part.replace('~', "~0").replace('/', "~1"));
        }
        let _ = writeln!(out, "{:indent$}- at {}: {}", "", quoted(&path), of(behind));
        out.push_str(&print(&behind.causes, indent + 2));
    }
    out
}

/// The last of references that lead to each other, and what is behind it.
fn referred(node: &Node) -> (&Node, &Node) {
    let (mut place, mut behind) = (node, node);
    while let (Problem::Reference, [only]) = (&behind.problem, behind.causes.as_slice()) {
        (place, behind) = (behind, only);
    }
    (place, behind)
}

fn names(names: &[String]) -> String {
    names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ")
}

fn numbers(numbers: &[usize], separator: &str) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}

/// What one node says.
pub(super) fn of(node: &Node) -> String {
    let keyword = node.keywords.last().map_or("", String::as_str);
    match &node.problem {
        Problem::Group | Problem::Reference => "validation failed".to_owned(),
        Problem::False => "false schema".to_owned(),
        Problem::Type(got, wanted) => format!("got {got}, want {}", wanted.join(" or ")),
        Problem::Const(wanted) if is_plain(wanted) => format!("value must be {}", value(wanted)),
        Problem::Const(_) => "'const' failed".to_owned(),
        Problem::Enum(values) if values.iter().all(is_plain) => {
            let shown: Vec<String> = values.iter().map(value).collect();
            match shown.as_slice() {
                [one] => format!("value must be {one}"),
                _ => format!("value must be one of {}", shown.join(", ")),
            }
        }
        Problem::Enum(_) => "'enum' failed".to_owned(),
        Problem::Format(text, format, reason) => format!("{} is not valid {format}: {reason}", quoted(text)),
        Problem::Limit(got, wanted) => format!("{keyword}: got {}, want {}", shown(*got), shown(*wanted)),
        Problem::Required(missing) => match missing.as_slice() {
            [one] => format!("missing property {}", quoted(one)),
            _ => format!("missing properties {}", names(missing)),
        },
        Problem::Dependent(name, missing) => {
            format!("properties {} required, if {} exists", names(missing), quoted(name))
        }
        Problem::AdditionalProperties(found) => format!("additional properties {} not allowed", names(found)),
        Problem::AdditionalItems(more) => format!("last {more} additionalItem(s) not allowed"),
        Problem::Name(name) => format!("invalid propertyName {}", quoted(name)),
        Problem::Pattern(text, pattern) => {
            format!("{} does not match pattern {}", quoted(text), quoted(pattern))
        }
        Problem::Unique(first, second) => format!("items at {first} and {second} are equal"),
        Problem::Contains => "no items match contains schema".to_owned(),
        Problem::MinContains(matched, least) => {
            let found = match matched.as_slice() {
                [] => "none matched".to_owned(),
                _ => format!("matched {} items at {}", matched.len(), numbers(matched, " ")),
            };
            format!("min {} items required to match contains schema, but {found}", shown(*least))
        }
        Problem::MaxContains(matched, most) => {
            let found = format!("matched {} items at {}", matched.len(), numbers(matched, " "));
            format!("max {} items required to match contains schema, but {found}", shown(*most))
        }
        Problem::Not => "'not' failed".to_owned(),
        Problem::AllOf => "'allOf' failed".to_owned(),
        Problem::AnyOf => "'anyOf' failed".to_owned(),
        Problem::OneOf(matched) if matched.is_empty() => "'oneOf' failed, none matched".to_owned(),
        Problem::OneOf(matched) => format!("'oneOf' failed, subschemas {} matched", numbers(matched, ", ")),
        Problem::Steps(most) => format!("the check takes more than {most} steps"),
        Problem::Cycle(second, first, address) => {
            let address = data::quoted(address);
            format!("both {second} and {first} resolve to {address} causing reference cycle")
        }
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

/// Text in single quotes, with Go's escapes. A backslash at its end is not doubled there.
pub(super) fn quoted(text: &str) -> String {
    let quoted = data::quoted(text).replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{}'", &quoted[1..quoted.len() - 1])
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
