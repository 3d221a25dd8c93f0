//! Containers that hold themselves.

use mwrender_gotemplate::{Context, List, Map, Value};

use super::Unsupported;
use crate::functions::args::LONGEST;

/// So deep values may nest before anyone looks for cycles: Go waits for 1,000, and the message is the same.
const UNCHECKED: usize = 100;

/// The containers around the value that is being written.
pub(super) struct Depth<'c, 'a> {
    context: &'c Context<'a>,
    levels: usize,
    maps: Vec<Map>,
    lists: Vec<List>,
}

/// What to forget when a container ends.
#[derive(Clone, Copy)]
pub(super) enum Entered {
    Nothing,
    Map,
    List,
}

impl<'c, 'a> Depth<'c, 'a> {
    pub(super) fn new(context: &'c Context<'a>) -> Self {
        Depth { context, levels: 0, maps: Vec::new(), lists: Vec::new() }
    }

    /// Goes into a container, unless that is within itself, or too deep for the stack.
    pub(super) fn enter(&mut self, value: &Value) -> Result<Entered, Unsupported> {
        self.levels += 1;
        if self.levels.is_multiple_of(16) {
            self.context.check_depth()?;
        }
        if self.levels <= UNCHECKED {
            return Ok(Entered::Nothing);
        }
        let cycle = || {
            let text = format!("json: unsupported value: encountered a cycle via {}", value.type_name());
            Err(Unsupported::Go(text))
        };
        match (value.as_map(), value.as_list()) {
            (Some(map), _) => {
                if self.maps.iter().any(|m| m.is(map)) {
                    return cycle();
                }
                self.maps.push(map.clone());
                Ok(Entered::Map)
            }
            (_, Some(list)) => {
                if self.lists.iter().any(|l| l.is(list)) {
                    return cycle();
                }
                self.lists.push(list.clone());
                Ok(Entered::List)
            }
            _ => Ok(Entered::Nothing),
        }
    }

    pub(super) fn leave(&mut self, entered: Entered) {
        self.levels -= 1;
        match entered {
            Entered::Nothing => {}
            Entered::Map => drop(self.maps.pop()),
            Entered::List => drop(self.lists.pop()),
        }
    }
}

/// Whether a value may be written behind so many bytes: one that shares its parts could be written for ever.
pub(super) fn check_length(written: usize) -> Result<(), Unsupported> {
    if written > LONGEST {
        return Err(Unsupported::Failure("text is too long to be built".into()));
    }
    Ok(())
}
