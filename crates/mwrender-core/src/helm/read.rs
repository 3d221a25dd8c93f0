//! What `helm template` reads: charts and values on disk.

use super::{Failure, Fetch, reason};
use mwrender_diagnostic::{Diagnostic, SourceMap, Span};
use mwrender_helm::flags::{self, Location};
use mwrender_helm::ignore::Ignore;
use mwrender_helm::load::{self, Loaded};
use mwrender_helm::{File, archive};
use mwrender_values::set::{SetKind, apply};
use mwrender_values::{Data, Text, Value, coalesce, read};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

/// What is said of flags that fetch something which is not here.
pub(super) const NETWORK: &str =
    "needs a network, and mwrender renders local charts only: fetch it first, then leave it out";

/// What is said where a template would look a host up.
pub(super) const NO_NAMES: &str =
    "needs a network where a template calls getHostByName, and mwrender renders without one: leave it out";

/// The folder or archive of a chart.
pub(super) fn locate(chart: &str, fetch: Fetch) -> Result<PathBuf, Failure> {
    let path = Path::new(chart);
    let chart = chart.trim();
    if path.exists() {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        return if fetch.verify { Err(unverified(&path)) } else { Ok(path) };
    }
    if path.is_absolute() || chart.starts_with('.') {
        return Err(Failure::new(format!("path {} not found", mwrender_helm::engine::quoted(chart))));
    }
    if fetch.chart {
        return Err(Failure::new(format!("--repo {NETWORK}")));
    }
    for scheme in ["oci://", "http://", "https://"] {
        if chart.starts_with(scheme) {
            let text =
                format!("{chart} is on the network, and mwrender renders local charts only: fetch it first");
            return Err(Failure::new(text));
        }
    }
    match chart.split_once('/') {
        Some((repository, _)) => Err(Failure::new(format!("repo {repository} not found"))),
        None => {
            let text = "non-absolute URLs should be in form of repo_name/path_to_chart, got";
            Err(Failure::new(format!("{text}: {chart}")))
        }
    }
}

/// Why a chart is not verified.
fn unverified(path: &Path) -> Failure {
    if path.is_dir() {
        return Failure::new("unpacked charts cannot be verified");
    }
    let signature = format!("{}.prov", path.display());
    if let Err(error) = std::fs::metadata(&signature) {
        let why = reason(&error);
        return Failure::new(format!("could not load provenance file {signature}: stat {signature}: {why}"));
    }
    Failure::new("--verify needs a keyring, which mwrender does not read: verify first, then leave it out")
}

/// A file of values as text of YAML.
fn text(path: &str) -> Result<String, Failure> {
    String::from_utf8(named(path)?).or_else(|error| {
        let text = read::text_as_go(error.as_bytes()).map_err(|words| {
            Failure::new(format!("failed to parse {path}: error converting YAML to JSON: {words}"))
        })?;
        Ok(text.into_owned())
    })
}

/// What a flag names: a file, or standard input.
fn named(path: &str) -> Result<Vec<u8>, Failure> {
    match flags::location(path).map_err(Failure::new)? {
        Location::StandardInput => {
            let mut bytes = Vec::new();
            let done = std::io::stdin().read_to_end(&mut bytes);
            done.map_err(|error| Failure::new(format!("read /dev/stdin: {}", reason(&error))))?;
            Ok(bytes)
        }
        Location::Network => Err(Failure::new(format!(
            "{path} is on the network, and mwrender reads local files only: fetch it first"
        ))),
        Location::Disk => bytes_of(Path::new(path)),
    }
}

/// The bytes of a file, or what Go says of one that cannot be read.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    if path.is_dir() {
        return Err(Failure::new(format!("read {}: is a directory", path.display())));
    }
    std::fs::read(path).map_err(|error| Failure::new(format!("open {}: {}", path.display(), reason(&error))))
}

