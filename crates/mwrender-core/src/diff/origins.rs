//! Causes as people read them: file and line as deployed, path, what they override.

use crate::render::RenderedCell;
use crate::session::Session;
use crate::state::State;
use mwrender_diagnostic::{Location, Pos, SourceId};
use mwrender_template::{Cause, How, Part};
use mwrender_values::path::{Path, Segment, walk};
use mwrender_values::{Data, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file as deployed.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl From<Location> for Place {
    fn from(location: Location) -> Place {
        Place { file: location.file, line: location.line, column: location.column }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A value that a line depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// How the line depends on it.
    pub how: How,
    /// Where the value stands.
    pub place: Place,
    /// Its path among the values, such as `cache.mcrouter.pools[0].servers[3]`.
    pub path: String,
    /// The key that is not there, where its absence counts.
    pub missing: bool,
    /// Where the next lower layer set the same value.
    pub overrides: Option<Place>,
    /// Where the other side has the value, if that is another file: a layer sets what another one set before.
    pub counterpart: Option<Place>,
    /// Whether it comes from a private layer.
    pub private: bool,
}

impl Reference {
    /// The files that set the value, on either side.
    pub fn files(&self) -> impl Iterator<Item = &Arc<str>> {
        [Some(&self.place), self.counterpart.as_ref()].into_iter().flatten().map(|place| &place.file)
    }
}

/// The path among the values that a setting of the project file has: `services.x.set["php.workers"]` is
/// `php.workers`.
fn setting(path: &Path) -> Option<Path> {
    let segments = path.segments();
    let set = segments.iter().position(|s| matches!(s, Segment::Key(k) if &**k == "set"))?;
    match segments.get(set + 1)? {
        Segment::Key(key) => key.parse().ok(),
        Segment::Index(_) => None,
    }
}

/// Looks causes up. The paths of a file are computed once, however many releases read it.
#[derive(Default)]
pub(crate) struct Resolver {
    paths: Mutex<HashMap<SourceId, Arc<Paths>>>,
    /// Which items of two lists belong together, by the addresses of the lists.
    aligned: Mutex<HashMap<(usize, usize), Pairs>>,
    /// The project files: what comes from one has no path among the values, but for single settings.
    projects: Vec<SourceId>,
    /// Where the default values of charts below other charts are among the values.
    prefixes: HashMap<SourceId, Path>,
}

/// For each item of a list, the item of another one that it stands for.
type Pairs = Arc<Vec<Option<usize>>>;

/// The paths of a file's values and of its keys. A mapping starts where its first key does.
#[derive(Default)]
struct Paths {
    values: HashMap<Pos, Path>,
    keys: HashMap<Pos, Path>,
}

impl Resolver {
    /// A resolver for the values of states of one project.
    pub(crate) fn new<'s>(states: impl IntoIterator<Item = &'s State>) -> Resolver {
        let mut resolver = Resolver::default();
        for state in states {
            resolver.projects.push(state.project_source);
            for defaults in state.cells.iter().flat_map(|cell| &cell.chart.defaults_sources) {
                resolver.prefixes.entry(defaults.source).or_insert_with(|| defaults.path.clone());
            }
        }
        resolver
    }

    /// The path of the value, or of the key, that was read at a position.
    pub(crate) fn path(&self, session: &Session, origin: Pos, key: bool) -> Option<Path> {
        let source = session.sources().find(origin)?;
        let known = self.paths.lock().ok()?.get(&source).cloned();
        let paths = match known {
            Some(paths) => paths,
            None => {
                let mut paths = Paths::default();
                walk(session.value(source)?, &mut |path: &Path, key: Pos, value: &Value| {
                    paths.values.entry(value.origin).or_insert_with(|| path.clone());
                    if key.is_some() {
                        paths.keys.entry(key).or_insert_with(|| path.clone());
                    }
                });
                let paths = Arc::new(paths);
                self.paths.lock().ok()?.insert(source, paths.clone());
                paths
            }
        };
        let path = if key { paths.keys.get(&origin) } else { paths.values.get(&origin) }.cloned()?;
        if self.projects.contains(&source) {
            return setting(&path);
        }
        let prefix = self.prefixes.get(&source).filter(|prefix| !prefix.is_empty());
        Some(prefix.map_or_else(|| path.clone(), |prefix| prefix.join(&path)))
    }

    /// The path of the very thing that a cause is about, which may be a key that is not there.
    pub(crate) fn cause_path(&self, session: &Session, cause: &Cause) -> Option<Path> {
        let path = self.path(session, cause.origin, cause.part == Part::Key)?;
        Some(match &cause.part {
            Part::Missing(key) => path.key(key.clone()),
            _ => path,
        })
    }

    /// The values at a path of `here`, and what it is or was in `there`: items of lists are followed to where they
    /// are in the other list, so that an inserted item does not make all behind it differ.
    pub(crate) fn both<'v>(
        &self,
        path: &Path,
        here: &'v Value,
        there: &'v Value,
    ) -> (Option<&'v Value>, Option<&'v Value>) {
        let (mut here, mut there) = (Some(here), Some(there));
        for segment in path.segments() {
            match segment {
                Segment::Key(key) => {
                    here = here.and_then(|v| v.get(key));
                    there = there.and_then(|v| v.get(key));
                }
                Segment::Index(index) => {
                    let other = match (here.map(|v| &v.data), there.map(|v| &v.data)) {
                        (Some(Data::List(a)), Some(Data::List(b))) if Arc::ptr_eq(a, b) => Some(*index),
                        (Some(Data::List(a)), Some(Data::List(b))) => {
                            self.aligned(a, b).get(*index).copied().flatten()
                        }
                        _ => None,
                    };
                    here = here.and_then(|v| v.at(*index));
                    there = other.and_then(|i| there.and_then(|v| v.at(i)));
                }
            }
        }
        (here, there)
    }

    fn aligned(&self, here: &Arc<Vec<Value>>, there: &Arc<Vec<Value>>) -> Pairs {
        // lists live as long as the states that are compared, so their addresses identify them
        let key = (Arc::as_ptr(here) as usize, Arc::as_ptr(there) as usize);
        if let Some(known) = self.aligned.lock().ok().and_then(|a| a.get(&key).cloned()) {
            return known;
        }
        // both directions must agree, and with the lines, which are aligned from old to new: what is proposed is read
        // first, so the older list has the later origin
        let first = |list: &[Value]| list.first().map_or(Pos::NONE, |v| v.origin);
        let pairs = Arc::new(if first(here) <= first(there) {
            mwrender_diff::align::align(there, here)
        } else {
            let mut inverse = vec![None; here.len()];
            for (new, old) in mwrender_diff::align::align(here, there).into_iter().enumerate() {
                if let Some(slot) = old.and_then(|o| inverse.get_mut(o)) {
                    *slot = Some(new);
                }
            }
            inverse
        });
        if let Ok(mut aligned) = self.aligned.lock() {
            aligned.insert(key, pairs.clone());
        }
        pairs
    }

    /// A cause as people read it, with where the other side has the value.
    pub(crate) fn resolve_beside(
        &self,
        session: &Session,
        cell: &RenderedCell,
        other: &RenderedCell,
        cause: &Cause,
    ) -> Option<Reference> {
        let mut reference = self.resolve(session, cell, cause)?;
        let path = self.cause_path(session, cause);
        let there = path.and_then(|path| self.both(&path, &cell.values, &other.values).1);
        reference.counterpart = there
            .and_then(|value| session.sources().location(value.origin))
            .map(Place::from)
            .filter(|place| place.file != reference.place.file);
        Some(reference)
    }

    /// A cause as people read it.
    pub(crate) fn resolve(&self, session: &Session, cell: &RenderedCell, cause: &Cause) -> Option<Reference> {
        let place = session.sources().location(cause.line)?;
        let path = self.cause_path(session, cause);
        let value = path.as_ref().and_then(|p| p.lookup(&cell.values));
        let overrides = value
            .filter(|v| cause.part == Part::Value && v.origin == cause.origin)
            .filter(|v| v.as_map().is_none())
            .and_then(|v| v.losers().next())
            .and_then(|l| session.sources().location(l.origin));
        Some(Reference {
            how: cause.how,
            place: place.into(),
            path: path.map(|p| p.to_string()).unwrap_or_default(),
            missing: matches!(cause.part, Part::Missing(_)),
            overrides: overrides.map(Place::from),
            counterpart: None,
            private: session.sources().is_private(cause.origin),
        })
    }
}
