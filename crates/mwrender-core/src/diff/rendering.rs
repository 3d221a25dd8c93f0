//! Causes that tracking does not tell: found by rendering with one changed value after another taken back, then
//! with all of one list.
//!
//! An item that lines show may be the same on both sides, and yet stand elsewhere, because another one came or went.
//! Then none of the values that a line names differs.

use super::causes::Context;
use super::compare::DiffLine;
use super::origins::Reference;
use crate::render::{RenderedCell, RenderedObject, context};
use crate::state::CellInputs;
use indexmap::IndexMap;
use mwrender_diff::data::{DataChange, changes};
use mwrender_diff::partly::partly;
use mwrender_diff::{Line, Tag, diff_objects};
use mwrender_manifest::{Object, read_stream};
use mwrender_template::{Cause, How, Part};
use mwrender_values::path::{Path, Segment};

/// More changes than these are not tried one by one.
const MOST: usize = 64;

/// An object on both sides.
pub(super) struct Sides<'a> {
    pub(super) before: &'a Object,
    pub(super) now: &'a RenderedObject,
    pub(super) old: &'a RenderedCell,
    pub(super) new: &'a RenderedCell,
    /// The inputs of the new side.
    pub(super) inputs: &'a CellInputs,
}

impl Context<'_> {
    /// Names the changes without which lines are as before.
    pub(super) fn by_rendering(
        &self,
        sides: &Sides<'_>,
        raw: &[Line],
        lines: &mut [DiffLine],
        unexplained: &[usize],
    ) {
        let all = changes(&sides.old.values, &sides.new.values);
        if all.len() > MOST {
            return;
        }
        let mut found: Vec<Vec<Reference>> = vec![Vec::new(); unexplained.len()];
        let attempt = |some: &[&DataChange], found: &mut [Vec<Reference>]| {
            let Some(without) = lines_without(sides, some) else { return };
            for (references, i) in found.iter_mut().zip(unexplained) {
                if count(&without, &raw[*i]) < count(raw, &raw[*i]) {
                    references.extend(some.iter().filter_map(|change| self.reference(sides, change)));
                }
            }
        };
        for change in &all {
            attempt(&[change], &mut found);
        }
        // an item may be moved by several that came or went around it
        for list in lists(&all) {
            if found.iter().any(Vec::is_empty) {
                let mut left: Vec<Vec<Reference>> = vec![Vec::new(); found.len()];
                attempt(&list, &mut left);
                for (known, references) in found.iter_mut().zip(left).filter(|(known, _)| known.is_empty()) {
                    *known = references;
                }
            }
        }
        for (references, i) in found.into_iter().zip(unexplained) {
            if !references.is_empty() {
                lines[*i].causes = references;
                lines[*i].rendered = true;
            }
        }
    }

    /// Where the changed value stands; where it is gone, where it stood.
    fn reference(&self, sides: &Sides<'_>, change: &DataChange) -> Option<Reference> {
        let (cell, value) = match (&change.new, &change.old) {
            (Some(value), _) => (sides.new, value),
            (None, Some(value)) => (sides.old, value),
            (None, None) => return None,
        };
        let cause =
            Cause { origin: value.origin, line: value.origin, part: Part::Value, how: How::Conditional };
        self.resolver.resolve(self.session, cell, &cause)
    }
}

/// The changes of each list that has several.
fn lists(all: &[DataChange]) -> Vec<Vec<&DataChange>> {
    let mut found: IndexMap<Path, Vec<&DataChange>> = IndexMap::new();
    for change in all {
        let mut path = change.path.clone();
        while let Some(last) = path.pop() {
            if matches!(last, Segment::Index(_)) {
                found.entry(path).or_default().push(change);
                break;
            }
        }
    }
    found.into_values().filter(|changes| changes.len() > 1).collect()
}

/// The lines between the old object and the new one without some changes; nothing if the template refuses that.
fn lines_without(sides: &Sides<'_>, some: &[&DataChange]) -> Option<Vec<Line>> {
    let taken_back = |path: &Path| some.iter().any(|change| change.path == *path);
    let values = partly(&sides.old.values, &sides.new.values, &mut |path| !taken_back(path));
    let program = &sides.inputs.chart.program;
    let text = program.render(sides.now.template, &context(sides.inputs, &values)).ok()?;
    let stream = read_stream(&text).ok()?;
    let object = stream.objects.into_iter().find(|o| o.key == sides.before.key)?;
    Some(diff_objects(&sides.before.key.kind, &sides.before.value, &object.value))
}

/// How often a line was added or removed.
fn count(lines: &[Line], like: &Line) -> usize {
    lines.iter().filter(|l| l.tag != Tag::Equal && l.tag == like.tag && l.text == like.text).count()
}
