//! Values to YAML and JSON text and back.

use super::memo::Memo;
use crate::jinja::object::{from_jinja, to_jinja};
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, ErrorKind, Value};
use mwrender_diagnostic::Pos;
use mwrender_values::Data;
use mwrender_values::emit::json::{self, JsonStyle};
use mwrender_values::emit::yaml::{self, YamlStyle};
use std::sync::Arc;

pub(super) fn add(env: &mut Environment<'static>) {
    let memo = Arc::new(Memo::default());
    let kept = memo.clone();
    env.add_filter("toyaml", move |value: &Value| toyaml(value, &kept));
    env.add_filter("tojson", tojson);
    let kept = memo.clone();
    env.add_filter("fromyaml", move |text: &str| parse(text, "fromyaml", &kept));
    env.add_filter("fromjson", move |text: &str| parse(text, "fromjson", &memo));
}

fn refuse_undefined(value: &Value, filter: &str) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::new(
            ErrorKind::UndefinedError,
            format!("`{filter}` was given an undefined value"),
        ));
    }
    Ok(())
}

/// Block YAML in the values' order, without a line break at the end.
fn toyaml(value: &Value, memo: &Memo) -> Result<String, Error> {
    refuse_undefined(value, "toyaml")?;
    let ours = from_jinja(value)?;
    let style = YamlStyle::default();
    let mut text = memo.write(&ours, 0, |value| yaml::to_string(value, style));
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

#[expect(clippy::needless_pass_by_value, reason = "minijinja hands keyword arguments over by value")]
/// JSON in the values' order: compact, or indented by `indent` spaces.
fn tojson(value: &Value, options: Kwargs) -> Result<String, Error> {
    refuse_undefined(value, "tojson")?;
    let indent: Option<usize> = options.get("indent")?;
    options.assert_all_used()?;
    let ours = from_jinja(value)?;
    let style = JsonStyle { indent: indent.unwrap_or(0), ..JsonStyle::default() };
    Ok(json::to_string(&ours, style))
}

/// The value that a text is.
fn parse(text: &str, filter: &str, memo: &Memo) -> Result<Value, Error> {
    let value = memo.parse(text, |text| {
        let mut value = read(text, filter)?;
        forget(&mut value);
        Ok::<_, Error>(value)
    })?;
    Ok(to_jinja(&value))
}

/// Removes positions, which would be taken for places in a source.
fn forget(value: &mut mwrender_values::Value) {
    value.origin = Pos::NONE;
    match &mut value.data {
        Data::List(items) => Arc::make_mut(items).iter_mut().for_each(forget),
        Data::Map(map) => {
            for entry in Arc::make_mut(map).values_mut() {
                entry.key_origin = Pos::NONE;
                forget(&mut entry.value);
            }
        }
        Data::String(text) => text.lines = None,
        _ => {}
    }
}

/// The value of a text, with byte offsets plus one for positions.
pub(crate) fn read(plain: &str, filter: &str) -> Result<mwrender_values::Value, Error> {
    // positions need a base, even where they will not be kept
    let read = mwrender_values::read::read(plain, Pos::from_raw(1)).map_err(|fault| {
        let offset = fault.primary_span().map_or(0, |s| s.start.raw().saturating_sub(1) as usize);
        let line = plain[..offset.min(plain.len())].matches('\n').count() + 1;
        let what = format!("`{filter}`: {} at line {line} of its text", fault.headline);
        Error::new(ErrorKind::InvalidOperation, what)
    })?;
    if let Some(fault) = read.diagnostics.iter().find(|d| d.id == "duplicate-key") {
        return Err(Error::new(ErrorKind::InvalidOperation, format!("`{filter}`: {}", fault.headline)));
    }
    Ok(read.into_value())
}
