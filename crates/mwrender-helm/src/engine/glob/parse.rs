//! The text of a pattern as nodes.

use super::matcher::first;

/// The end of a pattern. A NUL byte reads the same, so it may end a pattern too.
const END: char = '\0';

/// A part of a pattern.
#[derive(Clone, PartialEq)]
pub(super) enum Node {
    Text(String),
    /// `*`.
    Any,
    /// `**`.
    Super,
    /// `?`.
    Single,
    Set(Set),
    /// `{a,b}`.
    AnyOf(Vec<Vec<Node>>),
    /// Parts which belong together; only in what [`super::compile`] makes of alternatives.
    Pattern(Vec<Node>),
}

/// `[abc]`, `[a-c]` and their opposites.
#[derive(Clone, PartialEq)]
pub(super) struct Set {
    pub(super) members: Members,
    pub(super) not: bool,
}

#[derive(Clone, PartialEq)]
pub(super) enum Members {
    List(Vec<char>),
    Range(char, char),
}

impl Set {
    pub(super) fn has(&self, c: char) -> bool {
        let member = match &self.members {
            Members::List(list) => list.contains(&c),
            Members::Range(low, high) => (*low..=*high).contains(&c),
        };
        member != self.not
    }
}

/// Reads a pattern; `None` if it is none.
pub(super) fn parse(pattern: &[u8]) -> Option<Vec<Node>> {
    Some(Reader { rest: pattern, depth: 0 }.sequence()?.0)
}

/// What a sequence of nodes ended at.
#[derive(PartialEq)]
enum Stop {
    End,
    Comma,
    Close,
}

struct Reader<'a> {
    rest: &'a [u8],
    /// The number of open braces.
    depth: usize,
}

impl Reader<'_> {
    /// The next character; `None` where the pattern is not UTF-8 or has U+FFFD itself.
    fn peek(&self) -> Option<char> {
        match first(self.rest) {
            (_, 0) => Some(END),
            (char::REPLACEMENT_CHARACTER, _) => None,
            (c, _) => Some(c),
        }
    }

    fn read(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[first(self.rest).1..];
        Some(c)
    }

    fn sequence(&mut self) -> Option<(Vec<Node>, Stop)> {
        let mut nodes = Vec::new();
        loop {
            let before = self.rest;
            match self.read()? {
                END => {
                    self.rest = &[];
                    return Some((nodes, Stop::End));
                }
                '{' => nodes.push(self.alternatives()?),
                ',' if self.depth > 0 => return Some((nodes, Stop::Comma)),
                '}' if self.depth > 0 => return Some((nodes, Stop::Close)),
                '[' => nodes.push(self.set()?),
                '?' => nodes.push(Node::Single),
                '*' if self.peek()? == '*' => {
                    self.read();
                    nodes.push(Node::Super);
                }
                '*' => nodes.push(Node::Any),
                _ => {
                    self.rest = before;
                    let text = self.text(if self.depth > 0 { "?*[{}," } else { "?*[{" })?;
                    if !text.is_empty() {
                        nodes.push(Node::Text(text));
                    }
                }
            }
        }
    }

    /// Behind an opening brace; the closing one may be missing.
    fn alternatives(&mut self) -> Option<Node> {
        self.depth += 1;
        let mut alternatives = Vec::new();
        loop {
            let (nodes, stop) = self.sequence()?;
            alternatives.push(nodes);
            if stop != Stop::Comma {
                self.depth -= 1;
                return Some(Node::AnyOf(alternatives));
            }
        }
    }

    /// Behind an opening bracket. A range stands alone: `[a-z0-9]` is no set.
    fn set(&mut self) -> Option<Node> {
        let not = self.peek()? == '!';
        if not {
            self.read();
        }
        let before = self.rest;
        let low = self.read().filter(|c| *c != END)?;
        let members = if self.peek()? == '-' {
            self.read();
            let high = self.read().filter(|c| *c >= low)?;
            Members::Range(low, high)
        } else {
            self.rest = before;
            Members::List(self.text("]")?.chars().collect())
        };
        let empty = matches!(&members, Members::List(list) if list.is_empty());
        (self.read()? == ']' && !empty).then_some(Node::Set(Set { members, not }))
    }

    /// The text before one of some characters.
    fn text(&mut self, before: &str) -> Option<String> {
        let mut text = String::new();
        loop {
            let c = self.peek()?;
            if before.contains(c) {
                return Some(text);
            }
            self.read();
            let c = if c == '\\' { self.read()? } else { c };
            if c == END {
                return Some(text);
            }
            text.push(c);
        }
    }
}
