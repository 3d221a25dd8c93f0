//! A state of the inputs: a project with all its files read.

use crate::cell::{Cell, Selection, matrix};
use crate::chart::{self, Chart};
use crate::diff::next::NextSteps;
use crate::error::Error;
use crate::helm::pipeline::Policy;
use crate::mount_source::{MountSource, directory_of, in_repository, mounted, repository_of};
use crate::mounts::Mounts;
use crate::project::{Presence, ProjectFile, Release};
use crate::session::Session;
use crate::settings::Settings;
use crate::tree::{CatalogTree, Disk, Pcc, PccState, Repository, Tree};
use crate::watch::{HotReloads, Watch};
use crate::window::Windows;
use indexmap::IndexMap;
use mwrender_diagnostic::{Diagnostic, Pos, SourceId, Span};
use mwrender_values::Value;
use mwrender_values::set::SetKind;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The name of the project file.
pub const PROJECT_FILE: &str = "mwrender.yaml";

/// Which project to load, and how.
#[derive(Clone, Debug)]
pub struct StateOptions {
    /// The project file on disk.
    pub file: PathBuf,
    /// The revision whose project is meant, read from git's object store; by default the files on disk.
    pub revision: Option<String>,
    /// The directory of the project in that revision, from the root of the repository; by default the project file's.
    pub revision_path: Option<String>,
    /// Directories laid over the project's mounts, in order: the path as deployed, and where it is read from.
    pub mounts: Vec<(String, MountSource)>,
    /// Puppet's catalogs, whose files lie over all mounts.
    pub catalogs: Vec<Catalog>,
    /// Which cells.
    pub selection: Selection,
    /// Single settings of the command line, over all layers.
    pub settings: Vec<(SetKind, String)>,
    /// Whether private layers are left out, as golden files have it.
    pub without_private: bool,
}

/// A catalog that puppet compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Catalog {
    /// From a file.
    File(PathBuf),
    /// From the output directory of a catalog compiler.
    Compiled {
        /// The directory.
        directory: PathBuf,
        /// The host; may be left out if there is only one.
        host: Option<String>,
        /// The catalog with the change, not the one of production.
        proposed: bool,
    },
}

impl Catalog {
    /// Its files under a mount.
    fn tree(&self, mount: &str) -> Result<CatalogTree, Error> {
        match self {
            Catalog::File(path) => CatalogTree::open(path, mount),
            Catalog::Compiled { directory, host, proposed } => {
                let pcc = Pcc::load(directory)?;
                let host = pcc.host(host.as_deref())?;
                let tree = if *proposed || host.state() == PccState::Error {
                    // today's catalog alone would say that nothing differs, of a change that does not compile
                    host.proposed(mount)
                } else {
                    host.base(mount)
                };
                tree.map_err(|e| with_word(e, host.state()))
            }
        }
    }

    /// The host that a catalog compiler compiled it for, and what it says about that.
    fn host(&self) -> Result<Option<(String, PccState)>, Error> {
        let Catalog::Compiled { directory, host, .. } = self else { return Ok(None) };
        let pcc = Pcc::load(directory)?;
        let host = pcc.host(host.as_deref())?;
        Ok(Some((host.name().to_string(), host.state())))
    }
}

/// Adds what the catalog compiler says about a host to why its catalog cannot be had.
fn with_word(error: Error, state: PccState) -> Error {
    let Error::Diagnostics(found) = error else { return error };
    let meaning = match state {
        PccState::Error => ": today's catalog compiles, the one with the change does not",
        PccState::Fail => ": neither catalog compiles, or they cannot be compared",
        _ => "",
    };
    let word = format!("{SAYS}{state}` of this host{meaning}");
    Error::Diagnostics(found.into_iter().map(|d| d.note(word.clone())).collect())
}

/// How the note begins that tells the catalog compiler's word.
const SAYS: &str = "the catalog compiler says `";

/// What the catalog compiler says about the host whose catalog cannot be had, if that is what a diagnostic is about.
pub fn compiler_state(diagnostic: &Diagnostic) -> Option<PccState> {
    let said = diagnostic.notes.iter().find_map(|n| n.strip_prefix(SAYS))?;
    PccState::from_word(said.split('`').next()?)
}

