//! The files that a puppet catalog says a host has.
//!
//! A catalog lists what puppet makes sure of on a host. Its `File` resources under one path become a [`Tree`] that is
//! mounted on that path, over the files that are there: what the catalog says about a file counts, and what it is
//! silent about is as it was.
//!
//! Read are the forms of `puppet catalog compile --render-as json` and `rich_data_json`, of the catalog compiler, of
//! a puppet server, and `PuppetDB`'s answers to queries for catalogs and resources; gzipped or not, with puppet's log
//! lines around it. A catalog knows the content of a file only if the manifest has it (`content`); where it is
//! fetched by the host (`source`) or made there, the file is named in [`CatalogTree::unknown`], and the one below it
//! shows through.

mod document;
mod log;

use super::{Node, Tree};
use crate::error::Error;
use crate::mounts::normal;
use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use document::{Document, Parameters, Resource};
use mwrender_diagnostic::Diagnostic;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// The largest catalog that is read, unpacked: a deployment server's has 11 MB.
const LARGEST: u64 = 256 << 20;

/// Resource types other than `File` that write the file in their parameter `path`.
const OTHER_WRITERS: [&str; 3] = ["Concat_file", "File_line", "Ini_setting"];

/// Ruby's strict base64, which may lack its padding.
const BASE64: GeneralPurpose = {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(&base64::alphabet::STANDARD, config)
};
/// The files that a puppet catalog has under one path.
///
/// ```
/// use mwrender_core::tree::{CatalogTree, Tree};
///
/// let catalog = br#"{"name": "deploy1.example", "resources": [
///     {"type": "File", "title": "/etc/defaults/a.yaml", "file": "site.pp", "line": 3,
///      "parameters": {"content": "a: 1\n"}}]}"#;
/// let tree = CatalogTree::new("prod.json", catalog, "/etc/defaults")?;
/// assert_eq!(tree.read("a.yaml")?, b"a: 1\n");
/// assert_eq!(tree.resource("a.yaml").unwrap().line, Some(3));
/// # Ok::<(), mwrender_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct CatalogTree {
    name: String,
    mount: String,
    host: Option<String>,
    environment: Option<String>,
    entries: BTreeMap<String, Entry>,
    /// Directories whose other files puppet removes.
    purged: Vec<String>,
    /// Directories whose files the host fetches.
    fetched: Vec<String>,
    unknown: Vec<Unknown>,
    diagnostics: Vec<Diagnostic>,
}

/// What a catalog says about one path.
#[derive(Clone, Debug)]
struct Entry {
    kind: Kind,
    private: bool,
    origin: Option<ResourceOrigin>,
}

#[derive(Clone, Debug)]
enum Kind {
    File(Vec<u8>),
    Directory,
    Link(String),
    Absent,
    /// It is managed, but its content is not in the catalog.
    Unknown,
}

/// The resource that declares a file, and its place in puppet's manifests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceOrigin {
    /// The manifest, as the compiler names it.
    pub file: Option<String>,
    /// The line in it, counted from 1.
    pub line: Option<u32>,
    /// The resource's type, most often `File`.
    pub kind: String,
    /// The resource's title.
    pub title: String,
}

/// A file that a catalog manages without knowing its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The path as deployed.
    pub path: String,
    /// Why it is not known.
    pub reason: UnknownReason,
    /// The place that declares it.
    pub origin: ResourceOrigin,
}

/// Why a file's content is not in a catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownReason {
    /// The host fetches it from one of these places.
    Source(Vec<String>),
    /// It is a directory whose files the host fetches from one of these places.
    RecursiveSource(Vec<String>),
    /// The host computes it.
    Deferred,
    /// Another resource, of this type, writes it on the host.
    Writer(String),
    /// The catalog does not say what is in it, only, say, who may read it.
    Unmanaged,
    /// It cannot be read; why.
    Unreadable(String),
}

