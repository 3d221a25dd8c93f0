//! Laws that hold for all streams.

use mwrender_diagnostic::Pos;
use mwrender_manifest::{Object, documents, order, read_stream};
use mwrender_values::emit::yaml::{YamlStyle, to_string};
use mwrender_values::{Data, Entry, Map, Value};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::Arc;

fn map(entries: Vec<(String, Value)>) -> Value {
    let entry = |(k, value): (String, Value)| (Arc::from(k), Entry { key_origin: Pos::NONE, value });
    Value::new(Data::Map(Arc::new(entries.into_iter().map(entry).collect::<Map>())), Pos::NONE)
}

/// Texts with what may be taken for a separator.
fn text() -> impl Strategy<Value = String> {
    let words = [
        "",
        "a",
        "---",
        "a\n---\nb",
        "\n---",
        "--- # no",
        "...",
        "# no comment",
        "a: b",
        "- x",
        "\n\n",
        "é\n",
    ];
    prop_oneof![proptest::sample::select(words.to_vec()).prop_map(str::to_owned), "[a-c:#\n -]{0,12}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        text().prop_map(Value::string),
        any::<bool>().prop_map(|b| Value::new(Data::Bool(b), Pos::NONE)),
        Just(Value::new(Data::Null, Pos::NONE)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|v| Value::new(Data::List(Arc::new(v)), Pos::NONE)),
            vec((text(), inner), 0..4).prop_map(map),
        ]
    })
}

fn object() -> impl Strategy<Value = Value> {
    let kinds = ["ConfigMap", "Secret", "Deployment", "Whatever"];
    (proptest::sample::select(kinds.to_vec()), "[a-z]{1,5}", "[a-z]{0,2}", value()).prop_map(
        |(kind, name, namespace, data)| {
            let text = |t: &str| Value::string(t);
            map(vec![
                ("apiVersion".to_string(), text("v1")),
                ("kind".to_string(), text(kind)),
                (
                    "metadata".to_string(),
                    map(vec![("name".to_string(), text(&name)), ("namespace".to_string(), text(&namespace))]),
                ),
                ("data".to_string(), data),
            ])
        },
    )
}

fn stream(objects: &[Value], separator: &str) -> String {
    objects.iter().flat_map(|o| [separator.to_string(), to_string(o, YamlStyle::default())]).collect()
}

proptest! {
    /// What is written is read back, whatever stands between the documents, and each knows its own text.
    #[test]
    fn what_is_written_is_read(
        objects in vec(object(), 0..5),
        separator in proptest::sample::select(vec!["---\n", "--- # next\n", "---\n# Source: a\n", "---\n---\n\n"]),
    ) {
        let text = stream(&objects, separator);
        let read = read_stream(&text).expect("what we write is YAML");
        let values: Vec<&Value> = read.objects.iter().map(|o| &o.value).collect();
        prop_assert_eq!(&values, &objects.iter().collect::<Vec<_>>());
        prop_assert_eq!(documents(&text).len(), objects.len());
        for object in &read.objects {
            let again = read_stream(&text[object.range.clone()]).expect("a part of it is YAML, too");
            prop_assert_eq!(&again.objects[0].value, &object.value);
            prop_assert_eq!(&again.objects[0].key, &object.key);
        }
    }

    /// A `List` is the objects in it.
    #[test]
    fn lists_are_their_items(objects in vec(object(), 0..5)) {
        let list = map(vec![
            ("apiVersion".to_string(), Value::string("v1")),
            ("kind".to_string(), Value::string("List")),
            ("items".to_string(), Value::new(Data::List(Arc::new(objects.clone())), Pos::NONE)),
        ]);
        let of = |text: &str| -> Vec<Object> { read_stream(text).expect("YAML").objects };
        let (single, listed) = (of(&stream(&objects, "---\n")), of(&stream(&[list], "---\n")));
        prop_assert!(single.iter().map(|o| &o.value).eq(listed.iter().map(|o| &o.value)));
    }

    /// Documents lie apart, in order, and hold everything that is no separator, blank or comment.
    #[test]
    fn documents_lie_apart(text in "(---|[a-c:# -]{0,3}|\n){0,20}") {
        let found = documents(&text);
        prop_assert!(found.windows(2).all(|w| w[0].end <= w[1].start));
        let kept: usize = found.iter().map(|r| text[r.clone()].matches(['a', 'b', 'c']).count()).sum();
        let content = |line: &str| {
            let rest = line.strip_prefix("---").filter(|r| r.is_empty() || r.starts_with(char::is_whitespace));
            rest.unwrap_or(line).trim_start().to_string()
        };
        let all: usize = text
            .lines()
            .map(content)
            .filter(|l| !l.starts_with('#'))
            .map(|l| l.matches(['a', 'b', 'c']).count())
            .sum();
        prop_assert!(kept >= all, "{} of {}: {:?}", kept, all, found);
    }

    /// Nothing that is read panics, and faults have a place in the text.
    #[test]
    fn no_stream_panics(text in "(---|apiVersion: v1|kind: List|items:|metadata: \\{name: x\\}|[\\[\\]{}:,&*#'\"\t -]|[a-c]|\n){0,30}") {
        if let Err(fault) = read_stream(&text) {
            let at = fault.primary_span().and_then(|s| s.start.local_offset());
            prop_assert!(at.is_some_and(|at| at as usize <= text.len()), "{:?}", fault);
        }
    }

    /// The order of kinds that Helm does not know is one rank, behind all others.
    #[test]
    fn unknown_kinds_come_last(kind in "[A-Z][a-z]{2,8}x") {
        prop_assert!(order::rank(&kind) > order::rank("Ingress"));
    }
}
