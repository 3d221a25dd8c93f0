//! Calls of functions and methods.

use super::{At, Context, Exec, Res};
use crate::ast::Expr;
use crate::error::{ErrorKind, Failure};
use crate::func::{Function, Special};
use crate::printf::print;
use crate::types::{Shape, Type};
use crate::value::{Kind, Value};

impl<'s> Exec<'s, '_> {
    pub(super) fn eval_function(
        &mut self,
        dot: &Value,
        index: u32,
        node: At<'s>,
        args: Option<&'s [Expr]>,
        last: Option<Value>,
    ) -> Res<Value> {
        let function: &'s Function = self.set.funcs().at(index);
        self.eval_call(dot, function, None, node, function.name(), args, last)
    }

    /// Calls a function; `args` includes the name of the function, `last` is what a pipe brings.
    #[expect(clippy::too_many_arguments, reason = "a call has that many parts")]
    pub(super) fn eval_call(
        &mut self,
        dot: &Value,
        function: &Function,
        receiver: Option<Value>,
        node: At<'s>,
        name: &str,
        args: Option<&'s [Expr]>,
        last: Option<Value>,
    ) -> Res<Value> {
        let args = args.map_or(&[][..], |a| &a[1..]);
        let given = args.len() + usize::from(last.is_some());
        let fixed = function.fixed();
        if function.variadic {
            if given < fixed {
                return Err(self.error(format!(
                    "wrong number of args for {name}: want at least {fixed} got {}",
                    args.len()
                )));
            }
        } else if given != fixed {
            return Err(self.error(format!("wrong number of args for {name}: want {fixed} got {given}")));
        }
        if let Some(text) = &function.refused {
            return Err(self.error(text.to_string()));
        }
        if matches!(function.special, Special::And | Special::Or) {
            return self.and_or(dot, function.special == Special::Or, args, last);
        }
        let callee = match (function.special, args.first(), &last) {
            (Special::Call, Some(arg), _) => At::Expr(arg).print(&self.tree.source),
            (Special::Call, None, Some(last)) => reflected(last),
            _ => String::new(),
        };
        let hidden = usize::from(receiver.is_some());
        let mut argv = Vec::with_capacity(given + hidden);
        argv.extend(receiver);
        for (i, arg) in args.iter().enumerate() {
            let value = self.eval_arg(dot, function.param(i), arg)?;
            argv.push(value);
        }
        if let Some(last) = last {
            let value = self.validate(last, function.param(given - 1))?;
            argv.push(value);
        }
        let at = self.at.replace(node);
        let called = if function.special == Special::Call {
            self.call(&callee, &argv)
        } else {
            self.run_function(function, &argv)
        };
        match called {
            Ok(mut value) => {
                self.at = at;
                match function.result.shape() {
                    Shape::Any => {
                        value.iface = true;
                        value.copy_struct();
                    }
                    Shape::Reflect => {}
                    _ => value.iface = false,
                }
                self.track_result(function, &argv, &mut value);
                Ok(value)
            }
            Err(failure) => {
                let message = format!("error calling {name}: {}", failure.text);
                let origins = argv.iter().skip(hidden).flat_map(|v| self.leaves(v)).collect();
                Err(self.error_about(ErrorKind::Execute, message, failure.inner, origins))
            }
        }
    }

    fn run_function(&mut self, function: &Function, argv: &[Value]) -> Result<Value, Failure> {
        let mut context = Context {
            set: self.set,
            source: &self.tree.source,
            template: &self.tree.name,
            offset: self.at.map_or(0, At::pos),
            run: self.run,
        };
        function.run(&mut context, argv)
    }

    /// `and` and `or`: the value that decides, and no argument behind it is evaluated.
    fn and_or(&mut self, dot: &Value, or: bool, args: &'s [Expr], last: Option<Value>) -> Res<Value> {
        let mut seen = Vec::new();
        let mut value = Value::NIL;
        for arg in args {
            value = self.eval_arg(dot, Type::REFLECT, arg)?;
            if value.is_true() == or {
                self.track_choice(&seen, &mut value);
                return Ok(value);
            }
            if self.tracks() {
                seen.push(value.clone());
            }
        }
        if let Some(last) = last {
            value = self.validate(last, Type::REFLECT)?;
        }
        self.track_choice(&seen, &mut value);
        Ok(value)
    }

    /// `call`: the first argument is the function.
    fn call(&mut self, callee: &str, argv: &[Value]) -> Result<Value, Failure> {
        let Some((first, args)) = argv.split_first() else {
            return Err("call of nil".into());
        };
        let function = match first.kind() {
            Kind::Nil => return Err("call of nil".into()),
            Kind::Func(function) => std::sync::Arc::clone(function),
            _ => {
                return Err(format!("non-function {callee} of type {}", first.type_name()).into());
            }
        };
        let fixed = function.fixed();
        if function.variadic && args.len() < fixed {
            let got = args.len();
            return Err(format!("wrong number of args for {callee}: got {got} want at least {fixed}").into());
        }
        if !function.variadic && args.len() != fixed {
            let got = args.len();
            return Err(format!("wrong number of args for {callee}: got {got} want {fixed}").into());
        }
        let mut prepared = Vec::with_capacity(args.len());
        for (i, arg) in args.iter().enumerate() {
            let arg = prepare(arg, function.param(i)).map_err(|text| format!("arg {i}: {text}"))?;
            prepared.push(arg);
        }
        let mut value = self.run_function(&function, &prepared)?;
        value.iface = matches!(function.result.shape(), Shape::Any);
        Ok(value)
    }
}

/// A value for a parameter of this type, as `call` and `index` convert it.
pub(crate) fn prepare(value: &Value, ty: &'static Type) -> Result<Value, String> {
    if value.is_nil() {
        return if ty.can_be_nil() {
            Ok(Value::zero(ty).with_origin(value.origin()))
        } else {
            Err(format!("value is nil; should be of type {}", ty.name()))
        };
    }
    if value.is_assignable_to(ty) {
        return Ok(value.clone().converted(ty));
    }
    let bits = match value.kind() {
        Kind::Int(i, _) => Some(i.cast_unsigned()),
        Kind::Uint(u, _) => Some(*u),
        _ => None,
    };
    let kind = match (bits, ty.shape()) {
        (Some(bits), Shape::Int(kind)) => {
            let unused = 64 - kind.bits();
            Some(Kind::Int((bits << unused).cast_signed() >> unused, kind))
        }
        (Some(bits), Shape::Uint(kind)) => {
            let unused = 64 - kind.bits();
            Some(Kind::Uint(bits << unused >> unused, kind))
        }
        _ => None,
    };
    match kind {
        Some(kind) => Ok(Value::new(kind).with_origin(value.origin())),
        None => Err(format!("value has type {}; should be {}", value.type_name(), ty.name())),
    }
}

/// A value as Go's `reflect.Value.String` shows it.
fn reflected(value: &Value) -> String {
    match value.kind() {
        Kind::Nil => "<invalid Value>".to_owned(),
        Kind::String(_) | Kind::Text(_) => {
            let text = print(std::slice::from_ref(value)).unwrap_or_default();
            String::from_utf8_lossy(&text).into_owned()
        }
        _ => format!("<{} Value>", value.type_name()),
    }
}
