//! TOML of any kind.
//!
//! An input is a text. One whose first byte is no ASCII stands for pieces of TOML: each other byte chooses one.

use std::time::{Duration, Instant};

use mwrender_gotemplate::{Map, Run, Set, Str, Value};
use mwrender_helm::functions::functions;

const PIECES: &[&str] = &[
    "a",
    "b",
    "\"\"",
    "\"c d\"",
    "'e'",
    ".",
    " = ",
    "=",
    "\n",
    "\r\n",
    "\r",
    " ",
    "# c\n",
    "[",
    "]",
    "[[",
    "]]",
    "[a]\n",
    "[[a]]\n",
    "[a.b]\n",
    "a = 1\n",
    "a.b = 1\n",
    "a = {b.c = 1, b = 2}\n",
    "a = [{b = 1}, 2]\n",
    "{",
    "}",
    ",",
    "1",
    "-",
    "+",
    "_",
    "0x1f",
    "0b",
    "1.5",
    "e",
    "inf",
    "nan",
    "true",
    "9223372036854775808",
    "1979-05-27T07:32:00Z",
    "1979-05-27",
    ":",
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "\\\n",
    "\\u00e9",
    "\\ud800",
    "\\U0001F600",
    "\\ ",
    "é",
    "\0",
    "\u{feff}",
    "\u{7f}",
];

/// The text that an input stands for.
fn text(input: &[u8]) -> Vec<u8> {
    match input.split_first().filter(|(first, _)| !first.is_ascii()) {
        Some((_, rest)) => {
            rest.iter().flat_map(|byte| PIECES[usize::from(*byte) % PIECES.len()].bytes()).collect()
        }
        None => input.to_vec(),
    }
}

thread_local! {
    static TEMPLATE: Set = {
        let mut set = Set::new(functions());
        let template = "{{ $m := fromToml .text }}{{ printf \"%#v\" $m }}{{ toToml $m }}";
        set.parse("t", template).map_err(|error| error.to_string()).expect("a template");
        set
    };
}

#[test]
fn toml() {
    bolero::check!().for_each(|input: &[u8]| {
        let text = text(input);
        let data = Value::from(Map::from_iter([(Str::from("text"), Value::from(text.clone()))]));
        let start = Instant::now();
        let _ = TEMPLATE.with(|set| set.execute("t", &data, &mut Run::new()));
        let took = start.elapsed();
        assert!(took < Duration::from_secs(20), "{took:?}: {}", String::from_utf8_lossy(&text));
    });
}
