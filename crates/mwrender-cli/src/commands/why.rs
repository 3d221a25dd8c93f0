//! `mwrender why`.

use super::values::{masked, one_line};
use crate::args::{Common, Format, Why};
use crate::output;
use crate::printer::{self, json::values as json};
use mwrender_core::values::Value;
use mwrender_core::values::path::Path;
use mwrender_core::why::{LineWhy, Why as Explained, cell_of_file, find_input, paths_at, why, why_line};
use mwrender_core::{Session, State};
use std::fmt::Write;

pub(super) fn run(common: &Common, options: &Why) -> anyhow::Result<u8> {
    let mut session = super::session(options.fingerprint_key.as_deref())?;
    let state = super::load(&mut session, common)?;
    let (name, line) = file_and_line(&options.what);
    let shown = |value: &Value, private: bool| match (options.show_secrets, private) {
        (true, _) => value.clone(),
        (false, true) => Value::string("<secret>"),
        (false, false) => masked(&session, value),
    };
    let of_keys = |found: &[Explained]| match options.output {
        Format::Json => json::why(&options.what, found, shown),
        Format::Human => explain(found, shown),
    };
    let text = if let (Some(line), Some(source)) = (line, find_input(&session, &state, name)) {
        let paths = paths_at(&session, source, line);
        if paths.is_empty() {
            anyhow::bail!("line {line} of {name} sets no value");
        }
        let found: Vec<Explained> = paths.iter().flat_map(|path| why(&session, &state, path)).collect();
        of_keys(&found)
    } else if let (Some(line), Some(inputs)) = (line, cell_of_file(&state, name)) {
        let text = std::fs::read_to_string(name).map_err(|e| mwrender_core::Error::io(name, e))?;
        let found = why_line(&session, &state, inputs, &text, line);
        let found = found.map_err(|e| output::with_lines(e, &session, common.color))?;
        match options.output {
            Format::Json => json::why_line(&options.what, &found),
            Format::Human => of_line(&found),
        }
    } else if line.is_some() {
        anyhow::bail!("{name} is neither a layer of the selected releases nor a rendered file of theirs");
    } else {
        let path: Path = options.what.parse()?;
        let found = why(&session, &state, &path);
        if found.is_empty() {
            anyhow::bail!(
                "no layer of the selected releases sets `{}`{}",
                options.what,
                near(&session, &state, &options.what)
            );
        }
        of_keys(&found)
    };
    output::write(&text)?;
    Ok(output::NOTHING)
}

fn of_line(found: &LineWhy) -> String {
    let mut out = String::new();
    // writing to a String cannot fail
    let _ = writeln!(out, "{}", found.text);
    let _ = writeln!(out, "  in {}, {}", found.cell, found.object);
    for place in found.template.iter().rev() {
        let _ = writeln!(out, "  template {place}");
    }
    for cause in &found.causes {
        let _ = writeln!(out, "  from {}", printer::human::reference(cause));
    }
    if found.causes.is_empty() {
        let _ = writeln!(out, "  from no value: it is the template's own text");
    }
    if found.approximate {
        let _ = writeln!(out, "  the origins in this template are approximate");
    }
    if found.stale {
        let _ = writeln!(out, "  the file is not as rendered now; this is the nearest line that reads so");
    }
    out
}

/// `FILE:LINE` taken apart.
pub(super) fn file_and_line(what: &str) -> (&str, Option<u32>) {
    match what.rsplit_once(':') {
        Some((file, line)) if !file.is_empty() => match line.parse() {
            Ok(line) => (file, Some(line)),
            Err(_) => (what, None),
        },
        _ => (what, None),
    }
}

/// The nearest key that exists.
pub(super) fn near(session: &Session, state: &State, key: &str) -> String {
    let mut keys: Vec<String> = Vec::new();
    if let Some(inputs) = state.cells.first() {
        let values = mwrender_core::render::values(session, inputs).value;
        mwrender_core::values::path::walk(&values, &mut |path, _, _| keys.push(path.to_string()));
    }
    let found = mwrender_core::similar(key, keys.iter().map(String::as_str));
    found.map_or_else(String::new, |k| format!("; did you mean `{k}`?"))
}

fn explain(found: &[Explained], shown: impl Fn(&Value, bool) -> Value) -> String {
    let mut out = String::new();
    for why in found {
        let result =
            why.result.as_ref().map_or_else(|| "not set".to_string(), |v| one_line(&shown(v, false)));
        // writing to a String cannot fail
        let _ = writeln!(out, "{}: {result}", why.path);
        out.push_str(&printer::wrap(&printer::cells(&why.cells), 100, "  "));
        for said in why.settings.iter().rev() {
            let place = said.place.as_ref().map_or_else(|| said.layer.clone(), ToString::to_string);
            let value = one_line(&shown(&said.value, said.private));
            let _ = writeln!(out, "  {:10}  {place}  {value}", said.effect.as_str());
        }
        out.push('\n');
    }
    out
}
