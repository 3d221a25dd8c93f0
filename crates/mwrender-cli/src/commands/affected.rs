//! `mwrender affected`.

use super::why::file_and_line;
use crate::args::{Affected, Common, Format};
use crate::output;
use crate::printer;
use mwrender_core::Session;
use mwrender_core::cell::Cell;
use mwrender_core::why::{Reach, affected, find_input};
use std::collections::BTreeMap;
use std::fmt::Write;

pub(super) fn run(common: &Common, options: &Affected) -> anyhow::Result<u8> {
    let mut session = Session::new();
    let state = super::load(&mut session, common)?;
    let (name, line) = file_and_line(&options.what);
    let reach = match find_input(&session, &state, name) {
        Some(source) => Reach::File(source, line),
        None if line.is_some() || options.what.contains('/') => {
            anyhow::bail!("{name} is not a layer of the selected releases")
        }
        None => Reach::Path(options.what.parse()?),
    };
    if let (Reach::File(source, Some(line)), true) = (&reach, line.is_some())
        && mwrender_core::why::paths_at(&session, *source, *line).is_empty()
    {
        anyhow::bail!("line {line} of {name} sets no value");
    }
    if let Reach::Path(path) = &reach
        && mwrender_core::why::why(&session, &state, path).is_empty()
    {
        anyhow::bail!(
            "no layer of the selected releases sets `{}`{}",
            options.what,
            super::why::near(&session, &state, &options.what)
        );
    }
    let found =
        affected(&session, &state, &reach).map_err(|e| output::with_lines(e, &session, common.color))?;
    let mut text = String::new();
    match options.output {
        Format::Json => {
            let list: Vec<_> = found
                .iter()
                .map(|a| {
                    serde_json::json!({
                        "environment": a.cell.environment, "namespace": a.cell.namespace, "release": a.cell.release,
                        "kind": a.object.kind, "name": a.object.name, "lines": a.lines,
                    })
                })
                .collect();
            let whole = serde_json::json!({"schema": "mwrender.affected/v1", "objects": list});
            text = serde_json::to_string_pretty(&whole)? + "\n";
        }
        Format::Human => {
            let mut kinds: BTreeMap<&str, (usize, usize, Vec<&Cell>)> = BTreeMap::new();
            let mut cells: Vec<&Cell> = Vec::new();
            for a in &found {
                let (objects, lines, places) = kinds.entry(&a.object.kind).or_default();
                *objects += 1;
                *lines += a.lines;
                for list in [places, &mut cells] {
                    if list.last() != Some(&&a.cell) {
                        list.push(&a.cell);
                    }
                }
            }
            // writing to a String cannot fail
            let _ = writeln!(
                text,
                "{} reaches {} of {}",
                options.what,
                printer::count(cells.len(), "release"),
                state.cells.len()
            );
            for (kind, (objects, lines, places)) in kinds {
                let _ = writeln!(
                    text,
                    "{kind}: {}, {}",
                    printer::count(objects, "object"),
                    printer::count(lines, "line")
                );
                text.push_str(&printer::wrap(&printer::cells(places), 100, "  "));
            }
        }
    }
    output::write(&text)?;
    Ok(output::NOTHING)
}