/// The merged values of files and settings.
pub(super) fn values(
    files: &[String],
    settings: &[(SetKind, String)],
    sources: &mut SourceMap,
) -> Result<Value, Failure> {
    let mut layers = Vec::new();
    for path in files {
        let id = sources.add(path.as_str(), text(path)?);
        let source = sources.get(id);
        let value = read::read_as_go(source.text(), source.start()).map_err(|words| Failure {
            text: format!("failed to parse {path}: error converting YAML to JSON: {words}"),
            diagnostics: vec![mwrender_helm::yaml_fault(source.text(), source.start(), &words)],
        })?;
        let kind = match value.data {
            Data::Map(_) | Data::Null => None,
            Data::Bool(_) => Some("bool"),
            Data::Number(_) => Some("number"),
            Data::String(_) => Some("string"),
            Data::List(_) => Some("array"),
        };
        if let Some(kind) = kind {
            return Err(Failure::new(format!(
                "failed to parse {path}: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} \
                 into Go value of type map[string]interface {{}}"
            )));
        }
        layers.push(value);
    }
    let mut merged = coalesce::merge(&layers).value;
    if merged.as_map().is_none() {
        merged = Value::empty_map(merged.origin);
    }
    for kind in SetKind::ORDER {
        for (_, text) in settings.iter().filter(|(k, _)| *k == kind) {
            set(&mut merged, kind, text, sources)?;
        }
    }
    Ok(merged)
}

fn set(values: &mut Value, kind: SetKind, text: &str, sources: &mut SourceMap) -> Result<(), Failure> {
    let id = sources.add(kind.flag(), text);
    let start = sources.get(id).start();
    let mut unreadable = None;
    let mut reader = |path: &str, span: Span| match named(path) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let id = sources.add(path, text.as_str());
            let start = sources.get(id).start();
            let lines = text.contains('\n').then(|| {
                let starts = sources.get(id).line_starts();
                let count = starts.len() - usize::from(text.ends_with('\n'));
                starts[..count].iter().map(|line| start.offset(*line)).collect()
            });
            Ok(Value::new(Data::String(Text { text: text.into(), lines }), start))
        }
        Err(failure) => {
            unreadable = Some(format!("failed parsing {} data: {}", kind.flag(), failure.text));
            let what = format!("`{path}` cannot be read");
            Err(Box::new(Diagnostic::error("missing-file", what).primary(span, "")))
        }
    };
    let done = apply(values, kind, text, start, &mut reader);
    done.map_err(|fault| Failure {
        text: unreadable.unwrap_or_else(|| flags::setting_words(&fault, text)),
        diagnostics: vec![fault.into()],
    })
}

/// Loads a chart, and tells which links were followed.
pub(super) fn chart(path: &Path, sources: &mut SourceMap) -> Result<(Loaded, Vec<String>), Failure> {
    let (files, name, followed) = files(path)?;
    if path.is_dir() {
        return Ok((load::folder(files, &name, sources)?, followed));
    }
    Ok((load::files_as_they_are(files, &name, sources)?, followed))
}

/// The files of a chart, the name that messages give it, and which links were followed.
pub(super) fn files(path: &Path) -> Result<(Vec<File>, String, Vec<String>), Failure> {
    let name = path.display().to_string();
    if !path.is_dir() {
        let bytes = bytes_of(path)?;
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let is_archive = bytes.starts_with(&[0x1f, 0x8b]);
        if !is_archive && ["yaml", "yml"].contains(&extension) {
            let text = format!("file '{name}' seems to be a YAML file, but expected a gzipped archive");
            return Err(Failure::new(text));
        }
        if !is_archive {
            let text = format!(
                "file '{name}' does not appear to be a gzipped archive; got 'application/octet-stream'"
            );
            return Err(Failure::new(text));
        }
        return Ok((archive::unpack(&bytes)?, name, Vec::new()));
    }
    let ignore = match std::fs::read(path.join(".helmignore")) {
        Ok(text) => Ignore::parse(&String::from_utf8_lossy(&text))?,
        Err(_) => Ignore::default(),
    };
    let mut walk = Walk { root: path, ignore, files: Vec::new(), followed: Vec::new() };
    walk.folder(path, 0)?;
    let Walk { files, followed, .. } = walk;
    let shown =
        std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    let shown = shown.filter(|p| !p.as_os_str().is_empty()).map_or(name, |p| p.display().to_string());
    Ok((files, shown, followed))
}

