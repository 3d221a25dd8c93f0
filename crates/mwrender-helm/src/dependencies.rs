//! Which charts take part, under which names, and what they give to the charts above them.
//!
//! Helm's steps in Helm's order: aliases and versions, then tags, then conditions, each chart before those below it;
//! then `import-values`, each chart after those below it.

use crate::charts::{ChartId, Charts, Node as ChartNode};
use crate::coalesce::{Coalescer, Log, Mode};
use crate::error::Error;
use crate::metadata::object;
use crate::tree::{Node, Table};
use crate::version::is_compatible;
use mwrender_values::{Data, Value};
use std::sync::Arc;

pub(crate) struct Settler {
    pub(crate) charts: Charts,
    pub(crate) log: Log,
    /// Whether what is given is all that there is: then the charts' defaults do not count.
    pub(crate) complete: bool,
}

impl Settler {
    /// Leaves out charts that are disabled, and names the others.
    pub(crate) fn enable(&mut self, id: ChartId, given: &Value, path: &str) -> Result<(), Error> {
        let node = self.charts.get(id).clone();
        // without a list, Helm does not look at the charts below either; with an empty one it does
        if !node.lists {
            return Ok(());
        }
        let (mut below, listed) = (Vec::new(), node.listed.clone());
        for existing in &node.dependencies {
            let there = self.charts.get(*existing);
            let is_listed = listed
                .iter()
                .filter_map(|n| self.charts.listed[*n].as_ref())
                .any(|d| d.name == there.name && is_compatible(&d.version, &there.chart.metadata.version));
            if !is_listed {
                below.push(*existing);
            }
        }
        for number in &listed {
            let Some(dependency) = self.charts.listed[*number].clone() else { continue };
            let found = node.dependencies.iter().copied().find(|id| {
                let there = self.charts.get(*id);
                there.name == dependency.name
                    && is_compatible(&dependency.version, &there.chart.metadata.version)
            });
            if let Some(found) = found {
                let mut copy: ChartNode = self.charts.get(found).clone();
                if !dependency.alias.is_empty() {
                    copy.name.clone_from(&dependency.alias);
                }
                below.push(ChartId(self.charts.nodes.len()));
                self.charts.nodes.push(copy);
            }
            if let Some(dependency) = &mut self.charts.listed[*number] {
                if !dependency.alias.is_empty() {
                    dependency.name.clone_from(&dependency.alias);
                }
                dependency.enabled = true;
            }
        }
        self.set_dependencies(id, below.clone());

        let values = self.coalesced(id, given)?;
        self.tags(&listed, &values);
        self.conditions(&listed, &values, path);

        let off: Vec<String> = listed
            .iter()
            .filter_map(|n| self.charts.listed[*n].as_ref())
            .filter(|d| !d.enabled)
            .map(|d| d.name.clone())
            .collect();
        below.retain(|id| !off.contains(&self.charts.get(*id).name));
        for below in &below {
            let path = format!("{path}{}.", self.charts.get(*below).name);
            self.enable(*below, &values, &path)?;
        }
        let stays = |n: &usize| self.charts.listed[*n].as_ref().is_none_or(|d| !off.contains(&d.name));
        let listed: Vec<usize> = listed.into_iter().filter(stays).collect();
        self.charts.nodes[id.0].lists = !listed.is_empty();
        self.charts.nodes[id.0].listed = listed;
        self.set_dependencies(id, below);
        Ok(())
    }

    fn set_dependencies(&mut self, id: ChartId, below: Vec<ChartId>) {
        for below in &below {
            self.charts.nodes[below.0].parent = Some(id);
        }
        self.charts.nodes[id.0].dependencies = below;
    }

    fn coalesced(&mut self, id: ChartId, given: &Value) -> Result<Value, Error> {
        if self.complete {
            return Ok(given.clone());
        }
        let table = Table::copy(given);
        let log = std::mem::take(&mut self.log);
        let mut coalescer = Coalescer::new(&self.charts, Mode::Coalesce, log);
        let done = coalescer.chart(id, &table, "");
        let values = done.and_then(|()| coalescer.value(&table));
        self.log = coalescer.log;
        // what this deletes is only looked at
        self.log.deleted.clear();
        values
    }

    fn tags(&mut self, listed: &[usize], values: &Value) {
        let Some(tags) = values.get("tags").filter(|tags| tags.as_map().is_some()) else { return };
        for number in listed {
            let Some(dependency) = &mut self.charts.listed[*number] else { continue };
            let (mut yes, mut no) = (false, false);
            for tag in dependency.tags.iter().flatten() {
                match tags.get(tag).map(Value::as_bool) {
                    None => {}
                    Some(Some(true)) => yes = true,
                    Some(Some(false)) => no = true,
                    Some(None) => self.log.warnings.push(format!(
                        "Warning: Tag '{tag}' for chart {} returned non-bool value",
                        dependency.name
                    )),
                }
            }
            dependency.enabled = yes || !no;
        }
    }

