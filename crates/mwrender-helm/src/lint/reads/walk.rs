//! Nodes, pipelines and operands.

use super::{Frame, Guard, Reader, Use};
use crate::lint::shape::Shape;
use crate::lint::templates::span;
use mwrender_diagnostic::Span;
use mwrender_gotemplate::ast::{self, Branch, BranchKind, Command, Expr, List, Node, Pipe};

impl Reader<'_, '_> {
    pub(super) fn list(&mut self, frame: &mut Frame<'_>, list: &List) {
        for node in &list.nodes {
            if !self.step_taken() {
                return;
            }
            match node {
                Node::Action(action) => {
                    let shape = self.pipe(frame, &action.pipe);
                    if action.pipe.decl.is_empty() {
                        self.used(frame, &shape, Use::Bare, true);
                        Self::printed(frame, &shape);
                    }
                }
                Node::Branch(branch) => {
                    self.depth += 1;
                    self.branch(frame, branch);
                    self.depth -= 1;
                }
                Node::Template(call) => {
                    let dot = match &call.pipe {
                        Some(pipe) => self.pipe(frame, pipe),
                        None => Shape::other(),
                    };
                    let output = self.template(&call.name, dot, &frame.guard);
                    Self::printed(frame, &output);
                }
                Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
            }
        }
    }

    /// The output may become a template if it has parts of one.
    fn printed(frame: &mut Frame<'_>, shape: &Shape) {
        if !shape.changed().atoms.is_empty() {
            frame.output.atoms.insert(crate::lint::shape::Atom::Made);
        }
    }

    fn branch(&mut self, frame: &mut Frame<'_>, branch: &Branch) {
        let declared = frame.variables.len();
        let (dot, guard) = (frame.dot.clone(), frame.guard.clone());
        let negated = if branch.kind == BranchKind::If { negated(frame, &branch.pipe) } else { None };
        let shape = match negated {
            Some(inner) => self.operand(frame, inner),
            None => self.pipe_without_variables(frame, &branch.pipe),
        };
        self.used(frame, &shape, Use::Tested, false);
        if shape.is_nothing() {
            // the other part is never reached
            let reached = if negated.is_some() { Some(&branch.list) } else { branch.otherwise.as_ref() };
            if let Some(list) = reached {
                self.list(frame, list);
            }
            frame.variables.truncate(declared);
            return;
        }
        let held = self.guarded(&guard, &shape);
        let (on, off) = match negated {
            Some(_) => (guard.clone(), held),
            None => (held, guard.clone()),
        };
        frame.guard = on;
        match branch.kind {
            BranchKind::If => Self::declare(frame, &branch.pipe, &shape),
            BranchKind::With => {
                Self::declare(frame, &branch.pipe, &shape);
                frame.dot = shape;
            }
            BranchKind::Range => {
                let item = self.item(&shape);
                let source = &frame.tree.source;
                let names: Vec<String> =
                    branch.pipe.decl.iter().map(|v| source.name_at(v.name).to_owned()).collect();
                for (number, name) in names.iter().enumerate() {
                    let is_key = number == 0 && names.len() == 2;
                    let shape = if is_key { Shape::other() } else { item.clone() };
                    if branch.pipe.assign {
                        assign(frame, name, shape);
                    } else {
                        frame.variables.push((name.clone(), shape));
                    }
                }
                frame.dot = item;
            }
        }
        let inner = frame.variables.len();
        let before = frame.variables.clone();
        self.list(frame, &branch.list);
        frame.variables.truncate(inner);
        if branch.kind == BranchKind::Range && frame.variables != before {
            // what an item sets, the next one sees
            self.list(frame, &branch.list);
            frame.variables.truncate(inner);
        }
        frame.dot = dot;
        frame.guard = off;
        if let Some(otherwise) = &branch.otherwise {
            self.list(frame, otherwise);
        }
        frame.variables.truncate(declared);
        frame.guard = guard;
    }

    /// What governs a branch that is taken if a value is there.
    pub(super) fn guarded(&self, guard: &Guard, shape: &Shape) -> Guard {
        let mut guard = guard.clone();
        if self.is_false(shape) {
            guard.idle = true;
            guard.paths.clear();
        } else if self.is_empty(shape) && !guard.idle {
            guard.paths.extend(shape.paths());
            guard.paths.sort_unstable();
            guard.paths.dedup();
        }
        guard
    }

    fn declare(frame: &mut Frame<'_>, pipe: &Pipe, shape: &Shape) {
        for variable in &pipe.decl {
            let name = frame.tree.source.name_at(variable.name).to_owned();
            if pipe.assign {
                assign(frame, &name, shape.clone());
            } else {
                frame.variables.push((name, shape.clone()));
            }
        }
    }

    pub(super) fn pipe(&mut self, frame: &mut Frame<'_>, pipe: &Pipe) -> Shape {
        let shape = self.pipe_without_variables(frame, pipe);
        Self::declare(frame, pipe, &shape);
        shape
    }

