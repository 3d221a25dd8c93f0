//! What costs without limit in a template, a file or an archive ends soon, with an error or something bounded.

use std::time::{Duration, Instant};

use mwrender_diagnostic::{Pos, SourceMap};
use mwrender_helm::{Capabilities, File, Options, Program, Release, load, schema, settle};
use mwrender_values::{NullHandling, Value};

const CHART: &str = "{apiVersion: v2, name: c, version: 1.0.0}";

/// No case takes longer, on a machine under load and without optimization.
const LONGEST: Duration = Duration::from_secs(120);

fn render(files: &[(&str, &str)], fuel: u64) -> Result<String, String> {
    let start = Instant::now();
    let chart = File::new("Chart.yaml", CHART.as_bytes());
    let files = files.iter().map(|(name, text)| File::new(*name, text.as_bytes()));
    let mut sources = SourceMap::default();
    let loaded = load::folder(std::iter::once(chart).chain(files).collect(), "c", &mut sources);
    let result = loaded.map_err(|error| error.text).and_then(|loaded| {
        let given = Value::empty_map(Pos::NONE);
        let settled = settle(&loaded.chart, &given, NullHandling::default()).map_err(|error| error.text)?;
        schema::check(&settled, &schema::Offline).map_err(|mismatch| mismatch.message)?;
        let program = Program::compile(&settled.charts).map_err(|fault| fault.text.clone())?;
        let options = Options { fuel, ..Options::default() };
        let rendered = program
            .render(&settled, &Release::new("r", "ns"), &Capabilities::default(), options)
            .map_err(|fault| fault.text.clone())?;
        let texts = rendered.files.iter().map(|file| String::from_utf8_lossy(&file.text).into_owned());
        Ok(texts.collect::<String>())
    });
    assert!(start.elapsed() < LONGEST, "it took {:?}", start.elapsed());
    result
}

/// What the template fails with, or how many bytes it prints.
fn end_of(template: &str, fuel: u64) -> String {
    match render(&[("templates/t.yaml", template)], fuel) {
        Ok(text) => format!("{} bytes", text.len()),
        Err(text) => text,
    }
}

