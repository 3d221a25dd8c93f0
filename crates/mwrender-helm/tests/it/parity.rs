//! The same charts, values, warnings and errors as Helm 3.19.5, as recorded in `tests/parity/charts.jsonl`.
//!
//! The first line says what made the file. Where we depart, `departs` says why, and the test makes sure that we do.

use crate::render::{normal, render};
use mwrender_values::NullHandling;
use serde_json::{Value as Json, json};

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

/// The cases of `mwrender-values`, which real Helm of three versions answered, for a chart without others.
#[test]
fn nulls_in_each_version() {
    let lines = include_str!("../../../mwrender-values/tests/parity/coalesce.jsonl");
    let mut wrong = Vec::new();
    for line in lines.lines().skip(1) {
        let case: Json = serde_json::from_str(line).expect("a recorded case");
        let nulls = match case["helm"].as_str() {
            Some("3.17.4") => NullHandling::UpTo3_19_4,
            Some("3.19.5") => NullHandling::Since3_19_5,
            _ => NullHandling::Since3_20_1,
        };
        let chart = json!({
            "files": [
                ["Chart.yaml", "{apiVersion: v2, name: c, version: 1.0.0}"],
                ["values.yaml", case["defaults"].to_string()],
            ],
            "values": case["given"].to_string(),
        });
        let ours = render(&chart, nulls)["charts"][0]["values"].clone();
        let theirs: Json = serde_json::from_str(case["theirs"].as_str().expect("JSON")).expect("JSON");
        if ours != theirs {
            wrong.push(format!("{line}\n  ours: {ours}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
