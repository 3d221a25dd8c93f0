//! What a catalog compiler (PCC) wrote: for each host the catalogs before and after a change of puppet's code.
//!
//! The layout is that of Wikimedia's `puppet-compiler`: `build.json` with the hosts by state, and for each host a
//! directory with `host.json`, `prod.HOST.pson.gz` and `change.HOST.pson.gz` (JSON, in fact), and beside each what
//! puppet wrote to its standard error, in `prod.HOST.err` and `change.HOST.err`. Of a catalog that does not compile
//! there is no file, or one with nothing in it.

use super::catalog::{CatalogTree, failure_in};
use crate::error::Error;
use mwrender_diagnostic::Diagnostic;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The output directory of a catalog compiler.
#[derive(Clone, Debug)]
pub struct Pcc {
    directory: PathBuf,
    change: Option<u64>,
    hosts: Vec<PccHost>,
}

/// A host in the output of a catalog compiler.
#[derive(Clone, Debug)]
pub struct PccHost {
    name: String,
    state: PccState,
    directory: PathBuf,
}

/// What the catalog compiler says about a host, in its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PccState {
    /// The catalogs are the same, or the change mends one that did not compile.
    Noop,
    /// Only resources that puppet's own code defines differ, such as parameters of classes.
    Diff,
    /// Resources of puppet's core differ, such as files.
    CoreDiff,
    /// With the change the catalog does not compile.
    Error,
    /// Neither catalog compiles, or the compiler could not compare them.
    Fail,
    /// The host was left out after another one had failed.
    Cancelled,
    /// The host is not compiled yet.
    Running,
}

/// Which of the two catalogs of a host.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Base,
    Proposed,
}

#[derive(Deserialize)]
struct Build {
    #[serde(default)]
    change_id: Option<u64>,
    #[serde(default)]
    hosts: Vec<String>,
    states: BTreeMap<String, BuildState>,
}

#[derive(Deserialize)]
struct BuildState {
    #[serde(default)]
    hosts: Vec<String>,
}

#[derive(Deserialize)]
struct HostFile {
    state: String,
}

impl PccState {
    /// The compiler's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            PccState::Noop => "noop",
            PccState::Diff => "diff",
            PccState::CoreDiff => "core_diff",
            PccState::Error => "error",
            PccState::Fail => "fail",
            PccState::Cancelled => "cancelled",
            PccState::Running => "running",
        }
    }

    /// The state that the compiler has this word for.
    pub fn from_word(word: &str) -> Option<PccState> {
        Some(match word {
            "noop" => PccState::Noop,
            "diff" => PccState::Diff,
            "core_diff" => PccState::CoreDiff,
            "error" => PccState::Error,
            "fail" => PccState::Fail,
            "cancelled" => PccState::Cancelled,
            "running" => PccState::Running,
            _ => return None,
        })
    }

    /// Whether there is a verdict: both catalogs were compiled and compared, or the change mends one.
    pub const fn is_compiled(self) -> bool {
        matches!(self, PccState::Noop | PccState::Diff | PccState::CoreDiff)
    }
}

impl std::fmt::Display for PccState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Pcc {
    /// Reads which hosts there are, and their states. Catalogs are read when they are asked for.
    ///
    /// # Errors
    /// The directory is not one of a catalog compiler, or its files contradict each other.
    pub fn load(directory: &Path) -> Result<Pcc, Error> {
        let build: Build = match json(&directory.join("build.json"))? {
            Some(build) => build,
            None if directory.is_dir() => {
                let what = format!("`{}` is not the output of a catalog compiler", directory.display());
                let help = "name the directory that has build.json, with one directory for each host";
                return Err(Diagnostic::error("pcc-layout", what)
                    .note("it has no build.json")
                    .help(help)
                    .into());
            }
            None => {
                let error = std::io::Error::new(ErrorKind::NotFound, "no such directory");
                return Err(Error::io(directory, error));
            }
        };
        let mut states: BTreeMap<&str, PccState> = BTreeMap::new();
        for (word, of) in &build.states {
            let state = known(directory, word)?;
            for host in &of.hosts {
                if let Some(other) = states.insert(host, state) {
                    let what = format!("`{host}` has two states in build.json: {other} and {state}");
                    return Err(layout(directory, what).into());
                }
            }
        }
        let named: BTreeSet<&str> =
            states.keys().copied().chain(build.hosts.iter().map(String::as_str)).collect();
        let mut hosts = Vec::new();
        for name in named {
            if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\']) {
                return Err(layout(directory, format!("`{name}` is not the name of a host")).into());
            }
            let state = states.get(name).copied().unwrap_or(PccState::Running);
            let of_host = directory.join(name);
            if let Some(file) = json::<HostFile>(&of_host.join("host.json"))?
                && known(directory, &file.state)? != state
            {
                let what = format!("`{name}` is {state} in build.json, and {} in its host.json", file.state);
                return Err(layout(directory, what).into());
            }
            hosts.push(PccHost { name: name.to_string(), state, directory: of_host });
        }
        Ok(Pcc { directory: directory.to_path_buf(), change: build.change_id, hosts })
    }

    /// The number of the change in code review, if it is known.
    pub fn change(&self) -> Option<u64> {
        self.change
    }

    /// All hosts, sorted by name.
    pub fn hosts(&self) -> &[PccHost] {
        &self.hosts
    }

    /// The host of a name; without one, the only host.
    ///
    /// # Errors
    /// There is none, or several.
    pub fn host(&self, name: Option<&str>) -> Result<&PccHost, Error> {
        let names = || self.hosts.iter().map(|h| h.name.as_str());
        let listed = || names().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        let Some(name) = name else {
            return match self.hosts.as_slice() {
                [host] => Ok(host),
                [] => Err(layout(&self.directory, "it has no hosts".into()).into()),
                _ => {
                    let what = format!("`{}` has several hosts", self.directory.display());
                    Err(Diagnostic::error("pcc-host", what).note(listed()).help("name one of them").into())
                }
            };
        };
        self.hosts.iter().find(|h| h.name == name).ok_or_else(|| {
            let what = format!("`{}` has no host `{name}`", self.directory.display());
            let diagnostic = Diagnostic::error("pcc-host", what).note(format!("it has {}", listed()));
            match crate::similar(name, names()) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")).into(),
                None => diagnostic.into(),
            }
        })
    }
}

