//! From minijinja's syntax tree to [`tree`](super::tree).

use super::survey::{collect_sets, find_jumps, names_in, whole_lines};
use super::tree::{Argument, Callee, Expr, ExprKind, For, If, Macro, Operator, Sets, Stmt, Template, Tree};
use minijinja::machinery::ast::{self, BinOpKind, CallArg, CompareOpKind, Spanned, UnaryOpKind};
use minijinja::machinery::parse;
use minijinja::syntax::SyntaxConfig;
use mwrender_diagnostic::Pos;
use std::sync::Arc;

impl Tree {
    /// Parses templates given by name, text and the position of their first byte.
    pub(in crate::jinja) fn new(
        files: &[(Arc<str>, Arc<str>, Pos)],
        syntax: &SyntaxConfig,
    ) -> Result<Tree, minijinja::Error> {
        let mut tree = Tree::default();
        for (name, source, base) in files {
            let parsed = parse(source, name, syntax.clone())?;
            let mut lowering = Lowering { source, base: *base, blocks: Vec::new() };
            let body = match &parsed {
                ast::Stmt::Template(t) => lowering.stmts(&t.children),
                other => vec![lowering.stmt(other)],
            };
            let mut sets = Sets::default();
            collect_sets(&body, &mut sets);
            tree.templates.insert(name.clone(), Template { body, blocks: lowering.blocks, sets });
        }
        Ok(tree)
    }
}

struct Lowering<'s> {
    source: &'s str,
    base: Pos,
    blocks: Vec<(Arc<str>, Arc<Vec<Stmt>>)>,
}