impl StateOptions {
    /// The project of a file, as it is on disk.
    pub fn new(file: impl Into<PathBuf>) -> StateOptions {
        StateOptions {
            file: file.into(),
            revision: None,
            revision_path: None,
            mounts: Vec::new(),
            catalogs: Vec::new(),
            selection: Selection::default(),
            settings: Vec::new(),
            without_private: false,
        }
    }
}

/// A layer of a cell.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The path as deployed.
    pub path: String,
    /// The file that was read, if it is there.
    pub source: Option<SourceId>,
    /// Its values.
    pub value: Option<Arc<Value>>,
    /// Whether its values are secret.
    pub private: bool,
}

/// A cell with all that it is rendered from.
#[derive(Clone, Debug)]
pub struct CellInputs {
    /// The cell.
    pub cell: Cell,
    /// Its layers, lowest first, without the chart's defaults.
    pub layers: Vec<Layer>,
    /// Its chart.
    pub chart: Arc<Chart>,
    /// Where the project file names the release.
    pub origin: Pos,
    /// Single settings of the command line, over all layers.
    pub settings: Arc<Settings>,
}

impl CellInputs {
    /// Whether other inputs of the same cell render to the same: the same chart and the same texts, which are one
    /// source each in a session. A release's settings and place are in the project file, which is a layer or not.
    pub(crate) fn renders_as(&self, other: &CellInputs) -> bool {
        let same = |a: &Layer, b: &Layer| {
            a.source == b.source
                && match (&a.value, &b.value) {
                    (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
                    (None, None) => true,
                    _ => false,
                }
        };
        self.cell == other.cell
            && self.origin == other.origin
            && Arc::ptr_eq(&self.chart, &other.chart)
            && self.settings.same_as(&other.settings)
            && self.layers.len() == other.layers.len()
            && self.layers.iter().zip(&other.layers).all(|(a, b)| same(a, b))
    }
}

/// An input file of a state.
#[derive(Clone, Debug)]
pub struct Input {
    /// The path as deployed.
    pub path: String,
    /// The text, if the file is there.
    pub source: Option<SourceId>,
    /// Whether its values are secret. Then its hash is, too: a short secret could be guessed from it.
    pub private: bool,
}

/// A project with all its files read.
#[derive(Debug)]
pub struct State {
    /// The project file.
    pub project: ProjectFile,
    /// The directory of the project file, or the repository's path to it.
    pub directory: PathBuf,
    /// Where paths are read from.
    pub mounts: Mounts,
    /// The selected cells.
    pub cells: Vec<CellInputs>,
    /// All cells of the project, selected or not.
    pub matrix: Vec<Cell>,
    /// All values files that cells refer to and watched files, sorted by path.
    pub inputs: Vec<Input>,
    /// The text of the project file.
    pub project_source: SourceId,
    /// When flagged changes may be merged.
    pub windows: Windows,
    /// What running programs read again when it changes.
    pub hot_reloads: Arc<HotReloads>,
    /// The hosts whose catalogs a catalog compiler made, with what it says about each.
    pub hosts: Vec<(String, PccState)>,
    /// The template of what to do next.
    pub(crate) next: Arc<NextSteps>,
    whole: bool,
}

impl State {
    /// Loads a project and reads every file that the selected cells need, each once.
    ///
    /// # Errors
    /// A file is missing that must be there, or has faults.
    pub fn load(session: &mut Session, options: &StateOptions) -> Result<State, Error> {
        let file = &options.file;
        let directory = directory_of(file);
        let root: Arc<dyn Tree> = match &options.revision {
            None => Arc::new(Disk::new(&directory)?),
            Some(revision) => {
                let (repository, prefix) = repository_at(&directory, options)?;
                Arc::new(repository.tree(revision, &prefix)?)
            }
        };
        let name = file.file_name().map_or(PROJECT_FILE.into(), |n| n.to_string_lossy().into_owned());
        let mut mounts = Mounts::default();
        mounts.add("", root);
        let found = mounts.find(&name)?.ok_or_else(|| {
            let what = format!("there is no project file `{}`", file.display());
            Error::from(Diagnostic::error("missing-project", what).help("name one with --file, or create it"))
        })?;
        let project_source = session.add_text(&name, found.read()?, false)?;
        let project = read_project(session, project_source)?;
        let windows = read_windows(session, project_source, &project)?;
        let hot_reloads =
            HotReloads::new(&project.hot_reload).map_err(|e| in_project_file(session, project_source, e))?;
        let next = NextSteps::compile(session, project_source)?;
        add_mounts(session, &mut mounts, (&project, project_source), &directory, options)?;
        let matrix = matrix(&project).map_err(|e| in_project_file(session, project_source, e))?;
        let cells = options.selection.select(&project, &matrix)?;
        let mut loader = Loader {
            session,
            mounts: &mounts,
            inputs: IndexMap::new(),
            without_private: options.without_private,
            faults: Vec::new(),
            project_source,
        };
        let mut loaded = Vec::new();
        for cell in cells {
            let layers = loader.layers(&cell, &project);
            loaded.push((cell, layers));
        }
        loader.watched(&project)?;
        loader.stages(&project)?;
        loader.useless(&matrix, &project, &directory, options)?;
        let Loader { inputs, faults, .. } = loader;
        if !faults.is_empty() {
            return Err(Error::Diagnostics(faults));
        }
        let sources: Vec<SourceId> = inputs.values().filter_map(|i| i.0).collect();
        session.parse(&sources)?;
        let settings = Arc::new(Settings::load(session, &options.settings)?);
        let policy = Policy::new(&project.helm).map_err(|e| in_project_file(session, project_source, e))?;
        let mut charts: HashMap<String, Arc<Chart>> = HashMap::new();
        let mut cells = Vec::new();
        for (cell, layers) in loaded {
            let chart = match charts.get(&cell.chart) {
                Some(chart) => chart.clone(),
                None => {
                    let chart = chart::load(session, &mounts, &project.templates, &cell.chart, &policy)
                        .map_err(|e| in_project_file(session, project_source, e))?;
                    charts.insert(cell.chart.clone(), chart.clone());
                    chart
                }
            };
            cells.push(finish_cell(session, &project, project_source, cell, layers, chart, &settings)?);
        }
        let mut inputs: Vec<Input> =
            inputs.into_iter().map(|(path, (source, private))| Input { path, source, private }).collect();
        inputs.sort_by(|a, b| a.path.cmp(&b.path));
        let hosts = options.catalogs.iter().filter_map(|c| c.host().transpose());
        let hosts = hosts.collect::<Result<_, Error>>()?;
        let whole = options.selection.environments.is_empty() && options.selection.selectors.is_empty();
        Ok(State {
            project,
            directory,
            mounts,
            cells,
            matrix,
            inputs,
            project_source,
            windows,
            hot_reloads: Arc::new(hot_reloads),
            hosts,
            next: Arc::new(next),
            whole,
        })
    }

