//! The lexer: the tokens of a template, one at a time.

use memchr::memmem::find;

use crate::go::quote::quoted;
use crate::go::unicode::{decode, is_alphanumeric, is_print};
use crate::source::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    // keywords
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl Kind {
    /// Whether messages show the token as `<token>`.
    pub(crate) fn is_keyword(self) -> bool {
        use Kind::{Block, Break, Continue, Define, Dot, Else, End, If, Nil, Range, Template, With};
        matches!(
            self,
            Block | Break | Continue | Dot | Define | Else | End | If | Nil | Range | Template | With
        )
    }
}

/// A token, as a range of the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// Which names are functions rather than keywords.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    pub(crate) break_is_function: bool,
    pub(crate) continue_is_function: bool,
}

/// The state of the lexer: it makes one token at a time and allocates nothing.
pub(crate) struct Lexer<'s> {
    input: &'s [u8],
    pos: usize,
    start: usize,
    parens: usize,
    inside: bool,
    words: Words,
    /// The text of the token of kind `Error`.
    error: Option<String>,
}

const LEFT: &[u8] = b"{{";
const RIGHT: &[u8] = b"}}";

impl<'s> Lexer<'s> {
    /// A lexer at the start of `input`, which must be below 4 GiB.
    pub(crate) fn new(input: &'s [u8], words: Words) -> Lexer<'s> {
        Lexer { input, pos: 0, start: 0, parens: 0, inside: false, words, error: None }
    }

    /// The message of the last token of kind `Error`.
    pub(crate) fn error(&self) -> &str {
        self.error.as_deref().unwrap_or_default()
    }

    /// The next token; at the end and after an error always `Eof`.
    pub(crate) fn next(&mut self) -> Token {
        if self.error.is_some() {
            return Self::token_at(Kind::Eof, 0, 0);
        }
        if self.inside { self.inside_action() } else { self.text() }
    }

    fn token_at(kind: Kind, start: usize, end: usize) -> Token {
        Token { kind, span: Span { start: start as u32, end: end as u32 } }
    }

    fn emit(&mut self, kind: Kind) -> Token {
        let token = Self::token_at(kind, self.start, self.pos);
        self.start = self.pos;
        token
    }

    fn fail(&mut self, message: impl Into<String>) -> Token {
        self.error = Some(message.into());
        Self::token_at(Kind::Error, self.start, self.start)
    }

    fn rest(&self) -> &'s [u8] {
        &self.input[self.pos..]
    }

    fn peek_byte(&self) -> Option<u8> {
        self.input.get(self.pos).copied()
    }

    /// The character here with its width.
    fn peek(&self) -> Option<(char, usize)> {
        let rest = self.rest();
        if rest.is_empty() { None } else { Some(decode(rest)) }
    }

    fn text(&mut self) -> Token {
        loop {
            let Some(x) = left_delim(self.rest()) else {
                self.pos = self.input.len();
                let kind = if self.pos > self.start { Kind::Text } else { Kind::Eof };
                return self.emit(kind);
            };
            if x > 0 {
                let delim = self.pos + x;
                let mut end = delim;
                if has_left_trim(&self.input[delim + 2..]) {
                    let text = &self.input[self.start..delim];
                    end = self.start + text.len() - text.iter().rev().take_while(|b| is_space(**b)).count();
                }
                let token = Self::token_at(Kind::Text, self.start, end);
                self.pos = delim;
                self.start = delim;
                if token.span.start != token.span.end {
                    return token;
                }
            }
            if let Some(token) = self.left_delim() {
                return token;
            }
        }
    }

    /// The start of an action, or `None` after a comment.
    fn left_delim(&mut self) -> Option<Token> {
        let after = self.pos + LEFT.len();
        let marker = if has_left_trim(&self.input[after..]) { 2 } else { 0 };
        if self.input[after + marker..].starts_with(b"/*") {
            self.pos = after + marker;
            self.start = self.pos;
            return self.comment();
        }
        self.pos = after;
        let token = self.emit(Kind::LeftDelim);
        self.inside = true;
        self.pos += marker;
        self.start = self.pos;
        self.parens = 0;
        Some(token)
    }

