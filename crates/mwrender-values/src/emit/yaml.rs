//! Values as YAML that Go reads back as the same value.
//!
//! The layout is that of `sigs.k8s.io/yaml`, which is go-yaml v2's and Helm's `toYaml`: block style, lists not
//! indented under their key, literal blocks for texts of several lines, quotes for whatever would be read as
//! something else.

use super::order::sorted;
use super::style::{Analysis, Style, is_printable};
use super::{Sink, spaces};
use crate::number;
use crate::value::{Data, Entry, Map, Number, NumberKind, Text, Value};
use mwrender_diagnostic::Pos;
use std::sync::Arc;

/// The order of keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyOrder {
    /// As the map has them.
    #[default]
    Source,
    /// As go-yaml sorts them: `a9` before `a10`, letters after other characters.
    Go,
}

/// How YAML is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YamlStyle {
    /// The order of keys.
    pub keys: KeyOrder,
    /// The column after which strings are folded at a space; Helm has 80.
    pub width: Option<usize>,
    /// Numbers as `sigs.k8s.io/yaml` writes them (`1e+20`, `0.1`) instead of as they were written (`0.10`).
    pub canonical_numbers: bool,
}

impl YamlStyle {
    /// What Helm's `toYaml` and `kubectl` write: keys sorted, folded at 80 columns, canonical numbers.
    pub const GO: YamlStyle = YamlStyle { keys: KeyOrder::Go, width: Some(80), canonical_numbers: true };
}

/// The YAML of a value, with a line break at the end.
///
/// ```
/// use mwrender_values::emit::yaml::{YamlStyle, to_string};
/// let value = mwrender_values::read::read("{b: 'yes', a: [0.10, \"x\\ny\"]}", Default::default());
/// let text = to_string(&value.unwrap().into_value(), YamlStyle::default());
/// assert_eq!(text, "b: \"yes\"\na:\n- 0.10\n- |-\n  x\n  y\n");
/// ```
pub fn to_string(value: &Value, style: YamlStyle) -> String {
    let mut out = String::new();
    write(value, style, &mut out);
    out
}

/// Writes a value, with a line break at the end.
///
/// Each entry of a map and each item of a list is entered before its indentation and left after its last line
/// break, so that every line is within the value it is about.
pub fn write(value: &Value, style: YamlStyle, sink: &mut impl Sink) {
    let mut writer = Writer { style, sink, column: 0 };
    writer.sink.enter(value, Pos::NONE);
    match &value.data {
        Data::Map(map) if !map.is_empty() => writer.map(map, 0),
        Data::List(items) if !items.is_empty() => writer.list(items, 0),
        _ => {
            writer.scalar(value, 2);
            writer.end_line();
        }
    }
    writer.sink.leave();
}

/// Where a value stands, which decides whether a list or map begins a new line.
#[derive(Clone, Copy, PartialEq)]
enum After {
    /// `key:`
    Key,
    /// `-`, `?` or the `:` after it
    Indicator,
}

struct Writer<'s, S> {
    style: YamlStyle,
    sink: &'s mut S,
    /// How many characters the line has.
    column: usize,
}

