//! Paths of values: which of them templates read, and what the layers have at them.
//!
//! A path begins at the values of the outermost chart. A step is a key, or any item of a list or map.

use crate::charts::{ChartId, Charts};
use mwrender_values::{Data, Value};
use std::collections::HashMap;
use std::rc::Rc;

/// The number of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct PathId(usize);

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Step {
    Key(Rc<str>),
    /// An item of a list, or the value of a key that only the render knows.
    Item,
}

/// What the layers have at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Something.
    Set,
    /// A null, or a list or map without entries: a place for something.
    Empty,
    /// Nothing.
    Missing,
    /// Nobody can tell: the item of an empty list, or what a template puts there.
    Unknown,
}

#[derive(Debug)]
struct Node<'v> {
    parent: Option<PathId>,
    step: Step,
    depth: usize,
    /// What the layers have here, the highest first.
    found: Vec<&'v Value>,
    unknown: bool,
    /// It was looked at.
    touched: bool,
    /// It was used with all that is below it.
    whole: bool,
    below: Vec<PathId>,
}

/// The paths that templates mention.
#[derive(Debug)]
pub(super) struct Paths<'v> {
    nodes: Vec<Node<'v>>,
    index: HashMap<(PathId, Step), PathId>,
    /// The defaults of each subchart, by the path of its values.
    defaults: HashMap<PathId, Vec<&'v Value>>,
    /// The paths of the values of charts: their `global` is that of the outermost chart.
    charts: HashMap<PathId, ChartId>,
    /// By the number of the chart.
    roots: HashMap<ChartId, PathId>,
}

/// So many steps may a path have: templates that recurse into values would go on for ever.
const MAX_DEPTH: usize = 24;

impl<'v> Paths<'v> {
    pub(super) const ROOT: PathId = PathId(0);

