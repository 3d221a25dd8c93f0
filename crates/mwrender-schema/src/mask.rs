//! Schemas whose patterns stand aside while the schema of their draft is held against them.
//!
//! That one asks for the patterns of ECMAScript; the rules may have others.

use serde_json::Value;

use crate::violations::{Matches, Problem, Violation};

/// Stands before the number of a pattern; nobody writes it into a schema.
const MARK: char = '\u{F8FF}';

/// What becomes of the names in `patternProperties`, which are patterns too.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    Stay,
    Too,
}

/// A schema with marks for patterns.
pub(crate) struct Masked {
    pub(crate) schema: Value,
    pub(crate) patterns: Vec<String>,
}

impl Masked {
    /// Each pattern becomes one that is right or wrong in every language, as it is by `matches`.
    pub(crate) fn new(schema: &Value, matches: Matches, names: Names) -> Masked {
        let mut masked = Masked { schema: schema.clone(), patterns: Vec::new() };
        let mut mask = |pattern: &str| {
            let number = masked.patterns.len();
            masked.patterns.push(pattern.to_owned());
            let wrong = if matches(pattern, "").is_err() { "*" } else { "" };
            format!("{wrong}{MARK}{number}")
        };
        replace(&mut masked.schema, names, &mut mask);
        masked
    }

    /// The patterns come back.
    pub(crate) fn undo(&self, violation: &mut Violation) {
        for part in &mut violation.instance {
            self.text(part);
        }
        self.value(&mut violation.value);
        match &mut violation.problem {
            Problem::Name(inner) => self.undo(inner),
            Problem::AnyOf(branches) | Problem::OneOf(branches) => {
                branches.iter_mut().flatten().for_each(|violation| self.undo(violation));
            }
            Problem::Unexpected(names) => names.iter_mut().for_each(|name| self.text(name)),
            _ => {}
        }
    }

    fn text(&self, text: &mut String) {
        unmask(&self.patterns, text);
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(entries) => {
                let old = std::mem::take(entries);
                for (mut key, mut value) in old {
                    self.text(&mut key);
                    self.value(&mut value);
                    entries.insert(key, value);
                }
            }
            _ => {}
        }
    }
}

/// The pattern for a mark; other texts stay.
pub(crate) fn unmask(patterns: &[String], text: &mut String) {
    let number = text.split_once(MARK).and_then(|(_, number)| number.parse::<usize>().ok());
    if let Some(pattern) = number.and_then(|number| patterns.get(number)) {
        text.clone_from(pattern);
    }
}

fn replace(value: &mut Value, names: Names, mask: &mut impl FnMut(&str) -> String) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, names, mask)),
        Value::Object(entries) => {
            for (key, value) in entries {
                match value {
                    Value::String(text) if key == "pattern" => *text = mask(text),
                    Value::Object(patterns) if key == "patternProperties" && names == Names::Too => {
                        let old = std::mem::take(patterns);
                        patterns.extend(old.into_iter().map(|(key, value)| (mask(&key), value)));
                        patterns.iter_mut().for_each(|(_, value)| replace(value, names, mask));
                    }
                    _ => replace(value, names, mask),
                }
            }
        }
        _ => {}
    }
}
