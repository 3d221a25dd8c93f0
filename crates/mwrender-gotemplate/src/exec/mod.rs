//! The executor: it walks a tree, evaluates pipelines and prints what they return.

mod arg;
mod call;
mod context;
mod eval;
mod field;
mod range;
mod run;
mod text;
mod track;
mod walk;

pub use context::Context;
pub use run::{Output, Run};
pub use text::TextBuilder;

pub(crate) use call::prepare;

use crate::ast::{Command, Expr, Node, Pipe, Tree};
use crate::error::{Error, ErrorKind, Frame};
use crate::go::quote::quoted;
use crate::set::Set;
use crate::source::Source;
use crate::trace::Origin;
use crate::value::Value;

type Res<T> = Result<T, Error>;

/// Go's limit for templates that call each other; ours is the stack, and says the same.
const DEPTH: usize = 100_000;

/// What message positions refer to: the node that the executor last turned to.
#[derive(Clone, Copy)]
enum At<'s> {
    Node(&'s Node),
    Pipe(&'s Pipe),
    Command(&'s Command),
    Expr(&'s Expr),
}

impl At<'_> {
    fn pos(self) -> u32 {
        match self {
            At::Node(node) => node.pos(),
            At::Pipe(pipe) => pipe.pos,
            At::Command(command) => command.args.first().map_or(0, Expr::pos),
            At::Expr(expr) => expr.pos(),
        }
    }

    fn print(self, source: &Source) -> String {
        let mut out = Vec::new();
        match self {
            At::Node(node) => node.print(&mut out, source),
            At::Pipe(pipe) => pipe.print(&mut out, source),
            At::Command(command) => command.print(&mut out, source),
            At::Expr(expr) => expr.print(&mut out, source),
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

/// A variable on the stack, by the number that the source gave to its name.
struct Variable {
    id: u32,
    value: Value,
}

/// `$` in every source.
const ROOT: u32 = 0;

/// The state of one execution.
struct Exec<'s, 'r> {
    set: &'s Set,
    tree: &'s Tree,
    run: &'r mut Run,
    at: Option<At<'s>>,
    vars: Vec<Variable>,
    /// Where the variables of the current template begin.
    base: usize,
    depth: usize,
    out: Output,
}

/// Executes a template of the set.
pub(crate) fn execute(set: &Set, name: &str, data: &Value, run: &mut Run) -> Res<Output> {
    let Some(tree) = set.tree(name) else {
        let text = format!(
            "template: no template {} associated with template {}",
            quoted(name.as_bytes()),
            quoted(set.label().as_bytes())
        );
        return Err(Error::plain(ErrorKind::NoTemplate, text));
    };
    let outermost = run.begin();
    let mut data = data.clone();
    data.iface = false;
    data.copy_struct();
    let surroundings = (run.when, run.caller);
    let mut exec = Exec {
        set,
        tree,
        run,
        at: None,
        vars: vec![Variable { id: ROOT, value: data.clone() }],
        base: 0,
        depth: 0,
        out: Output::default(),
    };
    let result = exec.walk_list(&data, &tree.root);
    let output = std::mem::take(&mut exec.out);
    (run.when, run.caller) = surroundings;
    run.end(outermost);
    result.map(|_| output)
}

impl<'s> Exec<'s, '_> {
    fn error(&self, message: impl Into<String>) -> Error {
        self.error_about(ErrorKind::Execute, message.into(), None, Vec::new())
    }

    fn error_about(
        &self,
        kind: ErrorKind,
        message: String,
        inner: Option<Error>,
        origins: Vec<Origin>,
    ) -> Error {
        let frame = Frame {
            template: self.tree.name.to_string(),
            source: self.tree.source.clone(),
            offset: self.at.map_or(0, At::pos),
            node: self.at.map(|at| at.print(&self.tree.source)).unwrap_or_default(),
        };
        Error::at(kind, frame, message, inner, origins)
    }

    /// Takes the cost of one step.
    fn step(&mut self) -> Res<()> {
        self.charge(1)
    }

    fn charge(&mut self, steps: u64) -> Res<()> {
        if self.run.take(steps) {
            Ok(())
        } else {
            Err(self.error_about(
                ErrorKind::Fuel,
                "execution takes too many steps".to_owned(),
                None,
                Vec::new(),
            ))
        }
    }

    fn check_stack(&self) -> Res<()> {
        if self.run.is_full() {
            let message = "expressions and templates nest too deeply".to_owned();
            return Err(self.error_about(ErrorKind::Depth, message, None, Vec::new()));
        }
        Ok(())
    }

    fn push(&mut self, id: u32, value: Value) {
        self.vars.push(Variable { id, value });
    }

    fn find(&mut self, id: u32) -> Option<&mut Variable> {
        self.vars[self.base..].iter_mut().rev().find(|v| v.id == id)
    }

    fn set_variable(&mut self, variable: &'s crate::ast::Variable, value: Value) -> Res<()> {
        match self.find(variable.id) {
            Some(found) => {
                found.value = value;
                Ok(())
            }
            None => Err(self.undefined(variable)),
        }
    }

    fn undefined(&self, variable: &crate::ast::Variable) -> Error {
        self.error(format!("undefined variable: {}", self.tree.source.name_at(variable.name)))
    }
}
