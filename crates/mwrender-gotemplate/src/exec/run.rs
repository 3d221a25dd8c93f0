//! What surrounds an execution: limits, the embedding program, and the trace of origins.

use std::any::Any;
use std::cell::{Ref, RefCell};
use std::rc::Rc;

use crate::stack::Stack;
use crate::trace::{OUTERMOST, Origin, Piece, Trace};

/// What a template printed.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The text.
    pub text: Vec<u8>,
    /// Its pieces in order, if the [`Run`] tracks origins.
    pub pieces: Vec<Piece>,
}

/// The circumstances of executions on one thread. Executions with the same run share its fuel and trace.
pub struct Run {
    fuel: u64,
    limit: usize,
    stack: Option<Stack>,
    host: Option<Rc<dyn Any>>,
    pub(super) trace: Option<Rc<RefCell<Trace>>>,
    /// The conditions in force.
    pub(super) when: Origin,
    /// The call that led to the current template.
    pub(super) caller: u32,
}

impl Default for Run {
    fn default() -> Run {
        Run::new()
    }
}

impl Run {
    /// Without limits on time, with 768 KiB of stack, without origins.
    pub fn new() -> Run {
        Run {
            fuel: u64::MAX,
            limit: 768 * 1024,
            stack: None,
            host: None,
            trace: None,
            when: Origin::NONE,
            caller: OUTERMOST,
        }
    }

    /// Limits the steps: one for each node and command, and one for each 64 bytes of text.
    #[must_use]
    pub fn fuel(mut self, steps: u64) -> Run {
        self.fuel = steps;
        self
    }

    /// Limits the bytes of stack that templates which call each other may use. The thread must have at least
    /// one MiB more, part of it for parsing; functions of the embedding program need their part, too.
    #[must_use]
    pub fn stack(mut self, bytes: usize) -> Run {
        self.limit = bytes;
        self
    }

    /// Gives functions something of the embedding program: [`Context::host`](crate::Context::host).
    #[must_use]
    pub fn host(mut self, host: Rc<dyn Any>) -> Run {
        self.host = Some(host);
        self
    }

    /// Tracks the origins of all that is printed.
    #[must_use]
    pub fn track(mut self) -> Run {
        self.trace = Some(Rc::default());
        self
    }

    /// What the pieces of the outputs refer to, if the run tracks origins.
    pub fn trace(&self) -> Option<Ref<'_, Trace>> {
        self.trace.as_ref().map(|t| t.borrow())
    }

    /// The same, when all executions are done.
    pub fn into_trace(self) -> Option<Trace> {
        Some(Rc::into_inner(self.trace?)?.into_inner())
    }

    /// The steps that are left.
    pub fn fuel_left(&self) -> u64 {
        self.fuel
    }

    /// Takes steps, if there are enough left.
    pub(crate) fn take(&mut self, steps: u64) -> bool {
        match self.fuel.checked_sub(steps) {
            Some(left) => {
                self.fuel = left;
                true
            }
            None => false,
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.stack.is_some_and(Stack::is_full)
    }

    pub(super) fn is_nearly_full(&self) -> bool {
        self.stack.is_some_and(Stack::is_nearly_full)
    }

    pub(super) fn host_as<T: 'static>(&self) -> Option<Rc<T>> {
        self.host.clone().and_then(|host| host.downcast().ok())
    }

    /// Marks the stack; whether this is the outermost execution.
    pub(super) fn begin(&mut self) -> bool {
        let outermost = self.stack.is_none();
        if outermost {
            self.stack = Some(Stack::new(self.limit));
        }
        outermost
    }

    pub(super) fn end(&mut self, outermost: bool) {
        if outermost {
            self.stack = None;
        }
    }
}
