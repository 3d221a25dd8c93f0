//! Deployed states: manifests as text, or another state of the inputs.

use crate::error::Error;
use crate::mount_source::{MountSource, directory_of, directory_of_commit, revision_and_path, work_dir};
use crate::session::Session;
use crate::state::{Catalog, State, StateOptions};
use crate::tree::{GitTree, Node, Tree};
use mwrender_diagnostic::{Diagnostic, Pos, SourceId, Span};
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Where a state comes from, as the command line says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spec {
    /// A directory or file of manifests.
    Manifests(PathBuf),
    /// Manifests from standard input.
    Stdin,
    /// The project as of a revision, read from git's object store; or in another directory of the repository. As a
    /// deployed state that may be one of manifests, too.
    Git(String, Option<String>),
    /// This project with these directories mounted.
    Mounts(Vec<(String, MountSource)>),
    /// This project with the files of a catalog that puppet compiled.
    Catalog(PathBuf),
    /// This project with the files of a catalog in a compiler's output directory, of this host.
    Compiled(PathBuf, Option<String>),
}

impl Spec {
    /// Reads `-`, `.` (this project without further mounts), `git:REF[:PATH]`, `mount:PATH=DIR[,PATH=DIR]` (where a
    /// directory may be `git:REF[:PATH]`), `catalog:FILE`, `pcc:DIR[:HOST]` or a path.
    ///
    /// # Errors
    /// A mount has no path or no directory.
    pub fn parse(text: &str) -> Result<Spec, Error> {
        if text == "-" {
            return Ok(Spec::Stdin);
        }
        if text == "." {
            return Ok(Spec::Mounts(Vec::new()));
        }
        if let Some(revision) = text.strip_prefix("git:") {
            let (revision, path) = revision_and_path(revision)?;
            return Ok(Spec::Git(revision, path.filter(|p| !p.is_empty())));
        }
        if let Some(path) = text.strip_prefix("catalog:") {
            return Ok(Spec::Catalog(PathBuf::from(path)));
        }
        if let Some(path) = text.strip_prefix("pcc:") {
            return Ok(match path.rsplit_once(':') {
                Some((directory, host)) => Spec::Compiled(PathBuf::from(directory), Some(host.to_string())),
                None => Spec::Compiled(PathBuf::from(path), None),
            });
        }
        if let Some(mounts) = text.strip_prefix("mount:") {
            let mounts = mounts.split(',').map(|m| match m.split_once('=') {
                Some((path, source)) if path.starts_with('/') => {
                    Ok((path.to_string(), MountSource::parse(source)?))
                }
                _ => Err(Error::Usage(format!("`{m}` is not PATH=DIR with an absolute path"))),
            });
            return Ok(Spec::Mounts(mounts.collect::<Result<_, _>>()?));
        }
        Ok(Spec::Manifests(PathBuf::from(text)))
    }
}

/// A deployed state, loaded.
#[derive(Debug)]
pub enum Deployed {
    /// Manifests, nothing else is known.
    Manifests(Manifests),
    /// The inputs that were rendered.
    Inputs(Box<State>),
}

/// Texts of manifests.
#[derive(Debug, Default)]
pub struct Manifests {
    /// What people call them.
    pub name: String,
    /// The texts of each cell, laid out as golden is.
    pub cells: HashMap<String, SourceId>,
    /// Texts that are not laid out so; all are of the only environment.
    pub flat: Vec<SourceId>,
}

impl Deployed {
    /// Loads a state whose inputs are known. `options` say which project and which cells; `proposed` which of a
    /// compiler's two catalogs is meant.
    ///
    /// # Errors
    /// It cannot be read, or it is manifests.
    pub fn inputs(
        session: &mut Session,
        spec: &Spec,
        proposed: bool,
        options: &StateOptions,
    ) -> Result<State, Error> {
        match spec {
            Spec::Git(revision, revision_path) => {
                // mounts outside the repository are the same on both sides; those inside are the proposal
                let top = work_dir(&options.file);
                let outside = |m: &&(String, MountSource)| match (&top, &m.1) {
                    (_, MountSource::Git { .. }) => false,
                    (None, _) => true,
                    (Some(top), MountSource::Directory(path)) => {
                        path.canonicalize().map_or(true, |full| !full.starts_with(top))
                    }
                };
                let mounts = options.mounts.iter().filter(outside).cloned().collect();
                let options = StateOptions {
                    revision: Some(revision.clone()),
                    revision_path: revision_path.clone(),
                    mounts,
                    ..options.clone()
                };
                State::load(session, &options)
            }
            Spec::Mounts(mounts) => {
                let options = StateOptions { mounts: mounts.clone(), ..options.clone() };
                State::load(session, &options)
            }
            Spec::Catalog(path) => {
                let catalogs = vec![Catalog::File(path.clone())];
                State::load(session, &StateOptions { catalogs, ..options.clone() })
            }
            Spec::Compiled(directory, host) => {
                let (directory, host) = (directory.clone(), host.clone());
                let catalogs = vec![Catalog::Compiled { directory, host, proposed }];
                State::load(session, &StateOptions { catalogs, ..options.clone() })
            }
            Spec::Manifests(_) | Spec::Stdin => {
                Err(Error::Usage("manifests do not tell their inputs".to_string()))
            }
        }
    }

