//! The charts that take part in one render.
//!
//! A chart that is loaded never changes. What a release makes of it (names by alias, charts that are left out,
//! values that came from below) is here, in one list in which charts name each other by number. As in Helm, one
//! chart may be a dependency of two aliases of the same chart, and is then changed for both.

use crate::chart::Chart;
use crate::dependency::Dependency;
use crate::metadata::Metadata;
use mwrender_diagnostic::Pos;
use mwrender_values::{NullHandling, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The number of a chart among the [`Charts`] of a render.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChartId(pub(crate) usize);

/// The charts of a render.
#[derive(Clone, Debug)]
pub struct Charts {
    pub(crate) nodes: Vec<Node>,
    /// Dependencies by number, since two aliases of a chart share theirs.
    pub(crate) listed: Vec<Option<Dependency>>,
    pub(crate) nulls: NullHandling,
}

/// A chart of a render.
#[derive(Clone, Debug)]
pub struct Node {
    /// What was loaded.
    pub chart: Arc<Chart>,
    /// Its name, or its alias.
    pub name: String,
    /// Its defaults, with what was imported from charts below.
    pub values: Value,
    /// The chart that it belongs to.
    pub parent: Option<ChartId>,
    /// The charts below it that take part.
    pub dependencies: Vec<ChartId>,
    pub(crate) listed: Vec<usize>,
    /// Whether there is a list of dependencies at all; Helm does less where there is none.
    pub(crate) lists: bool,
}

/// What decided that a chart takes part.
#[derive(Clone, Debug)]
pub enum Decision<'v> {
    /// This boolean.
    Value(&'v Value),
    /// That a map lacks a key, which would have led to a boolean.
    Missing {
        /// The map.
        container: &'v Value,
        /// The key.
        key: String,
    },
}

impl Charts {
    /// All charts below a chart, before anything is left out.
    pub(crate) fn new(chart: &Arc<Chart>, nulls: NullHandling) -> Charts {
        let mut charts = Charts { nodes: Vec::new(), listed: Vec::new(), nulls };
        charts.add(chart, None);
        charts
    }

    fn add(&mut self, chart: &Arc<Chart>, parent: Option<ChartId>) -> ChartId {
        let id = ChartId(self.nodes.len());
        let listed = chart.metadata.dependencies.iter().map(|dependency| {
            self.listed.push(dependency.clone());
            self.listed.len() - 1
        });
        let listed = listed.collect();
        self.nodes.push(Node {
            chart: Arc::clone(chart),
            name: chart.metadata.name.clone(),
            values: chart.values.clone(),
            parent,
            dependencies: Vec::new(),
            listed,
            lists: chart.metadata.origins.contains_key("dependencies"),
        });
        let below = chart.dependencies.iter().map(|below| self.add(below, Some(id))).collect();
        self.nodes[id.0].dependencies = below;
        id
    }

    /// The outermost chart.
    pub const ROOT: ChartId = ChartId(0);

    /// A chart.
    pub fn get(&self, id: ChartId) -> &Node {
        &self.nodes[id.0]
    }

    /// A chart and all below it that take part, each before those below it.
    pub fn below(&self, id: ChartId) -> Vec<ChartId> {
        let mut all = vec![id];
        all.extend(self.get(id).dependencies.iter().flat_map(|below| self.below(*below)));
        all
    }

    /// The path that its templates have: `parent/charts/name`.
    pub fn full_path(&self, id: ChartId) -> String {
        let node = self.get(id);
        match node.parent {
            Some(parent) => format!("{}/charts/{}", self.full_path(parent), node.name),
            None => node.name.clone(),
        }
    }

    /// What `.Chart` is for a chart: its name and dependencies as they are now.
    pub fn metadata(&self, id: ChartId) -> Metadata {
        let node = self.get(id);
        let dependencies = node.listed.iter().map(|n| self.listed[*n].clone()).collect();
        Metadata { name: node.name.clone(), dependencies, ..node.chart.metadata.clone() }
    }

    /// `.Values` of a chart, given those of the chart above it.
    ///
    /// Helm looks for the name as for a path: a chart with a dot in its name gets nothing.
    pub fn values_below(&self, id: ChartId, above: &Value) -> Value {
        let found = self.get(id).name.split('.').try_fold(above, |value, step| value.get(step));
        found.filter(|v| v.as_map().is_some()).cloned().unwrap_or_else(|| Value::empty_map(Pos::NONE))
    }

    /// What decided that a chart takes part: the first condition of its dependency that is a boolean, or else the
    /// first of its tags that has one. Nothing for charts that always do. `values` are those of the outermost chart.
    pub fn decision<'v>(&self, id: ChartId, values: &'v Value) -> Option<Decision<'v>> {
        let parent = self.get(id).parent?;
        let listed = self.get(parent).listed.iter().filter_map(|n| self.listed[*n].as_ref());
        let dependency = { listed }.find(|d| d.name == self.get(id).name)?;
        let mut above = Vec::new();
        let mut at = parent;
        while let Some(next) = self.get(at).parent {
            above.insert(0, self.get(at).name.as_str());
            at = next;
        }
        let conditions = dependency.condition.trim().split(',').filter(|c| !c.is_empty());
        let mut missing = None;
        for condition in conditions {
            let mut at = values;
            for step in above.iter().copied().chain(condition.split('.')) {
                match at.get(step) {
                    Some(value) => at = value,
                    None => {
                        missing.get_or_insert(Decision::Missing { container: at, key: step.to_owned() });
                        break;
                    }
                }
            }
            if at.as_bool().is_some() {
                return Some(Decision::Value(at));
            }
        }
        let tags = values.get("tags").into_iter();
        let mut tags = tags.flat_map(|tags| dependency.tags.iter().flatten().filter_map(|tag| tags.get(tag)));
        tags.find(|tag| tag.as_bool().is_some()).map(Decision::Value).or(missing)
    }

    /// The files below `templates/` that Helm parses, with their paths, in the order in which it parses and executes
    /// them: deeper paths first, and among those of one depth later names. Of libraries only partials are.
    pub(crate) fn templates(&self) -> Vec<(String, ChartId, &crate::File)> {
        let mut all = BTreeMap::new();
        for id in self.below(Self::ROOT) {
            let base = self.full_path(id);
            let chart = &self.get(id).chart;
            let parsed = |file: &&crate::File| !chart.metadata.is_library() || file.is_partial();
            all.extend(
                chart.templates.iter().filter(parsed).map(|f| (format!("{base}/{}", f.name), (id, f))),
            );
        }
        let mut all: Vec<_> = all.into_iter().rev().map(|(path, (id, file))| (path, id, file)).collect();
        all.sort_by_key(|(path, ..)| std::cmp::Reverse(path.matches('/').count()));
        all
    }

    /// The manifests below `crds/` of a chart and those below it, with their paths in the order of the output.
    pub fn crds(&self) -> Vec<(String, &crate::File)> {
        let mut all = Vec::new();
        for id in self.below(Self::ROOT) {
            let path = self.full_path(id);
            all.extend(self.get(id).chart.crds().map(|file| (format!("{path}/{}", file.name), file)));
        }
        all
    }
}
