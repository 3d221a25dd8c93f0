//! Whatever comes in, nothing panics, and the message says where.

use crate::laws::text;
use mwrender_diagnostic::{Pos, SourceMap, print};
use mwrender_values::path::Path;
use mwrender_values::read::{MAX_DEPTH, read};
use mwrender_values::set::{SetKind, apply};
use mwrender_values::{Data, Loser, Value};
use proptest::prelude::*;
use std::sync::Arc;

fn check(text: &str, wanted: &str) {
    let mut sources = SourceMap::default();
    let id = sources.add("f", text);
    let fault = read(text, sources.get(id).start()).expect_err("this is bad input");
    assert_eq!(print::concise(&fault, &sources), wanted);
}

#[test]
fn deep_nesting_is_refused() {
    let wanted = "f:1:251: error[nesting-too-deep]: more than 250 lists and maps lie within each other";
    check(&"[".repeat(10_000), wanted);
    check(&"{a: ".repeat(10_000), &wanted.replace("1:251", "1:1001"));
    check(&"- ".repeat(10_000), &wanted.replace("1:251", "1:501"));
    let step = |n| " ".repeat(n) + "a:\n";
    let steps: String = (0..10_000).map(step).collect();
    check(&steps, &wanted.replace("1:251", "251:251"));
    let most = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert!(read(&most, Pos::NONE).is_ok());
    // each line is twice as deep as the one before
    let doubled: String = (1..10).fold("a0: &a0 [x]\n".to_owned(), |text, n| {
        let nested = format!("{}*a{}{}", "[".repeat(40), n - 1, "]".repeat(40));
        format!("{text}a{n}: &a{n} {nested}\n")
    });
    check(&doubled, &wanted.replace("1:251", "8:49"));
}

#[test]
fn a_billion_laughs_are_refused() {
    let text = (1..10).fold("a0: &a0 [lol]\n".to_owned(), |text, n| {
        let nine = vec![format!("*a{}", n - 1); 9].join(", ");
        format!("{text}a{n}: &a{n} [{nine}]\n")
    });
    check(&text, "f:7:20: error[alias-budget]: the aliases of this file expand to too many values");
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 1000].join(", "));
    check(&long, "f:2:1025: error[alias-budget]: the aliases of this file expand to too many values");
}

#[test]
fn marks_and_breaks_of_other_systems() {
    let text = "\u{FEFF}a: |\r\n  x\r\n  y\r\nb: \"1\r\n  2\"\r\n";
    let mut sources = SourceMap::default();
    let id = sources.add("f", text);
    let value = read(text, sources.get(id).start()).expect("good input").into_value();
    assert_eq!(value.get("a").and_then(Value::as_str), Some("x\ny\n"));
    assert_eq!(value.get("b").and_then(Value::as_str), Some("1 2"));
    let Some(Data::String(a)) = value.get("a").map(|v| &v.data) else { panic!("a text") };
    let lines = a.lines.as_deref().expect("two lines").iter();
    let lines: Vec<u32> = lines.map(|at| sources.location(*at).expect("a place").line).collect();
    assert_eq!(lines, [2, 3]);
}

#[test]
fn cut_off_files() {
    let whole = "a: {b: [1, 'x', \"y\"]}\nc: |\n  t\nd: >-\n  f\n  g\n";
    for end in 0..whole.len() {
        match read(&whole[..end], Pos::from_raw(1)) {
            Ok(_) => {}
            Err(fault) => assert!(fault.primary_span().is_some(), "{fault:?}"),
        }
    }
}

#[test]
fn long_chains_of_losers_are_dropped() {
    let lower = |next, _| Some(Arc::new(Loser { value: Value::string("x"), next }));
    drop((0..200_000).fold(None, lower));
}

fn fragments() -> impl Strategy<Value = String> {
    let fragments = [
        "a",
        "b: 1",
        "- ",
        "\n",
        " ",
        "  ",
        "\n  ",
        ": ",
        "'",
        "\"",
        "|",
        "|2-\n",
        ">+\n",
        "[",
        "]",
        "{",
        "}",
        ", ",
        " #",
        "&a ",
        "*a",
        "!!int ",
        "!!binary ",
        "<<: ",
        "---\n",
        "...\n",
        "0x1",
        "\\",
        "\\n",
        "\\\n",
        "\t",
        "\n\n",
        "? ",
        "\r\n",
        "\r",
        "é",
        "\u{FEFF}",
        "\u{85}",
        "\u{2028}",
        "\0",
        "%YAML 1.1\n",
        "=",
        "[0]",
        ".",
        "99999999999",
    ];
    proptest::collection::vec(proptest::sample::select(fragments.to_vec()), 0..14).prop_map(|v| v.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(text in prop_oneof![4 => fragments(), 1 => text(), 1 => any::<String>()]) {
        match read(&text, Pos::from_raw(1)) {
            Ok(read) => drop(read),
            Err(fault) => {
                let span = fault.primary_span().expect("a place");
                prop_assert!(span.start.raw() as usize <= text.len() + 1);
            }
        }
        let _ = text.parse::<Path>();
        for kind in SetKind::ORDER {
            let mut value = Value::empty_map(Pos::NONE);
            let mut file = |name: &str, _| Ok(Value::string(name));
            let _ = apply(&mut value, kind, &text, Pos::from_raw(1), &mut file);
        }
    }
}
