//! A traced run: its scopes, and what of values it knows.

use super::causes::{Causes, Chain, Set};
use super::text::{Kind, Text};
use super::tree::{Operator, Sets, Stmt, Tree};
use super::value::{Data, Missing, Turn, Val};
use minijinja::{Environment, Error, ErrorKind, Expression, State, Value as Jinja};
use mwrender_values::Value;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// How many statements and expressions a run may take.
const STEPS: u64 = 50_000_000;
/// How deep macros, includes and recursive loops may go: minijinja allows 125 macros in each other.
const DEPTH: usize = 500;

/// Why a run stopped.
#[derive(Debug)]
pub(in crate::jinja) struct Fault {
    pub(in crate::jinja) error: Error,
    pub(in crate::jinja) missing: Option<Missing>,
}

impl From<Error> for Box<Fault> {
    fn from(error: Error) -> Self {
        Box::new(Fault { error, missing: None })
    }
}

pub(super) type Result<T> = std::result::Result<T, Box<Fault>>;

/// An error that minijinja would have reported before.
pub(super) fn fault<T>(kind: ErrorKind, what: impl Into<String>) -> Result<T> {
    Err(Error::new(kind, what.into()).into())
}

/// A scope.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) locals: Vec<(Arc<str>, Val)>,
    pub(super) turn: Option<Rc<Turn>>,
    /// Where what is set here is set as well, for macros that were defined here.
    pub(super) closure: Option<usize>,
    /// The variables around the macro that runs here.
    pub(super) around: Option<usize>,
    /// Whether the context that the template was given is looked into.
    pub(super) base: bool,
}

/// The blocks of a name, the innermost template's first, and which of them runs.
pub(super) type Blocks = HashMap<Arc<str>, (Vec<Arc<Vec<Stmt>>>, usize)>;

/// The state of a run.
pub(super) struct Run<'p> {
    pub(super) tree: &'p Tree,
    env: &'p Environment<'static>,
    pub(super) state: State<'p, 'p>,
    operators: [Option<Expression<'p, 'static>>; 16],
    context: Val,
    pub(super) causes: Causes,
    pub(super) out: Text,
    /// What decided that the statement that runs does.
    pub(super) control: Set,
    /// What decided that the loop that runs goes on.
    pub(super) breaks: Set,
    /// The includes and calls around.
    pub(super) chain: Chain,
    pub(super) frames: Vec<Frame>,
    pub(super) closures: Vec<Vec<(Arc<str>, Val)>>,
    pub(super) blocks: Blocks,
    pub(super) block: Option<Arc<str>>,
    /// The template that the one that runs extends, and how long the text and its pieces were there.
    pub(super) extends: Option<(Arc<str>, usize, usize)>,
    /// What lists and maps depend on with all that is in them, by address; the values are kept for it to stay
    /// their own.
    pub(super) wholes: HashMap<usize, (Value, Set)>,
    steps: u64,
    pub(super) depth: usize,
}

impl<'p> Run<'p> {
    pub(super) fn new(tree: &'p Tree, env: &'p Environment<'static>, context: &Value) -> Self {
        let base = Frame { base: true, ..Frame::default() };
        Run {
            tree,
            env,
            state: env.empty_state(),
            operators: [const { None }; 16],
            context: Val::read(context.clone()),
            causes: Causes::default(),
            out: Text::default(),
            control: Set::EMPTY,
            breaks: Set::EMPTY,
            chain: Chain::default(),
            frames: vec![base],
            closures: Vec::new(),
            blocks: HashMap::new(),
            block: None,
            extends: None,
            wholes: HashMap::new(),
            steps: 0,
            depth: 0,
        }
    }

    /// Counts a step.
    pub(super) fn step(&mut self) -> Result<()> {
        self.steps += 1;
        if self.steps > STEPS { Err(Error::from(ErrorKind::OutOfFuel).into()) } else { Ok(()) }
    }

