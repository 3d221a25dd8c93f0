//! The corpus: layers of values, templates, and what comes out with which origins.
//!
//! Each file of `tests/inputs` has sections: `values NAME` (layers, the lowest first), `template NAME` (rendered, or
//! a partial if its name begins with `_`), and `output NAME` with the tracked text of each rendered template, one
//! line per line: `text <- template lines | causes`. Where a template fails, the output is the diagnostic.
//! `UPDATE=1 cargo test -p mwrender-template` writes the outputs; read them before you commit them.

use crate::world::{World, report};
use std::fmt::Write;
use std::path::Path;

/// A section's kind, name and text.
type Section = (String, String, String);

fn sections(case: &str) -> (String, Vec<Section>) {
    let mut found: Vec<Section> = Vec::new();
    let mut description = String::new();
    for line in case.split_inclusive('\n') {
        let header = line.trim_end().strip_prefix("-- ").and_then(|l| l.strip_suffix(" --"));
        match header.and_then(|h| h.split_once(' ')) {
            Some((kind, name)) => found.push((kind.to_string(), name.to_string(), String::new())),
            None => found.last_mut().map_or(&mut description, |s| &mut s.2).push_str(line),
        }
    }
    (description, found)
}

fn run(case: &str) -> String {
    let (description, sections) = sections(case);
    let of = |kind: &str| {
        sections
            .iter()
            .filter(|s| s.0 == kind)
            .map(|(_, name, text)| (name.as_str(), text.as_str()))
            .collect::<Vec<_>>()
    };
    let (layers, templates) = (of("values"), of("template"));
    let mut out = description;
    for (kind, name, text) in sections.iter().filter(|s| s.0 != "output") {
        let _ = write!(out, "-- {kind} {name} --\n{text}");
    }
    let print = |fault: &_, sources: &_| mwrender_diagnostic::print::full(fault, sources, false) + "\n";
    match World::new(&templates) {
        Err((fault, sources)) => {
            let _ = write!(out, "-- output error --\n{}", print(&fault, &sources));
        }
        Ok(mut world) => {
            let context = world.context(&layers);
            let rendered = world.program.render(&context.value);
            for name in rendered.iter().map(|r| &*r.template) {
                let text = match world.render(name, &context) {
                    Ok(tracked) => report(&tracked, &world, &context),
                    Err(fault) => print(&fault, &world.sources),
                };
                let _ = write!(out, "-- output {name} --\n{text}");
            }
        }
    }
    out
}

#[test]
fn corpus() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|f| f.expect("it reads").path())
        .collect();
    files.sort();
    let mut faults = String::new();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "txt")) {
        let case = std::fs::read_to_string(file).expect("it is text");
        let result = run(&case);
        if result == case {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(file, &result).expect("it can be written");
            continue;
        }
        let _ = writeln!(faults, "{}:", file.display());
        for change in similar::TextDiff::from_lines(&case, &result).iter_all_changes() {
            if change.tag() != similar::ChangeTag::Equal {
                let _ = write!(faults, "{}{change}", change.tag());
            }
        }
    }
    assert!(faults.is_empty(), "{faults}");
}
