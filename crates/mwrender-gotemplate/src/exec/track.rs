//! Origins of what is printed, and of what functions return.

use super::Exec;
use crate::ast::Branch;
use crate::func::{Function, Tracks};
use crate::trace::{How, OUTERMOST, Origin, Piece, Trace};
use crate::value::{Kind, Text, Value};

/// So many values of a container are named as origins; more say no more than the container.
const MOST: usize = 4096;

/// Adds the origins of a value to a join: its own, those of the pieces of a string, and (if `deep`) of all that
/// a container holds.
pub(super) fn add_parts(trace: &mut Trace, start: usize, value: &Value, deep: bool) {
    trace.add(start, value.origin());
    match value.kind() {
        Kind::Text(text) => add_pieces(trace, start, text),
        Kind::List(_) | Kind::Map(_) if deep => add_elements(trace, start, value),
        _ => {}
    }
}

fn add_pieces(trace: &mut Trace, start: usize, text: &Text) {
    for piece in text.pieces() {
        trace.add(start, piece.what);
        trace.add(start, piece.when);
    }
}

fn add_elements(trace: &mut Trace, start: usize, value: &Value) {
    let mut open = vec![value.clone()];
    let mut seen = 0;
    while let Some(value) = open.pop() {
        trace.add(start, value.origin());
        seen += 1;
        if seen > MOST {
            break;
        }
        match value.kind() {
            Kind::Text(text) => add_pieces(trace, start, text),
            Kind::List(list) => list.with(|items| open.extend(items.iter().take(MOST).cloned())),
            Kind::Map(map) => {
                let mut left = MOST;
                let _: Result<(), ()> = map.for_each(|_, value| {
                    open.push(value.clone());
                    left -= 1;
                    if left == 0 { Err(()) } else { Ok(()) }
                });
            }
            _ => {}
        }
    }
}

/// One origin for all that values hold.
pub(super) fn join_values<'v>(
    trace: &mut Trace,
    how: How,
    values: impl IntoIterator<Item = &'v Value>,
    deep: bool,
) -> Origin {
    let start = trace.begin();
    for value in values {
        add_parts(trace, start, value, deep);
    }
    trace.finish(how, start)
}

impl Exec<'_, '_> {
    pub(super) fn tracks(&self) -> bool {
        self.run.trace.is_some()
    }

    /// The origins behind a value, for errors.
    pub(super) fn leaves(&self, value: &Value) -> Vec<Origin> {
        match &self.run.trace {
            Some(trace) => {
                trace.borrow().origins(value.origin()).into_iter().map(|(origin, _)| origin).collect()
            }
            None if value.origin().is_none() => Vec::new(),
            None => vec![value.origin()],
        }
    }

    pub(super) fn emit_text(&mut self, text: &[u8], pos: u32) {
        if !self.tracks() {
            self.out.text.extend_from_slice(text);
            return;
        }
        // each line has a place of its own
        let mut pos = pos;
        for line in text.split_inclusive(|b| *b == b'\n') {
            let start = self.out.text.len();
            self.out.text.extend_from_slice(line);
            self.add_piece(start, pos, Origin::NONE);
            pos += line.len() as u32;
        }
    }

    /// A piece from `start` to the end of the output.
    fn add_piece(&mut self, start: usize, pos: u32, what: Origin) {
        let Some(trace) = &self.run.trace else { return };
        let site = trace.borrow_mut().site(&self.tree.source, pos, self.run.caller);
        let end = self.out.text.len() as u32;
        self.out.pieces.push(Piece { start: start as u32, end, site, what, when: self.run.when });
    }