    /// The same state with other cells and inputs.
    pub(crate) fn with(&self, cells: Vec<CellInputs>, inputs: Vec<Input>) -> State {
        State {
            project: self.project.clone(),
            directory: self.directory.clone(),
            mounts: self.mounts.clone(),
            cells,
            matrix: self.matrix.clone(),
            inputs,
            project_source: self.project_source,
            windows: self.windows.clone(),
            hot_reloads: self.hot_reloads.clone(),
            hosts: self.hosts.clone(),
            next: self.next.clone(),
            whole: self.whole,
        }
    }

    /// Whether all cells of the project were selected.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// The directory of the project with a path relative to it.
    pub fn resolve(&self, path: &str) -> PathBuf {
        if self.directory == Path::new(".") { PathBuf::from(path) } else { self.directory.join(path) }
    }
}

/// The repository, and the directory in it in which the project is in the revision that is meant.
fn repository_at(directory: &Path, options: &StateOptions) -> Result<(Repository, String), Error> {
    let (repository, prefix) = repository_of(directory)?;
    let prefix = options.revision_path.as_ref().map_or_else(|| prefix.clone(), |p| in_repository(&prefix, p));
    Ok((repository, prefix))
}

/// The typed content of a project file.
fn read_project(session: &mut Session, id: SourceId) -> Result<ProjectFile, Error> {
    session.parse(&[id])?;
    let source = session.sources().get(id);
    serde_yaml::from_str(source.text()).map_err(|e| {
        let offset = e.location().map_or(0, |l| l.index().min(source.text().len()));
        let place = Span::new(source.start().offset(offset as u32), 1);
        let text = e.to_string();
        let what = text.split(" at line ").next().unwrap_or(&text).to_string();
        let near = unknown_and_known(&what).and_then(|(name, known)| {
            mwrender_schema::suggest::similar(name, known.iter().copied()).map(str::to_string)
        });
        let fault = Diagnostic::error("project-file", what).primary(place, "");
        match near {
            Some(near) => fault.help(format!("did you mean `{near}`?")).into(),
            None => fault.into(),
        }
    })
}

/// The names in serde's ``unknown field `a`, expected one of `b`, `c` ``.
fn unknown_and_known(message: &str) -> Option<(&str, Vec<&str>)> {
    let (_, names) =
        message.split_once("unknown field `").or_else(|| message.split_once("unknown variant `"))?;
    let mut names = names.split('`').step_by(2);
    Some((names.next()?, names.filter(|n| !n.is_empty()).collect()))
}

/// Adds the place in the project file where a name stands that means nothing: the first one in quotes.
fn in_project_file(session: &Session, project: SourceId, error: Error) -> Error {
    let Error::Diagnostics(mut faults) = error else { return error };
    for fault in &mut faults {
        if !fault.annotations.is_empty() || fault.id == "link-outside" || fault.id == "link-loop" {
            continue;
        }
        let name = fault.headline.split('`').nth(1).unwrap_or_default();
        let mut place = None;
        if let Some(file) = session.value(project) {
            mwrender_values::path::walk(file, &mut |_, _, value| {
                if place.is_none() && value.as_str() == Some(name) {
                    place = Some(value.origin);
                }
            });
        }
        if let Some(place) = place {
            let span = Span::new(place, name.len() as u32);
            *fault = std::mem::replace(fault, Diagnostic::error("", "")).primary(span, "");
        }
    }
    Error::Diagnostics(faults)
}

/// The windows of a project; each fault of theirs at its place.
fn read_windows(
    session: &Session,
    project_source: SourceId,
    project: &ProjectFile,
) -> Result<Windows, Error> {
    Windows::new(&project.windows, &project.watch).map_err(|faults| {
        let file = session.value(project_source).cloned();
        let place = |index: usize, (key, item): (&str, Option<usize>)| {
            let value = file.as_ref()?.get("windows")?.at(index)?.get(key)?;
            Some(item.and_then(|i| value.at(i)).unwrap_or(value).origin)
        };
        let told = faults.into_iter().map(|fault| {
            let diagnostic = Diagnostic::error("bad-window", fault.what);
            let diagnostic = match place(fault.index, fault.key).filter(|p| p.is_some()) {
                Some(place) => diagnostic.primary(Span::new(place, 1), ""),
                None => diagnostic,
            };
            match fault.help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }
        });
        Error::Diagnostics(told.collect())
    })
}

