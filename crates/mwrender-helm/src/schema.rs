//! `values.schema.json`: values against the schemas of their charts, in the words of Helm 3.19.
//!
//! Helm's library goes through a schema in a certain order, and puts what it finds into a tree; so does this. Keys of
//! objects are in no order there; here they are sorted. What a schema refers to elsewhere is fetched as Helm does,
//! by whoever calls ([`Fetch`]).

mod documents;
mod formats;
mod words;

pub use documents::{Fetch, Offline, Unfetched};

use self::documents::Documents;
use crate::charts::{ChartId, Charts};
use crate::file::File;
use crate::functions::decode::json;
use crate::functions::{regex, url};
use crate::settle::Settled;
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use mwrender_schema::violations::{Invalid, Kind, Node, Standalone, Syntax};
use mwrender_values::{Data, Number, NumberKind, Value, convert};
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

/// `values.schema.json` of a chart. What a check needs of it is made by the first one, and kept for all releases.
#[derive(Clone, Debug)]
pub struct Schema {
    /// The file.
    pub file: File,
    ready: OnceLock<Arc<Result<Standalone, String>>>,
}

impl Schema {
    /// Takes a file as it is; whether it holds a schema is seen when values are checked.
    pub fn new(file: File) -> Schema {
        Schema { file, ready: OnceLock::new() }
    }

    /// The schema; or what Helm says of a text that is none.
    fn ready(&self, fetch: &dyn Fetch) -> Result<&Standalone, &str> {
        let ready = self.ready.get_or_init(|| {
            Arc::new(json::document(&self.file.data).and_then(|schema| {
                let standalone = Standalone::new(schema, ADDRESS, &Documents(fetch), &Go);
                standalone.map_err(|invalid| refused(&invalid))
            }))
        });
        (**ready).as_ref().map_err(String::as_str)
    }
}

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
    /// Schemas that are none.
    pub unusable: Vec<Unusable>,
}

/// A schema that no value can be checked against.
#[derive(Clone, Debug)]
pub struct Unusable {
    /// The chart, by its path (`parent/charts/name`).
    pub chart: String,
    /// Where its `values.schema.json` begins, or [`Pos::NONE`].
    pub start: Pos,
    /// Why, in Helm's words; it may have several lines.
    pub message: String,
}

impl Mismatch {
    /// What is wrong, each at its value or schema.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let at = |diagnostic: Diagnostic, place: Pos| {
            if place.is_some() { diagnostic.primary(Span::new(place, 1), "") } else { diagnostic }
        };
        let violations = self.violations.iter().map(|violation| {
            let path = violation.path.join(".");
            let what = if path.is_empty() { "the values are".to_owned() } else { format!("`{path}` is") };
            let what = format!("{what} not what the chart's schema asks for: {}", violation.message);
            let escaped = |keyword: &String| keyword.replace('~', "~0").replace('/', "~1");
            let pointer = violation.keywords.iter().map(escaped).collect::<Vec<_>>().join("/");
            let note = format!(
                "`values.schema.json` of the chart `{}` asks for it at `/{pointer}`",
                violation.chart
            );
            at(Diagnostic::error("values-schema", what).note(note), violation.value)
        });
        let unusable = self.unusable.iter().map(|unusable| {
            let why = unusable.message.lines().next().unwrap_or_default();
            let what =
                format!("`values.schema.json` of the chart `{}` cannot be used: {why}", unusable.chart);
            at(Diagnostic::error("values-schema", what), unusable.start)
        });
        violations.chain(unusable).collect()
    }
}

/// Checks the values of all charts that take part against their schemas.
///
/// # Errors
/// Some values do not meet a schema, or a schema is none.
pub fn check(settled: &Settled, fetch: &dyn Fetch) -> Result<(), Mismatch> {
    let mut found = Mismatch { message: String::new(), violations: Vec::new(), unusable: Vec::new() };
    below(&settled.charts, Charts::ROOT, &settled.values, fetch, &mut found);
    if found.message.is_empty() {
        return Ok(());
    }
    let head = "values don't meet the specifications of the schema(s) in the following chart(s):\n";
    Err(Mismatch { message: format!("{head}{}", found.message), ..found })
}

/// Checks values against one schema; `chart` is what messages call the chart.
///
/// # Errors
/// The values do not meet the schema, or it is none.
pub(crate) fn check_one(
    chart: &str,
    schema: &Schema,
    values: &Value,
    fetch: &dyn Fetch,
) -> Result<(), Mismatch> {
    let mut found = Mismatch { message: String::new(), violations: Vec::new(), unusable: Vec::new() };
    one(chart, schema, values, fetch, &mut found).map_err(|message| Mismatch { message, ..found })
}

