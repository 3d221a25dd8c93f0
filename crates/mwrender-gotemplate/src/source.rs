//! The text of a template, and places in it.

use std::fmt;
use std::sync::Arc;

/// A template's text with its name, which messages show. Copies share it.
#[derive(Clone)]
pub struct Source(Arc<Inner>);

struct Inner {
    name: Box<str>,
    text: Box<[u8]>,
}

impl Source {
    pub(crate) fn new(name: &str, text: &[u8]) -> Source {
        Source(Arc::new(Inner { name: name.into(), text: text.into() }))
    }

    /// The name given to [`Set::parse`](crate::Set::parse).
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The whole text.
    pub fn text(&self) -> &[u8] {
        &self.0.text
    }

    /// The line, from 1, and the column in bytes, from 0, of a byte offset: what Go's messages count.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let before = &self.0.text[..self.0.text.len().min(offset as usize)];
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        let start = memchr::memrchr(b'\n', before).map_or(0, |i| i + 1);
        (line, before.len() - start)
    }

    /// A part of the text.
    ///
    /// # Panics
    /// If the span is of another, longer source.
    pub fn slice(&self, span: Span) -> &[u8] {
        &self.0.text[span.start as usize..span.end as usize]
    }

    /// A part of the text that the lexer took as a name, thus UTF-8.
    ///
    /// # Panics
    /// If the span is of another, longer source.
    pub fn name_at(&self, span: Span) -> &str {
        std::str::from_utf8(self.slice(span)).unwrap_or("?")
    }

    pub(crate) fn is(&self, other: &Source) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.name()).finish()
    }
}

/// A range of bytes of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte behind the last.
    pub end: u32,
}
