//! What is known of statements before a run: the names in them, what they set, whether they write whole lines.

use super::tree::{Argument, Callee, Expr, ExprKind, Sets, Stmt};
use std::sync::Arc;

/// Whether statements that begin at the start of a line end at the start of one, whatever is in them.
pub(super) fn whole_lines(body: &[Stmt]) -> bool {
    body.iter().rev().find_map(ends_line).unwrap_or(true)
}

/// Whether a statement ends at the start of a line; nothing if it writes nothing.
fn ends_line(stmt: &Stmt) -> Option<bool> {
    match stmt {
        Stmt::Raw(runs) => runs.last().map(|(_, text)| text.ends_with('\n')),
        Stmt::If(i) => Some(i.whole_lines),
        Stmt::For(f) => Some(f.whole_lines),
        Stmt::With(_, body) | Stmt::Group(body) => Some(whole_lines(body)),
        Stmt::Block(_, body) => Some(whole_lines(body)),
        Stmt::Print(_) | Stmt::Filter { .. } | Stmt::Include { .. } | Stmt::Call(..) => Some(false),
        Stmt::Set(..)
        | Stmt::SetBlock { .. }
        | Stmt::Import { .. }
        | Stmt::FromImport { .. }
        | Stmt::Extends(_)
        | Stmt::Macro(_)
        | Stmt::Do(_)
        | Stmt::Continue
        | Stmt::Break => None,
    }
}

impl Sets {
    fn extend(&mut self, other: &Sets) {
        self.variables.extend(other.variables.iter().cloned());
        self.fields.extend(other.fields.iter().cloned());
        self.includes.extend(other.includes.iter().cloned());
    }
}

/// The names that statements set in the scope around them.
pub(super) fn collect_sets(body: &[Stmt], sets: &mut Sets) {
    for stmt in body {
        match stmt {
            Stmt::Set(target, _) | Stmt::SetBlock { target, .. } | Stmt::Import { name: target, .. } => {
                collect_targets(target, sets);
            }
            Stmt::FromImport { names, .. } => {
                for (_, alias) in names {
                    collect_targets(alias, sets);
                }
            }
            Stmt::Macro(m) => sets.variables.push(m.name.clone()),
            Stmt::If(i) => {
                sets.extend(&i.sets);
            }
            Stmt::For(f) => {
                sets.extend(&f.sets);
            }
            Stmt::With(_, body) => {
                let mut inner = Sets::default();
                collect_sets(body, &mut inner);
                sets.fields.extend(inner.fields);
            }
            Stmt::Group(body) | Stmt::Filter { body, .. } => collect_sets(body, sets),
            Stmt::Include { name: Expr { kind: ExprKind::Const(name), .. }, .. } => {
                sets.includes.extend(name.as_str().map(Arc::from));
            }
            _ => {}
        }
        if let Stmt::SetBlock { body, .. } = stmt {
            collect_sets(body, sets);
        }
    }
}

fn collect_targets(target: &Expr, sets: &mut Sets) {
    match &target.kind {
        ExprKind::Var(name) => sets.variables.push(name.clone()),
        ExprKind::List(items) | ExprKind::Tuple(items) => {
            for t in items {
                collect_targets(t, sets);
            }
        }
        ExprKind::Attribute(on, field) => {
            if let ExprKind::Var(name) = &on.kind {
                sets.fields.push((name.clone(), field.clone()));
            }
        }
        _ => {}
    }
}

/// Whether statements leave a turn of the loop around them, or the loop.
pub(super) fn find_jumps(body: &[Stmt], jumps: &mut bool, breaks: &mut bool) {
    for stmt in body {
        match stmt {
            Stmt::Continue => *jumps = true,
            Stmt::Break => (*jumps, *breaks) = (true, true),
            Stmt::If(i) => {
                *jumps |= i.jumps;
                *breaks |= i.breaks;
            }
            Stmt::With(_, body)
            | Stmt::Group(body)
            | Stmt::Filter { body, .. }
            | Stmt::SetBlock { body, .. } => {
                find_jumps(body, jumps, breaks);
            }
            _ => {}
        }
    }
}