fn below(charts: &Charts, id: ChartId, values: &Value, fetch: &dyn Fetch, found: &mut Mismatch) {
    let node = charts.get(id);
    if let Some(schema) = &node.chart.schema
        && let Err(message) = one(&charts.full_path(id), schema, values, fetch, found)
    {
        let _ = write!(found.message, "{}:\n{message}", node.name);
    }
    for child in &node.dependencies {
        let values = charts.values_below(*child, values);
        below(charts, *child, &values, fetch, found);
    }
}

/// Checks values against a schema; says what Helm prints below the name of the chart.
fn one(
    chart: &str,
    schema: &Schema,
    values: &Value,
    fetch: &dyn Fetch,
    found: &mut Mismatch,
) -> Result<(), String> {
    let standalone = match schema.ready(fetch) {
        Ok(standalone) => standalone,
        Err(message) => {
            let (chart, message) = (chart.to_owned(), message.to_owned());
            found.unusable.push(Unusable { chart, start: schema.file.start, message: message.clone() });
            return Err(message);
        }
    };
    let tree = standalone.check(&Go, &convert::to_json_with(values, &number));
    if tree.is_empty() {
        return Ok(());
    }
    Node::leaves(&tree, &mut |node| {
        found.violations.push(Violation {
            chart: chart.to_owned(),
            path: node.instance.clone(),
            value: position(values, &node.instance),
            keywords: node.keywords.clone(),
            message: words::of(node),
        });
    });
    Err(words::print(&tree, 0))
}

/// A number as the check has it: those of files went through a `float64`.
#[expect(clippy::cast_precision_loss, reason = "that is what becomes of them")]
fn number(number: &Number) -> serde_json::Value {
    const EXACT: u64 = 1 << 53;
    match number.kind {
        NumberKind::Int(i) if number.int64 || i.unsigned_abs() <= EXACT => i.into(),
        NumberKind::Int(i) => (i as f64).into(),
        NumberKind::Uint(u) => (u as f64).into(),
        NumberKind::Float(f) => f.into(),
    }
}

/// Where Helm says that a schema is.
const ADDRESS: &str = "file:///values.schema.json";

/// Patterns and formats as Go has them.
struct Go;

impl Syntax for Go {
    fn matches(&self, pattern: &str, text: &str) -> bool {
        regex::is_match(pattern, text).unwrap_or(false)
    }

    fn format(&self, format: &str, text: &str) -> Option<String> {
        formats::check(format, text).err()
    }

    fn join(&self, base: &str, reference: &str) -> Result<String, String> {
        url::join(base, reference)
    }

    fn unescape(&self, fragment: &str) -> Result<String, String> {
        url::unescape(fragment)
    }
}

/// Helm's words for a schema that cannot be used.
fn refused(invalid: &Invalid) -> String {
    let quoted = |text: &String| crate::engine::quoted(text);
    match invalid {
        Invalid::Violations(address, meta, nodes) => {
            let text = words::print(nodes, 0);
            let head = format!("\"{address}\" is not valid against metaschema");
            format!("{head}: jsonschema validation failed with '{meta}'\n{}", text.trim_end())
        }
        Invalid::Load(address, why) => format!("failing loading \"{address}\": {why}"),
        Invalid::Pointer(address) => format!("json-pointer in \"{address}\" not found"),
        Invalid::Anchor(address, document) => {
            format!("anchor in \"{address}\" not found in schema \"{document}\"")
        }
        Invalid::Pattern(pattern, address, why) => {
            format!("invalid regex {} at {}: {why}", quoted(pattern), quoted(address))
        }
        Invalid::Path(address) => format!("invalid json-pointer \"{address}\""),
        Invalid::Address(address, why) => format!("error in parsing {}: {why}", quoted(address)),
        Invalid::Id(place) => format!("error in parsing id at {}", quoted(place)),
        Invalid::AnchorOf(place) => format!("error in parsing anchor at {}", quoted(place)),
        Invalid::Duplicate(kind, what, document, [first, second]) => {
            let kind = if *kind == Kind::Id { "id" } else { "anchor" };
            let [what, document, first, second] = [what, document, first, second].map(quoted);
            format!("duplicate {kind} {what} in {document} at {first} and {second}")
        }
        Invalid::Draft(address) => format!("draft {} is not supported", quoted(address)),
        Invalid::DraftCycle(address) => format!("cycle in resolving $schema in {}", quoted(address)),
        Invalid::Vocabulary(name, address) => {
            format!("unsupported vocabulary {} in {}", quoted(name), quoted(address))
        }
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
