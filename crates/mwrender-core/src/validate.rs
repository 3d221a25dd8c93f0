//! Checks of values, files and manifests, told where the user would edit.

use crate::checks;
use crate::error::Error;
use crate::locate;
use crate::render::RenderedCell;
use crate::session::Session;
use crate::state::{CellInputs, State};
use crate::tracker::Tracker;
use globset::GlobMatcher;
use mwrender_diagnostic::{Diagnostic, Pos, Severity, SourceId};
use mwrender_schema::{Kubernetes, Origins, Schemas};
use mwrender_template::{How, Tracked};
use rayon::prelude::*;

/// The schemas of a project, ready to check with.
pub struct Validator {
    schemas: Schemas,
    kubernetes: Kubernetes,
    versions: Vec<String>,
    /// The directory of schemas.
    directory: String,
    shapes: Vec<(GlobMatcher, String)>,
}

impl Validator {
    /// Reads the schemas of a state's project. They are compiled when first used.
    ///
    /// # Errors
    /// A schema cannot be read, or the project names a Kubernetes version without one.
    pub fn load(session: &mut Session, state: &State) -> Result<Validator, Error> {
        let directory = state.project.schemas.clone();
        let mut all = Vec::new();
        for path in state.mounts.files_under(&directory)? {
            if path.ends_with(".json")
                && let Some(found) = state.mounts.find(&path)?
            {
                all.push((path.clone(), session.add_text(&path, found.read()?, false)?));
            }
        }
        let below = |part: &str| {
            let prefix = format!("{directory}/{part}");
            all.iter().filter(move |(path, _)| path.starts_with(&prefix)).map(|(_, id)| *id)
        };
        let source = |id: SourceId| session.sources().get(id);
        let of = |path: &str| all.iter().find(|(p, _)| p == path).map(|(_, id)| *id);
        let mut versions = Vec::new();
        for version in &state.project.kubernetes {
            let path = format!("{directory}/kubernetes/{version}.json");
            let id = of(&path).ok_or_else(|| {
                let what = format!("there are no definitions of Kubernetes {version}: `{path}` is not there");
                Error::from(Diagnostic::error("unknown-kubernetes-version", what))
            })?;
            versions.push((version.clone(), source(id)));
        }
        let rules = of(&format!("{directory}/kubernetes/rules.json")).map(source);
        let names = versions.iter().map(|(name, _)| name.clone()).collect();
        let kubernetes = Kubernetes::new(versions, rules, below("crds/").map(source).collect::<Vec<_>>());
        let schemas = Schemas::new(below("charts/").chain(below("puppet/")).map(source).collect::<Vec<_>>());
        let shapes = state
            .project
            .shapes
            .iter()
            .map(|s| {
                Ok((crate::watch::glob(&s.path)?.compile_matcher(), format!("{directory}/{}", s.schema)))
            })
            .collect::<Result<_, Error>>()?;
        Ok(Validator { schemas, kubernetes, versions: names, directory, shapes })
    }

    /// What is wrong with the values of the cells, before anything is rendered from them.
    ///
    /// # Errors
    /// A schema is not valid.
    pub fn values(&self, session: &Session, state: &State) -> Result<Vec<Diagnostic>, Error> {
        let cells: Vec<Result<Vec<Diagnostic>, Error>> =
            state.cells.par_iter().map(|inputs| self.cell_values(session, inputs)).collect();
        let mut found = Vec::new();
        for cell in cells {
            found.extend(cell?);
        }
        Ok(unique(found))
    }

    /// What is wrong with rendered manifests. Errors first; the same fault in many releases is one.
    ///
    /// # Errors
    /// A schema is not valid.
    pub fn manifests(
        &self,
        session: &Session,
        state: &State,
        rendered: &[RenderedCell],
    ) -> Result<Vec<Diagnostic>, Error> {
        let cells: Vec<Result<Vec<Diagnostic>, Error>> = rendered
            .par_iter()
            .zip(&state.cells)
            .map(|(cell, inputs)| self.cell(session, cell, inputs))
            .collect();
        let mut found = Vec::new();
        for cell in cells {
            found.extend(cell?);
        }
        found.extend(across(session, state, rendered));
        Ok(unique(found))
    }

