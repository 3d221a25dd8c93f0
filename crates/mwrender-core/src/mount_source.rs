//! Where a directory that is laid over a mount is read from: disk, or a commit of the project's repository.

use crate::error::Error;
use crate::tree::{Disk, GitTree, Node, Repository, Tree};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A directory that is laid over a mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountSource {
    /// On disk.
    Directory(PathBuf),
    /// In a commit of the project's repository.
    Git {
        /// The revision.
        revision: String,
        /// The directory: from the root of the repository, or after `./` from that of the project.
        path: String,
    },
}

impl From<PathBuf> for MountSource {
    fn from(directory: PathBuf) -> MountSource {
        MountSource::Directory(directory)
    }
}

impl MountSource {
    /// Reads a directory, or `git:REF[:PATH]`.
    ///
    /// # Errors
    /// There is no revision after `git:`.
    pub fn parse(text: &str) -> Result<MountSource, Error> {
        Ok(match text.strip_prefix("git:") {
            None => MountSource::Directory(PathBuf::from(text)),
            Some(rest) => {
                let (revision, path) = revision_and_path(rest)?;
                MountSource::Git { revision, path: path.unwrap_or_default() }
            }
        })
    }

    /// What people call it.
    pub(crate) fn describe(&self) -> String {
        match self {
            MountSource::Directory(path) => path.display().to_string(),
            MountSource::Git { revision, path } => format!("git:{revision}:{path}"),
        }
    }

    /// Its files. `directory` is the project's.
    pub(crate) fn tree(&self, mount: &str, directory: &Path) -> Result<Arc<dyn Tree>, Error> {
        match self {
            MountSource::Directory(path) => Ok(Arc::new(mounted(mount, path)?)),
            MountSource::Git { revision, path } => {
                Ok(Arc::new(directory_of_commit(directory, revision, path)?))
            }
        }
    }
}

/// A directory of a commit of the repository that the project lies in.
pub(crate) fn directory_of_commit(project: &Path, revision: &str, path: &str) -> Result<GitTree, Error> {
    let (repository, prefix) = repository_of(project)?;
    let path = in_repository(&prefix, path);
    let tree = repository.tree(revision, &path)?;
    match tree.node("")? {
        Some(Node::Directory) => Ok(tree),
        _ => Err(Error::Usage(format!("git has no directory `{path}` in `{revision}`"))),
    }
}

/// The path from the root of a repository that is meant by one that begins with `./`, or not.
pub(crate) fn in_repository(prefix: &str, path: &str) -> String {
    let joined = match path.strip_prefix('.') {
        Some(inside) if inside.is_empty() || inside.starts_with('/') => format!("{prefix}{inside}"),
        _ => path.to_string(),
    };
    joined.trim_matches('/').to_string()
}

/// `REF` and `PATH` of `REF[:PATH]`. A revision may have a colon in braces, as in `HEAD@{10:00}`.
pub(crate) fn revision_and_path(text: &str) -> Result<(String, Option<String>), Error> {
    let mut depth = 0usize;
    let colon = text.find(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ':' && depth == 0
    });
    let (revision, path) = match colon {
        Some(at) => (&text[..at], Some(text[at + 1..].to_string())),
        None => (text, None),
    };
    if revision.is_empty() {
        return Err(Error::Usage("`git:` needs a revision, such as git:HEAD".to_string()));
    }
    Ok((revision.to_string(), path))
}

/// The directory that a file is in.
pub(crate) fn directory_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// The directory that git checked out around a project file, if there is one.
pub(crate) fn work_dir(file: &Path) -> Option<PathBuf> {
    let directory = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let full = directory.canonicalize().ok()?;
    Repository::discover(&full).ok()?.work_dir()?.canonicalize().ok()
}

/// The repository of a directory, and the directory's path in it.
pub(crate) fn repository_of(directory: &Path) -> Result<(Repository, String), Error> {
    let full = directory.canonicalize().map_err(|e| Error::io(directory, e))?;
    let repository = Repository::discover(&full)?;
    let root = repository.work_dir().and_then(|w| w.canonicalize().ok());
    let prefix = root.and_then(|r| full.strip_prefix(r).ok().map(|p| p.to_string_lossy().into_owned()));
    Ok((repository, prefix.unwrap_or_default()))
}

/// The directory that a mount is read from.
pub(crate) fn mounted(path: &str, directory: &Path) -> Result<Disk, Error> {
    Disk::new(directory).map_err(|e| match e {
        Error::Io { source, .. } => {
            let directory = directory.strip_prefix(".").unwrap_or(directory).display();
            Error::Usage(format!("`{path}` cannot be mounted from `{directory}`: {source}"))
        }
        other => other,
    })
}
