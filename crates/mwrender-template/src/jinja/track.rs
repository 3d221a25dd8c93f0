//! The functions that instrumented templates call, and the formatter of a tracked render.

use super::instrument::Site;
use super::marker::{self, Mark};
use super::run::{self, Context, Emission};
use crate::engine::How;
use minijinja::value::Rest;
use minijinja::{Environment, Error, Output, State, Value};
use std::fmt::Write;
use std::sync::Arc;

/// Adds the functions that [`super::instrument`] writes calls of.
pub(crate) fn add_functions(env: &mut Environment<'static>, sites: &Arc<Vec<Site>>) {
    env.add_function("__enter", || run::with(run::Run::enter).unwrap_or(0));
    let s = sites.clone();
    env.add_function("__emit", move |site: usize, from: usize, value: Value| {
        run::with(|r| {
            let emission = r.causes_of(&value, from, &s[site].names).map(|causes| {
                r.emission(Emission { chain: vec![s[site].pos], causes, ..Emission::default() })
            });
            r.set_pending(emission);
        });
        value
    });
    let s = sites.clone();
    env.add_function("__if", move |site: usize, chain: usize, from: usize, value: Value| {
        run::with(|r| {
            let causes = match r.causes_of(&value, from, &s[site].names) {
                Some(causes) => causes,
                None => value.as_str().map(|t| r.all_causes(t)).unwrap_or_default(),
            };
            r.branch(chain as u32, site == chain, &causes);
        });
        // what is empty but for markers is empty
        match value.as_str() {
            Some(text) if marker::has_markers(text) => Value::from(marker::strip(text)),
            _ => value,
        }
    });
    let s = sites.clone();
    env.add_function("__for", move |site: usize, from: usize, value: Value, names: &str| {
        run::with(|r| {
            let causes = r.causes_of(&value, from, &s[site].names).unwrap_or_default();
            r.bind_loop(names, &value, &causes);
            r.branch(site as u32, true, &causes);
        });
        value
    });
    let s = sites.clone();
    env.add_function("__set", move |site: usize, from: usize, value: Value, names: &str| {
        run::with(|r| {
            let Some(causes) = r.causes_of(&value, from, &s[site].names) else { return value.clone() };
            r.bind(names, &value, &causes);
            match value.as_str() {
                Some(text) if r.causes_of_text(text).is_none() => {
                    let computed =
                        causes.into_iter().map(|c| crate::Cause { how: c.how.max(How::Operand), ..c });
                    r.keep(text, computed.collect())
                }
                _ => value.clone(),
            }
        })
        .unwrap_or_else(|| value.clone())
    });
    env.add_function("__macro", |_: usize, arguments: Rest<Value>| {
        let pairs: Vec<_> = arguments
            .chunks_exact(2)
            .filter_map(|pair| Some((Box::<str>::from(pair[0].as_str()?), pair[1].clone())))
            .collect();
        run::with(|r| r.enter_macro(&pairs));
        ""
    });
    env.add_function("__endmacro", || {
        run::with(run::Run::leave_macro);
        ""
    });
    env.add_function("__region", |chain: u32| mark_context(|r| Context::Control(r.branch_causes(chain))));
    env.add_function("__item", |chain: u32, items: Rest<Value>| {
        mark_context(|r| Context::Control(r.item_causes(chain, &items)))
    });
    let s = sites.clone();
    env.add_function("__include", move |site: usize| mark_context(|_| Context::Include(s[site].pos)));
}

fn mark_context(context: impl FnOnce(&mut run::Run) -> Context) -> String {
    let mut text = String::new();
    run::with(|r| {
        let context = context(r);
        let number = r.context(context);
        marker::push(&mut text, Mark::Context(number));
    });
    text
}

/// Prints a value between the markers of its emission.
pub(crate) fn format(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    super::check_defined(state, value)?;
    let emission = run::with(|r| {
        r.take_pending().or_else(|| {
            let causes = r.causes_of_text(value.as_str()?)?.clone();
            Some(r.emission(Emission { causes, ..Default::default() }))
        })
    });
    let Some(number) = emission.flatten() else { return super::print(out, value) };
    let mut mark = String::new();
    marker::push(&mut mark, Mark::Emit(number));
    out.write_str(&mark)?;
    let lines =
        value.as_str().filter(|t| t.contains('\n')).and_then(|t| run::with(|r| r.lines_of(t)).flatten());
    match (lines, value.as_str()) {
        (Some(lines), Some(text)) => out.write_str(&mark_lines(text, &lines, number))?,
        _ => super::print(out, value)?,
    }
    mark.clear();
    marker::push(&mut mark, Mark::EmitEnd);
    out.write_str(&mark).map_err(Error::from)
}

/// A known text with markers, line by line.
pub(super) fn marked(text: &str) -> Option<String> {
    let (causes, lines) =
        run::with(|r| Some((r.causes_of_text(text)?.clone(), r.lines_of(text)))).flatten()?;
    let number = run::with(|r| r.emission(Emission { causes, ..Emission::default() }))?;
    Some(mark_lines(text, lines.as_deref().unwrap_or(&[]), number))
}

/// A text of several lines with a marker around each that says where it starts.
pub(crate) fn mark_lines(text: &str, lines: &[mwrender_diagnostic::Pos], emission: u32) -> String {
    let mut marked = String::with_capacity(text.len() + 24 * lines.len());
    for (i, line) in text.split_inclusive('\n').enumerate() {
        let number = run::with(|r| {
            let mut own = r.get_emission(emission)?.clone();
            // a line that was computed brings its own causes
            let Some(pos) = lines.get(i).copied() else { return Some(emission) };
            if let Some(e) = run::derived_emission(pos).and_then(|e| r.get_emission(e)) {
                own.causes.clone_from(&e.causes);
                own.chain.extend(e.chain.iter().copied());
            } else {
                for c in &mut own.causes {
                    c.line = pos;
                }
            }
            Some(r.emission(own))
        });
        let Some(number) = number.flatten() else {
            marked.push_str(line);
            continue;
        };
        let visible = line.strip_suffix('\n').unwrap_or(line);
        if !visible.is_empty() {
            marker::push(&mut marked, Mark::Emit(number));
            marked.push_str(visible);
            marker::push(&mut marked, Mark::EmitEnd);
        }
        if visible.len() < line.len() {
            let _ = marked.write_char('\n');
        }
    }
    marked
}
