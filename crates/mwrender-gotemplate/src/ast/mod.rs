//! The parsed template. Positions are those that Go's messages show, not always where a node begins.

mod print;

use crate::source::{Source, Span};
use crate::value::Str;

/// One named template.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Its name, which is not that of the source for what `define` and `block` make.
    pub(crate) name: Box<str>,
    pub(crate) source: Source,
    pub(crate) root: List,
}

/// Nodes one after the other.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) nodes: Box<[Node]>,
}

/// What stands between texts, and the texts.
#[derive(Debug)]
pub(crate) enum Node {
    Text(Span),
    Action(Action),
    Break(u32),
    Continue(u32),
    Branch(Box<Branch>),
    Template(Box<Call>),
}

/// `{{pipeline}}`.
#[derive(Debug)]
pub(crate) struct Action {
    pub(crate) pos: u32,
    pub(crate) pipe: Pipe,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BranchKind {
    If,
    With,
    Range,
}

/// `if`, `with` and `range`.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) kind: BranchKind,
    pub(crate) pipe: Pipe,
    pub(crate) list: List,
    pub(crate) otherwise: Option<List>,
    /// Variables of the surroundings that the branch may assign: what tracking has to know.
    pub(crate) assigned: Box<[u32]>,
    /// Whether a `break` or `continue` in it leaves a loop around it.
    pub(crate) jumps: bool,
}

/// `{{template "name" pipeline}}`, also what is left of a `block`.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) pos: u32,
    pub(crate) name: Box<str>,
    pub(crate) pipe: Option<Pipe>,
}

/// Commands joined by `|`, perhaps with declared or assigned variables.
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) pos: u32,
    pub(crate) assign: bool,
    pub(crate) decl: Box<[Variable]>,
    pub(crate) commands: Box<[Command]>,
}

/// An operand with its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) args: Box<[Expr]>,
}

/// A variable, with the fields that follow it.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) pos: u32,
    /// The number that the source gave to this name.
    pub(crate) id: u32,
    pub(crate) name: Span,
    pub(crate) fields: Box<[Span]>,
}

/// An operand.
#[derive(Debug)]
pub(crate) enum Expr {
    Bool(u32, bool),
    Dot(u32),
    Nil(u32),
    Number(Box<Number>),
    String(Box<Literal>),
    Field(u32, Box<[Span]>),
    Variable(Box<Variable>),
    Function { span: Span, index: u32 },
    Chain(Box<Chain>),
    Pipe(Box<Pipe>),
}

/// `"..."` or `` `...` ``.
#[derive(Debug)]
pub(crate) struct Literal {
    pub(crate) span: Span,
    pub(crate) text: Str,
}

/// `(pipeline).Field` or `function.Field`.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) pos: u32,
    pub(crate) base: Expr,
    pub(crate) fields: Box<[Span]>,
}

/// A number, in each kind that can hold it.
#[derive(Debug)]
pub(crate) struct Number {
    pub(crate) span: Span,
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<(f64, f64)>,
    /// What it is where no kind is asked for.
    pub(crate) ideal: Ideal,
}

/// The kind of an untyped constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ideal {
    Int,
    Float,
    Complex,
    /// An integer that only an unsigned kind can hold.
    Overflow,
}

impl Expr {
    /// The byte offset that messages show.
    pub(crate) fn pos(&self) -> u32 {
        match self {
            Expr::Bool(pos, _) | Expr::Dot(pos) | Expr::Nil(pos) | Expr::Field(pos, _) => *pos,
            Expr::Number(n) => n.span.start,
            Expr::String(s) => s.span.start,
            Expr::Variable(v) => v.pos,
            Expr::Function { span, .. } => span.start,
            Expr::Chain(c) => c.pos,
            Expr::Pipe(p) => p.pos,
        }
    }
}

impl Node {
    /// The byte offset that messages show.
    pub(crate) fn pos(&self) -> u32 {
        match self {
            Node::Text(span) => span.start,
            Node::Action(a) => a.pos,
            Node::Break(pos) | Node::Continue(pos) => *pos,
            Node::Branch(b) => b.pipe.pos,
            Node::Template(t) => t.pos,
        }
    }
}

impl List {
    /// Whether there is nothing but space: such a definition replaces none.
    pub(crate) fn is_blank(&self, source: &Source) -> bool {
        self.nodes.iter().all(|n| match n {
            Node::Text(span) => is_space(source.slice(*span)),
            _ => false,
        })
    }
}

/// Whether all characters are space in Unicode's sense, as for Go's `bytes.TrimSpace`.
fn is_space(bytes: &[u8]) -> bool {
    bytes.trim_ascii().is_empty()
        || std::str::from_utf8(bytes).is_ok_and(|s| {
            // Rust's white space is Unicode's, as Go's is
            s.chars().all(char::is_whitespace)
        })
}
