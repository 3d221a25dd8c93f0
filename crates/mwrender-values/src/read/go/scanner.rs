//! Characters to tokens, as libyaml has it for YAML 1.1, in the order in which Go finds faults.

use super::input::{Buffer, Input, Mark};
use super::{Fault, Result};
use crate::read::events::Style;
use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

/// So deep Go reads.
const MAX_DEPTH: usize = 10_000;

/// A key is not longer than this without `?`.
const LONGEST_KEY: usize = 1024;

/// A part of a text.
#[derive(Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind<'t>,
    pub(super) start: Mark,
    pub(super) end: Mark,
}

#[derive(Debug)]
pub(super) enum Kind<'t> {
    StreamStart,
    StreamEnd,
    /// `%YAML`
    Version {
        is_known: bool,
    },
    /// `%TAG`
    TagDirective {
        handle: String,
        prefix: String,
    },
    DocumentStart,
    DocumentEnd,
    ListStart,
    MapStart,
    BlockEnd,
    FlowListStart,
    FlowListEnd,
    FlowMapStart,
    FlowMapEnd,
    Item,
    Comma,
    Key,
    Value,
    Alias(&'t str),
    Anchor(&'t str),
    Tag {
        handle: String,
        suffix: String,
    },
    /// With the byte at which its content begins.
    Scalar {
        text: Cow<'t, str>,
        style: Style,
        content: usize,
    },
}

/// What may turn out to be a key.
#[derive(Clone, Copy, Default)]
struct SimpleKey {
    is_possible: bool,
    is_required: bool,
    token: usize,
    mark: Mark,
}

pub(super) struct Scanner<'t> {
    pub(super) input: Input<'t>,
    pub(super) mark: Mark,
    buffer: Buffer,
    /// The indentation of the block that is open; -1 before any.
    pub(super) indent: isize,
    pub(super) flow_level: usize,
    /// Whether a key may begin here.
    pub(super) key_allowed: bool,
    tokens: VecDeque<Token<'t>>,
    /// How many tokens were taken.
    taken: usize,
    is_started: bool,
    indents: Vec<isize>,
    keys: Vec<SimpleKey>,
    /// Which of the keys begins at a token.
    key_at: HashMap<usize, usize>,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        let input = Input::new(bytes);
        let at = if input.text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Scanner {
            input,
            mark: Mark { at, ..Mark::default() },
            buffer: Buffer::new(at),
            indent: -1,
            flow_level: 0,
            key_allowed: false,
            tokens: VecDeque::new(),
            taken: 0,
            is_started: false,
            indents: Vec::new(),
            keys: Vec::new(),
            key_at: HashMap::new(),
        }
    }

    /// The next token, which stays.
    pub(super) fn peek(&mut self) -> Result<&Token<'t>> {
        while self.needs_more()? {
            self.fetch()?;
        }
        // there is one unless more are needed
        self.tokens.front().ok_or_else(|| Fault::new("did not find expected <stream-end>"))
    }

    /// The next token, which goes.
    pub(super) fn take(&mut self) -> Result<Token<'t>> {
        self.peek()?;
        self.taken += 1;
        self.tokens.pop_front().ok_or_else(|| Fault::new("did not find expected <stream-end>"))
    }

    fn needs_more(&mut self) -> Result<bool> {
        if self.tokens.is_empty() {
            return Ok(true);
        }
        match self.key_at.get(&self.taken) {
            Some(&key) => self.is_key(key),
            None => Ok(false),
        }
    }

    /// A fault found here, in something that began at `from`.
    pub(super) fn fault(&self, from: Mark, words: &'static str) -> Fault {
        Fault::of_scanner(from, self.mark, words)
    }

    // ---- characters ----

    pub(super) fn byte(&self, ahead: usize) -> Option<u8> {
        self.input.text.as_bytes().get(self.mark.at + ahead).copied()
    }

    /// Makes sure that so many characters can be looked at.
    pub(super) fn need(&mut self, characters: usize) -> Result<()> {
        if self.mark.index.saturating_add(characters) > self.input.characters {
            return Err(Fault::new(self.input.fault));
        }
        self.buffer.fill(self.input.text, self.mark, characters);
        Ok(())
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.input.text[self.mark.at..]
    }

    /// How many bytes the line break has that begins so many bytes ahead; 0 if none does.
    pub(super) fn line_break(&self, ahead: usize) -> usize {
        match self.input.text.as_bytes().get(self.mark.at + ahead..).unwrap_or_default() {
            [b'\r', b'\n', ..] | [0xC2, 0x85, ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
            _ => 0,
        }
    }

    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), Some(b' ' | b'\t'))
    }

    pub(super) fn is_break(&self) -> bool {
        self.line_break(0) > 0
    }

    pub(super) fn is_break_or_end(&self) -> bool {
        self.byte(0).is_none() || self.is_break()
    }

    /// Whether a blank, a line break or the end is so many bytes ahead.
    pub(super) fn is_space_or_end(&self, ahead: usize) -> bool {
        self.byte(ahead).is_none() || self.is_blank(ahead) || self.line_break(ahead) > 0
    }

    /// Goes over a character that is no line break.
    pub(super) fn skip(&mut self) {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        if width > 0 {
            self.mark.at += width;
            self.mark.index += 1;
            self.mark.column += 1;
        }
    }

    pub(super) fn skip_line(&mut self) {
        let width = self.line_break(0);
        if width > 0 {
            self.mark.index += if self.byte(0) == Some(b'\r') { width } else { 1 };
            self.mark.at += width;
            self.mark.line += 1;
            self.mark.column = 0;
        }
    }

    /// Takes a character that is no line break.
    pub(super) fn read(&mut self, into: &mut String) {
        let from = self.mark.at;
        self.skip();
        into.push_str(&self.input.text[from..self.mark.at]);
    }

    /// Takes a line break.
    pub(super) fn read_line(&mut self, into: &mut String) {
        let width = self.line_break(0);
        into.push_str(match (width, self.byte(0)) {
            (0, _) => "",
            (3, _) => &self.rest()[..3],
            _ => "\n",
        });
        self.skip_line();
    }

    pub(super) fn skip_blanks(&mut self) -> Result<()> {
        self.need(1)?;
        while self.is_blank(0) {
            self.skip();
            self.need(1)?;
        }
        Ok(())
    }

    pub(super) fn skip_comment(&mut self) -> Result<()> {
        if self.byte(0) == Some(b'#') {
            while !self.is_break_or_end() {
                self.skip();
                self.need(1)?;
            }
        }
        Ok(())
    }

    /// Whether `---` or `...` stands here.
    pub(super) fn document_marker(&self) -> Option<u8> {
        let mark = self.byte(0).filter(|b| matches!(b, b'-' | b'.'))?;
        let is_marker = self.mark.column == 0
            && self.byte(1) == Some(mark)
            && self.byte(2) == Some(mark)
            && self.is_space_or_end(3);
        is_marker.then_some(mark)
    }

    // ---- tokens ----

    fn push(&mut self, kind: Kind<'t>, start: Mark) {
        let end = self.mark;
        self.tokens.push_back(Token { kind, start, end });
    }

    fn fetch(&mut self) -> Result<()> {
        self.need(1)?;
        if !self.is_started {
            self.is_started = true;
            self.keys.push(SimpleKey::default());
            self.key_allowed = true;
            self.push(Kind::StreamStart, self.mark);
            return Ok(());
        }
        self.skip_to_token()?;
        self.unroll(self.mark.column.cast_signed());
        self.need(4)?;
        let start = self.mark;
        let Some(byte) = self.byte(0) else {
            if self.mark.column != 0 {
                self.mark.column = 0;
                self.mark.line += 1;
            }
            self.end_blocks()?;
            self.push(Kind::StreamEnd, self.mark);
            return Ok(());
        };
        if self.mark.column == 0 && byte == b'%' {
            self.end_blocks()?;
            let kind = self.directive()?;
            self.push(kind, start);
            return Ok(());
        }
        if let Some(marker) = self.document_marker() {
            self.end_blocks()?;
            (0..3).for_each(|_| self.skip());
            self.push(if marker == b'-' { Kind::DocumentStart } else { Kind::DocumentEnd }, start);
            return Ok(());
        }
        let in_flow = self.flow_level > 0;
        match byte {
            b'[' | b'{' => {
                self.save_key()?;
                self.deeper()?;
                self.key_allowed = true;
                self.skip();
                self.push(if byte == b'[' { Kind::FlowListStart } else { Kind::FlowMapStart }, start);
            }
            b']' | b'}' => {
                self.remove_key()?;
                if in_flow {
                    self.flow_level -= 1;
                    if let Some(key) = self.keys.pop() {
                        self.key_at.remove(&key.token);
                    }
                }
                self.key_allowed = false;
                self.skip();
                self.push(if byte == b']' { Kind::FlowListEnd } else { Kind::FlowMapEnd }, start);
            }
            b',' => {
                self.remove_key()?;
                self.key_allowed = true;
                self.skip();
                self.push(Kind::Comma, start);
            }
            b'-' if self.is_space_or_end(1) => self.item()?,
            b'?' if in_flow || self.is_space_or_end(1) => self.key()?,
            b':' if in_flow || self.is_space_or_end(1) => self.value()?,
            b'*' | b'&' => {
                self.save_key()?;
                self.key_allowed = false;
                let kind = self.anchor(byte == b'*')?;
                self.push(kind, start);
            }
            b'!' => {
                self.save_key()?;
                self.key_allowed = false;
                let kind = self.tag()?;
                self.push(kind, start);
            }
            b'|' | b'>' if !in_flow => {
                self.remove_key()?;
                self.key_allowed = true;
                let (kind, end) = self.block_scalar(byte == b'|')?;
                self.tokens.push_back(Token { kind, start, end });
            }
            b'\'' | b'"' => {
                self.save_key()?;
                self.key_allowed = false;
                let kind = self.quoted(byte == b'\'')?;
                self.push(kind, start);
            }
            _ if self.begins_plain(byte) => {
                self.save_key()?;
                self.key_allowed = false;
                let (kind, end) = self.plain()?;
                self.tokens.push_back(Token { kind, start, end });
            }
            _ => return Err(self.fault(start, "found character that cannot start any token")),
        }
        Ok(())
    }

    fn begins_plain(&self, byte: u8) -> bool {
        match byte {
            b'-' => !self.is_blank(1),
            b'?' | b':' => self.flow_level == 0 && !self.is_space_or_end(1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
            | b'%' | b'@' | b'`' => false,
            _ => !self.is_space_or_end(0),
        }
    }

    fn skip_to_token(&mut self) -> Result<()> {
        loop {
            self.need(1)?;
            if self.mark.column == 0 && self.buffer.is_marked(self.input.text) {
                match self.byte(0) {
                    Some(_) => self.skip(),
                    None => (self.mark.index, self.mark.column) = (self.mark.index + 1, 1),
                }
            }
            self.need(1)?;
            while self.byte(0) == Some(b' ')
                || (self.flow_level > 0 || !self.key_allowed) && self.byte(0) == Some(b'\t')
            {
                self.skip();
                self.need(1)?;
            }
            self.skip_comment()?;
            if !self.is_break() {
                return Ok(());
            }
            self.need(2)?;
            self.skip_line();
            if self.flow_level == 0 {
                self.key_allowed = true;
            }
        }
    }

    fn end_blocks(&mut self) -> Result<()> {
        self.unroll(-1);
        self.remove_key()?;
        self.key_allowed = false;
        Ok(())
    }

    /// Ends the blocks that are indented more than a column.
    fn unroll(&mut self, column: isize) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.push(Kind::BlockEnd, self.mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// Begins a block, before the token of a number if there is one, unless it has begun.
    fn roll(&mut self, mark: Mark, token: Option<usize>, kind: Kind<'t>) -> Result<()> {
        let column = mark.column.cast_signed();
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return Err(self.too_deep());
        }
        let place = token.map_or(self.tokens.len(), |number| number.saturating_sub(self.taken));
        self.tokens.insert(place.min(self.tokens.len()), Token { kind, start: mark, end: mark });
        Ok(())
    }

    fn deeper(&mut self) -> Result<()> {
        // go-yaml gives this the number of the bracket: when that closes and nothing within it was saved, the bracket
        // is forgotten as a key
        let token = self.taken + self.tokens.len();
        self.keys.push(SimpleKey { token, mark: self.mark, ..SimpleKey::default() });
        self.flow_level += 1;
        if self.flow_level > MAX_DEPTH { Err(self.too_deep()) } else { Ok(()) }
    }

    fn too_deep(&self) -> Fault {
        let mark = self.keys.last().map(|key| key.mark).unwrap_or_default();
        self.fault(mark, "exceeded max depth of 10000")
    }

    fn item(&mut self) -> Result<()> {
        let start = self.mark;
        if self.flow_level == 0 {
            if !self.key_allowed {
                return Err(self.fault(start, "block sequence entries are not allowed in this context"));
            }
            self.roll(start, None, Kind::ListStart)?;
        }
        self.remove_key()?;
        self.key_allowed = true;
        self.skip();
        self.push(Kind::Item, start);
        Ok(())
    }

    fn key(&mut self) -> Result<()> {
        let start = self.mark;
        if self.flow_level == 0 {
            if !self.key_allowed {
                return Err(self.fault(start, "mapping keys are not allowed in this context"));
            }
            self.roll(start, None, Kind::MapStart)?;
        }
        self.remove_key()?;
        self.key_allowed = self.flow_level == 0;
        self.skip();
        self.push(Kind::Key, start);
        Ok(())
    }

    fn value(&mut self) -> Result<()> {
        let start = self.mark;
        let last = self.keys.len() - 1;
        if self.is_key(last)? {
            let SimpleKey { mark, token, .. } = self.keys[last];
            let place = token.saturating_sub(self.taken).min(self.tokens.len());
            self.tokens.insert(place, Token { kind: Kind::Key, start: mark, end: mark });
            self.roll(mark, Some(token), Kind::MapStart)?;
            self.keys[last].is_possible = false;
            self.key_at.remove(&token);
            self.key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.key_allowed {
                    return Err(self.fault(start, "mapping values are not allowed in this context"));
                }
                self.roll(start, None, Kind::MapStart)?;
            }
            self.key_allowed = self.flow_level == 0;
        }
        self.skip();
        self.push(Kind::Value, start);
        Ok(())
    }

    // ---- keys without `?` ----

    /// Whether something can still be a key: it is in this line and not long.
    fn is_key(&mut self, key: usize) -> Result<bool> {
        let Some(SimpleKey { is_possible: true, is_required, mark, .. }) = self.keys.get(key).copied() else {
            return Ok(false);
        };
        if mark.line == self.mark.line && mark.index + LONGEST_KEY >= self.mark.index {
            return Ok(true);
        }
        if is_required {
            return Err(self.fault(mark, "could not find expected ':'"));
        }
        self.keys[key].is_possible = false;
        Ok(false)
    }

    fn save_key(&mut self) -> Result<()> {
        if !self.key_allowed {
            return Ok(());
        }
        let is_required = self.flow_level == 0 && self.indent == self.mark.column.cast_signed();
        let token = self.taken + self.tokens.len();
        self.remove_key()?;
        let last = self.keys.len() - 1;
        self.keys[last] = SimpleKey { is_possible: true, is_required, token, mark: self.mark };
        self.key_at.insert(token, last);
        Ok(())
    }

    fn remove_key(&mut self) -> Result<()> {
        let Some(key) = self.keys.last_mut() else { return Ok(()) };
        if key.is_possible {
            if key.is_required {
                let mark = key.mark;
                return Err(self.fault(mark, "could not find expected ':'"));
            }
            key.is_possible = false;
            self.key_at.remove(&key.token);
        }
        Ok(())
    }
}
