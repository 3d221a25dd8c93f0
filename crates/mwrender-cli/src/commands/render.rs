//! `mwrender render`.

use crate::args::{Common, Render};
use crate::output;
use mwrender_core::Session;

pub(super) fn run(common: &Common, options: &Render) -> anyhow::Result<u8> {
    let mut session = Session::new();
    let state = super::load(&mut session, common)?;
    let cells = super::render_checked(&mut session, &state, common, !options.no_validate)?;
    let fail = |e| output::with_lines(e, &session, common.color);
    if let Some(directory) = &options.output_dir {
        let files = mwrender_core::golden::files(&cells);
        mwrender_core::golden::write(directory, &files).map_err(fail)?;
    } else {
        let mut text = String::new();
        for cell in &cells {
            text.push_str(&cell.manifest());
        }
        output::write(&text)?;
    }
    Ok(output::NOTHING)
}
