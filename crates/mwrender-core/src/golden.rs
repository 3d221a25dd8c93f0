//! Golden files: the rendered manifests, committed and reviewed.
//!
//! One file for each release: `<environment>/<namespace>/<release>.yaml`.

use crate::error::Error;
use crate::render::RenderedCell;
use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// What is wrong with a golden file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its content is not what is rendered.
    Differs,
    /// It is not there.
    Missing,
    /// No release has it.
    Obsolete,
}

impl Fault {
    /// The words for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Fault::Differs => "differs from what is rendered",
            Fault::Missing => "missing",
            Fault::Obsolete => "obsolete: no release renders it",
        }
    }
}

/// The files of rendered cells: relative path and content.
pub fn files(cells: &[RenderedCell]) -> BTreeMap<String, String> {
    cells.iter().map(|cell| (cell.cell.path(), cell.manifest())).collect()
}

/// Compares a directory with what is rendered. `whole` says that all releases were rendered, so that files of
/// others are obsolete.
///
/// # Errors
/// The directory cannot be read.
pub fn check(
    directory: &Path,
    files: &BTreeMap<String, String>,
    whole: bool,
) -> Result<Vec<(String, Fault)>, Error> {
    let mut found = Vec::new();
    for (path, content) in files {
        let full = directory.join(path);
        match std::fs::read(&full) {
            Ok(bytes) if bytes == content.as_bytes() => {}
            Ok(_) => found.push((path.clone(), Fault::Differs)),
            Err(e) if e.kind() == ErrorKind::NotFound => found.push((path.clone(), Fault::Missing)),
            Err(e) => return Err(Error::io(full, e)),
        }
    }
    if whole && directory.exists() {
        for entry in walkdir::WalkDir::new(directory).sort_by_file_name() {
            let entry = entry.map_err(|e| Error::io(directory, e.into()))?;
            let relative = entry.path().strip_prefix(directory).unwrap_or(entry.path());
            let relative = relative.to_string_lossy().into_owned();
            if entry.file_type().is_file() && relative.ends_with(".yaml") && !files.contains_key(&relative) {
                found.push((relative, Fault::Obsolete));
            }
        }
    }
    Ok(found)
}

/// Writes what differs or is missing, and removes what is obsolete.
///
/// # Errors
/// The directory cannot be written.
pub fn accept(
    directory: &Path,
    files: &BTreeMap<String, String>,
    found: &[(String, Fault)],
) -> Result<(), Error> {
    let changed: BTreeMap<String, String> =
        found.iter().filter_map(|(path, _)| Some((path.clone(), files.get(path)?.clone()))).collect();
    write(directory, &changed)?;
    for (path, fault) in found {
        if *fault == Fault::Obsolete {
            let full = directory.join(path);
            std::fs::remove_file(&full).map_err(|e| Error::io(full, e))?;
        }
    }
    Ok(())
}

/// Writes files into a directory: all of them beside their places first, and only when that is done are they moved
/// there. So no reader sees half of a file, and what fails leaves the directory as it was.
///
/// # Errors
/// The directory cannot be written.
pub fn write(directory: &Path, files: &BTreeMap<String, String>) -> Result<(), Error> {
    let mut made = MadeDirectories::default();
    let mut staged = Vec::with_capacity(files.len());
    for (path, content) in files {
        let full = directory.join(path);
        staged.push((stage(&full, content, &mut made)?, full));
    }
    made.keep();
    for (file, full) in staged {
        file.persist(&full).map_err(|e| Error::io(full, e.error))?;
    }
    Ok(())
}

/// Writes a file beside its place. It is removed if it is dropped before it is moved there.
fn stage(full: &Path, content: &str, made: &mut MadeDirectories) -> Result<tempfile::TempPath, Error> {
    if full.is_dir() {
        let error = std::io::Error::new(ErrorKind::IsADirectory, "there is a directory of that name");
        return Err(Error::io(full, error));
    }
    let parent = full.parent().unwrap_or(Path::new("."));
    made.make(parent)?;
    let mut file = tempfile::NamedTempFile::new_in(parent).map_err(|e| Error::io(parent, e))?;
    file.write_all(content.as_bytes()).map_err(|e| Error::io(full, e))?;
    set_mode(&file).map_err(|e| Error::io(full, e))?;
    // thousands of files are not held open
    Ok(file.into_temp_path())
}

/// Directories that were not there before. Those that are empty are removed again, unless they are kept.
#[derive(Default)]
struct MadeDirectories(Vec<PathBuf>);

impl MadeDirectories {
    fn make(&mut self, directory: &Path) -> Result<(), Error> {
        let missing: Vec<&Path> = directory.ancestors().take_while(|d| !d.exists()).collect();
        self.0.extend(missing.iter().rev().filter(|d| !d.as_os_str().is_empty()).map(|d| d.to_path_buf()));
        std::fs::create_dir_all(directory).map_err(|e| match e.kind() {
            ErrorKind::AlreadyExists => {
                Error::io(directory, std::io::Error::new(ErrorKind::NotADirectory, "not a directory"))
            }
            _ => Error::io(directory, e),
        })
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for MadeDirectories {
    fn drop(&mut self) {
        for directory in self.0.iter().rev() {
            // somebody else's files may be there by now
            let _ = std::fs::remove_dir(directory);
        }
    }
}

/// Temporary files are private to their owner; rendered manifests are for all who may read the directory.
#[cfg(unix)]
fn set_mode(file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_mode(_: &tempfile::NamedTempFile) -> std::io::Result<()> {
    Ok(())
}