impl CatalogTree {
    /// The files of a catalog under the path `mount`; `name` is what to call the catalog.
    ///
    /// # Errors
    /// The bytes are no catalog, but, say, what puppet says when one does not compile.
    pub fn new(name: &str, bytes: &[u8], mount: &str) -> Result<CatalogTree, Error> {
        let bytes = unpack(name, bytes)?;
        let text = String::from_utf8_lossy(&bytes);
        // only what is not UTF-8 is copied
        let lossy = matches!(text, Cow::Owned(_));
        let (log, json) = log::split(&text);
        let Some(json) = json else { return Err(log::no_catalog(name, &log).into()) };
        let document = Document::read(name, json, &log)?;
        let mount = mount.trim_end_matches('/').to_string();
        let mut tree = CatalogTree {
            name: name.to_string(),
            mount,
            host: document.host.clone(),
            environment: document.environment.clone(),
            entries: BTreeMap::new(),
            purged: Vec::new(),
            fetched: Vec::new(),
            unknown: Vec::new(),
            diagnostics: Vec::new(),
        };
        if let Some(line) = log::failure(&log) {
            let what = format!("puppet reported an error while it compiled `{name}`");
            tree.diagnostics.push(Diagnostic::warning("catalog-log", what).note(line));
        }
        let reading = Reading { lossy, puppetdb: document.puppetdb, converted: log::converted(&log) };
        for resource in &document.resources {
            tree.add(resource, &reading);
        }
        tree.finish(document.puppetdb);
        Ok(tree)
    }

    /// The files of the catalog in a file on disk.
    ///
    /// # Errors
    /// It cannot be read, or is no catalog.
    pub fn open(path: &Path, mount: &str) -> Result<CatalogTree, Error> {
        let bytes = std::fs::read(path).map_err(|e| Error::io(path, e))?;
        CatalogTree::new(&path.display().to_string(), &bytes, mount)
    }

    /// The host that the catalog is for, if it says so.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// The environment of puppet's that it was compiled in, if it says so.
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// The path that it is to be mounted on.
    pub fn mount(&self) -> &str {
        &self.mount
    }

