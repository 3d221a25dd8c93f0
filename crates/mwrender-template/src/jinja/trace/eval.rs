//! Expressions.

use super::causes::{Known, Set};
use super::run::{Result, Run, fault};
use super::text::Text;
use super::tree::{Argument, Callee, Expr, ExprKind, Operator};
use super::value::{Data, Missing, Seq, Turn, Val};
use crate::engine::How;
use minijinja::{ErrorKind, Value as Jinja};
use mwrender_diagnostic::Pos;
use std::rc::Rc;
use std::sync::Arc;

/// Arguments by position, and by name.
pub(super) type Arguments = (Vec<Val>, Vec<(Arc<str>, Val)>);

impl Run<'_> {
    /// The value of an expression.
    pub(super) fn eval(&mut self, expr: &Expr) -> Result<Val> {
        self.step()?;
        Ok(match &expr.kind {
            ExprKind::Const(value) => Val::new(Data::Other(value.clone())),
            ExprKind::Var(name) => self.lookup(name).unwrap_or_else(Val::undefined),
            ExprKind::Slice(parts) => self.slice(parts)?,
            ExprKind::Not(inner) => {
                let value = self.eval(inner)?;
                let truth = self.truth(&value);
                let extra = self.causes.raise(truth, How::Operand);
                Val { data: Data::Other(Jinja::from(!value.is_true())), extra }
            }
            ExprKind::Neg(inner) => {
                let value = self.eval(inner)?;
                let extra = self.operands(&[&value]);
                let negation = self.state.env().compile_expression("-a")?;
                let negated = negation.eval(minijinja::context! { a => value.plain() })?;
                Val { data: Data::Other(negated), extra }
            }
            ExprKind::And(pair) => {
                let left = self.eval(&pair.0)?;
                if left.is_true() { self.chosen(&left, &pair.1)? } else { left }
            }
            ExprKind::Or(pair) => {
                let left = self.eval(&pair.0)?;
                if left.is_true() { left } else { self.chosen(&left, &pair.1)? }
            }
            ExprKind::Binary(operator, pair) => {
                let (a, b) = (self.eval(&pair.0)?, self.eval(&pair.1)?);
                self.binary(*operator, &a, &b)?
            }
            ExprKind::Compare(first, rest) => {
                let mut left = self.eval(first)?;
                let mut result = Val::new(Data::Other(Jinja::from(true)));
                for (operator, expr) in rest {
                    let right = self.eval(expr)?;
                    let holds = self.binary(*operator, &left, &right)?;
                    let extra = self.causes.union(result.extra, holds.extra);
                    result = Val { extra, ..holds };
                    if !result.is_true() {
                        break;
                    }
                    left = right;
                }
                result
            }
            ExprKind::If(parts) => {
                let test = self.eval(&parts.0)?;
                let truth = self.truth(&test);
                let decided = self.causes.raise(truth, How::Conditional);
                let value = match (test.is_true(), &parts.2) {
                    (true, _) => self.eval(&parts.1)?,
                    (false, Some(otherwise)) => self.eval(otherwise)?,
                    // prints as nothing
                    (false, None) => Val::text(Text::default()),
                };
                self.inherit(value, decided)
            }
            ExprKind::Filter(name, on, arguments) => {
                let value = match on {
                    Some(on) => self.eval(on)?,
                    None => Val::undefined(),
                };
                self.filter(name, value, arguments, expr.at)?
            }
            ExprKind::Test(name, on, arguments) => {
                let value = self.eval(on)?;
                let (positions, named) = self.arguments(arguments)?;
                let (holds, extra) = self.test(name, &value, &positions, &named)?;
                Val { data: Data::Other(Jinja::from(holds)), extra }
            }
            ExprKind::Attribute(on, name) => {
                let value = self.eval(on)?;
                self.attribute(&value, name)?
            }
            ExprKind::Item(pair) => {
                let (value, key) = (self.eval(&pair.0)?, self.eval(&pair.1)?);
                self.item(&value, &key)?
            }
            ExprKind::Call(..) => self.call_expr(expr, None)?,
            ExprKind::List(items) | ExprKind::Tuple(items) => {
                let tuple = matches!(expr.kind, ExprKind::Tuple(_));
                let items = items.iter().map(|e| self.eval(e)).collect::<Result<Vec<_>>>()?;
                Val::new(Data::Seq(Rc::new(Seq { items, shape: Set::EMPTY, tuple })))
            }
            ExprKind::Map(pairs) => self.map(pairs)?,
        })
    }

    /// The second operand of `and` and `or`: the first decided that it is this one.
    fn chosen(&mut self, left: &Val, right: &Expr) -> Result<Val> {
        let truth = self.truth(left);
        let decided = self.causes.raise(truth, How::Conditional);
        let value = self.eval(right)?;
        Ok(self.inherit(value, decided))
    }

    fn map(&mut self, pairs: &[(Expr, Expr)]) -> Result<Val> {
        let mut entries = Vec::new();
        for (key, value) in pairs {
            let place = self.here(key.at);
            let key = self.eval(key)?;
            let value = self.eval(value)?;
            entries.push((place, key, value));
        }
        let mut dict = indexmap::IndexMap::new();
        for (place, key, value) in &entries {
            let Some(name) = key.as_str() else {
                // keys that are no texts: minijinja's own map
                let all: Vec<&Val> = entries.iter().flat_map(|(_, k, v)| [k, v]).collect();
                let extra = self.operands(&all);
                let map: std::collections::BTreeMap<Jinja, Jinja> =
                    entries.iter().map(|(_, k, v)| (k.plain(), v.plain())).collect();
                return Ok(Val { data: Data::Other(Jinja::from(map)), extra });
            };
            let name: Arc<str> = Arc::from(name);
            let causes = self.own(key);
            dict.insert(name, (causes, *place, value.clone()));
        }
        // as minijinja: by key
        dict.sort_unstable_keys();
        // the line that wrote an entry is that of its key
        let known = |causes, chain| Known { causes, chain, ..Known::default() };
        let placed =
            dict.into_iter().map(|(key, (causes, place, value))| (key, (known(causes, place), value)));
        Ok(Val::new(Data::Dict(Rc::new(placed.collect()))))
    }

    /// Everything that values which are computed with depend on.
    pub(super) fn operands(&mut self, values: &[&Val]) -> Set {
        let all: Vec<Set> = values.iter().map(|v| self.whole(v)).collect();
        let all = self.causes.union_all(all);
        self.causes.raise(all, How::Operand)
    }

    fn binary(&mut self, operator: Operator, a: &Val, b: &Val) -> Result<Val> {
        a.check_defined()?;
        b.check_defined()?;
        // lists stay lists of what was in them
        if operator == Operator::Add
            && let (Some(left), Some(right)) = (self.sequence(a), self.sequence(b))
        {
            let items = left.0.into_iter().chain(right.0).collect();
            let shape = self.causes.union(left.1, right.1);
            return Ok(Self::list(items, shape));
        }
        let result = self.operate(operator, &a.plain(), &b.plain())?;
        if matches!(operator, Operator::Concat | Operator::Add)
            && let Some(text) = result.as_str()
            && let (Some(left), Some(right)) = (self.text_of(a), self.text_of(b))
        {
            let mut joined = left;
            joined.append(&right, super::causes::Chain::default(), |s| s);
            if joined.text == text {
                return Ok(Val::text(joined));
            }
        }
        let extra = self.operands(&[a, b]);
        Ok(self.tracked(result, extra))
    }

    /// The items of a list, and what decided which there are.
    fn sequence(&mut self, value: &Val) -> Option<(Vec<Val>, Set)> {
        let is_list = match &value.data {
            Data::Value(v) => v.as_list().is_some(),
            Data::Seq(s) => !s.tuple,
            _ => false,
        };
        if is_list { self.items(value).ok() } else { None }
    }

    fn slice(&mut self, parts: &[Option<Expr>; 4]) -> Result<Val> {
        let mut values = Vec::new();
        for part in parts {
            values.push(match part {
                Some(expr) => Some(self.eval(expr)?),
                None => None,
            });
        }
        let [Some(on), bounds @ ..] = &values[..] else {
            return fault(ErrorKind::InvalidOperation, "nothing to slice");
        };
        let limits: Vec<&Val> = bounds.iter().flatten().collect();
        let decided = self.operands(&limits);
        let decided = self.causes.raise(decided, How::Conditional);
        let number = |v: &Option<Val>| v.as_ref().map(Val::plain);
        let (start, stop, step) = (number(&bounds[0]), number(&bounds[1]), number(&bounds[2]));
        let sliced = |plain: Jinja, run: &Self| -> Result<Jinja> {
            let expression = run.state.env().compile_expression("v[a:b:c]")?;
            let none = Jinja::from(());
            let (a, b, c) = (
                start.clone().unwrap_or_else(|| none.clone()),
                stop.clone().unwrap_or_else(|| none.clone()),
                step.clone().unwrap_or(none),
            );
            Ok(expression.eval(minijinja::context! { v => plain, a => a, b => b, c => c })?)
        };
        if let Some((items, shape)) = self.sequence(on) {
            // which items it takes, by their numbers
            let numbers: Vec<Jinja> = (0..items.len()).map(Jinja::from).collect();
            let taken = sliced(Jinja::from(numbers), self)?;
            let mut found = Vec::new();
            for number in taken.try_iter()? {
                found.extend(number.as_usize().and_then(|n| items.get(n)).cloned());
            }
            let shape = self.causes.union(shape, decided);
            let list = Self::list(found, shape);
            return Ok(self.inherit(list, decided));
        }
        let mut all = vec![on];
        all.extend(limits);
        let extra = self.operands(&all);
        let result = sliced(on.plain(), self)?;
        Ok(self.tracked(result, extra))
    }

    /// An attribute of a value.
    pub(super) fn attribute(&mut self, value: &Val, name: &str) -> Result<Val> {
        value.check_defined()?;
        let found = match &value.data {
            Data::Value(v) => match v.as_map().map(|m| m.get(name)) {
                Some(Some(entry)) => Val { data: Data::Value(entry.value.clone()), extra: value.extra },
                Some(None) => {
                    let missing = Missing::Key(v.clone(), Arc::from(name));
                    Val { data: Data::Undefined(Some(missing)), extra: value.extra }
                }
                None if v.is_null() => {
                    Val { data: Data::Undefined(Some(Missing::Null(v.origin))), extra: value.extra }
                }
                None => self.plain_attribute(value, name),
            },
            Data::Dict(dict) => match dict.get(name) {
                Some((_, found)) => self.inherit(found.clone(), value.extra),
                None => Val { data: Data::Undefined(None), extra: value.extra },
            },
            Data::Space(space) => match space.borrow().get(name) {
                Some(found) => found.clone(),
                None => Val::undefined(),
            },
            Data::Module(module) => module.get(name).cloned().unwrap_or_else(Val::undefined),
            Data::Loop(turn) => turn.attribute(name),
            _ => self.plain_attribute(value, name),
        };
        if matches!(value.data, Data::Space(_) | Data::Module(_)) {
            return Ok(self.inherit(found, value.extra));
        }
        Ok(found)
    }

    fn plain_attribute(&mut self, value: &Val, name: &str) -> Val {
        let found = value.plain().get_attr(name).unwrap_or(Jinja::UNDEFINED);
        let extra = self.operands(&[value]);
        self.tracked(found, extra)
    }

    /// What a value has under a key or number.
    pub(super) fn item(&mut self, value: &Val, key: &Val) -> Result<Val> {
        value.check_defined()?;
        let own = self.own(key);
        let decided = self.causes.raise(own, How::Conditional);
        let found = if let Some(name) = key.as_str()
            && !matches!(value.data, Data::Other(_))
        {
            self.attribute(value, name)?
        } else if let Some((items, shape)) = self.sequence_or_tuple(value) {
            let number = i64::try_from(key.plain()).ok();
            let index = number.and_then(|n| {
                if n < 0 {
                    items.len().checked_sub(n.unsigned_abs() as usize)
                } else {
                    usize::try_from(n).ok()
                }
            });
            match index.and_then(|i| items.get(i)) {
                Some(item) if number.is_some_and(|n| n >= 0) => item.clone(),
                // counted from the end, it depends on how many there are
                Some(item) => {
                    let shape = self.causes.raise(shape, How::Conditional);
                    self.inherit(item.clone(), shape)
                }
                None => Val { data: Data::Undefined(None), extra: shape },
            }
        } else {
            let plain = value.plain().get_item(&key.plain()).unwrap_or(Jinja::UNDEFINED);
            let extra = self.operands(&[value]);
            self.tracked(plain, extra)
        };
        Ok(self.inherit(found, decided))
    }

    fn sequence_or_tuple(&mut self, value: &Val) -> Option<(Vec<Val>, Set)> {
        match &value.data {
            Data::Seq(_) => self.items(value).ok(),
            _ => self.sequence(value),
        }
    }

    /// The arguments of a call.
    pub(super) fn arguments(&mut self, arguments: &[Argument]) -> Result<Arguments> {
        let (mut positions, mut names) = (Vec::new(), Vec::new());
        for argument in arguments {
            let value = self.eval(argument.expr())?;
            match argument {
                Argument::Position(_) => positions.push(value),
                Argument::Name(name, _) => names.push((name.clone(), value)),
                Argument::Positions(_) => positions.extend(self.items(&value)?.0),
                Argument::Names(_) => {
                    for key in self.items(&value)?.0 {
                        let found = self.item(&value, &key)?;
                        names.extend(key.as_str().map(|k| (Arc::from(k), found)));
                    }
                }
            }
        }
        Ok((positions, names))
    }

    /// A call. `caller`: what stands in its `{% call %}`.
    pub(super) fn call_expr(&mut self, expr: &Expr, caller: Option<Val>) -> Result<Val> {
        let ExprKind::Call(callee, arguments) = &expr.kind else { return self.eval(expr) };
        let on = match &**callee {
            Callee::Block(name) => {
                return Ok(Val::text(self.capture(|run| run.run_block(name))?.1));
            }
            Callee::Function(name) if **name == *"super" => {
                return Ok(Val::text(self.capture(Self::super_block)?.1));
            }
            Callee::Function(_) => None,
            Callee::Method(on, _) | Callee::Object(on) => Some(self.eval(on)?),
        };
        let (positions, mut names) = self.arguments(arguments)?;
        names.extend(caller.map(|c| (Arc::from("caller"), c)));
        match (&**callee, on) {
            (Callee::Function(name), _) => {
                let global = self.is_global(name);
                match (&**name, self.lookup(name)) {
                    ("namespace", _) if global => {
                        let fields = self.fields(&positions, names)?;
                        let space = Rc::new(std::cell::RefCell::new(fields.into_iter().collect()));
                        Ok(Val::new(Data::Space(space)))
                    }
                    ("dict", _) if global => {
                        let mut fields = self.fields(&positions, names)?;
                        fields.sort_by(|a, b| a.0.cmp(&b.0));
                        let known = self.literal(expr.at);
                        let placed = fields.into_iter().map(|(k, v)| (k, (known, v)));
                        Ok(Val::new(Data::Dict(Rc::new(placed.collect()))))
                    }
                    (_, Some(value)) => self.call_value(&value, &positions, &names, expr.at),
                    (_, None) => fault(ErrorKind::UnknownFunction, format!("{name} is unknown")),
                }
            }
            (Callee::Method(_, name), Some(on)) => match &on.data {
                Data::Module(_) | Data::Space(_) | Data::Dict(_) => {
                    let value = self.attribute(&on, name)?;
                    self.call_value(&value, &positions, &names, expr.at)
                }
                Data::Loop(turn) => Ok(self.loop_method(turn, name, &positions)),
                _ => {
                    let mut all = vec![&on];
                    all.extend(&positions);
                    let extra = self.operands(&all);
                    let arguments: Vec<Jinja> = positions.iter().map(Val::plain).collect();
                    let plain = on.plain();
                    let result = plain.call_method(&mut self.state, name, &arguments)?;
                    Ok(self.tracked(result, extra))
                }
            },
            (_, Some(value)) => self.call_value(&value, &positions, &names, expr.at),
            (_, None) => fault(ErrorKind::InvalidOperation, "nothing to call"),
        }
    }

    /// The fields of a `namespace` or `dict`, of a map or by name.
    fn fields(&mut self, positions: &[Val], names: Vec<(Arc<str>, Val)>) -> Result<Vec<(Arc<str>, Val)>> {
        let mut fields = Vec::new();
        if let Some(map) = positions.first().filter(|m| !m.is_undefined()) {
            for key in self.items(map)?.0 {
                let value = self.item(map, &key)?;
                if let Some(key) = key.as_str() {
                    super::run::put(&mut fields, &Arc::from(key), value);
                }
            }
        }
        for (name, value) in names {
            super::run::put(&mut fields, &name, value);
        }
        Ok(fields)
    }

    fn call_value(
        &mut self,
        value: &Val,
        positions: &[Val],
        names: &[(Arc<str>, Val)],
        at: Pos,
    ) -> Result<Val> {
        value.check_defined()?;
        match &value.data {
            Data::Macro(closed) => {
                let text = self.call_macro(closed, positions, names, at)?;
                Ok(self.inherit(text, value.extra))
            }
            Data::Loop(turn) => {
                let (Some(again), Some(over)) = (turn.recursive.clone(), positions.first()) else {
                    return fault(ErrorKind::InvalidOperation, "cannot recurse outside of recursive loop");
                };
                let ((), text) = self.capture(|run| run.deeper(|run| run.each(&again, over)))?;
                Ok(Val::text(text))
            }
            _ => {
                let mut all: Vec<&Val> = positions.iter().collect();
                all.extend(names.iter().map(|(_, v)| v));
                let extra = self.operands(&all);
                let extra = self.causes.union(extra, value.extra);
                let arguments = Self::plain_arguments(positions, names);
                let result = value.plain().call(&mut self.state, &arguments)?;
                Ok(self.tracked(result, extra))
            }
        }
    }

    /// Arguments as minijinja takes them: those by name in one value at the end.
    pub(super) fn plain_arguments(positions: &[Val], names: &[(Arc<str>, Val)]) -> Vec<Jinja> {
        let mut all: Vec<Jinja> = positions.iter().map(Val::plain).collect();
        if !names.is_empty() {
            let named: minijinja::value::Kwargs =
                names.iter().map(|(n, v)| (n.to_string(), v.plain())).collect();
            all.push(Jinja::from(named));
        }
        all
    }

    fn loop_method(&mut self, turn: &Turn, name: &str, positions: &[Val]) -> Val {
        match name {
            "cycle" if !positions.is_empty() => {
                let value = positions[turn.index % positions.len()].clone();
                self.inherit(value, turn.causes)
            }
            "changed" => {
                let now: Vec<Jinja> = positions.iter().map(Val::plain).collect();
                let all: Vec<&Val> = positions.iter().collect();
                let own = self.operands(&all);
                let before = turn.last.borrow_mut().replace((now.clone(), own));
                let changed = before.as_ref().is_none_or(|(before, _)| *before != now);
                let before = before.map_or(Set::EMPTY, |(_, causes)| causes);
                let extra = self.causes.union_all([own, before, turn.causes]);
                Val { data: Data::Other(Jinja::from(changed)), extra }
            }
            _ => Val::undefined(),
        }
    }

    /// Whether a test holds, and what that depends on.
    pub(super) fn test(
        &mut self,
        name: &str,
        value: &Val,
        positions: &[Val],
        names: &[(Arc<str>, Val)],
    ) -> Result<(bool, Set)> {
        let by_shape = matches!(
            name,
            "defined"
                | "undefined"
                | "none"
                | "string"
                | "number"
                | "integer"
                | "int"
                | "float"
                | "boolean"
                | "mapping"
                | "sequence"
                | "iterable"
        );
        let own = if by_shape { self.own(value) } else { self.whole(value) };
        let mut all = vec![own];
        for argument in positions.iter().chain(names.iter().map(|(_, v)| v)) {
            all.push(self.whole(argument));
        }
        let all = self.causes.union_all(all);
        let extra = self.causes.raise(all, How::Operand);
        let mut arguments = vec![value.plain()];
        arguments.extend(Self::plain_arguments(positions, names));
        Ok((self.state.perform_test(name, &arguments)?, extra))
    }

    /// What is known of a literal at a place: only where it stands.
    pub(super) fn literal(&mut self, at: Pos) -> Known {
        Known { chain: self.here(at), ..Known::default() }
    }
}

/// The argument of a name.
pub(super) fn named<'v>(names: &'v [(Arc<str>, Val)], name: &str) -> Option<&'v Val> {
    names.iter().find(|(n, _)| **n == *name).map(|(_, v)| v)
}
