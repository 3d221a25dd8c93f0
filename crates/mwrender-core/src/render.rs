//! The pipeline: layers to values, values and templates to texts, texts to objects.

use crate::cell::Cell;
use crate::error::Error;
use crate::helm::pipeline;
use crate::session::Session;
use crate::state::{CellInputs, State};
use mwrender_diagnostic::{Diagnostic, Pos, Severity};
use mwrender_manifest::{Object, order, read_stream};
use mwrender_values::coalesce::{Coalesced, merge};
use mwrender_values::{Data, Entry, Map, Text, Value};
use rayon::prelude::*;
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// A rendered cell. Copies share what was rendered.
#[derive(Clone, Debug)]
pub struct RenderedCell {
    /// The cell.
    pub cell: Cell,
    /// Its values: layers merged, then laid over the chart's defaults.
    pub values: Value,
    /// What templates see.
    pub context: Value,
    /// The name of each template that was rendered, in output order.
    pub templates: Arc<[Arc<str>]>,
    /// The text of each.
    pub texts: Arc<[String]>,
    /// The objects in Helm's install order, a Helm chart's hooks behind all others.
    pub objects: Arc<[RenderedObject]>,
    /// What is worth saying about values and texts.
    pub diagnostics: Vec<Diagnostic>,
}

/// An object and the template it was rendered by.
#[derive(Clone, Debug)]
pub struct RenderedObject {
    /// The number of the template among the cell's.
    pub template: usize,
    /// The object; its range is in the text of the template.
    pub object: Object,
}

/// Renders all cells of a state, side by side. Cells come in the state's order.
///
/// # Errors
/// A template fails, or a text is not a stream of objects. All faults of all cells are named.
pub fn render(session: &Session, state: &State) -> Result<Vec<RenderedCell>, Error> {
    render_beside(session, state, &[])
}

/// Renders all cells of a state beside others that are rendered already: a cell with the same inputs is not rendered
/// again, but shared.
///
/// # Errors
/// As [`render`].
pub fn render_beside(
    session: &Session,
    state: &State,
    known: &[(&State, &[RenderedCell])],
) -> Result<Vec<RenderedCell>, Error> {
    let mut by_cell: HashMap<&Cell, Vec<(&CellInputs, &RenderedCell)>> = HashMap::new();
    for (state, cells) in known {
        for (inputs, cell) in state.cells.iter().zip(*cells) {
            by_cell.entry(&inputs.cell).or_default().push((inputs, cell));
        }
    }
    let one = |inputs: &CellInputs| {
        let same = by_cell.get(&inputs.cell).into_iter().flatten().find(|(i, _)| i.renders_as(inputs));
        match same {
            Some((_, cell)) => Ok((*cell).clone()),
            None => render_cell(session, inputs),
        }
    };
    let results: Vec<_> = state.cells.par_iter().map(one).collect();
    let mut cells = Vec::new();
    let mut faults: Vec<Diagnostic> = Vec::new();
    for result in results {
        match result {
            Ok(cell) => cells.push(cell),
            Err(found) => {
                for fault in found {
                    // the same fault in a hundred releases is one fault
                    match faults.iter_mut().find(|f| {
                        f.id == fault.id && f.annotations == fault.annotations && f.headline == fault.headline
                    }) {
                        Some(known) => {
                            known.notes.extend(fault.notes.into_iter().filter(|n| n.starts_with("in ")));
                        }
                        None => faults.push(fault),
                    }
                }
            }
        }
    }
    for fault in &mut faults {
        shorten_notes(fault);
    }
    if faults.is_empty() { Ok(cells) } else { Err(Error::Diagnostics(faults)) }
}

/// Renders one cell.
///
/// # Errors
/// As [`render`].
pub fn render_one(session: &Session, inputs: &CellInputs) -> Result<RenderedCell, Error> {
    render_cell(session, inputs).map_err(Error::Diagnostics)
}

