//! A fast reader for the YAML that machines write and most people too.
//!
//! Block maps and lists, plain, quoted and literal scalars, short `[a, b]`, documents: that is nearly all
//! there is, and the general parser takes 500 ns for each scalar of it. Whatever is beyond, and whatever
//! deserves a fault or a warning, this reader leaves to that parser: it gives up without a word, and all is
//! read again. So it only ever has to be right about what it accepts, and tests hold both against each other.

mod flow;
mod literal;
mod scalar;

use super::resolve::{Resolved, resolve};
use super::{Document, MAX_DEPTH};
use crate::value::{Data, Entry, Map, NumberKind, Value};
use memchr::memchr;
use mwrender_diagnostic::Pos;
use std::borrow::Cow;
use std::sync::Arc;

/// The text is not of the simple kind.
#[derive(Debug)]
pub(super) struct GiveUp;

type Result<T> = std::result::Result<T, GiveUp>;

/// How many bytes a key may have; the general parser stops a little above.
const LONGEST_KEY: usize = 1000;

/// Which values of the maps at the top of documents are built.
pub(super) type Keep<'k> = &'k dyn Fn(&str) -> bool;

/// Reads all documents of a text whose first byte is at `base`.
///
/// With `keep`, values of a map at the top under other keys are checked but not built: they are `null`.
pub(super) fn read(text: &str, base: Pos, keep: Option<Keep<'_>>) -> Result<Vec<Document>> {
    if !is_simple(text) {
        return Err(GiveUp);
    }
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        base,
        keep,
        skims: false,
        names: Vec::new(),
        at: 0,
        indent: None,
        depth: 0,
        entries: Vec::new(),
        items: Vec::new(),
        block: String::new(),
        starts: Vec::new(),
    };
    reader.stream()
}

/// Whether a text has no characters that need thought: control characters but line feed and tab, byte order
/// marks, noncharacters.
fn is_simple(text: &str) -> bool {
    let control =
        |b: u8| u8::from(b < 0x20) & u8::from(b != b'\n') & u8::from(b != b'\t') | u8::from(b == 0x7F);
    let bytes = text.as_bytes();
    if bytes.chunks(256).any(|chunk| chunk.iter().fold(0, |any, b| any | control(*b)) != 0) {
        return false;
    }
    let doubtful = |c: char| {
        const MARK: char = '\u{FEFF}';
        matches!(c, '\u{80}'..='\u{9F}' | MARK | '\u{FFFE}' | '\u{FFFF}')
    };
    text.is_ascii()
        || bytes
            .iter()
            .enumerate()
            // what these begin with in UTF-8
            .filter(|(_, b)| matches!(b, 0xC2 | 0xEF))
            .all(|(at, _)| !text[at..].starts_with(doubtful))
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    base: Pos,
    keep: Option<Keep<'t>>,
    /// Whether what is read is checked and not built.
    skims: bool,
    /// The keys of the maps that are checked only, the innermost last.
    names: Vec<Cow<'t, str>>,
    /// The first byte of content in the current line, after its indentation; or the end of the text.
    at: usize,
    /// The indentation of the current line; `None`, which is less than any, at the end of a document.
    indent: Option<usize>,
    depth: usize,
    /// The entries of the maps that have not ended, the innermost last.
    entries: Vec<(Arc<str>, Entry)>,
    /// The items of the lists that have not ended, likewise.
    items: Vec<Value>,
    /// Room for the text of a literal block.
    block: String,
    /// Room for the starts of its lines.
    starts: Vec<Pos>,
}

/// A key of a map.
struct Key<'t> {
    name: Cow<'t, str>,
    at: usize,
    /// The byte after the colon.
    after: usize,
}

