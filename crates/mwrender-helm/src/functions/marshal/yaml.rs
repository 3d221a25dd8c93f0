//! Values as `sigs.k8s.io/yaml` writes them: by way of JSON, which is read as YAML and written by go-yaml v2.

use std::borrow::Cow;
use std::str::Utf8Chunk;

use mwrender_gotemplate::{Context, Kind, Marshal, Value};
use mwrender_values::emit::yaml::{Place, Scalar, Writer as Emitter, YamlStyle, sorted};
use mwrender_values::number;

use super::cycle::{Depth, check_length};
use super::output::Output;
use super::{Unsupported, base64, bytes_of, json};

/// Writes a value, with a line break at the end.
pub(in crate::functions) fn write(
    context: &Context<'_>,
    value: &Value,
    out: &mut impl Output,
) -> Result<(), Unsupported> {
    let mut writer = Writer { emitter: Emitter::new(YamlStyle::HELM, out), depth: Depth::new(context) };
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
            Kind::Float(f) if !f.is_finite() => return Err(Unsupported::float(*f)),
            Kind::Float(f) => match json::small_integer(*f) {
                Some(i) => Cow::Owned(i.to_string()),
                None => Cow::Owned(number::go_yaml(*f)),
            },
            Kind::String(_) | Kind::Text(_) => {
                let text = through_json(value.as_bytes().unwrap_or_default())?;
                let lines = self.emitter.sink().lines(value);
                self.emitter.scalar(Scalar::String(&text, lines.as_deref()), place);
                return Ok(());
            }
            Kind::List(list) if list.is_nil() => Cow::Borrowed("null"),
            Kind::Map(map) if map.is_nil() => Cow::Borrowed("null"),
            Kind::List(list) => {
                if let Some(bytes) = bytes_of(list) {
                    self.emitter.scalar(Scalar::String(&base64(&bytes), None), place);
                    return Ok(());
                }
                if !list.is_empty() {
                    let entered = self.depth.enter(value)?;
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
                    let entered = self.depth.enter(value)?;
                    map.with(|entries| {
                        self.map(entries.iter().map(|(key, value)| Ok((key_of(key)?, value))), place)
                    })?;
                    self.depth.leave(entered);
                    return Ok(());
                }
                Cow::Borrowed("{}")
            }
            Kind::Object(object) => {
                Unsupported::check(&**object)?;
                match object.marshal() {
                    Marshal::Text(text) => {
                        self.emitter.scalar(Scalar::String(&text, None), place);
                        return Ok(());
                    }
                    Marshal::Fields(fields) if !fields.is_empty() => {
                        let entered = self.depth.enter(value)?;
                        let entries = fields.iter().map(|(name, value)| Ok((Cow::Borrowed(&**name), value)));
                        self.map(entries, place)?;
                        self.depth.leave(entered);
                        return Ok(());
                    }
                    Marshal::Fields(_) => Cow::Borrowed("{}"),
                }
            }
            _ => return Err(Unsupported::ty(value)),
        };
        self.emitter.scalar(Scalar::Plain(&plain), place);
        Ok(())
    }

    fn map<'v>(
        &mut self,
        entries: impl Iterator<Item = Result<(Cow<'v, str>, &'v Value), Unsupported>>,
        place: Place,
    ) -> Result<(), Unsupported> {
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let column = self.emitter.map(place);
        for (key, value) in sorted(entries.iter().collect(), |(key, _)| key) {
            let around = self.emitter.sink().value(value);
            let place = self.emitter.key(key, column);
            self.content(value, place)?;
            self.emitter.sink().back(around);
        }
        Ok(())
    }
}

/// So many characters go-yaml reads before the colon behind a key.
const LONGEST_KEY: usize = 1024;

fn key_of(key: &[u8]) -> Result<Cow<'_, str>, Unsupported> {
    let text = through_json(key)?;
    // a line break within a key is no key any more
    let breaks = matches!(text, Cow::Owned(_)) && key.windows(2).any(|pair| pair == "\u{85}".as_bytes());
    if breaks || key.len() * 6 > LONGEST_KEY && json_length(key) > LONGEST_KEY {
        return Err(Unsupported::Go("yaml: could not find expected ':'".to_owned()));
    }
    Ok(text)
}

/// How many characters a string has in JSON.
fn json_length(bytes: &[u8]) -> usize {
    let length = |c: char| match c {
        '"' | '\\' | '\u{8}' | '\u{c}' | '\n' | '\r' | '\t' => 2,
        '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    // a byte that is no UTF-8 is an escape
    let of_chunk =
        |chunk: Utf8Chunk<'_>| chunk.valid().chars().map(length).sum::<usize>() + 6 * chunk.invalid().len();
    2 + bytes.utf8_chunks().map(of_chunk).sum::<usize>()
}

/// What is left of a string on its way through JSON that is read as YAML.
fn through_json(bytes: &[u8]) -> Result<Cow<'_, str>, Unsupported> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() && !bytes.contains(&0x7F) => return Ok(Cow::Borrowed(text)),
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let mut text = String::with_capacity(bytes.len());
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
            }
            Cow::Owned(text)
        }
    };
    let forbidden = |c| matches!(c, '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}');
    if text.contains(forbidden) {
        return Err(Unsupported::Go("yaml: control characters are not allowed".to_owned()));
    }
    if !text.contains('\u{85}') {
        return Ok(text);
    }
    // within quotes, too, a line may not begin as a document does; the end of the text is a quote
    let mut lines = text.split('\u{85}').skip(1).peekable();
    while let Some(line) = lines.next() {
        let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
        if rest.is_some_and(|rest| rest.starts_with(' ') || rest.is_empty() && lines.peek().is_some()) {
            return Err(Unsupported::Go("yaml: found unexpected document indicator".to_owned()));
        }
    }
    Ok(Cow::Owned(folded(&text)))
}

/// A string within quotes after YAML has taken U+0085 for a line break.
fn folded(text: &str) -> String {
    let mut lines = text.split('\u{85}').peekable();
    let mut out = String::with_capacity(text.len());
    let mut breaks = 0;
    let mut first = true;
    while let Some(line) = lines.next() {
        let line = if first { line } else { line.trim_start_matches(' ') };
        let line = if lines.peek().is_some() { line.trim_end_matches(' ') } else { line };
        if !line.is_empty() || lines.peek().is_none() {
            match breaks {
                0 => {}
                1 => out.push(' '),
                n => out.extend(std::iter::repeat_n('\n', n - 1)),
            }
            breaks = 0;
        }
        out.push_str(line);
        breaks += 1;
        first = false;
    }
    out
}
