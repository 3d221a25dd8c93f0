//! Single settings: those of the project file, `set: {php.servergroup: kube-mw-web}`, and those of the command
//! line, `--set` and its kin.

use crate::error::Error;
use crate::session::Session;
use mwrender_diagnostic::{Diagnostic, SourceId, SourceMap};
use mwrender_values::set::{SetKind, apply, put};
use mwrender_values::{Data, Text, Value};
use std::collections::HashMap;

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
                })
                .map_err(Diagnostic::from)?;
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
            faults.extend(result.err().map(Diagnostic::from));
        }
        faults
    }
}

/// The map of values that a map of keys stands for, which have the grammar of `--set`.
///
/// # Errors
/// A key has not, or two of them contradict each other.
pub(crate) fn nest(settings: &Value) -> Result<Value, Error> {
    let mut root = Value::empty_map(settings.origin);
    for (key, entry) in settings.as_map().map(|m| m.iter()).into_iter().flatten() {
        put(&mut root, key, entry.value.clone(), entry.key_origin)?;
    }
    Ok(root)
}
