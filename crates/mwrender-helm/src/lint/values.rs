//! `values.yaml` and its schema, as `helm lint` checks them before it loads the chart: the files as they are in the
//! folder, and the values without those of the charts below.

use super::Request;
use crate::chart::Chart;
use crate::decode;
use crate::file::File;
use crate::schema::{Mismatch, Schema, check_one};
use crate::settle::over_file;
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use mwrender_values::{Data, NullHandling, Value, read};
use std::sync::Arc;

/// The files, whatever `.helmignore` says of them.
pub(super) struct Files {
    values: Option<File>,
    schema: Option<File>,
    /// `values.yaml` is a folder.
    is_folder: bool,
}

impl Files {
    /// Finds them among the files of a chart.
    pub(super) fn of(files: &[File]) -> Files {
        let find = |name: &str| files.iter().find(|file| &*file.name == name).cloned();
        let is_folder = files.iter().any(|file| file.name.starts_with("values.yaml/"));
        Files { values: find("values.yaml"), schema: find("values.schema.json"), is_folder }
    }

    /// Checks them; gives what remains of what was given, too.
    pub(super) fn check(&self, chart: &Arc<Chart>, request: &Request<'_>) -> (Vec<Diagnostic>, Value) {
        let given = || request.given.clone();
        if self.is_folder {
            let headline = "`values.yaml` is a folder and no file";
            return (vec![Diagnostic::error("invalid-chart", headline)], given());
        }
        let Some(values) = &self.values else { return (Vec::new(), given()) };
        let below = match defaults(values) {
            Ok(below) => below,
            Err(diagnostic) => return (vec![*diagnostic], given()),
        };
        match over_file(chart, request.given, &below, NullHandling::default()) {
            Ok((all, given)) => (self.schema(chart, &all, request), given),
            Err(_) => (Vec::new(), given()),
        }
    }

    /// Checks values against the schema of the chart.
    fn schema(&self, chart: &Chart, values: &Value, request: &Request<'_>) -> Vec<Diagnostic> {
        let Some(schema) = self.schema.as_ref().filter(|file| file.is_marked || !file.data.is_empty()) else {
            return Vec::new();
        };
        if schema.is_marked {
            let headline = "`values.schema.json` begins with a byte order mark";
            let diagnostic = Diagnostic::error("values-schema", headline)
                .note("helm lint fails on it, though Helm renders and installs the chart")
                .help("save the file as UTF-8 without one");
            return vec![diagnostic.primary(Span::new(schema.start, 1), "")];
        }
        let name = &chart.metadata.name;
        let mismatch = check_one(name, &Schema::new(schema.clone()), values, request.fetch).err();
        mismatch.iter().flat_map(Mismatch::diagnostics).collect()
    }
}

/// What `values.yaml` says.
fn defaults(file: &File) -> Result<Value, Box<Diagnostic>> {
    let text =
        read::text_as_go(&file.data).map_err(|words| Box::new(Diagnostic::error("yaml-syntax", words)))?;
    let start = if file.start.is_some() { file.start } else { Pos::NONE };
    let value = decode::yaml(&text, start).map_err(|error| Box::new(fault(error, file)))?;
    match value.data {
        Data::Map(_) => Ok(value),
        Data::Null => Ok(Value::empty_map(Pos::NONE)),
        _ => Err(Box::new(fault(decode::wrong_document(&value, decode::types::VALUES), file))),
    }
}

fn fault(error: crate::Error, file: &File) -> Diagnostic {
    let known = error.diagnostics.into_iter().next();
    known.unwrap_or_else(|| {
        Diagnostic::error("invalid-chart", error.text).primary(Span::new(file.start, 1), "")
    })
}
