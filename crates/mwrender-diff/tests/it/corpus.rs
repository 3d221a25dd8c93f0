//! Walks `tests/inputs`: each file has an old and a new stream of objects and what comes of them.
//!
//! `-- old --` and `-- new --` are given. `-- => pairs --` are the objects by identity, `-- => lines --` the lines of
//! each pair that differs, with changed words in brackets, `-- => data --` what changed as data, and
//! `-- => impact --` what applying it does.

use crate::sections::{self, sections};
use mwrender_diff::impact::{immutable_changes, replicas, restarts};
use mwrender_diff::words::changed_words;
use mwrender_diff::{Line, Tag, data, diff_objects, lines, pair};
use mwrender_manifest::{Object, read_stream};
use std::fmt::Write;

/// A line with its changed words in brackets.
fn marked(text: &str, words: &[std::ops::Range<usize>]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for range in words {
        out.push_str(&text[at..range.start]);
        out.push('[');
        out.push_str(&text[range.clone()]);
        out.push(']');
        at = range.end;
    }
    out + &text[at..]
}

fn told(lines: &[Line]) -> String {
    let mut out = String::new();
    for (i, line) in lines.iter().enumerate() {
        let beside = match line.tag {
            Tag::Delete => lines.get(i + 1).filter(|l| l.tag == Tag::Insert),
            Tag::Insert => i.checked_sub(1).map(|i| &lines[i]).filter(|l| l.tag == Tag::Delete),
            Tag::Equal => None,
        };
        let words = beside.and_then(|other| match line.tag {
            Tag::Delete => changed_words(&line.text, &other.text).map(|(old, _)| old),
            _ => changed_words(&other.text, &line.text).map(|(_, new)| new),
        });
        let mark = match line.tag {
            Tag::Equal => ' ',
            Tag::Delete => '-',
            Tag::Insert => '+',
        };
        let text = words.map_or_else(|| line.text.clone(), |w| marked(&line.text, &w));
        let embedded = if line.embedded { "|" } else { " " };
        writeln!(out, "{mark}{embedded}{text}").expect("a String takes all");
    }
    out
}

fn run(case: &str) -> String {
    let (mut out, sections) = sections(case);
    let read = |wanted: &str| {
        let text = sections.iter().find(|(name, _)| *name == wanted).map_or("", |(_, body)| body.as_str());
        read_stream(text).expect("a stream of objects").objects
    };
    let (old, new) = (read("old"), read("new"));
    let keyed =
        |objects: &'_ [Object]| objects.iter().map(|o| (o.key.clone(), o.clone())).collect::<Vec<_>>();
    let (a, b) = (keyed(&old), keyed(&new));
    let pairs = pair(a.iter().map(|(k, o)| (k, o)), b.iter().map(|(k, o)| (k, o)));
    let both = || pairs.iter().filter_map(|(key, a, b)| Some((*key, (*a)?, (*b)?)));
    for (name, body) in &sections {
        writeln!(out, "-- {name} --").expect("a String takes all");
        match *name {
            "old" | "new" => out.push_str(body),
            "=> pairs" => {
                for (key, old, new) in &pairs {
                    let what = match (old, new) {
                        (Some(a), Some(b)) if a.value == b.value => "the same",
                        (Some(_), Some(_)) => "changed",
                        (None, _) => "added",
                        (_, None) => "removed",
                    };
                    writeln!(out, "{key}: {what}").expect("a String takes all");
                }
            }
            "=> lines" => {
                for (key, old, new) in &pairs {
                    let lines = match (old, new) {
                        (Some(a), Some(b)) => diff_objects(&key.kind, &a.value, &b.value),
                        (Some(a), None) => lines::all_lines(&a.value, Tag::Delete),
                        (None, Some(b)) => lines::all_lines(&b.value, Tag::Insert),
                        (None, None) => Vec::new(),
                    };
                    out.push_str(&told(&lines));
                }
            }
            "=> data" => {
                for (_, a, b) in both() {
                    for change in data::changes(&a.value, &b.value) {
                        writeln!(out, "{} {:?}", change.path, change.kind).expect("a String takes all");
                    }
                }
            }
            "=> impact" => {
                for (key, a, b) in both() {
                    let pods = restarts(a, b).then(|| replicas(b, new.iter())).flatten();
                    let fields = immutable_changes(a, b);
                    writeln!(out, "{key}: restarts {pods:?}, cannot change {fields:?}")
                        .expect("a String takes all");
                }
            }
            _ => panic!("unknown section `{name}`"),
        }
    }
    out
}

#[test]
fn corpus() {
    sections::corpus(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/inputs"), 20, run);
}
