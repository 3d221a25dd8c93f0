//! From what `jsonschema` has against a value to diagnostics that name the line.

use crate::document::{Keyword, Library};
use crate::origins::Origins;
use crate::place::Place;
use crate::suggest::similar;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::types::JsonType;
use jsonschema::{JsonTypeSet, ValidationError};
use mwrender_diagnostic::{Diagnostic, Severity, Span};
use mwrender_values::{Data, Value};
use serde_json::Value as JsonValue;

/// Turns the errors of one check into diagnostics.
pub(crate) struct Faults<'a> {
    /// The value that was checked.
    pub(crate) root: &'a Value,
    /// The schemas that it was checked against.
    pub(crate) library: &'a Library,
    /// What is known of the value's origins.
    pub(crate) origins: &'a dyn Origins,
    /// What keys are said not to be in, such as ``the values of chart `mediawiki` ``.
    pub(crate) subject: &'a str,
    /// How much an unknown key weighs.
    pub(crate) unknown_keys: Severity,
    /// The diagnostics so far.
    pub(crate) found: Vec<Diagnostic>,
}

impl Faults<'_> {
    /// Adds what one error amounts to.
    pub(crate) fn add(&mut self, error: &ValidationError<'_>) {
        let place = Place::find(self.root, error.instance_path(), self.origins);
        let keyword = error.absolute_keyword_location().map_or_else(
            || Keyword { uri: String::new(), pointer: error.schema_path().as_str().to_owned() },
            |uri| Keyword::parse(uri.as_str()),
        );
        match error.kind() {
            Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
                for key in unexpected {
                    let fault = self.unknown_key(&place, key, &keyword);
                    self.found.push(fault);
                }
            }
            Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
                self.alternatives(&place, &keyword, context);
            }
            Kind::PropertyNames { error } => {
                let fault = self.invalid_key(&place, &keyword, error);
                self.found.push(fault);
            }
            Kind::UniqueItems => {
                let fault = self.duplicate_item(&place, &keyword);
                self.found.push(fault);
            }
            kind => {
                let fault = self.simple(&place, kind, &keyword, error);
                self.found.push(fault);
            }
        }
    }

    fn unknown_key(&self, place: &Place<'_>, key: &str, keyword: &Keyword) -> Diagnostic {
        let known = self.library.node(&keyword.sibling("properties")).and_then(JsonValue::as_object);
        let headline = format!("`{}` is not a key of {}", place.name_of(key), self.subject);
        let fault = Diagnostic::new("unknown-key", self.unknown_keys, headline)
            .primary(place.key_span(key, self.origins), "unknown key");
        let shown = if known.is_some() { keyword.sibling("properties") } else { keyword.clone() };
        let fault = self.with_schema(fault, &shown, "the known keys");
        // a key may well be there already, from a lower layer
        match similar(key, known.into_iter().flatten().map(|(name, _)| name.as_str())) {
            Some(name) => fault.help(format!("did you mean `{name}`?")),
            None => fault,
        }
    }

    fn invalid_key(&self, place: &Place<'_>, keyword: &Keyword, inner: &ValidationError<'_>) -> Diagnostic {
        let key = inner.instance().as_str().unwrap_or_default();
        let headline = if place.name.is_empty() {
            format!("`{key}` cannot be a key here")
        } else {
            format!("`{key}` cannot be a key of `{}`", place.name)
        };
        let fault =
            Diagnostic::error("invalid-key", headline).primary(place.key_span(key, self.origins), "this key");
        let inner_keyword =
            inner.absolute_keyword_location().map_or_else(|| keyword.clone(), |u| Keyword::parse(u.as_str()));
        let fault = self.with_schema(fault, &inner_keyword, "what keys may be");
        match inner.kind() {
            Kind::Enum { options } => suggest(fault, key, options),
            Kind::Pattern { pattern } => fault.note(format!("keys match `{pattern}`")),
            _ => fault,
        }
    }

    fn duplicate_item(&self, place: &Place<'_>, keyword: &Keyword) -> Diagnostic {
        let items = place.value.as_list().unwrap_or_default();
        let twice = (1..items.len()).find_map(|i| Some((items[..i].iter().position(|v| *v == items[i])?, i)));
        let name = title(&place.name);
        let mut fault = Diagnostic::error("duplicate-item", format!("{name} has an item twice"));
        fault = match twice {
            Some((first, second)) => {
                let at = |i: usize| Span::new(items[i].origin, 1);
                fault.primary(at(second), "again").secondary(at(first), "first here")
            }
            None => fault.primary(place.key(), ""),
        };
        self.with_schema(fault, keyword, "each only once")
    }

    /// None of several schemas fits: speaks of the one that was probably meant.
    fn alternatives(
        &mut self,
        place: &Place<'_>,
        keyword: &Keyword,
        branches: &[Vec<ValidationError<'static>>],
    ) {
        if let Some(keys) = all(branches, |e| match e.kind() {
            Kind::Required { property } => property.as_str().map(str::to_owned),
            _ => None,
        }) {
            let headline = lacks(&place.name, &or(keys.iter().map(|k| format!("`{k}`"))));
            let fault = Diagnostic::error("missing-key", headline).primary(place.key(), "one is needed here");
            let fault = self.with_schema(fault, keyword, "the alternatives");
            self.found.push(fault);
            return;
        }
        let here = place_depth(branches);
        let types = all(branches, |e| match e.kind() {
            Kind::Type { kind } if depth(e) == here => Some(kind_words(kind)),
            _ => None,
        });
        if let Some(types) = types {
            let mut words: Vec<String> = types.into_iter().flatten().collect();
            words.dedup();
            let fault = self.wrong_type(place, &words, keyword);
            self.found.push(fault);
            return;
        }
        // the alternative of the right type, if there is one
        let fitting: Vec<_> = branches
            .iter()
            .filter(|errors| !errors.iter().any(|e| depth(e) == here && is_other_kind(e.kind())))
            .collect();
        if let [errors] = fitting[..] {
            for error in errors {
                self.add(error);
            }
            return;
        }
        let headline = format!("{} fits none of the alternatives", title(&place.name));
        let mut fault = Diagnostic::error("no-alternative", headline).primary(place.span(self.origins), "");
        for (number, errors) in branches.iter().enumerate() {
            if let Some(error) = errors.first() {
                // masked: the value may be a secret
                let masked = error.masked_with("the value");
                fault = fault.note(format!("alternative {}: {masked}", number + 1));
            }
        }
        let fault = self.with_schema(fault, keyword, "the alternatives");
        self.found.push(fault);
    }

    fn wrong_type(&self, place: &Place<'_>, wanted: &[String], keyword: &Keyword) -> Diagnostic {
        let actual = match &place.value.data {
            Data::Number(_) if wanted.iter().any(|w| w == "an integer") => "a fraction",
            _ => place.value.kind_name(),
        };
        let headline = format!("{} must be {}, not {actual}", title(&place.name), or(wanted.iter().cloned()));
        let fault = Diagnostic::error("wrong-type", headline)
            .primary(place.span(self.origins), format!("this is {actual}"));
        let fault = self.with_schema(fault, keyword, "");
        let (Some(text), Some(quoted)) = (place.value.as_str(), place.quoted(self.origins)) else {
            return fault;
        };
        let number = wanted.iter().any(|w| w == "a number" || w == "an integer");
        let boolean = wanted.iter().any(|w| w == "a boolean");
        if number && text.parse::<f64>().is_ok_and(f64::is_finite)
            || boolean && matches!(text, "true" | "false")
        {
            if self.origins.is_set(place.value.origin) {
                fault.help(format!("--set makes a string of it: use `--set-json '{}={quoted}'`", place.name))
            } else {
                fault.help(format!("without quotes, `{quoted}` is no string"))
            }
        } else {
            fault
        }
    }

    fn simple(
        &self,
        place: &Place<'_>,
        kind: &Kind,
        keyword: &Keyword,
        error: &ValidationError<'_>,
    ) -> Diagnostic {
        let name = title(&place.name);
        let quoted = place.quoted(self.origins);
        let span = place.span(self.origins);
        let fault = |id, headline: String, label: &str| {
            self.with_schema(Diagnostic::error(id, headline).primary(span, label), keyword, "")
        };
        match kind {
            Kind::Type { kind } => self.wrong_type(place, &kind_words(kind), keyword),
            Kind::Required { property } => {
                let property = property.as_str().unwrap_or_default();
                let headline = lacks(&place.name, &format!("`{property}`"));
                let fault = Diagnostic::error("missing-key", headline)
                    .primary(place.key(), format!("`{property}` is needed here"));
                self.with_schema(fault, keyword, "")
            }
            Kind::Enum { options } => {
                let headline = match &quoted {
                    Some(quoted) => format!("`{quoted}` is not allowed for {name}"),
                    None => format!("the value of {name} is not allowed"),
                };
                let fault = fault("not-allowed-value", headline, "");
                suggest(fault, quoted.as_deref().unwrap_or_default(), options)
            }
            Kind::Constant { expected_value } => {
                fault("not-allowed-value", format!("{name} must be {}", code(expected_value)), "")
            }
            Kind::Pattern { pattern } => {
                let headline = match &quoted {
                    Some(quoted) => format!("`{quoted}` does not have the form of {name}"),
                    None => format!("the value of {name} does not have its form"),
                };
                fault("wrong-form", headline, "").note(format!("it has to match `{pattern}`"))
            }
            Kind::Minimum { limit } => out_of_range(&name, quoted, "at least", limit, fault),
            Kind::Maximum { limit } => out_of_range(&name, quoted, "at most", limit, fault),
            Kind::ExclusiveMinimum { limit } => out_of_range(&name, quoted, "more than", limit, fault),
            Kind::ExclusiveMaximum { limit } => out_of_range(&name, quoted, "less than", limit, fault),
            Kind::MultipleOf { multiple_of } => {
                fault("out-of-range", format!("{name} must be a multiple of {multiple_of}"), "")
            }
            Kind::MinLength { limit: 1 } => fault("wrong-length", format!("{name} must not be empty"), ""),
            Kind::MinLength { limit } => {
                fault("wrong-length", format!("{name} is shorter than {limit} characters"), "")
            }
            Kind::MaxLength { limit } => {
                fault("wrong-length", format!("{name} is longer than {limit} characters"), "")
            }
            Kind::MinItems { limit } | Kind::MinProperties { limit } => {
                fault("wrong-count", format!("{name} has fewer than {limit} entries"), "")
            }
            Kind::MaxItems { limit } | Kind::MaxProperties { limit } => {
                fault("wrong-count", format!("{name} has more than {limit} entries"), "")
            }
            Kind::FalseSchema => fault("forbidden-value", format!("{name} is not allowed here"), ""),
            Kind::Not { .. } => fault("forbidden-value", format!("the value of {name} is not allowed"), ""),
            Kind::OneOfMultipleValid { .. } => {
                fault("ambiguous-alternative", format!("{name} fits more than one of the alternatives"), "")
            }
            Kind::Contains => fault("wrong-count", format!("{name} has no entry such as it needs"), ""),
            _ => fault(
                "schema-mismatch",
                format!("{name} breaks the rule `{}` of the schema", kind.keyword()),
                "",
            )
            .note(error.masked_with("the value").to_string()),
        }
    }

    /// Adds the line of the schema, and what the schema says of itself there.
    fn with_schema(&self, mut fault: Diagnostic, keyword: &Keyword, label: &str) -> Diagnostic {
        if let Some(span) = self.library.span(keyword) {
            fault = fault.secondary(span, label);
        }
        let description = self.library.node(&keyword.parent()).and_then(|n| n.get("description"));
        match description.and_then(JsonValue::as_str) {
            // that of the root says what the file is for
            Some(text) if fault.id != "unknown-key" && fault.id != "missing-key" => fault.note(text),
            _ => fault,
        }
    }
}

