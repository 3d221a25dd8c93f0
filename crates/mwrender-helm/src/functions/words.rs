//! `snakecase`, `kebabcase` and `camelcase`, whose idea of a word is that of the Go library xstrings 1.5.

use mwrender_gotemplate::{Funcs, Tracks};

use super::args::{add_all, bytes};
use super::chars::{first, is_letter, is_number, is_punctuation, is_upper, lower, push, upper};
use super::strings::whole;

pub(super) fn add(funcs: &mut Funcs) {
    add_all(
        funcs,
        Tracks::Own,
        "func(string) string",
        &[
            ("snakecase", |c, a| Ok(whole(c, &a[0], connected(bytes(&a[0]), b'_')))),
            ("kebabcase", |c, a| Ok(whole(c, &a[0], connected(bytes(&a[0]), b'-')))),
            ("camelcase", |c, a| Ok(whole(c, &a[0], pascal(bytes(&a[0]))))),
        ],
    );
}

/// What stands between words.
fn connects(c: char) -> bool {
    matches!(c, '-' | '_') || c.is_whitespace()
}

/// Letters, except most Chinese ones, which are words of their own.
fn is_alphabetic(c: char) -> bool {
    let han = matches!(c, '\u{4E00}'..='\u{9FCC}' | '\u{3400}'..='\u{4D85}' | '\u{20000}'..='\u{2B81D}');
    is_letter(c) && !han
}

#[derive(Clone, Copy, PartialEq)]
enum Word {
    Invalid,
    Number,
    /// From a capital on.
    Capital,
    Letters,
    Connector,
    Punctuation,
    Other,
}

/// The first character that is UTF-8, or the previous one if there is none, and the bytes up to its end.
fn valid(bytes: &[u8], previous: char) -> (char, usize) {
    let mut size = 0;
    while size < bytes.len() {
        let (c, width) = first(&bytes[size..]);
        size += width;
        if c != char::REPLACEMENT_CHARACTER {
            return (c, size);
        }
    }
    (previous, size)
}

/// The length of a word that goes on with such characters.
fn run(bytes: &[u8], mut length: usize, mut last: char, goes_on: impl Fn(char) -> bool) -> usize {
    while length < bytes.len() {
        let (c, size) = valid(&bytes[length..], last);
        if !goes_on(c) {
            break;
        }
        last = c;
        length += size;
    }
    length
}

/// The kind and the length of the first word.
fn word(bytes: &[u8]) -> (Word, usize) {
    if bytes.is_empty() {
        return (Word::Invalid, 0);
    }
    let (c, size) = valid(bytes, char::REPLACEMENT_CHARACTER);
    match c {
        char::REPLACEMENT_CHARACTER => (Word::Invalid, size),
        c if connects(c) => (Word::Connector, run(bytes, size, c, connects)),
        c if is_punctuation(c) => (Word::Punctuation, run(bytes, size, c, is_punctuation)),
        c if is_upper(c) => (Word::Capital, capital(bytes, size, c)),
        c if is_alphabetic(c) => (Word::Letters, run(bytes, size, c, |c| is_alphabetic(c) && !is_upper(c))),
        c if is_number(c) => (Word::Number, run(bytes, size, c, is_number)),
        c => {
            let other = |c| !(connects(c) || is_alphabetic(c) || is_number(c) || is_punctuation(c));
            (Word::Other, run(bytes, size, c, other))
        }
    }
}

/// A word from a capital on: capitals without the last if that begins the next word (`HTTP` of `HTTPStatus`), or
/// one capital and small letters.
fn capital(bytes: &[u8], size: usize, c: char) -> usize {
    if size == bytes.len() {
        return size;
    }
    let (second, width) = valid(&bytes[size..], c);
    if !is_upper(second) {
        return if is_alphabetic(second) {
            run(bytes, size + width, second, |c| is_alphabetic(c) && !is_upper(c))
        } else {
            size
        };
    }
    let (mut length, mut last, mut last_width) = (size + width, second, width);
    while length < bytes.len() {
        let (c, width) = valid(&bytes[length..], last);
        last = c;
        if !is_upper(c) {
            break;
        }
        last_width = width;
        length += width;
    }
    if length < bytes.len() && is_alphabetic(last) { length - last_width } else { length }
}

