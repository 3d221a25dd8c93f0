//! The law of origins for Helm's functions: if one value changes, each line of the output that differs names it.

use std::collections::HashSet;
use std::sync::Arc;

use mwrender_diagnostic::Pos;
use mwrender_gotemplate::{Map, MissingKey, Origin, Run, Set, Str, Value};
use mwrender_helm::functions::functions;
use mwrender_values::{Data, Text, Value as Tree};

use crate::functions::value;

const VALUES: &str = r"
plain: word
number: 8080
list: [a, {b: c}, [1, 2]]
map:
  inner: {deep: true, other: null}
  text: |
    one
    two
yaml: |
  first: 1
  second:
    - x
    - third: y
json: '[true, {}]'
date: '2020-01-02'
version: 1.2.3
";

const TEMPLATES: [&str; 21] = [
    "{{ toYaml .Values }}",
    "{{ toYamlPretty .Values }}",
    "{{ toPrettyJson .Values }}",
    "{{ toJson .Values }}\n{{ toRawJson .Values.map }}",
    "{{ range $k, $v := .Values }}{{ $k }}: {{ toJson $v }}\n{{ end }}",
    "{{ toYaml .Values.map }}\n---\n{{ toYaml .Values.list }}",
    "{{ with fromYaml .Values.yaml }}{{ .first }}\n{{ .second }}\n{{ toYaml . }}{{ end }}",
    "{{ with fromJsonArray .Values.json }}{{ index . 0 }}\n{{ toYaml . }}{{ end }}",
    "{{ toYaml (fromYaml (toYaml .Values)) }}",
    "{{ toYaml (fromJson (toJson .Values)) }}",
    "{{ toPrettyJson (fromYaml (toYamlPretty .Values.map)) }}",
    "{{ define \"x\" }}a: {{ .Values.plain }}\nb:\n{{ if .Values.number }}  c: 1\n{{ end }}{{ end }}{{ toYaml (fromYaml (include \"x\" .)) }}",
    "{{ define \"x\" }}- {{ .Values.plain }}\n- {{ .Values.number }}\n{{ end }}{{ range fromYamlArray (include \"x\" .) }}{{ . }}\n{{ end }}",
    "a\n{{ sha256sum (toYaml .Values.map) }}\n{{ sha1sum .Values.plain }}\n{{ adler32sum .Values.plain }}",
    "{{ fromYaml .Values.plain }}\n{{ fromJson .Values.plain }}\n{{ fromJsonArray .Values.json }}",
    "{{ (toDate \"2006-01-02\" .Values.date).Year }}\n{{ htmlDate (toDate \"2006-01-02\" .Values.date) }}",
    "{{ semverCompare \">1\" \"1.2.3\" }}\n{{ urlParse .Values.plain }}",
    "{{ toToml .Values.map }}",
    "{{ define \"x\" }}{{ .Values.plain }} {{ .Values.number }}\nline two {{ .Values.map.text }}{{ end }}{{ $m := .Values.map }}{{ toYaml (fromYaml (toYaml $m)) }}\n{{ toJson (include \"x\" .) }}",
    "{{ if .Values.plain }}{{ toYaml .Values.list }}{{ end }}\n{{ toJson .Values.list | sha512sum }}",
    "{{ toYaml (sha256sum .Values.plain) }}\n{{ getHostByName .Values.plain }}x",
];

/// The leaves of a tree.
fn count(tree: &Tree) -> usize {
    match &tree.data {
        Data::List(items) => items.iter().map(count).sum(),
        Data::Map(map) => map.values().map(|entry| count(&entry.value)).sum(),
        _ => 1,
    }
}

