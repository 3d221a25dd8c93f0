//! Values as go-yaml v3 writes them, without the way through JSON.

use std::borrow::Cow;

use mwrender_gotemplate::{Context, Kind, Marshal, Str, Value};
use mwrender_values::emit::yaml::{Place, Scalar, Writer as Emitter, YamlStyle, sorted_v3};
use mwrender_values::number;

use super::cycle::{Depth, Entered, check_length};
use super::output::Output;
use super::{Unsupported, base64};

/// Writes a value, with a line break at the end.
pub(in crate::functions) fn write(
    context: &Context<'_>,
    value: &Value,
    out: &mut impl Output,
) -> Result<(), Unsupported> {
    let mut writer =
        Writer { emitter: Emitter::new(YamlStyle::HELM_PRETTY, out), depth: Depth::new(context) };
    writer.emitter.sink().value(value);
    writer.content(value, Place::ROOT)
}

struct Writer<'w, 'c, 'a, O> {
    emitter: Emitter<'w, O>,
    depth: Depth<'c, 'a>,
}

impl<O: Output> Writer<'_, '_, '_, O> {
    fn content(&mut self, value: &Value, place: Place) -> Result<(), Unsupported> {
        check_length(self.emitter.sink().length())?;
        let plain = match value.kind() {
            Kind::Nil => Cow::Borrowed("null"),
            Kind::Bool(b) => Cow::Borrowed(if *b { "true" } else { "false" }),
            Kind::Int(i, _) => Cow::Owned(i.to_string()),
            Kind::Object(object) if object.number().is_some() => {
                Cow::Owned(object.number().unwrap_or_default().to_string())
            }
            Kind::Uint(u, _) => Cow::Owned(u.to_string()),
            Kind::Float(f) => Cow::Owned(number::go_g(*f)),
            Kind::String(_) | Kind::Text(_) => {
                self.string(value, place);
                return Ok(());
            }
            Kind::List(list) => {
                if !list.is_empty() {
                    let entered = self.enter(value)?;
                    let column = self.emitter.list(place);
                    list.with(|items| {
                        items.iter().try_for_each(|item| {
                            let around = self.emitter.sink().value(item);
                            let place = self.emitter.item(column);
                            self.content(item, place)?;
                            self.emitter.sink().back(around);
                            Ok::<_, Unsupported>(())
                        })
                    })?;
                    self.depth.leave(entered);
                    return Ok(());
                }
                Cow::Borrowed("[]")
            }
            Kind::Map(map) => {
                if !map.is_empty() {
                    let entered = self.enter(value)?;
                    map.with(|entries| self.map(entries.iter(), place))?;
                    self.depth.leave(entered);
                    return Ok(());
                }
                Cow::Borrowed("{}")
            }
            Kind::Object(object) => {
                if let Marshal::Text(text) = object.marshal() {
                    // YAML has times of its own
                    let is_time = object.type_name() == "time.Time";
                    let scalar = if is_time { Scalar::Plain(&text) } else { Scalar::String(&text, None) };
                    self.emitter.scalar(scalar, place);
                    return Ok(());
                }
                let fields = object.fields().fields;
                if !fields.is_empty() {
                    let entered = self.enter(value)?;
                    let column = self.emitter.map(place);
                    for (name, value) in &fields {
                        self.entry(&name.to_lowercase(), value, column)?;
                    }
                    self.depth.leave(entered);
                    return Ok(());
                }
                Cow::Borrowed("{}")
            }
            _ => {
                let text = format!("cannot marshal type: {}", value.type_name());
                return Err(Unsupported::Failure(text.into()));
            }
        };
        self.emitter.scalar(Scalar::Plain(&plain), place);
        Ok(())
    }

    /// Go has no words for a cycle here: it runs out of stack.
    fn enter(&mut self, value: &Value) -> Result<Entered, Unsupported> {
        self.depth.enter(value).map_err(|error| match error {
            Unsupported::Go(text) => Unsupported::Failure(text.replace("json: ", "").into()),
            failure @ Unsupported::Failure(_) => failure,
        })
    }

    fn string(&mut self, value: &Value, place: Place) {
        let bytes = value.as_bytes().unwrap_or_default();
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let lines = self.emitter.sink().lines(value);
                self.emitter.scalar(Scalar::String(text, lines.as_deref()), place);
            }
            Err(_) => self.emitter.scalar(Scalar::Binary(&wrapped(bytes)), place),
        }
    }

    fn map<'v>(
        &mut self,
        entries: impl Iterator<Item = (&'v Str, &'v Value)>,
        place: Place,
    ) -> Result<(), Unsupported> {
        // a byte that is no text is sorted as U+FFFD
        let entries: Vec<(Cow<'v, str>, &'v Str, &'v Value)> =
            entries.map(|(key, value)| (replaced(key), key, value)).collect();
        let column = self.emitter.map(place);
        for (name, key, value) in sorted_v3(entries.iter().collect(), |(name, ..)| name) {
            match name {
                Cow::Borrowed(name) => self.entry(name, value, column)?,
                Cow::Owned(_) => {
                    let around = self.emitter.sink().value(value);
                    let place = self.emitter.binary_key(&wrapped(key), column);
                    self.content(value, place)?;
                    self.emitter.sink().back(around);
                }
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        key: &str,
        value: &Value,
        column: mwrender_values::emit::yaml::Column,
    ) -> Result<(), Unsupported> {
        let around = self.emitter.sink().value(value);
        let place = self.emitter.key(key, column);
        self.content(value, place)?;
        self.emitter.sink().back(around);
        Ok(())
    }
}

/// Bytes as text; those that are none are U+FFFD each.
fn replaced(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Cow::Owned(out)
}

/// Bytes that are no text, in lines of 70.
fn wrapped(bytes: &[u8]) -> String {
    const LINE: usize = 70;
    let encoded = base64(bytes);
    if encoded.len() < LINE {
        return encoded;
    }
    let mut out = String::with_capacity(encoded.len() + encoded.len() / LINE + 1);
    for start in (0..encoded.len()).step_by(LINE) {
        out.push_str(&encoded[start..encoded.len().min(start + LINE)]);
        out.push('\n');
    }
    out
}
