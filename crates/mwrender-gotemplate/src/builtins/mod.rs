//! The language's own functions.

mod collection;
mod compare;
mod escape;

use crate::error::Failure;
use crate::exec::Context;
use crate::func::{Funcs, Function, Special, Tracks};
use crate::printf::{Made, print_pieces, printf_pieces, println_pieces};
use crate::trace::Origin;
use crate::value::Value;

const VALUES: &str = "func(reflect.Value, ...reflect.Value) reflect.Value";
const PRINTS: &str = "func(...interface {}) string";

/// Adds all of them.
pub(crate) fn add(funcs: &mut Funcs) {
    let shape = |name, signature, body: fn(&mut Context<'_>, &[Value]) -> Result<Value, Failure>| {
        Function::new(name, signature, &[], body).tracks(Tracks::Shape)
    };
    let unreachable = |_: &mut Context<'_>, _: &[Value]| Err(Failure::from("unreachable"));
    funcs.add(Function::new("and", VALUES, &[], unreachable).special(Special::And).tracks(Tracks::Own));
    funcs.add(Function::new("or", VALUES, &[], unreachable).special(Special::Or).tracks(Tracks::Own));
    funcs.add(Function::new("call", VALUES, &[], unreachable).special(Special::Call));
    funcs.add(shape("not", "func(reflect.Value) bool", |_, args| Ok(Value::from(!args[0].is_true()))));
    funcs.add(shape("len", "func(reflect.Value) (int, error)", |_, args| collection::len(&args[0])));
    funcs.add(shape("index", VALUES, |_, args| collection::index(&args[0], &args[1..])));
    funcs.add(shape("slice", VALUES, |_, args| collection::slice(&args[0], &args[1..])));
    for (name, compare) in compare::ALL {
        let signature = if name == "eq" {
            "func(reflect.Value, ...reflect.Value) (bool, error)"
        } else {
            "func(reflect.Value, reflect.Value) (bool, error)"
        };
        let body = move |context: &mut Context<'_>, args: &[Value]| {
            Ok(Value::from(compare(context.set().version(), args)?))
        };
        funcs.add(Function::new(name, signature, &[], body).tracks(Tracks::Shape));
    }
    add_printing(funcs);
}

fn add_printing(funcs: &mut Funcs) {
    let own = |name, signature, body: fn(&mut Context<'_>, &[Value]) -> Result<Value, Failure>| {
        Function::new(name, signature, &[], body).tracks(Tracks::Own)
    };
    funcs.add(own("print", PRINTS, |context, args| {
        let (text, made) = print_pieces(args)?;
        built(context, text, &made, None, args)
    }));
    funcs.add(own("println", PRINTS, |context, args| {
        let (text, made) = println_pieces(args)?;
        built(context, text, &made, None, args)
    }));
    funcs.add(own("printf", "func(string, ...interface {}) string", |context, args| {
        let (text, made) = printf_pieces(args[0].as_bytes().unwrap_or_default(), &args[1..])?;
        built(context, text, &made, Some(&args[0]), &args[1..])
    }));
    for (name, escape) in escape::ALL {
        funcs.add(Function::new(name, PRINTS, &[], move |context, args| {
            let text = escape(&escape::joined(args)?);
            context.charge(text.len() as u64 / 64)?;
            Ok(Value::from(text))
        }));
    }
}

/// The result of a printing function, each part with the origin of the argument that it shows.
fn built(
    context: &mut Context<'_>,
    text: Vec<u8>,
    made: &[Made],
    format: Option<&Value>,
    args: &[Value],
) -> Result<Value, Failure> {
    context.charge(text.len() as u64 / 64)?;
    if !context.tracks() {
        return Ok(Value::from(text));
    }
    let format = format.map_or(Origin::NONE, |f| context.origin_of(f));
    let mut builder = context.text();
    let mut at = 0;
    for part in made {
        builder.push(&text[at..part.start], format);
        let shown = &args[part.first..part.last];
        let bytes = &text[part.start..part.end];
        match shown {
            [only] if only.as_bytes() == Some(bytes) => builder.push_value(only),
            _ => {
                let origins: Vec<Origin> = shown.iter().map(|v| context.origin_of(v)).collect();
                builder.push(bytes, context.join(crate::trace::How::Direct, origins));
            }
        }
        at = part.end;
    }
    builder.push(&text[at..], format);
    let value = builder.finish();
    // the format also decides how the arguments are shown
    let by_format = context.join(crate::trace::How::Operand, [format]);
    Ok(value.with_origin(by_format))
}
