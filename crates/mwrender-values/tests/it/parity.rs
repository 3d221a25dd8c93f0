//! The same results as Go and Helm, as recorded in `tests/parity`.
//!
//! Each file holds a JSON value per line: first what made it, then inputs with what they gave there. Where we
//! depart, `departs` says why, and the test makes sure that we still do.

use mwrender_diagnostic::Pos;
use mwrender_values::coalesce::{NullHandling, coalesce};
use mwrender_values::emit::{json, yaml};
use mwrender_values::set::{SetKind, apply};
use mwrender_values::{Value, convert, read};
use serde_json::Value as Json;

const GO_JSON: json::JsonStyle =
    json::JsonStyle { indent: 0, sorted: true, go_escapes: true, raw_html: false, canonical_numbers: true };

/// Runs each line of a file through `ours`, which gives what is to be the same as `theirs`.
fn check(lines: &str, ours: impl Fn(&Json) -> Json) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in lines.lines().skip(1) {
        let case: Json = serde_json::from_str(line).expect("a recorded case");
        let ours = ours(&case);
        count += 1;
        if (ours == case["theirs"]) == case["departs"].is_string() {
            wrong.push(format!("{line}\n  ours: {ours}"));
        }
    }
    assert!(count > 100 && wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn reading() {
    check(include_str!("../parity/read.jsonl"), |case| {
        match read::read(case["text"].as_str().expect("a text"), Pos::from_raw(1)) {
            Ok(read) => json::to_string(&read.into_value(), GO_JSON).into(),
            Err(_) => Json::Null,
        }
    });
}

#[test]
fn writing() {
    check(include_str!("../parity/emit.jsonl"), |case| {
        yaml::to_string(&convert::from_json(&case["value"], Pos::NONE), yaml::YamlStyle::GO).into()
    });
}

/// Helm's words for what is wrong with a setting, and ours.
const FAULTS: [(&str, &str); 15] = [
    ("(cannot end with ,)", "has no value before the comma"),
    ("key map ", "nothing is set in"),
    (" has no value", "has no value: write"),
    ("strconv.Atoi", "is not an index"),
    ("index not allowed", "is negative"),
    ("unexpected data at end of array index", "stands after `]`"),
    ("error parsing index: EOF", "has no closing `]`"),
    ("interface conversion", "this needs a "),
    ("list must terminate", "has no closing `}`"),
    ("maximum supported index", "the highest"),
    ("maximum supported nested level", "levels"),
    ("invalid character", "not JSON"),
    ("cannot unmarshal number", "is too large"),
    ("unexpected EOF", "ends too early"),
    ("EOF", "ends too early"),
];

#[test]
fn setting() {
    check(include_str!("../parity/set.jsonl"), |case| {
        let kind = SetKind::ORDER.into_iter().find(|k| case["flag"] == k.flag()).expect("a flag");
        let mut value = convert::from_json(&case["base"], Pos::NONE);
        let mut file = |path: &str, _| Ok(Value::string(format!("<{path}>")));
        match apply(&mut value, kind, case["text"].as_str().expect("a text"), Pos::from_raw(1), &mut file) {
            Ok(()) => json::to_string(&value, GO_JSON).into(),
            // the same fault, in other words
            Err(fault) => {
                let theirs = case["theirs"].as_str().unwrap_or_default();
                let known = FAULTS.iter().find(|(words, _)| theirs.contains(words));
                let ours = fault.mistake.to_string();
                let same = known.is_some_and(|(_, words)| ours.contains(words));
                if same { theirs.into() } else { ours.into() }
            }
        }
    });
}

#[test]
fn coalescing() {
    check(include_str!("../parity/coalesce.jsonl"), |case| {
        let nulls = match case["helm"].as_str() {
            Some("3.17.4") => NullHandling::UpTo3_19_4,
            Some("3.19.5") => NullHandling::Since3_19_5,
            _ => NullHandling::Since3_20_1,
        };
        let side = |name: &str| convert::from_json(&case[name], Pos::NONE);
        json::to_string(&coalesce(&side("defaults"), &side("given"), nulls).value, GO_JSON).into()
    });
}
