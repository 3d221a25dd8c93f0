//! The origins of a rendered cell, found when they are asked for.

use crate::render::RenderedCell;
use crate::state::CellInputs;
use mwrender_diagnostic::Diagnostic;
use mwrender_template::Tracked;
use std::collections::HashMap;
use std::sync::Arc;

/// Tracked renders of a cell's templates, each made once.
pub struct Tracker<'a> {
    cell: &'a RenderedCell,
    inputs: &'a CellInputs,
    known: HashMap<Arc<str>, Result<Tracked, Box<Diagnostic>>>,
}

impl<'a> Tracker<'a> {
    /// The origins of a cell, of which nothing is known yet.
    pub fn new(cell: &'a RenderedCell, inputs: &'a CellInputs) -> Tracker<'a> {
        Tracker { cell, inputs, known: HashMap::new() }
    }

    /// The cell.
    pub fn cell(&self) -> &'a RenderedCell {
        self.cell
    }

    /// What the cell was rendered from.
    pub fn inputs(&self) -> &'a CellInputs {
        self.inputs
    }

    /// The tracked render of a template, by its number among the cell's texts.
    ///
    /// # Errors
    /// The template fails where it did not before: a fault of its engine.
    pub fn get(&mut self, template: usize) -> Result<&Tracked, &Diagnostic> {
        let cell = self.cell;
        let name = &cell.templates[template];
        if !self.known.contains_key(name) {
            match self.inputs.chart.program.track(name, &cell.context) {
                Ok(tracked) => {
                    for (name, tracked) in tracked {
                        let plain = cell.templates.iter().zip(cell.texts.iter()).find(|(n, _)| **n == name);
                        let text = plain.map_or("", |(_, text)| text);
                        self.known.insert(name, Ok(tracked.against(text)));
                    }
                }
                Err(fault) => {
                    self.known.insert(Arc::clone(name), Err(fault));
                }
            }
        }
        match self.known.get(name) {
            Some(Ok(tracked)) => Ok(tracked),
            Some(Err(fault)) => Err(fault),
            None => unreachable!("an engine tracks what it is asked for"),
        }
    }
}
