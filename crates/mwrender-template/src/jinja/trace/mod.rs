//! Traced runs: a template evaluated with values that know what they depend on.
//!
//! minijinja renders; what it writes is the truth. For the origins of a text the same template is evaluated a second
//! time here, over minijinja's own syntax tree, with its operators, filters, tests and functions: but each value
//! carries the places it was read at, each text the origin of each of its pieces, and each statement what decided
//! that it ran. If the two texts differ, the result says so.
//!
//! | module | |
//! |---|---|
//! | [`tree`], [`lower`], [`survey`] | templates as they are evaluated, from minijinja's syntax tree |
//! | [`causes`] | sets of causes by number |
//! | [`text`] | texts with pieces |
//! | [`value`] | values |
//! | [`run`] | a run: scopes |
//! | [`depends`], [`convert`] | what values depend on; values as texts, for minijinja and for the emitters |
//! | [`exec`], [`eval`] | statements; expressions and calls |
//! | [`filters`], [`data`] | filters; YAML and JSON |
//!
//! Three relations are told apart. What a value is or was computed from is direct or an operand. What decided that
//! it is this value, or that a piece is there at all, is conditional: the tests of `if` around it, the items of the
//! `for`s, the tests that let an item through. A hash depends on all of its text.
//!
//! What is not there leaves a note where it would be ([`text::Kind`]): a region of whole lines matters to nothing
//! but to what looks at all of the text (a hash, its length), a region within a line to that line.

mod causes;
mod convert;
mod data;
mod depends;
mod eval;
mod exec;
mod filters;
mod lower;
mod run;
mod survey;
mod text;
mod tree;
mod value;

pub(super) use run::Fault;
pub(super) use tree::Tree;
pub(super) use value::Missing;

use crate::engine::{Pieces, Tracked};
use causes::{Chain, Set};
use minijinja::Environment;
use mwrender_values::Value;
use std::collections::HashMap;
use text::{Kind, Text};

/// Evaluates a template with the origins of what it writes.
pub(super) fn trace(
    tree: &Tree,
    env: &Environment<'static>,
    template: &str,
    context: &Value,
) -> Result<Tracked, Box<Fault>> {
    let mut run = run::Run::new(tree, env, context);
    let Some(found) = tree.templates.get(template) else {
        return run::fault(minijinja::ErrorKind::TemplateNotFound, format!("no template `{template}`"));
    };
    run.template(found)?;
    let text = std::mem::take(&mut run.out);
    Ok(finish(text, &mut run.causes))
}

/// The pieces of a finished text. A note counts for the bytes before it in its line, else for those after it.
fn finish(text: Text, causes: &mut causes::Causes) -> Tracked {
    let line_start = |at: usize| text.text[..at].rfind('\n').map_or(0, |n| n + 1);
    let line_end = |at: usize| text.text[at..].find('\n').map_or(text.len(), |n| at + n + 1);
    let bytes = text.text.as_bytes();
    let mut kept: Vec<(usize, Chain, Set)> = Vec::with_capacity(text.pieces.len());
    // notes for the line that begins with the next piece
    let mut pending = Set::EMPTY;
    // where what was noted for a line ends within a piece: its own causes go on there
    let mut resume: Option<(usize, Chain, Set)> = None;
    for piece in &text.pieces {
        let start = piece.start as usize;
        let first = line_start(start);
        match piece.kind {
            Kind::Bytes => {
                if let Some(rest) = resume.take().filter(|r| r.0 < start) {
                    kept.push(rest);
                }
                let own = causes.union(piece.causes, pending);
                if own != piece.causes {
                    resume = Some((line_end(start), piece.chain, piece.causes));
                }
                pending = Set::EMPTY;
                kept.push((start, piece.chain, own));
            }
            // whole lines are there or not: nothing to say of those beside them
            Kind::Region if first == start || matches!(bytes.get(start), None | Some(b'\n')) => {}
            Kind::Line | Kind::Region => match kept.last_mut() {
                Some((at, chain, own)) if first < start => {
                    let with = causes.union(*own, piece.causes);
                    if *at < first {
                        let chain = *chain;
                        kept.push((first, chain, with));
                    } else {
                        *own = with;
                    }
                }
                _ => pending = causes.union(pending, piece.causes),
            },
        }
    }
    kept.extend(resume.filter(|r| r.0 < text.len()));
    let mut pieces = Pieces::default();
    let mut chains = HashMap::new();
    let mut sets = HashMap::new();
    for (start, chain, set) in kept {
        let chain = *chains.entry(chain).or_insert_with(|| pieces.chain(causes.positions(chain)));
        let set = *sets.entry(set).or_insert_with(|| pieces.causes(causes.get(set)));
        pieces.push(start, chain, set);
    }
    pieces.finish(text.text)
}