/// All names of variables in statements.
pub(super) fn names_in(body: &[Stmt], found: &mut Vec<Arc<str>>) {
    for stmt in body {
        match stmt {
            Stmt::Raw(_) | Stmt::Continue | Stmt::Break => {}
            Stmt::Print(e) | Stmt::Extends(e) | Stmt::Do(e) => e.names(found),
            Stmt::If(i) => {
                i.test.names(found);
                names_in(&i.yes, found);
                names_in(&i.no, found);
            }
            Stmt::For(f) => {
                f.over.names(found);
                if let Some(e) = &f.filter {
                    e.names(found);
                }
                names_in(&f.body, found);
                names_in(&f.otherwise, found);
            }
            Stmt::With(set, body) => {
                for (_, e) in set {
                    e.names(found);
                }
                names_in(body, found);
            }
            Stmt::Set(target, e) => {
                target.names(found);
                e.names(found);
            }
            Stmt::SetBlock { target, filter, body } => {
                target.names(found);
                if let Some(e) = filter {
                    e.names(found);
                }
                names_in(body, found);
            }
            Stmt::Filter { filter, body } => {
                filter.names(found);
                names_in(body, found);
            }
            Stmt::Group(body) => names_in(body, found),
            Stmt::Block(_, body) => names_in(body, found),
            Stmt::Import { from, .. } | Stmt::FromImport { from, .. } => from.names(found),
            Stmt::Include { name, .. } => name.names(found),
            Stmt::Macro(m) => found.extend(m.free.iter().cloned()),
            Stmt::Call(e, m) => {
                e.names(found);
                found.extend(m.free.iter().cloned());
            }
        }
    }
}

impl Expr {
    /// All names of variables in it.
    pub(super) fn names(&self, found: &mut Vec<Arc<str>>) {
        let mut add = |name: &Arc<str>| {
            if !found.contains(name) {
                found.push(name.clone());
            }
        };
        match &self.kind {
            ExprKind::Const(_) => {}
            ExprKind::Var(name) => add(name),
            ExprKind::Slice(parts) => {
                for e in parts.iter().flatten() {
                    e.names(found);
                }
            }
            ExprKind::Not(e) | ExprKind::Neg(e) | ExprKind::Attribute(e, _) => e.names(found),
            ExprKind::And(p) | ExprKind::Or(p) | ExprKind::Binary(_, p) | ExprKind::Item(p) => {
                p.0.names(found);
                p.1.names(found);
            }
            ExprKind::Compare(first, rest) => {
                first.names(found);
                for (_, e) in rest {
                    e.names(found);
                }
            }
            ExprKind::If(parts) => {
                parts.0.names(found);
                parts.1.names(found);
                if let Some(e) = &parts.2 {
                    e.names(found);
                }
            }
            ExprKind::Filter(_, on, arguments) => {
                if let Some(e) = on {
                    e.names(found);
                }
                for a in arguments {
                    a.expr().names(found);
                }
            }
            ExprKind::Test(_, on, arguments) => {
                on.names(found);
                for a in arguments {
                    a.expr().names(found);
                }
            }
            ExprKind::Call(callee, arguments) => {
                match &**callee {
                    Callee::Function(name) => add(name),
                    Callee::Method(on, _) | Callee::Object(on) => on.names(found),
                    Callee::Block(_) => {}
                }
                for a in arguments {
                    a.expr().names(found);
                }
            }
            ExprKind::List(items) | ExprKind::Tuple(items) => {
                for e in items {
                    e.names(found);
                }
            }
            ExprKind::Map(pairs) => {
                for (k, v) in pairs {
                    k.names(found);
                    v.names(found);
                }
            }
        }
    }
}

impl Argument {
    /// The expression.
    pub(super) fn expr(&self) -> &Expr {
        match self {
            Argument::Position(e) | Argument::Name(_, e) | Argument::Positions(e) | Argument::Names(e) => e,
        }
    }
}
