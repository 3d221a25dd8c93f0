//! Files such as `Chart.yaml`, read as Go reads YAML into a struct.
//!
//! Keys are found whatever their case, unknown ones are skipped, null changes nothing, and a number or boolean where
//! a text belongs becomes that text (`appVersion: 1.10` is `1.1`). The first thing that does not fit is the error,
//! in the order of the keys' bytes.

use crate::error::{Error, ErrorKind};
use crate::functions::time;
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use mwrender_values::emit::json::{self, JsonStyle};
use mwrender_values::{Data, Entry, NumberKind, Value, number, read};

/// Reads the first document of a text.
///
/// # Errors
/// The text is not YAML; the words are those of Helm's parser.
pub(crate) fn yaml(text: &str, start: Pos) -> Result<Value, Error> {
    read::read_as_go(text, start).map_err(|words| refused(text, start, &words))
}

/// Reads the first document of a text for the fields `names` of the object that it is.
///
/// # Errors
/// Those of [`yaml`].
pub(crate) fn fields_of(text: &str, start: Pos, names: &[&str]) -> Result<Value, Error> {
    let wanted = |key: &str| names.iter().any(|name| name.eq_ignore_ascii_case(key));
    read::outline_as_go(text, start, &wanted).map_err(|words| refused(text, start, &words))
}

fn refused(text: &str, start: Pos, words: &str) -> Error {
    let diagnostic = fault(text, start, words);
    Error::new(ErrorKind::Chart, format!("error converting YAML to JSON: {words}")).with(diagnostic)
}

/// Why a text cannot be read: with its place if our reader knows it, else in the words of Helm's.
pub fn fault(text: &str, start: Pos, words: &str) -> Diagnostic {
    let fault = read::read(text, start).err();
    fault.map_or_else(|| Diagnostic::error("yaml-syntax", words), |fault| *fault)
}

/// What JSON calls the kind of a value.
fn json_kind(value: &Value) -> &'static str {
    match value.data {
        Data::Null => "null",
        Data::Bool(_) => "bool",
        Data::Number(_) => "number",
        Data::String(_) => "string",
        Data::List(_) => "array",
        Data::Map(_) => "object",
    }
}

/// What Go calls the types of fields.
pub(crate) mod types {
    pub(crate) const STRING: &str = "string";
    pub(crate) const BOOL: &str = "bool";
    pub(crate) const STRINGS: &str = "[]string";
    pub(crate) const ANY: &str = "[]interface {}";
    pub(crate) const TEXTS: &str = "map[string]string";
    pub(crate) const VALUES: &str = "map[string]interface {}";
}

/// The error for a whole document of the wrong kind.
pub(crate) fn wrong_document(value: &Value, wanted: &str) -> Error {
    let kind = json_kind(value);
    decoding(format!("json: cannot unmarshal {kind} into Go value of type {wanted}"), value.origin)
}

/// The error for what Go cannot decode, in its words.
fn decoding(words: String, place: Pos) -> Error {
    let text = format!("error unmarshaling JSON: while decoding JSON: {words}");
    let diagnostic = Diagnostic::error("wrong-shape", words);
    let diagnostic = if place.is_some() { diagnostic.primary(Span::new(place, 1), "") } else { diagnostic };
    Error::new(ErrorKind::Chart, text).with(diagnostic)
}

/// Keeps the first thing that did not fit, as Go does, and goes on.
#[derive(Default)]
pub(crate) struct Decoder {
    fault: Option<Error>,
    /// Whether the fault is one at which Go ends.
    ended: bool,
}

/// Where a field is: the Go struct, and the names that lead to the field.
#[derive(Clone, Copy)]
pub(crate) struct Field<'f> {
    pub(crate) owner: &'f str,
    pub(crate) path: &'f str,
}

impl Decoder {
    pub(crate) fn finish(self) -> Result<(), Error> {
        self.fault.map_or(Ok(()), Err)
    }