    /// The files and links whose content is known, relative to the mount, sorted.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.entries
            .iter()
            .filter(|(_, e)| matches!(e.kind, Kind::File(_) | Kind::Link(_)))
            .map(|(path, _)| path.as_str())
    }

    /// The files that the catalog manages without knowing what is in them, sorted by path.
    pub fn unknown(&self) -> &[Unknown] {
        &self.unknown
    }

    /// What is worth saying about the catalog; it can be used nevertheless.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The place in puppet's manifests that declares the file, directory, link or absence at a path.
    pub fn resource(&self, path: &str) -> Option<&ResourceOrigin> {
        self.entries.get(path)?.origin.as_ref()
    }

    fn deployed(&self, path: &str) -> String {
        if path.is_empty() { self.mount.clone() } else { format!("{}/{path}", self.mount) }
    }

    /// Takes in one resource.
    fn add(&mut self, resource: &Resource<'_>, reading: &Reading) {
        let Some(parameters) = resource.parameters() else { return };
        let title = resource.title.as_ref();
        let Some(path) = normal(parameters.path(title).as_ref()) else { return };
        let Some(rest) =
            path.strip_prefix(self.mount.as_str()).filter(|r| r.is_empty() || r.starts_with('/'))
        else {
            if resource.kind == "File" && path.starts_with('/') {
                self.check_above(&path, &parameters);
            }
            return;
        };
        let relative = rest.trim_start_matches('/').to_string();
        let origin = resource.origin();
        if resource.kind != "File" {
            let reason = UnknownReason::Writer(resource.kind.to_string());
            self.entries.entry(relative.clone()).or_insert(Entry {
                kind: Kind::Unknown,
                private: false,
                origin: Some(origin.clone()),
            });
            self.unknown.push(Unknown { path, reason, origin });
            return;
        }
        if reading.puppetdb && resource.exported == Some(true) {
            let what = format!("`{path}` is exported to other hosts, and left out here");
            self.diagnostics.push(Diagnostic::note_only("catalog-content", what));
            return;
        }
        let mut private = resource.is_sensitive("content") || parameters.hides_diff();
        let kind = match self.kind(&path, &relative, &parameters, reading, title, &mut private) {
            Ok(kind) => kind,
            Err(reason) => {
                let directory = matches!(reason, UnknownReason::RecursiveSource(_));
                self.unknown.push(Unknown { path: path.clone(), reason, origin: origin.clone() });
                if directory {
                    self.fetched.push(relative.clone());
                    Kind::Directory
                } else {
                    Kind::Unknown
                }
            }
        };
        if parameters.is_off("replace") && matches!(kind, Kind::File(_)) {
            let what = format!("puppet writes `{path}` only where it is not there yet");
            let note = "its resource says `replace => false`; it is taken as written";
            self.diagnostics.push(Diagnostic::note_only("catalog-content", what).note(note));
        }
        let entry = Entry { kind, private, origin: Some(origin.clone()) };
        if let Some(before) = self.entries.insert(relative, entry)
            && let Some(first) = before.origin
        {
            let what = format!("two resources manage `{path}`");
            let note = format!(
                "{first} and {origin}; the last one counts here, and puppet refuses to apply such a catalog"
            );
            self.diagnostics.push(Diagnostic::warning("catalog-content", what).note(note));
        }
    }

    /// What a `File` resource makes of its path; or why that is not known.
    fn kind(
        &mut self,
        path: &str,
        relative: &str,
        parameters: &Parameters<'_>,
        reading: &Reading,
        title: &str,
        private: &mut bool,
    ) -> Result<Kind, UnknownReason> {
        if parameters.is_on("noop") {
            return Err(UnknownReason::Unmanaged);
        }
        let target = parameters.text("target");
        let sources = parameters.texts("source");
        let ensure = match parameters.get("ensure").map(RawValue::get) {
            Some("false") => Some(Cow::from("absent")),
            _ => parameters.text("ensure"),
        };
        match ensure.as_deref() {
            Some("absent" | "false") => return Ok(Kind::Absent),
            Some("directory") => {
                self.directory(path, relative, parameters);
                if !sources.is_empty() && parameters.recurses() {
                    return Err(UnknownReason::RecursiveSource(sources));
                }
                return Ok(Kind::Directory);
            }
            Some("link") => {
                return match target {
                    Some(target) => Ok(Kind::Link(target.into_owned())),
                    None if sources.is_empty() => Err(UnknownReason::Unmanaged),
                    None => Err(UnknownReason::Source(sources)),
                };
            }
            Some("file" | "present") => {}
            // any other word is the target of a link
            Some(other) => return Ok(Kind::Link(other.to_string())),
            None => {
                if let Some(target) = target {
                    return Ok(Kind::Link(target.into_owned()));
                }
            }
        }
        match parameters.get("content") {
            Some(content) => {
                let converted =
                    reading.converted.iter().find(|(t, _)| t == title).map(|(_, kind)| kind.as_str());
                let bytes = match converted {
                    Some(kind) if kind.ends_with("Binary") => decode(&text_of(content)?)?,
                    Some(_) => return Err(UnknownReason::Deferred),
                    None => bytes_of(content, private)?,
                };
                if reading.lossy && bytes.windows(3).any(|w| w == "\u{fffd}".as_bytes()) {
                    return Err(UnknownReason::Unreadable("its text is not UTF-8".into()));
                }
                Ok(Kind::File(bytes))
            }
            None if sources.is_empty() => Err(UnknownReason::Unmanaged),
            None if parameters.recurses() => Err(UnknownReason::RecursiveSource(sources)),
            None => Err(UnknownReason::Source(sources)),
        }
    }

    /// Notes whether puppet removes what it does not manage in a directory.
    fn directory(&mut self, path: &str, relative: &str, parameters: &Parameters<'_>) {
        if !parameters.is_on("purge") || !parameters.recurses() {
            return;
        }
        let limit = ["ignore", "recurselimit"].into_iter().find(|p| parameters.get(p).is_some());
        if limit.is_none() && parameters.texts("source").is_empty() {
            self.purged.push(relative.to_string());
        } else {
            let why = limit.unwrap_or("source");
            let what = format!("puppet removes unmanaged files under `{path}`, which ones is not known");
            let note = format!("its resource has `{why}`; the files below show through");
            self.diagnostics.push(Diagnostic::warning("catalog-content", what).note(note));
        }
    }

    /// Says so if the mounted path is not what the files under it make believe.
    fn check_above(&mut self, path: &str, parameters: &Parameters<'_>) {
        let above = self.mount.strip_prefix(path).is_some_and(|r| r.starts_with('/'));
        let ensure = parameters.text("ensure");
        let plain = matches!(ensure.as_deref(), None | Some("directory" | "present"));
        if above && !(plain && parameters.get("target").is_none()) {
            let what = format!("in the catalog `{}`, `{path}` is not a directory", self.name);
            let note = format!("files under `{}` are read as if it were", self.mount);
            self.diagnostics.push(Diagnostic::warning("catalog-content", what).note(note));
        }
    }

    /// Adds the directories that files stand in, and says what is to be said.
    fn finish(&mut self, puppetdb: bool) {
        let mut implied = Vec::new();
        for (path, entry) in &self.entries {
            if !matches!(entry.kind, Kind::Absent | Kind::Unknown) {
                let parents = path.match_indices('/').map(|(i, _)| &path[..i]);
                implied.extend(parents.map(str::to_string));
            }
        }
        for path in implied {
            let deployed = self.deployed(&path);
            let declared = Entry { kind: Kind::Directory, private: false, origin: None };
            let entry = self.entries.entry(path).or_insert(declared);
            // a resource that sets only, say, the mode of the directory
            if matches!(entry.kind, Kind::Unknown) {
                entry.kind = Kind::Directory;
                self.unknown.retain(|u| u.path != deployed);
            }
        }
        self.unknown.sort_by(|a, b| a.path.cmp(&b.path));
        let unknown = self.unknown.iter().map(|u| match u.reason {
            UnknownReason::Unmanaged if puppetdb => {
                u.diagnostic().note("PuppetDB leaves out sensitive content")
            }
            _ => u.diagnostic(),
        });
        self.diagnostics.extend(unknown);
        if let Some(Entry { kind: Kind::Link(target), .. }) = self.entries.get("") {
            let what = format!("in the catalog `{}`, `{}` is a link to `{target}`", self.name, self.mount);
            let note = "only files that the catalog has under the link itself are read";
            self.diagnostics.push(Diagnostic::warning("catalog-content", what).note(note));
        }
        if self.entries.values().all(|e| matches!(e.kind, Kind::Directory)) && self.unknown.is_empty() {
            let of = self.host.as_ref().map_or(String::new(), |h| format!(", of `{h}`,"));
            let what = format!("the catalog `{}`{of} has no file under `{}`", self.name, self.mount);
            let help = "name the catalog of a host that has these files";
            self.diagnostics.push(Diagnostic::warning("catalog-no-files", what).help(help));
        }
    }
}

