//! Which values templates read: an execution of all of them at once, with sets of paths for values.
//!
//! Both branches of each condition are taken. What a function gives is unknown, unless the function hands on what
//! it gets; all that goes into others counts as used with all that is below it. What is not understood thus makes
//! more values count as read, never fewer. A template is executed once for each thing that its dot may be.

mod functions;
mod walk;

use super::paths::{PathId, Paths, Presence, Step};
use super::shape::{Atom, Shape};
use super::templates::{self, Definition, Template};
use crate::charts::Charts;
use mwrender_diagnostic::{Pos, Span};
use mwrender_gotemplate::ast::Tree;
use mwrender_gotemplate::{Funcs, Set};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// So many nodes are looked at.
const FUEL: usize = 1_000_000;

/// So deep may nodes and templates be within each other.
const MAX_DEPTH: usize = 300;

/// How often all is done again because templates put values among the values.
const MAX_ROUNDS: usize = 4;

/// What templates read.
#[derive(Debug)]
pub(super) struct Reads<'v> {
    pub(super) paths: Paths<'v>,
    /// Reads of what no layer sets.
    pub(super) unset: BTreeMap<PathId, Unset>,
    /// Whether all was followed. If not, all values count as read.
    pub(super) complete: bool,
}

/// A read of what no layer sets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unset {
    /// Where it is written first.
    pub(super) place: Span,
    /// Whether it is used without a test.
    pub(super) bare: bool,
}

/// How a value is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// It is printed, or given to what wants something.
    Bare,
    /// It may be missing.
    Tested,
    /// It fails with words of the chart's where it is missing.
    Required,
}

/// What governs the place that is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Guard {
    /// It is only reached if something is there that is missing.
    idle: bool,
    /// It is only reached if these, which are empty, have something.
    paths: Vec<PathId>,
}

type Memo = HashMap<(Rc<str>, Shape, Guard), Option<Shape>>;

struct Reader<'v, 't> {
    charts: &'v Charts,
    funcs: &'t Arc<Funcs>,
    /// The definition that counts for each name.
    named: BTreeMap<&'t str, Definition<'t>>,
    paths: Paths<'v>,
    memo: Memo,
    /// What templates put at paths.
    assigned: HashMap<PathId, Shape>,
    changed: bool,
    /// Whether templates change maps that they made in ways that are not followed.
    hidden_changes: bool,
    unset: BTreeMap<PathId, Unset>,
    /// Where a path is written first in the chart that is looked at.
    written: HashMap<PathId, Span>,
    /// The dots that `tpl` got along with texts that are not known here.
    dots: BTreeSet<Shape>,
    fuel: usize,
    depth: usize,
    complete: bool,
}

/// The execution of one template.
struct Frame<'t> {
    tree: &'t Tree,
    start: Pos,
    own: bool,
    root: Shape,
    dot: Shape,
    variables: Vec<(String, Shape)>,
    guard: Guard,
    /// What of the output may be a template in its turn.
    output: Shape,
}

/// Finds out what the templates of all charts read. `texts` are those that `tpl` may get.
pub(super) fn reads<'v, 't>(
    charts: &'v Charts,
    templates: &'t [Template<'t>],
    funcs: &'t Arc<Funcs>,
    layers: Vec<&'v mwrender_values::Value>,
    texts: &[&str],
) -> Reads<'v> {
    let definitions = templates::definitions(templates);
    let named = definitions.iter().filter_map(|(name, all)| Some((*name, *all.last()?))).collect();
    let mut reader = Reader {
        charts,
        funcs,
        named,
        paths: Paths::new(charts, layers),
        memo: Memo::new(),
        assigned: HashMap::new(),
        changed: false,
        hidden_changes: false,
        unset: BTreeMap::new(),
        written: HashMap::new(),
        dots: BTreeSet::new(),
        fuel: FUEL,
        depth: 0,
        complete: templates.iter().all(|template| template.parsed.is_ok()),
    };
    let texts: Vec<Set> = texts.iter().filter_map(|text| reader.parse(text)).collect();
    for _ in 0..MAX_ROUNDS {
        reader.changed = false;
        reader.memo.clear();
        reader.unset.clear();
        for template in templates.iter().filter(|template| template.executed) {
            let dot = Shape::atom(Atom::Scope(template.chart));
            reader.template(&template.path, dot, &Guard::default());
        }
        reader.texts(&texts);
        if !reader.changed {
            break;
        }
    }
    if reader.changed {
        reader.complete = false;
    }
    if !reader.complete {
        reader.paths.give_up();
        reader.unset.clear();
    }
    Reads { paths: reader.paths, unset: reader.unset, complete: reader.complete }
}

