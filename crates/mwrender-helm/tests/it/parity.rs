//! The same charts, values, warnings and errors as Helm 3.19.5, as recorded in `tests/parity/charts.jsonl`.
//!
//! The first line says what made the file. Where we depart, `departs` says why, and the test makes sure that we do.

use crate::render::{normal, render};
use mwrender_values::NullHandling;
use serde_json::Value as Json;

#[test]
fn charts_and_their_values() {
    let lines = include_str!("../parity/charts.jsonl");
    let (mut wrong, mut count) = (Vec::new(), 0);
    for line in lines.lines().skip(1) {
        let case: Json = serde_json::from_str(line).expect("a recorded case");
        let (mut ours, mut theirs) =
            (normal(&render(&case, NullHandling::default())), normal(&case["theirs"]));
        // what was printed before an error is not compared
        if !theirs["error"].is_null() {
            (ours["log"], theirs["log"]) = (Json::Null, Json::Null);
        }
        count += 1;
        if (ours == theirs) == case["departs"].is_string() {
            wrong.push(format!("{line}\n  ours: {ours}"));
        }
    }
    assert!(count > 100 && wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}