/// What must be known of a whole catalog to read one resource.
struct Reading {
    /// The catalog was not UTF-8.
    lossy: bool,
    /// It comes from `PuppetDB`.
    puppetdb: bool,
    /// Titles of files whose content was turned into a text that is not the content, and what it was.
    converted: Vec<(String, String)>,
}

impl Tree for CatalogTree {
    fn node(&self, path: &str) -> Result<Option<Node>, Error> {
        if path.is_empty() {
            return Ok(Some(Node::Directory));
        }
        Ok(self.entries.get(path).and_then(|entry| match &entry.kind {
            Kind::File(_) => Some(Node::File),
            Kind::Directory => Some(Node::Directory),
            Kind::Link(target) => Some(Node::Link(target.clone())),
            Kind::Absent | Kind::Unknown => None,
        }))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Error> {
        match self.entries.get(path).map(|e| &e.kind) {
            Some(Kind::File(bytes)) => Ok(bytes.clone()),
            _ => Err(self.missing(path)),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<String>, Error> {
        if self.node(path)? != Some(Node::Directory) {
            return Err(self.missing(path));
        }
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let below = self.entries.range(prefix.clone()..).take_while(|(p, _)| p.starts_with(&prefix));
        let here = below.filter(|(_, e)| !matches!(e.kind, Kind::Absent | Kind::Unknown));
        let names = here.map(|(p, _)| &p[prefix.len()..]).filter(|n| !n.is_empty() && !n.contains('/'));
        Ok(names.map(str::to_string).collect())
    }

    fn describe(&self, path: &str) -> String {
        format!("catalog:{}:{}", self.name, self.deployed(path))
    }

    fn is_absent(&self, path: &str) -> bool {
        if let Some(entry) = self.entries.get(path) {
            return matches!(entry.kind, Kind::Absent);
        }
        let mut above = path;
        while !above.is_empty() {
            above = above.rsplit_once('/').map_or("", |(parent, _)| parent);
            if let Some(Entry { kind: Kind::Absent, .. }) = self.entries.get(above) {
                return true;
            }
            // what is fetched into a directory is not known, even if one above it is purged
            if self.fetched.iter().any(|p| p == above) {
                return false;
            }
            if self.purged.iter().any(|p| p == above) {
                return true;
            }
        }
        false
    }

    fn is_private(&self, path: &str) -> bool {
        self.entries.get(path).is_some_and(|e| e.private)
    }
}

impl CatalogTree {
    fn missing(&self, path: &str) -> Error {
        let source = std::io::Error::new(std::io::ErrorKind::NotFound, "not in this catalog");
        Error::io(self.describe(path), source)
    }
}

impl Unknown {
    fn diagnostic(&self) -> Diagnostic {
        let path = &self.path;
        let shows = "the file that is there now counts, if there is one";
        let from = format!("declared by {}", self.origin);
        let content = |what: String| Diagnostic::warning("catalog-content", what);
        let diagnostic = match &self.reason {
            UnknownReason::Source(sources) => {
                let what = format!("the catalog does not have the content of `{path}`");
                Diagnostic::warning("catalog-source", what)
                    .note(format!("the host fetches it from {}", list(sources)))
            }
            UnknownReason::RecursiveSource(sources) => {
                let what = format!("the catalog does not have the files in `{path}`");
                Diagnostic::warning("catalog-source", what)
                    .note(format!("the host fetches them from {}", list(sources)))
            }
            UnknownReason::Deferred => {
                content(format!("the catalog does not have the content of `{path}`: the host computes it"))
            }
            UnknownReason::Writer(kind) => content(format!(
                "the catalog does not have the content of `{path}`: `{kind}` makes it on the host"
            )),
            UnknownReason::Unmanaged => {
                let what = format!("the catalog manages `{path}`, but not its content");
                return Diagnostic::note_only("catalog-content", what).note(from).note(shows);
            }
            UnknownReason::Unreadable(why) => {
                content(format!("the content of `{path}` cannot be read: {why}"))
            }
        };
        diagnostic.note(from).note(shows)
    }
}

fn list(sources: &[String]) -> String {
    sources.iter().map(|s| format!("`{s}`")).collect::<Vec<_>>().join(" or ")
}

impl std::fmt::Display for ResourceOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}[{}]", self.kind, self.title)?;
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, " at {file}:{line}"),
            (Some(file), None) => write!(f, " in {file}"),
            _ => Ok(()),
        }
    }
}

