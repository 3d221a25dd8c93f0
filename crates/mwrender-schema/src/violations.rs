//! What a schema has against a value, without words: for those who have words of their own, as Helm has.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

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

/// A schema in a text of its own, which may not refer to others.
#[derive(Debug)]
pub struct Standalone {
    validator: Validator,
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
    pub fn new(schema: &Value) -> Result<Standalone, Invalid> {
        let draft = schema.get("$schema").and_then(Value::as_str).unwrap_or_default();
        let formats = ["draft-04", "draft-06", "draft-07"].iter().any(|old| draft.contains(old));
        if let Ok(meta) = jsonschema::meta::validator_for(schema) {
            let found: Vec<Violation> = meta.iter_errors(schema).map(|error| violation(&error)).collect();
            if !found.is_empty() {
                let default = "https://json-schema.org/draft/2020-12/schema";
                let uri = if draft.is_empty() { default } else { draft };
                return Err(Invalid::Violations(uri.trim_end_matches('#').to_owned(), found));
            }
        }
        jsonschema::options()
            .should_validate_formats(formats)
            .offline()
            .build(schema)
            .map(|validator| Standalone { validator })
            .map_err(|error| Invalid::Reference(error.to_string()))
    }

    /// What the schema has against a value.
    pub fn check(&self, value: &Value) -> Vec<Violation> {
        if self.validator.is_valid(value) {
            return Vec::new();
        }
        self.validator.iter_errors(value).flat_map(|error| apart(violation(&error))).collect()
    }
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
        ValidationErrorKind::Pattern { pattern } => Problem::Pattern(pattern.clone()),
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