/// The words of a text, one after the other.
struct Words<'b> {
    kind: Word,
    word: &'b [u8],
    rest: &'b [u8],
}

impl Words<'_> {
    fn next(&mut self) {
        let (kind, length) = word(self.rest);
        self.kind = kind;
        (self.word, self.rest) = self.rest.split_at(length);
    }
}

/// Appends a word in lower case.
fn lowered(out: &mut Vec<u8>, kind: Word, word: &[u8], connector: u8) {
    if !matches!(kind, Word::Capital | Word::Connector) {
        return out.extend_from_slice(word);
    }
    for (_, _, c) in super::chars::chars(word) {
        match c {
            c if connects(c) => out.push(connector),
            c if is_upper(c) => push(out, lower(c)),
            c => push(out, c),
        }
    }
}

/// Words in lower case with a connector between. A number belongs to what is before it, unless letters follow.
fn connected(all: &[u8], connector: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(all.len() + 8);
    let mut words = Words { kind: Word::Invalid, word: b"", rest: all };
    words.next();
    while !words.rest.is_empty() {
        let (before, last) = (words.kind, words.word);
        if before != Word::Connector {
            lowered(&mut out, before, last, connector);
        }
        words.next();
        match before {
            Word::Number => numbers(&mut out, &mut words, connector),
            Word::Connector => lowered(&mut out, before, last, connector),
            Word::Punctuation => {}
            _ if words.kind != Word::Number => {
                if !matches!(words.kind, Word::Connector | Word::Punctuation) {
                    out.push(connector);
                }
            }
            _ if words.rest.is_empty() => {}
            _ => {
                let number = words.word;
                words.next();
                if words.kind == Word::Letters {
                    out.push(connector);
                    lowered(&mut out, Word::Number, number, connector);
                    numbers(&mut out, &mut words, connector);
                } else {
                    lowered(&mut out, Word::Number, number, connector);
                    if !matches!(words.kind, Word::Connector | Word::Punctuation) {
                        out.push(connector);
                    }
                }
            }
        }
    }
    lowered(&mut out, words.kind, words.word, connector);
    out
}

/// Letters and numbers behind a number stay with it.
fn numbers(out: &mut Vec<u8>, words: &mut Words<'_>, connector: u8) {
    while matches!(words.kind, Word::Letters | Word::Number) {
        lowered(out, words.kind, words.word, connector);
        words.next();
    }
    if !matches!(words.kind, Word::Invalid | Word::Connector | Word::Punctuation) {
        out.push(connector);
    }
}

/// Words with a capital first, and nothing between; leading connectors stay.
fn pascal(all: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(all.len());
    let mut chars = super::chars::chars(all).map(|(_, _, c)| c);
    let mut current = None;
    let mut capitals = false;
    for c in chars.by_ref() {
        if connects(c) {
            push(&mut out, c);
            current = Some(c);
            continue;
        }
        capitals = is_upper(c);
        current = Some(upper(c));
        break;
    }
    let Some(mut current) = current else { return out };
    for c in chars {
        let before = std::mem::replace(&mut current, c);
        if connects(c) && connects(before) {
            push(&mut out, before);
            continue;
        }
        if connects(before) {
            capitals = is_upper(c);
            current = upper(c);
            continue;
        }
        if capitals {
            if is_upper(c) {
                current = lower(c);
            } else {
                capitals = false;
            }
        }
        push(&mut out, before);
    }
    push(&mut out, current);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(f: impl Fn(&[u8]) -> Vec<u8>, text: &str) -> String {
        String::from_utf8_lossy(&f(text.as_bytes())).into_owned()
    }

    #[test]
    fn words_are_told_apart() {
        let snake = |text| shown(|b| connected(b, b'_'), text);
        assert_eq!(snake("HTTPServer"), "http_server");
        assert_eq!(snake("Bld4Floor"), "bld4_floor");
        assert_eq!(snake("_camelCase x"), "_camel_case_x");
        assert_eq!(shown(|b| connected(b, b'-'), "HTTP2xx"), "http-2xx");
        let pascal = |text| shown(pascal, text);
        assert_eq!((pascal("http_server"), pascal("HTTPServer")), ("HttpServer".into(), "Httpserver".into()));
    }
}
