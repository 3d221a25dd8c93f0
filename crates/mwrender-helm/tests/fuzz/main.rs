//! Nothing that a chart holds brings the program down: functions on any arguments, TOML, archives, and whole charts.
//!
//! `cargo test` runs the corpora in `__fuzz__` and some random inputs; `BOLERO_RANDOM_ITERATIONS` and
//! `BOLERO_RANDOM_TEST_TIME_MS` say how many and for how long. `cargo bolero test` runs a target as a fuzzer.

mod charts;
mod functions;
mod toml;

use mwrender_diagnostic::{Pos, SourceMap};
use mwrender_helm::{Capabilities, File, Manifests, Options, Program, Release, load, schema, settle};
use mwrender_values::{NullHandling, Value};

/// Steps that a render may take here.
const FUEL: u64 = 100_000;

/// Loads a chart and renders it, as far as it goes. Says what came out, or the error.
fn render(files: Vec<File>) -> Result<Vec<u8>, String> {
    let mut sources = SourceMap::default();
    let loaded = load::folder(files, "chart", &mut sources).map_err(|error| error.text)?;
    finish(&loaded.chart)
}

/// Renders a chart.
fn finish(chart: &std::sync::Arc<mwrender_helm::Chart>) -> Result<Vec<u8>, String> {
    let given = Value::empty_map(Pos::NONE);
    let settled = settle(chart, &given, NullHandling::default()).map_err(|error| error.text)?;
    schema::check(&settled, &schema::Offline).map_err(|mismatch| mismatch.message)?;
    let program = Program::compile(&settled.charts).map_err(|fault| fault.text.clone())?;
    let (release, capabilities) = (Release::new("r", "ns"), Capabilities::default());
    let render = |track| {
        let options = Options { track, fuel: FUEL, ..Options::default() };
        program.render(&settled, &release, &capabilities, options)
    };
    // what is random differs, so only whether it came to an end is compared
    let (plain, tracked) = (render(false), render(true));
    if let (Err(plain), Ok(_)) = (&plain, &tracked) {
        panic!("without origins: {}", plain.text);
    }
    let plain = plain.map_err(|fault| fault.text.clone())?;
    tracked.map_err(|fault| format!("with origins: {}", fault.text))?;
    let _ = Manifests::of(&plain);
    Ok(plain.files.iter().flat_map(|file| file.text.iter().copied()).collect())
}
