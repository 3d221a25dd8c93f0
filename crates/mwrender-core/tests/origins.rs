//! Origins of the repository's own matrix, and of a project of Helm charts: every template of every release renders with origins, and its text is
//! exactly the plain one.

use mwrender_core::tracker::Tracker;
use mwrender_core::{Session, State, StateOptions, render};
use std::path::Path;

#[test]
fn every_template_tracks_exactly() {
    tracks_exactly("../../mwrender.yaml");
}

#[test]
fn every_helm_template_tracks_exactly() {
    tracks_exactly("tests/helm-project/mwrender.yaml");
}

fn tracks_exactly(project: &str) {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join(project);
    let mut session = Session::new();
    let state = State::load(&mut session, &StateOptions::new(project)).expect("the project loads");
    let cells = render(&session, &state).expect("every release renders");
    let mut faults = Vec::new();
    for (cell, inputs) in cells.iter().zip(&state.cells) {
        let mut tracker = Tracker::new(cell, inputs);
        for (template, name) in cell.templates.iter().enumerate() {
            match tracker.get(template) {
                Ok(tracked) if tracked.exact => {}
                Ok(tracked) => {
                    let plain = &cell.texts[template];
                    let at = plain.bytes().zip(tracked.text.bytes()).take_while(|(a, b)| a == b).count();
                    let near: String = plain[..at].chars().rev().take(60).collect();
                    faults
                        .push(format!("{name}: differs after {:?}", near.chars().rev().collect::<String>()));
                }
                Err(fault) => {
                    let text = mwrender_core::diagnostic::print::full(fault, session.sources(), false);
                    faults.push(format!("{name}: {text}"));
                }
            }
        }
    }
    faults.sort();
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
