//! Arguments: constants take the type of the parameter, values must have it.

use std::rc::Rc;

use super::{At, Exec, Res};
use crate::ast::Expr;
use crate::types::{Shape, Type};
use crate::value::{Kind, Value};

impl<'s> Exec<'s, '_> {
    /// The value of an argument for a parameter of this type.
    pub(super) fn eval_arg(&mut self, dot: &Value, ty: &'static Type, arg: &'s Expr) -> Res<Value> {
        self.at = Some(At::Expr(arg));
        let value = match arg {
            Expr::Dot(_) => dot.clone(),
            Expr::Nil(_) => {
                if !ty.can_be_nil() {
                    return Err(self.error(format!("cannot assign nil to {}", ty.name())));
                }
                let mut zero = Value::zero(ty);
                zero.iface = matches!(ty.shape(), Shape::Any);
                return Ok(zero);
            }
            Expr::Field(_, fields) => self.eval_fields(dot, dot.clone(), fields, arg, None, None)?,
            Expr::Variable(_) => self.eval_variable(dot, arg, None, None)?,
            Expr::Pipe(pipe) => self.eval_pipeline(dot, pipe)?,
            Expr::Function { index, .. } => self.eval_function(dot, *index, At::Expr(arg), None, None)?,
            Expr::Chain(_) => self.eval_chain(dot, arg, None, None)?,
            Expr::Bool(..) | Expr::Number(_) | Expr::String(_) => return self.constant(ty, arg),
        };
        self.validate(value, ty)
    }

    fn constant(&mut self, ty: &'static Type, arg: &'s Expr) -> Res<Value> {
        let expected = match (ty.shape(), arg) {
            (Shape::Any | Shape::Reflect | Shape::Bool, Expr::Bool(_, value)) => {
                return Ok(Value::from(*value));
            }
            (Shape::Any | Shape::Reflect | Shape::String, Expr::String(literal)) => {
                return Ok(Value::from(literal.text.clone()));
            }
            (Shape::Any | Shape::Reflect, Expr::Number(number)) => return self.ideal(arg, number),
            (Shape::Int(kind), Expr::Number(number)) if number.int.is_some() => {
                let unused = 64 - kind.bits();
                let int = number.int.unwrap_or(0) << unused >> unused;
                return Ok(Value::new(Kind::Int(int, kind)));
            }
            (Shape::Uint(kind), Expr::Number(number)) if number.uint.is_some() => {
                let unused = 64 - kind.bits();
                let uint = number.uint.unwrap_or(0) << unused >> unused;
                return Ok(Value::new(Kind::Uint(uint, kind)));
            }
            (Shape::Float, Expr::Number(number)) if number.float.is_some() => {
                return Ok(Value::from(number.float.unwrap_or(0.0)));
            }
            (Shape::Complex, Expr::Number(number)) if number.complex.is_some() => {
                return Ok(Value::new(Kind::Complex(Rc::new(number.complex.unwrap_or((0.0, 0.0))))));
            }
            (Shape::Bool, _) => "bool",
            (Shape::String, _) => "string",
            (Shape::Int(_), _) => "integer",
            (Shape::Uint(_), _) => "unsigned integer",
            (Shape::Float, _) => "float",
            (Shape::Complex, _) => "complex",
            _ => {
                let shown = At::Expr(arg).print(&self.tree.source);
                return Err(self.error(format!("can't handle {shown} for arg of type {}", ty.name())));
            }
        };
        let shown = At::Expr(arg).print(&self.tree.source);
        Err(self.error(format!("expected {expected}; found {shown}")))
    }

    /// The value if a place of this type may hold it.
    pub(super) fn validate(&self, mut value: Value, ty: &'static Type) -> Res<Value> {
        if matches!(ty.shape(), Shape::Reflect) {
            return Ok(value);
        }
        if value.is_nil() && !value.iface {
            if !ty.can_be_nil() {
                return Err(self.error_with(format!("invalid value; expected {}", ty.name()), &value));
            }
            let mut zero = Value::zero(ty).with_origin(value.origin());
            zero.iface = matches!(ty.shape(), Shape::Any);
            return Ok(zero);
        }
        if matches!(ty.shape(), Shape::Any) {
            return Ok(value);
        }
        if !value.is_nil() {
            value.iface = false;
            let pointed = value.type_name().strip_prefix('*') == Some(ty.name());
            if value.is_assignable_to(ty) || pointed {
                return Ok(value.converted(ty));
            }
        }
        let (expected, got) = (ty.name(), value.static_type_name());
        Err(self.error_with(format!("wrong type for value; expected {expected}; got {got}"), &value))
    }
}
