//! Values as YAML that Go reads back as the same value.
//!
//! The layout is that of `sigs.k8s.io/yaml`, which is go-yaml v2's and Helm's `toYaml`: block style, lists not
//! indented under their key, literal blocks for texts of several lines, quotes for whatever would be read as
//! something else.

pub use super::order::{sorted, sorted_v3};
use super::style::{Analysis, Style, is_printable, is_unicode_break};
use super::{Sink, spaces};
use crate::number;
use crate::value::{Data, Entry, Number, NumberKind, Text, Value};
use mwrender_diagnostic::Pos;

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
    /// Strings as go-yaml writes them also where other readers, or go-yaml itself, read them as something else:
    /// `1e400`, `<<` as a key, line breaks of Unicode.
    pub verbatim: bool,
    /// The layout of go-yaml v3: lists are indented under their key, tabs may stand in literal blocks.
    pub v3: bool,
}

impl YamlStyle {
    /// What `kubectl` writes: keys sorted, folded at 80 columns, canonical numbers.
    pub const GO: YamlStyle = YamlStyle {
        keys: KeyOrder::Go,
        width: Some(80),
        canonical_numbers: true,
        verbatim: false,
        v3: false,
    };

    /// The same to the last byte: what Helm's `toYaml` gives.
    pub const HELM: YamlStyle = YamlStyle { verbatim: true, ..YamlStyle::GO };

    /// What Helm's `toYamlPretty` gives.
    pub const HELM_PRETTY: YamlStyle = YamlStyle { v3: true, width: None, ..YamlStyle::HELM };
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
    sink.enter(value, Pos::NONE);
    let mut writer = Writer::new(style, sink);
    writer.value(value, Place::ROOT);
    writer.sink.leave();
}

/// Where a value stands, which decides whether a list or map begins a new line.
#[derive(Clone, Copy, Debug, PartialEq)]
enum After {
    Nothing,
    /// `key:`
    Key,
    /// `-`, `?` or the `:` after it
    Indicator,
}

/// Where the next value goes.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The column of the entry or item that it belongs to.
    indent: usize,
    after: After,
}

impl Place {
    /// The value that is the document.
    pub const ROOT: Place = Place { indent: 0, after: After::Nothing };
}

/// What is written without others within it.
#[derive(Clone, Copy, Debug)]
pub enum Scalar<'t> {
    /// Text that means itself: `null`, `true`, numbers, `[]` and `{}`.
    Plain(&'t str),
    /// A string, with the places of its lines if they are known.
    String(&'t str, Option<&'t [Pos]>),
    /// The base64 of bytes, with its tag.
    Binary(&'t str),
}

/// Writes YAML piece by piece, for trees of other kinds than [`Value`].
///
/// A value is a [`scalar`](Writer::scalar), or a list or map that is not empty: it is opened, and then each item
/// or entry gives the place of its value.
///
/// ```
/// use mwrender_values::emit::yaml::{Place, Scalar, Writer, YamlStyle};
/// let mut text = String::new();
/// let mut writer = Writer::new(YamlStyle::GO, &mut text);
/// let map = writer.map(Place::ROOT);
/// let place = writer.key("a", map);
/// let list = writer.list(place);
/// let place = writer.item(list);
/// writer.scalar(Scalar::String("1", None), place);
/// assert_eq!(text, "a:\n- \"1\"\n");
/// ```
pub struct Writer<'s, S> {
    style: YamlStyle,
    sink: &'s mut S,
    /// How many characters the line has.
    column: usize,
}

/// The column of the entries or items of a collection.
#[derive(Clone, Copy, Debug)]
pub struct Column(usize);

impl<'s, S: Sink> Writer<'s, S> {
    /// Begins a document.
    pub fn new(style: YamlStyle, sink: &'s mut S) -> Self {
        Writer { style, sink, column: 0 }
    }

    /// Where it writes to.
    pub fn sink(&mut self) -> &mut S {
        self.sink
    }

    /// Begins a map with entries.
    pub fn map(&mut self, place: Place) -> Column {
        match place.after {
            After::Nothing => return Column(place.indent),
            After::Key => self.break_line(),
            After::Indicator => {}
        }
        Column(place.indent + 2)
    }

    /// Begins a list with items.
    pub fn list(&mut self, place: Place) -> Column {
        match place.after {
            After::Nothing => Column(place.indent),
            After::Key => {
                self.break_line();
                Column(place.indent + if self.style.v3 { 2 } else { 0 })
            }
            After::Indicator => Column(place.indent + 2),
        }
    }

    /// Writes the key of an entry, whose value goes to the place.
    pub fn key(&mut self, key: &str, column: Column) -> Place {
        self.tagged_key(key, "", column)
    }

    /// Writes a key that is the base64 of bytes, likewise.
    pub fn binary_key(&mut self, key: &str, column: Column) -> Place {
        self.tagged_key(key, "!!binary ", column)
    }

    fn tagged_key(&mut self, key: &str, tag: &str, Column(indent): Column) -> Place {
        self.pad(indent);
        let analysis = self.analysis(key);
        if analysis.broken || tag.trim_end().len() + key.len() > 128 {
            self.put("? ");
            self.put(tag);
            self.string(key, None, analysis, indent + 2, false);
            self.end_line();
            self.pad(indent);
            self.put(":");
            Place { indent, after: After::Indicator }
        } else {
            self.put(tag);
            self.string(key, None, analysis, indent + 2, true);
            self.put(":");
            Place { indent, after: After::Key }
        }
    }

