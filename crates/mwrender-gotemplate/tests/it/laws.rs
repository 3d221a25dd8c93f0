//! Laws on arbitrary input.

use std::sync::{Arc, OnceLock};

use mwrender_gotemplate::{Funcs, MissingKey, Run, Set, Value, printf};
use proptest::prelude::*;

use crate::data::{from_json, funcs};

fn shared() -> &'static Arc<Funcs> {
    static FUNCS: OnceLock<Arc<Funcs>> = OnceLock::new();
    FUNCS.get_or_init(|| Arc::new(funcs()))
}

fn data() -> Value {
    from_json(&serde_json::json!({
        "a": 1, "b": "text", "c": [1, "x", null, {"d": 2.5}], "m": {"k": true, "n": null}, "f": 1e6, "e": ""
    }))
}

/// Parts of templates, so that random ones get behind the lexer.
const PARTS: [&str; 62] = [
    "{{",
    "}}",
    "{{- ",
    " -}}",
    " ",
    "\n",
    "if ",
    "else ",
    "end",
    "range ",
    "with ",
    "define ",
    "template ",
    "block ",
    "break",
    "continue",
    "nil",
    "true",
    ".",
    ".a",
    ".b",
    ".c",
    ".m.k",
    "$",
    "$x",
    " := ",
    " = ",
    " | ",
    "(",
    ")",
    ",",
    "\"a\"",
    "`b`",
    "'c'",
    "1",
    "1.5",
    "2i",
    "printf ",
    "print ",
    "index ",
    "len ",
    "eq ",
    "and ",
    "or ",
    "slice ",
    "finclude ",
    "fmap ",
    "indent ",
    "/*",
    "*/",
    "{{end}}",
    "{{else}}",
    "{{if .a}}",
    "{{range .c}}",
    "{{$x := .b}}",
    "{{define \"a\"}}",
    "{{with .m}}",
    "text",
    "é",
    "\"%v %d\" ",
    "call ",
    "not ",
];

fn template() -> impl Strategy<Value = Vec<u8>> {
    let parts = proptest::collection::vec(proptest::sample::select(&PARTS[..]), 0..24)
        .prop_map(|parts| parts.concat().into_bytes());
    prop_oneof![4 => parts, 1 => proptest::collection::vec(any::<u8>(), 0..40)]
}

fn executed(set: &Set, run: &mut Run) -> Result<Vec<u8>, String> {
    set.execute("t", &data(), run).map(|output| output.text).map_err(|e| e.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_tracking_changes_no_byte(text in template(), zero in any::<bool>()) {
        let rule = if zero { MissingKey::Zero } else { MissingKey::Error };
        let mut set = Set::new(Arc::clone(shared())).missing_key(rule);
        if set.parse("t", &text).is_ok() {
            let plain = executed(&set, &mut Run::new().fuel(20_000));
            let mut run = Run::new().fuel(20_000).track();
            let tracked = set.execute("t", &data(), &mut run);
            if let Ok(output) = &tracked {
                let mut at = 0;
                for piece in &output.pieces {
                    prop_assert!(piece.range().start == at, "a gap at {at}: {:?}", output.pieces);
                    at = piece.range().end;
                }
                prop_assert_eq!(at, output.text.len());
            }
            prop_assert_eq!(plain, tracked.map(|o| o.text).map_err(|e| e.to_string()));
        }
    }

    #[test]
    fn formats_do_not_panic(format in "[%a\\-+# 0-9.*\\[\\]vTtbcdoOqxXUeEfFgGspwé!]{0,16}", n in 0usize..4) {
        let args = [Value::int(-3), Value::from("é\n"), data(), Value::from(1.5)];
        prop_assert!(printf(format.as_bytes(), &args[..n]).is_ok());
    }
}
