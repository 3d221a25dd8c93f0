//! `mwrender values`.

use crate::args::{Common, Format, Values};
use crate::output;
use crate::printer::json::values::{Origin, Shown, values as json};
use mwrender_core::diagnostic::Pos;
use mwrender_core::diff::Place;
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
    let shown: Vec<Shown<'_>> = state
        .cells
        .iter()
        .map(|inputs| {
            let values = render::values(&session, inputs).value;
            let values = if options.show_secrets { values } else { masked(&session, &values) };
            let values = match &key {
                None => Some(values),
                Some(path) => path.lookup(&values).cloned(),
            };
            let listed = values.as_ref().filter(|_| options.show_origin);
            let origins = listed.map(|v| origins(&session, v, key.as_ref()));
            Shown { cell: &inputs.cell, values, origins }
        })
        .collect();
    if let (Some(key), true) = (&options.key, shown.iter().all(|s| s.values.is_none())) {
        anyhow::bail!(
            "no layer of the selected releases sets `{key}`{}",
            super::why::near(&session, &state, key)
        );
    }
    let text = match options.output {
        Format::Json => json(options.key.as_deref(), &shown),
        Format::Human => human(options.key.as_deref(), &shown),
    };
    output::write(&text)?;
    Ok(output::NOTHING)
}

fn human(key: Option<&str>, releases: &[Shown<'_>]) -> String {
    let mut out = String::new();
    for shown in releases {
        // writing to a String cannot fail
        let _ = writeln!(out, "# {}", shown.cell);
        match (&shown.values, &shown.origins) {
            (None, _) => {
                let _ = writeln!(out, "# `{}` is not set", key.unwrap_or_default());
            }
            (Some(values), None) => {
                let _ = writeln!(out, "---\n{}", to_string(values, YamlStyle::default()).trim_end());
            }
            (Some(_), Some(origins)) => {
                let place =
                    |o: &Origin| o.place.as_ref().map_or_else(|| "-".to_string(), ToString::to_string);
                let width = origins.iter().map(|o| place(o).len()).max().unwrap_or(0);
                for origin in origins {
                    let _ = writeln!(
                        out,
                        "{:width$}  {}: {}",
                        place(origin),
                        origin.path,
                        one_line(&origin.value)
                    );
                }
            }
        }
    }
    out
}

/// Where each value stands.
fn origins(session: &Session, values: &Value, below: Option<&Path>) -> Vec<Origin> {
    let whole = |path: &Path| match below {
        Some(below) if path.is_empty() => below.to_string(),
        Some(below) if path.to_string().starts_with('[') => format!("{below}{path}"),
        Some(below) => format!("{below}.{path}"),
        None => path.to_string(),
    };
    let sources = session.sources();
    leaves(values)
        .into_iter()
        .map(|(path, value)| Origin {
            path: whole(&path),
            place: sources.location(value.origin).map(Place::from),
            private: value.origin.is_some() && sources.is_private(value.origin),
            value: value.clone(),
        })
        .collect()
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
