//! `mwrender list`.

use crate::args::{Common, Format, List};
use crate::output;
use mwrender_core::Session;
use std::fmt::Write;

pub(super) fn run(common: &Common, options: &List) -> anyhow::Result<u8> {
    let mut session = Session::new();
    let state = super::load(&mut session, common)?;
    let cells = state.cells.iter().map(|c| &c.cell);
    let text = match options.output {
        Format::Json => {
            let cells: Vec<_> = cells
                .map(|c| {
                    serde_json::json!({
                        "environment": c.environment, "service": c.service, "namespace": c.namespace,
                        "release": c.release, "chart": c.chart, "layers": c.layers,
                    })
                })
                .collect();
            let list = serde_json::json!({"schema": "mwrender.list/v1", "releases": cells});
            serde_json::to_string_pretty(&list)? + "\n"
        }
        Format::Human => {
            let rows: Vec<[&str; 4]> =
                cells.map(|c| [&*c.environment, &*c.namespace, &*c.release, &*c.chart]).collect();
            table(["ENVIRONMENT", "NAMESPACE", "RELEASE", "CHART"], &rows)
        }
    };
    output::write(&text)?;
    Ok(output::NOTHING)
}

fn table<const N: usize>(head: [&str; N], rows: &[[&str; N]]) -> String {
    let mut widths = head.map(str::len);
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.len());
        }
    }
    let mut out = String::new();
    for row in std::iter::once(&head).chain(rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            // writing to a String cannot fail
            let _ = write!(line, "{cell:width$}  ");
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}
