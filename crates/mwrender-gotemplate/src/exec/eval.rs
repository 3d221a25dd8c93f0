//! Pipelines and commands.

use super::{At, Exec, Res};
use crate::ast::{Command, Expr, Ideal, Number, Pipe};
use crate::value::{Kind, Value};

impl<'s> Exec<'s, '_> {
    /// The value of a pipeline; its variables stay on the stack.
    pub(super) fn eval_pipeline(&mut self, dot: &Value, pipe: &'s Pipe) -> Res<Value> {
        self.at = Some(At::Pipe(pipe));
        self.check_stack()?;
        let mut value = None;
        for command in &pipe.commands {
            let mut next = self.eval_command(dot, command, value.take())?;
            next.iface = false;
            value = Some(next);
        }
        let value = value.unwrap_or(Value::NIL);
        for variable in &pipe.decl {
            if pipe.assign {
                self.set_variable(variable, value.clone())?;
            } else {
                self.push(variable.id, value.clone());
            }
        }
        Ok(value)
    }

    fn not_a_function(&self, args: &'s [Expr], last: Option<&Value>) -> Res<()> {
        if args.len() > 1 || last.is_some() {
            let shown = At::Expr(&args[0]).print(&self.tree.source);
            return Err(self.error(format!("can't give argument to non-function {shown}")));
        }
        Ok(())
    }

    /// The value of a command, whose last argument is the value of the command before it.
    fn eval_command(&mut self, dot: &Value, command: &'s Command, last: Option<Value>) -> Res<Value> {
        self.step()?;
        let args = &*command.args;
        let first = &args[0];
        match first {
            Expr::Field(_, fields) => {
                self.at = Some(At::Expr(first));
                return self.eval_fields(dot, dot.clone(), fields, first, Some(args), last);
            }
            Expr::Chain(_) => return self.eval_chain(dot, first, Some(args), last),
            Expr::Function { index, .. } => {
                self.at = Some(At::Expr(first));
                return self.eval_function(dot, *index, At::Command(command), Some(args), last);
            }
            Expr::Pipe(pipe) => {
                self.not_a_function(args, last.as_ref())?;
                return self.eval_pipeline(dot, pipe);
            }
            Expr::Variable(_) => return self.eval_variable(dot, first, Some(args), last),
            _ => {}
        }
        self.at = Some(At::Expr(first));
        self.not_a_function(args, last.as_ref())?;
        match first {
            Expr::Bool(_, value) => Ok(Value::from(*value)),
            Expr::Dot(_) => Ok(dot.clone()),
            Expr::Nil(_) => Err(self.error("nil is not a command")),
            Expr::Number(number) => self.ideal(first, number),
            Expr::String(literal) => Ok(Value::from(literal.text.clone())),
            _ => Err(self.error("can't evaluate command")),
        }
    }

    /// A constant where no type is asked for.
    pub(super) fn ideal(&mut self, expr: &'s Expr, number: &'s Number) -> Res<Value> {
        self.at = Some(At::Expr(expr));
        match (number.ideal, number.complex, number.float, number.int) {
            (Ideal::Complex, Some(complex), ..) => Ok(Value::new(Kind::Complex(complex.into()))),
            (Ideal::Float, _, Some(float), _) => Ok(Value::from(float)),
            (Ideal::Int, _, _, Some(int)) => Ok(Value::int(int)),
            _ => {
                let text = String::from_utf8_lossy(self.tree.source.slice(number.span)).into_owned();
                Err(self.error(format!("{text} overflows int")))
            }
        }
    }
}