    /// What is wrong with the shapes of files.
    ///
    /// # Errors
    /// A schema is not valid.
    pub fn files(&self, session: &Session, state: &State) -> Result<Vec<Diagnostic>, Error> {
        let mut found = Vec::new();
        for input in &state.inputs {
            let Some(id) = input.source else { continue };
            let Some(value) = session.value(id) else { continue };
            let name = session.sources().get(id).name();
            if let Some((_, schema)) = self.shapes.iter().find(|(glob, _)| glob.is_match(&**name)) {
                found.extend(self.schemas.check(schema, value, session.sources())?);
            }
        }
        Ok(unique(found))
    }

    fn cell(
        &self,
        session: &Session,
        cell: &RenderedCell,
        inputs: &CellInputs,
    ) -> Result<Vec<Diagnostic>, Error> {
        let mut found = Vec::new();
        let mut tracker = Tracker::new(cell, inputs);
        let mut faults: Vec<(usize, Diagnostic)> = Vec::new();
        for (i, object) in cell.objects.iter().enumerate() {
            let value = &object.object.value;
            let check = |origins: &dyn Origins| -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
                let mut found = self.kubernetes.check_object_in(value, &self.versions, origins)?;
                found.extend(mwrender_schema::objects::check_names(value, origins));
                Ok(found)
            };
            if check(&())?.is_empty() {
                continue;
            }
            // with faults, once more: messages quote values, and some of them are secret
            let tracked = tracker.get(object.template).ok();
            let origins = RenderedOrigins { session, tracked, text: &cell.texts[object.template] };
            faults.extend(check(&origins)?.into_iter().map(|d| (i, d)));
        }
        let objects: Vec<_> = cell.objects.iter().map(|o| &o.object).collect();
        for checked in checks::objects(&objects) {
            let template = cell.objects[checked.object].template;
            let tracked = tracker.get(template).ok();
            let origins = RenderedOrigins { session, tracked, text: &cell.texts[template] };
            let mut fault = checked.diagnostic;
            if fault.annotations.iter().any(|a| origins.is_private(a.span.start)) {
                without_values(&mut fault);
            }
            faults.push((checked.object, fault));
        }
        for (object, mut fault) in faults {
            let template = cell.objects[object].template;
            match tracker.get(template) {
                Ok(source) => locate::relocate(session.sources(), source, &cell.texts[template], &mut fault),
                Err(e) => fault = without_origins(fault, e),
            }
            found.push(fault.note(format!("in {}, {}", cell.cell, cell.objects[object].object.key)));
        }
        Ok(found)
    }

    /// The values of a cell against the schema of its chart, and what the schema cannot see. An unknown key in a file
    /// from outside the repository is only worth a note.
    fn cell_values(&self, session: &Session, inputs: &CellInputs) -> Result<Vec<Diagnostic>, Error> {
        let values = crate::render::values(session, inputs).value;
        let mut found = Vec::new();
        let name = format!("{}/charts/{}.schema.json", self.directory, inputs.cell.chart);
        if self.schemas.names().any(|n| n == name) {
            found = self.schemas.check(&name, &values, session.sources())?;
        }
        for fault in &mut found {
            let source = fault.primary_span().and_then(|s| session.sources().find(s.start));
            let outside = source.is_some_and(|id| session.sources().get(id).name().starts_with('/'));
            if fault.id == "unknown-key" && outside {
                fault.severity = Severity::Note;
            }
        }
        found.extend(checks::values(&values).into_iter().map(|mut fault| {
            // checks quote values
            if fault.annotations.iter().any(|a| session.sources().is_private(a.span.start)) {
                without_values(&mut fault);
            }
            fault
        }));
        for fault in &mut found {
            fault.notes.push(format!("in {}", inputs.cell));
        }
        Ok(found)
    }
}