fn out_of_range(
    name: &str,
    quoted: Option<String>,
    relation: &str,
    limit: &JsonValue,
    fault: impl Fn(&'static str, String, &str) -> Diagnostic,
) -> Diagnostic {
    let label = quoted.map(|q| format!("this is {q}")).unwrap_or_default();
    fault("out-of-range", format!("{name} must be {relation} {limit}"), &label)
}

/// The name in backticks, or words for the whole.
fn title(name: &str) -> String {
    if name.is_empty() { "the whole".to_owned() } else { format!("`{name}`") }
}

fn lacks(name: &str, what: &str) -> String {
    if name.is_empty() { format!("{what} is missing") } else { format!("`{name}` lacks {what}") }
}

/// Adds the allowed values, and the one that was probably meant.
fn suggest(fault: Diagnostic, given: &str, options: &JsonValue) -> Diagnostic {
    let options: Vec<&JsonValue> =
        options.as_array().into_iter().flatten().filter(|v| !v.is_null()).collect();
    let fault = fault.note(format!("allowed: {}", or(options.iter().map(|v| code(v)))));
    match similar(given, options.iter().filter_map(|v| v.as_str())) {
        Some(meant) => fault.help(format!("did you mean `{meant}`?")),
        None => fault,
    }
}

fn code(value: &JsonValue) -> String {
    value.as_str().map_or_else(|| format!("`{value}`"), |s| format!("`{s}`"))
}

/// `a`, `a or b`, `a, b or c`.
fn or(words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<String> = words.collect();
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) }
}