fn add_mounts(
    session: &mut Session,
    mounts: &mut Mounts,
    (project, project_source): (&ProjectFile, SourceId),
    directory: &Path,
    options: &StateOptions,
) -> Result<(), Error> {
    let repository = if options.revision.is_some() { Some(repository_at(directory, options)?) } else { None };
    for (path, target) in &project.mounts {
        let tree: Arc<dyn Tree> = match (&repository, &options.revision) {
            (Some((repository, prefix)), Some(revision)) if !target.starts_with('/') => {
                let inside = [prefix.as_str(), target.as_str()]
                    .iter()
                    .filter(|p| !p.is_empty())
                    .copied()
                    .collect::<Vec<_>>();
                Arc::new(repository.tree(revision, &inside.join("/"))?)
            }
            _ => {
                let full = directory.join(target);
                // the real path may be absent where only overlays are mounted
                if !full.exists() && options.mounts.iter().any(|(p, _)| p.trim_end_matches('/') == path) {
                    continue;
                }
                let tree = mounted(path, &full);
                Arc::new(tree.map_err(|e| at_mount(session, project_source, path, e))?)
            }
        };
        mounts.add(path, tree);
    }
    for (path, source) in &options.mounts {
        if !path.starts_with('/') {
            return Err(Error::Usage(format!("the mount `{path}` is not an absolute path")));
        }
        mounts.add(path, source.tree(path, directory)?);
    }
    let paths: Vec<String> = mounts.paths().map(str::to_string).collect();
    for catalog in &options.catalogs {
        for path in &paths {
            let tree = catalog.tree(path)?;
            session.warn(tree.diagnostics());
            mounts.add(path, Arc::new(tree));
        }
    }
    Ok(())
}

/// Why a mount of the project file cannot be had, with where it is declared.
fn at_mount(session: &Session, project: SourceId, path: &str, error: Error) -> Error {
    let Error::Usage(what) = error else { return error };
    let fault =
        Diagnostic::error("bad-mount", what).help("lay a directory over it with --mount, or create it");
    let declared = session.value(project).and_then(|p| Some(p.get("mounts")?.get(path)?.origin));
    match declared {
        Some(place) => fault.primary(Span::new(place, 1), "").into(),
        None => fault.into(),
    }
}

