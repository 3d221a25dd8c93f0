//! A commit of a git repository, read from its object store: nothing is checked out and no hook runs.

use super::{Node, Tree};
use crate::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A git repository.
#[derive(Clone)]
pub struct Repository {
    inner: Arc<gix::ThreadSafeRepository>,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Repository").field(&self.inner.git_dir()).finish()
    }
}

impl Repository {
    /// The repository that a directory lies in.
    ///
    /// # Errors
    /// It lies in none.
    pub fn discover(directory: &Path) -> Result<Repository, Error> {
        let found = gix::ThreadSafeRepository::discover(directory).map_err(|e| Error::Git {
            what: format!("no git repository at {}", directory.display()),
            source: Box::new(e),
        })?;
        Ok(Repository { inner: Arc::new(found) })
    }

    /// The directory that is checked out, if there is one.
    pub fn work_dir(&self) -> Option<PathBuf> {
        self.inner.work_dir().map(Path::to_path_buf)
    }

    /// The tree of a revision (`HEAD~2`, a branch, a hash), from the directory `prefix` on.
    ///
    /// # Errors
    /// The revision or the directory does not exist.
    pub fn tree(&self, revision: &str, prefix: &str) -> Result<GitTree, Error> {
        let repo = self.inner.to_thread_local();
        let fail = |source: Box<dyn std::error::Error + Send + Sync>| Error::Git {
            what: format!("git has no revision `{revision}`"),
            source,
        };
        let id = repo.rev_parse_single(revision).map_err(|e| fail(Box::new(e)))?;
        let object = id.object().map_err(|e| fail(Box::new(e)))?;
        let commit = object.peel_to_commit().map_err(|e| fail(Box::new(e)))?;
        let commit_id = commit.id().to_string();
        let tree = commit.tree_id().map_err(|e| fail(Box::new(e)))?.detach();
        let prefix = prefix.trim_matches('/').to_string();
        Ok(GitTree { repository: self.clone(), tree, prefix, revision: revision.to_string(), commit_id })
    }
}

/// A directory of a commit.
#[derive(Clone, Debug)]
pub struct GitTree {
    repository: Repository,
    tree: gix::ObjectId,
    prefix: String,
    revision: String,
    commit_id: String,
}

impl GitTree {
    /// The full hash of the commit.
    pub fn commit(&self) -> &str {
        &self.commit_id
    }

    fn error(&self, path: &str, source: Box<dyn std::error::Error + Send + Sync>) -> Error {
        Error::Git { what: self.describe(path), source }
    }

    fn full(&self, path: &str) -> String {
        match (self.prefix.is_empty(), path.is_empty()) {
            (true, _) => path.to_string(),
            (false, true) => self.prefix.clone(),
            (false, false) => format!("{}/{path}", self.prefix),
        }
    }

    /// The mode and object at a path; the root is a tree.
    fn find(&self, path: &str) -> Result<Option<(gix::object::tree::EntryKind, gix::ObjectId)>, Error> {
        let full = self.full(path);
        if full.is_empty() {
            return Ok(Some((gix::object::tree::EntryKind::Tree, self.tree)));
        }
        let repo = self.repository.inner.to_thread_local();
        let tree = repo.find_tree(self.tree).map_err(|e| self.error(path, Box::new(e)))?;
        let entry = tree.lookup_entry_by_path(&full).map_err(|e| self.error(path, Box::new(e)))?;
        Ok(entry.map(|e| (e.mode().kind(), e.object_id())))
    }

    fn bytes(&self, path: &str, id: gix::ObjectId) -> Result<Vec<u8>, Error> {
        let repo = self.repository.inner.to_thread_local();
        let mut object = repo.find_object(id).map_err(|e| self.error(path, Box::new(e)))?;
        Ok(std::mem::take(&mut object.data))
    }

    fn absent(&self, path: &str) -> Error {
        let source = std::io::Error::new(std::io::ErrorKind::NotFound, "not in this commit");
        Error::io(self.describe(path), source)
    }
}

impl Tree for GitTree {
    fn node(&self, path: &str) -> Result<Option<Node>, Error> {
        use gix::object::tree::EntryKind;
        Ok(match self.find(path)? {
            None => None,
            Some((EntryKind::Tree | EntryKind::Commit, _)) => Some(Node::Directory),
            Some((EntryKind::Link, id)) => {
                Some(Node::Link(String::from_utf8_lossy(&self.bytes(path, id)?).into_owned()))
            }
            Some(_) => Some(Node::File),
        })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        let (_, id) = self.find(path)?.ok_or_else(|| self.absent(path))?;
        self.bytes(path, id)
    }

    fn list(&self, path: &str) -> Result<Vec<String>, Error> {
        let (_, id) = self.find(path)?.ok_or_else(|| self.absent(path))?;
        let repo = self.repository.inner.to_thread_local();
        let tree = repo.find_tree(id).map_err(|e| self.error(path, Box::new(e)))?;
        let mut names = Vec::new();
        for entry in tree.iter() {
            let entry = entry.map_err(|e| self.error(path, Box::new(e)))?;
            names.push(entry.filename().to_string());
        }
        names.sort();
        Ok(names)
    }

    fn describe(&self, path: &str) -> String {
        format!("git:{}:{}", self.revision, self.full(path))
    }
}