    /// `layers` are whole values of the outermost chart.
    pub(super) fn new(charts: &'v Charts, layers: Vec<&'v Value>) -> Paths<'v> {
        let mut found = layers;
        let node = charts.get(Charts::ROOT);
        found.extend([&node.values, &node.chart.values]);
        let root = Node {
            parent: None,
            step: Step::Item,
            depth: 0,
            found,
            unknown: false,
            touched: true,
            whole: false,
            below: Vec::new(),
        };
        let mut paths = Paths {
            nodes: vec![root],
            index: HashMap::new(),
            defaults: HashMap::new(),
            charts: HashMap::new(),
            roots: HashMap::new(),
        };
        paths.chart(charts, Charts::ROOT, Self::ROOT);
        paths
    }

    fn chart(&mut self, charts: &'v Charts, id: ChartId, root: PathId) {
        self.charts.insert(root, id);
        self.roots.insert(id, root);
        for below in &charts.get(id).dependencies {
            let node = charts.get(*below);
            let key = Step::Key(node.name.as_str().into());
            let number = PathId(self.nodes.len());
            // the defaults must be known before the step is taken
            let known = self.index.get(&(root, key.clone())).copied().unwrap_or(number);
            self.defaults.entry(known).or_default().extend([&node.values, &node.chart.values]);
            let path = self.step(root, key);
            self.nodes[path.0].touched = true;
            self.chart(charts, *below, path);
        }
    }

    /// The values of a chart.
    pub(super) fn of_chart(&self, chart: ChartId) -> PathId {
        self.roots.get(&chart).copied().unwrap_or(Self::ROOT)
    }

    /// A step further.
    pub(super) fn step(&mut self, path: PathId, step: Step) -> PathId {
        let mut from = path;
        if step == Step::Key("global".into()) && path != Self::ROOT && self.charts.contains_key(&path) {
            // what a subchart has there counts where nothing above it does
            let own: Vec<&'v Value> =
                self.nodes[path.0].found.iter().filter_map(|value| value.get("global")).collect();
            from = Self::ROOT;
            let global = self.step(from, step.clone());
            let node = &mut self.nodes[global.0];
            for value in own {
                if !node.found.iter().any(|known| std::ptr::eq(*known, value)) {
                    node.found.push(value);
                }
            }
            return global;
        }
        if let Some(known) = self.index.get(&(from, step.clone())) {
            return *known;
        }
        let depth = self.nodes[from.0].depth + 1;
        if depth > MAX_DEPTH {
            self.nodes[from.0].whole = true;
            return from;
        }
        let id = PathId(self.nodes.len());
        let above = &self.nodes[from.0];
        let mut found = Vec::new();
        for value in &above.found {
            match (&step, &value.data) {
                (Step::Key(key), Data::Map(map)) => found.extend(map.get(&**key).map(|e| &e.value)),
                (Step::Item, Data::Map(map)) => found.extend(map.values().map(|e| &e.value)),
                (Step::Item, Data::List(items)) => found.extend(items.iter()),
                _ => {}
            }
        }
        found.extend(self.defaults.get(&id).into_iter().flatten());
        let unknown = above.unknown || found.is_empty() && step == Step::Item;
        let node = Node {
            parent: Some(from),
            step: step.clone(),
            depth,
            found,
            unknown,
            touched: false,
            whole: false,
            below: Vec::new(),
        };
        self.nodes.push(node);
        self.nodes[from.0].below.push(id);
        self.index.insert((from, step), id);
        id
    }

    /// The path of keys.
    pub(super) fn keys<'k>(&mut self, from: PathId, keys: impl IntoIterator<Item = &'k str>) -> PathId {
        keys.into_iter().fold(from, |path, key| self.step(path, Step::Key(key.into())))
    }

    /// Whether it is the values of a chart.
    pub(super) fn is_chart(&self, path: PathId) -> bool {
        self.charts.contains_key(&path)
    }

    pub(super) fn presence(&self, path: PathId) -> Presence {
        let node = &self.nodes[path.0];
        if self.is_chart(path) {
            return Presence::Set;
        }
        let empty = |value: &&Value| match &value.data {
            Data::Null => true,
            Data::List(items) => items.is_empty(),
            Data::Map(map) => map.is_empty(),
            _ => false,
        };
        match &node.found[..] {
            _ if node.unknown => Presence::Unknown,
            [] => Presence::Missing,
            found if found.iter().all(empty) => Presence::Empty,
            _ => Presence::Set,
        }
    }

    /// The path above.
    pub(super) fn parent(&self, path: PathId) -> Option<PathId> {
        self.nodes[path.0].parent
    }

    /// The highest path on the way to this one at which there is nothing.
    pub(super) fn topmost_missing(&self, path: PathId) -> PathId {
        let mut topmost = path;
        while let Some(parent) = self.nodes[topmost.0].parent
            && self.presence(parent) == Presence::Missing
        {
            topmost = parent;
        }
        topmost
    }

    /// Whether a path is at or below another one.
    pub(super) fn is_within(&self, path: PathId, outer: PathId) -> bool {
        std::iter::successors(Some(path), |path| self.parent(*path)).any(|path| path == outer)
    }

    pub(super) fn touch(&mut self, path: PathId) {
        self.nodes[path.0].touched = true;
    }

    pub(super) fn touch_whole(&mut self, path: PathId) {
        self.nodes[path.0].whole = true;
    }

    /// All is read.
    pub(super) fn give_up(&mut self) {
        self.nodes[0].whole = true;
    }

    /// The last step, where it is a key.
    pub(super) fn key(&self, path: PathId) -> Option<&str> {
        match &self.nodes[path.0].step {
            Step::Key(key) => Some(key),
            Step::Item => None,
        }
    }

    /// As templates of the outermost chart write it, without `.Values.`.
    pub(super) fn name(&self, path: PathId) -> String {
        let node = &self.nodes[path.0];
        let Some(parent) = node.parent else { return String::new() };
        let above = self.name(parent);
        match &node.step {
            Step::Key(key) if above.is_empty() => key.to_string(),
            Step::Key(key) => format!("{above}.{key}"),
            Step::Item => format!("{above}[]"),
        }
    }

    /// The paths that a step of real values may be, given those of what is above.
    pub(super) fn matching(&self, above: &[PathId], key: Option<&str>) -> Vec<PathId> {
        let known = |path: &PathId, step: Step| self.index.get(&(*path, step)).copied();
        let mut all: Vec<PathId> = Vec::new();
        for path in above {
            all.extend(key.and_then(|key| known(path, Step::Key(key.into()))));
            all.extend(known(path, Step::Item));
        }
        all
    }

    /// Whether something used all that is there.
    pub(super) fn any_whole(&self, paths: &[PathId]) -> bool {
        paths.iter().any(|path| self.nodes[path.0].whole)
    }

    /// Whether something read it, or something below it.
    pub(super) fn any_read(&self, paths: &[PathId]) -> bool {
        paths.iter().any(|path| {
            let node = &self.nodes[path.0];
            node.touched || node.whole || self.any_read(&node.below)
        })
    }

    /// The keys below paths that templates read.
    pub(super) fn read_keys(&self, paths: &[PathId]) -> Vec<&str> {
        let below = paths.iter().flat_map(|path| &self.nodes[path.0].below);
        let read = below.filter(|path| self.any_read(&[**path]));
        let mut keys: Vec<&str> = read.filter_map(|path| self.key(*path)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The keys that the layers have at a path.
    pub(super) fn set_keys(&self, path: PathId) -> Vec<&str> {
        let maps = self.nodes[path.0].found.iter().filter_map(|value| value.as_map());
        let mut keys: Vec<&str> = maps.flat_map(|map| map.keys().map(|key| &**key)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}