    fn pipe_without_variables(&mut self, frame: &mut Frame<'_>, pipe: &Pipe) -> Shape {
        if !self.step_taken() {
            return Shape::other();
        }
        self.depth += 1;
        let mut piped = None;
        for command in &pipe.commands {
            piped = Some(self.command(frame, command, piped));
        }
        self.depth -= 1;
        piped.unwrap_or_else(Shape::other)
    }

    fn command(&mut self, frame: &mut Frame<'_>, command: &Command, piped: Option<Shape>) -> Shape {
        let Some((first, args)) = command.args.split_first() else { return Shape::other() };
        if let Expr::Function { span, .. } = first {
            let name = frame.tree.source.name_at(*span).to_owned();
            return self.call(frame, &name, args, piped);
        }
        let shape = self.operand(frame, first);
        if args.is_empty() && piped.is_none() {
            return shape;
        }
        // a method
        for arg in args {
            let arg = self.operand(frame, arg);
            self.used(frame, &arg, Use::Bare, true);
        }
        if let Some(piped) = piped {
            self.used(frame, &piped, Use::Bare, true);
        }
        Shape::other()
    }

    pub(super) fn operand(&mut self, frame: &mut Frame<'_>, expr: &Expr) -> Shape {
        if !self.step_taken() {
            return Shape::other();
        }
        match expr {
            Expr::Bool(..) | Expr::Nil(_) | Expr::Number(_) => Shape::other(),
            Expr::String(literal) => Shape::text(&String::from_utf8_lossy(&literal.text)),
            Expr::Dot(_) => frame.dot.clone(),
            Expr::Field(_, fields) => {
                let dot = frame.dot.clone();
                let start = fields.first().map_or(0, |field| field.start.saturating_sub(1));
                self.fields(frame, dot, fields, start, false)
            }
            Expr::Variable(variable) => {
                let name = frame.tree.source.name_at(variable.name);
                let shape = if name == "$" { frame.root.clone() } else { look_up(frame, name) };
                self.fields(frame, shape, &variable.fields, variable.name.start, false)
            }
            Expr::Function { span, .. } => {
                let name = frame.tree.source.name_at(*span).to_owned();
                self.call(frame, &name, &[], None)
            }
            Expr::Chain(chain) => {
                let base = self.operand(frame, &chain.base);
                let start = start(&chain.base);
                // a value in parentheses that is nothing has fields that are nothing
                self.fields(frame, base, &chain.fields, start, true)
            }
            Expr::Pipe(pipe) => self.pipe(frame, pipe),
        }
    }

    fn fields(
        &mut self,
        frame: &Frame<'_>,
        base: Shape,
        fields: &[ast::Span],
        start: u32,
        mut safe: bool,
    ) -> Shape {
        let mut shape = base;
        for field in fields {
            let key = frame.tree.source.name_at(*field).to_owned();
            let place = span(frame.start, ast::Span { start, end: field.end });
            shape = self.field(frame, &shape, &key, place, safe);
            safe = false;
        }
        shape
    }

    /// The place of an operand.
    pub(super) fn place(frame: &Frame<'_>, expr: &Expr) -> Span {
        span(frame.start, ast::Span { start: start(expr), end: end(expr) })
    }
}

/// Where an operand begins.
fn start(expr: &Expr) -> u32 {
    match expr {
        Expr::Field(_, fields) => fields.first().map_or(0, |field| field.start.saturating_sub(1)),
        Expr::Variable(variable) => variable.name.start,
        Expr::Chain(chain) => start(&chain.base),
        Expr::Pipe(pipe) => pipe.pos.saturating_sub(1),
        other => position(other),
    }
}

fn end(expr: &Expr) -> u32 {
    match expr {
        Expr::Field(_, fields) => fields.last().map_or(0, |field| field.end),
        Expr::Variable(variable) => variable.fields.last().unwrap_or(&variable.name).end,
        Expr::Chain(chain) => chain.fields.last().map_or(0, |field| field.end),
        Expr::String(literal) => literal.span.end,
        Expr::Function { span, .. } => span.end,
        other => position(other) + 1,
    }
}

fn position(expr: &Expr) -> u32 {
    expr.pos()
}

/// `not X` and `empty X`.
fn negated<'e>(frame: &Frame<'_>, pipe: &'e Pipe) -> Option<&'e Expr> {
    let ([], [command]) = (&pipe.decl[..], &pipe.commands[..]) else { return None };
    match &command.args[..] {
        [Expr::Function { span, .. }, inner]
            if matches!(frame.tree.source.name_at(*span), "not" | "empty") =>
        {
            Some(inner)
        }
        [Expr::Pipe(inner)] => negated(frame, inner),
        _ => None,
    }
}

pub(super) fn look_up(frame: &Frame<'_>, name: &str) -> Shape {
    let found = frame.variables.iter().rev().find(|(known, _)| known == name);
    found.map_or_else(Shape::other, |(_, shape)| shape.clone())
}

/// A variable may be what it was, or this.
pub(super) fn assign(frame: &mut Frame<'_>, name: &str, shape: Shape) {
    if let Some((_, known)) = frame.variables.iter_mut().rev().find(|(known, _)| known == name) {
        *known = std::mem::take(known).or(shape);
    }
}
