//! What a schema has against a value, without words: for those who have words of their own, as Helm has.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Keyword, ValidationError, Validator};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::mask::{Masked, Names, unmask};

/// A keyword that a value does not meet.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The keywords that lead from the top of the schema to this one, through references.
    pub keywords: Vec<String>,
    /// The keys and indices that lead to the value.
    pub instance: Vec<String>,
    /// What the keyword asks for.
    pub problem: Problem,
    /// The value.
    pub value: Value,
}

/// What a keyword asks for.
#[derive(Clone, Debug)]
pub enum Problem {
    /// One of these types.
    Type(Vec<String>),
    /// One of these values.
    Enum(Vec<Value>),
    /// This value.
    Const(Value),
    /// No more or no less than this: a number, a length, a count.
    Limit(Value),
    /// A key that is missing.
    Required(String),
    /// Nothing but what the schema names; these are too many.
    Unexpected(Vec<String>),
    /// Any of these schemas; the violations of each.
    AnyOf(Vec<Vec<Violation>>),
    /// One of these schemas, and no more; the violations of each.
    OneOf(Vec<Vec<Violation>>),
    /// A name of a key that meets a schema.
    Name(Box<Violation>),
    /// This pattern.
    Pattern(String),
    /// This format.
    Format(String),
    /// Something that the keyword alone tells.
    Other,
}

/// What is wrong with a text by a format.
pub type Check = fn(&str) -> Result<(), String>;

/// Whether a text, the second, matches a pattern; or what is wrong with the pattern.
pub type Matches = fn(&str, &str) -> Result<bool, String>;

/// What texts are held to, which the drafts leave to libraries.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The formats that are known, each with its check. They count up to draft 7.
    pub formats: &'static [(&'static str, Check)],
    /// Whether a text, the second, matches a pattern; or what is wrong with the pattern.
    pub matches: Matches,
}

/// A schema in a text of its own, which may not refer to others.
#[derive(Debug)]
pub struct Standalone {
    schema: Value,
    validator: Validator,
}

/// A pattern in the language that the rules have.
struct Pattern {
    pattern: String,
    matches: Matches,
}

impl<'i> Keyword<'i> for Pattern {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.is_valid(instance) { Ok(()) } else { Err(ValidationError::custom(self.pattern.clone())) }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        instance.as_str().is_none_or(|text| (self.matches)(&self.pattern, text).unwrap_or(false))
    }
}

/// Why a schema cannot be used.
#[derive(Clone, Debug)]
pub enum Invalid {
    /// The text is no schema of its draft: what the schema of that draft, with this URI, has against it.
    Violations(String, Vec<Violation>),
    /// It refers to what is not there, or would have to be fetched.
    Reference(String),
}

impl Standalone {
    /// Compiles a schema. Formats are looked at up to draft 7, as the drafts have it.
    ///
    /// # Errors
    /// It is no schema, or not a schema of its own.
    pub fn new(schema: &Value, rules: Rules) -> Result<Standalone, Invalid> {
        let draft = schema.get("$schema").and_then(Value::as_str).unwrap_or_default();
        let formats = ["draft-04", "draft-06", "draft-07"].iter().any(|old| draft.contains(old));
        let default = "https://json-schema.org/draft/2020-12/schema";
        let uri = if draft.is_empty() { default } else { draft };
        let found = faults(schema, uri, rules);
        if !found.is_empty() {
            return Err(Invalid::Violations(uri.trim_end_matches('#').to_owned(), found));
        }
        let mut options = jsonschema::options().should_validate_formats(formats).offline();
        for (name, check) in rules.formats {
            options = options.with_format(*name, move |text: &str| check(text).is_ok());
        }
        let masked = Masked::new(schema, rules.matches, Names::Stay);
        let patterns = masked.patterns;
        let options = options.with_keyword("pattern", move |_: &Map<String, Value>, value: &Value, _| {
            let mut pattern = value.as_str().unwrap_or_default().to_owned();
            unmask(&patterns, &mut pattern);
            Ok(Box::new(Pattern { pattern, matches: rules.matches }) as Box<dyn for<'i> Keyword<'i>>)
        });
        options
            .build(&masked.schema)
            .map(|validator| Standalone { schema: schema.clone(), validator })
            .map_err(|error| Invalid::Reference(error.to_string()))
    }

    /// What the schema has against a value.
    pub fn check(&self, value: &Value) -> Vec<Violation> {
        if self.validator.is_valid(value) {
            return Vec::new();
        }
        let found = self.validator.iter_errors(value).flat_map(|error| apart(violation(&error)));
        let mut seen: HashMap<(Vec<String>, Vec<String>, String), usize> = HashMap::new();
        let name = |mut found: Violation| {
            if let Problem::Required(missing) = &found.problem
                && found.keywords.last().is_some_and(|word| DEPENDENCIES.contains(&&word[..]))
            {
                let key = (found.keywords.clone(), found.instance.clone(), missing.clone());
                let before = seen.entry(key).or_default();
                found.keywords.extend(self.asking(&found, missing, *before));
                *before += 1;
            }
            found
        };
        found.map(name).collect()
    }

    /// The key that asks for one that is missing: the n-th that does.
    fn asking(&self, found: &Violation, missing: &str, n: usize) -> Option<String> {
        let asks = |list: &Value| list.as_array().is_some_and(|list| list.iter().any(|name| name == missing));
        let mut keys = self.keyword(&found.keywords)?.as_object()?.iter();
        let there = |key: &str| found.value.get(key).is_some();
        keys.by_ref().filter(|(key, list)| there(key) && asks(list)).nth(n).map(|(key, _)| key.clone())
    }

