//! The characters of a text, one after the other, and where they are.

use mwrender_gotemplate::Failure;

use crate::functions::chars;

/// Why the reading ends.
pub(super) enum Fault {
    /// What is wrong, and the line that is named for it.
    Text {
        line: usize,
        what: String,
    },
    Failure(Failure),
}

pub(super) type Result<T> = std::result::Result<T, Fault>;

/// A place in a text.
///
/// Lines are counted as the library does it: a line break that was taken belongs to the next line, and what is wrong
/// at a line break is on the line before, even where the break is a CR, which does not count.
pub(super) struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    /// Where the token began.
    start: usize,
    /// From 1.
    pub(super) line: usize,
    /// Whether the end was taken, and not given back.
    is_over: bool,
}

/// Whether it parts words on a line.
pub(super) fn is_blank(c: Option<char>) -> bool {
    matches!(c, Some(' ' | '\t'))
}

/// Whether it ends a line: a CR does only with a LF behind it, and is refused without.
pub(super) fn is_break(c: Option<char>) -> bool {
    matches!(c, Some('\n' | '\r'))
}

impl<'t> Scanner<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Scanner<'t> {
        Scanner { bytes, at: 0, start: 0, line: 1, is_over: false }
    }

    /// Takes the next character; there is none at the end.
    ///
    /// # Errors
    /// Bytes that are no UTF-8, and control characters.
    pub(super) fn next(&mut self) -> Result<Option<char>> {
        let Some(byte) = self.bytes.get(self.at) else {
            self.is_over = true;
            return Ok(None);
        };
        if *byte == b'\n' {
            self.line += 1;
        }
        let (c, width) = chars::first(&self.bytes[self.at..]);
        if c == char::REPLACEMENT_CHARACTER && width == 1 {
            return Err(self.here(format!("invalid UTF-8 byte: {byte:#04x}")));
        }
        let is_lone = c == '\r' && self.bytes.get(self.at + 1) != Some(&b'\n');
        if is_lone || c.is_ascii_control() && !matches!(c, '\t' | '\r' | '\n') {
            return Err(self.here(format!("TOML files cannot contain control characters: '{byte:#04x}'")));
        }
        self.at += width;
        Ok(Some(c))
    }

    /// Gives back what was taken last.
    pub(super) fn back(&mut self) {
        if self.is_over {
            self.is_over = false;
            return;
        }
        self.at -= 1;
        while self.at > 0 && self.bytes[self.at] & 0xC0 == 0x80 {
            self.at -= 1;
        }
        if self.bytes[self.at] == b'\n' {
            self.line -= 1;
        }
    }

    /// The next character, which stays.
    ///
    /// # Errors
    /// As [`Scanner::next`].
    pub(super) fn peek(&mut self) -> Result<Option<char>> {
        let c = self.next()?;
        self.back();
        Ok(c)
    }

    /// Takes a character if it is this one.
    ///
    /// # Errors
    /// As [`Scanner::next`].
    pub(super) fn accept(&mut self, wanted: char) -> Result<bool> {
        let is_it = self.next()? == Some(wanted);
        if !is_it {
            self.back();
        }
        Ok(is_it)
    }

    /// Takes characters as long as they are of a kind.
    ///
    /// # Errors
    /// As [`Scanner::next`].
    pub(super) fn skip(&mut self, kind: impl Fn(Option<char>) -> bool) -> Result<()> {
        while kind(self.next()?) {}
        self.back();
        Ok(())
    }

    /// A token begins here.
    pub(super) fn begin(&mut self) {
        self.start = self.at;
    }

    /// What was taken of the token.
    pub(super) fn token(&self) -> &'t str {
        // all that was taken is UTF-8
        std::str::from_utf8(&self.bytes[self.start..self.at]).unwrap_or_default()
    }

    /// A fault on the line that is being read.
    pub(super) fn here(&self, what: impl Into<String>) -> Fault {
        Fault::Text { line: self.line, what: what.into() }
    }

    /// A fault on the line before.
    pub(super) fn above(&self, what: impl Into<String>) -> Fault {
        Fault::Text { line: self.line - 1, what: what.into() }
    }

    /// A fault of what was taken last; at the end of a text with a line break there, it is on the last line that has
    /// anything.
    pub(super) fn fault(&self, what: impl Into<String>) -> Fault {
        if self.is_over && self.bytes.last() == Some(&b'\n') { self.above(what) } else { self.here(what) }
    }

    /// A fault of what was taken last, which at the end of the text is on the line before.
    pub(super) fn fault_or_above(&self, what: impl Into<String>) -> Fault {
        if self.is_over { self.above(what) } else { self.here(what) }
    }
}
