//! `mwrender validate`.

use crate::args::{Common, Validate, ValidateFormat};
use crate::output;
use crate::printer;
use mwrender_core::diagnostic::{Diagnostic, Severity, print};
use mwrender_core::validate::Validator;
use mwrender_core::{Error, Session, render};
use std::fmt::Write;
use std::io;

pub(super) fn run(common: &Common, options: &Validate) -> anyhow::Result<u8> {
    let mut session = Session::new();
    let state = super::load(&mut session, common)?;
    let loaded = Validator::load(&mut session, &state);
    let validator = loaded.map_err(|e| output::with_lines(e, &session, common.color))?;
    let fail = |e| output::with_lines(e, &session, common.color);
    let mut found: Vec<Diagnostic> = session.warnings().to_vec();
    found.extend(validator.files(&session, &state).map_err(fail)?);
    found.extend(validator.values(&session, &state).map_err(fail)?);
    match render(&session, &state) {
        Ok(cells) => {
            for cell in &cells {
                found.extend(cell.diagnostics.iter().cloned());
            }
            found.extend(validator.manifests(&session, &state, &cells).map_err(fail)?);
        }
        Err(Error::Diagnostics(faults)) => found.extend(faults),
        Err(e) => return Err(fail(e)),
    }
    let mut known: Vec<Diagnostic> = Vec::new();
    for fault in found {
        if !known.iter().any(|k| {
            k.id == fault.id && k.headline == fault.headline && k.primary_span() == fault.primary_span()
        }) {
            known.push(fault);
        }
    }
    known.sort_by_key(|d| std::cmp::Reverse(d.severity));
    let sources = session.sources();
    let count = |severity: Severity| known.iter().filter(|d| d.severity == severity).count();
    let text = match options.output {
        ValidateFormat::Json => {
            let list: Vec<_> = known.iter().map(|d| print::json(d, sources)).collect();
            let whole = serde_json::json!({"schema": "mwrender.validate/v1", "releases": state.cells.len(), "diagnostics": list});
            serde_json::to_string_pretty(&whole)? + "\n"
        }
        ValidateFormat::Concise => known.iter().map(|d| print::concise(d, sources) + "\n").collect(),
        ValidateFormat::Human => {
            let colour = output::coloured(common.color, &io::stdout());
            let mut text: String = known.iter().map(|d| print::full(d, sources, colour) + "\n\n").collect();
            // writing to a String cannot fail
            let _ = writeln!(
                text,
                "{}: {}, {}, {}",
                printer::count(state.cells.len(), "release"),
                printer::count(count(Severity::Error), "error"),
                printer::count(count(Severity::Warning), "warning"),
                printer::count(count(Severity::Note), "note")
            );
            text
        }
    };
    output::write(&text)?;
    Ok(if count(Severity::Error) > 0 { output::ERROR } else { output::NOTHING })
}