impl<S: Sink> Writer<'_, S> {
    /// Writes some text without a line break.
    fn put(&mut self, text: &str) {
        self.sink.text(text);
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    fn pad(&mut self, column: usize) {
        if column > self.column {
            spaces(self.sink, column - self.column);
            self.column = column;
        }
    }

    fn break_line(&mut self) {
        self.sink.text("\n");
        self.column = 0;
    }

    /// Ends the line, unless a block scalar already did.
    fn end_line(&mut self) {
        if self.column > 0 {
            self.break_line();
        }
    }

    fn map(&mut self, map: &Map, indent: usize) {
        match self.style.keys {
            KeyOrder::Source => map.iter().for_each(|(key, entry)| self.entry(key, entry, indent)),
            KeyOrder::Go => sorted(map).into_iter().for_each(|(key, entry)| self.entry(key, entry, indent)),
        }
    }

    fn entry(&mut self, key: &Arc<str>, entry: &Entry, indent: usize) {
        self.sink.enter(&entry.value, entry.key_origin);
        self.pad(indent);
        let analysis = Analysis::of(key);
        if analysis.broken || key.len() > 128 {
            self.put("? ");
            self.string(key, None, analysis, indent + 2, false);
            self.end_line();
            self.pad(indent);
            self.put(":");
            self.value(&entry.value, indent, After::Indicator);
        } else {
            self.string(key, None, analysis, indent + 2, true);
            self.put(":");
            self.value(&entry.value, indent, After::Key);
        }
        self.sink.leave();
    }

    fn list(&mut self, items: &[Value], indent: usize) {
        for item in items {
            self.sink.enter(item, Pos::NONE);
            self.pad(indent);
            self.put("-");
            self.value(item, indent, After::Indicator);
            self.sink.leave();
        }
    }

    /// Writes what follows a key or indicator that is indented by `indent`, to the end of the line.
    fn value(&mut self, value: &Value, indent: usize, after: After) {
        match &value.data {
            Data::Map(map) if !map.is_empty() => {
                if after == After::Key {
                    self.break_line();
                }
                self.map(map, indent + 2);
            }
            Data::List(items) if !items.is_empty() => {
                if after == After::Key {
                    self.break_line();
                    self.list(items, indent);
                } else {
                    self.list(items, indent + 2);
                }
            }
            _ => {
                self.put(" ");
                self.scalar(value, indent + 2);
                self.end_line();
            }
        }
    }

    /// Writes a value that is no list or map, or an empty one; further lines of it are indented.
    fn scalar(&mut self, value: &Value, indent: usize) {
        match &value.data {
            Data::Null => self.put("null"),
            Data::Bool(true) => self.put("true"),
            Data::Bool(false) => self.put("false"),
            Data::Number(n) => self.put(&spell(n, self.style.canonical_numbers)),
            Data::String(Text { text, lines }) => {
                self.string(text, lines.as_deref(), Analysis::of(text), indent, false);
            }
            Data::List(_) => self.put("[]"),
            Data::Map(_) => self.put("{}"),
        }
    }

    fn string(
        &mut self,
        text: &str,
        lines: Option<&[Pos]>,
        analysis: Analysis,
        indent: usize,
        simple_key: bool,
    ) {
        let width = self.style.width.filter(|_| !simple_key);
        match analysis.style(text, simple_key) {
            Style::Plain => self.folded(text, indent, width, false),
            Style::Single => {
                self.put("'");
                self.folded(text, indent, width, true);
                self.put("'");
            }
            Style::Double => self.double(text, lines, indent, width),
            Style::Literal => self.literal(text, lines, indent),
        }
    }

    /// A plain or single-quoted string: one line, folded at single spaces.
    fn folded(&mut self, text: &str, indent: usize, width: Option<usize>, quoted: bool) {
        let fits = width.is_none_or(|width| self.column + text.len() <= width);
        if fits && !(quoted && text.contains('\'')) {
            return self.put(text);
        }
        let width = width.unwrap_or(usize::MAX);
        let bytes = text.as_bytes();
        // what is before `from` is written; a line may be broken at a space with no space on either side
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'\'' if quoted => {
                    self.put(&text[from..=at]);
                    from = at;
                }
                b' ' if at > 0 && at + 1 < bytes.len() && bytes[at - 1] != b' ' && bytes[at + 1] != b' ' => {
                    self.put(&text[from..at]);
                    from = at;
                    if self.column > width {
                        self.break_line();
                        self.pad(indent);
                        from += 1;
                    }
                }
                _ => {}
            }
        }
        self.put(&text[from..]);
    }

    /// A double-quoted string: escapes, and line breaks before words.
    fn double(&mut self, text: &str, lines: Option<&[Pos]>, indent: usize, width: Option<usize>) {
        self.put("\"");
        let mut starts = lines.unwrap_or_default().iter();
        starts.next().into_iter().for_each(|origin| self.sink.line(*origin));
        let width = width.unwrap_or(usize::MAX);
        // go-yaml escapes all of a text that begins with a byte order mark
        let escape_all = text.starts_with('\u{FEFF}');
        let mut from = 0;
        let mut previous_space = false;
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            if c == ' ' && !escape_all {
                if !previous_space && at > 0 && end < text.len() {
                    self.put(&text[from..at]);
                    from = at;
                    if self.column > width {
                        self.break_line();
                        self.pad(indent);
                        if text[end..].starts_with(' ') {
                            self.put("\\");
                        }
                        from = end;
                    }
                }
                previous_space = true;
                continue;
            }
            previous_space = false;
            if escape_all || matches!(c, '"' | '\\' | '\n') || !is_printable(c) {
                self.put(&text[from..at]);
                self.escape(c);
                from = end;
                if c == '\n' {
                    starts.next().into_iter().for_each(|origin| self.sink.line(*origin));
                }
            }
        }
        self.put(&text[from..]);
        self.put("\"");
    }

    fn escape(&mut self, c: char) {
        let code = u32::from(c);
        let written = match c {
            '\0' => "\\0",
            '\x07' => "\\a",
            '\x08' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\x0B' => "\\v",
            '\x0C' => "\\f",
            '\r' => "\\r",
            '\x1B' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{A0}' => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ if code <= 0xFF => return self.put(&format!("\\x{code:02X}")),
            _ if code <= 0xFFFF => return self.put(&format!("\\u{code:04X}")),
            _ => return self.put(&format!("\\U{code:08X}")),
        };
        self.put(written);
    }

    /// A literal block.
    fn literal(&mut self, text: &str, lines: Option<&[Pos]>, indent: usize) {
        self.put("|");
        if text.starts_with([' ', '\n']) {
            self.put("2");
        }
        if !text.ends_with('\n') {
            self.put("-");
        } else if text == "\n" || text.ends_with("\n\n") {
            self.put("+");
        }
        self.break_line();
        let mut starts = lines.unwrap_or_default().iter();
        for line in text.split_inclusive('\n') {
            if let Some(origin) = starts.next() {
                self.sink.line(*origin);
            }
            if line != "\n" {
                self.pad(indent);
            }
            self.sink.text(line);
            self.column = if line.ends_with('\n') { 0 } else { indent + 1 };
        }
    }
}

/// A number: as it was written if every reader of YAML takes that for the same number, else as Go writes it.
fn spell(number: &Number, canonical: bool) -> String {
    if !canonical && number::is_json(&number.spelling) {
        return number.spelling.to_string();
    }
    match number.kind {
        NumberKind::Int(i) => i.to_string(),
        NumberKind::Uint(u) => u.to_string(),
        NumberKind::Float(f) => number::go_yaml(f),
    }
}
