//! Nothing that a template says brings the program down: the lexer, the parser, the executor and `printf`.
//!
//! `cargo test` runs the corpora in `__fuzz__` and some random inputs; `BOLERO_RANDOM_ITERATIONS` and
//! `BOLERO_RANDOM_TEST_TIME_MS` say how many and for how long. `cargo bolero test` runs a target as a fuzzer.
//!
//! An input is a template. One whose first byte is no ASCII stands for a template whose words the other bytes choose:
//! random bytes would hardly ever be one.

#[path = "../it/data.rs"]
mod data;
mod words;

use data::{from_json, funcs};
use mwrender_gotemplate::{Map, Run, Set, Str, Value};
use words::template;

/// What executes here may take no more steps than this.
const FUEL: u64 = 20_000;

fn set() -> Set {
    Set::new(funcs())
}

/// Values of each kind, and a map that holds itself.
fn values() -> Value {
    let json =
        r#"{"a": 1, "b": {"c": "x", "d": [1, 2.5, null, "é"]}, "l": [], "m": {}, "s": "text", "t": true}"#;
    let value = from_json(&serde_json::from_str(json).expect("JSON"));
    if let Some(map) = value.as_map() {
        let own = Map::from_iter([(Str::from("x"), Value::int(i64::MIN))]);
        own.insert("self", own.clone().into());
        map.insert("own", own.into());
        map.insert("bytes", Value::from(vec![0xff, b'a', 0xc3]));
    }
    value
}

#[test]
fn parse() {
    bolero::check!().for_each(|input| {
        let text = template(input);
        if let Err(error) = set().parse("t", &text) {
            assert!(error.to_string().starts_with("template: t"), "{error}");
        }
    });
}

#[test]
fn execute() {
    bolero::check!().for_each(|input| {
        let data = values();
        let text = template(input);
        let mut set = set();
        if set.parse("t", &text).is_err() {
            return;
        }
        let plain = set.execute("t", &data, &mut Run::new().fuel(FUEL));
        let tracked = set.execute("t", &data, &mut Run::new().fuel(FUEL).track());
        match (plain, tracked) {
            (Ok(plain), Ok(tracked)) => {
                assert_eq!(plain.text, tracked.text, "origins change the output");
                let mut end = 0;
                for piece in &tracked.pieces {
                    assert!(piece.range().start >= end && piece.range().end <= tracked.text.len());
                    end = piece.range().end;
                }
            }
            (Err(plain), Err(tracked)) => assert_eq!(plain.kind(), tracked.kind(), "{plain}\n{tracked}"),
            (plain, tracked) => panic!("{plain:?}\n{tracked:?}"),
        }
    });
}

#[test]
fn printf() {
    bolero::check!().for_each(|input: &[u8]| {
        let Some((first, format)) = input.split_first() else { return };
        let all = values();
        let entries = all.as_map().expect("a map").entries();
        let mut args: Vec<Value> = entries.into_iter().map(|(_, value)| value).collect();
        let more =
            [Value::NIL, Value::from(f64::NAN), Value::from(-0.0), Value::int(-1), Value::from("\u{10ffff}")];
        args.extend(more);
        let length = args.len();
        args.rotate_left(usize::from(*first) % length);
        let format = match format.first() {
            Some(byte) if !byte.is_ascii() => words::verbs(format),
            _ => format.to_vec(),
        };
        if let Ok(text) = mwrender_gotemplate::printf(&format, &args) {
            assert!(text.len() < 1 << 28);
        }
    });
}
