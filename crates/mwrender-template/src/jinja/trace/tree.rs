//! Templates as the tracing evaluator reads them: minijinja's own syntax tree, owned, with places and with what is
//! known before a run.
//!
//! minijinja parses; this only copies. Everything that knows its unstable tree is in [`lower`](super::lower).

use minijinja::Value as Jinja;
use mwrender_diagnostic::Pos;
use std::collections::HashMap;
use std::sync::Arc;

/// The templates of a chart by name.
#[derive(Debug, Default)]
pub(in crate::jinja) struct Tree {
    pub(super) templates: HashMap<Arc<str>, Template>,
}

/// One template.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) body: Vec<Stmt>,
    /// The blocks in it, at any depth.
    pub(super) blocks: Vec<(Arc<str>, Arc<Vec<Stmt>>)>,
    /// What it sets in the scope that includes it.
    pub(super) sets: Sets,
}

/// A statement.
#[derive(Debug)]
pub(super) enum Stmt {
    /// Text, as runs that begin at the first visible character of a line, each with its place.
    Raw(Vec<(Pos, Box<str>)>),
    /// `{{ expression }}`.
    Print(Expr),
    If(Box<If>),
    For(Arc<For>),
    With(Vec<(Expr, Expr)>, Vec<Stmt>),
    Set(Expr, Expr),
    SetBlock {
        target: Expr,
        filter: Option<Expr>,
        body: Vec<Stmt>,
    },
    Filter {
        filter: Expr,
        body: Vec<Stmt>,
    },
    /// Statements in the same scope: `autoescape`, which changes nothing for text.
    Group(Vec<Stmt>),
    Block(Arc<str>, Arc<Vec<Stmt>>),
    Import {
        from: Expr,
        name: Expr,
    },
    FromImport {
        from: Expr,
        names: Vec<(Expr, Expr)>,
    },
    Extends(Expr),
    Include {
        at: Pos,
        name: Expr,
        ignore_missing: bool,
    },
    Macro(Arc<Macro>),
    /// `{% call %}`: the call, and what `caller()` is in it.
    Call(Expr, Arc<Macro>),
    Do(Expr),
    Continue,
    Break,
}

/// A condition.
#[derive(Debug)]
pub(super) struct If {
    pub(super) test: Expr,
    pub(super) yes: Vec<Stmt>,
    pub(super) no: Vec<Stmt>,
    /// What some branch sets.
    pub(super) sets: Sets,
    /// Whether each branch writes whole lines, if it begins at the start of one.
    pub(super) whole_lines: bool,
    /// Whether a `continue` or `break` of the loop around is in it.
    pub(super) jumps: bool,
    /// Whether it is a `break`.
    pub(super) breaks: bool,
}

/// A loop.
#[derive(Debug)]
pub(super) struct For {
    pub(super) target: Expr,
    pub(super) over: Expr,
    pub(super) filter: Option<Expr>,
    pub(super) body: Vec<Stmt>,
    pub(super) otherwise: Vec<Stmt>,
    pub(super) recursive: bool,
    pub(super) sets: Sets,
    pub(super) whole_lines: bool,
}

/// Names that statements set in the scope that they stand in.
#[derive(Clone, Debug, Default)]
pub(super) struct Sets {
    /// Variables.
    pub(super) variables: Vec<Arc<str>>,
    /// Fields of namespaces: the variable, and the field.
    pub(super) fields: Vec<(Arc<str>, Arc<str>)>,
    /// Templates that are included: what they set is set, too.
    pub(super) includes: Vec<Arc<str>>,
}

/// A macro, or what stands in a `{% call %}`.
#[derive(Debug)]
pub(super) struct Macro {
    pub(super) name: Arc<str>,
    pub(super) parameters: Vec<(Arc<str>, Option<Expr>)>,
    pub(super) body: Vec<Stmt>,
    /// Names that it takes from around it.
    pub(super) free: Vec<Arc<str>>,
    /// Whether it asks for `caller`.
    pub(super) calls_back: bool,
}

/// An expression and its place.
#[derive(Debug)]
pub(super) struct Expr {
    pub(super) at: Pos,
    pub(super) kind: ExprKind,
}

/// What an expression is.
#[derive(Debug)]
pub(super) enum ExprKind {
    Const(Jinja),
    Var(Arc<str>),
    /// The value, from, to, step.
    Slice(Box<[Option<Expr>; 4]>),
    Not(Box<Expr>),
    Neg(Box<Expr>),
    And(Box<(Expr, Expr)>),
    Or(Box<(Expr, Expr)>),
    Binary(Operator, Box<(Expr, Expr)>),
    Compare(Box<Expr>, Vec<(Operator, Expr)>),
    /// The test, the value if it holds, the value if not.
    If(Box<(Expr, Expr, Option<Expr>)>),
    /// Without a value, it is applied to the text of its block.
    Filter(Arc<str>, Option<Box<Expr>>, Vec<Argument>),
    Test(Arc<str>, Box<Expr>, Vec<Argument>),
    Attribute(Box<Expr>, Arc<str>),
    Item(Box<(Expr, Expr)>),
    Call(Box<Callee>, Vec<Argument>),
    List(Vec<Expr>),
    Tuple(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
}

/// What is called.
#[derive(Debug)]
pub(super) enum Callee {
    Function(Arc<str>),
    Method(Expr, Arc<str>),
    Block(Arc<str>),
    Object(Expr),
}

/// An argument of a call.
#[derive(Debug)]
pub(super) enum Argument {
    Position(Expr),
    Name(Arc<str>, Expr),
    Positions(Expr),
    Names(Expr),
}

/// An operator over two values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operator {
    Add,
    Sub,
    Mul,
    Div,
    FloorDiv,
    Rem,
    Pow,
    Concat,
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
    In,
    NotIn,
}

impl Operator {
    /// How minijinja spells it.
    pub(super) const fn spelling(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Sub => "-",
            Operator::Mul => "*",
            Operator::Div => "/",
            Operator::FloorDiv => "//",
            Operator::Rem => "%",
            Operator::Pow => "**",
            Operator::Concat => "~",
            Operator::Eq => "==",
            Operator::Ne => "!=",
            Operator::Lt => "<",
            Operator::Lte => "<=",
            Operator::Gt => ">",
            Operator::Gte => ">=",
            Operator::In => "in",
            Operator::NotIn => "not in",
        }
    }
}
