//! `values.schema.json`: values against the schemas of their charts, in the words of Helm 3.19.
//!
//! Helm's library goes through a schema in a certain order, and puts what it finds into a tree; so does this. Keys of
//! objects are in no order there; here they are sorted. Not here: the items that `contains` did not match.

mod format;
mod tree;
mod words;

use crate::charts::{ChartId, Charts};
use crate::functions::decode::json;
use crate::functions::regex;
use crate::settle::Settled;
use mwrender_diagnostic::Pos;
use mwrender_schema::violations::{Invalid, Rules, Standalone};
use mwrender_values::{Data, Value, convert};
use std::fmt::Write;

/// What a schema has against a value.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The chart, by its path (`parent/charts/name`).
    pub chart: String,
    /// The keys and indices that lead to the value, from the values of that chart.
    pub path: Vec<String>,
    /// Where the value was set, or [`Pos::NONE`].
    pub value: Pos,
    /// The keywords of the schema that lead to the one that was not met.
    pub keywords: Vec<String>,
    /// What is wrong, in Helm's words: `got number, want string`.
    pub message: String,
}

/// Values that are not what the schemas of their charts ask for, or schemas that are none.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct Mismatch {
    /// Helm's message: all charts, each with all that is wrong.
    pub message: String,
    /// The same as data.
    pub violations: Vec<Violation>,
}

/// Checks the values of all charts that take part against their schemas.
///
/// # Errors
/// Some values do not meet a schema, or a schema is none.
pub fn check(settled: &Settled) -> Result<(), Mismatch> {
    let mut found = Mismatch { message: String::new(), violations: Vec::new() };
    below(&settled.charts, Charts::ROOT, &settled.values, &mut found);
    if found.message.is_empty() {
        return Ok(());
    }
    let head = "values don't meet the specifications of the schema(s) in the following chart(s):\n";
    Err(Mismatch { message: format!("{head}{}", found.message), ..found })
}

fn below(charts: &Charts, id: ChartId, values: &Value, found: &mut Mismatch) {
    let node = charts.get(id);
    if let Some(file) = &node.chart.schema
        && let Err(message) =
            one(&charts.full_path(id), file.text().unwrap_or_default(), values, &mut found.violations)
    {
        let _ = write!(found.message, "{}:\n{message}", node.name);
    }
    for child in &node.dependencies {
        let values = charts.values_below(*child, values);
        below(charts, *child, &values, found);
    }
}

/// What Helm's library holds texts to.
const RULES: Rules = Rules { formats: format::FORMATS, matches: regex::matches };

/// Checks values against the text of a schema; says what Helm prints below the name of the chart.
fn one(chart: &str, text: &str, values: &Value, found: &mut Vec<Violation>) -> Result<(), String> {
    if let Some(fault) = json::fault(text) {
        return Err(fault);
    }
    let schema: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("values.schema.json is no JSON: {error}"))?;
    let standalone = Standalone::new(&schema, RULES).map_err(|invalid| match invalid {
        Invalid::Violations(draft, violations) => {
            let text = words::print(&tree::tree(&violations));
            let head = "\"file:///values.schema.json#\" is not valid against metaschema";
            let text = text.trim_end();
            format!("{head}: jsonschema validation failed with '{draft}#'\n{text}")
        }
        Invalid::Reference(text) => reference(&text),
    })?;
    let violations = standalone.check(&convert::to_json(values));
    if violations.is_empty() {
        return Ok(());
    }
    let tree = tree::tree(&violations);
    tree::leaves(&tree, &mut |violation, message| {
        found.push(Violation {
            chart: chart.to_owned(),
            path: violation.instance.clone(),
            value: position(values, &violation.instance),
            keywords: violation.keywords.clone(),
            message,
        });
    });
    Err(words::print(&tree))
}

/// What Helm says of a reference that leads nowhere, from what our library says.
fn reference(text: &str) -> String {
    const FILE: &str = "file:///values.schema.json";
    let (before, behind) = text.split_once('\'').unwrap_or((text, ""));
    let (name, _) = behind.split_once('\'').unwrap_or((behind, ""));
    let url = name.split('#').next().unwrap_or_default();
    match before {
        "Pointer " => format!("json-pointer in \"{FILE}#{name}\" not found"),
        "Anchor " => format!("anchor in \"{FILE}#{name}\" not found in schema \"{FILE}\""),
        "Unknown meta-schema: " | "Resource " if url.contains("://") && !url.starts_with("file:") => {
            format!("failing loading \"{url}\": HTTP request failed for {url}: mwrender asks no network")
        }
        "Unknown meta-schema: " => {
            format!("failing loading \"{url}\": no URLLoader registered for \"{url}\"")
        }
        "Resource " => {
            let path = url.strip_prefix("file://").unwrap_or(url);
            let path = path.trim_start_matches("./").trim_start_matches('/');
            format!("failing loading \"file:///{path}\": open /{path}: no such file or directory")
        }
        _ => text.to_owned(),
    }
}

/// Where the value at a path was set; that of the nearest one around it, if it has no place.
fn position(values: &Value, path: &[String]) -> Pos {
    let mut value = values;
    let mut at = value.origin;
    for step in path {
        let next = match &value.data {
            Data::List(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
            _ => value.get(step),
        };
        let Some(next) = next else { break };
        value = next;
        if value.origin.is_some() {
            at = value.origin;
        }
    }
    at
}
