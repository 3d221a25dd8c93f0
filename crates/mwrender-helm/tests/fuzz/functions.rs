//! Functions on any arguments.
//!
//! An input is a template. One whose first byte is no ASCII stands for calls of functions: the other bytes choose
//! them and what they are given.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use mwrender_helm::File;
use mwrender_helm::functions::functions;

use crate::render;

const ARGUMENTS: &[&str] = &[
    "nil",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "3",
    "7.5",
    "-0.0",
    "1e300",
    "9223372036854775807",
    "-9223372036854775808",
    "1000000000",
    "\"\"",
    "\"a\"",
    "\"a-b_c d\"",
    "\"é\\xff\"",
    "\"\\n\"",
    "\"1.2.3-rc.1+b\"",
    "\"^1.2 || >3\"",
    "\"(a*)*b\"",
    "\"[\"",
    "\"$1\"",
    "\"2006-01-02T15:04:05Z07:00\"",
    "\"1h2m\"",
    "\"Local\"",
    "\"http://u:p@h:1/p?q#f\"",
    "\"{\\\"a\\\": [1, null]}\"",
    "\"a: [1, {b: c}]\"",
    "\"a = 1\\n[b]\"",
    "\"%s %d %v\"",
    "\"{{ .Values.n }}\"",
    "\"YWJj\"",
    "\"1e3\"",
    "\"0x10\"",
    "\"true\"",
    ".",
    ".Values",
    ".Values.m",
    ".Values.l",
    ".Values.n",
    ".Values.s",
    ".Values.none",
    ".Chart",
    ".Files",
    ".Capabilities",
    ".Release",
    "(list)",
    "(list 1 \"a\" nil)",
    "(list (list 1) (dict))",
    "(dict)",
    "(dict \"a\" 1 \"b\" (dict \"c\" nil))",
    "(tuple 1 2)",
    "(now)",
    "(toDate \"2006-01-02\" \"2024-02-29\")",
    "(semver \"1.2.3\")",
    "(int64 5)",
    "(float64 2)",
    "(until 3)",
    "(splitList \",\" \"a,b\")",
    "(split \",\" \"a,b\")",
    "(urlParse \"http://h\")",
    "($own)",
    "$own",
    "(b32enc \"x\")",
    "(errors)",
    "(index .Values.l 0)",
    "(untilStep 0 10 -1)",
];

/// All functions but those that take long for their purpose.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let slow =
        |name: &&str| name.starts_with("gen") || matches!(*name, "htpasswd" | "bcrypt" | "derivePassword");
    functions().names().into_iter().filter(|name| !slow(name)).map(str::to_owned).collect()
});

/// The template that an input stands for.
fn template(input: &[u8]) -> Vec<u8> {
    let Some((first, rest)) = input.split_first().filter(|(first, _)| !first.is_ascii()) else {
        return input.to_vec();
    };
    let mut out = String::new();
    if *first > 0xc0 {
        out.push_str("{{ $own := dict \"a\" 1 }}{{ $_ := set $own \"own\" $own }}");
    } else {
        out.push_str("{{ $own := 1 }}");
    }
    for call in rest.chunks(5) {
        let name = &NAMES[(usize::from(call[0]) * 7 + usize::from(*call.get(1).unwrap_or(&0))) % NAMES.len()];
        out.push_str("{{ ");
        out.push_str(name);
        for byte in call.iter().skip(2) {
            if *byte >= 200 {
                continue;
            }
            out.push(' ');
            out.push_str(ARGUMENTS[usize::from(*byte) % ARGUMENTS.len()]);
        }
        out.push_str(" }}\n");
    }
    out.into()
}

#[test]
fn functions_on_arguments() {
    let chart = b"{apiVersion: v2, name: c, version: 1.0.0}";
    let values = b"{n: 12, s: text, m: {a: 1, b: {c: null}}, l: [1, a, {x: y}]}";
    bolero::check!().for_each(|input: &[u8]| {
        let text = template(input);
        let start = Instant::now();
        let files = vec![
            File::new("Chart.yaml", chart),
            File::new("values.yaml", values),
            File::new("templates/t.yaml", &text),
        ];
        let _ = render(files);
        let took = start.elapsed();
        assert!(took < Duration::from_secs(20), "{took:?}: {}", String::from_utf8_lossy(&text));
    });
}
