//! Block YAML.

use super::Sink;
use crate::value::{Data, Value};
use mwrender_diagnostic::Pos;

/// How YAML is laid out.
#[derive(Clone, Copy, Debug, Default)]
pub struct YamlStyle {}

/// Writes a value.
pub fn write(value: &Value, _style: YamlStyle, sink: &mut impl Sink) {
    sink.enter(value, Pos::NONE);
    node(value, 0, false, sink);
    sink.leave();
}

/// A text on one line.
pub fn scalar(text: &str) -> String {
    let plain = !text.is_empty()
        && text.trim() == text
        && !text.contains(['\n', '#', '\t'])
        && !text.contains(": ")
        && !text.ends_with(':')
        && !text.starts_with(['-', '?', ':', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`'])
        && matches!(crate::read::read(text, Pos::NONE).map(|r| r.into_value()), Ok(Value { data: Data::String(t), .. }) if *t.text == *text);
    if plain { text.to_string() } else { serde_json::Value::String(text.to_string()).to_string() }
}

fn node(value: &Value, indent: usize, inline: bool, sink: &mut impl Sink) {
    let pad = |sink: &mut dyn FnMut(&str), n: usize| sink(&" ".repeat(n));
    match &value.data {
        Data::Map(map) if !map.is_empty() => {
            let mut first = inline;
            for (key, entry) in map.iter() {
                sink.enter(&entry.value, entry.key_origin);
                if !first {
                    pad(&mut |s| sink.text(s), indent);
                }
                first = false;
                sink.text(&scalar(key));
                sink.text(":");
                match &entry.value.data {
                    Data::Map(m) if !m.is_empty() => {
                        sink.text("\n");
                        node(&entry.value, indent + 2, false, sink);
                    }
                    Data::List(l) if !l.is_empty() => {
                        sink.text("\n");
                        node(&entry.value, indent, false, sink);
                    }
                    _ => {
                        sink.text(" ");
                        node(&entry.value, indent + 2, true, sink);
                    }
                }
                sink.leave();
            }
        }
        Data::List(items) if !items.is_empty() => {
            let mut first = inline;
            for item in items.iter() {
                sink.enter(item, Pos::NONE);
                if !first {
                    pad(&mut |s| sink.text(s), indent);
                }
                first = false;
                sink.text("- ");
                node(item, indent + 2, true, sink);
                sink.leave();
            }
        }
        Data::String(t) if t.text.contains('\n') => {
            sink.text(if t.text.ends_with('\n') { "|\n" } else { "|-\n" });
            for (i, line) in t.text.lines().enumerate() {
                if let Some(pos) = t.lines.as_ref().and_then(|l| l.get(i)) {
                    sink.line(*pos);
                }
                if !line.is_empty() {
                    pad(&mut |s| sink.text(s), indent);
                }
                sink.text(line);
                sink.text("\n");
            }
        }
        Data::Null => sink.text("null\n"),
        Data::Bool(b) => sink.text(if *b { "true\n" } else { "false\n" }),
        Data::Number(n) => {
            sink.text(&n.spelling);
            sink.text("\n");
        }
        Data::String(t) => {
            sink.text(&scalar(&t.text));
            sink.text("\n");
        }
        Data::List(_) => sink.text("[]\n"),
        Data::Map(_) => sink.text("{}\n"),
    }
}