/// `in a`, `in b`, ... of many cells become one note.
pub(crate) fn shorten_notes(fault: &mut Diagnostic) {
    let (cells, others): (Vec<String>, Vec<String>) =
        fault.notes.drain(..).partition(|n| n.starts_with("in "));
    fault.notes = others;
    match cells.as_slice() {
        [] => {}
        [one] => fault.notes.push(one.clone()),
        [first, rest @ ..] => fault.notes.push(format!(
            "{first} and {} other release{}",
            rest.len(),
            if rest.len() == 1 { "" } else { "s" }
        )),
    }
}

/// The values of a cell: its layers merged with nulls kept, then once laid over the chart's defaults, where a null
/// deletes.
pub fn values(session: &Session, inputs: &CellInputs) -> Coalesced {
    let merged = merged(session, inputs);
    let mut values = inputs.chart.values(&merged.value);
    let mut diagnostics = merged.diagnostics;
    diagnostics.append(&mut values.diagnostics);
    Coalesced { diagnostics, ..values }
}

/// The layers of a cell merged, with nulls kept.
pub(crate) fn merged(session: &Session, inputs: &CellInputs) -> Coalesced {
    let layers: Vec<Value> = inputs.layers.iter().filter_map(|l| l.value.as_deref().cloned()).collect();
    let mut merged = merge(&layers);
    merged.diagnostics.extend(inputs.settings.apply(session.sources(), &mut merged.value));
    merged
}

/// What templates see: `values`, `release`, `environment`, `chart`.
pub fn context(inputs: &CellInputs, values: &Value) -> Value {
    let cell = &inputs.cell;
    let text =
        |t: &str, origin: Pos| Value::new(Data::String(Text { text: Arc::from(t), lines: None }), origin);
    let at = inputs.origin;
    map([
        ("values", values.clone()),
        (
            "release",
            map([
                ("name", text(&cell.release, at)),
                ("namespace", text(&cell.namespace, at)),
                ("service", text(&cell.service, at)),
            ]),
        ),
        ("environment", map([("name", text(&cell.environment, at))])),
        ("chart", chart(inputs, text(&cell.chart, at))),
    ])
}

/// What is known of the chart: all its metadata, with the name that the project has for it.
fn chart(inputs: &CellInputs, name: Value) -> Value {
    let metadata = inputs.chart.metadata.as_map();
    let mut metadata = metadata.map(|map| Map::clone(map)).unwrap_or_default();
    metadata.insert("name".into(), Entry { key_origin: Pos::NONE, value: name });
    Value::new(Data::Map(Arc::new(metadata)), Pos::NONE)
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let map: Map = entries
        .into_iter()
        .map(|(k, value)| (Arc::from(k), Entry { key_origin: Pos::NONE, value }))
        .collect();
    Value::new(Data::Map(Arc::new(map)), Pos::NONE)
}

