//! `mwrender golden`.

use crate::args::{Common, Format, Golden, GoldenAction};
use crate::output;
use crate::printer;
use mwrender_core::golden::Fault;
use mwrender_core::{Session, StateOptions, golden, render};
use std::fmt::Write;
use std::path::Path;

pub(super) fn run(common: &Common, options: &Golden) -> anyhow::Result<u8> {
    if matches!(options.action, GoldenAction::Accept) && std::env::var("CI").is_ok_and(|v| v == "true") {
        anyhow::bail!(
            "`golden accept` is refused where CI=true: accept on a workstation, and commit what you reviewed"
        );
    }
    let mut session = Session::new();
    let options_of_state = StateOptions { without_private: true, ..super::state_options(common) };
    let state = super::load_with(&mut session, common, &options_of_state)?;
    let fail = |e| output::with_lines(e, &session, common.color);
    let cells = render(&session, &state).map_err(fail)?;
    let files = golden::files(&cells);
    let directory = state.resolve(&state.project.golden);
    let whole = common.environment.is_empty() && common.selector.is_empty();
    let found = golden::check(&directory, &files, whole).map_err(fail)?;
    match &options.action {
        GoldenAction::Check(options) => {
            let text = match options.output {
                Format::Json => printer::json::golden(&directory, files.len(), &found)?,
                Format::Human => faults(&directory, files.len(), &found),
            };
            output::write(&text)?;
            if found.is_empty() {
                return Ok(output::NOTHING);
            }
            output::say("error: see `mwrender diff` for what changed, then `mwrender golden accept`");
            Ok(output::ERROR)
        }
        GoldenAction::Accept => {
            golden::accept(&directory, &files, &found).map_err(fail)?;
            output::write(&format!(
                "{} written or removed, of {}\n",
                printer::count(found.len(), "golden file"),
                files.len()
            ))?;
            Ok(output::NOTHING)
        }
    }
}

fn faults(directory: &Path, files: usize, found: &[(String, Fault)]) -> String {
    if found.is_empty() {
        return format!("{} as rendered\n", files_are(files));
    }
    let mut text = String::new();
    for (path, fault) in found {
        // writing to a String cannot fail
        let _ = writeln!(text, "{}: {}", directory.join(path).display(), fault.as_str());
    }
    let _ = writeln!(text, "{} not as rendered, of {files}", files_are(found.len()));
    text
}

fn files_are(count: usize) -> String {
    format!("{} {}", printer::count(count, "golden file"), if count == 1 { "is" } else { "are" })
}