    /// Loads a deployed state to compare the cells of `state` with.
    ///
    /// # Errors
    /// It cannot be read, or it does not say of which environment its manifests are.
    pub fn load(
        session: &mut Session,
        spec: &Spec,
        state: &State,
        options: &StateOptions,
    ) -> Result<Deployed, Error> {
        match spec {
            Spec::Git(revision, Some(path)) => {
                let project = options.file.file_name().map(|n| n.to_string_lossy().into_owned());
                let tree = directory_of_commit(&directory_of(&options.file), revision, path)?;
                if project.is_some_and(|name| matches!(tree.node(&name), Ok(Some(_)))) {
                    return Ok(Deployed::Inputs(Box::new(Deployed::inputs(session, spec, false, options)?)));
                }
                Ok(Deployed::Manifests(Manifests::of_commit(session, &tree, state)?))
            }
            Spec::Git(..) | Spec::Mounts(_) | Spec::Catalog(_) | Spec::Compiled(..) => {
                Ok(Deployed::Inputs(Box::new(Deployed::inputs(session, spec, false, options)?)))
            }
            Spec::Stdin => {
                let mut bytes = Vec::new();
                std::io::stdin().read_to_end(&mut bytes).map_err(|e| Error::io("standard input", e))?;
                let source = session.add_text("standard input", bytes, false)?;
                Ok(Deployed::Manifests(Manifests {
                    name: "standard input".into(),
                    cells: HashMap::new(),
                    flat: one_environment(state, vec![source], "standard input")?,
                }))
            }
            Spec::Manifests(path) => Ok(Deployed::Manifests(Manifests::load(session, path, state)?)),
        }
    }
}

fn one_environment(state: &State, flat: Vec<SourceId>, name: &str) -> Result<Vec<SourceId>, Error> {
    let mut environments: Vec<&str> = state.cells.iter().map(|c| &*c.cell.environment).collect();
    environments.dedup();
    if environments.len() > 1 && !flat.is_empty() {
        return Err(Error::Usage(format!(
            "the manifests of {name} do not say of which environment they are: select one with -e ({}), or lay them out as `mwrender render --output-dir` does",
            environments.join(", ")
        )));
    }
    Ok(flat)
}

impl Manifests {
    fn load(session: &mut Session, path: &Path, state: &State) -> Result<Manifests, Error> {
        let name = path.display().to_string();
        let read = |session: &mut Session, file: &Path| -> Result<SourceId, Error> {
            let bytes = std::fs::read(file).map_err(|e| Error::io(file, e))?;
            session.add_text(&file.display().to_string(), bytes, false)
        };
        let metadata = match std::fs::metadata(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::Usage(format!(
                    "there is no deployed state at `{name}`: name one with --deployed, or make it with `mwrender golden accept` or `mwrender render --output-dir`"
                )));
            }
            result => result.map_err(|e| Error::io(path, e))?,
        };
        if metadata.is_file() {
            let source = read(session, path)?;
            let flat = one_environment(state, vec![source], &name)?;
            return Ok(Manifests { name, cells: HashMap::new(), flat });
        }
        let mut files = Vec::new();
        for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
            let entry = entry.map_err(|e| Error::io(path, e.into()))?;
            if entry.file_type().is_file() {
                let relative = entry.path().strip_prefix(path).unwrap_or(entry.path());
                files.push(relative.to_string_lossy().into_owned());
            }
        }
        Manifests::sort(session, &name, files, state, &mut |session, relative| {
            read(session, &path.join(relative))
        })
    }

    /// The manifests of a directory of a commit.
    fn of_commit(session: &mut Session, tree: &GitTree, state: &State) -> Result<Manifests, Error> {
        let mut files = Vec::new();
        let mut directories = vec![String::new()];
        while let Some(directory) = directories.pop() {
            for name in tree.list(&directory)? {
                let path = if directory.is_empty() { name } else { format!("{directory}/{name}") };
                match tree.node(&path)? {
                    Some(Node::Directory) => directories.push(path),
                    Some(Node::File) => files.push(path),
                    Some(Node::Link(_)) | None => {}
                }
            }
        }
        files.sort();
        Manifests::sort(session, &tree.describe(""), files, state, &mut |session, relative| {
            session.add_text(&tree.describe(relative), tree.read(relative)?, false)
        })
    }

    /// Reads the files of a directory, which may have golden's layout.
    fn sort(
        session: &mut Session,
        name: &str,
        files: Vec<String>,
        state: &State,
        read: &mut dyn FnMut(&mut Session, &str) -> Result<SourceId, Error>,
    ) -> Result<Manifests, Error> {
        let mut manifests = Manifests { name: name.to_string(), ..Manifests::default() };
        let wanted: HashSet<String> = state.cells.iter().map(|c| c.cell.path()).collect();
        let mut flat = Vec::new();
        for relative in files {
            if ![".yaml", ".yml", ".json"].iter().any(|s| relative.ends_with(s)) {
                continue;
            }
            if wanted.contains(&relative) {
                let source = read(session, &relative)?;
                manifests.cells.insert(relative, source);
            } else if relative.split('/').count() == 3
                && state.project.environments.iter().any(|e| relative.starts_with(&format!("{e}/")))
            {
                // golden's layout, of a release that is not selected or no longer exists
                if state.is_whole() {
                    let source = read(session, &relative)?;
                    manifests.cells.insert(relative, source);
                }
            } else {
                flat.push(read(session, &relative)?);
            }
        }
        manifests.flat = one_environment(state, flat, name)?;
        Ok(manifests)
    }
}

/// Moves a diagnostic about a text, whose positions are local, to where the text is in the source map.
pub(crate) fn shift(diagnostic: &mut Diagnostic, start: Pos) {
    for annotation in &mut diagnostic.annotations {
        if let Some(offset) = annotation.span.start.local_offset() {
            annotation.span = Span::new(start.offset(offset), annotation.span.len);
        }
    }
}