    fn comment(&mut self) -> Option<Token> {
        let Some(x) = find(&self.input[self.pos + 2..], b"*/") else {
            return Some(self.fail("unclosed comment"));
        };
        self.pos += 2 + x + 2;
        let Some(trim) = self.at_right_delim() else {
            return Some(self.fail("comment ends before closing delimiter"));
        };
        self.pos += RIGHT.len();
        if trim {
            self.pos += 2;
            self.skip_space();
        }
        self.start = self.pos;
        None
    }

    fn skip_space(&mut self) {
        while self.peek_byte().is_some_and(is_space) {
            self.pos += 1;
        }
    }

    /// Whether an action ends here, and whether its end trims space.
    fn at_right_delim(&self) -> Option<bool> {
        match self.rest() {
            [b'}', b'}', ..] => Some(false),
            [space, b'-', b'}', b'}', ..] if is_space(*space) => Some(true),
            _ => None,
        }
    }

    fn right_delim(&mut self, trim: bool) -> Token {
        if trim {
            self.pos += 2;
            self.start = self.pos;
        }
        self.pos += RIGHT.len();
        let token = self.emit(Kind::RightDelim);
        if trim {
            self.skip_space();
            self.start = self.pos;
        }
        self.inside = false;
        token
    }

    fn inside_action(&mut self) -> Token {
        if let Some(trim) = self.at_right_delim() {
            if self.parens == 0 {
                return self.right_delim(trim);
            }
            return self.fail("unclosed left paren");
        }
        let Some(byte) = self.peek_byte() else {
            return self.fail("unclosed action");
        };
        if is_space(byte) {
            return self.space();
        }
        if byte >= 0x80 {
            return match self.peek() {
                Some((c, _)) if is_alphanumeric(c) => self.identifier(),
                Some((c, width)) => {
                    self.pos += width;
                    self.fail(format!("unrecognized character in action: {}", code_point(c)))
                }
                None => self.fail("unclosed action"),
            };
        }
        self.pos += 1;
        match byte {
            b'=' => self.emit(Kind::Assign),
            b':' => {
                if self.peek_byte() == Some(b'=') {
                    self.pos += 1;
                    self.emit(Kind::Declare)
                } else {
                    self.fail("expected :=")
                }
            }
            b'|' => self.emit(Kind::Pipe),
            b'"' => self.quoted(b'"', Kind::String, "unterminated quoted string"),
            b'`' => match memchr::memchr(b'`', self.rest()) {
                Some(x) => {
                    self.pos += x + 1;
                    self.emit(Kind::RawString)
                }
                None => self.fail("unterminated raw quoted string"),
            },
            b'$' => self.field_or_variable(Kind::Variable),
            b'\'' => self.quoted(b'\'', Kind::CharConstant, "unterminated character constant"),
            b'.' if self.peek_byte().is_some_and(|b| !b.is_ascii_digit()) => {
                self.field_or_variable(Kind::Field)
            }
            b'.' | b'+' | b'-' | b'0'..=b'9' => {
                self.pos -= 1;
                self.number()
            }
            b'(' => {
                self.parens += 1;
                self.emit(Kind::LeftParen)
            }
            b')' => match self.parens.checked_sub(1) {
                Some(parens) => {
                    self.parens = parens;
                    self.emit(Kind::RightParen)
                }
                None => self.fail("unexpected right paren"),
            },
            _ if byte == b'_' || byte.is_ascii_alphanumeric() => {
                self.pos -= 1;
                self.identifier()
            }
            _ if is_print(char::from(byte)) => self.emit(Kind::Char),
            _ => self.fail(format!("unrecognized character in action: {}", code_point(char::from(byte)))),
        }
    }

    /// Space; the last one may belong to a closing delimiter with a trim marker.
    fn space(&mut self) -> Token {
        let first = self.pos;
        self.skip_space();
        if self.rest().starts_with(b"-}}") {
            self.pos -= 1;
            if self.pos == first {
                return self.right_delim(true);
            }
        }
        self.emit(Kind::Space)
    }

    fn skip_name(&mut self) {
        while let Some(byte) = self.peek_byte() {
            if byte == b'_' || byte.is_ascii_alphanumeric() {
                self.pos += 1;
                continue;
            }
            if byte < 0x80 {
                break;
            }
            let (c, width) = decode(self.rest());
            if !is_alphanumeric(c) {
                break;
            }
            self.pos += width;
        }
    }

