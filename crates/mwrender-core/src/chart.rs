//! Charts: a directory of templates with default values.

use crate::cell::unknown_name;
use crate::error::Error;
use crate::helm::pipeline::{self, HelmValues, Policy};
use crate::mounts::Mounts;
use crate::session::Session;
use mwrender_diagnostic::{Diagnostic, Pos, SourceId, Span};
use mwrender_template::{Engine, Program, TemplateFile};
use mwrender_values::coalesce::{Coalesced, coalesce};
use mwrender_values::path::Path;
use mwrender_values::{NullHandling, Value};
use std::sync::Arc;

/// The directory of partials that all charts may use.
const SHARED: &str = "_shared";

/// A loaded and compiled chart.
pub struct Chart {
    /// Its name.
    pub name: String,
    /// What `chart.yaml`, or a Helm chart's `Chart.yaml`, says.
    pub metadata: Arc<Value>,
    /// Its default values; a Helm chart's are those without any layer, with the values of charts below it.
    pub defaults: Arc<Value>,
    /// The texts of its default values.
    pub defaults_sources: Vec<Defaults>,
    /// Its templates.
    pub program: Box<dyn Program>,
    /// The texts of its templates, partials included.
    pub template_sources: Vec<SourceId>,
    /// Of a Helm chart, how its values come about.
    pub(crate) helm: Option<HelmValues>,
}

/// A text of default values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The text.
    pub source: SourceId,
    /// Where its values are among those of the chart: those of a chart below it are under that one's name.
    pub path: Path,
}

impl Chart {
    /// What templates see, given the merged layers: the layers over the defaults.
    pub fn values(&self, merged: &Value) -> Coalesced {
        match &self.helm {
            Some(helm) => helm.settle(merged),
            None => coalesce(&self.defaults, merged, NullHandling::default()),
        }
    }

    /// Whether it is a Helm chart.
    pub fn is_helm(&self) -> bool {
        self.helm.is_some()
    }

    /// How nulls of layers delete defaults.
    pub fn nulls(&self) -> NullHandling {
        self.helm.as_ref().map(|helm| helm.nulls).unwrap_or_default()
    }

    /// The same chart with other templates, such as those of an engine of one's own.
    #[must_use]
    pub fn with_program(&self, program: Box<dyn Program>) -> Chart {
        Chart {
            name: self.name.clone(),
            metadata: Arc::clone(&self.metadata),
            defaults: Arc::clone(&self.defaults),
            defaults_sources: self.defaults_sources.clone(),
            program,
            template_sources: self.template_sources.clone(),
            helm: self.helm.clone(),
        }
    }
}

impl std::fmt::Debug for Chart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chart").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Loads the chart `name` from the directory of charts.
///
/// # Errors
/// There is no such chart, or a file of it has faults.
pub(crate) fn load(
    session: &mut Session,
    mounts: &Mounts,
    templates: &str,
    name: &str,
    policy: &Policy,
) -> Result<Arc<Chart>, Error> {
    let files = mounts.files_under(&format!("{templates}/{name}"))?;
    let directory = format!("{templates}/{name}");
    if files.contains(&format!("{directory}/{}", pipeline::METADATA)) {
        return pipeline::chart(session, mounts, (&directory, name), &files, policy);
    }
    let meta_path = format!("{directory}/chart.yaml");
    if !files.contains(&meta_path) {
        let mut known: Vec<String> = mounts
            .files_under(templates)?
            .iter()
            .filter_map(|f| {
                let below = f.strip_prefix(templates)?.strip_prefix('/')?;
                let name = below.strip_suffix("/chart.yaml").or_else(|| below.strip_suffix("/Chart.yaml"))?;
                (!name.contains('/')).then(|| name.to_string())
            })
            .collect();
        known.sort();
        return Err(unknown_name("unknown-chart", "chart", name, known.iter()));
    }
    let add = |session: &mut Session, path: &str| -> Result<SourceId, Error> {
        let found = mounts.find(path)?.ok_or_else(|| {
            Error::from(Diagnostic::error("missing-file", format!("the link `{path}` leads to nothing")))
        })?;
        session.add_text(path, found.read()?, false)
    };
    let meta = add(session, &meta_path)?;
    let defaults_path = format!("{templates}/{name}/values.yaml");
    let defaults = if files.contains(&defaults_path) { Some(add(session, &defaults_path)?) } else { None };
    let mut sources = vec![meta];
    sources.extend(defaults);
    let mut template_files = Vec::new();
    let shared = mounts.files_under(&format!("{templates}/{SHARED}")).unwrap_or_default();
    for path in shared.iter().chain(&files).filter(|f| f.ends_with(".j2")) {
        let source = add(session, path)?;
        sources.push(source);
        let template = path.strip_prefix(templates).unwrap_or(path).trim_start_matches('/');
        let base = template.rsplit('/').next().unwrap_or(template);
        let rendered = !base.starts_with('_') && template.starts_with(&format!("{name}/"));
        template_files.push(TemplateFile { name: Arc::from(template), source, rendered });
    }
    if let Some(chart) = session.chart(&sources) {
        return Ok(chart);
    }
    session.parse(&sources[..=usize::from(defaults.is_some())])?;
    let of = |id: Option<SourceId>| id.and_then(|id| session.value(id).cloned());
    let meta_value = of(Some(meta)).unwrap_or_else(|| Arc::new(Value::empty_map(Pos::NONE)));
    meta_value.get("version").ok_or_else(|| {
        let start = session.sources().get(meta).start();
        Error::from(
            Diagnostic::error("missing-key", format!("`{meta_path}` has no `version`"))
                .primary(Span::new(start, 1), ""),
        )
    })?;
    let defaults_value = of(defaults).filter(|d| !d.is_null());
    let template_sources = template_files.iter().map(|f| f.source).collect();
    let program = session.engine.compile(&template_files, session.sources())?;
    let chart = Arc::new(Chart {
        name: name.to_string(),
        metadata: meta_value,
        defaults: defaults_value.unwrap_or_else(|| Arc::new(Value::empty_map(Pos::NONE))),
        defaults_sources: defaults
            .into_iter()
            .map(|source| Defaults { source, path: Path::default() })
            .collect(),
        program,
        template_sources,
        helm: None,
    });
    session.keep_chart(sources, chart.clone());
    Ok(chart)
}
