//! Fields, keys, methods and variables.

use super::{At, Exec, Res};
use crate::ast::Expr;
use crate::error::{Error, ErrorKind};
use crate::go::quote::quoted;
use crate::set::MissingKey;
use crate::source::Span;
use crate::value::{Kind, Map, Value};

impl<'s> Exec<'s, '_> {
    pub(super) fn eval_chain(
        &mut self,
        dot: &Value,
        expr: &'s Expr,
        args: Option<&'s [Expr]>,
        last: Option<Value>,
    ) -> Res<Value> {
        self.at = Some(At::Expr(expr));
        let Expr::Chain(chain) = expr else {
            return Err(self.error("no chain"));
        };
        self.at = Some(At::Expr(&chain.base));
        let receiver = match &chain.base {
            Expr::Pipe(pipe) => self.eval_pipeline(dot, pipe)?,
            Expr::Function { index, .. } => {
                self.eval_function(dot, *index, At::Expr(&chain.base), None, None)?
            }
            _ => return Err(self.error("no fields here")),
        };
        self.eval_fields(dot, receiver, &chain.fields, expr, args, last)
    }

    pub(super) fn eval_variable(
        &mut self,
        dot: &Value,
        expr: &'s Expr,
        args: Option<&'s [Expr]>,
        last: Option<Value>,
    ) -> Res<Value> {
        self.at = Some(At::Expr(expr));
        let Expr::Variable(variable) = expr else {
            return Err(self.error("no variable"));
        };
        let value = match self.find(variable.id) {
            Some(found) => found.value.clone(),
            None => return Err(self.undefined(variable)),
        };
        if variable.fields.is_empty() {
            if args.is_some_and(|a| a.len() > 1) || last.is_some() {
                let name = self.tree.source.name_at(variable.name);
                return Err(self.error(format!("can't give argument to non-function {name}")));
            }
            return Ok(value);
        }
        self.eval_fields(dot, value, &variable.fields, expr, args, last)
    }

    /// `.X.Y.Z` of a receiver; the last one gets the arguments if it is a method.
    pub(super) fn eval_fields(
        &mut self,
        dot: &Value,
        mut receiver: Value,
        fields: &'s [Span],
        node: &'s Expr,
        args: Option<&'s [Expr]>,
        last: Option<Value>,
    ) -> Res<Value> {
        let Some((final_field, before)) = fields.split_last() else {
            return Ok(receiver);
        };
        for field in before {
            receiver = self.eval_field(dot, *field, node, None, None, receiver)?;
        }
        self.eval_field(dot, *final_field, node, args, last, receiver)
    }

    fn eval_field(
        &mut self,
        dot: &Value,
        field: Span,
        node: &'s Expr,
        args: Option<&'s [Expr]>,
        last: Option<Value>,
        receiver: Value,
    ) -> Res<Value> {
        let source = &self.tree.source;
        let has_args = args.is_some_and(|a| a.len() > 1) || last.is_some();
        if let (Kind::Map(map), false) = (receiver.kind(), has_args)
            && let Some(value) = self.key(map, field)
        {
            return Ok(value.element(map.element_type(), receiver.origin()));
        }
        let name = source.name_at(field);
        match receiver.kind() {
            Kind::Nil if receiver.iface => {
                let message = format!("nil pointer evaluating {}.{name}", receiver.static_type_name());
                return Err(self.error_with(message, &receiver));
            }
            Kind::Nil => {
                if self.set.missing() == MissingKey::Error {
                    return Err(self.error(format!("nil data; no entry for key {}", quoted(name.as_bytes()))));
                }
                return Ok(Value::NIL.with_origin(receiver.origin()));
            }
            Kind::Object(object) => {
                let object = std::rc::Rc::clone(object);
                if let Some(method) = object.method(name) {
                    return self.eval_call(dot, method, Some(receiver), At::Expr(node), name, args, last);
                }
                if let Some(value) = object.field(name) {
                    if has_args {
                        return Err(
                            self.error(format!("{name} has arguments but cannot be invoked as function"))
                        );
                    }
                    return Ok(value);
                }
            }
            Kind::Map(map) => {
                if let Some(method) = map.ty().method(name) {
                    return self.eval_call(dot, method, Some(receiver), At::Expr(node), name, args, last);
                }
                if has_args {
                    return Err(self.error(format!("{name} is not a method but has arguments")));
                }
                let ty = map.element_type();
                return match (map.get(name.as_bytes()), self.set.missing()) {
                    (Some(value), _) => Ok(value.element(ty, receiver.origin())),
                    (None, MissingKey::Invalid) => Ok(Value::NIL.with_origin(receiver.origin())),
                    (None, MissingKey::Zero) => Ok(Value::zero(ty).element(ty, receiver.origin())),
                    (None, MissingKey::Error) => {
                        let message = format!("map has no entry for key {}", quoted(name.as_bytes()));
                        Err(self.error_with(message, &receiver))
                    }
                };
            }
            Kind::List(list) => {
                if let Some(method) = list.ty().method(name) {
                    return self.eval_call(dot, method, Some(receiver), At::Expr(node), name, args, last);
                }
            }
            _ => {}
        }
        let message = format!("can't evaluate field {name} in type {}", receiver.static_type_name());
        Err(self.error_with(message, &receiver))
    }

    /// The value of a key that is no method: what most fields are.
    fn key(&self, map: &Map, field: Span) -> Option<Value> {
        if map.ty().has_methods() { None } else { map.get(self.tree.source.slice(field)) }
    }

    /// An error that names where a value comes from.
    pub(super) fn error_with(&self, message: String, value: &Value) -> Error {
        self.error_about(ErrorKind::Execute, message, None, self.leaves(value))
    }
}
