//! `mwrender golden`.

use crate::args::{Common, Golden, GoldenAction};
use crate::output;
use mwrender_core::{Session, golden, render};
use std::fmt::Write;

pub(super) fn run(common: &Common, options: &Golden) -> anyhow::Result<u8> {
    if matches!(options.action, GoldenAction::Accept) && std::env::var("CI").is_ok_and(|v| v == "true") {
        anyhow::bail!(
            "`golden accept` is refused where CI=true: accept on a workstation, and commit what you reviewed"
        );
    }
    let mut session = Session::new();
    let state = super::load(&mut session, common)?;
    let fail = |e| output::with_lines(e, &session, common.color);
    let cells = render(&session, &state).map_err(fail)?;
    let files = golden::files(&state, &cells);
    let directory = state.resolve(&state.project.golden);
    let whole = common.environment.is_empty() && common.selector.is_empty();
    let found = golden::check(&directory, &files, whole).map_err(fail)?;
    match options.action {
        GoldenAction::Check => {
            let mut text = String::new();
            for (path, fault) in &found {
                // writing to a String cannot fail
                let _ = writeln!(text, "{}: {}", directory.join(path).display(), fault.as_str());
            }
            if found.is_empty() {
                output::write(&format!("{} golden files are as rendered\n", files.len()))?;
                return Ok(output::NOTHING);
            }
            let _ = writeln!(text, "{} of {} golden files are not as rendered", found.len(), files.len());
            output::write(&text)?;
            eprintln!("error: see `mwrender diff` for what changed, then `mwrender golden accept`");
            Ok(output::ERROR)
        }
        GoldenAction::Accept => {
            golden::accept(&directory, &files, &found).map_err(fail)?;
            output::write(&format!("{} of {} golden files written\n", found.len(), files.len()))?;
            Ok(output::NOTHING)
        }
    }
}
