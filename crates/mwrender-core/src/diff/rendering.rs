//! Causes that tracking does not tell: found by rendering with one changed value after another taken back, then
//! with the fewest of them that make a line as it was.
//!
//! An item that lines show may be the same on both sides, and yet stand elsewhere, because another one came or went.
//! Then none of the values that a line names differs. And a tracked text that is not the plain one names nothing
//! for sure.

use super::causes::Context;
use super::compare::DiffLine;
use super::origins::Reference;
use crate::render::{RenderedCell, RenderedObject, context};
use crate::state::CellInputs;
use mwrender_diff::data::{DataChange, changes};
use mwrender_diff::fewest::fewest;
use mwrender_diff::partly::partly;
use mwrender_diff::{Line, Tag, diff_objects};
use mwrender_manifest::{Object, read_stream};
use mwrender_template::{Cause, How, Part};
use mwrender_values::path::Path;

/// More changes than these are not tried one by one, only in parts of them all.
const ONE_BY_ONE: usize = 64;

/// How often an object is rendered at most for the lines that take several changes. Each rendering takes about a
/// millisecond.
const RENDERINGS: usize = 500;

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
        let mut found: Vec<Vec<Reference>> = vec![Vec::new(); unexplained.len()];
        let as_before = |without: &[Line], n: usize| {
            let line = &raw[unexplained[n]];
            count(without, line) < count(raw, line)
        };
        if all.len() <= ONE_BY_ONE {
            for change in &all {
                let Some(without) = lines_without(sides, &[change]) else { continue };
                for n in (0..found.len()).filter(|n| as_before(&without, *n)) {
                    found[n].extend(self.reference(sides, change));
                }
            }
        }
        // what none does alone: an item is moved by several, a condition holds for two reasons
        let mut left = RENDERINGS;
        for n in 0..found.len() {
            if !found[n].is_empty() {
                continue;
            }
            let mut enough = |some: &[&DataChange]| {
                left = left.checked_sub(1)?;
                Some(lines_without(sides, some).is_some_and(|without| as_before(&without, n)))
            };
            let Some(several) = fewest(&all.iter().collect::<Vec<_>>(), &mut enough) else { continue };
            let Some(without) = lines_without(sides, &several) else { continue };
            let references: Vec<_> = several.iter().filter_map(|c| self.reference(sides, c)).collect();
            for other in (n..found.len()).filter(|other| as_before(&without, *other)) {
                if found[other].is_empty() {
                    found[other].clone_from(&references);
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
        let (cell, other, value) = match (&change.new, &change.old) {
            (Some(value), _) => (sides.new, sides.old, value),
            (None, Some(value)) => (sides.old, sides.new, value),
            (None, None) => return None,
        };
        let cause =
            Cause { origin: value.origin, line: value.origin, part: Part::Value, how: How::Conditional };
        self.resolver.resolve_beside(self.session, cell, other, &cause)
    }
}

/// The lines between the old object and the new one without some changes; nothing if the template refuses that.
fn lines_without(sides: &Sides<'_>, some: &[&DataChange]) -> Option<Vec<Line>> {
    let taken_back = |path: &Path| some.iter().any(|change| change.path == *path);
    let values = partly(&sides.old.values, &sides.new.values, &mut |path| !taken_back(path));
    let program = &sides.inputs.chart.program;
    let text =
        program.render_one(&sides.new.templates[sides.now.template], &context(sides.inputs, &values)).ok()?;
    let stream = read_stream(&text).ok()?;
    let object = stream.objects.into_iter().find(|o| o.key == sides.before.key)?;
    Some(diff_objects(&sides.before.key.kind, &sides.before.value, &object.value))
}

/// How often a line was added or removed.
fn count(lines: &[Line], like: &Line) -> usize {
    lines.iter().filter(|l| l.tag != Tag::Equal && l.tag == like.tag && l.text == like.text).count()
}