impl Lowering<'_> {
    fn stmts(&mut self, stmts: &[ast::Stmt<'_>]) -> Vec<Stmt> {
        stmts.iter().map(|s| self.stmt(s)).collect()
    }

    fn stmt(&mut self, stmt: &ast::Stmt<'_>) -> Stmt {
        match stmt {
            ast::Stmt::Template(t) => Stmt::Group(self.stmts(&t.children)),
            ast::Stmt::EmitExpr(e) => {
                let mut expr = self.expr(&e.expr);
                // the place of a print is its tag
                expr.at = self.base.offset(e.span().start_offset);
                Stmt::Print(expr)
            }
            ast::Stmt::EmitRaw(raw) => Stmt::Raw(self.raw(raw.raw)),
            ast::Stmt::ForLoop(f) => {
                let body = self.stmts(&f.body);
                let otherwise = self.stmts(&f.else_body);
                let mut sets = Sets::default();
                collect_sets(&otherwise, &mut sets);
                let mut inner = Sets::default();
                collect_sets(&body, &mut inner);
                // variables of a loop end with it, the fields of a namespace do not
                sets.fields.extend(inner.fields);
                Stmt::For(Arc::new(For {
                    target: self.expr(&f.target),
                    over: self.expr(&f.iter),
                    filter: f.filter_expr.as_ref().map(|e| self.expr(e)),
                    whole_lines: whole_lines(&body) && whole_lines(&otherwise),
                    body,
                    otherwise,
                    recursive: f.recursive,
                    sets,
                }))
            }
            ast::Stmt::IfCond(i) => {
                let (yes, no) = (self.stmts(&i.true_body), self.stmts(&i.false_body));
                let mut sets = Sets::default();
                collect_sets(&yes, &mut sets);
                collect_sets(&no, &mut sets);
                let (mut jumps, mut breaks) = (false, false);
                find_jumps(&yes, &mut jumps, &mut breaks);
                find_jumps(&no, &mut jumps, &mut breaks);
                let whole_lines = whole_lines(&yes) && whole_lines(&no);
                Stmt::If(Box::new(If { test: self.expr(&i.expr), yes, no, sets, whole_lines, jumps, breaks }))
            }
            ast::Stmt::WithBlock(w) => {
                let set = w.assignments.iter().map(|(t, e)| (self.expr(t), self.expr(e))).collect();
                Stmt::With(set, self.stmts(&w.body))
            }
            ast::Stmt::Set(s) => Stmt::Set(self.expr(&s.target), self.expr(&s.expr)),
            ast::Stmt::SetBlock(s) => Stmt::SetBlock {
                target: self.expr(&s.target),
                filter: s.filter.as_ref().map(|e| self.expr(e)),
                body: self.stmts(&s.body),
            },
            ast::Stmt::AutoEscape(a) => Stmt::Group(self.stmts(&a.body)),
            ast::Stmt::FilterBlock(f) => {
                Stmt::Filter { filter: self.expr(&f.filter), body: self.stmts(&f.body) }
            }
            ast::Stmt::Block(b) => {
                let name: Arc<str> = Arc::from(b.name);
                let body = Arc::new(self.stmts(&b.body));
                self.blocks.push((name.clone(), body.clone()));
                Stmt::Block(name, body)
            }
            ast::Stmt::Import(i) => Stmt::Import { from: self.expr(&i.expr), name: self.expr(&i.name) },
            ast::Stmt::FromImport(i) => Stmt::FromImport {
                from: self.expr(&i.expr),
                names: i
                    .names
                    .iter()
                    .map(|(name, alias)| (self.expr(name), self.expr(alias.as_ref().unwrap_or(name))))
                    .collect(),
            },
            ast::Stmt::Extends(e) => Stmt::Extends(self.expr(&e.name)),
            ast::Stmt::Include(i) => Stmt::Include {
                at: self.base.offset(i.span().start_offset),
                name: self.expr(&i.name),
                ignore_missing: i.ignore_missing,
            },
            ast::Stmt::Macro(m) => Stmt::Macro(self.macro_of(m)),
            ast::Stmt::CallBlock(c) => Stmt::Call(self.call(&c.call), self.macro_of(&c.macro_decl)),
            ast::Stmt::Continue(_) => Stmt::Continue,
            ast::Stmt::Break(_) => Stmt::Break,
            ast::Stmt::Do(d) => Stmt::Do(self.call(&d.call)),
        }
    }

    /// Text as runs, each beginning at the first visible character of a line.
    fn raw(&self, text: &str) -> Vec<(Pos, Box<str>)> {
        // a slice of the source: its address says where it stands
        let offset = (text.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
        let mut runs: Vec<(Pos, Box<str>)> = Vec::new();
        let mut at = offset;
        let mut blank = String::new();
        for line in text.split_inclusive('\n') {
            let margin = line.len() - line.trim_start().len();
            if margin == line.len() {
                blank.push_str(line);
            } else {
                let mut run = std::mem::take(&mut blank);
                run.push_str(line);
                runs.push((self.base.offset((at + margin) as u32), run.into()));
            }
            at += line.len();
        }
        if !blank.is_empty() {
            runs.push((Pos::NONE, blank.into()));
        }
        runs
    }

    fn macro_of(&mut self, m: &Spanned<ast::Macro<'_>>) -> Arc<Macro> {
        let first_default = m.args.len() - m.defaults.len().min(m.args.len());
        let mut parameters = Vec::new();
        for (i, arg) in m.args.iter().enumerate() {
            let name: Arc<str> = match arg {
                ast::Expr::Var(v) => Arc::from(v.id),
                _ => Arc::from(""),
            };
            let default = i.checked_sub(first_default).and_then(|d| m.defaults.get(d)).map(|e| self.expr(e));
            parameters.push((name, default));
        }
        let body = self.stmts(&m.body);
        let mut free = Vec::new();
        for (_, default) in &parameters {
            if let Some(e) = default {
                e.names(&mut free);
            }
        }
        names_in(&body, &mut free);
        let calls_back = free.iter().any(|n| **n == *"caller");
        free.retain(|n| **n != *"caller");
        Arc::new(Macro { name: Arc::from(m.name), parameters, body, free, calls_back })
    }

    fn call(&mut self, call: &Spanned<ast::Call<'_>>) -> Expr {
        let callee = match call.identify_call() {
            ast::CallType::Function(name) => Callee::Function(Arc::from(name)),
            ast::CallType::Method(on, name) => Callee::Method(self.expr(on), Arc::from(name)),
            ast::CallType::Block(name) => Callee::Block(Arc::from(name)),
            ast::CallType::Object(e) => Callee::Object(self.expr(e)),
        };
        let kind = ExprKind::Call(Box::new(callee), self.arguments(&call.args));
        Expr { at: self.base.offset(call.span().start_offset), kind }
    }

    fn arguments(&mut self, arguments: &[CallArg<'_>]) -> Vec<Argument> {
        arguments
            .iter()
            .map(|a| match a {
                CallArg::Pos(e) => Argument::Position(self.expr(e)),
                CallArg::Kwarg(name, e) => Argument::Name(Arc::from(*name), self.expr(e)),
                CallArg::PosSplat(e) => Argument::Positions(self.expr(e)),
                CallArg::KwargSplat(e) => Argument::Names(self.expr(e)),
            })
            .collect()
    }

    fn pair(&mut self, a: &ast::Expr<'_>, b: &ast::Expr<'_>) -> (Expr, Expr) {
        (self.expr(a), self.expr(b))
    }

    fn expr(&mut self, expr: &ast::Expr<'_>) -> Expr {
        let at = self.base.offset(expr.span().start_offset);
        let kind = match expr {
            ast::Expr::Var(v) => ExprKind::Var(Arc::from(v.id)),
            ast::Expr::Const(c) => ExprKind::Const(c.value.clone()),
            ast::Expr::Slice(s) => ExprKind::Slice(Box::new([
                Some(self.expr(&s.expr)),
                s.start.as_ref().map(|e| self.expr(e)),
                s.stop.as_ref().map(|e| self.expr(e)),
                s.step.as_ref().map(|e| self.expr(e)),
            ])),
            ast::Expr::UnaryOp(u) => {
                let inner = Box::new(self.expr(&u.expr));
                match u.op {
                    UnaryOpKind::Not => ExprKind::Not(inner),
                    UnaryOpKind::Neg => ExprKind::Neg(inner),
                }
            }
            ast::Expr::BinOp(b) => {
                let pair = Box::new(self.pair(&b.left, &b.right));
                let operator = match b.op {
                    BinOpKind::ScAnd => return Expr { at, kind: ExprKind::And(pair) },
                    BinOpKind::ScOr => return Expr { at, kind: ExprKind::Or(pair) },
                    BinOpKind::Eq => Operator::Eq,
                    BinOpKind::Ne => Operator::Ne,
                    BinOpKind::Lt => Operator::Lt,
                    BinOpKind::Lte => Operator::Lte,
                    BinOpKind::Gt => Operator::Gt,
                    BinOpKind::Gte => Operator::Gte,
                    BinOpKind::Add => Operator::Add,
                    BinOpKind::Sub => Operator::Sub,
                    BinOpKind::Mul => Operator::Mul,
                    BinOpKind::Div => Operator::Div,
                    BinOpKind::FloorDiv => Operator::FloorDiv,
                    BinOpKind::Rem => Operator::Rem,
                    BinOpKind::Pow => Operator::Pow,
                    BinOpKind::Concat => Operator::Concat,
                    BinOpKind::In => Operator::In,
                };
                ExprKind::Binary(operator, pair)
            }
            ast::Expr::Compare(c) => {
                let first = Box::new(self.expr(&c.expr));
                let rest = c.ops.iter().map(|op| (comparison(op.op), self.expr(&op.expr))).collect();
                ExprKind::Compare(first, rest)
            }
            ast::Expr::IfExpr(i) => ExprKind::If(Box::new((
                self.expr(&i.test_expr),
                self.expr(&i.true_expr),
                i.false_expr.as_ref().map(|e| self.expr(e)),
            ))),
            ast::Expr::Filter(f) => {
                let on = f.expr.as_ref().map(|e| Box::new(self.expr(e)));
                ExprKind::Filter(normal(f.name), on, self.arguments(&f.args))
            }
            ast::Expr::Test(t) => {
                ExprKind::Test(normal(t.name), Box::new(self.expr(&t.expr)), self.arguments(&t.args))
            }
            ast::Expr::GetAttr(g) => ExprKind::Attribute(Box::new(self.expr(&g.expr)), Arc::from(g.name)),
            ast::Expr::GetItem(g) => ExprKind::Item(Box::new(self.pair(&g.expr, &g.subscript_expr))),
            ast::Expr::Call(c) => return self.call(c),
            ast::Expr::List(l) => ExprKind::List(l.items.iter().map(|e| self.expr(e)).collect()),
            ast::Expr::Tuple(t) => ExprKind::Tuple(t.items.iter().map(|e| self.expr(e)).collect()),
            ast::Expr::Map(m) => ExprKind::Map(
                m.keys.iter().zip(&m.values).map(|(k, v)| (self.expr(k), self.expr(v))).collect(),
            ),
        };
        Expr { at, kind }
    }
}

/// A filter's or test's name as minijinja looks it up.
fn normal(name: &str) -> Arc<str> {
    name.chars().filter(|c| !c.is_ascii_whitespace()).collect::<String>().into()
}

fn comparison(op: CompareOpKind) -> Operator {
    match op {
        CompareOpKind::Eq => Operator::Eq,
        CompareOpKind::Ne => Operator::Ne,
        CompareOpKind::Lt => Operator::Lt,
        CompareOpKind::Lte => Operator::Lte,
        CompareOpKind::Gt => Operator::Gt,
        CompareOpKind::Gte => Operator::Gte,
        CompareOpKind::In => Operator::In,
        CompareOpKind::NotIn => Operator::NotIn,
    }
}