    /// Notes the pieces of a value that was printed from `start` on.
    pub(super) fn emitted(&mut self, value: &Value, start: usize, pos: u32) {
        let Some(trace) = &self.run.trace else { return };
        let Kind::Text(text) = value.kind() else {
            let what = join_values(&mut trace.borrow_mut(), How::Direct, [value], true);
            return self.add_piece(start, pos, what);
        };
        let mut trace = trace.borrow_mut();
        let own = trace.site(&self.tree.source, pos, self.run.caller);
        for piece in text.pieces() {
            let what = if value.origin().is_none() {
                piece.what
            } else {
                trace.join(How::Direct, [piece.what, value.origin()])
            };
            let when = if piece.when == self.run.when || self.run.when.is_none() {
                piece.when
            } else {
                trace.join(How::Direct, [piece.when, self.run.when])
            };
            self.out.pieces.push(Piece {
                start: piece.start + start as u32,
                end: piece.end + start as u32,
                what,
                when,
                // a part of a value was put here
                site: if piece.site == OUTERMOST { own } else { piece.site },
            });
        }
        drop(trace);
        if text.pieces().is_empty() {
            self.add_piece(start, pos, value.origin());
        }
    }

    /// Puts what follows under the condition that a value is; returns the conditions before.
    pub(super) fn enter(&mut self, condition: &Value) -> Origin {
        let before = self.run.when;
        if let Some(trace) = &self.run.trace {
            let mut trace = trace.borrow_mut();
            let start = trace.begin();
            trace.add(start, before);
            add_parts(&mut trace, start, condition, false);
            self.run.when = trace.finish(How::Direct, start);
        }
        before
    }

    /// Ends a branch: also where it printed nothing, and in the variables that it might have set, its condition
    /// counts. So it does behind a jump that did not happen.
    pub(super) fn leave(&mut self, branch: &Branch, condition: &Value, before: Origin) {
        if !self.tracks() {
            return;
        }
        self.add_piece(self.out.text.len(), branch.pipe.pos, Origin::NONE);
        for id in &branch.assigned {
            let Some(origin) = self.find(*id).map(|v| v.value.origin()) else { continue };
            let Some(trace) = &self.run.trace else { continue };
            let mut trace = trace.borrow_mut();
            // with the conditions of jumps, behind which it was not set
            let start = trace.begin();
            trace.add(start, self.run.when);
            add_parts(&mut trace, start, condition, false);
            let under = trace.finish(How::Conditional, start);
            let joined = trace.join(How::Direct, [origin, under]);
            drop(trace);
            if let Some(variable) = self.find(*id) {
                variable.value.set_origin(joined);
            }
        }
        if !branch.jumps {
            self.run.when = before;
        }
    }

    /// The place of a call, and the caller before it.
    pub(super) fn call_site(&mut self, pos: u32) -> u32 {
        let before = self.run.caller;
        if let Some(trace) = &self.run.trace {
            self.run.caller = trace.borrow_mut().site(&self.tree.source, pos, before);
        }
        before
    }

    /// Gives the result of a function the origins of its arguments.
    pub(super) fn track_result(&self, function: &Function, args: &[Value], result: &mut Value) {
        let Some(trace) = self.run.trace.as_ref().filter(|_| function.tracks != Tracks::Own) else { return };
        let how = if function.tracks == Tracks::Hash { How::Hash } else { How::Operand };
        let container = matches!(result.kind(), Kind::List(_) | Kind::Map(_));
        let deep = function.tracks != Tracks::Shape && !container;
        let mut trace = trace.borrow_mut();
        let operands = join_values(&mut trace, how, args, deep);
        result.set_origin(trace.join(How::Direct, [result.origin(), operands]));
    }

    /// The choice of `and` and `or` depends on the values before it.
    pub(super) fn track_choice(&self, seen: &[Value], value: &mut Value) {
        if let Some(trace) = self.run.trace.as_ref().filter(|_| !seen.is_empty()) {
            let mut trace = trace.borrow_mut();
            let operands = join_values(&mut trace, How::Operand, seen, false);
            value.set_origin(trace.join(How::Direct, [value.origin(), operands]));
        }
    }
}