/// Each template with what its error says at its end, or with the bytes it prints.
fn all_end(cases: &[(&str, &str)], fuel: u64) {
    let mut wrong = Vec::new();
    for (template, expected) in cases {
        let end = end_of(template, fuel);
        if !end.ends_with(expected) {
            let from = (0..=end.len().saturating_sub(300)).rev().find(|at| end.is_char_boundary(*at));
            wrong.push(format!(
                "{template}\n  expected: {expected}\n  got:      {}",
                &end[from.unwrap_or(0)..]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn templates_that_do_not_end() {
    let steps = "execution takes too many steps";
    let cases = [
        ("{{ range 9000000000 }}{{ range 9000000000 }}{{ end }}{{ end }}", steps),
        ("{{ range until 4000000 }}{{ range until 4000000 }}{{ end }}{{ end }}", steps),
        (r#"{{ $x := "abcdefgh" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}"#, steps),
        (
            r#"{{ $x := "abcdefgh" }}{{ range 60 }}{{ $x = cat $x $x }}{{ end }}"#,
            "text is too long to be built",
        ),
        (r"{{ $x := list 1 }}{{ range 60 }}{{ $x = concat $x $x }}{{ end }}", steps),
    ];
    all_end(&cases, 2_000_000);
}

#[test]
fn counts() {
    let random = "a random text of so many bytes does not fit";
    let (text, list) = ("text is too long to be built", "list is too long to be built");
    let cases = [
        ("{{ until 1000000000 }}", list),
        ("{{ untilStep 0 1000000000 1 }}", list),
        ("{{ untilStep 0 9223372036854775807 9223372036854775806 | len }}", "1 bytes"),
        ("{{ seq 1 1000000000 }}", list),
        (r#"{{ repeat 1000000000 "x" }}"#, text),
        (r#"{{ indent 1000000000 "x" }}"#, text),
        (r#"{{ nindent 1000000000 "x" }}"#, text),
        ("{{ randAlphaNum 1000000000 }}", random),
        ("{{ randBytes 1000000000 }}", random),
        (r#"{{ printf "%1000000000d" 1 }}"#, "bytes"),
        (r#"{{ printf "%.1000000000f" 1.5 }}"#, "bytes"),
        (r#"{{ printf "%*d" 1000000000 1 }}"#, "bytes"),
        (r#"{{ regexReplaceAll "" (repeat 1000000 "x") (repeat 1000000 "y") }}"#, text),
        (r#"{{ replace "" (repeat 1000000 "y") (repeat 1000000 "x") }}"#, text),
        (r#"{{ join (repeat 1000000 "x") (until 1000000) }}"#, text),
        (r#"{{ wrapWith 1 (repeat 1000000 "y") (repeat 1000000 "x ") }}"#, text),
        (r#"{{ splitn "" 1000000000 "abc" | len }}"#, "1 bytes"),
        (r#"{{ regexSplit "" "abc" 1000000000 | len }}"#, "1 bytes"),
        (r"{{ round 1.5 1000000000 }}", "bytes"),
        (r#"{{ genPrivateKey "ecdsa" | len }}"#, "3 bytes"),
        (r#"{{ htpasswd "u" "p" | len }}"#, "2 bytes"),
        (r#"{{ derivePassword 1 "long" "p" "u" "s" | len }}"#, "2 bytes"),
        ("{{ div -9223372036854775808 -1 }}", "20 bytes"),
    ];
    all_end(&cases, Options::default().fuel);
}

#[test]
fn patterns() {
    let cases = [
        (r#"{{ regexMatch "(a*)*b" (repeat 100000 "a") }}"#, "5 bytes"),
        (r#"{{ regexMatch "(x+x+)+y" (repeat 100000 "x") }}"#, "5 bytes"),
        // Go ignores the error of this one
        (r#"{{ regexMatch "((a{100}){100}){100}" "a" }}"#, "5 bytes"),
        (r#"{{ mustRegexMatch "((a{100}){100}){100}" "a" }}"#, "invalid repeat count: `{100}`"),
        (r#"{{ mustRegexMatch "a{1001}" "a" }}"#, "invalid repeat count: `{1001}`"),
        (r#"{{ mustRegexMatch (repeat 10000 "(") "a" }}"#, "((`"),
    ];
    all_end(&cases, Options::default().fuel);
}

#[test]
fn calls_of_oneself() {
    let cases = [
        (r#"{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}"#, "nest too deeply"),
        (r#"{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}"#, "(100000)"),
        (r#"{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t "Template" .Template) }}"#, "nest too deeply"),
        (r#"{{ $t := "{{ tpl .t . }} x" }}{{ tpl $t (dict "t" $t) }}"#, "nest too deeply"),
        (r#"{{ tpl (repeat 100000 "{{ if . }}") . }}"#, "max expression depth exceeded"),
        (
            r#"{{ tpl (printf "{{ %s1%s }}" (repeat 100000 "(") (repeat 100000 ")")) . }}"#,
            "max expression depth exceeded",
        ),
    ];
    all_end(&cases, Options::default().fuel);
}

#[test]
fn a_map_in_itself() {
    let own = r#"{{ $m := dict "a" 1 }}{{ $_ := set $m "own" $m }}"#;
    let (printed, copied) = ("value nests too deeply to be printed", "values nest too deeply");
    let cycle = "json: unsupported value: encountered a cycle via map[string]interface {}";
    let cases = [
        ("print $m", printed),
        ("printf \"%v %#v\" $m $m", printed),
        ("toString $m", printed),
        ("quote $m", printed),
        ("cat $m", printed),
        ("join \",\" (list $m)", printed),
        ("toStrings (list $m)", printed),
        ("eq $m $m", printed),
        // Helm returns nothing where Go's library fails
        ("toYaml $m", "0 bytes"),
        ("toJson $m", "0 bytes"),
        ("mustToJson $m", cycle),
        ("toRawJson $m", cycle),
        ("toToml $m | len", " bytes"),
        ("toYamlPretty $m", "encountered a cycle via map[string]interface {}"),
        ("deepCopy $m", copied),
        ("mergeOverwrite (dict) (deepCopy $m)", copied),
        ("merge (dict) $m", printed),
        ("merge $m $m", printed),
        ("deepEqual $m (dict \"a\" 1 \"own\" $m)", "4 bytes"),
        ("without (list $m) $m", "2 bytes"),
        ("hasKey $m \"own\"", "4 bytes"),
        ("index $m \"own\" \"own\" \"a\"", "1 bytes"),
    ];
    let cases = cases.map(|(call, end)| (format!("{own}{{{{ {call} }}}}"), end));
    let cases: Vec<(&str, &str)> = cases.iter().map(|(template, end)| (&**template, *end)).collect();
    all_end(&cases, 1_000_000);
}

#[test]
fn values_that_share_their_parts() {
    let shared = r#"{{ $x := dict "a" 1 }}{{ range 40 }}{{ $x = dict "a" $x "b" $x }}{{ end }}"#;
    let (steps, text) = ("execution takes too many steps", "text is too long to be built");
    let cases = [
        ("deepCopy $x", steps),
        ("deepEqual $x (set (dict) \"a\" $x)", "5 bytes"),
        ("merge (dict) $x (dict) $x | len", "1 bytes"),
        ("print $x", "text is too long to be printed"),
        ("toYaml $x", text),
        ("toJson $x", text),
        ("toToml $x | trunc 40", "28 bytes"),
    ];
    let cases = cases.map(|(call, end)| (format!("{shared}{{{{ {call} }}}}"), end));
    let cases: Vec<(&str, &str)> = cases.iter().map(|(template, end)| (&**template, *end)).collect();
    all_end(&cases, 1_000_000);
}

#[test]
fn data_that_nests() {
    let deep = |call: &str| {
        format!(
            "{{{{ $x := list }}}}{{{{ range 100000 }}}}{{{{ $x = list $x }}}}{{{{ end }}}}{{{{ {call} }}}}"
        )
    };
    let nested = "values nest too deeply";
    let level =
        |name: &str, below: &str| format!("{name}: &{name} [{}]", vec![format!("*{below}"); 9].join(", "));
    let names: Vec<String> = ('b'..='k').map(String::from).collect();
    let below = std::iter::once("a".to_owned()).chain(names.iter().cloned());
    let levels: Vec<String> = names.iter().zip(below).map(|(name, below)| level(name, &below)).collect();
    let laughs = format!("a: &a [x]\\n{}", levels.join("\\n"));
    let laughs = format!("{{{{ (fromYaml \"{laughs}\").Error }}}}");
    let cases = [
        (r#"{{ (fromYaml (repeat 100000 "[")).Error }}"#.to_owned(), "64 bytes"),
        (r#"{{ first (fromYamlArray (repeat 100000 "[")) }}"#.to_owned(), "64 bytes"),
        (r#"{{ (fromYaml (repeat 100000 "- ")).Error }}"#.to_owned(), "64 bytes"),
        (r#"{{ (fromYaml (repeat 100000 "{a: ")).Error }}"#.to_owned(), "64 bytes"),
        (r#"{{ (fromYaml (repeat 100000 "? ")).Error }}"#.to_owned(), "64 bytes"),
        (laughs, "73 bytes"),
        (r#"{{ (fromJson (repeat 100000 "[")).Error }}"#.to_owned(), "22 bytes"),
        (r#"{{ fromToml (print "a = " (repeat 1000000 "[")) }}"#.to_owned(), nested),
        (r#"{{ fromToml (print "a = " (repeat 1000000 "{a = ")) }}"#.to_owned(), nested),
        (r#"{{ fromToml (print (repeat 1000000 "a.") "a = 1") }}"#.to_owned(), nested),
        (r#"{{ fromToml (print "[" (repeat 1000000 "a.") "a]") }}"#.to_owned(), nested),
        (r#"{{ (fromToml (repeat 300 "[a.b.c]\n[[d]]\n")).Error | len }}"#.to_owned(), "2 bytes"),
        (r#"{{ mustFromJson (repeat 100000 "{\"a\":") }}"#.to_owned(), nested),
        (deep("toYaml $x"), nested),
        (deep("toJson $x"), nested),
        (deep("deepCopy $x"), nested),
        (deep("deepEqual $x (list (list $x))"), nested),
        (deep("print $x"), "value nests too deeply to be printed"),
        (deep("len $x"), "1 bytes"),
    ];
    let cases: Vec<(&str, &str)> = cases.iter().map(|(template, end)| (&**template, *end)).collect();
    all_end(&cases, Options::default().fuel);
}

#[test]
fn files_that_nest() {
    let of = |files: &[(&str, &str)]| match render(files, 1) {
        Ok(text) | Err(text) => text,
    };
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000)] {
        let reason = "error converting YAML to JSON: yaml: exceeded max depth of 10000";
        assert_eq!(of(&[("values.yaml", &text)]), format!("cannot load values.yaml: {reason}"));
        assert_eq!(of(&[("requirements.yaml", &text)]), format!("cannot load requirements.yaml: {reason}"));
    }
    let values = format!("a: {}", "x".repeat(1000));
    let schema = |schema: &str| of(&[("values.yaml", &values), ("values.schema.json", schema)]);
    let nested = "{\"not\": ".repeat(100_000);
    assert!(schema(&nested).contains("exceeded max depth"), "{}", schema(&nested));
    for cycle in [r##"{"$ref": "#"}"##, r##"{"properties": {"a": {"$ref": "#/properties/a"}}}"##] {
        assert!(schema(cycle).ends_with("causing reference cycle\n"), "{}", schema(cycle));
    }
    let nested = format!("{}x{}", "{a: ".repeat(200), "}".repeat(200));
    let recursive = r##"{"properties": {"a": {"allOf": [{"anyOf": [{"$ref": "#"}]}]}}, "maxLength": 0}"##;
    let found = of(&[("values.yaml", &nested), ("values.schema.json", recursive)]);
    assert!(found.ends_with("maxLength: got 1, want 0\n"), "{found}");
    let pattern = schema(r#"{"properties": {"a": {"pattern": "(x+x+)+y"}}}"#);
    assert!(pattern.ends_with("does not match pattern '(x+x+)+y'\n"), "{pattern}");
}
