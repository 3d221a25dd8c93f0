//! Strings from values: `toString`, `quote`, `cat`, `join`.

use std::borrow::Cow;

use mwrender_gotemplate::{
    Context, Failure, Funcs, How, Kind, List, Origin, Tracks, Type, Value, print_into, printf,
};

use super::args::{Out, add_all, bytes, charge_text, text, with};

pub(super) fn add(funcs: &mut Funcs) {
    add_all(funcs, Tracks::Own, "func(interface {}) string", &[("toString", to_string)]);
    add_all(funcs, Tracks::Own, "func(interface {}) []string", &[("toStrings", to_strings)]);
    add_all(
        funcs,
        Tracks::Own,
        "func(...interface {}) string",
        &[("quote", |c, a| quoted(c, a, true)), ("squote", |c, a| quoted(c, a, false)), ("cat", cat)],
    );
    add_all(funcs, Tracks::Own, "func(string, interface {}) string", &[("join", join)]);
    add_all(
        funcs,
        Tracks::Own,
        "func(string, string, int) string",
        &[("plural", |c, a| {
            let one = super::args::int(&a[2]) == 1;
            Ok(with(c, a[usize::from(!one)].clone(), How::Conditional, &a[2..]))
        })],
    );
}

fn to_string(context: &mut Context<'_>, args: &[Value]) -> Out {
    as_string(context, &args[0])
}

/// A value as a string; a string keeps its pieces.
fn as_string(context: &Context<'_>, value: &Value) -> Out {
    if value.as_bytes().is_some() {
        return Ok(value.clone());
    }
    let origin = context.origin_of(value);
    Ok(Value::from(text(value)?.into_owned()).with_origin(origin))
}

/// The elements of a list as strings, without those that are nil; another value as a list of one.
pub(super) fn strings(context: &mut Context<'_>, value: &Value) -> Result<Vec<Value>, Failure> {
    let items = match value.kind() {
        Kind::List(list) => list.to_vec(),
        Kind::Nil => Vec::new(),
        _ => vec![value.clone()],
    };
    items.iter().filter(|item| !item.is_nil()).map(|item| as_string(context, item)).collect()
}

fn to_strings(context: &mut Context<'_>, args: &[Value]) -> Out {
    if let Kind::List(list) = args[0].kind()
        && list.ty() == Type::STRINGS
    {
        return Ok(args[0].clone());
    }
    let made = strings(context, &args[0])?;
    let value = Value::from(List::new(Type::STRINGS, made)).with_origin(args[0].origin());
    Ok(by_nils(context, value, &args[0]))
}

/// What was made from a list, which also depends on the elements that were left out as nil.
fn by_nils(context: &Context<'_>, value: Value, from: &Value) -> Value {
    match from.kind() {
        Kind::List(list) if context.tracks() => {
            let nils: Vec<Value> = list.to_vec().into_iter().filter(Value::is_nil).collect();
            with(context, value, How::Conditional, &nils)
        }
        _ => value,
    }
}

/// Appends `%q` of a string, or the string between single quotes as it is.
fn quote(out: &mut Vec<u8>, text: &[u8], double: bool) -> Result<(), Failure> {
    if double && text.iter().any(|b| !matches!(b, b' '..=b'~') || matches!(b, b'"' | b'\\')) {
        out.extend(printf(b"%q", &[Value::string(text)])?);
        return Ok(());
    }
    let mark = if double { b'"' } else { b'\'' };
    out.reserve(text.len() + 2);
    out.push(mark);
    out.extend_from_slice(text);
    out.push(mark);
    Ok(())
}

/// Values in quotes with spaces between; what is nil is left out. Only double quotes escape what is in them.
fn quoted(context: &mut Context<'_>, args: &[Value], double: bool) -> Out {
    let mut made = Vec::new();
    if !context.tracks() {
        for value in args.iter().filter(|value| !value.is_nil()) {
            if !made.is_empty() {
                made.push(b' ');
            }
            quote(&mut made, &quotable(value, double)?, double)?;
            charge_text(context, Some(made.len()))?;
        }
        return Ok(Value::from(made));
    }
    charge_text(context, Some(args.iter().map(|value| bytes(value).len() + 1).sum()))?;
    let mut shown = context.text();
    let mut first = true;
    for value in args {
        if value.is_nil() {
            shown.push(b"", value.origin());
            continue;
        }
        if !std::mem::take(&mut first) {
            shown.push(b" ", Origin::NONE);
        }
        match value.as_bytes() {
            Some(bytes) if !double => {
                shown.push_instead(b"'", value, &(0..0));
                shown.push_value(value);
                shown.push_instead(b"'", value, &(bytes.len()..bytes.len()));
            }
            text => {
                made.clear();
                quote(&mut made, &quotable(value, double)?, double)?;
                charge_text(context, Some(made.len()))?;
                match text {
                    Some(bytes) => shown.push_instead(&made, value, &(0..bytes.len())),
                    None => shown.push(&made, context.origin_of(value)),
                }
            }
        }
    }
    Ok(shown.finish())
}

/// What stands between quotes: single ones show bytes as a list.
fn quotable(value: &Value, double: bool) -> Result<Cow<'_, [u8]>, Failure> {
    match value.as_bytes() {
        Some(bytes) => Ok(Cow::Borrowed(bytes)),
        None if double => text(value),
        None => printed(value).map(Cow::Owned),
    }
}

/// What `%v` prints.
fn printed(value: &Value) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    print_into(&mut out, value)?;
    Ok(out)
}

/// All that is not nil as `%v` prints it, with spaces between.
fn cat(context: &mut Context<'_>, args: &[Value]) -> Out {
    charge_text(context, Some(args.iter().map(|value| bytes(value).len() + 1).sum()))?;
    let mut shown = context.text();
    let mut first = true;
    for value in args {
        if value.is_nil() {
            shown.push(b"", value.origin());
            continue;
        }
        if !std::mem::take(&mut first) {
            shown.push(b" ", Origin::NONE);
        }
        if value.as_bytes().is_some() {
            shown.push_value(value);
            continue;
        }
        let made = printed(value)?;
        charge_text(context, Some(made.len()))?;
        shown.push(&made, context.origin_of(value));
    }
    Ok(shown.finish())
}

fn join(context: &mut Context<'_>, args: &[Value]) -> Out {
    let separator = bytes(&args[0]);
    let parts = strings(context, &args[1])?;
    let length = parts.iter().map(|p| bytes(p).len()).sum::<usize>();
    let separators = parts.len().checked_mul(separator.len());
    charge_text(context, separators.and_then(|s| s.checked_add(length)))?;
    let mut shown = context.text();
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            shown.push_value(&args[0]);
        }
        shown.push_value(part);
    }
    let origin = if matches!(args[1].kind(), Kind::List(_)) { args[1].origin() } else { Origin::NONE };
    let value = with(context, shown.finish().with_origin(origin), How::Operand, &args[..1]);
    Ok(by_nils(context, value, &args[1]))
}