/// So many links may lead from one to the next in Go.
const MAX_LINKS: usize = 255;

/// Why Go cannot follow a path: the first part of it that is not there, however many links lead to it.
fn unresolved(path: &Path, links: usize) -> Option<String> {
    if links > MAX_LINKS {
        return Some("EvalSymlinks: too many links".to_owned());
    }
    let mut at = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            at.pop();
            continue;
        }
        at.push(part);
        let metadata = match std::fs::symlink_metadata(&at) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotADirectory => return Some(reason(&error)),
            Err(error) => return Some(format!("lstat {}: {}", at.display(), reason(&error))),
        };
        if metadata.is_symlink() {
            let target = std::fs::read_link(&at).ok()?;
            at.pop();
            let target = at.join(target);
            if let Some(why) = unresolved(&target, links + 1) {
                return Some(why);
            }
            at = std::fs::canonicalize(target).ok()?;
        }
    }
    None
}

/// So deep may folders be within each other: links may lead in circles.
const MAX_DEPTH: usize = 64;

/// What is read whatever `.helmignore` says: itself, and what `helm lint` looks at.
const ALWAYS: [&str; 4] = [".helmignore", "Chart.yaml", "values.yaml", "values.schema.json"];

/// A walk through the files of a folder, links followed.
struct Walk<'w> {
    root: &'w Path,
    /// What is not looked at.
    ignore: Ignore,
    files: Vec<File>,
    followed: Vec<String>,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, depth: usize) -> Result<(), Failure> {
        if depth > MAX_DEPTH {
            return Err(Failure::new(format!("{}: folders nest too deeply", folder.display())));
        }
        let unreadable = |path: &Path, error: &std::io::Error| {
            Failure::new(format!("open {}: {}", path.display(), reason(error)))
        };
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
        let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for path in entries {
            let link = std::fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink());
            let metadata = std::fs::metadata(&path).map_err(|error| match unresolved(&path, 0) {
                Some(why) => Failure::new(format!("error evaluating symlink {}: {why}", path.display())),
                None => unreadable(&path, &error),
            })?;
            if link {
                let target = std::fs::canonicalize(&path).unwrap_or_default();
                let text = "found symbolic link in path. Contents of linked file included and used";
                self.followed.push(format!(
                    "walk.go:75: {text}: path={} resolved={}",
                    path.display(),
                    target.display()
                ));
            }
            let name = path.strip_prefix(self.root).unwrap_or(&path).to_string_lossy().into_owned();
            if self.ignore.ignores(&name, metadata.is_dir()) {
                if ALWAYS.contains(&&*name)
                    && let Ok(data) = std::fs::read(&path)
                {
                    self.files.push(File::new(name, &data));
                }
                continue;
            }
            if metadata.is_dir() {
                self.folder(&path, depth + 1)?;
                continue;
            }
            if !metadata.is_file() {
                let text = "as it has file mode type bits set";
                return Err(Failure::new(format!("cannot load irregular file {} {text}", path.display())));
            }
            // what is too large is refused by its size, not read
            let data = if metadata.len() > archive::MAX_FILE_SIZE {
                vec![0; archive::MAX_FILE_SIZE as usize + 1]
            } else {
                std::fs::read(&path).map_err(|error| unreadable(&path, &error))?
            };
            self.files.push(File::new(name, &data));
        }
        Ok(())
    }
}
