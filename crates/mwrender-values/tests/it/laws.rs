//! Laws that hold for all values.

use mwrender_diagnostic::Pos;
use mwrender_values::coalesce::{NullHandling, coalesce, merge};
use mwrender_values::emit::{Sink, json, yaml};
use mwrender_values::path::{Path, leaves, walk};
use mwrender_values::{Data, Entry, Map, Number, NumberKind, Value, convert, read};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::Arc;

/// Texts with a bias for what YAML stumbles over.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let words = [
        "",
        "yes",
        "n",
        "~",
        "017",
        "0x1f",
        "1:30",
        "2001-01-01",
        ".5",
        "1e3",
        "-",
        "---",
        "...",
        "? a",
        ": a",
        "a:",
        "a: b",
        "a #b",
        "<<",
        "it's",
        "\"q\"",
        "\\",
        "\u{85}",
        "\u{2028}",
        "\u{FEFF}x",
        "\u{1F600}",
        "\r",
        "\t",
        "!x",
        "1e400",
        "a\n",
        "a\n\n",
        "\n",
        "  a\nb",
        "a\n b",
        "a \nb",
        "k: |\n  x",
        "null",
        "=",
        "0b1",
        "+1",
        "%a",
        "@a",
    ];
    prop_oneof![
        3 => "[a-c]{0,3}",
        3 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned),
        2 => "[ \n\ta-c'\":#-]{0,14}",
        1 => "([a-z]{1,9} {1,2}){8,30}[a-z]",
        1 => any::<String>(),
    ]
}

fn number() -> impl Strategy<Value = Number> {
    let kind = prop_oneof![
        any::<i64>().prop_map(NumberKind::Int),
        (0..100i64).prop_map(NumberKind::Int),
        (i64::MAX as u64 + 1..).prop_map(NumberKind::Uint),
        proptest::num::f64::NORMAL.prop_map(NumberKind::Float),
        (-1e6..1e6).prop_map(NumberKind::Float),
    ];
    kind.prop_map(|kind| {
        let spelling = match kind {
            NumberKind::Int(i) => i.to_string(),
            NumberKind::Uint(u) => u.to_string(),
            NumberKind::Float(f) => f.to_string(),
        };
        Number { kind, spelling: spelling.into(), int64: false }
    })
}

fn map_of(entries: Vec<(String, Value)>) -> Value {
    let entry = |(k, value): (String, Value)| (Arc::from(k), Entry { key_origin: Pos::NONE, value });
    Value::new(Data::Map(Arc::new(entries.into_iter().map(entry).collect::<Map>())), Pos::NONE)
}

pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Data::Null).prop_map(|d| Value::new(d, Pos::NONE)),
        1 => any::<bool>().prop_map(|b| Value::new(Data::Bool(b), Pos::NONE)),
        2 => number().prop_map(|n| Value::new(Data::Number(n), Pos::NONE)),
        4 => text().prop_map(Value::string),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(|v| Value::new(Data::List(Arc::new(v)), Pos::NONE)),
            vec((text(), inner), 0..5).prop_map(map_of),
        ]
    })
}

/// Maps with few keys, so that layers meet.
fn layer() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::new(Data::Null, Pos::NONE)),
        (0..9i64).prop_map(|i| convert::from_json(&i.into(), Pos::NONE)),
        vec(0..9i64, 0..3).prop_map(|l| convert::from_json(&l.into(), Pos::NONE)),
    ];
    let inner = leaf.prop_recursive(3, 30, 4, |inner| vec(("[a-d]", inner), 0..4).prop_map(map_of));
    vec(("[a-d]", inner), 0..5).prop_map(map_of)
}

fn read_one(text: &str) -> Value {
    read::read(text, Pos::from_raw(1)).unwrap_or_else(|e| panic!("{e:?}\n{text}")).into_value()
}

/// Counts how entering and leaving match, and keeps the text.
#[derive(Default)]
struct Checked {
    text: String,
    depth: usize,
    entered: usize,
}

impl Sink for Checked {
    fn text(&mut self, text: &str) {
        assert!(self.depth > 0, "text outside of every value");
        assert!(!text.trim_end_matches('\n').contains('\n') && !text.ends_with("\n\n"), "{text:?}");
        self.text.push_str(text);
    }

