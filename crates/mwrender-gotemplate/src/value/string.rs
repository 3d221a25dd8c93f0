//! Strings: bytes, and bytes that know their pieces.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::trace::Piece;

/// A string of bytes, shared by its copies, also between threads.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Str(Arc<[u8]>);

impl Deref for Str {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Borrow<[u8]> for Str {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Str {
        Str(text.as_bytes().into())
    }
}

impl From<String> for Str {
    fn from(text: String) -> Str {
        Str(text.into_bytes().into())
    }
}

impl From<&[u8]> for Str {
    fn from(text: &[u8]) -> Str {
        Str(text.into())
    }
}

impl From<Vec<u8>> for Str {
    fn from(text: Vec<u8>) -> Str {
        Str(text.into())
    }
}

impl From<Arc<[u8]>> for Str {
    fn from(text: Arc<[u8]>) -> Str {
        Str(text)
    }
}

impl From<Arc<str>> for Str {
    fn from(text: Arc<str>) -> Str {
        Str(text.into())
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(self), f)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self))
    }
}

/// A string with the pieces that it was made of, in order and without overlap. Made by a
/// [`TextBuilder`](crate::TextBuilder) or by executing a template.
#[derive(Clone, Debug)]
pub struct Text {
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
}

impl Text {
    pub(crate) fn new(bytes: Vec<u8>, pieces: Vec<Piece>) -> Text {
        Text { bytes, pieces }
    }

    /// The string.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its pieces.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}
