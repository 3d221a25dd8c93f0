//! What an expression may be, as far as it matters for what is read.

use super::paths::PathId;
use crate::charts::ChartId;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// One thing that a value may be.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Atom {
    /// What is at a path of the values.
    Path(PathId),
    /// What a map that a template made does not have.
    Nothing,
    /// What is false because nothing is at a path.
    Absent(PathId),
    /// What the templates of a chart begin with.
    Scope(ChartId),
    /// `.Chart` of a chart.
    Chart(ChartId),
    /// `.Template` in a chart.
    Template(ChartId),
    /// `.Subcharts` of a chart.
    Subcharts(ChartId),
    /// A text that is known.
    Text(Rc<str>),
    /// A text with parts that are templates, but not known in full.
    Made,
    /// A map that a template made.
    Dict(Rc<BTreeMap<Rc<str>, Shape>>),
    /// A list that a template made.
    List(Rc<Shape>),
}

/// What a value may be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Shape {
    pub(super) atoms: BTreeSet<Atom>,
    /// It may also be something that is no value of a layer.
    pub(super) other: bool,
}

/// A dict of dicts is followed so deep.
const MAX_NESTING: usize = 8;

impl Shape {
    /// Something of which nothing matters.
    pub(super) fn other() -> Shape {
        Shape { atoms: BTreeSet::new(), other: true }
    }

    pub(super) fn atom(atom: Atom) -> Shape {
        Shape { atoms: BTreeSet::from([atom]), other: false }
    }

    pub(super) fn path(path: PathId) -> Shape {
        Shape::atom(Atom::Path(path))
    }

    pub(super) fn text(text: &str) -> Shape {
        Shape::atom(Atom::Text(text.into()))
    }

    pub(super) fn list(items: Shape) -> Shape {
        let list = Shape::atom(Atom::List(Rc::new(items)));
        if list.nesting() > MAX_NESTING { Shape::other() } else { list }
    }

    pub(super) fn dict(entries: BTreeMap<Rc<str>, Shape>) -> Option<Shape> {
        let dict = Shape::atom(Atom::Dict(Rc::new(entries)));
        (dict.nesting() <= MAX_NESTING).then_some(dict)
    }

    fn nesting(&self) -> usize {
        let of = |atom: &Atom| match atom {
            Atom::Dict(entries) => 1 + entries.values().map(Shape::nesting).max().unwrap_or_default(),
            Atom::List(items) => 1 + items.nesting(),
            _ => 0,
        };
        self.atoms.iter().map(of).max().unwrap_or_default()
    }

    /// Either of two.
    #[must_use]
    pub(super) fn or(mut self, more: Shape) -> Shape {
        self.other |= more.other;
        self.atoms.extend(more.atoms);
        self
    }

    /// Its paths; not those within dicts and lists.
    pub(super) fn paths(&self) -> impl Iterator<Item = PathId> {
        self.atoms.iter().filter_map(|atom| match atom {
            Atom::Path(path) => Some(*path),
            _ => None,
        })
    }

    /// Whether it is nothing, whatever the values are.
    pub(super) fn is_nothing(&self) -> bool {
        !self.other && self.atoms.len() == 1 && self.atoms.contains(&Atom::Nothing)
    }

    /// The texts that it may be.
    pub(super) fn texts(&self) -> impl Iterator<Item = &Rc<str>> {
        self.atoms.iter().filter_map(|atom| match atom {
            Atom::Text(text) => Some(text),
            _ => None,
        })
    }

    /// The text that it is, if that is known.
    pub(super) fn literal(&self) -> Option<&Rc<str>> {
        let first = self.texts().next()?;
        (!self.other && self.atoms.len() == 1).then_some(first)
    }

    /// What remains of its texts when a function changes them: parts that are templates.
    pub(super) fn changed(&self) -> Shape {
        let mut shape = Shape::other();
        for atom in &self.atoms {
            match atom {
                Atom::Text(text) if text.contains("{{") && text.trim() != "{{" => {
                    shape.atoms.insert(atom.clone())
                }
                Atom::Made => shape.atoms.insert(Atom::Made),
                Atom::List(items) => {
                    shape.atoms.extend(items.changed().atoms);
                    true
                }
                Atom::Dict(entries) => {
                    shape.atoms.extend(entries.values().flat_map(|entry| entry.changed().atoms));
                    true
                }
                _ => true,
            };
        }
        shape
    }
}