/// What a `type` allows, in words; that null is allowed too need not be said.
fn kind_words(kind: &TypeKind) -> Vec<String> {
    let set = match kind {
        TypeKind::Single(one) => JsonTypeSet::from(*one),
        TypeKind::Multiple(set) => *set,
    };
    let many = set.iter().count() > 1;
    let words = set.iter().filter(|t| !(many && *t == JsonType::Null)).map(|t| match t {
        JsonType::Array => "a list",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "a map",
        JsonType::String => "a string",
    });
    words.map(str::to_owned).collect()
}

fn depth(error: &ValidationError<'_>) -> usize {
    error.instance_path().segments().count()
}

/// How deep the value with the alternatives lies: its own errors are the shallowest.
fn place_depth(branches: &[Vec<ValidationError<'static>>]) -> usize {
    branches.iter().flatten().map(depth).min().unwrap_or(0)
}

/// Whether an error says that the alternative is for another kind of value altogether.
fn is_other_kind(kind: &Kind) -> bool {
    matches!(kind, Kind::Type { .. } | Kind::Constant { .. } | Kind::Required { .. })
}

/// What `f` finds in each branch, if each branch has exactly one error and `f` finds something in it.
fn all<T>(
    branches: &[Vec<ValidationError<'static>>],
    f: impl Fn(&ValidationError<'_>) -> Option<T>,
) -> Option<Vec<T>> {
    branches.iter().map(|errors| if let [error] = &errors[..] { f(error) } else { None }).collect()
}