/// The tree with another value for a leaf, at the same place; and that place.
fn changed(tree: &Tree, leaf: &mut usize, to: &Data, place: &mut Pos) -> Tree {
    let data = match &tree.data {
        Data::List(items) => {
            Data::List(Arc::new(items.iter().map(|item| changed(item, leaf, to, place)).collect()))
        }
        Data::Map(map) => {
            let mut map = (**map).clone();
            for entry in map.values_mut() {
                entry.value = changed(&entry.value, leaf, to, place);
            }
            Data::Map(Arc::new(map))
        }
        other => {
            let data = if *leaf == 0 {
                *place = tree.origin;
                to.clone()
            } else {
                other.clone()
            };
            *leaf = leaf.wrapping_sub(1);
            data
        }
    };
    Tree { data, ..tree.clone() }
}

/// Each line of the output with the origins that it names.
fn lines(set: &Set, tree: &Tree) -> Option<Vec<(Vec<u8>, HashSet<Origin>)>> {
    let data = Value::from(Map::from_iter([(Str::from("Values"), value(tree))]));
    let mut run = Run::new().track();
    let output = set.execute("t", &data, &mut run).ok()?;
    let trace = run.trace().expect("the run tracks");
    let mut lines = Vec::new();
    let mut start = 0;
    for line in output.text.split_inclusive(|b| *b == b'\n') {
        let end = start + line.len();
        let touches = |piece: &&mwrender_gotemplate::Piece| {
            let range = piece.range();
            range.start < end && range.end > start || range.is_empty() && (start..=end).contains(&range.start)
        };
        let causes = output.pieces.iter().filter(touches).flat_map(|piece| trace.causes(piece));
        lines.push((line.to_vec(), causes.map(|(origin, _)| origin).collect()));
        start = end;
    }
    Some(lines)
}

#[test]
fn lines_that_differ_name_what_changed() {
    let tree = mwrender_values::read::read(VALUES, Pos::from_raw(1)).expect("values").into_value();
    let text = |text: &str| Data::String(Text { text: text.into(), lines: None });
    let others =
        [text("other: 1"), text("x\ny: z\n"), Data::Bool(false), Data::Null, text("2021-03-04"), text("")];
    let mut compared = 0;
    for template in TEMPLATES {
        let mut set = Set::new(functions()).missing_key(MissingKey::Zero);
        set.parse("t", template).unwrap_or_else(|error| panic!("{template}: {error}"));
        let Some(before) = lines(&set, &tree) else { continue };
        let known: HashSet<&[u8]> = before.iter().map(|(line, _)| &line[..]).collect();
        for leaf in 0..count(&tree) {
            for other in &others {
                let mut place = Pos::NONE;
                let tree = changed(&tree, &mut leaf.clone(), other, &mut place);
                let Some(after) = lines(&set, &tree) else { continue };
                for (line, origins) in after.iter().filter(|(line, _)| !known.contains(&line[..])) {
                    compared += 1;
                    assert!(
                        origins.contains(&Origin::new(place.raw())),
                        "{template}\n{other:?} at {place:?} is not named by {:?}: {origins:?}",
                        String::from_utf8_lossy(line)
                    );
                }
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

#[test]
fn each_line_names_its_own_leaf() {
    let tree = mwrender_values::read::read("a: 1\nb:\n- x\n- c: z\n", Pos::from_raw(1)).expect("values");
    let tree = tree.into_value();
    let mut set = Set::new(functions()).missing_key(MissingKey::Zero);
    set.parse("t", "{{ toYaml .Values }}").expect("a template");
    let lines = lines(&set, &tree).expect("output");
    let found: Vec<(String, Vec<Option<u32>>)> = lines
        .iter()
        .map(|(line, origins)| {
            let numbers = origins.iter().map(|origin| origin.number()).collect();
            (String::from_utf8_lossy(line).trim().to_owned(), numbers)
        })
        .collect();
    let expected = [("a: 1", 4), ("b:", 9), ("- x", 11), ("- c: z", 18)];
    for ((line, numbers), (text, origin)) in found.iter().zip(expected) {
        assert_eq!(line, text);
        assert!(numbers.contains(&Some(origin)), "{line}: {numbers:?}");
        assert!(numbers.len() <= 2, "{line}: {numbers:?}");
    }
}
