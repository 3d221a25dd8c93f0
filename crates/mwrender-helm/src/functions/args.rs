//! What the bodies of functions share: their arguments, and the origins of what they return.

use std::borrow::Cow;

use mwrender_gotemplate::{
    Context, Failure, Funcs, Function, How, Kind, List, Tracks, Type, Value, print_into,
};

pub(super) type Out = Result<Value, Failure>;
pub(super) type Body = fn(&mut Context<'_>, &[Value]) -> Out;

/// One call builds no longer text, so that counts cannot fill the memory.
pub(super) const LONGEST: usize = 1 << 26;

/// One call builds no longer list.
const MOST: usize = 1 << 22;

/// What Go says where a function works on nil that it took for a value.
pub(super) const NIL_POINTER: &str = "runtime error: invalid memory address or nil pointer dereference";

/// What Go says where something is added to a nil map.
pub(super) const NIL_MAP: &str = "assignment to entry in nil map";

/// Enters functions of one signature.
pub(super) fn add_all(funcs: &mut Funcs, tracks: Tracks, signature: &str, all: &[(&str, Body)]) {
    for (name, body) in all {
        funcs.add(Function::new(name, signature, &[], *body).tracks(tracks));
    }
}

/// Enters functions that have a variant with `must`, which only differs in what its Go signature returns.
pub(super) fn add_must(funcs: &mut Funcs, tracks: Tracks, params: &str, result: &str, all: &[(&str, Body)]) {
    for (name, body) in all {
        let mut must = format!("must{name}");
        must[4..5].make_ascii_uppercase();
        add_all(funcs, tracks, &format!("func({params}) {result}"), &[(name, *body)]);
        add_all(funcs, tracks, &format!("func({params}) ({result}, error)"), &[(&must, *body)]);
    }
}

/// The bytes of an argument that is a string.
pub(super) fn bytes(value: &Value) -> &[u8] {
    value.as_bytes().unwrap_or_default()
}

/// The number of an argument that is an `int`.
pub(super) fn int(value: &Value) -> i64 {
    match value.kind() {
        Kind::Int(i, _) => *i,
        _ => 0,
    }
}

/// Go's `reflect.Kind` of the value, in words.
pub(super) fn kind_name(value: &Value) -> &str {
    match value.kind() {
        Kind::Nil => "invalid",
        Kind::List(_) => "slice",
        Kind::Map(_) => "map",
        Kind::Func(_) => "func",
        Kind::Object(object) if object.type_name().starts_with('*') => "ptr",
        Kind::Object(object) if object.type_name() == "time.Duration" => "int64",
        Kind::Object(object) if object.number().is_some() => "int",
        Kind::Object(_) => "struct",
        _ => value.type_name(),
    }
}

/// The list that a function works on, or Go's complaint about another value.
pub(super) fn list<'v>(value: &'v Value, what: &str) -> Result<&'v List, Failure> {
    match value.kind() {
        Kind::List(list) => Ok(list),
        Kind::Nil => Err(NIL_POINTER.into()),
        _ => Err(format!("{what} {}", kind_name(value)).into()),
    }
}

/// The text of a value as Sprig's functions take it: that of a string, of bytes, or what `%v` prints.
pub(super) fn text(value: &Value) -> Result<Cow<'_, [u8]>, Failure> {
    if let Some(bytes) = value.as_bytes() {
        return Ok(Cow::Borrowed(bytes));
    }
    if let Kind::List(list) = value.kind()
        && list.ty() == Type::BYTES
    {
        return Ok(Cow::Owned(list.with(|items| items.iter().map(byte).collect())));
    }
    let mut out = Vec::new();
    print_into(&mut out, value)?;
    Ok(Cow::Owned(out))
}

fn byte(value: &Value) -> u8 {
    match value.kind() {
        Kind::Uint(u, _) => *u as u8,
        _ => 0,
    }
}

/// Whether Sprig takes the value as empty.
pub(crate) fn is_empty(value: &Value) -> bool {
    // an object is a struct, or a pointer that is not nil
    !matches!(value.kind(), Kind::Object(_)) && !value.is_true()
}

/// Counts a text that a function is about to build.
pub(super) fn charge_text(context: &mut Context<'_>, length: Option<usize>) -> Result<(), Failure> {
    let Some(length) = length.filter(|l| *l <= LONGEST) else {
        return Err("text is too long to be built".into());
    };
    context.charge(length as u64 / 64)
}

/// Counts a list that a function is about to build.
pub(super) fn charge_list(context: &mut Context<'_>, length: usize) -> Result<(), Failure> {
    if length > MOST {
        return Err("list is too long to be built".into());
    }
    context.charge(length as u64 / 4)
}

/// A value that other values took part in: all that they hold.
pub(super) fn with<'v>(
    context: &Context<'_>,
    value: Value,
    how: How,
    others: impl IntoIterator<Item = &'v Value>,
) -> Value {
    if !context.tracks() {
        return value;
    }
    let mut origins = others.into_iter().map(|v| context.origin_of(v)).filter(|o| !o.is_none()).peekable();
    if origins.peek().is_none() {
        return value;
    }
    let others = origins.collect::<Vec<_>>();
    let others = context.join(how, others);
    let joined = context.join(How::Direct, [value.origin(), others]);
    value.with_origin(joined)
}

/// A value that was chosen since others are as they are: of containers only whether they are empty counts.
pub(super) fn chosen<'v>(
    context: &Context<'_>,
    value: Value,
    by: impl IntoIterator<Item = &'v Value>,
) -> Value {
    if !context.tracks() {
        return value;
    }
    let origins = by.into_iter().map(|v| match v.kind() {
        Kind::List(_) | Kind::Map(_) => v.origin(),
        _ => context.origin_of(v),
    });
    let origins: Vec<_> = origins.filter(|o| !o.is_none()).collect();
    if origins.is_empty() {
        return value;
    }
    let by = context.join(How::Conditional, origins);
    let joined = context.join(How::Direct, [value.origin(), by]);
    value.with_origin(joined)
}

/// An element of a container: what has no origin of its own has the container's.
pub(super) fn element(value: Value, container: &Value) -> Value {
    if value.origin().is_none() { value.with_origin(container.origin()) } else { value }
}