    fn conditions(&mut self, listed: &[usize], values: &Value, path: &str) {
        for number in listed {
            let Some(dependency) = &mut self.charts.listed[*number] else { continue };
            for condition in dependency.condition.trim().split(',').filter(|c| !c.is_empty()) {
                let full = format!("{path}{condition}");
                let found = full.split('.').try_fold(values, |value, step| value.get(step));
                let Some(value) = found.filter(|v| v.as_map().is_none()) else { continue };
                if let Some(flag) = value.as_bool() {
                    dependency.enabled = flag;
                    break;
                }
                self.log.warnings.push(format!(
                    "Warning: Condition path '{condition}' for chart {} returned non-bool value",
                    dependency.name
                ));
            }
        }
    }

    /// Adds to the defaults of charts what they import from those below them.
    pub(crate) fn import(&mut self, id: ChartId) -> Result<(), Error> {
        for below in self.charts.get(id).dependencies.clone() {
            self.import(below)?;
        }
        let listed = self.charts.get(id).listed.clone();
        if !self.charts.get(id).lists {
            return Ok(());
        }
        let values = Table::new();
        let log = std::mem::take(&mut self.log);
        let mut coalescer = Coalescer::new(&self.charts, Mode::Merge, log);
        coalescer.chart(id, &values, "")?;
        let (mut imported, all) = (Vec::new(), Table::new());
        for number in listed {
            let Some(dependency) = &self.charts.listed[number] else { continue };
            let mut settled = Vec::new();
            for item in &dependency.import_values {
                let (child, parent, plain) = match &item.data {
                    Data::String(name) => (format!("exports.{}", name.text), ".".to_owned(), true),
                    Data::Map(_) if !is_settled(item) => (word(item, "child"), word(item, "parent"), false),
                    _ => continue,
                };
                settled.push(settled_item(&child, &parent));
                match lookup(&values, &format!("{}.{child}", dependency.name)) {
                    Err(step) => {
                        let step = crate::error::quoted(&step);
                        let from =
                            if plain { String::new() } else { format!(" from chart {}", dependency.name) };
                        let text =
                            format!("Warning: ImportValues missing table{from}: {step} is not a table");
                        coalescer.log.warnings.push(text);
                    }
                    Ok(table) => {
                        // Helm makes a new map of an empty one, so that this one does not change
                        let table = if table.is_empty() { Table::new() } else { table };
                        coalescer.tables(&all, &nested(&parent, table), "", Mode::Merge);
                    }
                }
            }
            imported.push((number, settled));
        }
        let copy = Table::copy(&coalescer.value(&values)?);
        coalescer.tables(&copy, &all, "", Mode::Merge);
        let values = coalescer.value(&copy)?;
        self.log = coalescer.log;
        for (number, settled) in imported {
            if let Some(dependency) = &mut self.charts.listed[number] {
                dependency.import_values = settled;
            }
        }
        self.charts.nodes[id.0].values = values;
        Ok(())
    }
}

/// What Helm makes of an item of `import-values`. It is of another type then, and is not looked at again where two
/// aliases of a chart share it.
fn settled_item(child: &str, parent: &str) -> Value {
    let value = object([("child", Value::string(child)), ("parent", Value::string(parent))]);
    Value::new(value, SETTLED)
}

/// The origin of settled items: no file's, since local positions are in no source map.
const SETTLED: mwrender_diagnostic::Pos = mwrender_diagnostic::Pos::local(0);

fn is_settled(item: &Value) -> bool {
    item.origin == SETTLED
}

/// A key of an item of `import-values`, as Go prints it.
fn word(item: &Value, key: &str) -> String {
    match item.get(key) {
        None => "<nil>".to_owned(),
        Some(value) => crate::coalesce::go_plain(value),
    }
}

/// The map at a path between dots, or the step that leads nowhere.
fn lookup(table: &Table, path: &str) -> Result<Table, String> {
    path.split('.').try_fold(table.clone(), |table, step| {
        table.get(step).and_then(|slot| slot.node.as_table().cloned()).ok_or_else(|| step.to_owned())
    })
}

/// A map within maps, as a path says.
fn nested(path: &str, table: Table) -> Table {
    if path == "." {
        return table;
    }
    path.split('.').rev().fold(table, |inner, step| {
        let outer = Table::new();
        outer.put(&Arc::<str>::from(step), Node::Table(inner));
        outer
    })
}
