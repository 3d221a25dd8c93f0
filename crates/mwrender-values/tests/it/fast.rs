//! The fast reader against the general parser and the one that is as Go's: whatever it reads, it reads the same, down to every position.

use crate::laws;
use mwrender_diagnostic::Pos;
use mwrender_values::emit::yaml::{self, KeyOrder, YamlStyle};
use mwrender_values::read::{read, read_fast, read_fast_keeping, read_general, read_slow};
use mwrender_values::{Data, Number, NumberKind, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

/// Whether two trees are the same in everything there is to know about them.
fn identical(a: &Value, b: &Value) -> bool {
    let number = |n: &Number| match n.kind {
        NumberKind::Int(i) => (0, i.cast_unsigned()),
        NumberKind::Uint(u) => (1, u),
        NumberKind::Float(f) => (2, f.to_bits()),
    };
    let data = match (&a.data, &b.data) {
        (Data::Null, Data::Null) => true,
        (Data::Bool(a), Data::Bool(b)) => a == b,
        (Data::Number(a), Data::Number(b)) => number(a) == number(b) && a.spelling == b.spelling,
        (Data::String(a), Data::String(b)) => a.text == b.text && a.lines == b.lines,
        (Data::List(a), Data::List(b)) => {
            a.len() == b.len() && a.iter().zip(&**b).all(|(a, b)| identical(a, b))
        }
        (Data::Map(a), Data::Map(b)) => {
            a.len() == b.len()
                && a.iter().zip(&**b).all(|((a_key, a), (b_key, b))| {
                    a_key == b_key && a.key_origin == b.key_origin && identical(&a.value, &b.value)
                })
        }
        _ => false,
    };
    data && a.origin == b.origin && a.losers.is_none() && b.losers.is_none()
}

/// Whether `part` is `whole` without the values of keys that are not kept.
fn outlines(part: &Value, whole: &Value) -> bool {
    let (Data::Map(parts), Data::Map(all)) = (&part.data, &whole.data) else { return identical(part, whole) };
    let same_key = parts.keys().eq(all.keys()) && part.origin == whole.origin;
    same_key
        && parts.iter().zip(&**all).all(|((key, part), (_, whole))| {
            let value = if keeps(key) { identical(&part.value, &whole.value) } else { part.value.is_null() };
            value && part.key_origin == whole.key_origin
        })
}

fn keeps(key: &str) -> bool {
    key.contains(['a', 'i', '1'])
}

/// Holds both readers against each other, and says whether the fast one read the text.
fn check(text: &str) -> bool {
    let base = Pos::from_raw(7);
    let outline = read_fast_keeping(text, base, Some(&keeps));
    let Some(fast) = read_fast(text, base) else {
        assert!(outline.is_none(), "{text:?}");
        return false;
    };
    let outline = outline.unwrap_or_else(|| panic!("gives up on the outline of {text:?}"));
    let same = fast.documents.len() == outline.documents.len()
        && fast.documents.iter().zip(&outline.documents).all(|(f, o)| outlines(&o.value, &f.value));
    assert!(same, "{text:?}\nfast: {:#?}\noutline: {:#?}", fast.documents, outline.documents);
    let slow = read_slow(text, base).unwrap_or_else(|fault| panic!("accepts {text:?}\n{fault:?}"));
    assert!(slow.diagnostics.is_empty(), "{:?}\n{text:?}", slow.diagnostics);
    let same = fast.documents.len() == slow.documents.len()
        && fast.documents.iter().zip(&slow.documents).all(|(f, s)| identical(&f.value, &s.value));
    assert!(same, "{text:?}\nfast: {:#?}\nslow: {:#?}", fast.documents, slow.documents);
    // which is not asked where these are line breaks
    if !text.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        let go = read_general(text, base).unwrap_or_else(|fault| panic!("accepts {text:?}\n{fault}"));
        let first = fast.into_value();
        let same = identical(&first, &go) || first.is_null() && go.is_null();
        assert!(same, "{text:?}\nfast: {first:#?}\nas Go: {go:#?}");
    }
    true
}

/// A text within lists and maps, which is where columns matter.
fn nested(text: &str) -> String {
    format!(
        "a:\n  k: 1\nb:\n- {}\nc:\n- - x\n  -\n   {}\n",
        text.replace('\n', "\n  "),
        text.replace('\n', "\n   ")
    )
}