impl<'t> Reader<'t> {
    fn pos(&self, at: usize) -> Pos {
        self.base.offset(at as u32)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Whether a line or the text ends here.
    fn is_end(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b'\n'))
    }

    fn is_blank_or_end(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b'\n' | b' '))
    }

    fn is_dash(&self, at: usize) -> bool {
        self.byte(at) == Some(b'-') && self.is_blank_or_end(at + 1)
    }

    fn line_end(&self, at: usize) -> usize {
        memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |n| at + n)
    }

    /// How many spaces stand at `at`.
    fn spaces(&self, at: usize) -> usize {
        self.bytes[at..].iter().take_while(|b| **b == b' ').count()
    }

    /// Goes to the content of the next line that has any; `at` is the start of a line.
    fn next_content(&mut self, mut at: usize) -> Result<()> {
        loop {
            let indent = self.spaces(at);
            match self.byte(at + indent) {
                None => {
                    (self.at, self.indent) = (self.bytes.len(), None);
                    return Ok(());
                }
                Some(b'\n') => at += indent + 1,
                Some(b'#') => at = (self.line_end(at) + 1).min(self.bytes.len()),
                Some(b'\t') => return Err(GiveUp),
                Some(_) => {
                    self.go_to(at, indent);
                    return Ok(());
                }
            }
        }
    }

    /// Makes the line that starts at `at` and has content the current one.
    fn go_to(&mut self, at: usize, indent: usize) {
        self.at = at + indent;
        self.indent = if indent == 0 && self.marker().is_some() { None } else { Some(indent) };
    }

    /// Goes from the end of a value to the next line with content.
    ///
    /// Between the two there may only be blanks and a comment.
    fn end_value(&mut self, at: usize) -> Result<()> {
        let blanks = self.spaces(at);
        let end = match self.byte(at + blanks) {
            None | Some(b'\n') => at + blanks,
            Some(b'#') if blanks > 0 => self.line_end(at),
            _ => return Err(GiveUp),
        };
        self.next_content((end + 1).min(self.bytes.len()))
    }

    /// A value has ended, so the next line is not deeper than what it is in.
    fn not_deeper(&self, column: usize) -> Result<()> {
        if self.indent > Some(column) { Err(GiveUp) } else { Ok(()) }
    }

    /// The marker of documents (`---` or `...`) at the start of the current line.
    fn marker(&self) -> Option<u8> {
        let mark = self.byte(self.at).filter(|b| matches!(b, b'-' | b'.'))?;
        let line = &self.bytes[self.at..];
        (line.starts_with(&[mark; 3]) && matches!(line.get(3), None | Some(b'\n' | b' ' | b'\t')))
            .then_some(mark)
    }

    fn stream(&mut self) -> Result<Vec<Document>> {
        let mut documents = Vec::new();
        self.next_content(0)?;
        while self.at < self.bytes.len() {
            match self.marker().filter(|_| self.indent.is_none()) {
                Some(b'-') => {
                    let after = self.at + 3;
                    self.end_value(after)?;
                    if self.indent.is_none() {
                        documents.push(Document { value: self.null(after) });
                        continue;
                    }
                }
                // what may follow the end of a document is not worth the lines it takes to check, and Go refuses an
                // end without a document
                Some(_) if documents.is_empty() => return Err(GiveUp),
                Some(_) => {
                    self.end_value(self.at + 3)?;
                    if self.at < self.bytes.len() && (self.indent.is_some() || self.marker() != Some(b'-')) {
                        return Err(GiveUp);
                    }
                    continue;
                }
                None => {}
            }
            let value = self.block()?;
            if self.indent.is_some() {
                return Err(GiveUp);
            }
            documents.push(Document { value });
        }
        Ok(documents)
    }

    /// A value that is not there, after an indicator that ends at `after`.
    fn null(&self, after: usize) -> Value {
        self.nothing(after - 1)
    }

    /// A value that is a `null` or was checked only.
    fn nothing(&self, at: usize) -> Value {
        Value::new(Data::Null, self.pos(at))
    }

    fn nest(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(GiveUp) } else { Ok(()) }
    }

    /// Reads the list or map that begins in the current line.
    fn block(&mut self) -> Result<Value> {
        let column = self.indent.ok_or(GiveUp)?;
        if self.is_dash(self.at) {
            self.list(column)
        } else {
            let key = self.key(self.at)?.ok_or(GiveUp)?;
            self.map(column, key)
        }
    }

    fn list(&mut self, column: usize) -> Result<Value> {
        self.nest()?;
        let origin = self.at;
        let first = self.items.len();
        while self.indent == Some(column) && self.is_dash(self.at) {
            let content = self.at + 1 + self.spaces(self.at + 1);
            let inner = column + content - self.at;
            let item = if self.is_end(content) || self.byte(content) == Some(b'#') {
                let after = self.at + 1;
                self.end_value(after)?;
                if self.indent > Some(column) { self.block()? } else { self.null(after) }
            } else if self.is_dash(content) {
                (self.at, self.indent) = (content, Some(inner));
                self.list(inner)?
            } else if let Some(key) = self.key(content)? {
                (self.at, self.indent) = (content, Some(inner));
                self.map(inner, key)?
            } else {
                self.value(content, column)?
            };
            self.put_item(item);
        }
        self.not_deeper(column)?;
        Ok(self.end_list(first, origin))
    }

    /// Reads a map whose first key is known.
    fn map(&mut self, column: usize, first: Key<'t>) -> Result<Value> {
        self.nest()?;
        let origin = self.at;
        let first_entry = self.first_entry();
        let mut key = first;
        loop {
            let Key { name, at, after } = key;
            if let Some(keep) = self.keep.filter(|_| self.depth == 1) {
                self.skims = !keep(&name);
            }
            let content = after + self.spaces(after);
            let value = if self.is_end(content) || self.byte(content) == Some(b'#') {
                self.end_value(after)?;
                if self.indent > Some(column) {
                    self.block()?
                } else if self.indent == Some(column) && self.is_dash(self.at) {
                    self.list(column)?
                } else {
                    self.null(after)
                }
            } else {
                self.value(content, column)?
            };
            self.skims &= self.depth > 1;
            self.put_entry(name, at, value);
            if self.indent != Some(column) {
                break;
            }
            key = self.key(self.at)?.ok_or(GiveUp)?;
        }
        self.not_deeper(column)?;
        self.end_map(first_entry, origin)
    }

    fn put_item(&mut self, item: Value) {
        if !self.skims {
            self.items.push(item);
        }
    }

    /// The list of the items from `first` on, whose first byte is at `origin`.
    fn end_list(&mut self, first: usize, origin: usize) -> Value {
        self.depth -= 1;
        if self.skims {
            return self.nothing(origin);
        }
        Value::new(Data::List(Arc::new(self.items.drain(first..).collect())), self.pos(origin))
    }

    /// Where the entries of a map that begins now will be.
    fn first_entry(&self) -> usize {
        if self.skims { self.names.len() } else { self.entries.len() }
    }

    fn put_entry(&mut self, name: Cow<'t, str>, at: usize, value: Value) {
        if self.skims {
            self.names.push(name);
        } else {
            self.entries.push((Arc::from(name), Entry { key_origin: self.pos(at), value }));
        }
    }

    /// The map of the entries from `first` on, whose first byte is at `origin`.
    fn end_map(&mut self, first: usize, origin: usize) -> Result<Value> {
        self.depth -= 1;
        // a key that is given twice is worth a warning
        if self.skims {
            let names = &mut self.names[first..];
            names.sort_unstable();
            let is_twice = names.windows(2).any(|pair| pair[0] == pair[1]);
            self.names.truncate(first);
            return if is_twice { Err(GiveUp) } else { Ok(self.nothing(origin)) };
        }
        let count = self.entries.len() - first;
        let map: Map = self.entries.drain(first..).collect();
        if map.len() < count {
            return Err(GiveUp);
        }
        Ok(Value::new(Data::Map(Arc::new(map)), self.pos(origin)))
    }

    /// The key that stands here, if one does: something in one line with `:` and a blank after it.
    fn key(&self, at: usize) -> Result<Option<Key<'t>>> {
        let (name, end) = match self.byte(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let inner = &self.bytes[at + 1..];
                let stop = inner.iter().position(|b| *b == quote || matches!(b, b'\\' | b'\n' | b'#'));
                let Some(stop) = stop.filter(|n| inner[*n] == quote) else {
                    // a value can have escapes and line breaks, and a key that does is rare; the other parser
                    // takes `#` for a comment where it looks for the colon of a value that is not there
                    return Ok(None);
                };
                let end = at + stop + 2;
                if self.byte(end) != Some(b':') || !self.is_blank_or_end(end + 1) {
                    return Ok(None);
                }
                (Cow::Borrowed(&self.text[at + 1..end - 1]), end)
            }
            Some(
                b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@'
                | b'`' | b'?' | b':',
            ) => return Ok(None),
            Some(b'-') if self.is_blank_or_end(at + 1) => return Err(GiveUp),
            _ => {
                let Some(end) = self.plain_key(at)? else { return Ok(None) };
                (name(&self.text[at..end])?, end)
            }
        };
        if end - at > LONGEST_KEY {
            return Err(GiveUp);
        }
        Ok(Some(Key { name, at, after: end + 1 }))
    }

    /// The colon after a key without quotes.
    fn plain_key(&self, at: usize) -> Result<Option<usize>> {
        let mut is_doubtful = false;
        for (n, byte) in self.bytes[at..].iter().enumerate() {
            match byte {
                b'\n' => return Ok(None),
                b':' if self.is_blank_or_end(at + n + 1) => {
                    is_doubtful |= self.byte(at + n - 1) == Some(b' ');
                    return if is_doubtful { Err(GiveUp) } else { Ok(Some(at + n)) };
                }
                b'#' if self.byte(at + n - 1) == Some(b' ') => return Ok(None),
                b'#' | b'\t' => is_doubtful = true,
                _ => {}
            }
        }
        Ok(None)
    }
}

/// The key that a plain scalar is, unless that takes a warning or an error.
fn name(text: &str) -> Result<Cow<'_, str>> {
    match resolve(text) {
        Resolved::String if text != "<<" => Ok(Cow::Borrowed(text)),
        Resolved::Number(NumberKind::Int(i)) => Ok(Cow::Owned(i.to_string())),
        _ => Err(GiveUp),
    }
}