impl Reader<'_, '_> {
    fn parse(&self, text: &str) -> Option<Set> {
        let mut set = Set::new(Arc::clone(self.funcs));
        set.parse(crate::engine::SET, text).ok().map(|()| set)
    }

    /// Whether there are steps left; each call is one.
    fn step_taken(&mut self) -> bool {
        if self.fuel == 0 || self.depth > MAX_DEPTH {
            self.complete = false;
            return false;
        }
        self.fuel -= 1;
        true
    }

    /// The texts of values and files with all that `tpl` gave as dot.
    fn texts(&mut self, texts: &[Set]) {
        let mut done = BTreeSet::new();
        loop {
            let new: Vec<Shape> = self.dots.difference(&done).cloned().collect();
            if new.is_empty() {
                return;
            }
            for dot in new {
                for set in texts {
                    self.text(set, dot.clone());
                }
                done.insert(dot);
            }
        }
    }

    /// A text that `tpl` got.
    fn text(&mut self, set: &Set, dot: Shape) -> Shape {
        let Some(tree) = set.tree(crate::engine::SET) else { return Shape::other() };
        self.execute(tree, (Pos::NONE, false), dot, Guard { idle: true, paths: Vec::new() })
    }

    /// A template by its name; what is left of its output.
    fn template(&mut self, name: &str, dot: Shape, guard: &Guard) -> Shape {
        let Some((name, definition)) = self.named.get_key_value(name) else { return Shape::other() };
        let definition = *definition;
        let key = (Rc::from(*name), dot.clone(), guard.clone());
        if let Some(known) = self.memo.get(&key) {
            return known.clone().unwrap_or_else(Shape::other);
        }
        self.memo.insert(key.clone(), None);
        let template = definition.template;
        let place = (template.file.start, template.is_own());
        let output = self.execute(definition.tree, place, dot, guard.clone());
        self.memo.insert(key, Some(output.clone()));
        output
    }

    fn execute(&mut self, tree: &Tree, (start, own): (Pos, bool), dot: Shape, guard: Guard) -> Shape {
        let mut frame = Frame {
            tree,
            start,
            own,
            root: dot.clone(),
            dot,
            variables: Vec::new(),
            guard,
            output: Shape::other(),
        };
        self.depth += 1;
        self.list(&mut frame, &tree.root);
        self.depth -= 1;
        frame.output
    }

    /// Whether a shape is nothing for certain, as the layers are.
    fn is_missing(&self, shape: &Shape) -> bool {
        !shape.other
            && !shape.atoms.is_empty()
            && shape.atoms.iter().all(
                |atom| matches!(atom, Atom::Path(path) if self.paths.presence(*path) == Presence::Missing),
            )
    }

    /// Whether it is false for certain, because something is missing.
    fn is_false(&self, shape: &Shape) -> bool {
        let absent = |atom: &Atom| matches!(atom, Atom::Absent(_));
        self.is_missing(shape) || !shape.atoms.is_empty() && shape.atoms.iter().all(absent)
    }

    /// Whether a shape is nothing, or an empty list or map, as the layers are.
    fn is_empty(&self, shape: &Shape) -> bool {
        let empty = |path| matches!(self.paths.presence(path), Presence::Missing | Presence::Empty);
        !shape.other
            && !shape.atoms.is_empty()
            && shape.atoms.iter().all(|atom| matches!(atom, Atom::Path(path) if empty(*path)))
    }

    /// A value is used; `whole` with all that is below it.
    fn used(&mut self, frame: &Frame<'_>, shape: &Shape, how: Use, whole: bool) {
        for atom in &shape.atoms {
            match atom {
                Atom::Path(path) if whole => self.paths.touch_whole(*path),
                Atom::Path(path) => self.paths.touch(*path),
                Atom::Scope(chart) if whole => {
                    let values = self.paths.of_chart(*chart);
                    self.paths.touch_whole(values);
                }
                Atom::Dict(entries) if whole => {
                    entries.values().for_each(|entry| self.used(frame, entry, how, whole));
                }
                Atom::List(items) if whole => self.used(frame, items, how, whole),
                _ => {}
            }
        }
        if self.is_missing(shape) && how != Use::Required {
            let paths: Vec<PathId> = shape.paths().collect();
            for path in paths {
                self.report(frame, path, how == Use::Bare);
            }
        }
    }

