//! Probes of single behaviours that were run on real Helm, where they are at hand.

use serde_json::Value as Json;

use crate::engine::probed;
use crate::sprig::conformance;

#[test]
fn as_helm_answered() {
    let Some(lines) = conformance("probes.jsonl") else { return };
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in lines.lines() {
        let probe: Json = serde_json::from_str(line).expect("a probe");
        let (template, values) = (probe["tpl"].as_str().unwrap_or_default(), &probe["values"]);
        let theirs = probe["differs"].get("v3.19.5-exact").unwrap_or(&probe["result"]);
        let theirs = theirs.as_str().unwrap_or_default();
        let ours = match probed(template, values.as_str().unwrap_or_default()) {
            Ok(text) => text,
            Err(fault) => format!("ERR {}", fault.text),
        };
        // of the longest chain of errors only the length was recorded
        if ours.contains("not defined") && !theirs.contains("not defined") || theirs.starts_with("(recursion")
        {
            continue;
        }
        count += 1;
        if ours.trim() != theirs.trim() {
            wrong.push(format!("{template}\n  {theirs:?}\n  {ours:?}"));
        }
    }
    assert!(count > 280 && wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}