/// What shows only when releases are looked at together.
fn across(session: &Session, state: &State, rendered: &[RenderedCell]) -> Vec<Diagnostic> {
    let releases: Vec<checks::Release<'_>> = rendered
        .iter()
        .map(|c| checks::Release { cell: &c.cell, objects: c.objects.iter().map(|o| &o.object).collect() })
        .collect();
    let mut found = Vec::new();
    for fault in checks::releases(&releases, &state.matrix) {
        let place = |release: usize, object: usize, diagnostic: &mut Diagnostic| {
            let cell = &rendered[release];
            let template = cell.objects[object].template;
            match Tracker::new(cell, &state.cells[release]).get(template) {
                Ok(tracked) => {
                    locate::relocate(session.sources(), tracked, &cell.texts[template], diagnostic);
                }
                Err(e) => *diagnostic = without_origins(diagnostic.clone(), e),
            }
        };
        let mut diagnostic = fault.diagnostic;
        place(fault.release, fault.object, &mut diagnostic);
        for other in fault.elsewhere {
            let mut beside = Diagnostic::note_only("elsewhere", "").secondary(other.span, other.label);
            place(other.release, other.object, &mut beside);
            diagnostic.annotations.extend(beside.annotations);
        }
        if diagnostic.annotations.iter().any(|a| session.sources().is_private(a.span.start)) {
            without_values(&mut diagnostic);
        }
        let cell = &rendered[fault.release];
        let object = &cell.objects[fault.object].object.key;
        found.push(diagnostic.note(format!("in {}, {object}", cell.cell)));
    }
    found
}

/// A fault of a rendered text of which nobody can say where it came from, and why.
pub(crate) fn without_origins(fault: Diagnostic, why: &Diagnostic) -> Diagnostic {
    fault.note(format!("its origins cannot be had: {}", why.headline))
}

/// What a check of rendered text may know of where it came from.
struct RenderedOrigins<'a> {
    session: &'a Session,
    tracked: Option<&'a Tracked>,
    text: &'a str,
}

impl RenderedOrigins<'_> {
    fn any(&self, pos: Pos, is: impl Fn(Pos) -> bool) -> bool {
        let (Some(tracked), Some(offset)) = (self.tracked, pos.local_offset()) else { return false };
        let end = self.text[offset as usize..].find('\n').map_or(self.text.len(), |n| offset as usize + n);
        tracked
            .pieces_in(offset..end as u32)
            .any(|p| tracked.causes(p).iter().any(|c| c.how != How::Conditional && is(c.origin)))
    }
}

impl Origins for RenderedOrigins<'_> {
    fn is_private(&self, pos: Pos) -> bool {
        // without origins, nothing is known to be public
        self.tracked.is_none() || self.any(pos, |origin| self.session.sources().is_private(origin))
    }

    fn is_set(&self, pos: Pos) -> bool {
        self.any(pos, |origin| self.session.sources().is_set(origin))
    }

    fn text_at(&self, pos: Pos) -> Option<&str> {
        self.text.get(pos.local_offset()? as usize..)
    }
}

/// Takes the words out of a diagnostic that may quote a secret.
fn without_values(fault: &mut Diagnostic) {
    fault.headline = "a value of a private layer has a fault".to_string();
    fault.help = vec![format!("see `mwrender explain {}`", fault.id)];
    fault.notes.clear();
    for annotation in &mut fault.annotations {
        annotation.label.clear();
    }
}

/// Joins faults that differ only in the release they are in.
fn unique(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut unique: Vec<Diagnostic> = Vec::new();
    for fault in found {
        let known = unique.iter_mut().find(|f| {
            f.id == fault.id && f.headline == fault.headline && f.primary_span() == fault.primary_span()
        });
        match known {
            Some(known) => known.notes.extend(fault.notes.into_iter().filter(|n| n.starts_with("in "))),
            None => unique.push(fault),
        }
    }
    for fault in &mut unique {
        crate::render::shorten_notes(fault);
    }
    unique.sort_by_key(|f| std::cmp::Reverse(f.severity));
    unique
}
