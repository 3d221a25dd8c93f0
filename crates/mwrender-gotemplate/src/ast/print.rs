//! Nodes as Go writes them back: in messages (`at <.Values.x>`) and as a whole tree.

use super::{Branch, BranchKind, Call, Chain, Command, Expr, List, Node, Pipe, Tree, Variable};
use crate::go::quote::quote_into;
use crate::source::{Source, Span};

impl Tree {
    /// The whole tree as text.
    pub(crate) fn print(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.root.print(&mut out, &self.source);
        out
    }
}

impl List {
    fn print(&self, out: &mut Vec<u8>, source: &Source) {
        for node in &self.nodes {
            node.print(out, source);
        }
    }
}

impl Node {
    pub(crate) fn print(&self, out: &mut Vec<u8>, source: &Source) {
        match self {
            Node::Text(span) => out.extend_from_slice(source.slice(*span)),
            Node::Action(action) => {
                out.extend_from_slice(b"{{");
                action.pipe.print(out, source);
                out.extend_from_slice(b"}}");
            }
            Node::Break(_) => out.extend_from_slice(b"{{break}}"),
            Node::Continue(_) => out.extend_from_slice(b"{{continue}}"),
            Node::Branch(branch) => branch.print(out, source),
            Node::Template(call) => call.print(out, source),
        }
    }
}

impl Branch {
    fn print(&self, out: &mut Vec<u8>, source: &Source) {
        out.extend_from_slice(match self.kind {
            BranchKind::If => b"{{if ",
            BranchKind::With => b"{{with ",
            BranchKind::Range => b"{{range ",
        });
        self.pipe.print(out, source);
        out.extend_from_slice(b"}}");
        self.list.print(out, source);
        if let Some(list) = &self.otherwise {
            out.extend_from_slice(b"{{else}}");
            list.print(out, source);
        }
        out.extend_from_slice(b"{{end}}");
    }
}

impl Call {
    fn print(&self, out: &mut Vec<u8>, source: &Source) {
        out.extend_from_slice(b"{{template ");
        quote_into(out, self.name.as_bytes(), b'"', false);
        if let Some(pipe) = &self.pipe {
            out.push(b' ');
            pipe.print(out, source);
        }
        out.extend_from_slice(b"}}");
    }
}

impl Pipe {
    pub(crate) fn print(&self, out: &mut Vec<u8>, source: &Source) {
        for (i, variable) in self.decl.iter().enumerate() {
            if i > 0 {
                out.extend_from_slice(b", ");
            }
            variable.print(out, source);
        }
        if !self.decl.is_empty() {
            out.extend_from_slice(if self.assign { b" = " } else { b" := " });
        }
        for (i, command) in self.commands.iter().enumerate() {
            if i > 0 {
                out.extend_from_slice(b" | ");
            }
            command.print(out, source);
        }
    }
}

impl Command {
    pub(crate) fn print(&self, out: &mut Vec<u8>, source: &Source) {
        for (i, arg) in self.args.iter().enumerate() {
            if i > 0 {
                out.push(b' ');
            }
            arg.print_operand(out, source);
        }
    }
}

fn print_fields(fields: &[Span], out: &mut Vec<u8>, source: &Source) {
    for field in fields {
        out.push(b'.');
        out.extend_from_slice(source.slice(*field));
    }
}

impl Variable {
    fn print(&self, out: &mut Vec<u8>, source: &Source) {
        out.extend_from_slice(source.slice(self.name));
        print_fields(&self.fields, out, source);
    }
}

impl Chain {
    fn print(&self, out: &mut Vec<u8>, source: &Source) {
        self.base.print_operand(out, source);
        print_fields(&self.fields, out, source);
    }
}

impl Expr {
    /// As an operand: a pipeline stands in parentheses.
    fn print_operand(&self, out: &mut Vec<u8>, source: &Source) {
        if let Expr::Pipe(pipe) = self {
            out.push(b'(');
            pipe.print(out, source);
            out.push(b')');
        } else {
            self.print(out, source);
        }
    }

    pub(crate) fn print(&self, out: &mut Vec<u8>, source: &Source) {
        match self {
            Expr::Bool(_, value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Expr::Dot(_) => out.push(b'.'),
            Expr::Nil(_) => out.extend_from_slice(b"nil"),
            Expr::Number(number) => out.extend_from_slice(source.slice(number.span)),
            Expr::String(literal) => out.extend_from_slice(source.slice(literal.span)),
            Expr::Field(_, fields) => print_fields(fields, out, source),
            Expr::Variable(variable) => variable.print(out, source),
            Expr::Function { span, .. } => out.extend_from_slice(source.slice(*span)),
            Expr::Chain(chain) => chain.print(out, source),
            Expr::Pipe(pipe) => pipe.print(out, source),
        }
    }
}
