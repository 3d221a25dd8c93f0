//! Causes where tracking says nothing for sure: each changed line is then proven by rendering without some values.

use mwrender_core::chart::Chart;
use mwrender_core::diagnostic::Diagnostic;
use mwrender_core::diff::{Against, DiffOptions, diff};
use mwrender_core::differences::Tag;
use mwrender_core::template::{Program, Rendered, Tracked};
use mwrender_core::values::Value;
use mwrender_core::{Session, State, StateOptions, render};
use std::path::Path;
use std::sync::Arc;

/// A program whose tracked text is another one than the plain text, as that of an engine with a fault would be.
struct Untracked(Arc<Chart>);

impl Program for Untracked {
    fn render(&self, context: &Value) -> Vec<Rendered> {
        self.0.program.render(context)
    }

    fn render_one(&self, template: &str, context: &Value) -> Result<String, Box<Diagnostic>> {
        self.0.program.render_one(template, context)
    }

    fn track(&self, template: &str, _: &Value) -> Result<Vec<(Arc<str>, Tracked)>, Box<Diagnostic>> {
        Ok(vec![(Arc::from(template), Tracked::default())])
    }
}

/// The changed lines between two layers, each with the paths that it names.
fn changed(old: &str, new: &str) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let directory = tempfile::tempdir()?;
    let write = |name: &str, text: &str| {
        let path = directory.path().join(name);
        path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, text))
    };
    write(
        "mwrender.yaml",
        "environments: [a]\nmounts: {/d: d}\nlayers: {w: [{path: /d/values.yaml}]}\n\
         services: {w: {chart: w, layers: w, releases: {main: }}}\n",
    )?;
    write("templates/w/chart.yaml", "{name: w, version: 1.0.0}\n")?;
    write(
        "templates/w/c.yaml.j2",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: w}\ndata:\n  one: '{{ values.one }}'\n\
         \x20 two: '{{ values.two }}'\n{% if values.a or values.b %}\n  either: 'yes'\n{% endif %}\n",
    )?;
    write("d/values.yaml", old)?;
    write("e/values.yaml", new)?;
    let mut session = Session::new();
    let options = StateOptions::new(directory.path().join("mwrender.yaml"));
    let mut old = State::load(&mut session, &options)?;
    let mounts = vec![("/d".to_string(), Path::new(directory.path()).join("e").into())];
    let mut new = State::load(&mut session, &StateOptions { mounts, ..options })?;
    for inputs in old.cells.iter_mut().chain(&mut new.cells) {
        inputs.chart = Arc::new(inputs.chart.with_program(Box::new(Untracked(Arc::clone(&inputs.chart)))));
    }
    let (before, now) = (render(&session, &old)?, render(&session, &new)?);
    let report = diff(&session, &new, &now, Against::Inputs(&old, &before), &DiffOptions::default())?;
    let object = &report.cells[0].objects[0];
    assert!(object.approximate);
    let told = object.lines.iter().filter(|l| l.tag != Tag::Equal).map(|line| {
        assert!(line.rendered, "{line:?}");
        let paths: Vec<&str> = line.causes.iter().map(|c| c.path.as_str()).collect();
        let sign = if line.tag == Tag::Insert { '+' } else { '-' };
        format!("{sign}{} <- {}", line.text.trim(), paths.join(" "))
    });
    Ok(told.collect())
}

#[test]
fn each_line_names_what_it_needs() -> Result<(), Box<dyn std::error::Error>> {
    let found =
        changed("{one: 1, two: 2, a: false, b: false}\n", "{one: one, two: two, a: false, b: false}\n")?;
    assert_eq!(found, ["-one: \"1\" <- one", "+one: one <- one", "-two: \"2\" <- two", "+two: two <- two"]);
    Ok(())
}

#[test]
fn several_reasons_are_named_together() -> Result<(), Box<dyn std::error::Error>> {
    let found =
        changed("{one: 1, two: 2, a: false, b: false}\n", "{one: 1, two: other, a: true, b: true}\n")?;
    assert_eq!(found, ["-two: \"2\" <- two", "+two: other <- two", "+either: \"yes\" <- a b"]);
    Ok(())
}

#[test]
fn many_changes_are_tried_in_parts() -> Result<(), Box<dyn std::error::Error>> {
    let values = |n: usize| {
        let rest: Vec<String> = (0..500).map(|i| format!("x{i}: {}", i + n)).collect();
        format!("{{one: {n}, two: 2, a: false, b: false, {}}}\n", rest.join(", "))
    };
    assert_eq!(changed(&values(1), &values(5))?, ["-one: \"1\" <- one", "+one: \"5\" <- one"]);
    Ok(())
}
