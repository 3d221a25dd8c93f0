//! Nodes: texts, actions, branches and calls of templates.

use std::ops::ControlFlow;

use super::{At, DEPTH, Exec, ROOT, Res, Variable};
use crate::ast::{Branch, BranchKind, Call, List, Node};
use crate::error::ErrorKind;
use crate::go::quote::quoted;
use crate::printf::{pointed, print_into};
use crate::value::{Kind, Value};

/// How a loop is left.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Jump {
    Break,
    Continue,
}

/// Whether to go on with the next node.
pub(super) type Flow = Res<ControlFlow<Jump>>;

pub(super) const ON: Flow = Ok(ControlFlow::Continue(()));

impl<'s> Exec<'s, '_> {
    pub(super) fn walk_list(&mut self, dot: &Value, list: &'s List) -> Flow {
        for node in &list.nodes {
            if let jump @ ControlFlow::Break(_) = self.walk(dot, node)? {
                return Ok(jump);
            }
        }
        ON
    }

    fn walk(&mut self, dot: &Value, node: &'s Node) -> Flow {
        self.at = Some(At::Node(node));
        self.step()?;
        match node {
            Node::Text(span) => {
                let text = self.tree.source.slice(*span);
                self.charge(text.len() as u64 / 64)?;
                self.emit_text(text, span.start);
            }
            Node::Action(action) => {
                let value = self.eval_pipeline(dot, &action.pipe)?;
                if action.pipe.decl.is_empty() {
                    self.at = Some(At::Node(node));
                    self.print_value(&value, action.pos)?;
                }
            }
            Node::Break(_) => return Ok(ControlFlow::Break(Jump::Break)),
            Node::Continue(_) => return Ok(ControlFlow::Break(Jump::Continue)),
            Node::Branch(branch) if branch.kind == BranchKind::Range => {
                return self.walk_range(dot, branch, node);
            }
            Node::Branch(branch) => return self.walk_if_or_with(dot, branch),
            Node::Template(call) => self.walk_template(dot, call)?,
        }
        ON
    }

    fn walk_if_or_with(&mut self, dot: &Value, branch: &'s Branch) -> Flow {
        self.check_stack()?;
        let mark = self.vars.len();
        let value = self.eval_pipeline(dot, &branch.pipe)?;
        let before = self.enter(&value);
        let flow = if value.is_true() {
            self.walk_list(if branch.kind == BranchKind::With { &value } else { dot }, &branch.list)
        } else {
            match &branch.otherwise {
                Some(list) => self.walk_list(dot, list),
                None => ON,
            }
        }?;
        self.vars.truncate(mark);
        self.leave(branch, &value, before);
        Ok(flow)
    }

    fn walk_template(&mut self, dot: &Value, call: &'s Call) -> Res<()> {
        let Some(tree) = self.set.tree(&call.name) else {
            return Err(self.error(format!("template {} not defined", quoted(call.name.as_bytes()))));
        };
        if self.depth == DEPTH || self.run.is_nearly_full() {
            let message = format!("exceeded maximum template depth ({DEPTH})");
            return Err(self.error_about(ErrorKind::Depth, message, None, Vec::new()));
        }
        let dot = match &call.pipe {
            Some(pipe) => self.eval_pipeline(dot, pipe)?,
            None => Value::NIL,
        };
        let caller = self.call_site(call.pos);
        let saved = (self.tree, self.at, self.base);
        self.tree = tree;
        self.base = self.vars.len();
        self.depth += 1;
        self.vars.push(Variable { id: ROOT, value: dot.clone() });
        let _ = self.walk_list(&dot, &tree.root)?;
        self.vars.truncate(self.base);
        self.depth -= 1;
        (self.tree, self.at, self.base) = saved;
        self.run.caller = caller;
        Ok(())
    }

    /// Prints the value of an action.
    fn print_value(&mut self, value: &Value, pos: u32) -> Res<()> {
        if let Kind::Func(_) = value.kind() {
            let node = self.at.map(|at| at.print(&self.tree.source)).unwrap_or_default();
            return Err(self.error(format!("can't print {node} of type {}", value.type_name())));
        }
        let start = self.out.text.len();
        let (text, behind) = match value.kind() {
            Kind::Object(object) => (object.pointer_string(), Some(pointed(value))),
            _ => (None, None),
        };
        if value.is_nil() {
            self.out.text.extend_from_slice(b"<no value>");
        } else if let Some(text) = text {
            self.out.text.extend_from_slice(text.as_bytes());
        } else if let Err(error) = print_into(&mut self.out.text, behind.as_ref().unwrap_or(value)) {
            return Err(self.error_about(ErrorKind::Depth, error.to_string(), None, Vec::new()));
        }
        self.charge((self.out.text.len() - start) as u64 / 64)?;
        self.emitted(value, start, pos);
        Ok(())
    }
}
