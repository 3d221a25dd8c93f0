//! What is shared by all states that one command looks at: texts, parsed once, and compiled charts.

use crate::chart::Chart;
use crate::error::Error;
use crate::fingerprint::Fingerprints;
use mwrender_diagnostic::{Diagnostic, SourceId, SourceMap, Span};
use mwrender_template::JinjaEngine;
use mwrender_values::Value;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// Texts and what became of them.
///
/// A text that two states have in common under one name is one source: its values have the same origins in both,
/// which makes them quick to compare.
#[derive(Default)]
pub struct Session {
    sources: SourceMap,
    by_content: HashMap<(Arc<str>, [u8; 32], bool), SourceId>,
    hashes: HashMap<SourceId, [u8; 32]>,
    values: HashMap<SourceId, Arc<Value>>,
    charts: HashMap<Vec<SourceId>, Arc<Chart>>,
    /// By the hash of their files.
    helm_charts: HashMap<[u8; 32], Arc<Chart>>,
    warnings: Vec<Diagnostic>,
    fingerprints: Fingerprints,
    pub(crate) engine: JinjaEngine,
}

impl Session {
    /// A session that has read nothing yet.
    pub fn new() -> Session {
        Session::default()
    }

    /// Makes fingerprints of hashes over secrets with this key, instead of one at random: then they are the same in
    /// several runs, for all who have the key.
    ///
    /// # Errors
    /// The key is empty: everybody has that one.
    pub fn key_fingerprints(&mut self, key: &[u8]) -> Result<(), Error> {
        if key.is_empty() {
            return Err(Error::Usage("the key of fingerprints is empty".to_string()));
        }
        self.fingerprints = Fingerprints::keyed(key);
        Ok(())
    }

    /// What stands for a hash over secrets: equal hashes are told by equal digits, of which nothing can be found out.
    pub(crate) fn fingerprint(&self, hash: &str) -> String {
        self.fingerprints
            .of(hash)
            .map_or_else(|| "<secret>".to_string(), |digits| format!("<fingerprint {digits}>"))
    }

    /// All texts that were read.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// What was worth saying about the texts.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Keeps what is worth saying about something that was read.
    pub(crate) fn warn(&mut self, found: &[Diagnostic]) {
        for diagnostic in found {
            if !self.warnings.contains(diagnostic) {
                self.warnings.push(diagnostic.clone());
            }
        }
    }

    /// Adds a text under a name, unless it is there already.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub fn add_text(&mut self, name: &str, bytes: Vec<u8>, private: bool) -> Result<SourceId, Error> {
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        let key = (Arc::from(name), hash, private);
        if let Some(id) = self.by_content.get(&key) {
            return Ok(*id);
        }
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => {
                let valid = e.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(e.as_bytes()).into_owned();
                let id = self.sources.add(name, text);
                let span = Span::new(self.sources.pos(id, valid as u32), 1);
                let what = format!("`{name}` is not UTF-8 from byte {valid} on");
                return Err(Diagnostic::error("not-utf8", what).primary(span, "this byte").into());
            }
        };
        let id = if private { self.sources.add_private(name, text) } else { self.sources.add(name, text) };
        self.by_content.insert(key, id);
        self.hashes.insert(id, hash);
        Ok(id)
    }

    /// The SHA-256 of a text, in hexadecimal digits.
    pub fn sha256(&self, id: SourceId) -> String {
        let mut text = String::new();
        for byte in self.hashes.get(&id).into_iter().flatten() {
            // writing to a String cannot fail
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// Reads texts as YAML, those that were not read before, side by side.
    ///
    /// # Errors
    /// One or more of them are not YAML.
    pub fn parse(&mut self, ids: &[SourceId]) -> Result<(), Error> {
        use rayon::prelude::*;
        let mut new: Vec<SourceId> = ids.iter().copied().filter(|id| !self.values.contains_key(id)).collect();
        new.sort();
        new.dedup();
        let sources = &self.sources;
        let read: Vec<_> = new
            .par_iter()
            .map(|id| {
                let source = sources.get(*id);
                mwrender_values::read::read(source.text(), source.start())
            })
            .collect();
        let mut faults = Vec::new();
        for (id, result) in new.into_iter().zip(read) {
            match result {
                Ok(mut read) => {
                    if let Some(second) = read.documents.iter().skip(1).find(|d| !d.value.is_null()) {
                        let name = sources.get(id).name();
                        faults.push(
                            Diagnostic::error(
                                "second-document",
                                format!("`{name}` has more than one document"),
                            )
                            .primary(Span::new(second.value.origin, 1), "another document begins")
                            .help("Helm would read the first one only: join them, or make a layer of each"),
                        );
                        continue;
                    }
                    self.warnings.append(&mut read.diagnostics);
                    self.values.insert(id, Arc::new(read.into_value()));
                }
                Err(fault) => faults.push(*fault),
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Diagnostics(faults)) }
    }

    /// The value of a text that was parsed.
    pub fn value(&self, id: SourceId) -> Option<&Arc<Value>> {
        self.values.get(&id)
    }

    /// The compiled chart of these texts, if it was compiled before.
    pub(crate) fn chart(&self, ids: &[SourceId]) -> Option<Arc<Chart>> {
        self.charts.get(ids).cloned()
    }

    /// The Helm chart of these files, if it was compiled before.
    pub(crate) fn helm_chart(&self, key: &[u8; 32]) -> Option<Arc<Chart>> {
        self.helm_charts.get(key).cloned()
    }

    pub(crate) fn keep_helm_chart(&mut self, key: [u8; 32], chart: Arc<Chart>) {
        self.helm_charts.insert(key, chart);
    }

    /// For texts that have no names of their own, such as those in archives.
    pub(crate) fn sources_mut(&mut self) -> &mut SourceMap {
        &mut self.sources
    }

    pub(crate) fn keep_chart(&mut self, ids: Vec<SourceId>, chart: Arc<Chart>) {
        self.charts.insert(ids, chart);
    }
}