    fn mismatch(&mut self, value: &Value, field: Field<'_>, wanted: &str) {
        if self.fault.is_none() {
            let (kind, Field { owner, path }) = (json_kind(value), field);
            let words =
                format!("json: cannot unmarshal {kind} into Go struct field {owner}.{path} of type {wanted}");
            self.fault = Some(decoding(words, value.origin));
        }
    }

    /// Calls a function for each entry of a map, in the order of the keys, with the name of the field.
    pub(crate) fn fields(
        &mut self,
        value: &Value,
        names: &[&'static str],
        mut each: impl FnMut(&mut Self, &'static str, &Value),
    ) {
        let Some(map) = value.as_map() else { return };
        let mut entries: Vec<(&str, &Entry)> = map.iter().map(|(key, entry)| (&**key, entry)).collect();
        entries.sort_by_key(|(key, _)| *key);
        for (key, entry) in entries {
            let exact = names.iter().find(|name| **name == key);
            if let Some(name) = exact.or_else(|| names.iter().find(|name| name.eq_ignore_ascii_case(key))) {
                each(self, name, &entry.value);
            }
        }
    }

    /// A time, which nobody needs. Go ends at one that is none, whatever else did not fit before.
    pub(crate) fn time(&mut self, value: &Value) {
        // Go reads the text as JSON has it, escapes and all
        let style = JsonStyle { go_escapes: true, ..JsonStyle::default() };
        let fault = match &value.data {
            Data::Null => return,
            Data::String(_) => {
                let json = json::to_string(value, style);
                let text = json.get(1..json.len() - 1).unwrap_or_default();
                time::check("2006-01-02T15:04:05Z07:00", text).err()
            }
            _ => Some("Time.UnmarshalJSON: input is not a JSON string".to_owned()),
        };
        if let Some(words) = fault
            && !self.ended
        {
            self.fault = Some(decoding(words, value.origin));
            self.ended = true;
        }
    }

    /// A text, unless it is null.
    pub(crate) fn text(&mut self, value: &Value, field: Field<'_>, into: &mut String) {
        match &value.data {
            Data::Null => {}
            Data::String(text) => into.clone_from(&text.text.to_string()),
            Data::Bool(flag) => *into = flag.to_string(),
            Data::Number(number) => {
                *into = match number.kind {
                    NumberKind::Int(int) => int.to_string(),
                    NumberKind::Uint(uint) => uint.to_string(),
                    NumberKind::Float(float) => number::go_float32(float),
                }
            }
            Data::List(_) | Data::Map(_) => self.mismatch(value, field, types::STRING),
        }
    }

    pub(crate) fn flag(&mut self, value: &Value, field: Field<'_>, into: &mut bool) {
        match value.data {
            Data::Null => {}
            Data::Bool(flag) => *into = flag,
            _ => self.mismatch(value, field, types::BOOL),
        }
    }

    /// The items of a list; a null empties it. As in Go, an item is read over the one that had its place before.
    pub(crate) fn list<T>(
        &mut self,
        value: &Value,
        field: Field<'_>,
        wanted: &str,
        into: &mut Vec<T>,
        mut each: impl FnMut(&mut Self, &Value, Option<T>) -> T,
    ) {
        match &value.data {
            Data::Null => into.clear(),
            Data::List(items) => {
                let mut before = std::mem::take(into).into_iter();
                *into = items.iter().map(|item| each(self, item, before.next())).collect();
            }
            _ => self.mismatch(value, field, wanted),
        }
    }

    pub(crate) fn texts(&mut self, value: &Value, field: Field<'_>, into: &mut Vec<String>) {
        self.list(value, field, types::STRINGS, into, |decoder, item, before| {
            let mut text = before.unwrap_or_default();
            decoder.text(item, field, &mut text);
            text
        });
    }

    /// Whether a value is a map; if it is something else, but not null, that is a fault.
    pub(crate) fn is_object(&mut self, value: &Value, field: Field<'_>, wanted: &str) -> bool {
        match value.data {
            Data::Map(_) => return true,
            Data::Null => {}
            _ => self.mismatch(value, field, wanted),
        }
        false
    }
}
