//! Values and bytes in the words in which Go tells of them.

use super::read;
use crate::value::{Data, NumberKind, Value};
use mwrender_diagnostic::{Diagnostic, Pos};
use std::fmt::Write;

/// What go-yaml says of a text that asks for another version of YAML than 1.1.
pub(super) fn version(text: &str) -> Option<String> {
    let mut head =
        text.lines().enumerate().take_while(|(_, line)| line.is_empty() || line.starts_with(['#', '%']));
    let (line, version) = head.find_map(|(n, line)| Some((n, line.strip_prefix("%YAML ")?)))?;
    let version = version.split_whitespace().next()?;
    // others are no versions at all
    let other = version != "1.1"
        && version.split('.').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let place = if line == 0 { String::new() } else { format!("line {line}: ") };
    other.then(|| format!("yaml: {place}found incompatible YAML document"))
}

/// What Helm says of keys that cannot be: `invalid map key: map[interface {}]interface {}{}` for a list or map in
/// brackets.
///
/// Templates that were not rendered are such keys: `{{ .Values.name }}` is a map in a map.
pub(super) fn bad_key(text: &str, base: Pos, fault: &Diagnostic) -> Option<String> {
    let span = fault.primary_span().filter(|_| fault.id == "yaml-key")?;
    let key = text.get(span.start.raw().checked_sub(base.raw())? as usize..)?;
    if fault.headline.starts_with("null ") {
        return Some(null_key(key));
    }
    let end = end_of_flow(key)?;
    let value = read(&key[..end], Pos::NONE).ok()?.into_value();
    let mut words = "yaml: invalid map key: ".to_owned();
    go_syntax(&value, &mut words);
    Some(words)
}

/// What Helm says of null as a key, with the value if that is on the same line.
fn null_key(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let value = line.split_once(": ").and_then(|(_, value)| read(value, Pos::NONE).ok());
    let value = value.map(super::Read::into_value).filter(|value| !matches!(value.data, Data::Null));
    let mut words = "unsupported map key of type: %!s(<nil>), key: <nil>, value: ".to_owned();
    match value {
        Some(value) => go_syntax(&value, &mut words),
        None => words.push_str("<nil>"),
    }
    words
}

/// Where the list or map in brackets ends that a text begins with.
fn end_of_flow(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match (quote, c) {
            (Some('"'), '\\') => drop(characters.next()),
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            _ => {}
        }
        if depth == 0 && quote.is_none() {
            return (at > 0).then_some(at + 1);
        }
    }
    None
}

/// A value as `%#v` of Go's `fmt` writes what go-yaml made of it.
fn go_syntax(value: &Value, out: &mut String) {
    let result = match &value.data {
        Data::Null => out.write_str("interface {}(nil)"),
        Data::Bool(b) => write!(out, "{b}"),
        Data::Number(number) => match number.kind {
            NumberKind::Int(i) => write!(out, "{i}"),
            NumberKind::Uint(u) => write!(out, "{u:#x}"),
            NumberKind::Float(f) => out.write_str(&crate::number::go_g(f)),
        },
        Data::String(text) => write!(out, "{:?}", text.text),
        Data::List(items) => {
            out.push_str("[]interface {}{");
            for (number, item) in items.iter().enumerate() {
                out.push_str(if number == 0 { "" } else { ", " });
                go_syntax(item, out);
            }
            out.write_str("}")
        }
        Data::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push_str("map[interface {}]interface {}{");
            for (number, (key, entry)) in entries.into_iter().enumerate() {
                let _ = write!(out, "{}{key:?}:", if number == 0 { "" } else { ", " });
                go_syntax(&entry.value, out);
            }
            out.write_str("}")
        }
    };
    // texts take what is written to them
    debug_assert!(result.is_ok(), "a text that cannot be written to");
}

/// What is wrong with bytes that are no UTF-8, as go-yaml's reader tells it.
pub(super) fn octets(bytes: &[u8]) -> &'static str {
    let Some(first) = bytes.first() else { return "invalid leading UTF-8 octet" };
    let width = match first {
        0x00..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => return "invalid leading UTF-8 octet",
    };
    let Some(octets) = bytes.get(..width) else { return "incomplete UTF-8 octet sequence" };
    if octets[1..].iter().any(|octet| octet & 0xc0 != 0x80) {
        return "invalid trailing UTF-8 octet";
    }
    let bits = u32::from(first & (0xff >> (width + 1)));
    let code = octets[1..].iter().fold(bits, |code, octet| code << 6 | u32::from(octet & 0x3f));
    match (width, code) {
        (2, 0..0x80) | (3, 0..0x800) | (4, 0..0x1_0000) => "invalid length of a UTF-8 sequence",
        _ => "invalid Unicode character",
    }
}

#[cfg(test)]
mod tests {
    use super::octets;
    use crate::read::read_as_go;
    use mwrender_diagnostic::Pos;

    #[test]
    fn keys_are_told_as_go_has_them() {
        let told = |text| read_as_go(text, Pos::from_raw(1)).unwrap_err();
        let map = "yaml: invalid map key: map[interface {}]interface {}";
        assert_eq!(told("a: {{ .b }}\n"), format!("{map}{{\".b\":interface {{}}(nil)}}"));
        assert_eq!(told("[a, '}', 1.5]: c\n"), "yaml: invalid map key: []interface {}{\"a\", \"}\", 1.5}");
    }

    #[test]
    fn null_is_no_key() {
        let told = |text| read_as_go(text, Pos::from_raw(1)).unwrap_err();
        let head = "unsupported map key of type: %!s(<nil>), key: <nil>, value: ";
        assert_eq!(told("~: a\n"), format!("{head}\"a\""));
        assert_eq!(told("?"), format!("{head}<nil>"));
    }

    #[test]
    fn versions_other_than_1_1_are_refused() {
        let told = |text| read_as_go(text, Pos::from_raw(1)).err();
        assert_eq!(told("%YAML 1.1\n---\na: 1\n"), None);
        let error = "yaml: line 1: found incompatible YAML document";
        assert_eq!(told("# a\n%YAML 1.2\n---\na: 1\n").as_deref(), Some(error));
    }

    #[test]
    fn bytes_are_told_as_go_has_them() {
        assert_eq!(octets(b"\xff"), "invalid leading UTF-8 octet");
        assert_eq!(octets(b"\xf0\x9f"), "incomplete UTF-8 octet sequence");
        assert_eq!(octets(b"\xc3\\x"), "invalid trailing UTF-8 octet");
        assert_eq!(octets(b"\xc0\x80"), "invalid length of a UTF-8 sequence");
        assert_eq!(octets(b"\xed\xa0\x80"), "invalid Unicode character");
    }
}
