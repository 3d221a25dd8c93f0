//! Statements.

use super::causes::{Chain, Set};
use super::eval::named;
use super::run::{Frame, Result, Run, fault};
use super::text::Text;
use super::tree::{Expr, ExprKind, For, If, Stmt, Template};
use super::value::{Closed, Data, Seq, Turn, Val};
use crate::engine::How;
use minijinja::ErrorKind;
use mwrender_diagnostic::Pos;
use std::rc::Rc;
use std::sync::Arc;

/// How a run of statements ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Flow {
    Next,
    Continue,
    Break,
}

impl Run<'_> {
    /// Runs a template into the output, with the blocks of those that it extends.
    pub(super) fn template(&mut self, template: &Template) -> Result<()> {
        let tree = self.tree;
        let outer = self.extends.take();
        for (name, body) in &template.blocks {
            self.blocks.entry(name.clone()).or_default().0.push(body.clone());
        }
        let mut seen: Vec<Arc<str>> = Vec::new();
        let mut body = &template.body;
        loop {
            self.body(body)?;
            let Some((parent, text, pieces)) = self.extends.take() else { break };
            // what a template that extends another writes outside of blocks is not written
            self.out.text.truncate(text);
            self.out.pieces.truncate(pieces);
            let Some(found) = tree.templates.get(&parent) else {
                return fault(ErrorKind::TemplateNotFound, format!("template {parent:?} does not exist"));
            };
            if seen.contains(&parent) {
                return fault(ErrorKind::InvalidOperation, "cycle in template inheritance");
            }
            for (name, body) in &found.blocks {
                self.blocks.entry(name.clone()).or_default().0.push(body.clone());
            }
            seen.push(parent);
            body = &found.body;
        }
        self.extends = outer;
        Ok(())
    }

    /// Runs statements.
    pub(super) fn body(&mut self, body: &[Stmt]) -> Result<Flow> {
        for stmt in body {
            match self.stmt(stmt)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<Flow> {
        self.step()?;
        match stmt {
            Stmt::Raw(runs) => {
                for (at, text) in runs {
                    let chain = self.causes.chain(self.chain, *at);
                    self.out.push(text, chain, self.control);
                }
            }
            Stmt::Print(expr) => self.print_expr(expr)?,
            Stmt::If(i) => return self.condition(i),
            Stmt::For(f) => {
                let over = self.eval(&f.over)?;
                self.each(f, &over)?;
            }
            Stmt::With(set, body) => {
                self.frames.push(Frame::default());
                for (target, expr) in set {
                    let value = self.eval(expr)?;
                    self.assign(target, value)?;
                }
                let flow = self.body(body)?;
                self.frames.pop();
                return Ok(flow);
            }
            Stmt::Set(target, expr) => {
                let value = self.eval(expr)?;
                self.assign(target, value)?;
            }
            Stmt::SetBlock { target, filter, body } => {
                let (flow, value) = self.block_text(filter.as_ref(), body)?;
                self.assign(target, value)?;
                return Ok(flow);
            }
            Stmt::Filter { filter, body } => {
                let (flow, value) = self.block_text(Some(filter), body)?;
                self.print(&value, filter.at)?;
                return Ok(flow);
            }
            Stmt::Group(body) => return self.body(body),
            Stmt::Block(name, _) => {
                if self.extends.is_none() {
                    self.run_block(name)?;
                }
            }
            Stmt::Import { from, name } => {
                self.frames.push(Frame::default());
                self.capture(|run| run.include(from, from.at, false))?;
                let frame = self.frames.pop().unwrap_or_default();
                let public = frame.locals.into_iter().filter(|(n, _)| !n.starts_with('_'));
                self.assign(name, Val::new(Data::Module(Rc::new(public.collect()))))?;
            }
            Stmt::FromImport { from, names } => {
                self.frames.push(Frame::default());
                self.capture(|run| run.include(from, from.at, false))?;
                let mut values = Vec::new();
                for (name, alias) in names {
                    values.push((alias, self.eval(name)?));
                }
                self.frames.pop();
                for (alias, value) in values.into_iter().rev() {
                    self.assign(alias, value)?;
                }
            }
            Stmt::Extends(name) => {
                let name = self.eval(name)?;
                let Some(name) = name.as_str() else {
                    return fault(ErrorKind::InvalidOperation, "template name was not a string");
                };
                self.extends = Some((Arc::from(name), self.out.len(), self.out.pieces.len()));
            }
            Stmt::Include { at, name, ignore_missing } => self.include(name, *at, *ignore_missing)?,
            Stmt::Macro(definition) => {
                let closure = self.enclose(&definition.free);
                let closed = Closed { definition: definition.clone(), closure };
                let value = Val { data: Data::Macro(Rc::new(closed)), extra: self.control };
                self.store(&definition.name, value);
            }
            Stmt::Call(call, definition) => {
                let closure = self.enclose(&definition.free);
                let caller =
                    Val::new(Data::Macro(Rc::new(Closed { definition: definition.clone(), closure })));
                let value = self.call_expr(call, Some(caller))?;
                self.print(&value, call.at)?;
            }
            Stmt::Do(call) => {
                self.eval(call)?;
            }
            Stmt::Continue => return Ok(Flow::Continue),
            Stmt::Break => return Ok(Flow::Break),
        }
        Ok(Flow::Next)
    }

    /// Runs something that writes, and gives what it wrote.
    pub(super) fn capture<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T>) -> Result<(T, Text)> {
        let outer = std::mem::take(&mut self.out);
        let result = inner(self);
        let text = std::mem::replace(&mut self.out, outer);
        Ok((result?, text))
    }

    fn block_text(&mut self, filter: Option<&Expr>, body: &[Stmt]) -> Result<(Flow, Val)> {
        let (flow, text) = self.capture(|run| run.body(body))?;
        let mut value = Val::text(text);
        if let Some(filter) = filter {
            value = self.filter_block(filter, value)?;
        }
        Ok((flow, value))
    }

    /// Applies the filters of a block, innermost first, to its text.
    fn filter_block(&mut self, filter: &Expr, text: Val) -> Result<Val> {
        let ExprKind::Filter(name, on, arguments) = &filter.kind else { return self.eval(filter) };
        let value = match on {
            Some(inner) => self.filter_block(inner, text)?,
            None => text,
        };
        self.filter(name, value, arguments, filter.at)
    }

    /// Sets what a target names. The value depends on what decided that it is set.
    fn assign(&mut self, target: &Expr, value: Val) -> Result<()> {
        let value = self.inherit(value, self.control);
        self.bind(target, value)
    }

    /// Sets what a target names.
    pub(super) fn bind(&mut self, target: &Expr, value: Val) -> Result<()> {
        match &target.kind {
            ExprKind::Var(name) => self.store(name, value),
            ExprKind::List(targets) | ExprKind::Tuple(targets) => {
                let (items, _) = self.items(&value)?;
                if items.len() != targets.len() {
                    return fault(ErrorKind::CannotUnpack, "sequence of wrong length");
                }
                for (target, item) in targets.iter().zip(items) {
                    self.bind(target, item)?;
                }
            }
            ExprKind::Attribute(on, field) => {
                let Val { data: Data::Space(space), .. } = self.eval(on)? else {
                    return fault(ErrorKind::InvalidOperation, "can only assign to namespaces");
                };
                space.borrow_mut().insert(field.clone(), value);
            }
            _ => return fault(ErrorKind::InvalidOperation, "cannot assign to this"),
        }
        Ok(())
    }

    fn print_expr(&mut self, expr: &Expr) -> Result<()> {
        // blocks, and loops that call themselves, write where they stand
        if let ExprKind::Call(callee, arguments) = &expr.kind {
            match &**callee {
                super::tree::Callee::Function(name) if **name == *"super" && arguments.is_empty() => {
                    return self.super_block();
                }
                super::tree::Callee::Block(name) => return self.run_block(name),
                _ => {}
            }
        }
        let value = self.eval(expr)?;
        self.print(&value, expr.at)
    }

    /// Writes a value.
    pub(super) fn print(&mut self, value: &Val, at: Pos) -> Result<()> {
        value.check_defined()?;
        let chain = self.causes.chain(self.chain, at);
        let more = self.causes.union(value.extra, self.control);
        let Run { causes, out, .. } = self;
        if let Data::Text(text) = &value.data {
            out.append(text, chain, |set| causes.union(set, more));
            return Ok(());
        }
        let control = self.control;
        let Some(text) = self.text_of(value) else {
            return fault(ErrorKind::InvalidOperation, "cannot print a list or a map directly");
        };
        let Run { causes, out, .. } = self;
        if text.text.is_empty() {
            // what is empty now may not be, another time
            let own = causes.union_all(text.pieces.iter().map(|p| p.causes).chain([more]));
            out.note(own, super::text::Kind::Line);
            return Ok(());
        }
        out.append(&text, chain, |set| causes.union(set, control));
        Ok(())
    }

    fn condition(&mut self, i: &If) -> Result<Flow> {
        let test = self.eval(&i.test)?;
        let truth = self.truth(&test);
        let causes = self.causes.raise(truth, How::Conditional);
        let branch = if test.is_true() { &i.yes } else { &i.no };
        let outer = self.control;
        self.control = self.causes.union(outer, causes);
        let whole = i.whole_lines && self.out.at_line_start();
        if !whole {
            self.region(causes, whole);
        }
        let flow = self.body(branch)?;
        self.region(causes, whole);
        if i.jumps {
            // what follows in this turn is there because of it
            if i.breaks {
                self.breaks = self.causes.union(self.breaks, self.control);
            }
        } else {
            self.control = outer;
        }
        self.taint(&i.sets, causes);
        Ok(flow)
    }

    /// Runs a loop over a value.
    pub(super) fn each(&mut self, f: &Arc<For>, over: &Val) -> Result<()> {
        let (mut items, shape) = self.items(over)?;
        let (outer, outer_breaks) = (self.control, std::mem::take(&mut self.breaks));
        let mut decided = shape;
        if let Some(filter) = &f.filter {
            let mut kept = Vec::new();
            for item in items {
                self.frames.push(Frame::default());
                self.bind(&f.target, item.clone())?;
                let test = self.eval(filter)?;
                self.frames.pop();
                let truth = self.truth(&test);
                let causes = self.causes.raise(truth, How::Conditional);
                decided = self.causes.union(decided, causes);
                if test.is_true() {
                    kept.push(self.inherit(item, causes));
                }
            }
            items = kept;
        }
        let region = self.causes.raise(decided, How::Conditional);
        let whole = f.whole_lines && self.out.at_line_start();
        if !whole {
            self.region(region, whole);
        }
        let items = Rc::new(items);
        let looping = self.causes.raise(decided, How::Operand);
        let depth =
            self.frames.iter().filter(|f| f.turn.as_ref().is_some_and(|t| t.recursive.is_some())).count();
        let last = Rc::default();
        self.frames.push(Frame::default());
        for index in 0..items.len() {
            let turn = Turn {
                index,
                items: items.clone(),
                depth,
                causes: looping,
                recursive: f.recursive.then(|| f.clone()),
                last: Rc::clone(&last),
            };
            if let Some(frame) = self.frames.last_mut() {
                frame.locals.clear();
                frame.turn = Some(Rc::new(turn));
            }
            let item = items[index].clone();
            let own = self.own(&item);
            let presence = self.causes.raise(own, How::Conditional);
            self.control = self.causes.union_all([outer, presence, self.breaks]);
            self.bind(&f.target, item)?;
            if self.body(&f.body)? == Flow::Break {
                break;
            }
        }
        self.frames.pop();
        let breaks = std::mem::replace(&mut self.breaks, outer_breaks);
        self.control = self.causes.union(outer, region);
        if items.is_empty() {
            self.body(&f.otherwise)?;
        }
        let region = self.causes.union(region, breaks);
        self.control = outer;
        self.region(region, whole);
        self.taint(&f.sets, region);
        Ok(())
    }

    /// Writes an included template.
    fn include(&mut self, name: &Expr, at: Pos, ignore_missing: bool) -> Result<()> {
        let tree = self.tree;
        let value = self.eval(name)?;
        let own = self.whole(&value);
        let computed = self.causes.raise(own, How::Conditional);
        let names: Vec<Val> = match &value.data {
            Data::Seq(seq) => seq.items.clone(),
            _ => vec![value],
        };
        for choice in &names {
            let Some(choice) = choice.as_str() else {
                return fault(ErrorKind::InvalidOperation, "template name was not a string");
            };
            let Some(template) = tree.templates.get(choice) else { continue };
            let (control, chain) = (self.control, self.chain);
            self.control = self.causes.union(control, computed);
            self.chain = self.causes.chain(chain, at);
            let blocks = std::mem::take(&mut self.blocks);
            let closure = self.frames.last_mut().and_then(|f| f.closure.take());
            let frames = self.frames.len();
            self.out.note(computed, super::text::Kind::Line);
            let result = self.deeper(|run| run.template(template));
            self.out.note(computed, super::text::Kind::Line);
            self.frames.truncate(frames);
            if let Some(frame) = self.frames.last_mut() {
                frame.closure = closure;
            }
            self.blocks = blocks;
            (self.control, self.chain) = (control, chain);
            return result;
        }
        if ignore_missing || names.is_empty() {
            return Ok(());
        }
        fault(ErrorKind::TemplateNotFound, "tried to include a template that does not exist")
    }

    /// Gives a macro the variables around it.
    fn enclose(&mut self, names: &[Arc<str>]) -> Option<usize> {
        if names.is_empty() {
            return self.frames.last().and_then(|f| f.closure);
        }
        let closure = match self.frames.last().and_then(|f| f.closure) {
            Some(closure) => closure,
            None => {
                self.closures.push(Vec::new());
                let closure = self.closures.len() - 1;
                if let Some(frame) = self.frames.last_mut() {
                    frame.closure = Some(closure);
                }
                closure
            }
        };
        for name in names {
            if !self.closures[closure].iter().any(|(n, _)| n == name) {
                let value = self.lookup(name).unwrap_or_else(Val::undefined);
                self.closures[closure].push((name.clone(), value));
            }
        }
        Some(closure)
    }

    /// Calls a macro. What it wrote is its value.
    pub(super) fn call_macro(
        &mut self,
        closed: &Closed,
        positions: &[Val],
        names: &[(Arc<str>, Val)],
        at: Pos,
    ) -> Result<Val> {
        let definition = &closed.definition;
        if positions.len() > definition.parameters.len() {
            return fault(ErrorKind::TooManyArguments, "too many arguments");
        }
        let base = Frame { base: true, ..Frame::default() };
        let mut frame = Frame { around: closed.closure, ..Frame::default() };
        if definition.calls_back {
            let caller = named(names, "caller").cloned();
            frame.locals.push((Arc::from("caller"), caller.unwrap_or_else(Val::undefined)));
        }
        let outer = std::mem::replace(&mut self.frames, vec![base, frame]);
        let (chain, block) = (self.chain, self.block.take());
        let (control, breaks) = (self.control, self.breaks);
        self.chain = self.causes.chain(chain, at);
        let result = self.deeper(|run| {
            // as minijinja: the last parameter first, each visible to the defaults of those before it
            for (i, (name, default)) in definition.parameters.iter().enumerate().rev() {
                let given = positions.get(i).cloned();
                let given = given.or_else(|| named(names, name).cloned());
                let value = match (given, default) {
                    (Some(value), _) if !value.is_undefined() => value,
                    (_, Some(default)) => run.eval(default)?,
                    (Some(value), None) => value,
                    (None, None) => Val::undefined(),
                };
                run.store(name, value);
            }
            run.capture(|run| run.body(&definition.body))
        });
        self.frames = outer;
        (self.chain, self.block) = (chain, block);
        (self.control, self.breaks) = (control, breaks);
        Ok(Val::text(result?.1))
    }

    /// Writes a block, as the innermost template defines it.
    pub(super) fn run_block(&mut self, name: &Arc<str>) -> Result<()> {
        let Some(body) = self.blocks.get(name).and_then(|(bodies, at)| bodies.get(*at)).cloned() else {
            return fault(ErrorKind::UnknownBlock, format!("block '{name}' not found"));
        };
        let block = self.block.replace(name.clone());
        self.frames.push(Frame::default());
        let result = self.deeper(|run| run.body(&body));
        self.frames.pop();
        self.block = block;
        result.map(|_| ())
    }

    /// Writes the block that the one which runs overrides.
    pub(super) fn super_block(&mut self) -> Result<()> {
        let Some(name) = self.block.clone() else {
            return fault(ErrorKind::InvalidOperation, "cannot super outside of block");
        };
        let body = self.blocks.get_mut(&name).and_then(|(bodies, at)| {
            let body = bodies.get(*at + 1).cloned()?;
            *at += 1;
            Some(body)
        });
        let Some(body) = body else {
            return fault(ErrorKind::InvalidOperation, "no parent block exists");
        };
        self.frames.push(Frame::default());
        let result = self.deeper(|run| run.body(&body));
        self.frames.pop();
        if let Some((_, at)) = self.blocks.get_mut(&name) {
            *at -= 1;
        }
        result.map(|_| ())
    }

    /// The items of a value, and what decided which there are.
    pub(super) fn items(&mut self, value: &Val) -> Result<(Vec<Val>, Set)> {
        use mwrender_values::Data as Values;
        value.check_defined()?;
        let shape = self.shape(value);
        let items = match &value.data {
            Data::Value(v) => match &v.data {
                Values::List(list) => list
                    .iter()
                    .map(|item| Val { data: Data::Value(item.clone()), extra: value.extra })
                    .collect(),
                Values::Map(map) => {
                    let mut keys = Vec::with_capacity(map.len());
                    for (key, entry) in map.iter() {
                        keys.push(self.key(key, entry.key_origin, value.extra));
                    }
                    keys
                }
                _ => self.plain_items(value)?,
            },
            Data::Seq(seq) => {
                let items = seq.items.clone();
                items.into_iter().map(|item| self.inherit(item, value.extra)).collect()
            }
            Data::Dict(dict) => {
                let keys: Vec<(Arc<str>, Set)> =
                    dict.iter().map(|(k, (c, _))| (k.clone(), c.causes)).collect();
                keys.into_iter()
                    .map(|(key, causes)| {
                        let extra = self.causes.union(causes, value.extra);
                        Val { data: Data::Value(mwrender_values::Value::string(key)), extra }
                    })
                    .collect()
            }
            _ => self.plain_items(value)?,
        };
        Ok((items, shape))
    }

    /// A key of a mapping as a value.
    pub(super) fn key(&mut self, key: &Arc<str>, origin: Pos, extra: Set) -> Val {
        let known = self.causes.known(origin, true);
        let mut text = mwrender_values::Value::string(key.clone());
        text.origin = self.causes.origin(known);
        Val { data: Data::Value(text), extra }
    }

    fn plain_items(&mut self, value: &Val) -> Result<Vec<Val>> {
        let whole = self.whole(value);
        let extra = self.causes.raise(whole, How::Operand);
        let plain = value.plain();
        let items: Vec<minijinja::Value> = plain.try_iter()?.collect();
        Ok(items.into_iter().map(|item| self.tracked(item, extra)).collect())
    }

    /// A list of values.
    pub(super) fn list(items: Vec<Val>, shape: Set) -> Val {
        Val::new(Data::Seq(Rc::new(Seq { items, shape, tuple: false })))
    }

    /// The chain of a place in the template that runs.
    pub(super) fn here(&mut self, at: Pos) -> Chain {
        self.causes.chain(self.chain, at)
    }
}
