//! Functions that execute other templates, or end the render.

use super::chance::Chance;
use crate::engine::{self, NO_VALUE, Seed};
use mwrender_gotemplate::{Context, Failure, Funcs, Function, Map, Tracks, Type, Value};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// How often a template may be within itself.
const MAX_INCLUDED: usize = 1_000;

/// How often `tpl` may be within `tpl`: Helm has no limit but its stack. Three templates that call each other through
/// `tpl` come to the limit of `include` first.
const MAX_NESTED: usize = 3_100;

/// What the functions of one render remember.
#[derive(Default)]
pub(crate) struct Memory {
    /// How often each template is being included.
    included: RefCell<HashMap<String, usize>>,
    /// How many calls of `tpl` are within each other.
    nested: Cell<usize>,
    /// Whether `required` and `fail` let pass.
    lenient: bool,
    pub(crate) chance: Chance,
}

impl Memory {
    pub(crate) fn new(lenient: bool, seed: Option<Seed>) -> Memory {
        Memory { lenient, chance: Chance::new(seed), ..Memory::default() }
    }
}

/// Whether a render goes on where the chart refuses its values.
fn is_lenient(context: &Context<'_>) -> bool {
    context.host::<Memory>().is_some_and(|memory| memory.lenient)
}

/// What encloses the message that is all that a user shall see of an error.
pub(crate) const MESSAGE: (&str, &str) = ("HELM_ERR_START", "HELM_ERR_END");

fn message(text: &str) -> Failure {
    let (start, end) = MESSAGE;
    format!("{start}{text}{end}").into()
}

fn text(value: &Value) -> String {
    String::from_utf8_lossy(value.as_bytes().unwrap_or_default()).into_owned()
}

fn include(context: &mut Context<'_>, args: &[Value]) -> Result<Value, Failure> {
    let name = args[0].as_bytes().unwrap_or_default();
    let Ok(name) = std::str::from_utf8(name) else {
        let (name, set) = (engine::data::quoted(name), engine::data::quoted(engine::SET));
        return Err(format!("template: no template {name} associated with template {set}").into());
    };
    let name = name.to_owned();
    let memory = context.host::<Memory>();
    if let Some(memory) = &memory {
        let mut included = memory.included.borrow_mut();
        let count = included.entry(name.clone()).or_default();
        if *count > MAX_INCLUDED {
            let words = "rendering template has a nested reference name";
            return Err(format!("{words}: {name}: unable to execute template").into());
        }
        *count += 1;
    }
    let result = context.execute(&name, &args[1]);
    if let Some(memory) = &memory
        && let Some(count) = memory.included.borrow_mut().get_mut(&name)
    {
        *count -= 1;
    }
    Ok(result?)
}

fn tpl(context: &mut Context<'_>, args: &[Value]) -> Result<Value, Failure> {
    let source = args[0].as_bytes().unwrap_or_default();
    let quoted = || engine::data::quoted(source);
    let memory = context.host::<Memory>();
    let nested = memory.as_ref().map_or(0, |memory| memory.nested.get());
    if nested == MAX_NESTED {
        // Helm goes on until its stack is full
        return Err(Failure::from(context.too_deep()));
    }
    let mut set = context.set().clone();
    set.replace(engine::SET, source)
        .map_err(|error| Failure::about(format!("cannot parse template {}: {error}", quoted()), error))?;
    let now = |nested| memory.iter().for_each(|memory| memory.nested.set(nested));
    now(nested + 1);
    let output = context.execute_in(&set, engine::SET, &args[1]);
    now(nested);
    let output = output.map_err(|error| {
        Failure::about(format!("error during tpl function execution for {}: {error}", quoted()), error)
    })?;
    Ok(without_no_value(context, output))
}

/// Deletes what Go prints for nothing.
fn without_no_value(context: &Context<'_>, output: Value) -> Value {
    let bytes = output.as_bytes().unwrap_or_default();
    let found: Vec<usize> = engine::no_values(bytes).collect();
    if found.is_empty() {
        return output;
    }
    let (mut text, mut from) = (context.text(), 0);
    for at in found {
        text.push_part(&output, from..at);
        from = at + NO_VALUE.len();
    }
    text.push_part(&output, from..bytes.len());
    text.finish()
}

pub(super) fn add(funcs: &mut Funcs) {
    let own = |name, signature, body: fn(&mut Context<'_>, &[Value]) -> Result<Value, Failure>| {
        Function::new(name, signature, &[], body).tracks(Tracks::Own)
    };
    funcs.add(own("include", "func(string, interface {}) (string, error)", include));
    funcs.add(own("tpl", "func(string, interface {}) (string, error)", tpl));
    funcs.add(own("required", "func(string, interface {}) (interface {}, error)", |context, args| {
        let lacks = args[1].is_nil() || args[1].as_bytes().is_some_and(<[u8]>::is_empty);
        match (lacks, is_lenient(context)) {
            (false, _) => Ok(args[1].clone()),
            (true, false) => Err(message(&text(&args[0]))),
            (true, true) => Ok(Value::from("")),
        }
    }));
    funcs.add(own("fail", "func(string) (string, error)", |context, args| {
        if is_lenient(context) { Ok(Value::from("")) } else { Err(message(&text(&args[0]))) }
    }));
    let lookup = "func(string, string, string, string) (map[string]interface {}, error)";
    funcs.add(own("lookup", lookup, |_, _| Ok(Map::new(Type::MAP).into())));
}