    /// The value of a keyword; references are followed if they stay in the schema.
    fn keyword(&self, keywords: &[String]) -> Option<&Value> {
        keywords.iter().try_fold(&self.schema, |at, word| match at {
            Value::Array(items) => items.get(word.parse::<usize>().ok()?),
            _ if word == "$ref" => self.schema.pointer(at.get("$ref")?.as_str()?.strip_prefix('#')?),
            _ => at.get(word),
        })
    }
}

/// Keywords that ask for keys if others are there.
const DEPENDENCIES: [&str; 2] = ["dependencies", "dependentRequired"];

/// Keywords lead from the schema of the draft on, not from the reference to it.
fn from_below(violation: &mut Violation) {
    if violation.keywords.first().is_some_and(|word| word == "$ref") {
        violation.keywords.remove(0);
    }
    match &mut violation.problem {
        Problem::AnyOf(branches) | Problem::OneOf(branches) => {
            branches.iter_mut().flatten().for_each(from_below);
        }
        Problem::Name(inner) => from_below(inner),
        _ => {}
    }
}

/// The schemas of drafts, by their URIs, of which there are few: those that [`jsonschema`] knows.
static DRAFTS: Mutex<BTreeMap<String, Option<Arc<Validator>>>> = Mutex::new(BTreeMap::new());

/// What the schema of a draft has against a schema.
fn faults(schema: &Value, uri: &str, rules: Rules) -> Vec<Violation> {
    if jsonschema::meta::validator_for(schema).is_err() {
        return Vec::new();
    }
    let meta = {
        let mut kept = DRAFTS.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.contains_key(uri) {
            let meta = serde_json::json!({"$schema": uri, "$ref": uri});
            let made = jsonschema::options().should_validate_formats(true).offline().build(&meta).ok();
            kept.insert(uri.to_owned(), made.map(Arc::new));
        }
        kept.get(uri).cloned().flatten()
    };
    let Some(meta) = meta else { return Vec::new() };
    let masked = Masked::new(schema, rules.matches, Names::Too);
    let found = meta.iter_errors(&masked.schema).map(|error| {
        let mut found = violation(&error);
        from_below(&mut found);
        masked.undo(&mut found);
        found
    });
    found.collect()
}

/// A violation for each key that nothing evaluates.
fn apart(violation: Violation) -> Vec<Violation> {
    let names = match &violation.problem {
        Problem::Unexpected(names)
            if violation.keywords.last().is_some_and(|word| word == "unevaluatedProperties") =>
        {
            names.clone()
        }
        _ => return vec![violation],
    };
    let one = |name: String| {
        let value = violation.value.get(&name).cloned().unwrap_or_default();
        let mut instance = violation.instance.clone();
        instance.push(name);
        Violation { keywords: violation.keywords.clone(), instance, problem: Problem::Other, value }
    };
    names.into_iter().map(one).collect()
}

fn segments(location: &str) -> Vec<String> {
    location.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

fn violation(error: &ValidationError<'_>) -> Violation {
    let branches = |context: &[Vec<ValidationError<'static>>]| {
        context.iter().map(|branch| branch.iter().map(violation).collect()).collect()
    };
    let problem = match error.kind() {
        ValidationErrorKind::Type { kind } => Problem::Type(match kind {
            TypeKind::Single(one) => vec![one.to_string()],
            TypeKind::Multiple(many) => many.iter().map(|one| one.to_string()).collect(),
        }),
        ValidationErrorKind::Enum { options } => {
            Problem::Enum(options.as_array().cloned().unwrap_or_default())
        }
        ValidationErrorKind::Constant { expected_value } => Problem::Const((**expected_value).clone()),
        ValidationErrorKind::Maximum { limit }
        | ValidationErrorKind::Minimum { limit }
        | ValidationErrorKind::ExclusiveMaximum { limit }
        | ValidationErrorKind::ExclusiveMinimum { limit } => Problem::Limit(limit.clone()),
        ValidationErrorKind::MultipleOf { multiple_of } => Problem::Limit((*multiple_of).into()),
        ValidationErrorKind::MaxItems { limit }
        | ValidationErrorKind::MinItems { limit }
        | ValidationErrorKind::MaxLength { limit }
        | ValidationErrorKind::MinLength { limit }
        | ValidationErrorKind::MaxProperties { limit }
        | ValidationErrorKind::MinProperties { limit } => Problem::Limit((*limit).into()),
        ValidationErrorKind::AdditionalItems { limit } => Problem::Limit((*limit).into()),
        ValidationErrorKind::Required { property } => {
            Problem::Required(property.as_str().unwrap_or_default().to_owned())
        }
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected }
        | ValidationErrorKind::UnevaluatedItems { unexpected } => Problem::Unexpected(unexpected.clone()),
        ValidationErrorKind::AnyOf { context } => Problem::AnyOf(branches(context)),
        ValidationErrorKind::OneOfMultipleValid { context }
        | ValidationErrorKind::OneOfNotValid { context } => Problem::OneOf(branches(context)),
        ValidationErrorKind::PropertyNames { error } => Problem::Name(Box::new(violation(error))),
        ValidationErrorKind::Pattern { pattern } | ValidationErrorKind::Custom { message: pattern, .. } => {
            Problem::Pattern(pattern.clone())
        }
        ValidationErrorKind::Format { format } => Problem::Format(format.clone()),
        _ => Problem::Other,
    };
    Violation {
        keywords: segments(error.evaluation_path().as_str()),
        instance: segments(error.instance_path().as_str()),
        problem,
        value: error.instance().clone().into_owned(),
    }
}
