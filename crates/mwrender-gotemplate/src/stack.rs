//! How much of the thread's stack is in use: the one limit on recursion that holds for every build.

/// A mark on the stack, and how far from it recursion may go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stack {
    base: usize,
    limit: usize,
}

impl Stack {
    /// Recursion may use `limit` bytes from here.
    pub(crate) fn new(limit: usize) -> Stack {
        Stack { base: here(), limit }
    }

    /// Whether the limit is reached.
    pub(crate) fn is_full(self) -> bool {
        self.base.abs_diff(here()) > self.limit
    }

    /// Whether only an eighth is left: calls of templates end before expressions do.
    pub(crate) fn is_nearly_full(self) -> bool {
        self.base.abs_diff(here()) > self.limit - self.limit / 8
    }
}

/// The address of a local variable.
#[inline(never)]
fn here() -> usize {
    let local = 0u8;
    std::ptr::from_ref(std::hint::black_box(&local)).addr()
}