    /// Goes one level deeper.
    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= DEPTH {
            return fault(ErrorKind::InvalidOperation, "recursion limit exceeded");
        }
        self.depth += 1;
        let result = stacker::maybe_grow(256 * 1024, 1024 * 1024, || inner(self));
        self.depth -= 1;
        result
    }

    /// What a name stands for.
    pub(super) fn lookup(&self, name: &str) -> Option<Val> {
        for frame in self.frames.iter().rev() {
            if let Some((_, value)) = frame.locals.iter().rev().find(|(n, _)| **n == *name) {
                return Some(value.clone());
            }
            if let Some(turn) = frame.turn.as_ref().filter(|_| name == "loop") {
                return Some(Val::new(Data::Loop(turn.clone())));
            }
            if let Some(around) = frame.around
                && let Some((_, value)) = self.closures[around].iter().find(|(n, _)| **n == *name)
            {
                return Some(value.clone());
            }
            if frame.base
                && let Data::Value(context) = &self.context.data
                && let Some(value) = context.get(name)
            {
                return Some(Val::read(value.clone()));
            }
        }
        self.state.lookup(name).map(|v| Val::new(Data::Other(v)))
    }

    /// Whether a name stands for one of minijinja's functions.
    pub(super) fn is_global(&self, name: &str) -> bool {
        matches!(self.lookup(name), Some(Val { data: Data::Other(_), .. }))
    }

    /// Sets a variable.
    pub(super) fn store(&mut self, name: &Arc<str>, value: Val) {
        let Some(top) = self.frames.last_mut() else { return };
        if let Some(closure) = top.closure {
            put(&mut self.closures[closure], name, value.clone());
        }
        put(&mut top.locals, name, value);
    }

    /// What was set, or would have been, depends on what decided about it.
    pub(super) fn taint(&mut self, sets: &Sets, causes: Set) {
        if causes.is_empty() {
            return;
        }
        for name in &sets.variables {
            match self.lookup(name) {
                Some(mut value) => {
                    value.extra = self.causes.union(value.extra, causes);
                    self.replace(name, value);
                }
                None => self.store(name, Val { data: Data::Undefined(None), extra: causes }),
            }
        }
        for (name, field) in &sets.fields {
            let Some(Val { data: Data::Space(space), .. }) = self.lookup(name) else { continue };
            let mut fields = space.borrow_mut();
            let value = fields.entry(field.clone()).or_insert_with(Val::undefined);
            value.extra = self.causes.union(value.extra, causes);
        }
        let tree = self.tree;
        for name in &sets.includes {
            if let Some(template) = tree.templates.get(name) {
                self.taint(&template.sets, causes);
            }
        }
    }

    /// Replaces a variable where it is set.
    fn replace(&mut self, name: &Arc<str>, value: Val) {
        for frame in self.frames.iter_mut().rev() {
            if let Some(slot) = frame.locals.iter_mut().rev().find(|(n, _)| n == name) {
                if let Some(closure) = frame.closure {
                    put(&mut self.closures[closure], name, value.clone());
                }
                slot.1 = value;
                return;
            }
        }
    }

    /// Notes a region of the output that these values decided about. `whole`: whether it begins at the start of a line
    /// and is whole lines, whatever they decide.
    pub(super) fn region(&mut self, causes: Set, whole: bool) {
        self.out.note(causes, if whole { Kind::Region } else { Kind::Line });
    }

    /// The value of an operator over plain values, by minijinja.
    pub(super) fn operate(&mut self, operator: Operator, a: &Jinja, b: &Jinja) -> Result<Jinja> {
        match operator {
            Operator::Eq => return Ok(Jinja::from(a == b)),
            Operator::Ne => return Ok(Jinja::from(a != b)),
            Operator::Lt => return Ok(Jinja::from(a < b)),
            Operator::Lte => return Ok(Jinja::from(a <= b)),
            Operator::Gt => return Ok(Jinja::from(a > b)),
            Operator::Gte => return Ok(Jinja::from(a >= b)),
            _ => {}
        }
        let slot = &mut self.operators[operator as usize];
        let expression = match slot {
            Some(expression) => expression,
            None => slot.insert(self.env.compile_expression_owned(format!("a {} b", operator.spelling()))?),
        };
        Ok(expression.eval(minijinja::context! { a => a.clone(), b => b.clone() })?)
    }
}

/// Sets a name in a list of variables.
pub(super) fn put(variables: &mut Vec<(Arc<str>, Val)>, name: &Arc<str>, value: Val) {
    match variables.iter_mut().find(|(n, _)| n == name) {
        Some(slot) => slot.1 = value,
        None => variables.push((name.clone(), value)),
    }
}
