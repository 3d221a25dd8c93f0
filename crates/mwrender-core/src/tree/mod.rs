//! Where files are read from: a directory, a commit, a puppet catalog, one laid over the other.
//!
//! All reading of inputs goes through [`Tree`]. Paths are relative to the tree's root, with `/` between names and
//! none at the start; the root itself is the empty path.

mod catalog;
mod disk;
mod git;
mod pcc;

pub use catalog::{CatalogTree, ResourceOrigin, Unknown, UnknownReason};
pub use disk::Disk;
pub use git::{GitTree, Repository};
pub use pcc::{Pcc, PccHost, PccState};

use crate::error::Error;

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, with its target as written.
    Link(String),
}

/// A tree of files.
pub trait Tree: Send + Sync + std::fmt::Debug {
    /// What stands at a path; links are not followed.
    ///
    /// # Errors
    /// The tree cannot be read.
    fn node(&self, path: &str) -> Result<Option<Node>, Error>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// There is no such file, or it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, Error>;

    /// The names in a directory, sorted.
    ///
    /// # Errors
    /// There is no such directory, or it cannot be read.
    fn list(&self, path: &str) -> Result<Vec<String>, Error>;

    /// What people call a path of this tree.
    fn describe(&self, path: &str) -> String;

    /// Whether this tree says that there is nothing at a path, also where a tree that it lies over has something.
    /// It speaks for all below the path, too.
    fn is_absent(&self, _path: &str) -> bool {
        false
    }

    /// Whether a file's content must not be shown.
    fn is_private(&self, _path: &str) -> bool {
        false
    }
}