struct Loader<'a> {
    session: &'a mut Session,
    mounts: &'a Mounts,
    /// Path as deployed -> its text, and whether it is private.
    inputs: IndexMap<String, (Option<SourceId>, bool)>,
    without_private: bool,
    faults: Vec<Diagnostic>,
    project_source: SourceId,
}

impl Loader<'_> {
    fn layers(&mut self, cell: &Cell, project: &ProjectFile) -> Vec<Layer> {
        let mut layers = Vec::new();
        for (i, pattern) in project.layers[&cell.layers].iter().enumerate() {
            let path = cell.expand(&pattern.path);
            let source = match self.inputs.get(&path) {
                Some((source, _)) => *source,
                None => {
                    let left_out = pattern.private && self.without_private;
                    let read = if left_out { Ok(None) } else { self.read(&path, pattern.private) };
                    let source = match read {
                        Ok(source) => source,
                        Err(e) => {
                            let faults = self.at_layer(cell, i, &path, e);
                            self.faults.extend(faults);
                            None
                        }
                    };
                    let required = pattern.presence == Presence::Required && !left_out;
                    if source.is_none() && required && self.faults.is_empty() {
                        self.faults.push(self.missing(cell, i, &path));
                    }
                    self.inputs.insert(path.clone(), (source, pattern.private));
                    source
                }
            };
            layers.push(Layer { path, source, value: None, private: pattern.private });
        }
        layers
    }

    /// The text at a path, if there is one.
    fn read(&mut self, path: &str, private: bool) -> Result<Option<SourceId>, Error> {
        let Some(found) = self.mounts.find(path)? else { return Ok(None) };
        self.session.add_text(&found.name, found.read()?, private || found.is_private()).map(Some)
    }

    /// Where a layer is declared.
    fn declared(&self, cell: &Cell, index: usize) -> Option<Span> {
        let layers = self.session.value(self.project_source)?.get("layers")?;
        Some(Span::new(layers.get(&cell.layers)?.at(index)?.origin, 1))
    }

    /// What keeps a layer from being read, with where it is declared if the fault has no place of its own.
    fn at_layer(&self, cell: &Cell, index: usize, path: &str, error: Error) -> Vec<Diagnostic> {
        let faults = match error {
            Error::Diagnostics(faults) => faults,
            Error::Io { source, .. } => {
                let what = format!("the layer `{path}` of {cell} cannot be read: {source}");
                vec![Diagnostic::error("unreadable-file", what)]
            }
            other => vec![Diagnostic::error("unreadable-file", other.to_string())],
        };
        let placed = |fault: Diagnostic| match self.declared(cell, index) {
            Some(place) if fault.annotations.is_empty() => fault.primary(place, "this layer"),
            _ => fault,
        };
        faults.into_iter().map(placed).collect()
    }

    /// Reads watched files that are no layer of any release: their changes are told too.
    fn watched(&mut self, project: &ProjectFile) -> Result<(), Error> {
        let watch =
            Watch::new(&project.watch).map_err(|e| in_project_file(self.session, self.project_source, e))?;
        // a private layer of a release that is not selected is private all the same
        let secret = project
            .layers
            .values()
            .flatten()
            .filter(|l| l.private)
            .map(|l| Ok(crate::watch::glob(&any_release(&l.path))?.compile_matcher()))
            .collect::<Result<Vec<_>, Error>>()?;
        let mounts: Vec<String> = self.mounts.paths().map(str::to_string).collect();
        for mount in mounts {
            for path in self.mounts.files_under(&mount)? {
                let yaml = path.ends_with(".yaml") || path.ends_with(".yml");
                if !yaml || self.inputs.contains_key(&path) || watch.rule_for_any(&path).is_none() {
                    continue;
                }
                let private = secret.iter().any(|g| g.is_match(&path));
                if private && self.without_private {
                    continue;
                }
                if let Some(found) = self.mounts.find(&path)? {
                    let private = private || found.is_private();
                    let source = self.session.add_text(&found.name, found.read()?, private)?;
                    self.inputs.insert(path, (Some(source), private));
                }
            }
        }
        Ok(())
    }

    /// Reads the file that says in which order releases are deployed.
    fn stages(&mut self, project: &ProjectFile) -> Result<(), Error> {
        let Some(stages) = &project.stages else { return Ok(()) };
        if !self.inputs.contains_key(&stages.file) {
            let source = match self.mounts.find(&stages.file)? {
                Some(found) => Some(self.session.add_text(&found.name, found.read()?, found.is_private())?),
                None => None,
            };
            self.inputs.insert(stages.file.clone(), (source, false));
        }
        Ok(())
    }

    /// Warns of directories that are laid over a mount and have nothing that is ever read: most likely the wrong ones.
    fn useless(
        &mut self,
        matrix: &[Cell],
        project: &ProjectFile,
        directory: &Path,
        options: &StateOptions,
    ) -> Result<(), Error> {
        if options.mounts.is_empty() {
            return Ok(());
        }
        let watch = Watch::new(&project.watch)?;
        let read: HashSet<String> = matrix
            .iter()
            .flat_map(|cell| project.layers[&cell.layers].iter().map(|layer| cell.expand(&layer.path)))
            .collect();
        for (path, source) in &options.mounts {
            let mut alone = Mounts::default();
            alone.add(path, source.tree(path, directory)?);
            let files = alone.files_under(path)?;
            if !files.iter().any(|f| read.contains(f) || watch.rule_for_any(f).is_some()) {
                let what = format!(
                    "`{}` has no file that is read or watched under `{path}`: it changes nothing",
                    source.describe()
                );
                let help = format!("name the directory that has what is `{path}` when deployed");
                self.session.warn(&[Diagnostic::warning("useless-mount", what).help(help)]);
            }
        }
        Ok(())
    }

    fn missing(&self, cell: &Cell, index: usize, path: &str) -> Diagnostic {
        let mut diagnostic =
            Diagnostic::error("missing-layer", format!("the layer `{path}` of {cell} is not there"));
        if let Some(place) = self.declared(cell, index) {
            diagnostic = diagnostic.primary(place, "required here");
        }
        let covered = !path.starts_with('/') || self.mounts.paths().any(|m| path.starts_with(m));
        diagnostic.help(if covered {
            "create the file, or declare the layer `presence: optional`"
        } else {
            "no mount has this path: add one to the project file, or with --mount"
        })
    }
}

