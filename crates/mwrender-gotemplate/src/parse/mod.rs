//! The parser: from tokens to trees. Its errors have Go's words and lines.

mod control;
mod expr;
mod number;

use std::collections::HashMap;

use crate::ast::{BranchKind, Command, Expr, List, Node, Tree};
use crate::error::Error;
use crate::func::Funcs;
use crate::go::quote::{quote_into, quoted, unquote};
use crate::go::unicode::decode;
use crate::lex::{Kind, Lexer, Token, Words};
use crate::source::{Source, Span};
use crate::stack::Stack;

/// What recursion of the parser may use; dropping and printing a tree use less.
const STACK: usize = 768 * 1024;

/// Parses a source into its trees: the one of the source's name and those of `define` and `block`.
pub(crate) fn parse(source: &Source, funcs: &Funcs, parentheses: usize) -> Result<Vec<Tree>, Error> {
    if u32::try_from(source.text().len()).is_err() {
        return Err(Error::parse(source, 1, "text of 4 GiB or more"));
    }
    let words = Words {
        break_is_function: funcs.contains("break"),
        continue_is_function: funcs.contains("continue"),
    };
    let mut parser = Parser {
        source,
        funcs,
        lexer: Lexer::new(source.text(), words),
        tokens: [Token { kind: Kind::Eof, span: Span { start: 0, end: 0 } }; 3],
        peeked: 0,
        scope: Scope::default(),
        names: HashMap::new(),
        trees: Vec::new(),
        nodes: Vec::new(),
        commands: Vec::new(),
        args: Vec::new(),
        stack: Stack::new(STACK),
        parentheses,
    };
    let name = parser.variable_id(b"$");
    parser.scope.declare(name);
    parser.top()?;
    Ok(parser.trees)
}

/// What belongs to one tree while it is parsed.
#[derive(Default)]
struct Scope {
    /// Variables in the order of their declaration.
    vars: Vec<u32>,
    /// How often each of them is in `vars`.
    live: Vec<u32>,
    /// Where the action that is being parsed starts.
    action: Option<u32>,
    ranges: usize,
    /// The `if`, `with` and `range` that are open, with what they assign.
    open: Vec<Open>,
}

struct Open {
    kind: BranchKind,
    assigned: Vec<u32>,
    jumps: bool,
}

impl Scope {
    fn declare(&mut self, id: u32) {
        self.vars.push(id);
        let at = id as usize;
        if self.live.len() <= at {
            self.live.resize(at + 1, 0);
        }
        self.live[at] += 1;
    }

    fn pop_to(&mut self, length: usize) {
        for id in self.vars.drain(length..) {
            self.live[id as usize] -= 1;
        }
    }

    fn knows(&self, id: u32) -> bool {
        self.live.get(id as usize).is_some_and(|n| *n > 0)
    }
}

struct Parser<'s> {
    source: &'s Source,
    funcs: &'s Funcs,
    lexer: Lexer<'s>,
    /// Look-ahead of three tokens; the last one read is the first here, and gives messages their line.
    tokens: [Token; 3],
    peeked: usize,
    scope: Scope,
    names: HashMap<&'s [u8], u32>,
    trees: Vec<Tree>,
    // parts of what is still open, each behind those of what is around it
    nodes: Vec<Node>,
    commands: Vec<Command>,
    args: Vec<Expr>,
    stack: Stack,
    /// How many more parentheses may be open.
    parentheses: usize,
}

/// What ends a list of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    End,
    Else,
}

impl Stop {
    fn text(self) -> &'static str {
        match self {
            Stop::End => "{{end}}",
            Stop::Else => "{{else}}",
        }
    }
}

/// A node, or what ends the list that it would be in.
enum Item {
    Node(Node),
    Stop(Stop),
}

impl<'s> Parser<'s> {
    fn next(&mut self) -> Token {
        if self.peeked > 0 {
            self.peeked -= 1;
        } else {
            self.tokens[0] = self.lexer.next();
        }
        self.tokens[self.peeked]
    }

    fn backup(&mut self) {
        self.peeked += 1;
    }

    /// Gives back the last token, and `earlier` before it.
    fn backup2(&mut self, earlier: Token) {
        self.tokens[1] = earlier;
        self.peeked = 2;
    }

    fn backup3(&mut self, first: Token, second: Token) {
        self.tokens[1] = second;
        self.tokens[2] = first;
        self.peeked = 3;
    }

    fn peek(&mut self) -> Token {
        if self.peeked == 0 {
            self.peeked = 1;
            self.tokens[0] = self.lexer.next();
        }
        self.tokens[self.peeked - 1]
    }

    fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_non_space(&mut self) -> Token {
        let token = self.next_non_space();
        self.backup();
        token
    }

    fn line(&self, pos: u32) -> usize {
        self.source.line_column(pos).0
    }

    fn fail(&self, message: impl AsRef<str>) -> Error {
        Error::parse(self.source, self.line(self.tokens[0].span.start), message.as_ref())
    }

    fn check_depth(&self) -> Result<(), Error> {
        if self.stack.is_full() { Err(self.fail("max expression depth exceeded")) } else { Ok(()) }
    }

