//! Laws that hold for all pairs of values.

use mwrender_diagnostic::Pos;
use mwrender_diff::align::align;
use mwrender_diff::data::changes;
use mwrender_diff::partly::partly;
use mwrender_diff::words::changed_words;
use mwrender_diff::{Line, Tag, diff_objects, lines};
use mwrender_values::{Data, Entry, Map, Value, convert, read};
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::Arc;

fn map(entries: Vec<(String, Value)>) -> Value {
    let entry = |(k, value): (String, Value)| (Arc::from(k), Entry { key_origin: Pos::NONE, value });
    Value::new(Data::Map(Arc::new(entries.into_iter().map(entry).collect::<Map>())), Pos::NONE)
}

fn list(items: Vec<Value>) -> Value {
    Value::new(Data::List(Arc::new(items)), Pos::NONE)
}

fn text() -> impl Strategy<Value = String> {
    let words = [
        "", "a", "b", "true", "1", "null", "a: b", "- a", "# a", "a\nb", "a\nb\n", "a\nc\n", "\na\n",
        " a\nb\n", "a\n\n", "a \nb\n", "{}", "'", "\"", "a\tb", "é",
    ];
    proptest::sample::select(words.to_vec()).prop_map(str::to_owned)
}

/// Few keys and texts, so that two values have much in common.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => text().prop_map(Value::string),
        2 => (0..4i64).prop_map(|n| convert::from_json(&n.into(), Pos::NONE)),
        1 => any::<bool>().prop_map(|b| Value::new(Data::Bool(b), Pos::NONE)),
        1 => Just(Value::new(Data::Null, Pos::NONE)),
    ];
    let keys = ["name", "containers", "env", "ports", "data", "config.json", "a b", "1", "yes", ""];
    let key = proptest::sample::select(keys.to_vec()).prop_map(str::to_owned);
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![vec(inner.clone(), 0..5).prop_map(list), vec((key.clone(), inner), 0..5).prop_map(map),]
    })
}

/// A value and one that came of it by a change or two.
fn similar() -> impl Strategy<Value = (Value, Value)> {
    (value(), value(), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(a, b, i, j)| {
        let changed = match &a.data {
            Data::List(items) if !items.is_empty() => {
                let mut items = (**items).clone();
                let at = i.index(items.len());
                match j.index(4) {
                    0 => items.insert(at, b),
                    1 => drop(items.remove(at)),
                    2 => items[at] = b,
                    _ => items.rotate_left(at),
                }
                list(items)
            }
            Data::Map(entries) if !entries.is_empty() => {
                let mut entries = (**entries).clone();
                let at = i.index(entries.len());
                if j.index(2) == 0 {
                    entries[at].value = b;
                } else {
                    entries.shift_remove_index(at);
                }
                Value::new(Data::Map(Arc::new(entries)), Pos::NONE)
            }
            _ => b,
        };
        (a, changed)
    })
}

fn pairs() -> impl Strategy<Value = (Value, Value)> {
    prop_oneof![similar(), (value(), value())]
}

fn kind() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec!["Deployment", "Service", "ConfigMap"])
}

/// The lines of one side.
fn side(lines: &[Line], other: Tag) -> String {
    lines.iter().filter(|l| l.tag != other).flat_map(|l| [&*l.text, "\n"]).collect()
}

fn parse(text: &str) -> Value {
    read::read(text, Pos::NONE).unwrap_or_else(|e| panic!("{}:\n{text}", e.headline)).into_value()
}

