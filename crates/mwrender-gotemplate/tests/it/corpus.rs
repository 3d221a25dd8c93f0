//! Templates with the outputs that Go 1.24.11 gave: `tests/inputs/<subject>.txt`.
//!
//! A file has cases, each with the sections `template` and `output` or `error`. The sections `data` (JSON) and
//! `missingkey` hold for the cases behind them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use mwrender_gotemplate::{MissingKey, Run, Set};

use crate::data::{from_json, funcs};

/// The sections of a file: name and text, without the end of its last line.
pub(crate) fn sections(file: &str) -> Vec<(&str, &str)> {
    let mut sections = Vec::new();
    let mut rest = file;
    while let Some((title, after)) = rest.strip_prefix("-- ").and_then(|r| r.split_once(" --\n")) {
        let end = after.find("\n-- ").unwrap_or(after.trim_end_matches('\n').len());
        sections.push((title, &after[..end]));
        rest = after[end..].trim_start_matches('\n');
    }
    sections
}

#[test]
fn outputs_are_those_of_go() {
    let funcs = Arc::new(funcs());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/inputs");
    let (mut cases, mut failures, mut wrong) = (0, 0, Vec::new());
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("inputs").map(|e| e.expect("a file").path()).collect();
    files.sort();
    for path in files {
        let file = fs::read_to_string(&path).expect("text");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let (mut data, mut missing, mut template) = (serde_json::Value::Null, MissingKey::Invalid, "");
        for (title, text) in sections(&file) {
            match title {
                "data" => data = serde_json::from_str(text).expect("JSON"),
                "missingkey" => {
                    missing = match text {
                        "zero" => MissingKey::Zero,
                        "error" => MissingKey::Error,
                        _ => MissingKey::Invalid,
                    }
                }
                "template" => template = text,
                "output" | "error" => {
                    cases += 1;
                    failures += usize::from(title == "error");
                    for track in [false, true] {
                        let mut set = Set::new(Arc::clone(&funcs)).named(&name).missing_key(missing);
                        let run = if track { Run::new().track() } else { Run::new() };
                        let got = set
                            .parse(&name, template)
                            .and_then(|()| set.execute(&name, &from_json(&data), &mut { run }));
                        let got = match got {
                            Ok(output) => ("output", String::from_utf8_lossy(&output.text).into_owned()),
                            Err(error) => ("error", error.to_string()),
                        };
                        if got != (title, text.to_owned()) {
                            wrong.push(format!(
                                "{name}: {template}\n  Go:   {title} {text:?}\n  here: {got:?}"
                            ));
                        }
                    }
                }
                other => panic!("{name} has a section `{other}`"),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases} cases differ\n{}", wrong.len(), wrong.join("\n"));
    assert!(cases > 200 && failures * 4 > cases, "{cases} cases, {failures} of them errors");
}
