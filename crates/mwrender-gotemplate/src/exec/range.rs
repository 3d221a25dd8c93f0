//! `range`.

use std::ops::ControlFlow;

use super::walk::{Flow, Jump, ON};
use super::{At, Exec, Res};
use crate::ast::{Branch, Node};
use crate::printf::{pointed, print};
use crate::set::GoVersion;
use crate::value::{Kind, Value};

impl<'s> Exec<'s, '_> {
    pub(super) fn walk_range(&mut self, dot: &Value, branch: &'s Branch, node: &'s Node) -> Flow {
        self.check_stack()?;
        self.at = Some(At::Node(node));
        let mark = self.vars.len();
        let collection = self.eval_pipeline(dot, &branch.pipe)?;
        let before = self.enter(&collection);
        let flow = match self.loop_over(dot, branch, &collection)? {
            // in Go a `break` in the `else` of a loop ends that loop, though it belongs to the one around it
            ControlFlow::Break(Jump::Break) => ControlFlow::Continue(()),
            flow => flow,
        };
        self.vars.truncate(mark);
        self.leave(branch, &collection, before);
        Ok(flow)
    }

    fn loop_over(&mut self, dot: &Value, branch: &'s Branch, collection: &Value) -> Flow {
        let origin = collection.origin();
        let mut any = false;
        match collection.kind() {
            Kind::Nil => {}
            Kind::List(list) => {
                let ty = list.element_type();
                for i in 0..list.len() {
                    let Some(element) = list.get(i) else { break };
                    any = true;
                    let index = Value::int(i64::try_from(i).unwrap_or(i64::MAX));
                    if !self.turn(branch, index, &element.element(ty, origin))? {
                        break;
                    }
                }
            }
            Kind::Map(map) => {
                let ty = map.element_type();
                for (key, value) in map.entries() {
                    any = true;
                    let value = value.element(ty, origin);
                    let key = Value::from(key).with_origin(value.origin());
                    if !self.turn(branch, key, &value)? {
                        break;
                    }
                }
            }
            Kind::Int(..) | Kind::Uint(..) if self.set.version() >= GoVersion::Go1_24 => {
                if branch.pipe.decl.len() > 1 {
                    let shown = shown(collection);
                    return Err(
                        self.error(format!("can't use {shown} to iterate over more than one variable"))
                    );
                }
                any = self.count(branch, collection)?;
            }
            Kind::Object(object) if object.number().is_some() => {
                let number = Value::int(object.number().unwrap_or_default()).with_origin(origin);
                any = self.count(branch, &number)?;
            }
            _ => {
                let shown = shown(collection);
                return Err(self.error_with(format!("range can't iterate over {shown}"), collection));
            }
        }
        if any {
            return ON;
        }
        match &branch.otherwise {
            Some(list) => self.walk_list(dot, list),
            None => ON,
        }
    }

    /// Ranges over an integer; whether there was a turn.
    fn count(&mut self, branch: &'s Branch, collection: &Value) -> Res<bool> {
        let (mut next, mut any) = (0u64, false);
        loop {
            let element = match collection.kind() {
                Kind::Int(end, kind) => match i64::try_from(next) {
                    Ok(next) if next < *end => Kind::Int(next, *kind),
                    _ => break,
                },
                Kind::Uint(end, kind) if next < *end => Kind::Uint(next, *kind),
                _ => break,
            };
            any = true;
            let element = Value::new(element).with_origin(collection.origin());
            if !self.turn(branch, Value::NIL, &element)? {
                break;
            }
            next += 1;
        }
        Ok(any)
    }

    /// One turn of the loop; whether there may be another.
    fn turn(&mut self, branch: &'s Branch, index: Value, element: &Value) -> Res<bool> {
        self.step()?;
        let pipe = &branch.pipe;
        let top = self.vars.len();
        match &*pipe.decl {
            [] => {}
            [only] if pipe.assign => self.set_variable(only, element.clone())?,
            [_] => self.vars[top - 1].value = element.clone(),
            [first, second, ..] if pipe.assign => {
                self.set_variable(first, index)?;
                self.set_variable(second, element.clone())?;
            }
            [_, _, ..] => {
                self.vars[top - 1].value = element.clone();
                self.vars[top - 2].value = index;
            }
        }
        let flow = self.walk_list(element, &branch.list)?;
        self.vars.truncate(top);
        Ok(flow != ControlFlow::Break(Jump::Break))
    }
}

/// A value as `%v` shows it in a message.
fn shown(value: &Value) -> String {
    let text = print(&[pointed(value)]).unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}
