//! Where a path as deployed is read from.
//!
//! A mount says that the files under a path such as `/etc/helmfile-defaults` are read from a tree. Several trees
//! may be mounted on one path: later ones lie over earlier ones, file by file. The project's own directory is the
//! mount of all relative paths. A tree may also say that a file is gone ([`Tree::is_absent`]); then those below it do
//! not count.
//!
//! Links are followed inside their mount. An absolute target goes through the mount table; a target that leads
//! out of its tree is refused. A file that is reached through links is named by what they lead to.

use crate::error::Error;
use crate::tree::{Node, Tree};
use mwrender_diagnostic::Diagnostic;
use std::sync::Arc;

/// How many links one path may go through, as Linux allows.
const MOST_LINKS: usize = 40;

/// The mounts of a project.
#[derive(Clone, Debug, Default)]
pub struct Mounts {
    mounts: Vec<Mount>,
}

#[derive(Clone, Debug)]
struct Mount {
    /// The path as deployed, or empty for the project's own directory.
    path: String,
    /// The trees, later ones over earlier ones.
    trees: Vec<Arc<dyn Tree>>,
}

/// What stands at a path, and in which tree.
type Standing<'t> = (&'t Arc<dyn Tree>, Node);

/// A file that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its name: the path as deployed, after following links.
    pub name: String,
    tree: Arc<dyn Tree>,
    path: String,
}

impl Found {
    /// Its bytes.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self) -> Result<Vec<u8>, Error> {
        self.tree.read(&self.path)
    }

    /// Whether its content must not be shown.
    pub fn is_private(&self) -> bool {
        self.tree.is_private(&self.path)
    }

    /// Where it is really read from.
    pub fn describe(&self) -> String {
        self.tree.describe(&self.path)
    }
}

impl Mounts {
    /// Mounts a tree on a path; relative paths (`""`) are the project's own.
    pub fn add(&mut self, path: &str, tree: Arc<dyn Tree>) {
        let path = path.trim_end_matches('/').to_string();
        match self.mounts.iter_mut().find(|m| m.path == path) {
            Some(mount) => mount.trees.push(tree),
            None => self.mounts.push(Mount { path, trees: vec![tree] }),
        }
    }

    /// The paths on which trees are mounted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.mounts.iter().map(|m| m.path.as_str()).filter(|p| !p.is_empty())
    }

    /// The mount that a path lies in: the longest one; with the rest of the path.
    fn mount_of(&self, path: &str) -> Option<(&Mount, String)> {
        if !path.starts_with('/') {
            return self.mounts.iter().find(|m| m.path.is_empty()).map(|m| (m, path.to_string()));
        }
        let inside = |m: &&Mount| {
            !m.path.is_empty()
                && path.strip_prefix(m.path.as_str()).is_some_and(|r| r.is_empty() || r.starts_with('/'))
        };
        let mount = self.mounts.iter().filter(inside).max_by_key(|m| m.path.len())?;
        Some((mount, path[mount.path.len()..].trim_start_matches('/').to_string()))
    }

    /// Finds a file, following links. `None`: it is not there, or no mount has the path.
    ///
    /// # Errors
    /// Links go round in a circle or lead out of their tree, or a tree cannot be read.
    pub fn find(&self, path: &str) -> Result<Option<Found>, Error> {
        let mut path = normal(path).ok_or_else(|| outside(path, path))?;
        'links: for _ in 0..=MOST_LINKS {
            let Some((mount, relative)) = self.mount_of(&path) else { return Ok(None) };
            let mut walked = String::new();
            let names: Vec<&str> = relative.split('/').filter(|n| !n.is_empty()).collect();
            for (i, name) in names.iter().enumerate() {
                if !walked.is_empty() {
                    walked.push('/');
                }
                walked.push_str(name);
                let Some((tree, node)) = mount.node(&walked)? else { return Ok(None) };
                match node {
                    Node::Link(target) => {
                        let rest = names[i + 1..].join("/");
                        path = self.follow(mount, &walked, &target, &rest)?;
                        continue 'links;
                    }
                    Node::File if i + 1 == names.len() => {
                        return Ok(Some(Found { name: path.clone(), tree: tree.clone(), path: walked }));
                    }
                    Node::File => return Ok(None),
                    Node::Directory => {}
                }
            }
            return Ok(None);
        }
        let what = format!("`{path}` goes through more than {MOST_LINKS} links");
        Err(Diagnostic::error("link-loop", what).into())
    }

    /// The path that a link leads to.
    fn follow(&self, mount: &Mount, link: &str, target: &str, rest: &str) -> Result<String, Error> {
        let from = if mount.path.is_empty() { link.to_string() } else { format!("{}/{link}", mount.path) };
        let joined = if target.starts_with('/') {
            target.to_string()
        } else {
            let parent = from.rsplit_once('/').map_or("", |(parent, _)| parent);
            if parent.is_empty() { target.to_string() } else { format!("{parent}/{target}") }
        };
        let resolved = normal(&joined).ok_or_else(|| outside(&from, target))?;
        let stays = match self.mount_of(&resolved) {
            // a relative link may not climb out of its own mount
            Some((to, _)) => target.starts_with('/') || to.path == mount.path,
            None => false,
        };
        if !stays {
            return Err(outside(&from, target));
        }
        Ok(if rest.is_empty() { resolved } else { format!("{resolved}/{rest}") })
    }

    /// All files under a directory, by their paths as deployed (before following links), sorted.
    ///
    /// # Errors
    /// A tree cannot be read.
    pub fn files_under(&self, path: &str) -> Result<Vec<String>, Error> {
        let Some((mount, relative)) = self.mount_of(path) else { return Ok(Vec::new()) };
        let mut files = Vec::new();
        let mut pending = vec![relative];
        while let Some(directory) = pending.pop() {
            for name in mount.list(&directory)? {
                let inner = if directory.is_empty() { name } else { format!("{directory}/{name}") };
                match mount.node(&inner)? {
                    Some((_, Node::Directory)) => pending.push(inner),
                    Some(_) if mount.path.is_empty() => files.push(inner),
                    Some(_) => files.push(format!("{}/{inner}", mount.path)),
                    None => {}
                }
            }
        }
        files.sort();
        Ok(files)
    }
}

impl Mount {
    fn node(&self, path: &str) -> Result<Option<Standing<'_>>, Error> {
        for tree in self.trees.iter().rev() {
            if let Some(node) = tree.node(path)? {
                return Ok(Some((tree, node)));
            }
            if tree.is_absent(path) {
                break;
            }
        }
        Ok(None)
    }

    fn list(&self, path: &str) -> Result<Vec<String>, Error> {
        let mut names = std::collections::BTreeSet::new();
        for (i, tree) in self.trees.iter().enumerate().rev() {
            let over = &self.trees[i + 1..];
            if tree.node(path)? == Some(Node::Directory) {
                let gone = |name: &String| {
                    let inner = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                    over.iter().any(|t| t.is_absent(&inner))
                };
                names.extend(tree.list(path)?.into_iter().filter(|name| !gone(name)));
            }
            if tree.is_absent(path) {
                break;
            }
        }
        Ok(names.into_iter().collect())
    }
}

fn outside(link: &str, target: &str) -> Error {
    let what = format!("the link `{link}` leads out of its mount, to `{target}`");
    Diagnostic::error("link-outside", what).into()
}

/// A path without `.` and `..`; nothing if it climbs above its root.
pub(crate) fn normal(path: &str) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop()?;
            }
            _ => names.push(name),
        }
    }
    let joined = names.join("/");
    Some(if path.starts_with('/') { format!("/{joined}") } else { joined })
}
