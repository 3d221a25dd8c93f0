//! Keys that cannot be, in the words in which Go tells of them.

use crate::read::events::{Event, Style};
use crate::read::resolve::{Resolved, Tagged, resolve, resolve_tagged};
use crate::value::NumberKind;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::ops::Range;

type Events<'t> = [(Event<'t>, Range<usize>)];

/// So long an error may become: aliases could make it longer than memory.
const LONGEST: usize = 1 << 20;

/// What go-yaml says of a list or map as a key, of which the last event has a number: `invalid map key: map[interface
/// {}]interface {}{"a":1}`.
///
/// Templates that were not rendered are such keys: `{{ .Values.name }}` is a map in a map.
pub(super) fn collection(events: &Events<'_>, last: usize) -> String {
    let mut depth = 0;
    let start = (0..=last).rev().find(|at| {
        match events[*at].0 {
            Event::ListEnd | Event::MapEnd => depth += 1,
            Event::ListStart { .. } | Event::MapStart { .. } => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let mut words = "yaml: invalid map key: ".to_owned();
    Writer { events, anchors: &anchors(events), out: &mut words }.value(start.unwrap_or(last));
    words
}

/// A key as Go writes it, and whether `sigs.k8s.io/yaml` refuses it: null, or a number beyond 64 bits with a sign.
pub(super) fn written(events: &Events<'_>, anchors: &HashMap<usize, usize>, key: usize) -> (String, bool) {
    let mut name = String::new();
    Writer { events, anchors, out: &mut name }.value(key);
    let is_refused = name == NIL || name.starts_with("0x");
    (name, is_refused)
}

/// What `sigs.k8s.io/yaml` says of the key that is an event: null, or a number beyond 64 bits with a sign.
pub(super) fn unsupported(events: &Events<'_>, key: usize) -> String {
    let mut name = String::new();
    let value = Writer { events, anchors: &anchors(events), out: &mut name }.value(key);
    let (kind, name) = if name == NIL { ("%!s(<nil>)", "<nil>") } else { ("uint64", name.as_str()) };
    let mut words = format!("unsupported map key of type: {kind}, key: {name}, value: ");
    let head = words.len();
    Writer { events, anchors: &anchors(events), out: &mut words }.value(value);
    if &words[head..] == NIL {
        words.replace_range(head.., "<nil>");
    }
    words
}

/// The entries of a map in the order in which Go prints them, each with its key and value as they are written.
type Entries = BTreeMap<Order, (String, String)>;

/// Keys in the order of Go's types for them, and of one type by what they are.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    Null,
    Text(Vec<u8>),
    Uint(u64),
    Int(i64),
    /// One of many, since none is equal to another.
    NotANumber(usize),
    /// What [`f64::total_cmp`] compares.
    Float(i64),
    Bool(bool),
}

impl Order {
    /// The place of a key that comes after so many others.
    fn of(key: Tagged, text: &str, others: usize) -> Order {
        match key {
            Tagged::As(Resolved::Null) => Order::Null,
            Tagged::As(Resolved::String) => Order::Text(text.as_bytes().to_vec()),
            Tagged::Binary(text) => Order::Text(text),
            Tagged::As(Resolved::Bool(value)) => Order::Bool(value),
            Tagged::As(Resolved::Number(NumberKind::Uint(value))) => Order::Uint(value),
            Tagged::As(Resolved::Number(NumberKind::Int(value))) => Order::Int(value),
            Tagged::As(Resolved::Number(NumberKind::Float(value))) if value.is_nan() => {
                Order::NotANumber(others)
            }
            Tagged::As(Resolved::Number(NumberKind::Float(value))) => {
                // both zeros are one key
                let bits = (value + 0.0).to_bits().cast_signed();
                Order::Float(if bits < 0 { bits ^ i64::MAX } else { bits })
            }
        }
    }
}

const NIL: &str = "interface {}(nil)";

/// The events of each item, or of each key and value, of a collection.
pub(super) fn children(events: &Events<'_>, node: usize) -> Vec<Range<usize>> {
    let mut children = Vec::new();
    if !matches!(events[node].0, Event::ListStart { .. } | Event::MapStart { .. }) {
        return children;
    }
    let mut at = node + 1;
    while at < events.len() && !matches!(events[at].0, Event::ListEnd | Event::MapEnd) {
        let end = end(events, at);
        children.push(at..end);
        at = end;
    }
    children
}

/// The event behind a node.
pub(super) fn end(events: &Events<'_>, at: usize) -> usize {
    let mut depth = 0;
    let ends = |(event, _): &(Event<'_>, Range<usize>)| {
        match event {
            Event::ListStart { .. } | Event::MapStart { .. } => depth += 1,
            Event::ListEnd | Event::MapEnd => depth -= 1,
            _ => {}
        }
        depth == 0
    };
    events[at..].iter().position(ends).map_or(events.len(), |n| at + n + 1)
}

/// Where the nodes with anchors begin.
pub(super) fn anchors(events: &Events<'_>) -> HashMap<usize, usize> {
    let named = |(at, (event, _)): (usize, &(Event<'_>, Range<usize>))| match event {
        Event::Scalar { anchor, .. } | Event::ListStart { anchor, .. } | Event::MapStart { anchor, .. } => {
            Some((*anchor, at))
        }
        _ => None,
    };
    events.iter().enumerate().filter_map(named).collect()
}

/// What a scalar is.
fn resolved(text: &str, style: Style, tag: Option<&str>) -> Tagged {
    match tag {
        None if style == Style::Plain => Tagged::As(resolve(text)),
        None => Tagged::As(Resolved::String),
        // it was read, so the tag fits
        Some(tag) => resolve_tagged(tag, text).unwrap_or(Tagged::As(Resolved::String)),
    }
}

/// Values as `%#v` of Go's `fmt` writes what go-yaml makes of them.
struct Writer<'w, 't> {
    events: &'w Events<'t>,
    /// The events that begin the nodes with anchors.
    anchors: &'w HashMap<usize, usize>,
    out: &'w mut String,
}

impl Writer<'_, '_> {
    /// Writes the node that begins with an event, and gives the number of the one after it.
    fn value(&mut self, at: usize) -> usize {
        let Some((event, _)) = self.events.get(at).filter(|_| self.out.len() < LONGEST) else {
            return at + 1;
        };
        match event {
            Event::Scalar { text, style, tag, .. } => {
                self.scalar(text, *style, tag.as_deref());
                at + 1
            }
            Event::ListStart { .. } => {
                self.out.push_str("[]interface {}{");
                let mut at = at + 1;
                let mut is_first = true;
                while !matches!(self.events.get(at), None | Some((Event::ListEnd, _))) {
                    if !is_first {
                        self.out.push_str(", ");
                    }
                    is_first = false;
                    at = self.value(at);
                }
                self.out.push('}');
                at + 1
            }
            Event::MapStart { .. } => self.map(at + 1),
            Event::Alias { anchor } => {
                if let Some(target) = self.anchors.get(anchor).copied().filter(|target| *target < at) {
                    self.value(target);
                }
                at + 1
            }
            Event::ListEnd | Event::MapEnd | Event::DocumentStart => at + 1,
        }
    }

    /// Where a key comes that is behind so many others.
    fn order(&self, at: usize, others: usize) -> Order {
        match self.events.get(at).map(|(event, _)| event) {
            Some(Event::Scalar { text, style, tag, .. }) => {
                Order::of(resolved(text, *style, tag.as_deref()), text, others)
            }
            Some(Event::Alias { anchor }) => match self.anchors.get(anchor) {
                Some(target) if *target < at => self.order(*target, others),
                _ => Order::Null,
            },
            _ => Order::Null,
        }
    }

    /// Adds what `<<` merges.
    fn merge(&mut self, at: usize, entries: &mut Entries) {
        match self.events.get(at) {
            Some((Event::MapStart { .. }, _)) => drop(self.entries(at + 1, entries)),
            Some((Event::ListStart { .. }, _)) => {
                for item in children(self.events, at).into_iter().rev() {
                    self.merge(item.start, entries);
                }
            }
            Some((Event::Alias { anchor }, _)) => {
                if let Some(target) = self.anchors.get(anchor).copied().filter(|target| *target < at) {
                    self.merge(target, entries);
                }
            }
            _ => {}
        }
    }

    /// Collects a map by its keys, and gives the event of its end.
    fn entries(&mut self, mut at: usize, entries: &mut Entries) -> usize {
        while !matches!(self.events.get(at), None | Some((Event::MapEnd, _))) {
            let (mut key, mut value) = (String::new(), String::new());
            if matches!(&self.events[at].0, Event::Scalar { text, style: Style::Plain, tag: None, .. } if text == "<<")
            {
                self.merge(at + 1, entries);
                at = end(self.events, at + 1);
                continue;
            }
            let after_key = Writer { events: self.events, anchors: self.anchors, out: &mut key }.value(at);
            let after =
                Writer { events: self.events, anchors: self.anchors, out: &mut value }.value(after_key);
            let order = self.order(at, entries.len());
            entries.insert(order, (key, value));
            at = after;
        }
        at
    }

    /// Writes a map sorted as Go prints them.
    fn map(&mut self, at: usize) -> usize {
        let mut entries = Entries::new();
        let at = self.entries(at, &mut entries);
        self.out.push_str("map[interface {}]interface {}{");
        for (number, (_, (key, value))) in entries.iter().enumerate() {
            let _ = write!(self.out, "{}{key}:{value}", if number == 0 { "" } else { ", " });
        }
        self.out.push('}');
        at + 1
    }

    /// Writes a text in quotes, as Go does; bytes that are no text by their numbers.
    fn quoted(&mut self, bytes: &[u8]) -> std::fmt::Result {
        self.out.push('"');
        for chunk in bytes.utf8_chunks() {
            self.escaped(chunk.valid())?;
            for byte in chunk.invalid() {
                write!(self.out, "\\x{byte:02x}")?;
            }
        }
        self.out.push('"');
        Ok(())
    }

    fn escaped(&mut self, text: &str) -> std::fmt::Result {
        for c in text.chars() {
            // behind a letter, what belongs to the letter is printed as it is
            let behind_letter = String::from_iter(['a', c]);
            let is_printed = c == ' ' || behind_letter.escape_debug().any(|escaped| escaped == c);
            match c {
                '"' | '\\' => write!(self.out, "\\{c}")?,
                '\u{7}' => self.out.push_str("\\a"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{B}' => self.out.push_str("\\v"),
                '\u{C}' => self.out.push_str("\\f"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                c if is_printed => self.out.push(c),
                '\0'..='\u{7F}' => write!(self.out, "\\x{:02x}", u32::from(c))?,
                '\u{80}'..='\u{FFFF}' => write!(self.out, "\\u{:04x}", u32::from(c))?,
                c => write!(self.out, "\\U{:08x}", u32::from(c))?,
            }
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, style: Style, tag: Option<&str>) {
        let result = match resolved(text, style, tag) {
            Tagged::As(Resolved::Null) => self.out.write_str(NIL),
            Tagged::As(Resolved::Bool(b)) => write!(self.out, "{b}"),
            Tagged::As(Resolved::Number(NumberKind::Int(i))) => write!(self.out, "{i}"),
            Tagged::As(Resolved::Number(NumberKind::Uint(u))) => write!(self.out, "{u:#x}"),
            Tagged::As(Resolved::Number(NumberKind::Float(f))) => match f {
                f if f.is_nan() => self.out.write_str("NaN"),
                f if f.is_infinite() => self.out.write_str(if f > 0.0 { "+Inf" } else { "-Inf" }),
                f => self.out.write_str(&crate::number::go_g(f)),
            },
            Tagged::As(Resolved::String) => self.quoted(text.as_bytes()),
            Tagged::Binary(bytes) => self.quoted(&bytes),
        };
        // texts take what is written to them
        debug_assert!(result.is_ok(), "a text that cannot be written to");
    }
}

#[cfg(test)]
mod tests {
    use crate::read::read_as_go;
    use mwrender_diagnostic::Pos;

    fn told(text: &str) -> String {
        read_as_go(text, Pos::from_raw(1)).unwrap_err()
    }

    #[test]
    fn keys_are_told_as_go_has_them() {
        let map = "yaml: invalid map key: map[interface {}]interface {}";
        assert_eq!(told("a: {{ .b }}\n"), format!("{map}{{\".b\":interface {{}}(nil)}}"));
        assert_eq!(told("[a, '}', 1.5]: c\n"), "yaml: invalid map key: []interface {}{\"a\", \"}\", 1.5}");
        assert_eq!(
            told("? - a\n  - &b {1: c}\n  - *b\n"),
            format!(
                "yaml: invalid map key: []interface {{}}{{\"a\", {0}{{1:\"c\"}}, {0}{{1:\"c\"}}}}",
                "map[interface {}]interface {}"
            )
        );
    }

    #[test]
    fn maps_are_in_the_order_of_their_keys() {
        let map = "yaml: invalid map key: map[interface {}]interface {}";
        assert_eq!(told("? {10: a, 9: b, -1: c}\n"), format!("{map}{{-1:\"c\", 9:\"b\", 10:\"a\"}}"));
        assert_eq!(
            told("? {true: a, 1.5: b, .inf: c, 1: d, x: e, !!float 1: f, .nan: g, 9223372036854775808: h}\n"),
            format!(
                "{map}{{\"x\":\"e\", 0x8000000000000000:\"h\", 1:\"d\", NaN:\"g\", 1:\"f\", 1.5:\"b\", +Inf:\"c\", true:\"a\"}}"
            )
        );
        assert_eq!(told("? {.nan: 1, 0.0: 2, -0.0: 3, .nan: 4}\n"), format!("{map}{{NaN:1, NaN:4, -0:3}}"));
        assert_eq!(told("? {c: 1, !!binary aGk=: 2}\n"), format!("{map}{{\"c\":1, \"hi\":2}}"));
        assert_eq!(
            told("? {!!binary aGkn: 1, !!binary /w==: 2}\n"),
            format!("{map}{{\"hi'\":1, \"\\xff\":2}}")
        );
        // by what they are, not by how they are written
        assert_eq!(told("? {\"\\u00a0\": 1, b: 2}\n"), format!("{map}{{\"b\":2, \"\\u00a0\":1}}"));
    }

    #[test]
    fn null_is_no_key() {
        let head = "unsupported map key of type: %!s(<nil>), key: <nil>, value: ";
        assert_eq!(told("~: a\n"), format!("{head}\"a\""));
        assert_eq!(told("?"), format!("{head}<nil>"));
        assert_eq!(told("~:\n- 1\n"), format!("{head}[]interface {{}}{{1}}"));
        // what decoding finds comes before it
        assert_eq!(told("~: a\nb: !!int c\n"), "yaml: cannot decode !!str `c` as a !!int");
    }

    #[test]
    fn versions_other_than_1_1_are_refused() {
        assert!(read_as_go("%YAML 1.1\n---\na: 1\n", Pos::from_raw(1)).is_ok());
        assert_eq!(told("# a\n%YAML 1.2\n---\na: 1\n"), "yaml: line 1: found incompatible YAML document");
    }
}
