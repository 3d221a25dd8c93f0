//! Values for programs: `mwrender.values/v1` and `mwrender.why/v1`.
//!
//! They are written by the crate that read them, so that numbers keep their digits.

use super::{cause, cell, key, place};
use mwrender_core::cell::Cell;
use mwrender_core::diagnostic::Pos;
use mwrender_core::values::convert::from_json;
use mwrender_core::values::emit::json::{JsonStyle, to_string};
use mwrender_core::values::{Data, Entry, Value};
use mwrender_core::why::{LineWhy, Why};
use serde_json::json;
use std::sync::Arc;

/// The values of a release.
pub(crate) struct Shown<'a> {
    /// The release.
    pub(crate) cell: &'a Cell,
    /// Its values, or those under the key that was asked for.
    pub(crate) values: Option<Value>,
    /// Where each of them stands, if that was asked for.
    pub(crate) origins: Option<Vec<Origin>>,
}

/// Where a value stands.
pub(crate) struct Origin {
    /// Its path among all values.
    pub(crate) path: String,
    /// Its place; nothing for what no file says.
    pub(crate) place: Option<mwrender_core::diff::Place>,
    /// Whether its layer is private.
    pub(crate) private: bool,
    /// The value, masked where it is secret.
    pub(crate) value: Value,
}

/// The values of releases.
pub(crate) fn values(asked: Option<&str>, releases: &[Shown<'_>]) -> String {
    let releases = releases.iter().map(|shown| {
        let mut release = cell(shown.cell);
        release["set"] = json!(shown.values.is_some());
        release["origins"] = json!(shown.origins.as_ref().map(|found| {
            let origin = |o: &Origin| json!({"path": o.path, "place": o.place.as_ref().map(place), "private": o.private});
            found.iter().map(origin).collect::<Vec<_>>()
        }));
        with(&from_json(&release, Pos::NONE), "values", shown.values.clone().unwrap_or_else(null))
    });
    let whole = from_json(&json!({"schema": "mwrender.values/v1", "key": asked}), Pos::NONE);
    write(&with(&whole, "releases", list(releases)))
}

/// What layers say about keys.
pub(crate) fn why(asked: &str, found: &[Why], shown: impl Fn(&Value, bool) -> Value) -> String {
    let values = found.iter().map(|why| {
        let settings = why.settings.iter().map(|said| {
            let setting = json!({
                "effect": said.effect.as_str(),
                "layer": said.layer,
                "place": said.place.as_ref().map(place),
                "private": said.private,
            });
            with(&from_json(&setting, Pos::NONE), "value", shown(&said.value, said.private))
        });
        let value = json!({
            "path": why.path.to_string(),
            "set": why.result.is_some(),
            "releases": why.cells.iter().map(cell).collect::<Vec<_>>(),
        });
        let value = with(
            &from_json(&value, Pos::NONE),
            "result",
            why.result.as_ref().map_or_else(null, |v| shown(v, false)),
        );
        with(&value, "settings", list(settings))
    });
    let whole = from_json(&json!({"schema": "mwrender.why/v1", "asked": asked, "line": null}), Pos::NONE);
    write(&with(&whole, "values", list(values)))
}

/// Where a line of a rendered file came from.
pub(crate) fn why_line(asked: &str, found: &LineWhy) -> String {
    let mut line = cell(&found.cell);
    line["object"] = key(&found.object);
    line["text"] = json!(found.text);
    line["template"] = json!(found.template.last().map(place));
    line["includes"] = json!(found.template.iter().rev().skip(1).map(place).collect::<Vec<_>>());
    line["causes"] = json!(found.causes.iter().map(cause).collect::<Vec<_>>());
    line["stale"] = json!(found.stale);
    line["approximate"] = json!(found.approximate);
    let whole = json!({"schema": "mwrender.why/v1", "asked": asked, "line": line, "values": []});
    write(&from_json(&whole, Pos::NONE))
}

fn write(value: &Value) -> String {
    to_string(value, JsonStyle { indent: 2, ..JsonStyle::default() }) + "\n"
}

fn null() -> Value {
    Value::new(Data::Null, Pos::NONE)
}

fn list(items: impl Iterator<Item = Value>) -> Value {
    Value::new(Data::List(Arc::new(items.collect())), Pos::NONE)
}

/// A map with one more key.
fn with(map: &Value, name: &str, value: Value) -> Value {
    let mut entries = map.as_map().map(|m| (**m).clone()).unwrap_or_default();
    entries.insert(Arc::from(name), Entry { key_origin: Pos::NONE, value });
    Value::new(Data::Map(Arc::new(entries)), Pos::NONE)
}