/// The paths that a layer's pattern can stand for, as a pattern of files.
fn any_release(pattern: &str) -> String {
    ["{environment}", "{namespace}", "{release}", "{service}"]
        .iter()
        .fold(pattern.to_string(), |pattern, name| pattern.replace(name, "*"))
}

fn finish_cell(
    session: &Session,
    project: &ProjectFile,
    project_source: SourceId,
    cell: Cell,
    mut layers: Vec<Layer>,
    chart: Arc<Chart>,
    settings: &Arc<Settings>,
) -> Result<CellInputs, Error> {
    for layer in &mut layers {
        layer.value = layer.source.and_then(|id| session.value(id).cloned()).filter(|v| !v.is_null());
        if let (Some(value), Some(id)) = (&layer.value, layer.source)
            && value.as_map().is_none()
        {
            let what = format!(
                "`{}` is {}, not a map of values",
                session.sources().get(id).name(),
                value.kind_name()
            );
            return Err(Diagnostic::error("layer-not-a-map", what)
                .primary(Span::new(value.origin, 1), "")
                .into());
        }
    }
    let file = session.value(project_source).cloned();
    let service = file.as_ref().and_then(|f| f.get("services")?.as_map()?.get(&*cell.service));
    let release = service.and_then(|s| s.value.get("releases")?.as_map()?.get(&*cell.release));
    let origin = release.map_or(Pos::NONE, |r| r.key_origin);
    let no_settings = Release::default();
    let typed = &project.services[&cell.service];
    let typed_release = typed.releases[&cell.release].as_ref().unwrap_or(&no_settings);
    for (set, holder) in [(&typed.set, service), (&typed_release.set, release)] {
        if set.is_empty() {
            continue;
        }
        if let Some(value) = holder.and_then(|h| h.value.get("set")) {
            let nested = crate::settings::nest(value)?;
            layers.push(Layer {
                path: PROJECT_FILE.to_string(),
                source: Some(project_source),
                value: Some(Arc::new(nested)),
                private: false,
            });
        }
    }
    Ok(CellInputs { cell, layers, chart, origin, settings: settings.clone() })
}