impl PccHost {
    /// The host's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the compiler says about it.
    pub fn state(&self) -> PccState {
        self.state
    }

    /// The files under `mount` as they are with today's code.
    ///
    /// # Errors
    /// The catalog did not compile, or is not there.
    pub fn base(&self, mount: &str) -> Result<CatalogTree, Error> {
        self.side(Side::Base, mount)
    }

    /// The files under `mount` as they are with the change.
    ///
    /// # Errors
    /// The catalog did not compile, or is not there.
    pub fn proposed(&self, mount: &str) -> Result<CatalogTree, Error> {
        self.side(Side::Proposed, mount)
    }

    fn side(&self, side: Side, mount: &str) -> Result<CatalogTree, Error> {
        if matches!(self.state, PccState::Cancelled | PccState::Running) {
            let what = format!("the catalog compiler has not compiled `{}`: it is {}", self.name, self.state);
            return Err(Diagnostic::error("pcc-catalog", what).into());
        }
        if side == Side::Proposed && self.state == PccState::Error {
            return Err(self.failed(side)?.into());
        }
        let path =
            ["pson.gz", "pson", "json.gz", "json"].iter().map(|e| self.file(side, e)).find(|p| p.is_file());
        let Some(path) = path else {
            // a fail can be one of the comparison, and a noop a catalog that the change mends
            let may_fail =
                self.state == PccState::Fail || (self.state == PccState::Noop && side == Side::Base);
            let failed = self.failed(side)?;
            if may_fail || !failed.notes.is_empty() {
                return Err(failed.into());
            }
            let what = format!("`{}` is {}, but its catalog is not there", self.name, self.state);
            let note = format!("`{}` is missing", self.file(side, "pson.gz").display());
            return Err(Diagnostic::error("pcc-catalog", what).note(note).into());
        };
        match CatalogTree::open(&path, mount) {
            Err(Error::Diagnostics(found)) if found.iter().any(|d| d.id == "catalog-failed") => {
                let failed = self.failed(side)?;
                if failed.notes.is_empty() { Err(Error::Diagnostics(found)) } else { Err(failed.into()) }
            }
            result => result,
        }
    }

    fn file(&self, side: Side, extension: &str) -> PathBuf {
        let word = if side == Side::Base { "prod" } else { "change" };
        self.directory.join(format!("{word}.{}.{extension}", self.name))
    }

    /// That a catalog did not compile, with puppet's reason if it is known.
    fn failed(&self, side: Side) -> Result<Diagnostic, Error> {
        let which = if side == Side::Base { "today's catalog" } else { "the catalog with the change" };
        let diagnostic =
            Diagnostic::error("catalog-failed", format!("{which} of `{}` does not compile", self.name));
        let path = self.file(side, "err");
        match std::fs::read(&path) {
            Ok(bytes) => {
                let line = failure_in(&String::from_utf8_lossy(&bytes));
                Ok(line.into_iter().fold(diagnostic, Diagnostic::note))
            }
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(diagnostic),
            Err(e) => Err(Error::io(path, e)),
        }
    }
}

/// The state that a word means.
fn known(directory: &Path, word: &str) -> Result<PccState, Error> {
    PccState::from_word(word).ok_or_else(|| {
        let note = "known are noop, diff, core_diff, error, fail and cancelled";
        layout(directory, format!("the state `{word}` is not known")).note(note).into()
    })
}

fn layout(directory: &Path, why: String) -> Diagnostic {
    let what = format!("the catalog compiler's output in `{}` cannot be read", directory.display());
    Diagnostic::error("pcc-layout", what).note(why)
}

/// The content of a JSON file; nothing if it is not there.
fn json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Error> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(e) => return Err(Error::io(path, e)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|e| {
        let what = format!("`{}` does not have the form that it must have", path.display());
        Diagnostic::error("pcc-layout", what).note(e.to_string()).into()
    })
}