proptest! {
    /// A thing does not differ from itself.
    #[test]
    fn nothing_differs_from_itself(value in value(), kind in kind()) {
        prop_assert!(diff_objects(kind, &value, &value).iter().all(|l| l.tag == Tag::Equal));
        prop_assert!(changes(&value, &value).is_empty());
        if let Some(items) = value.as_list() {
            prop_assert!(align(items, items).into_iter().eq((0..items.len()).map(Some)));
        }
    }

    /// Line ends of other systems are a difference, too.
    #[test]
    fn line_ends_are_told(lines in vec("[ab]{0,2}", 2..5), at in any::<prop::sample::Index>()) {
        let mut other = lines.clone();
        other[at.index(lines.len())].push('\r');
        let text = |lines: &[String]| Value::string(lines.join("\n") + "\n");
        let told = diff_objects("ConfigMap", &text(&lines), &text(&other));
        prop_assert_eq!(told.iter().filter(|l| l.tag == Tag::Insert && l.text.ends_with('␍')).count(), 1);
    }

    /// What differs is told, in lines and as data.
    #[test]
    fn differences_are_told((old, new) in pairs(), kind in kind()) {
        let differs = old != new;
        prop_assert_eq!(diff_objects(kind, &old, &new).iter().any(|l| l.tag != Tag::Equal), differs);
        prop_assert_eq!(!changes(&old, &new).is_empty(), differs);
    }

    /// Without the lines that are gone all lines of the new value are left, without the new ones all of the old value.
    /// A dash may be on the other side's line, and keys in the other side's order.
    #[test]
    fn lines_give_either_side((old, new) in pairs(), kind in kind()) {
        let lines = diff_objects(kind, &old, &new);
        let bare = |lines: &[Line], other: Tag| {
            let mut bare: Vec<String> = lines
                .iter()
                .filter(|l| l.tag != other)
                .map(|l| l.text.trim_start_matches([' ', '-']).to_string())
                .filter(|l| !l.is_empty())
                .collect();
            bare.sort();
            bare
        };
        let whole = |value: &Value| bare(&lines::all_lines(value, Tag::Equal), Tag::Delete);
        prop_assert_eq!(bare(&lines, Tag::Delete), whole(&new));
        prop_assert_eq!(bare(&lines, Tag::Insert), whole(&old));
    }

    /// All lines of a value are the value.
    #[test]
    fn whole_objects_are_their_lines(value in value()) {
        let lines = lines::all_lines(&value, Tag::Insert);
        prop_assert_eq!(parse(&side(&lines, Tag::Delete)), value);
    }

    /// Each item of the old list stands for one of the new list at most, and equal lists for each other.
    #[test]
    fn alignment_is_one_to_one(old in vec(value(), 0..8), new in vec(value(), 0..8)) {
        let pairs = align(&old, &new);
        prop_assert_eq!(pairs.len(), new.len());
        let mut used: Vec<usize> = pairs.iter().flatten().copied().collect();
        prop_assert!(used.iter().all(|i| *i < old.len()));
        used.sort_unstable();
        used.windows(2).for_each(|w| assert_ne!(w[0], w[1]));
        // an item that both begin or end with is one of a pair
        if old.first().is_some_and(|first| Some(first) == new.first()) && old.len() == new.len() {
            prop_assert!(pairs[0].is_some());
        }
    }

    /// What words leave is the same on both sides, and the ranges are of the lines.
    #[test]
    fn words_leave_what_is_common(old in "[ab .:0-9]{0,20}", new in "[ab .:0-9]{0,20}") {
        if let Some((left, right)) = changed_words(&old, &new) {
            let without = |text: &str, ranges: &[std::ops::Range<usize>]| {
                let mut rest = String::new();
                let mut at = 0;
                for range in ranges {
                    rest.push_str(&text[at..range.start]);
                    at = range.end;
                }
                rest + &text[at..]
            };
            prop_assert_eq!(without(&old, &left), without(&new, &right));
        }
    }
}

proptest! {
    /// With all changes a value is the new one, with none the old one, and what is not taken is what still changes.
    #[test]
    fn some_changes((old, new) in similar(), mask in any::<u64>()) {
        prop_assert_eq!(&partly(&old, &new, &mut |_| true), &new);
        prop_assert_eq!(&partly(&old, &new, &mut |_| false), &old);
        let all: Vec<String> = changes(&old, &new).iter().map(|c| c.path.to_string()).collect();
        let mut asked = Vec::new();
        partly(&old, &new, &mut |path| {
            asked.push(path.to_string());
            mask >> (asked.len() % 64) & 1 == 1
        });
        asked.sort();
        let mut all = all;
        all.sort();
        prop_assert_eq!(asked, all);
    }
}
