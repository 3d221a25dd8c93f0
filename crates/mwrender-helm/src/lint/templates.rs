//! The templates of all charts, each file parsed by itself, so that one that does not parse hides no other.

use crate::charts::{ChartId, Charts};
use crate::file::File;
use mwrender_diagnostic::{Pos, Span};
use mwrender_gotemplate::ast::Tree;
use mwrender_gotemplate::{Error, Funcs, Set, ast};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file below `templates/`.
#[derive(Debug)]
pub(super) struct Template<'c> {
    /// Its path, which is the name of its template.
    pub(super) path: String,
    pub(super) chart: ChartId,
    pub(super) file: &'c File,
    /// Whether it is executed by itself.
    pub(super) executed: bool,
    pub(super) parsed: Result<Set, Error>,
}

/// A named template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Definition<'t> {
    pub(super) tree: &'t Tree,
    pub(super) template: &'t Template<'t>,
}

/// All files in Helm's order: where two define a name, the later one counts.
pub(super) fn templates<'c>(charts: &'c Charts, funcs: &Arc<Funcs>) -> Vec<Template<'c>> {
    let parse = |(path, chart, file): (String, ChartId, &'c File)| {
        let mut set = Set::new(Arc::clone(funcs)).named(crate::engine::SET);
        let parsed = set.parse(&path, &file.data).map(|()| set);
        Template { path, chart, file, executed: !file.is_partial(), parsed }
    };
    charts.templates().into_iter().map(parse).collect()
}

impl Template<'_> {
    /// Its trees: its own and those that it defines.
    pub(super) fn trees(&self) -> Vec<&Tree> {
        let set = self.parsed.iter();
        set.flat_map(|set| set.names().into_iter().filter_map(|name| set.tree(name))).collect()
    }

    /// Whether it belongs to the chart that is looked at, and not to one below it.
    pub(super) fn is_own(&self) -> bool {
        self.chart == Charts::ROOT
    }

    pub(super) fn is_notes(&self) -> bool {
        self.path.ends_with("NOTES.txt")
    }

    /// A range of bytes in the source map.
    pub(super) fn span(&self, range: ast::Span) -> Span {
        span(self.file.start, range)
    }
}

pub(super) fn span(start: Pos, range: ast::Span) -> Span {
    if start.is_some() {
        Span::new(start.offset(range.start), range.end.saturating_sub(range.start).max(1))
    } else {
        Span::default()
    }
}

/// Whether a tree has nothing but space: it replaces no other one.
pub(super) fn is_blank(tree: &Tree) -> bool {
    tree.root.is_blank(&tree.source)
}

/// Which definition of each name counts, and all of them in Helm's order.
pub(super) fn definitions<'t>(templates: &'t [Template<'t>]) -> BTreeMap<&'t str, Vec<Definition<'t>>> {
    let mut all: BTreeMap<&str, Vec<Definition<'t>>> = BTreeMap::new();
    for template in templates {
        for tree in template.trees() {
            let known = all.entry(&tree.name).or_default();
            if known.is_empty() || !is_blank(tree) {
                known.push(Definition { tree, template });
            }
        }
    }
    all
}
