//! What functions see of an execution.

use std::ops::Range;
use std::rc::Rc;

use super::{Run, TextBuilder, execute};
use crate::error::{Error, ErrorKind, Failure};
use crate::set::Set;
use crate::source::Source;
use crate::trace::{How, OUTERMOST, Origin};
use crate::value::{Kind, Text, Value};

/// The execution that calls a function.
pub struct Context<'a> {
    pub(super) set: &'a Set,
    pub(super) source: &'a Source,
    pub(super) template: &'a str,
    pub(super) offset: u32,
    pub(super) run: &'a mut Run,
}

impl<'a> Context<'a> {
    /// The templates that are being executed.
    pub fn set(&self) -> &'a Set {
        self.set
    }

    /// The name of the template that calls.
    pub fn template(&self) -> &'a str {
        self.template
    }

    /// The text that it was parsed from, and the byte offset of the call there.
    pub fn place(&self) -> (&'a Source, u32) {
        (self.source, self.offset)
    }

    /// What [`Run::host`] was given.
    pub fn host<T: 'static>(&self) -> Option<Rc<T>> {
        self.run.host_as()
    }

    /// Takes steps of the fuel, for functions that do much work.
    pub fn charge(&mut self, steps: u64) -> Result<(), Failure> {
        if self.run.take(steps) {
            return Ok(());
        }
        Err(Error::plain(ErrorKind::Fuel, "execution takes too many steps".to_owned()).into())
    }

    /// Fails if little of the stack is left, for functions that walk values by recursion.
    pub fn check_depth(&self) -> Result<(), Failure> {
        if self.run.is_full() {
            return Err(Error::plain(ErrorKind::Depth, "values nest too deeply".to_owned()).into());
        }
        Ok(())
    }

    /// The error of templates that call each other too often, for functions that count calls themselves.
    pub fn too_deep(&self) -> Error {
        Error::plain(ErrorKind::Depth, "expressions and templates nest too deeply".to_owned())
    }

    /// Executes a template of the same set and returns what it prints.
    pub fn execute(&mut self, name: &str, data: &Value) -> Result<Value, Error> {
        self.execute_in(self.set, name, data)
    }

    /// Executes a template of another set, with what is left of fuel and stack.
    pub fn execute_in(&mut self, set: &Set, name: &str, data: &Value) -> Result<Value, Error> {
        if self.run.is_full() {
            return Err(self.too_deep());
        }
        let caller = self.run.caller;
        if let Some(trace) = &self.run.trace {
            self.run.caller = trace.borrow_mut().site(self.source, self.offset, caller);
        }
        let output = execute(set, name, data, self.run);
        self.run.caller = caller;
        let output = output?;
        if self.run.trace.is_some() {
            return Ok(Value::from(Text::new(output.text, output.pieces)));
        }
        Ok(Value::from(output.text))
    }

    /// Whether origins are tracked: if not, a function need not care for them.
    pub fn tracks(&self) -> bool {
        self.run.trace.is_some()
    }

    /// One origin for several that took part in a value in the same way.
    pub fn join(&self, how: How, parts: impl IntoIterator<Item = Origin>) -> Origin {
        match &self.run.trace {
            Some(trace) => trace.borrow_mut().join(how, parts),
            None => parts.into_iter().find(|o| !o.is_none()).unwrap_or(Origin::NONE),
        }
    }

    /// One origin for all that a value holds.
    pub fn origin_of(&self, value: &Value) -> Origin {
        match &self.run.trace {
            Some(trace) => super::track::join_values(&mut trace.borrow_mut(), How::Direct, [value], true),
            None => value.origin(),
        }
    }

    /// The conditions under which the function is called, as one origin: what the function changes in a value
    /// depends on them.
    pub fn conditions(&self) -> Origin {
        self.run.when
    }

    /// One origin for a part of a string and the conditions that govern it. An empty piece at its edge counts.
    pub fn origin_of_part(&self, value: &Value, range: Range<usize>) -> Origin {
        let (Some(trace), Kind::Text(text)) = (&self.run.trace, value.kind()) else {
            return self.origin_of(value);
        };
        let mut trace = trace.borrow_mut();
        let start = trace.begin();
        trace.add(start, value.origin());
        let pieces = text.pieces();
        let first = pieces.partition_point(|piece| piece.range().end < range.start);
        for piece in pieces[first..].iter().take_while(|piece| piece.range().start <= range.end) {
            let overlaps = piece.range().start < range.end && piece.range().end > range.start;
            if !overlaps && !piece.range().is_empty() {
                continue;
            }
            trace.add(start, piece.what);
            trace.add(start, piece.when);
        }
        trace.finish(How::Direct, start)
    }

    /// Begins a string whose parts keep their origins.
    pub fn text(&self) -> TextBuilder {
        let site = match &self.run.trace {
            Some(trace) => trace.borrow_mut().site(self.source, self.offset, self.run.caller),
            None => OUTERMOST,
        };
        TextBuilder::new(self.run.trace.clone(), site)
    }
}
