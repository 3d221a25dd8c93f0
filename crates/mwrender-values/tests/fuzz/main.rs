//! Nothing that a file of values or a setting says brings the program down.
//!
//! `cargo test` runs the corpora in `__fuzz__` and some random inputs; `BOLERO_RANDOM_ITERATIONS` and
//! `BOLERO_RANDOM_TEST_TIME_MS` say how many and for how long. `cargo bolero test` runs a target as a fuzzer.
//!
//! An input is a text. One whose first byte is no ASCII stands for a text whose words the other bytes choose.

use mwrender_diagnostic::Pos;
use mwrender_values::emit::{json, yaml};
use mwrender_values::read::{read, read_as_go, read_fast, read_slow, verbatim};
use mwrender_values::set::{SetKind, apply};

fn text(input: &[u8], words: &[&str]) -> String {
    match input.split_first() {
        Some((first, rest)) if !first.is_ascii() => {
            rest.iter().map(|byte| words[usize::from(*byte) % words.len()]).collect()
        }
        _ => String::from_utf8_lossy(input).into_owned(),
    }
}

const YAML: &[&str] = &[
    "a",
    "b: ",
    "- ",
    "  ",
    "    ",
    "\n",
    "\n  ",
    "\n- ",
    "\r\n",
    "\t",
    ": ",
    ":",
    "? ",
    "! ",
    "!!str ",
    "!!int ",
    "!!binary ",
    "!!map ",
    "!x ",
    "&a ",
    "*a",
    "*a ",
    "<<: ",
    "<<: *a\n",
    "<<: [*a, *a]\n",
    "| ",
    "|\n",
    "|+2\n",
    ">-\n",
    ">\n",
    "\"",
    "'",
    "''",
    "\\",
    "\\x41",
    "\\ud800",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ",",
    "# c",
    "#",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "%TAG ! x\n",
    "null",
    "~",
    "true",
    "y",
    "on",
    "0",
    "017",
    "0x1F",
    "1_000",
    "1e3",
    ".5",
    ".inf",
    ".nan",
    "-1",
    "190:20:30",
    "2001-12-14t21:59:43.10-05:00",
    "99999999999999999999",
    "=",
    "@",
    "`",
    "é",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "key: value\n",
    "list:\n- 1\n- 2\n",
    "map:\n  x: y\n",
    "x y z",
    "\0",
];

#[test]
fn yaml() {
    bolero::check!().for_each(|input: &[u8]| {
        let text = text(input, YAML);
        let base = Pos::from_raw(1);
        let _ = read_as_go(&text, base);
        let slow = read_slow(&text, base);
        if let Some(fast) = read_fast(&text, base) {
            let slow = slow.expect("the general parser reads what the fast one reads");
            assert_eq!(fast.documents.len(), slow.documents.len());
            for (fast, slow) in fast.documents.iter().zip(&slow.documents) {
                let json = |value| json::to_string(value, json::JsonStyle::default());
                assert_eq!(json(&fast.value), json(&slow.value));
            }
        }
        if let Ok(read_once) = read(&text, base) {
            for document in &read_once.documents {
                let emitted = yaml::to_string(&document.value, yaml::YamlStyle::default());
                let again = read(&emitted, base).expect("what was emitted").into_value();
                let again = yaml::to_string(&again, yaml::YamlStyle::default());
                assert_eq!(emitted, again);
            }
        }
    });
}

const SET: &[&str] = &[
    "a",
    "b",
    "list",
    "map",
    ".",
    "=",
    ",",
    "[",
    "]",
    "{",
    "}",
    "\\",
    "\\,",
    "0",
    "1",
    "65536",
    "65537",
    "-1",
    "null",
    "true",
    "007",
    "0.5",
    "9223372036854775808",
    "[0]",
    "[2].x",
    "a.b=1",
    "{a,b}",
    "\"",
    "{\"j\":[1]}",
    "[1,{}]",
    "1e999",
    " ",
    "é",
    "x=y",
    "list[0]",
    "map.x",
    "map.x.y=",
    "\n",
    "\u{0}",
    "=[",
    "={",
    "..",
    "@",
    "'",
];

#[test]
fn set() {
    let values = read("{a: 1, list: [1, {x: 2}], map: {x: {y: z}, n: null}}", Pos::from_raw(1));
    let values = values.expect("values").into_value();
    bolero::check!().for_each(|input: &[u8]| {
        let text = text(input, SET);
        for kind in SetKind::ORDER {
            let mut changed = values.clone();
            let result = apply(&mut changed, kind, &text, Pos::from_raw(100), &mut |path, span| {
                Ok(verbatim(path, span.start))
            });
            let json = |value| json::to_string(value, json::JsonStyle::default());
            if result.is_err() {
                assert_eq!(json(&changed), json(&values), "a setting that fails changes nothing");
            }
        }
    });
}