    fn report(&mut self, frame: &Frame<'_>, path: PathId, bare: bool) {
        let within = |guard: &PathId| self.paths.is_within(path, *guard);
        if frame.guard.idle || frame.guard.paths.iter().any(within) {
            return;
        }
        let topmost = self.paths.topmost_missing(path);
        let Some(place) = self.written.get(&topmost).or_else(|| self.written.get(&path)) else { return };
        let found = Unset { place: *place, bare };
        let known = self.unset.entry(topmost).or_insert(found);
        known.bare |= bare;
    }

    /// What may stand at a path.
    fn at(&self, path: PathId) -> Shape {
        let shape = Shape::path(path);
        match self.assigned.get(&path) {
            Some(more) => shape.or(more.clone()),
            None => shape,
        }
    }

    /// A field or key of a value. `safe` where nothing may have fields.
    fn field(&mut self, frame: &Frame<'_>, base: &Shape, key: &str, place: Span, safe: bool) -> Shape {
        if !safe && self.is_missing(base) {
            self.used(frame, base, Use::Bare, false);
        }
        let mut result = Shape { other: base.other, ..Shape::default() };
        for atom in &base.atoms {
            let found = match atom {
                Atom::Path(path) => self.key(frame, *path, key, place),
                Atom::Scope(chart) => match key {
                    "Values" => self.at(self.paths.of_chart(*chart)),
                    "Chart" => Shape::atom(Atom::Chart(*chart)),
                    "Template" => Shape::atom(Atom::Template(*chart)),
                    "Subcharts" => Shape::atom(Atom::Subcharts(*chart)),
                    _ => Shape::other(),
                },
                Atom::Chart(chart) if key == "Name" => Shape::text(&self.charts.get(*chart).name),
                Atom::Template(chart) if key == "BasePath" => {
                    Shape::text(&format!("{}/templates", self.charts.full_path(*chart)))
                }
                Atom::Subcharts(chart) => {
                    let below = self.charts.get(*chart).dependencies.iter();
                    let found = below.copied().find(|id| self.charts.get(*id).name == key);
                    found.map_or_else(Shape::other, |id| Shape::atom(Atom::Scope(id)))
                }
                Atom::Dict(entries) => match entries.get(key) {
                    Some(found) => found.clone(),
                    // what is merged with it counts
                    None if base.paths().next().is_some() => Shape::default(),
                    None if self.hidden_changes => Shape::other(),
                    None => Shape::atom(Atom::Nothing),
                },
                _ => Shape::other(),
            };
            result = result.or(found);
        }
        result
    }

    fn key(&mut self, frame: &Frame<'_>, path: PathId, key: &str, place: Span) -> Shape {
        if self.paths.is_chart(path) {
            match key {
                "AsMap" => return Shape::path(path),
                "Table" | "YAML" | "Encode" | "PathValue" => {
                    self.paths.touch_whole(path);
                    return Shape::other();
                }
                _ => {}
            }
        }
        let next = self.paths.step(path, Step::Key(key.into()));
        if frame.own && !frame.guard.idle && place.start.is_some() {
            self.written.entry(next).or_insert(place);
        }
        self.at(next)
    }

    /// Any item of a value.
    fn item(&mut self, base: &Shape) -> Shape {
        let mut result = Shape { other: base.other, ..Shape::default() };
        for atom in &base.atoms {
            let found = match atom {
                Atom::Path(path) => {
                    let next = self.paths.step(*path, Step::Item);
                    self.paths.touch(next);
                    self.at(next)
                }
                Atom::Dict(entries) => {
                    entries.values().cloned().reduce(Shape::or).unwrap_or_else(Shape::other)
                }
                Atom::List(items) => (**items).clone(),
                Atom::Scope(_) => {
                    self.complete = false;
                    Shape::other()
                }
                _ => Shape::other(),
            };
            result = result.or(found);
        }
        result
    }

    /// A template puts something at a path.
    fn assign(&mut self, path: PathId, shape: &Shape) {
        let known = self.assigned.entry(path).or_default();
        let both = known.clone().or(shape.clone());
        if both != *known {
            *known = both;
            self.changed = true;
        }
    }
}
