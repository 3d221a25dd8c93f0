//! `mwrender values`.

use crate::args::{Common, Values};
use crate::output;
use mwrender_core::diagnostic::Pos;
use mwrender_core::values::emit::yaml::{YamlStyle, to_string};
use mwrender_core::values::path::{Path, leaves};
use mwrender_core::values::{Data, Entry, Value};
use mwrender_core::{Session, render};
use std::fmt::Write;
use std::sync::Arc;

pub(super) fn run(common: &Common, options: &Values) -> anyhow::Result<u8> {
    let mut session = Session::new();
    let state = super::load(&mut session, common)?;
    let key: Option<Path> = options.key.as_deref().map(str::parse).transpose()?;
    let mut out = String::new();
    let mut found = false;
    for inputs in &state.cells {
        let values = render::values(&session, inputs).value;
        let values = if options.show_secrets { values } else { masked(&session, &values) };
        let shown = match &key {
            None => Some(values.clone()),
            Some(path) => path.lookup(&values).cloned(),
        };
        // writing to a String cannot fail
        let _ = writeln!(out, "# {}", inputs.cell);
        let Some(shown) = shown else {
            let _ = writeln!(out, "# `{}` is not set", options.key.as_deref().unwrap_or_default());
            continue;
        };
        found = true;
        if options.show_origin {
            origins(&mut out, &session, &shown, key.as_ref());
        } else {
            let _ = writeln!(out, "---\n{}", to_string(&shown, YamlStyle::default()).trim_end());
        }
    }
    if let (Some(key), false) = (&options.key, found) {
        anyhow::bail!(
            "no layer of the selected releases sets `{key}`{}",
            super::why::near(&session, &state, key)
        );
    }
    output::write(&out)?;
    Ok(output::NOTHING)
}

/// One line for each value: where it stands, its path, the value.
fn origins(out: &mut String, session: &Session, values: &Value, below: Option<&Path>) {
    let found = leaves(values);
    let place =
        |v: &Value| session.sources().location(v.origin).map_or_else(|| "-".to_string(), |l| l.to_string());
    let width = found.iter().map(|(_, v)| place(v).len()).max().unwrap_or(0);
    for (path, value) in found {
        let whole = match below {
            Some(below) if path.is_empty() => below.to_string(),
            Some(below) if path.to_string().starts_with('[') => format!("{below}{path}"),
            Some(below) => format!("{below}.{path}"),
            None => path.to_string(),
        };
        let _ = writeln!(out, "{:width$}  {whole}: {}", place(value), one_line(value));
    }
}

/// A value on one line, cut where it is long.
pub(super) fn one_line(value: &Value) -> String {
    let text = match &value.data {
        Data::Map(m) if !m.is_empty() => format!("a map of {} keys", m.len()),
        Data::List(l) if !l.is_empty() => format!("a list of {} items", l.len()),
        Data::String(t) if t.text.contains('\n') => {
            format!("a text of {} lines", t.text.lines().count())
        }
        _ => to_string(value, YamlStyle::default()).trim_end().to_string(),
    };
    match text.char_indices().nth(100) {
        Some((n, _)) => format!("{}...", &text[..n]),
        None => text,
    }
}

/// The value with what private layers set replaced.
pub(super) fn masked(session: &Session, value: &Value) -> Value {
    let mut result = value.clone();
    match &value.data {
        Data::Map(map) => {
            let entries = map.iter().map(|(k, e)| {
                (k.clone(), Entry { key_origin: e.key_origin, value: masked(session, &e.value) })
            });
            result.data = Data::Map(Arc::new(entries.collect()));
        }
        Data::List(items) => {
            result.data = Data::List(Arc::new(items.iter().map(|v| masked(session, v)).collect()));
        }
        _ if value.origin != Pos::NONE && session.sources().is_private(value.origin) => {
            let origin = value.origin;
            result = Value::string("<secret>");
            result.origin = origin;
        }
        _ => {}
    }
    result
}
