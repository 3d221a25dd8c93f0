//! The files of a chart, as they come in.

use mwrender_diagnostic::Pos;
use std::sync::Arc;

/// A file: a name, with `/` between folders, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The name below the chart's folder, such as `templates/service.yaml`.
    pub name: Arc<str>,
    /// What is in it.
    pub data: Arc<[u8]>,
    /// Where its first byte is in the source map, or [`Pos::NONE`] where the text is in none.
    pub start: Pos,
    /// Whether a byte order mark stands before the data on disk; never for files of archives.
    pub is_marked: bool,
}

impl File {
    /// A file that is in no source map yet. A byte order mark is left out, as Helm does.
    pub fn new(name: impl Into<Arc<str>>, data: &[u8]) -> File {
        let unmarked = data.strip_prefix(b"\xef\xbb\xbf");
        let is_marked = unmarked.is_some();
        File { name: name.into(), data: unmarked.unwrap_or(data).into(), start: Pos::NONE, is_marked }
    }

    /// Whether it only defines templates for others: its name begins with `_`.
    pub(crate) fn is_partial(&self) -> bool {
        self.name.rsplit('/').next().unwrap_or_default().starts_with('_')
    }

    /// The text, if it is UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.data).ok()
    }
}

/// The part of a name behind the last dot of its last step, with the dot (Go's `filepath.Ext`).
pub(crate) fn extension(name: &str) -> &str {
    let base = name.rsplit('/').next().unwrap_or_default();
    base.rfind('.').map_or("", |dot| &base[dot..])
}

/// Whether it may be a manifest by its name.
pub(crate) fn is_manifest(name: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|e| extension(name).eq_ignore_ascii_case(e))
}
