//! The matrix: every release of every service in every environment.

use crate::error::Error;
use crate::project::{ProjectFile, Release};
use globset::Glob;
use mwrender_diagnostic::Diagnostic;
use std::fmt;

/// One release of a service in an environment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// The environment.
    pub environment: String,
    /// The service.
    pub service: String,
    /// The namespace.
    pub namespace: String,
    /// The release.
    pub release: String,
    /// The chart.
    pub chart: String,
    /// The name of the list of layers.
    pub layers: String,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.environment, self.namespace, self.release)
    }
}

impl Cell {
    /// The file of this cell in a directory of rendered manifests.
    pub fn path(&self) -> String {
        format!("{}/{}/{}.yaml", self.environment, self.namespace, self.release)
    }

    /// A path pattern with this cell's names.
    pub fn expand(&self, pattern: &str) -> String {
        pattern
            .replace("{environment}", &self.environment)
            .replace("{namespace}", &self.namespace)
            .replace("{release}", &self.release)
            .replace("{service}", &self.service)
    }

    fn label(&self, name: &str) -> Option<&str> {
        Some(match name {
            "name" | "release" => &self.release,
            "namespace" => &self.namespace,
            "service" => &self.service,
            "chart" => &self.chart,
            "environment" => &self.environment,
            _ => return None,
        })
    }
}

/// Which cells are meant.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Environments; none means all.
    pub environments: Vec<String>,
    /// Selectors as helmfile has them, such as `namespace=mw-web,name!=canary`: a cell is meant if any of them
    /// fits. None means all.
    pub selectors: Vec<String>,
}

/// The cells of a project, in the file's order: environments, then services, then releases.
///
/// # Errors
/// A release names an environment or a list of layers that does not exist.
pub fn matrix(project: &ProjectFile) -> Result<Vec<Cell>, Error> {
    let mut cells = Vec::new();
    let default = Release::default();
    for environment in &project.environments {
        for (name, service) in &project.services {
            for (release_name, release) in &service.releases {
                let release = release.as_ref().unwrap_or(&default);
                let environments = release.environments.as_ref().or(service.environments.as_ref());
                if let Some(unknown) =
                    environments.into_iter().flatten().find(|e| !project.environments.contains(e))
                {
                    return Err(unknown_name(
                        "unknown-environment",
                        "environment",
                        unknown,
                        project.environments.iter(),
                    ));
                }
                if environments.is_some_and(|e| !e.contains(environment)) {
                    continue;
                }
                let layers = release.layers.as_ref().unwrap_or(&service.layers);
                if !project.layers.contains_key(layers) {
                    return Err(unknown_name(
                        "unknown-layers",
                        "list of layers",
                        layers,
                        project.layers.keys(),
                    ));
                }
                let namespace = service.namespace.as_ref().unwrap_or(name);
                for name in [environment, namespace, release_name] {
                    // they are names of directories and files, too
                    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', '\0']) {
                        let what = format!("`{name}` cannot name an environment, a namespace or a release");
                        return Err(Diagnostic::error("project-file", what).into());
                    }
                }
                cells.push(Cell {
                    environment: environment.clone(),
                    service: name.clone(),
                    namespace: namespace.clone(),
                    release: release_name.clone(),
                    chart: release.chart.as_ref().unwrap_or(&service.chart).clone(),
                    layers: layers.clone(),
                });
            }
        }
    }
    Ok(cells)
}

/// The diagnostic for a name that does not exist, with the nearest one that does.
pub(crate) fn unknown_name<'a>(
    id: &'static str,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a String> + Clone,
) -> Error {
    let mut diagnostic = Diagnostic::error(id, format!("there is no {what} `{name}`"));
    match mwrender_schema::suggest::similar(name, known.clone().map(String::as_str)) {
        Some(near) => diagnostic = diagnostic.help(format!("did you mean `{near}`?")),
        None => {
            let mut all: Vec<&str> = known.map(String::as_str).collect();
            all.dedup();
            diagnostic = diagnostic.note(format!("there are: {}", all.join(", ")));
        }
    }
    diagnostic.into()
}