    fn text(&self, token: Token) -> &'s [u8] {
        self.source.slice(token.span)
    }

    /// A token as messages show it.
    fn show(&self, token: Token) -> String {
        let text = self.text(token);
        match token.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Error => self.lexer.error().to_owned(),
            kind if kind.is_keyword() => format!("<{}>", String::from_utf8_lossy(text)),
            _ if text.len() > 10 => {
                let mut end = 0;
                for _ in 0..10 {
                    if end < text.len() {
                        end += decode(&text[end..]).1;
                    }
                }
                let mut out = Vec::new();
                quote_into(&mut out, &text[..end], b'"', false);
                out.extend_from_slice(b"...");
                String::from_utf8_lossy(&out).into_owned()
            }
            _ => quoted(text),
        }
    }

    fn unexpected(&self, token: Token, context: &str) -> Error {
        let shown = self.show(token);
        if token.kind != Kind::Error {
            return self.fail(format!("unexpected {shown} in {context}"));
        }
        let mut extra = String::new();
        if let Some(start) = self.scope.action.map(|pos| self.line(pos))
            && start != self.line(token.span.start)
        {
            let action = if shown.ends_with(" action") { "" } else { " in action" };
            extra = format!("{action} started at {}:{start}", self.source.name());
        }
        self.fail(format!("{shown}{extra}"))
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Result<Token, Error> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(token) } else { Err(self.unexpected(token, context)) }
    }

    fn unquote(&self, token: Token) -> Result<Vec<u8>, Error> {
        unquote(self.text(token)).ok_or_else(|| self.fail("invalid syntax"))
    }

    /// The number of a variable's name in this source.
    fn variable_id(&mut self, name: &'s [u8]) -> u32 {
        let next = self.names.len() as u32;
        *self.names.entry(name).or_insert(next)
    }

    /// The whole source.
    fn top(&mut self) -> Result<(), Error> {
        loop {
            let token = self.peek();
            if token.kind == Kind::Eof {
                break;
            }
            if token.kind == Kind::LeftDelim {
                let delim = self.next();
                if self.next_non_space().kind == Kind::Define {
                    self.definition()?;
                    continue;
                }
                self.backup2(delim);
            }
            match self.text_or_action()? {
                Item::Node(node) => self.nodes.push(node),
                Item::Stop(stop) => return Err(self.fail(format!("unexpected {}", stop.text()))),
            }
        }
        let nodes = self.nodes.drain(..).collect();
        self.add(self.source.name().into(), 0, List { nodes })
    }

    /// `{{define "name"}}...{{end}}`, from behind the keyword.
    fn definition(&mut self) -> Result<(), Error> {
        const CONTEXT: &str = "define clause";
        // a tree of its own, also for the messages
        let outer = self.new_scope();
        let token = self.next_non_space();
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return Err(self.unexpected(token, CONTEXT));
        }
        let name = self.unquote(token)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        self.tree((String::from_utf8_lossy(&name).into(), token.span.start), CONTEXT, None)?;
        self.scope = outer;
        Ok(())
    }

    /// The nodes up to `{{end}}`, as a tree. A message about its end has the line of `clause`, or of the end.
    fn tree(
        &mut self,
        (name, pos): (Box<str>, u32),
        context: &str,
        clause: Option<Token>,
    ) -> Result<(), Error> {
        let (list, stop) = self.item_list()?;
        if stop != Stop::End {
            self.tokens[0] = clause.unwrap_or(self.tokens[0]);
            return Err(self.fail(format!("unexpected {} in {context}", stop.text())));
        }
        self.add(name, pos, list)
    }

    /// Begins a tree of its own and returns the surroundings.
    fn new_scope(&mut self) -> Scope {
        let outer = std::mem::take(&mut self.scope);
        let root = self.variable_id(b"$");
        self.scope.declare(root);
        outer
    }

    fn add(&mut self, name: Box<str>, pos: u32, root: List) -> Result<(), Error> {
        let tree = Tree { name, pos, source: self.source.clone(), root };
        match self.trees.iter_mut().find(|t| t.name == tree.name) {
            None => self.trees.push(tree),
            Some(old) if old.root.is_blank(self.source) => *old = tree,
            Some(_) if tree.root.is_blank(self.source) => {}
            Some(_) => {
                let name = quoted(tree.name.as_bytes());
                return Err(self.fail(format!("template: multiple definition of template {name}")));
            }
        }
        Ok(())
    }

    fn item_list(&mut self) -> Result<(List, Stop), Error> {
        let start = self.nodes.len();
        while self.peek_non_space().kind != Kind::Eof {
            match self.text_or_action()? {
                Item::Node(node) => self.nodes.push(node),
                Item::Stop(stop) => return Ok((List { nodes: self.nodes.drain(start..).collect() }, stop)),
            }
        }
        Err(self.fail("unexpected EOF"))
    }

    fn text_or_action(&mut self) -> Result<Item, Error> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Text => Ok(Item::Node(Node::Text(token.span))),
            Kind::LeftDelim => {
                self.check_depth()?;
                self.scope.action = Some(token.span.start);
                let item = self.action()?;
                self.scope.action = None;
                Ok(item)
            }
            _ => Err(self.unexpected(token, "input")),
        }
    }
}
