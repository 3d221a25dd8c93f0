//! The parsed template, for programs that analyse templates: [`Set::tree`](crate::Set::tree) gives it.
//!
//! Positions are byte offsets in the source; they are those that Go's messages show, not always where a node begins.
//! Names are [spans](Span), whose text [`Source::name_at`] and [`Source::slice`] give.

mod print;

pub use crate::source::Span;

use crate::source::Source;
use crate::value::Str;

/// One named template.
#[derive(Debug)]
pub struct Tree {
    /// Its name, which is not that of the source for what `define` and `block` make.
    pub name: Box<str>,
    /// Where its name stands in `define` or `block`; 0 for the tree of the whole source.
    pub pos: u32,
    /// The text that it was parsed from.
    pub source: Source,
    /// What it holds.
    pub root: List,
}

/// Nodes one after the other.
#[derive(Debug)]
pub struct List {
    /// The nodes in order.
    pub nodes: Box<[Node]>,
}

/// What stands between texts, and the texts.
#[derive(Debug)]
pub enum Node {
    /// Text that is printed as it is.
    Text(Span),
    /// `{{pipeline}}`.
    Action(Action),
    /// `{{break}}`, with its place.
    Break(u32),
    /// `{{continue}}`, with its place.
    Continue(u32),
    /// `if`, `with` and `range`.
    Branch(Box<Branch>),
    /// `{{template}}`.
    Template(Box<Call>),
}

/// `{{pipeline}}`.
#[derive(Debug)]
pub struct Action {
    /// Where it is.
    pub pos: u32,
    /// What is printed, unless it declares a variable.
    pub pipe: Pipe,
}

/// The keyword of a [`Branch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchKind {
    /// `if`.
    If,
    /// `with`.
    With,
    /// `range`.
    Range,
}

/// `if`, `with` and `range`.
#[derive(Debug)]
pub struct Branch {
    /// The keyword.
    pub kind: BranchKind,
    /// The condition, or what is gone through.
    pub pipe: Pipe,
    /// What is executed if the condition holds, or for each item.
    pub list: List,
    /// What follows `{{else}}`; another branch where that is `{{else if}}` or `{{else with}}`.
    pub otherwise: Option<List>,
    /// Variables of the surroundings that the branch may assign: what tracking has to know.
    pub(crate) assigned: Box<[u32]>,
    /// Whether a `break` or `continue` in it leaves a loop around it.
    pub(crate) jumps: bool,
}

/// `{{template "name" pipeline}}`, also what is left of a `block`.
#[derive(Debug)]
pub struct Call {
    /// Where it is.
    pub pos: u32,
    /// The template.
    pub name: Box<str>,
    /// What it gets as its data.
    pub pipe: Option<Pipe>,
}

/// Commands joined by `|`, perhaps with declared or assigned variables.
#[derive(Debug)]
pub struct Pipe {
    /// Where it is.
    pub pos: u32,
    /// Whether the variables are assigned (`=`) and not declared (`:=`).
    pub assign: bool,
    /// The variables before the commands.
    pub decl: Box<[Variable]>,
    /// The commands; each gets the result of the one before it as its last argument.
    pub commands: Box<[Command]>,
}

/// An operand with its arguments.
#[derive(Debug)]
pub struct Command {
    /// A function or a value, and its arguments.
    pub args: Box<[Expr]>,
}

/// A variable, with the fields that follow it.
#[derive(Debug)]
pub struct Variable {
    /// Where it is.
    pub pos: u32,
    /// The number that the source gave to this name.
    pub(crate) id: u32,
    /// Its name with the `$`.
    pub name: Span,
    /// The fields behind it.
    pub fields: Box<[Span]>,
}

/// An operand.
#[derive(Debug)]
pub enum Expr {
    /// `true` or `false`.
    Bool(u32, bool),
    /// `.`
    Dot(u32),
    /// `nil`
    Nil(u32),
    /// A number or a character.
    Number(Box<Number>),
    /// A string.
    String(Box<Literal>),
    /// `.a.b`
    Field(u32, Box<[Span]>),
    /// `$x` or `$x.a.b`.
    Variable(Box<Variable>),
    /// The name of a function.
    Function {
        /// The name.
        span: Span,
        /// Its place in the table of functions.
        index: u32,
    },
    /// Fields of something else than dot or a variable.
    Chain(Box<Chain>),
    /// A pipeline in parentheses.
    Pipe(Box<Pipe>),
}

/// `"..."` or `` `...` ``.
#[derive(Debug)]
pub struct Literal {
    /// Where it is, quotes included.
    pub span: Span,
    /// What it means.
    pub text: Str,
}

/// `(pipeline).Field` or `function.Field`.
#[derive(Debug)]
pub struct Chain {
    /// Where its first field is.
    pub pos: u32,
    /// What the fields are of.
    pub base: Expr,
    /// The fields.
    pub fields: Box<[Span]>,
}

/// A number, in each kind that can hold it.
#[derive(Debug)]
pub struct Number {
    /// Where it is.
    pub span: Span,
    /// It as an integer.
    pub int: Option<i64>,
    /// It as an integer without sign.
    pub uint: Option<u64>,
    /// It as a float.
    pub float: Option<f64>,
    /// Its real and imaginary parts.
    pub complex: Option<(f64, f64)>,
    /// What it is where no kind is asked for.
    pub ideal: Ideal,
}

/// The kind of an untyped constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ideal {
    /// An integer.
    Int,
    /// A float.
    Float,
    /// A complex number.
    Complex,
    /// An integer that only an unsigned kind can hold.
    Overflow,
}

impl Expr {
    /// The byte offset that messages show.
    pub fn pos(&self) -> u32 {
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
    pub fn pos(&self) -> u32 {
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
    pub fn is_blank(&self, source: &Source) -> bool {
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
