//! Prints which releases differ from the golden files, and which values caused it, as a dashboard would.
//!
//!     cargo run --release -p mwrender-core --example pending -- mwrender.yaml

// printing is what this program is for
#![allow(clippy::print_stdout)]

use mwrender_core::diff::{Against, DiffOptions, diff};
use mwrender_core::{Deployed, Session, Spec, State, StateOptions, render};
use std::collections::BTreeSet;

fn main() -> Result<(), mwrender_core::Error> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "mwrender.yaml".to_string());
    let options = StateOptions::new(file);
    let mut session = Session::new();
    let state = State::load(&mut session, &options)?;
    let spec = Spec::Manifests(state.resolve(&state.project.golden));
    let deployed = Deployed::load(&mut session, &spec, &state, &options)?;
    let cells = render(&session, &state)?;
    let Deployed::Manifests(manifests) = &deployed else { return Ok(()) };
    let report = diff(&session, &state, &cells, Against::Manifests(manifests), &DiffOptions::default())?;
    for cell in &report.cells {
        let lines = cell.objects.iter().flat_map(|o| &o.lines);
        let causes: BTreeSet<String> = lines.flat_map(|l| &l.causes).map(|c| c.place.to_string()).collect();
        println!(
            "{} {}: {}",
            cell.cell,
            cell.change.as_str(),
            causes.into_iter().collect::<Vec<_>>().join(", ")
        );
    }
    println!("{} of {} releases differ", report.cells.len(), report.compared);
    Ok(())
}