/// The line of puppet's messages that says why a catalog does not compile.
pub(super) fn failure_in(messages: &str) -> Option<String> {
    let mut lines = Vec::new();
    messages.lines().for_each(|line| log::keep(&mut lines, line));
    log::failure(&lines).map(str::to_string)
}

/// The bytes, unpacked if they are gzipped.
fn unpack<'b>(name: &str, bytes: &'b [u8]) -> Result<Cow<'b, [u8]>, Error> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    // catalogs shrink to a tenth
    let mut unpacked = Vec::with_capacity((bytes.len() * 10).min(1 << 26));
    let read = flate2::read::MultiGzDecoder::new(bytes).take(LARGEST + 1).read_to_end(&mut unpacked);
    let why = match read {
        Ok(_) if unpacked.len() as u64 > LARGEST => format!("it unpacks to more than {LARGEST} bytes"),
        Ok(_) => return Ok(Cow::Owned(unpacked)),
        Err(e) => e.to_string(),
    };
    let what = format!("the catalog `{name}` cannot be unpacked");
    Err(Diagnostic::error("catalog-syntax", what).note(why).help("it may be cut off: fetch it again").into())
}

/// The content of a file: a text, or rich data.
fn bytes_of(raw: &RawValue, private: &mut bool) -> Result<Vec<u8>, UnknownReason> {
    if raw.get().starts_with('"') {
        let text = text_of(raw)?;
        if text.starts_with("Deferred({'name' => '") {
            return Err(UnknownReason::Deferred);
        }
        if names_checksum(&text) {
            return Err(UnknownReason::Unreadable("it is the checksum of a file in a filebucket".into()));
        }
        return Ok(text.into_owned().into_bytes());
    }
    let rich = document::Rich::read(raw);
    match rich.kind.as_deref() {
        Some("Binary") => decode(&text_of(rich.value.ok_or_else(unreadable)?)?),
        Some("Sensitive") => {
            *private = true;
            bytes_of(rich.value.ok_or_else(unreadable)?, private)
        }
        Some("Deferred") => Err(UnknownReason::Deferred),
        Some(kind) => Err(UnknownReason::Unreadable(format!("it is a `{kind}`"))),
        None => Err(unreadable()),
    }
}

fn unreadable() -> UnknownReason {
    UnknownReason::Unreadable("it is neither text nor bytes".into())
}

fn text_of(raw: &RawValue) -> Result<Cow<'_, str>, UnknownReason> {
    document::text(raw).ok_or_else(unreadable)
}

fn decode(text: &str) -> Result<Vec<u8>, UnknownReason> {
    let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    BASE64.decode(packed).map_err(|e| UnknownReason::Unreadable(format!("it is not base64: {e}")))
}

/// Whether puppet takes a content for the name of another one: `{md5}` and its digits.
fn names_checksum(text: &str) -> bool {
    let digits = ["{md5}", "{sha1}", "{sha256}"].iter().find_map(|p| text.strip_prefix(p));
    digits.is_some_and(|d| d.len() >= 32 && d.bytes().all(|b| b.is_ascii_hexdigit()))
}
