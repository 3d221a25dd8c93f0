//! A directory on disk.

use super::{Node, Tree};
use crate::error::Error;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The largest input that is read: puppet's files are 80 kB, a whole estate's manifests 20 MB.
const LARGEST: u64 = 256 << 20;

/// A directory on disk.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// The directory at `root`.
    ///
    /// # Errors
    /// There is nothing, or something else.
    pub fn new(root: impl Into<PathBuf>) -> Result<Disk, Error> {
        let root = root.into();
        let metadata = std::fs::metadata(&root).map_err(|e| Error::io(&root, e))?;
        if !metadata.is_dir() {
            return Err(Error::io(&root, std::io::Error::new(ErrorKind::NotADirectory, "not a directory")));
        }
        Ok(Disk { root })
    }

    /// Its path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn path(&self, path: &str) -> PathBuf {
        match path {
            "" => self.root.clone(),
            // `./values` reads worse than `values`
            _ if self.root == Path::new(".") => PathBuf::from(path),
            _ => self.root.join(path),
        }
    }
}

impl Tree for Disk {
    fn node(&self, path: &str) -> Result<Option<Node>, Error> {
        let full = self.path(path);
        let metadata = match std::fs::symlink_metadata(&full) {
            Ok(metadata) => metadata,
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
            Err(e) => return Err(Error::io(full, e)),
        };
        if metadata.is_symlink() {
            let target = std::fs::read_link(&full).map_err(|e| Error::io(&full, e))?;
            return Ok(Some(Node::Link(target.to_string_lossy().into_owned())));
        }
        Ok(Some(if metadata.is_dir() { Node::Directory } else { Node::File }))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        let full = self.path(path);
        let size = std::fs::metadata(&full).map_err(|e| Error::io(&full, e))?.len();
        if size > LARGEST {
            let what = format!("it has {} MiB, and at most {} are read", size >> 20, LARGEST >> 20);
            return Err(Error::io(full, std::io::Error::new(ErrorKind::FileTooLarge, what)));
        }
        std::fs::read(&full).map_err(|e| Error::io(full, e))
    }

    fn list(&self, path: &str) -> Result<Vec<String>, Error> {
        let full = self.path(path);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&full).map_err(|e| Error::io(&full, e))? {
            let entry = entry.map_err(|e| Error::io(&full, e))?;
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn describe(&self, path: &str) -> String {
        self.path(path).display().to_string()
    }
}