    /// Whether a name may end here.
    fn at_terminator(&self) -> bool {
        match self.peek_byte() {
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(') => true,
            _ => self.rest().starts_with(RIGHT),
        }
    }

    fn bad_character(&mut self) -> Token {
        let c = self.peek().map_or(char::REPLACEMENT_CHARACTER, |(c, _)| c);
        self.fail(format!("bad character {}", code_point(c)))
    }

    fn identifier(&mut self) -> Token {
        self.skip_name();
        if !self.at_terminator() {
            return self.bad_character();
        }
        let kind = match &self.input[self.start..self.pos] {
            b"block" => Kind::Block,
            b"break" if !self.words.break_is_function => Kind::Break,
            b"continue" if !self.words.continue_is_function => Kind::Continue,
            b"define" => Kind::Define,
            b"else" => Kind::Else,
            b"end" => Kind::End,
            b"if" => Kind::If,
            b"range" => Kind::Range,
            b"nil" => Kind::Nil,
            b"template" => Kind::Template,
            b"with" => Kind::With,
            b"true" | b"false" => Kind::Bool,
            _ => Kind::Identifier,
        };
        self.emit(kind)
    }

    fn field_or_variable(&mut self, kind: Kind) -> Token {
        if self.at_terminator() {
            return self.emit(if kind == Kind::Field { Kind::Dot } else { kind });
        }
        self.skip_name();
        if !self.at_terminator() {
            return self.bad_character();
        }
        self.emit(kind)
    }

    fn quoted(&mut self, quote: u8, kind: Kind, unterminated: &str) -> Token {
        loop {
            let Some(byte) = self.peek_byte() else {
                return self.fail(unterminated);
            };
            self.pos += 1;
            match byte {
                b'\\' => match self.peek_byte() {
                    None | Some(b'\n') => return self.fail(unterminated),
                    Some(_) => self.pos += 1,
                },
                b'\n' => return self.fail(unterminated),
                b if b == quote => return self.emit(kind),
                _ => {}
            }
        }
    }

    fn number(&mut self) -> Token {
        let mut kind = Kind::Number;
        let mut good = self.scan_number();
        if good && matches!(self.peek_byte(), Some(b'+' | b'-')) {
            kind = Kind::Complex;
            good = self.scan_number() && self.input[self.pos - 1] == b'i';
        }
        if good {
            return self.emit(kind);
        }
        let text = quoted(&self.input[self.start..self.pos]);
        self.fail(format!("bad number syntax: {text}"))
    }

    fn accept(&mut self, set: &[u8]) -> bool {
        let found = self.peek_byte().is_some_and(|b| set.contains(&b));
        self.pos += usize::from(found);
        found
    }

    fn accept_run(&mut self, set: &[u8]) {
        while self.accept(set) {}
    }

    /// One number; whether no name runs into it.
    fn scan_number(&mut self) -> bool {
        const DECIMAL: &[u8] = b"0123456789_";
        const HEX: &[u8] = b"0123456789abcdefABCDEF_";
        self.accept(b"+-");
        let mut digits = DECIMAL;
        if self.accept(b"0") {
            if self.accept(b"xX") {
                digits = HEX;
            } else if self.accept(b"oO") {
                digits = b"01234567_";
            } else if self.accept(b"bB") {
                digits = b"01_";
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        if digits == DECIMAL && self.accept(b"eE") || digits == HEX && self.accept(b"pP") {
            self.accept(b"+-");
            self.accept_run(DECIMAL);
        }
        self.accept(b"i");
        if let Some((c, width)) = self.peek().filter(|(c, _)| is_alphanumeric(*c)) {
            debug_assert!(is_alphanumeric(c));
            self.pos += width;
            return false;
        }
        true
    }
}

/// `%#U` of a character: `U+201C '“'`.
fn code_point(c: char) -> String {
    let code = format!("U+{:04X}", c as u32);
    if is_print(c) { format!("{code} '{c}'") } else { code }
}

/// Where the first delimiter is.
fn left_delim(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(b'{', &text[from..])?;
        if text.get(at + 1) == Some(&b'{') {
            return Some(at);
        }
        from = at + 1;
    }
}

/// The space that trim markers and actions know.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn has_left_trim(text: &[u8]) -> bool {
    matches!(text, [b'-', space, ..] if is_space(*space))
}