#[test]
fn recorded_inputs() {
    for line in include_str!("../parity/read.jsonl").lines().skip(1) {
        let case: serde_json::Value = serde_json::from_str(line).expect("a recorded case");
        let text = case["text"].as_str().expect("a text");
        check(text);
        check(&nested(text));
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// All YAML that the repository has; of the rendered manifests, one in so many as a debug build can take.
#[test]
fn files_of_the_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths = Vec::new();
    for folder in ["values", "templates", "schemas", "crates/mwrender-values/tests/inputs", "golden"] {
        files(&root.join(folder), &mut paths);
    }
    let mut slow = Vec::new();
    let mut read = 0;
    for (n, path) in paths.iter().enumerate() {
        let is_golden = path.starts_with(root.join("golden"));
        if is_golden && cfg!(debug_assertions) && n % 16 != 0 {
            continue;
        }
        let Ok(text) = fs::read_to_string(path) else { continue };
        read += 1;
        if !check(&text) {
            assert!(!is_golden, "{} is not simple", path.display());
            slow.push(path);
        }
        // as manifests are read: document by document
        if is_golden {
            text.split_inclusive("\n---\n").for_each(|document| assert!(check(document)));
        }
    }
    assert!(read > 100, "only {read} files");
}

#[test]
fn simple_yaml() {
    let texts = [
        "---\n# c\na: 1\nb:\n- x: 'y'\n  z: \"\\n\"\n- - 1\n\
         -\n  k: |\n    t\nc:\n  d: two\n    lines\n---\ne: []\n",
        "a: [b, {c: 1, d: 'x'}]\n",
        "8080: a\n-x: b\n",
        "a: |\n\n  b\n   c\n\n  d\n\n\nb: |-\n  e\n\nc: |+\n  f\n\n",
        "a: |\n  no line break at the end",
        "- a: b # c: d\n- e # f: g\n- h#i\n",
        "a:\n- b\n-\n  c: 1\n# d\n\n-\n- - - e\n    # f\n    - g\nh:\n",
        "a: 'it''s'\nb: \"\\u00e9\\x41\"\nc: http://d:80/#e\n",
        "a: b\n...\n---\nc: d\n...\n",
        "clé: « ünï »\n",
    ];
    for text in texts {
        assert!(check(text), "{text}");
    }
}

/// Values that go wrong easily.
#[rustfmt::skip]
const VALUES: &[&str] = &[
    "", "a: b", "a:", ":a", "a :b", "a #b", "a# b", "#", "-", "- a", "-a", "- - a", "?", "? a", "?a", "@a",
    "%a", "`a", "!a b", "&a b", "*a", "<<", "=", "~", "null", "yes", "on", "0o17", "017", "1_000", ".inf",
    "-.INF", ".nan", "1e400", "1:30", "2001-01-01", "'a", "a'", "'a'b", "'a' b", "'a' # b", "'a'#b", "'a':",
    "'a': b", "'a\n b'", "'a\n\n b'", "\"a", "a\"b", "\"a\\\n  b\"", "\"\\uFDD0\"", "\"\\ud83d\\ude00\"",
    "\"\\q\"", "\"a\tb\"", "a\tb", "a\t", "\ta", "a ", "a  ", "|", "|\n", "|\n  a", "|\n  a\n\n",
    "|\n\n  a", "|\n    \n  a", "|\n  a\n b", "|\n  a\n   b\n", "|-\n", "|-\n  a\n\n", "|+\n  a\n\n\n",
    "|+\n\n", "|2\n   a\n", "|1\n  a\n  b", "|2\n\n   a\n     \n  b\n\n\n", "|2-\n    a\n  b\n\n",
    "|-2\n   a\n", "|+2\n     \n   a\n\n", "|4\n    a\n   b\n", "|2\n  \ta\n", "|0\n a", "|2\n\n",
    "|22\n  a\n", "|2 \n   a\n", "|3\n   \n     \n   a\n", "|  \n  a", "| # c\n  a\n", "|\n  a\n # b\n",
    "|\n  a\n  # b\n", "|\n  \ta\n", "|\n  a\n\t\n", "|\n  a\n     ", "|\n  a\n  ", "|\n  a\n ",
    "|\n    a\n   \n  b\n", ">\n  a\n  b\n", ">-\n  a\n", "[]", "[ ]", "[a", "[a]b", "[a] # b", "[a]#b",
    "[a,]", "[a, b]", "[a,b]", "[,]", "[a\n  b]", "[a: b]", "['a', \"b\"]", "['a':b]", "[[], {}]", "{}",
    "{a}", "{a: }", "{a: b}", "{a: b, a: c}", "{a:b}", "{a: b,}", "{1: 2}", "{on: 1}", "{a: [b c]}",
    "[a:b, http://c, 10.0.0.1:80]", "[-1, -]", "[a b , c ]", "[ 1 ]", "[.5, ~, yes]", "[a#b, c #d]",
    "{'a': 1, \"b\": 2}", "a\n  b", "a\n  b: c", "a\n\n  b", "a\n  # b", "a # b\n  c", "a\n  - b",
    "a\n  b # c", "...", "---", "--- a", "----", "a\r", "\u{7f}", "\u{85}", "\u{feff}", "\u{2028}a", "é",
    "é: ö", "\u{fdd0}", "\u{ffff}", "\u{10ffff}",
];

/// Keys that do.
#[rustfmt::skip]
const KEYS: &[&str] = &[
    "a", "a b", "a ", " a", "'a'", "\"a\"", "'a#'", "'a #'", "'- #'", "a#b", "'a''b'", "\"a\\n\"", "''",
    "1", "1.5", "-1", "0x10", "yes", "~", "<<", "-", "- a", "- - a", "-a", "?a", "é", "[a]", "{a: b}",
    "a:b", "'a", "a'", "#a", "a\tb", "",
];

/// What may come after a value.
#[rustfmt::skip]
const AFTER: &[&str] = &[
    "", "\n", "\n\n", " \n", "\nz: 1\n", "\n# c\nz: 1\n", "\n  # c\nz: 1\n", " # c -\nz: 1\n", "\n- z\n",
    "\n  - z\n", "\n # c -\n- z\n", "\n  z: 1\n", "\n---\n", "\n---\nz: 1\n", "\n...\n", "\n...\nz: 1\n",
    "\n:z: 1\n", "\n  :z: 1\n", "\n-z\n", "\n- - z\n", "\n   z\n",
];

#[test]
fn tricky_yaml() {
    let mut simple = 0;
    for value in VALUES {
        for key in KEYS {
            for after in AFTER {
                for between in ["", " ", " # c -\n  ", "\n  ", "\n"] {
                    simple += usize::from(check(&format!("{key}:{between}{value}{after}")));
                }
            }
        }
        for after in AFTER {
            for before in
                ["", "- ", "-\n  ", "- - ", "-  # c\n  ", "---\n", "--- ", "k:\n- x\n- ", "k:\n  j:\n  - "]
            {
                simple += usize::from(check(&format!("{before}{value}{after}")));
            }
        }
    }
    assert!(simple > 10_000, "only {simple}");
}

#[test]
fn nesting() {
    for (inner, after) in [("- ", ""), ("[", "]")] {
        for depth in 240..255 {
            check(&format!("a: {}b{}\n", inner.repeat(depth), after.repeat(depth)));
            check(&format!("{}b{}\n", inner.repeat(depth), after.repeat(depth)));
            check(&format!("- {}b{}\n", inner.repeat(depth), after.repeat(depth)));
        }
    }
    for length in 990..1040 {
        check(&format!("a: 1\n{}: b\n", "k".repeat(length)));
        check(&format!("a: 1\n'{}': b\n", "k".repeat(length)));
    }
}

/// Texts of YAML's own pieces.
fn pieces() -> impl Strategy<Value = String> {
    #[rustfmt::skip]
    let pieces = [
        "a: ", "b:", "- ", "-", "c", "d e", "\n", "\n", "\n  ", "\n  ", "\n    ", "\n ", " ", "'", "'x'",
        "\"y\"", "\"", "\\n", "\\\n  ", "|\n", "|-\n",
        "|+\n", "  t\n", "    t\n", "\n\n", " # c", "#", "---\n",
        "--- ", "...\n", "[]", "{}", "[", "]", "{", "}", ", ", "[a, b]", "{a: 1, b: [c]}", "[10.0.0.1:80",
        "&a ", "*a", "1", ":", ": ", "\t", "é",
        "''", "? ", "!x ", "~", "k: v\n", "k: v\n  ", "- i\n", "'q': ",
        "l: |\n  x\n  y\n",
    ];
    vec(proptest::sample::select(pieces.to_vec()), 0..20).prop_map(|v| v.concat())
}

/// Trees as they are written, in any style, and documents one after the other.
fn emitted() -> impl Strategy<Value = String> {
    let tree = (laws::value(), proptest::option::of(10..90usize), any::<bool>(), any::<bool>());
    let document = tree.prop_map(|(value, width, sorted, canonical_numbers)| {
        let keys = if sorted { KeyOrder::Go } else { KeyOrder::Source };
        yaml::to_string(&value, YamlStyle { keys, width, canonical_numbers, verbatim: false, v3: false })
    });
    vec(document, 1..3).prop_map(|documents| documents.join("---\n"))
}

/// What people write, for edits.
fn written() -> impl Strategy<Value = String> {
    let texts = [
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a-b.c\n  labels: {app: x, release: \"y\"}\n\
         data:\n  f.conf: |\n    <If \"%{x}\">\n      Y: z # 1\n\n    </If>\n  g: |-\n    h\n",
        "spec:\n  containers:\n  - name: a\n    args: [\"-c\", b]\n    ports:\n    \
         - containerPort: 80\n      protocol: TCP\n    env:\n    \
         - {name: A, value: 'b'}\n    - name: C\n      value: \"1\\n2\"\n",
        "# defaults\nmain: # all\n  a:\n  - - 1\n    - 2\n  -\n    b: c\n    d:\n\n  \
         # e\n  f: two\n    lines\n  g: 'it''s\n    on'\n",
    ];
    proptest::sample::select(texts.to_vec()).prop_map(str::to_owned)
}

/// A change of a text: what, where, with which piece.
type Edit = (usize, proptest::sample::Index, &'static str);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    #[rustfmt::skip]
    let pieces = [
        " ", "  ", "\n", "\n\n", "\n  ", "\t", ":", ": ", "-",
        "- ", "#", " #", "'", "\"", "\\", "|", ">", "[",
        "]", "{", "}", ",", ", ", "&", "*", "!", "?", "? ", "%", "@", "~", "<<", "---\n", "...\n", "a", "é",
        "0", ".", "\u{85}", "\u{feff}", "\r", "\u{fdd0}",
    ];
    vec((0..7usize, any::<proptest::sample::Index>(), proptest::sample::select(pieces.to_vec())), 0..5)
}

fn edit(text: &str, edits: &[Edit]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for (what, index, piece) in edits {
        let at = index.index(chars.len() + 1);
        let line = chars[..at].iter().rposition(|c| *c == '\n').map_or(0, |n| n + 1);
        let end = chars[at..].iter().position(|c| *c == '\n').map_or(chars.len(), |n| at + n + 1);
        match what {
            0 | 1 => drop(chars.splice(at..at, piece.chars())),
            2 if at < chars.len() => drop(chars.remove(at)),
            3 if at < chars.len() => drop(chars.splice(at..=at, piece.chars())),
            4 => drop(chars.drain(line..end)),
            5 => {
                let lines: Vec<char> = chars[line..end].to_vec();
                drop(chars.splice(end..end, lines));
            }
            // a line further in or out
            _ if piece.len() > 1 => drop(chars.splice(line..line, [' '])),
            _ if chars.get(line) == Some(&' ') => drop(chars.remove(line)),
            _ => chars.truncate(at),
        }
    }
    chars.into_iter().collect()
}

/// As many cases as asked for with `PROPTEST_CASES`, but more than elsewhere.
fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig { cases: config.cases.max(3000), ..config }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pieces_of_yaml(text in pieces()) {
        check(&text);
        check(&nested(&text));
    }

    #[test]
    fn emitted_trees(text in emitted(), edits in edits()) {
        check(&text);
        check(&edit(&text, &edits));
    }

    #[test]
    fn edited_texts(text in written(), edits in edits()) {
        check(&edit(&text, &edits));
        check(&nested(&edit(&text, &edits)));
    }

    #[test]
    fn reading_is_one_or_the_other(text in pieces()) {
        let base = Pos::from_raw(1);
        let (all, slow) = (read(&text, base), read_slow(&text, base));
        match (all, slow) {
            (Ok(all), Ok(slow)) => {
                let mut pairs = all.documents.iter().zip(&slow.documents);
                prop_assert!(pairs.all(|(a, b)| identical(&a.value, &b.value)));
                prop_assert_eq!(all.documents.len(), slow.documents.len());
                prop_assert_eq!(all.diagnostics, slow.diagnostics);
            }
            (all, slow) => prop_assert_eq!(all.err(), slow.err()),
        }
    }
}
