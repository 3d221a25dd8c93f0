//! GitLab's Code Quality report: a list of findings in the part of Code Climate's format that GitLab reads.

use super::Findings;
use mwrender_core::diagnostic::Severity;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

pub(super) fn json(findings: &Findings<'_>) -> Value {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let one = |diagnostic: &mwrender_core::diagnostic::Diagnostic| {
        let place = findings.place(diagnostic);
        let (file, line) = place.map_or(("mwrender.yaml".into(), 1), |at| (at.file, at.line));
        // a finding that moves to another line is the same one
        let what = format!("{}\n{file}\n{}", diagnostic.id, diagnostic.headline);
        let nth = seen.entry(what.clone()).and_modify(|n| *n += 1).or_default();
        let digest = Sha256::digest(format!("{what}\n{nth}"));
        let fingerprint = u128::from_be_bytes(std::array::from_fn(|i| digest[i]));
        json!({
            "description": diagnostic.headline,
            "check_name": diagnostic.id,
            "fingerprint": format!("{fingerprint:032x}"),
            "severity": match diagnostic.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            },
            "location": {"path": &*file, "lines": {"begin": line}},
        })
    };
    findings.found.iter().map(one).collect()
}
