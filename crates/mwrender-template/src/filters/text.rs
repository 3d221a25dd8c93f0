//! Filters over texts.

use super::scalar_text;
use minijinja::{Environment, Error, ErrorKind, Value};

pub(super) fn add(env: &mut Environment<'static>) {
    env.add_filter("indent", indent);
    env.add_filter("nindent", nindent);
    env.add_filter("trim", trim);
    env.add_filter("quote", quote);
    env.add_filter("trunc", |text: &str, length: usize| text.chars().take(length).collect::<String>());
    env.add_filter("pad2", pad2);
    env.add_filter("dns_label", dns_label);
    env.add_filter("regex_escape", regex_escape);
}

/// Indents all lines but the first. Blank lines stay blank, as literal blocks need no spaces on them.
fn indent(text: &str, width: usize) -> String {
    indented(text, width, false)
}

/// Starts a new line and indents all lines.
fn nindent(text: &str, width: usize) -> String {
    indented(text, width, true)
}

fn indented(text: &str, width: usize, first: bool) -> String {
    let margin = " ".repeat(width);
    let mut out = String::with_capacity(text.len() + text.len() / 8 + width + 1);
    if first {
        out.push('\n');
    }
    for (i, line) in text.split('\n').enumerate() {
        if i > 0 {
            out.push('\n');
        }
        if (first || i > 0) && !line.is_empty() {
            out.push_str(&margin);
        }
        out.push_str(line);
    }
    out
}

/// Removes white space at both ends.
fn trim(text: &str) -> String {
    text.trim().to_string()
}

/// The scalar as a double-quoted string that YAML and JSON both read back.
fn quote(value: &Value) -> Result<String, Error> {
    let text = scalar_text(value).ok_or_else(|| {
        Error::new(ErrorKind::InvalidOperation, format!("`quote` takes a scalar, not a {}", value.kind()))
    })?;
    Ok(serde_json::Value::String(text).to_string())
}

/// A number with at least two digits, as `NN-name.conf` needs.
fn pad2(number: u32) -> String {
    format!("{number:02}")
}

/// A name that a Kubernetes DNS label can have (RFC 1123): lower-case letters, digits and `-`, at most 63.
fn dns_label(text: &str) -> String {
    let mapped: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(63)
        .collect();
    mapped.trim_matches('-').to_string()
}

/// The text as a regular expression (PCRE, RE2) that matches just it.
fn regex_escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if r".+*?()|[]{}^$\".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout() {
        assert_eq!(indent("a\n\nb", 2), "a\n\n  b");
        assert_eq!(nindent("a\nb", 2), "\n  a\n  b");
        assert_eq!(quote(&Value::from("a\"\n")).ok().as_deref(), Some(r#""a\"\n""#));
        assert_eq!(quote(&Value::from(true)).ok().as_deref(), Some("\"true\""));
        assert!(quote(&Value::from(vec![1])).is_err());
    }

    #[test]
    fn names() {
        assert_eq!(pad2(3), "03");
        assert_eq!(dns_label("Flagged Revs_1.x-"), "flagged-revs-1-x");
        assert_eq!(regex_escape("a.b*"), r"a\.b\*");
    }
}