    fn enter(&mut self, _: &Value, _: Pos) {
        self.depth += 1;
        self.entered += 1;
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn yaml_reads_back(value in value(), width in proptest::option::of(10..90usize), sorted: bool, canonical: bool) {
        let keys = if sorted { yaml::KeyOrder::Go } else { yaml::KeyOrder::Source };
        let style = yaml::YamlStyle { keys, width, canonical_numbers: canonical, verbatim: false, v3: false };
        let text = yaml::to_string(&value, style);
        prop_assert_eq!(&read_one(&text), &value, "{}", text);
        prop_assert_eq!(&yaml::to_string(&value, style), &text);
        // what was read is written in the same way again
        prop_assert_eq!(yaml::to_string(&read_one(&text), style), text);
    }

    #[test]
    fn json_reads_back(value in value(), indent in 0..4usize, go_escapes: bool) {
        let style = json::JsonStyle { indent, go_escapes, ..Default::default() };
        let text = json::to_string(&value, style);
        let back: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        prop_assert_eq!(convert::from_json(&back, Pos::NONE), value.clone());
        prop_assert_eq!(convert::from_json(&convert::to_json(&value), Pos::NONE), value);
    }

    #[test]
    fn sinks_get_the_same_text(value in value()) {
        let mut sink = Checked::default();
        yaml::write(&value, yaml::YamlStyle::GO, &mut sink);
        prop_assert_eq!(sink.depth, 0);
        let mut nodes = 0;
        walk(&value, &mut |_, _, _| nodes += 1);
        prop_assert_eq!(sink.entered, nodes);
        prop_assert_eq!(sink.text, yaml::to_string(&value, yaml::YamlStyle::GO));
        let mut sink = Checked::default();
        json::write(&value, json::JsonStyle { indent: 2, ..Default::default() }, &mut sink);
        prop_assert_eq!((sink.depth, sink.entered), (0, nodes));
    }

    #[test]
    fn every_leaf_has_an_origin_in_the_text(value in value()) {
        let text = yaml::to_string(&value, yaml::YamlStyle::default());
        let base = 1000;
        let read = read::read(&text, Pos::from_raw(base)).expect("own YAML").into_value();
        let inside = |pos: Pos| (base..=base + text.len() as u32).contains(&pos.raw());
        for (path, leaf) in leaves(&read) {
            prop_assert!(inside(leaf.origin), "{path}");
            prop_assert_eq!(path.lookup(&read), Some(leaf));
            if let Data::String(t) = &leaf.data && let Some(lines) = &t.lines {
                let count = t.text.matches('\n').count() + usize::from(!t.text.ends_with('\n'));
                prop_assert_eq!(lines.len(), count);
                prop_assert!(lines.iter().all(|l| inside(*l)) && lines.is_sorted());
            }
        }
    }

    #[test]
    fn sinks_hear_of_every_line(lines in vec("[a-c #:\"]{0,4}", 2..6)) {
        struct Lines(Vec<Pos>);
        impl Sink for Lines {
            fn text(&mut self, _: &str) {}
            fn line(&mut self, origin: Pos) {
                self.0.push(origin);
            }
        }
        let value = read::verbatim(&lines.join("\n"), Pos::from_raw(1));
        let Data::String(text) = &value.data else { unreachable!("it is a text") };
        let known = text.lines.as_deref().unwrap_or_default();
        let mut sink = Lines(Vec::new());
        yaml::write(&value, yaml::YamlStyle::default(), &mut sink);
        prop_assert_eq!(&*sink.0, known);
        let mut sink = Lines(Vec::new());
        json::write(&value, json::JsonStyle::default(), &mut sink);
        prop_assert_eq!(&*sink.0, known);
    }

    #[test]
    fn layers(a in layer(), b in layer(), c in layer()) {
        let empty = Value::empty_map(Pos::NONE);
        let all = merge(&[a.clone(), b.clone(), c.clone()]).value;
        prop_assert_eq!(&merge(&[a.clone(), empty.clone(), b.clone(), empty.clone(), c.clone()]).value, &all);
        // in steps or at once
        let step = merge(&[merge(&[a.clone(), b.clone()]).value, c.clone()]).value;
        prop_assert_eq!(&step, &all);
        // nothing of the highest layer is lost
        for (path, leaf) in leaves(&c) {
            if leaf.as_map().is_none() {
                prop_assert_eq!(path.lookup(&all), Some(leaf));
            }
        }
        prop_assert_eq!(&coalesce(&empty, &all, NullHandling::Keep).value, &all);
        prop_assert_eq!(&merge(&[a.clone(), all.clone()]).value, &coalesce(&a, &all, NullHandling::Keep).value);
        // what a null deleted is listed
        let values = coalesce(&a, &c, NullHandling::default());
        for gone in &values.deleted {
            prop_assert!(gone.path.lookup(&values.value).is_none());
            prop_assert!(gone.path.lookup(&a).is_some());
            prop_assert_eq!(gone.null.value.losers().count(), 1);
        }
    }

    #[test]
    fn paths_read_back(keys in vec(text(), 0..4), index: usize) {
        let mut path = keys.into_iter().fold(Path::default(), Path::key).index(index);
        prop_assert_eq!(&path.to_string().parse::<Path>().expect("own path"), &path);
        path.pop();
        prop_assert_eq!(path.to_string().parse::<Path>().expect("own path"), path);
    }
}
