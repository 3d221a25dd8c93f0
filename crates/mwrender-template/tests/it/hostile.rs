//! Templates that nobody would write: they render or fail with a diagnostic, with origins and without, and nothing
//! panics.

use crate::snippets::{PARTIALS, SNIPPETS};
use crate::world::World;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Values of each kind under the names that the templates use.
const VALUES: &str = "s: aa\nt: b-b\nn: 3\nm: 0\nf: true\ng: false\nnone: null\nbig: 18446744073709551615\nfl: 1.5e300\n\
    lst: [aa, bb]\nnums: [3, 1]\nitems: [{name: x, port: 80, on: true}]\nobj: {x: 1, why: y, deep: {k: aa, n: 2}}\n\
    text: |\n  one\n  two\nempty: ''\nuni: \"\\u00e9\\U0001F600\\uFDD0\"\n";

/// Renders a template plainly, and if it renders, with origins. `same`: then it must be with the same text.
fn survives(template: &str, same: bool) -> Result<(), TestCaseError> {
    let mut files: Vec<(&str, &str)> = PARTIALS.to_vec();
    files.push(("main.j2", template));
    let Ok(mut world) = World::new(&files) else { return Ok(()) };
    let context = world.context(&[("values.yaml", VALUES)]);
    let Ok(plain) = world.program.render_one("main.j2", &context.value) else { return Ok(()) };
    let tracked = world.program.track("main.j2", &context.value);
    if same {
        prop_assert!(tracked.is_ok());
    }
    if let Ok(tracked) = tracked {
        let tracked = &tracked[0].1;
        if same {
            prop_assert_eq!(&tracked.text, &plain);
        }
        let pieces: Vec<_> = tracked.pieces_in(0..tracked.text.len() as u32).collect();
        prop_assert!(pieces.iter().all(|p| tracked.text.is_char_boundary(p.start as usize)));
    }
    Ok(())
}

fn check(cases: u32, same: bool, strategy: impl Strategy<Value = String>) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(cases);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    if let Err(fault) = runner.run(&strategy, |template| survives(&template, same)) {
        panic!("{fault}");
    }
}

/// Words of the language in any order.
#[test]
fn tokens_in_any_order() {
    let words = [
        "{{",
        "}}",
        "{%",
        "%}",
        "{%-",
        "-%}",
        "{#",
        "#}",
        "if",
        "elif",
        "else",
        "endif",
        "for",
        "in",
        "endfor",
        "recursive",
        "set",
        "endset",
        "macro",
        "endmacro",
        "call",
        "endcall",
        "with",
        "endwith",
        "include",
        "block",
        "endblock",
        "extends",
        "filter",
        "endfilter",
        "raw",
        "endraw",
        "import",
        "as",
        "from",
        "break",
        "continue",
        "do",
        "not",
        "and",
        "or",
        "is",
        "defined",
        "values",
        "values.n",
        "values.s",
        "values.lst",
        "values.obj",
        "values.none",
        "loop.index",
        "loop.index",
        "x",
        "y",
        "m",
        "m()",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ":",
        "|",
        "~",
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "**",
        "==",
        "<",
        "=",
        "1",
        "0",
        "'a'",
        "\"_inc.j2\"",
        "upper",
        "toyaml",
        "fromyaml",
        "indent(2)",
        "sha256",
        "join(',')",
        "\n",
        " ",
        "é",
    ];
    let word = proptest::sample::select(words.to_vec());
    check(1500, false, proptest::collection::vec(word, 0..24).prop_map(|words| words.join(" ")));
}

/// Values of each kind.
#[rustfmt::skip]
const LEAVES: &[&str] = &[
    "values.s", "values.n", "values.big", "values.fl", "values.none", "values.lst", "values.nums",
    "values.items", "values.obj", "values.text", "values.empty", "values.uni", "values.nope", "1", "-7",
    "1.5", "'x'", "true", "none", "[]", "{}", "loop.index", "namespace(a=1)", "range(3)", "dict(a=2)",
];

/// Operators.
#[rustfmt::skip]
const OPERATORS: &[&str] = &[
    "+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">=", "in", "not in", "and", "or",
];

/// Filters with their arguments.
#[rustfmt::skip]
const FILTERS: &[&str] = &[
    "upper", "length", "first", "last", "list", "sort", "unique", "reverse", "join('-')", "toyaml", "tojson",
    "tojson(indent=2)", "fromyaml", "fromjson", "indent(3)", "nindent(2)", "trim", "lines", "quote", "sha256",
    "b64encode", "items", "dictsort", "map('upper')", "map(attribute='name')", "select", "reject('odd')",
    "selectattr('on')", "groupby('name')", "batch(2)", "slice(2)", "split", "default(1)", "default('', true)",
    "int", "float", "string", "abs", "sum", "min", "max", "pad2", "trunc(1)", "replace('a', 'b')",
    "format(1)", "cpu", "bytes", "memory", "dns_label", "bool", "zip",
];

/// Tests.
#[rustfmt::skip]
const TESTS: &[&str] = &[
    "defined", "none", "string", "odd", "mapping", "eq(1)", "in([1])", "startingwith('a')",
];

/// An expression of any shape, printed, tested and looped over.
#[test]
fn expressions_of_any_shape() {
    let leaf = proptest::sample::select(LEAVES).prop_map(str::to_string);
    let strategy = leaf.prop_recursive(4, 24, 3, |inner| {
        let binary = proptest::sample::select(OPERATORS);
        let filter = proptest::sample::select(FILTERS);
        let test = proptest::sample::select(TESTS);
        prop_oneof![
            (inner.clone(), binary, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), filter).prop_map(|(a, f)| format!("({a} | {f})")),
            (inner.clone(), test).prop_map(|(a, t)| format!("({a} is {t})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}[{b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}[{b}:]")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a} if {b} else {c})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{{a}: {b}}}")),
            inner.clone().prop_map(|a| format!("(not {a})")),
            inner.clone().prop_map(|a| format!("(-{a})")),
            inner.prop_map(|a| format!("{a}.x")),
        ]
    });
    let template = strategy.prop_map(|e| {
        format!(
            "{{% set v %}}{{{{ {e} }}}}{{% endset %}}{{{{ v }}}}\n{{{{ {e} }}}}\n{{% if {e} %}}y{{% endif %}}\n\
             {{% for i in {e} %}}{{{{ i }}}}{{% endfor %}}\n{{{{ {{'k': {e}}} | toyaml }}}}\n"
        )
    });
    // each part by itself, so that an error in one does not hide the others
    let part = (template, 0..5usize).prop_map(|(t, n)| {
        let parts: Vec<&str> = t.split('\n').collect();
        format!("{{% for loop_ in [1] %}}\n{}\n{{% endfor %}}\n", parts.get(n).copied().unwrap_or_default())
    });
    check(3000, true, part);
}

/// Snippets with some of their bytes lost or doubled.
#[test]
fn damaged_snippets() {
    let strategy =
        (0..SNIPPETS.len(), 0..400usize, 0..8usize, any::<bool>()).prop_map(|(n, at, count, twice)| {
            let chars: Vec<char> = SNIPPETS[n].1.chars().collect();
            let at = at % chars.len().max(1);
            let end = (at + count).min(chars.len());
            let (before, gone, after) = (&chars[..at], &chars[at..end], &chars[end..]);
            let middle = if twice { [gone, gone].concat() } else { Vec::new() };
            [before, &middle, after].concat().into_iter().collect()
        });
    check(1500, true, strategy);
}