fn render_cell(session: &Session, inputs: &CellInputs) -> Result<RenderedCell, Vec<Diagnostic>> {
    let Coalesced { value: values, mut diagnostics, .. } = values(session, inputs);
    let context = context(inputs, &values);
    let mut templates = Vec::new();
    let mut texts = Vec::new();
    let mut objects = Vec::new();
    let (mut faults, others): (Vec<_>, Vec<_>) =
        diagnostics.into_iter().partition(|d| d.severity == Severity::Error);
    diagnostics = others;
    for (template, rendered) in inputs.chart.program.render(&context).into_iter().enumerate() {
        templates.push(rendered.template);
        let text = match rendered.text {
            Ok(text) => text,
            Err(fault) => {
                let fault = match fault.id {
                    "undefined-value" => crate::undefined::tell(session, inputs, &values, *fault),
                    "template-error" if inputs.chart.is_helm() => pipeline::tell(session, inputs, *fault),
                    _ => *fault,
                };
                faults.push(fault.note(format!("in {}", inputs.cell)));
                texts.push(String::new());
                continue;
            }
        };
        match read_stream(&text) {
            Ok(stream) => {
                objects.extend(stream.objects.into_iter().map(|object| RenderedObject { template, object }));
                for warning in stream.diagnostics {
                    let name = &templates[template];
                    diagnostics.push(relocate(session, inputs, &context, (name, &text), warning));
                }
            }
            Err(fault) => {
                let fault = relocate(session, inputs, &context, (&templates[template], &text), *fault);
                faults.push(fault.note(format!("in {}", inputs.cell)));
            }
        }
        texts.push(text);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let is_hook = |o: &RenderedObject| inputs.chart.is_helm() && pipeline::is_hook(&o.object.value);
    objects.sort_by_key(|o| (is_hook(o), order::rank(&o.object.key.kind)));
    Ok(RenderedCell {
        cell: inputs.cell.clone(),
        values,
        context,
        templates: templates.into(),
        texts: texts.into(),
        objects: objects.into(),
        diagnostics,
    })
}

/// Moves a diagnostic about rendered text to where the user would edit: the value that was printed there, with
/// the template line beside it.
fn relocate(
    session: &Session,
    inputs: &CellInputs,
    context: &Value,
    (template, text): (&str, &str),
    mut diagnostic: Diagnostic,
) -> Diagnostic {
    match inputs.chart.program.track(template, context) {
        Ok(tracked) => {
            for (_, tracked) in tracked.into_iter().filter(|(name, _)| **name == *template) {
                let tracked = tracked.against(text);
                crate::locate::relocate(session.sources(), &tracked, text, &mut diagnostic);
            }
            diagnostic
        }
        Err(e) => crate::validate::without_origins(diagnostic, &e),
    }
}

impl RenderedCell {
    /// The text of an object, without blank lines before and blanks behind it.
    pub fn document(&self, object: &RenderedObject) -> &str {
        self.texts[object.template][object.object.range.clone()].trim_start_matches('\n').trim_end()
    }

    /// The whole manifest: every object with its template, in Helm's install order.
    pub fn manifest(&self) -> String {
        let mut out = String::with_capacity(
            self.texts.iter().map(String::len).sum::<usize>() + 64 * self.objects.len(),
        );
        for object in self.objects.iter() {
            // writing to a String cannot fail
            let _ = writeln!(out, "---\n# Source: {}", self.templates[object.template]);
            out.push_str(self.document(object));
            out.push('\n');
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StateOptions;

    #[test]
    fn cells_with_the_same_inputs_are_rendered_once() -> Result<(), Box<dyn std::error::Error>> {
        let directory = tempfile::tempdir()?;
        let write = |name: &str, text: &str| {
            let path = directory.path().join(name);
            path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, text))
        };
        write(
            "mwrender.yaml",
            "environments: [a]\nmounts: {/d: d}\nlayers: {w: [{path: '/d/{release}.yaml'}]}\n\
             services: {w: {chart: w, layers: w, releases: {one: , two: }}}\n",
        )?;
        write("templates/w/chart.yaml", "{name: w, version: 1.0.0}\n")?;
        let template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ values.title }}}\n";
        write("templates/w/c.yaml.j2", template)?;
        write("d/one.yaml", "title: one\n")?;
        write("d/two.yaml", "title: two\n")?;
        write("e/one.yaml", "title: other\n")?;
        let mut session = Session::new();
        let options = StateOptions::new(directory.path().join("mwrender.yaml"));
        let old = State::load(&mut session, &options)?;
        let mounts = vec![("/d".to_string(), directory.path().join("e").into())];
        let new = State::load(&mut session, &StateOptions { mounts, ..options })?;
        let old_cells = render(&session, &old)?;
        let new_cells = render_beside(&session, &new, &[(&old, &old_cells)])?;
        let shared: Vec<bool> =
            old_cells.iter().zip(&new_cells).map(|(a, b)| Arc::ptr_eq(&a.objects, &b.objects)).collect();
        assert_eq!(shared, [false, true]);
        assert_eq!(new_cells[0].objects[0].object.key.name, "other");
        Ok(())
    }
}