impl Selection {
    /// The cells that are meant.
    ///
    /// # Errors
    /// An environment does not exist, a selector is not one, or nothing fits.
    pub fn select(&self, project: &ProjectFile, cells: &[Cell]) -> Result<Vec<Cell>, Error> {
        for environment in &self.environments {
            if !project.environments.contains(environment) {
                let known = project.environments.iter();
                return Err(unknown_name("unknown-environment", "environment", environment, known));
            }
        }
        let selectors: Vec<Vec<Term>> =
            self.selectors.iter().map(|s| parse_selector(s)).collect::<Result<_, _>>()?;
        let chosen: Vec<Cell> = cells
            .iter()
            .filter(|c| self.environments.is_empty() || self.environments.contains(&c.environment))
            .filter(|c| selectors.is_empty() || selectors.iter().any(|s| s.iter().all(|t| t.fits(c))))
            .cloned()
            .collect();
        if chosen.is_empty() && !self.selectors.is_empty() {
            for term in selectors.iter().flatten().filter(|t| !t.negated) {
                if !cells.iter().any(|c| term.fits(c)) {
                    let mut known: Vec<String> =
                        cells.iter().filter_map(|c| c.label(&term.label).map(str::to_string)).collect();
                    known.sort();
                    known.dedup();
                    let what = if term.label == "name" { "release" } else { &term.label };
                    return Err(unknown_name("unknown-release", what, &term.value, known.iter()));
                }
            }
            let what = format!("no release fits the selector `{}`", self.selectors.join("` or `"));
            return Err(Diagnostic::error("unknown-release", what).into());
        }
        Ok(chosen)
    }
}

struct Term {
    label: String,
    value: String,
    negated: bool,
    glob: globset::GlobMatcher,
}

impl Term {
    fn fits(&self, cell: &Cell) -> bool {
        cell.label(&self.label).is_some_and(|v| self.glob.is_match(v)) != self.negated
    }
}

fn parse_selector(selector: &str) -> Result<Vec<Term>, Error> {
    selector
        .split(',')
        .map(|term| {
            let (label, value) = term.split_once('=').ok_or_else(|| {
                Error::Usage(format!("the selector `{term}` is not LABEL=VALUE or LABEL!=VALUE"))
            })?;
            let (label, negated) = label.strip_suffix('!').map_or((label, false), |l| (l, true));
            let (label, value) = (label.trim().to_string(), value.trim().trim_start_matches('=').to_string());
            let labels =
                ["name", "namespace", "service", "chart", "environment", "release"].map(String::from);
            if !labels.contains(&label) {
                return Err(unknown_name("unknown-label", "selector label", &label, labels.iter()));
            }
            let glob = Glob::new(&value).map_err(|e| Error::Usage(format!("the selector `{term}`: {e}")))?;
            Ok(Term { label, value, negated, glob: glob.compile_matcher() })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(namespace: &str, release: &str) -> Cell {
        let text = str::to_string;
        Cell {
            environment: text("eqiad"),
            service: text(namespace),
            namespace: text(namespace),
            release: text(release),
            chart: text("mediawiki"),
            layers: text("mediawiki"),
        }
    }

    #[test]
    fn selectors() {
        let fits = |selector: &str, cell: &Cell| {
            parse_selector(selector).map(|s| s.iter().all(|t| t.fits(cell))).ok()
        };
        let main = cell("mw-web", "main");
        assert_eq!(fits("namespace=mw-web,name=main", &main), Some(true));
        assert_eq!(fits("name!=main", &main), Some(false));
        assert_eq!(fits("namespace=mw-*", &main), Some(true));
        assert_eq!(fits("main", &main), None);
        assert_eq!(fits("nmae=main", &main), None);
    }
}