    /// Begins an item, which goes to the place.
    pub fn item(&mut self, Column(indent): Column) -> Place {
        self.pad(indent);
        self.put("-");
        Place { indent, after: After::Indicator }
    }

    /// Writes a value that is no list or map, or an empty one; further lines of it are indented.
    pub fn scalar(&mut self, scalar: Scalar<'_>, place: Place) {
        if place.after != After::Nothing {
            self.put(" ");
        }
        match scalar {
            Scalar::Plain(text) => self.put(text),
            Scalar::Binary(text) => {
                self.put("!!binary ");
                let analysis = self.analysis(text);
                self.string(text, None, analysis, place.indent + 2, false);
            }
            Scalar::String(text, lines) => {
                let analysis = self.analysis(text);
                self.string(text, lines, analysis, place.indent + 2, false);
            }
        }
        self.end_line();
    }

    fn analysis(&self, text: &str) -> Analysis {
        Analysis::of(text, self.style.verbatim, self.style.v3)
    }

    fn value(&mut self, value: &Value, place: Place) {
        match &value.data {
            Data::Map(map) if !map.is_empty() => {
                let column = self.map(place);
                match self.style.keys {
                    KeyOrder::Source => map.iter().for_each(|(key, entry)| self.entry(key, entry, column)),
                    KeyOrder::Go => {
                        let entries = sorted(map.iter().collect(), |(key, _)| key);
                        for (key, entry) in entries {
                            self.entry(key, entry, column);
                        }
                    }
                }
            }
            Data::List(items) if !items.is_empty() => {
                let column = self.list(place);
                for item in items.iter() {
                    self.sink.enter(item, Pos::NONE);
                    let place = self.item(column);
                    self.value(item, place);
                    self.sink.leave();
                }
            }
            Data::Null => self.scalar(Scalar::Plain("null"), place),
            Data::Bool(b) => self.scalar(Scalar::Plain(if *b { "true" } else { "false" }), place),
            Data::Number(n) => self.scalar(Scalar::Plain(&spell(n, self.style.canonical_numbers)), place),
            Data::String(Text { text, lines }) => {
                self.scalar(Scalar::String(text, lines.as_deref()), place);
            }
            Data::List(_) => self.scalar(Scalar::Plain("[]"), place),
            Data::Map(_) => self.scalar(Scalar::Plain("{}"), place),
        }
    }

    fn entry(&mut self, key: &str, entry: &Entry, column: Column) {
        self.sink.enter(&entry.value, entry.key_origin);
        let place = self.key(key, column);
        self.value(&entry.value, place);
        self.sink.leave();
    }

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

    fn string(
        &mut self,
        text: &str,
        lines: Option<&[Pos]>,
        analysis: Analysis,
        indent: usize,
        simple_key: bool,
    ) {
        let width = self.style.width.filter(|_| !simple_key);
        let broken = self.style.verbatim && analysis.broken;
        match analysis.style(text, simple_key, self.style.verbatim) {
            Style::Plain => self.folded(text, indent, width, false),
            Style::Single if broken && text.contains(is_unicode_break) => self.broken(text, indent, width),
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

    /// A single-quoted string with line breaks of Unicode, which are followed by indentation.
    fn broken(&mut self, text: &str, indent: usize, width: Option<usize>) {
        let width = width.unwrap_or(usize::MAX);
        self.put("'");
        let (mut spaces, mut breaks) = (false, false);
        for (at, c) in text.char_indices() {
            let part = &text[at..at + c.len_utf8()];
            if c == ' ' {
                let rest = &text[at + 1..];
                if !spaces && self.column > width && at > 0 && !rest.is_empty() && !rest.starts_with(' ') {
                    self.break_line();
                    self.pad(indent);
                } else {
                    self.put(part);
                }
                spaces = true;
            } else if is_unicode_break(c) {
                self.sink.text(part);
                self.column = 0;
                breaks = true;
            } else {
                if breaks {
                    self.pad(indent);
                }
                self.put(if c == '\'' { "''" } else { part });
                (spaces, breaks) = (false, false);
            }
        }
        self.put("'");
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
        let verbatim = self.style.verbatim;
        let is_break = |c: char| c == '\n' || verbatim && is_unicode_break(c);
        self.put("|");
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.put("2");
        }
        match text.strip_suffix(is_break) {
            None => self.put("-"),
            Some(rest) if rest.is_empty() || rest.ends_with(is_break) => self.put("+"),
            Some(_) => {}
        }
        self.break_line();
        let mut starts = lines.unwrap_or_default().iter();
        for line in text.split_inclusive('\n') {
            if let Some(origin) = starts.next() {
                self.sink.line(*origin);
            }
            for line in line.split_inclusive(|c| verbatim && is_unicode_break(c)) {
                self.column = 0;
                if !line.starts_with(is_break) {
                    self.pad(indent);
                }
                self.sink.text(line);
                self.column = if line.ends_with(is_break) { 0 } else { indent + 1 };
            }
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
