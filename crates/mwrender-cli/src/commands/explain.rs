//! `mwrender explain`.

use crate::args::Explain;
use crate::output;
use crate::printer;
use mwrender_core::explain::all;
use std::fmt::Write;

pub(super) fn run(options: &Explain) -> anyhow::Result<u8> {
    let all = all();
    let mut text = String::new();
    match &options.id {
        None => {
            for (id, paragraph) in &all {
                let first = paragraph.split(". ").next().unwrap_or(paragraph);
                // writing to a String cannot fail
                let _ = writeln!(text, "{id:26} {}", first.trim_end_matches('.'));
            }
        }
        Some(id) => {
            let Some((_, paragraph)) = all.iter().find(|(known, _)| known == id) else {
                let near = mwrender_core::similar(id, all.iter().map(|(known, _)| *known));
                let hint = near.map_or_else(String::new, |k| format!("; did you mean `{k}`?"));
                anyhow::bail!("there is no diagnostic `{id}`{hint}");
            };
            let _ = writeln!(text, "{id}\n");
            text.push_str(&printer::wrap(paragraph, 98, "  "));
        }
    }
    output::write(&text)?;
    Ok(output::NOTHING)
}
