//! Writing values as text.

pub mod json;
mod order;
mod style;
pub mod yaml;

use crate::value::Value;
use mwrender_diagnostic::Pos;

/// Where emitters write to.
///
/// A `String` takes the text and nothing else. A sink that wants to know where each byte comes from gets told:
/// everything between [`enter`](Sink::enter) and its [`leave`](Sink::leave) belongs to that value, unless it is
/// within a deeper one, and everything after [`line`](Sink::line) to that line of it.
///
/// A piece of text holds a line break only as its last byte.
pub trait Sink {
    /// Takes some text.
    fn text(&mut self, text: &str);

    /// A value begins, and its key before it (`Pos::NONE` where it has none).
    fn enter(&mut self, value: &Value, key_origin: Pos) {
        let _ = (value, key_origin);
    }

    /// The value that was entered last and not left has ended.
    fn leave(&mut self) {}

    /// What follows is written from the line that was read here, of a value that knows its lines.
    fn line(&mut self, origin: Pos) {
        let _ = origin;
    }
}

impl Sink for String {
    fn text(&mut self, text: &str) {
        self.push_str(text);
    }
}

/// Writes indentation.
fn spaces(sink: &mut impl Sink, count: usize) {
    const SPACES: &str = "                                                                ";
    let mut left = count;
    while left > 0 {
        let n = left.min(SPACES.len());
        sink.text(&SPACES[..n]);
        left -= n;
    }
}
