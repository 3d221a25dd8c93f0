//! Values to YAML and JSON text and back.
//!
//! In a tracked render each written line carries the origin of the value that it is: `toyaml` and `tojson` bracket
//! it with markers, and `fromyaml` and `fromjson` read marked text and hand its origins on to the values.

use crate::jinja::marked::MarkedSink;
use crate::jinja::object::{from_jinja, to_jinja};
use crate::jinja::{decode_text, has_markers, run};
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, ErrorKind, Value};
use mwrender_diagnostic::Pos;
use mwrender_values::emit::json::{self, JsonStyle};
use mwrender_values::emit::yaml::{self, YamlStyle};

pub(super) fn add(env: &mut Environment<'static>) {
    env.add_filter("toyaml", toyaml);
    env.add_filter("tojson", tojson);
    env.add_filter("fromyaml", |text: &str| parse(text, "fromyaml"));
    env.add_filter("fromjson", |text: &str| parse(text, "fromjson"));
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
fn toyaml(value: &Value) -> Result<String, Error> {
    refuse_undefined(value, "toyaml")?;
    let ours = from_jinja(value)?;
    let style = YamlStyle::default();
    let mut text = if tracking() {
        let mut sink = MarkedSink::default();
        yaml::write(&ours, style, &mut sink);
        sink.finish()
    } else {
        let mut text = String::new();
        yaml::write(&ours, style, &mut text);
        text
    };
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

/// JSON in the values' order: compact, or indented by `indent` spaces.
fn tojson(value: &Value, options: Kwargs) -> Result<String, Error> {
    refuse_undefined(value, "tojson")?;
    let indent: Option<usize> = options.get("indent")?;
    options.assert_all_used()?;
    let ours = from_jinja(value)?;
    let style = JsonStyle { indent: indent.unwrap_or(0), ..JsonStyle::default() };
    if tracking() {
        let mut sink = MarkedSink::default();
        json::write(&ours, style, &mut sink);
        return Ok(sink.finish());
    }
    Ok(json::to_string(&ours, style))
}

fn tracking() -> bool {
    run::with(|_| ()).is_some()
}

/// The value that a text is. Its texts, lists and maps keep the origins that the text's pieces have.
fn parse(text: &str, filter: &str) -> Result<Value, Error> {
    let marked = has_markers(text);
    let plain = if marked { decode_text::strip(text) } else { text.to_string() };
    // positions need a base, even where they will not be kept
    let read = mwrender_values::read::read(&plain, Pos::from_raw(1)).map_err(|fault| {
        let offset = fault.primary_span().map_or(0, |s| s.start.raw().saturating_sub(1) as usize);
        let line = plain[..offset.min(plain.len())].matches('\n').count() + 1;
        let what = format!("`{filter}`: {} at line {line} of its text", fault.headline);
        Error::new(ErrorKind::InvalidOperation, what)
    })?;
    if let Some(fault) = read.diagnostics.iter().find(|d| d.id == "duplicate-key") {
        return Err(Error::new(ErrorKind::InvalidOperation, format!("`{filter}`: {}", fault.headline)));
    }
    let mut value = read.into_value();
    if tracking() {
        decode_text::attribute(&mut value, text, &plain);
    } else {
        decode_text::forget(&mut value);
    }
    Ok(to_jinja(&value, tracking()))
}
