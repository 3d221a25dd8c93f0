//! `mwrender validate`.

use crate::args::{Common, Validate};
use crate::output;
use crate::printer::reports::Findings;
use mwrender_core::diagnostic::{Diagnostic, Severity};
use mwrender_core::validate::Validator;
use mwrender_core::{Error, Session, render};
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
    let findings = Findings {
        command: "validate",
        subject: "releases",
        looked_at: state.cells.len(),
        found: &known,
        sources: session.sources(),
    };
    output::write(&findings.print(options.output, output::coloured(common.color, &io::stdout()))?)?;
    Ok(if findings.count(Severity::Error) > 0 { output::ERROR } else { output::NOTHING })
}
