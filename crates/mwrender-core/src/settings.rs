//! Single settings: those of the project file, `set: {php.servergroup: kube-mw-web}`, and those of the command
//! line, `--set` and its kin.

use crate::error::Error;
use crate::session::Session;
use mwrender_diagnostic::{Diagnostic, SourceId, SourceMap};
use mwrender_values::set::{SetKind, apply};
use mwrender_values::{Data, Entry, Map, Text, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// The settings of the command line. Each is a text of its own, so that values have origins in it.
#[derive(Debug, Default)]
pub struct Settings {
    settings: Vec<(SetKind, SourceId)>,
    /// What `--set-file` names.
    files: HashMap<String, SourceId>,
}

impl Settings {
    /// Takes settings, in the order in which Helm applies them, and reads the files that they name.
    ///
    /// # Errors
    /// A setting does not follow Helm's grammar, or a file cannot be read.
    pub(crate) fn load(session: &mut Session, given: &[(SetKind, String)]) -> Result<Settings, Error> {
        let mut found = Settings::default();
        for kind in SetKind::ORDER {
            for (_, text) in given.iter().filter(|(k, _)| *k == kind) {
                let id = session.add_text(kind.flag(), text.clone().into_bytes(), false)?;
                let mut named = Vec::new();
                let start = session.sources().get(id).start();
                apply(&mut Value::empty_map(start), kind, text, start, &mut |file, _| {
                    named.push(file.to_string());
                    Ok(Value::string(""))
                })?;
                for file in named {
                    let bytes = std::fs::read(&file).map_err(|e| Error::io(&file, e))?;
                    let source = session.add_text(&file, bytes, false)?;
                    found.files.insert(file, source);
                }
                found.settings.push((kind, id));
            }
        }
        Ok(found)
    }

    /// Whether others are the very same texts.
    pub(crate) fn same_as(&self, other: &Settings) -> bool {
        self.settings == other.settings && self.files == other.files
    }

    /// Applies them to merged values.
    pub(crate) fn apply(&self, sources: &SourceMap, values: &mut Value) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        for (kind, id) in &self.settings {
            let source = sources.get(*id);
            let result = apply(values, *kind, source.text(), source.start(), &mut |file, span| {
                let Some(source) = self.files.get(file).map(|id| sources.get(*id)) else {
                    return Err(Box::new(
                        Diagnostic::error("missing-file", format!("`{file}` was not read")).primary(span, ""),
                    ));
                };
                let starts = source.line_starts().iter().map(|s| source.start().offset(*s));
                let text = Text { text: source.text().clone(), lines: Some(starts.collect()) };
                Ok(Value::new(Data::String(text), source.start()))
            });
            faults.extend(result.err().map(|fault| *fault));
        }
        faults
    }
}

/// The map of values that a map of dotted keys stands for. A dot after a backslash is part of a name.
pub(crate) fn nest(settings: &Value) -> Value {
    let mut root = Map::default();
    for (key, entry) in settings.as_map().map(|m| m.iter()).into_iter().flatten() {
        let mut names: Vec<String> = vec![String::new()];
        let mut characters = key.chars();
        while let Some(c) = characters.next() {
            match c {
                '\\' => names.last_mut().expect("never empty").extend(characters.next()),
                '.' => names.push(String::new()),
                _ => names.last_mut().expect("never empty").push(c),
            }
        }
        insert(&mut root, &names, entry);
    }
    Value::new(Data::Map(Arc::new(root)), settings.origin)
}

fn insert(map: &mut Map, names: &[String], entry: &Entry) {
    let [name, rest @ ..] = names else { return };
    if rest.is_empty() {
        map.insert(Arc::from(name.as_str()), entry.clone());
        return;
    }
    let slot = map
        .entry(Arc::from(name.as_str()))
        .or_insert_with(|| Entry { key_origin: entry.key_origin, value: Value::empty_map(entry.key_origin) });
    let mut inner = slot.value.as_map().map(|m| (**m).clone()).unwrap_or_default();
    insert(&mut inner, rest, entry);
    slot.value.data = Data::Map(Arc::new(inner));
}
