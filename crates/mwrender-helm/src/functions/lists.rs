//! Lists. Elements keep their origins; what was tested of an element decides about the result.

use mwrender_gotemplate::{Context, Failure, Funcs, How, Kind, List, Map, Str, Tracks, Type, Value};

use super::args::{
    Out, add_all, add_must, bytes, charge_list, element, int, is_empty, kind_name, list, with,
};
use super::equal::is_equal;
use super::text::strings;
use super::{cast, chars};

const LIST: &str = "[]interface {}";

pub(super) fn add(funcs: &mut Funcs) {
    let made = |context: &mut Context<'_>, args: &[Value]| {
        charge_list(context, args.len())?;
        Ok(Value::from(List::from(args.to_vec())))
    };
    add_all(funcs, Tracks::Own, "func(...interface {}) []interface {}", &[("list", made), ("tuple", made)]);
    let (one, two) = ("interface {}", "interface {}, interface {}");
    add_must(
        funcs,
        Tracks::Own,
        one,
        LIST,
        &[
            ("rest", |_, a| part(&a[0], "Cannot find rest on type", |items| items.get(1..))),
            ("initial", |_, a| {
                part(&a[0], "Cannot find initial on type", |items| items.split_last().map(|s| s.1))
            }),
            ("reverse", reverse),
            ("compact", compact),
            ("uniq", uniq),
        ],
    );
    add_must(
        funcs,
        Tracks::Own,
        one,
        "interface {}",
        &[
            ("first", |_, a| pick(&a[0], "Cannot find first on type", <[Value]>::first)),
            ("last", |_, a| pick(&a[0], "Cannot find last on type", <[Value]>::last)),
        ],
    );
    add_must(funcs, Tracks::Own, two, LIST, &[("append", append), ("prepend", prepend)]);
    add_all(funcs, Tracks::Own, "func(interface {}, interface {}) []interface {}", &[("push", append)]);
    let must = "func(interface {}, interface {}) ([]interface {}, error)";
    add_all(funcs, Tracks::Own, must, &[("mustPush", append)]);
    add_must(funcs, Tracks::Own, "interface {}, ...interface {}", LIST, &[("without", without)]);
    add_must(funcs, Tracks::Operands, two, "bool", &[("has", has)]);
    add_must(funcs, Tracks::Own, "interface {}, ...interface {}", "interface {}", &[("slice", slice)]);
    add_must(funcs, Tracks::Operands, "int, interface {}", "[][]interface {}", &[("chunk", chunk)]);
    add_all(funcs, Tracks::Own, "func(...interface {}) interface {}", &[("concat", concat)]);
    add_all(funcs, Tracks::Operands, "func(interface {}) []string", &[("sortAlpha", sort_alpha)]);
    add_all(
        funcs,
        Tracks::Operands,
        "func(string, string) map[string]string",
        &[("split", |c, a| Ok(numbered(c, split(bytes(&a[1]), bytes(&a[0]), None))))],
    );
    add_all(
        funcs,
        Tracks::Operands,
        "func(string, int, string) map[string]string",
        &[("splitn", |c, a| Ok(numbered(c, split(bytes(&a[2]), bytes(&a[0]), limit(int(&a[1]))))))],
    );
    add_all(
        funcs,
        Tracks::Operands,
        "func(string, string) []string",
        &[("splitList", |c, a| {
            let parts = split(bytes(&a[1]), bytes(&a[0]), None);
            charge_list(c, parts.len())?;
            Ok(List::new(Type::STRINGS, parts.into_iter().map(Value::string).collect()).into())
        })],
    );
}

/// A list made from others: its elements are theirs, so is its origin.
fn made(items: Vec<Value>, from: &Value) -> Value {
    Value::from(List::from(items)).with_origin(from.origin())
}

/// All elements; what has no origin of its own has the list's.
fn elements(list: &List, value: &Value) -> Vec<Value> {
    let mut items = list.to_vec();
    if !value.origin().is_none() && list.ty() != Type::LIST {
        for item in &mut items {
            *item = element(item.clone(), value);
        }
    }
    items
}

fn part(value: &Value, what: &str, part: impl Fn(&[Value]) -> Option<&[Value]>) -> Out {
    let list = list(value, what)?;
    match list.with(|items| part(items).map(<[Value]>::to_vec)) {
        Some(items) => Ok(made(items, value)),
        None => Ok(Value::from(List::nil(Type::LIST)).with_origin(value.origin())),
    }
}

fn pick(value: &Value, what: &str, pick: impl Fn(&[Value]) -> Option<&Value>) -> Out {
    let found = list(value, what)?.with(|items| pick(items).cloned());
    Ok(element(found.unwrap_or(Value::NIL), value))
}

fn reverse(_: &mut Context<'_>, args: &[Value]) -> Out {
    let mut items = list(&args[0], "Cannot find reverse on type")?.to_vec();
    items.reverse();
    Ok(made(items, &args[0]))
}

fn append(context: &mut Context<'_>, args: &[Value]) -> Out {
    let list = list(&args[0], "Cannot push on type")?;
    charge_list(context, list.len())?;
    let mut items = Vec::with_capacity(list.len() + 1);
    list.with(|all| items.extend_from_slice(all));
    items.push(args[1].clone());
    let capacity = capacity(list.len(), items.len());
    Ok(Value::from(List::with_capacity(Type::LIST, items, capacity)).with_origin(args[0].origin()))
}

fn prepend(context: &mut Context<'_>, args: &[Value]) -> Out {
    let list = list(&args[0], "Cannot prepend on type")?;
    charge_list(context, list.len())?;
    let mut items = Vec::with_capacity(list.len() + 1);
    items.push(args[1].clone());
    list.with(|all| items.extend_from_slice(all));
    let capacity = capacity(1, items.len());
    Ok(Value::from(List::with_capacity(Type::LIST, items, capacity)).with_origin(args[0].origin()))
}

/// The capacity of Go's slices of 16 bytes an element that grew by appending: at least twice the old one, and as
/// much as the allocator gives anyway. Slices of more than 32 elements keep what they need.
pub(super) fn capacity(old: usize, length: usize) -> usize {
    const SIZES: [usize; 22] =
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 26, 28];
    if length <= old {
        return old;
    }
    let wanted = length.max(2 * old);
    if wanted > 32 {
        return length;
    }
    SIZES.into_iter().find(|size| *size >= wanted).unwrap_or(if wanted <= 30 { 30 } else { 32 })
}

/// A list without some of the elements of another: which ones depends on all that were tested.
fn filtered<'v>(
    context: &Context<'_>,
    value: &'v Value,
    kept: Vec<Value>,
    tested: impl IntoIterator<Item = &'v Value>,
) -> Value {
    if !context.tracks() {
        return Value::from(List::grown(kept));
    }
    let by = with(context, Value::NIL, How::Conditional, tested);
    let kept = kept.into_iter().map(|item| {
        let joined = context.join(How::Direct, [item.origin(), by.origin()]);
        item.with_origin(joined)
    });
    let origin = context.join(How::Direct, [value.origin(), by.origin()]);
    Value::from(List::grown(kept.collect())).with_origin(origin)
}

fn compact(context: &mut Context<'_>, args: &[Value]) -> Out {
    let items = elements(list(&args[0], "Cannot compact on type")?, &args[0]);
    let kept = items.iter().filter(|item| !is_empty(item)).cloned().collect();
    Ok(filtered(context, &args[0], kept, &items))
}

fn uniq(context: &mut Context<'_>, args: &[Value]) -> Out {
    let items = elements(list(&args[0], "Cannot find uniq on type")?, &args[0]);
    let mut kept: Vec<Value> = Vec::new();
    for item in &items {
        if !contains(context, &kept, item)? {
            kept.push(item.clone());
        }
    }
    Ok(filtered(context, &args[0], kept, &items))
}

fn without(context: &mut Context<'_>, args: &[Value]) -> Out {
    let items = elements(list(&args[0], "Cannot find without on type")?, &args[0]);
    let mut kept = Vec::new();
    for item in &items {
        if !contains(context, &args[1..], item)? {
            kept.push(item.clone());
        }
    }
    Ok(filtered(context, &args[0], kept, items.iter().chain(&args[1..])))
}

fn contains(context: &mut Context<'_>, items: &[Value], wanted: &Value) -> Result<bool, Failure> {
    context.charge(items.len() as u64)?;
    for item in items {
        if is_equal(context, wanted, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has(context: &mut Context<'_>, args: &[Value]) -> Out {
    if args[1].is_nil() {
        return Ok(Value::from(false));
    }
    let items = list(&args[1], "Cannot find has on type")?.to_vec();
    Ok(Value::from(contains(context, &items, &args[0])?))
}

fn slice(context: &mut Context<'_>, args: &[Value]) -> Out {
    let list = list(&args[0], "list should be type of slice or array but")?;
    if list.is_empty() {
        return Ok(Value::NIL.with_origin(args[0].origin()));
    }
    let start = args.get(1).map_or(0, cast::to_int);
    let end = args.get(2).map_or(list.len() as i64, cast::to_int);
    let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else {
        return Err("reflect.Value.Slice: slice index out of bounds".into());
    };
    let Some(part) = list.part(start, end, list.capacity()) else {
        return Err("reflect.Value.Slice: slice index out of bounds".into());
    };
    let value = Value::from(part).with_origin(args[0].origin());
    Ok(with(context, value, How::Operand, &args[1..]))
}

/// Go's lengths are `int64`s that become `float64`s and back.
fn chunk(context: &mut Context<'_>, args: &[Value]) -> Out {
    let (size, list) = (int(&args[0]), list(&args[1], "Cannot chunk type")?);
    let too_long = || Failure::from("runtime error: makeslice: len out of range");
    let items = elements(list, &args[1]);
    let length = items.len() as f64;
    let chunks = ((length - 1.0) / size as f64).floor() + 1.0;
    if !(0.0..=length + 1.0).contains(&chunks) {
        return Err(too_long());
    }
    charge_list(context, items.len())?;
    let chunks = chunks as usize;
    let mut all = Vec::with_capacity(chunks);
    let mut rest = items.as_slice();
    for i in 0..chunks {
        let mut wanted = size;
        if i + 1 == chunks {
            wanted = match (length % size as f64).floor() as i64 {
                0 => size,
                left => left,
            };
        }
        let wanted = usize::try_from(wanted).map_err(|_| too_long())?;
        let Some((chunk, left)) = rest.split_at_checked(wanted) else {
            return Err(too_long());
        };
        all.push(Value::from(List::from(chunk.to_vec())));
        rest = left;
    }
    Ok(List::new(Type::LISTS, all).into())
}

fn concat(context: &mut Context<'_>, args: &[Value]) -> Out {
    let mut items = Vec::new();
    for arg in args {
        match arg.kind() {
            Kind::List(list) => items.extend(elements(list, arg)),
            Kind::Nil => return Err(super::args::NIL_POINTER.into()),
            _ => return Err(format!("Cannot concat type {} as list", kind_name(arg)).into()),
        }
        charge_list(context, items.len())?;
    }
    let list = if items.is_empty() { List::nil(Type::LIST) } else { List::grown(items) };
    let origin = context.join(How::Direct, args.iter().map(Value::origin));
    Ok(Value::from(list).with_origin(origin))
}

/// Sorts by bytes; a `[]string` in place, for all who hold it.
fn sort_alpha(context: &mut Context<'_>, args: &[Value]) -> Out {
    let from = match args[0].kind() {
        Kind::List(list) => Some(list),
        _ => None,
    };
    let mut items = match from {
        Some(_) => strings(context, &args[0])?,
        None => vec![Value::from(super::args::text(&args[0])?.into_owned())],
    };
    charge_list(context, items.len())?;
    items.sort_by(|a, b| bytes(a).cmp(bytes(b)));
    if context.tracks() {
        // any other order of the elements is another element at this place
        let by = with(context, Value::NIL, How::Operand, &items);
        items = items.into_iter().map(|item| item.with_origin(by.origin())).collect();
    }
    if let Some(list) = from.filter(|list| list.ty() == Type::STRINGS) {
        list.change(|all| all.iter_mut().zip(items).for_each(|(old, new)| *old = new));
        return Ok(args[0].clone());
    }
    Ok(List::new(Type::STRINGS, items).into())
}

/// How many parts a string is split into: `None` for all.
fn limit(n: i64) -> Option<usize> {
    usize::try_from(n).ok()
}

/// Go's `strings.SplitN`.
fn split<'b>(all: &'b [u8], separator: &[u8], most: Option<usize>) -> Vec<&'b [u8]> {
    let most = most.unwrap_or(usize::MAX);
    if most == 0 {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut rest = 0;
    if separator.is_empty() {
        for (at, width, _) in chars::chars(all) {
            if parts.len() + 1 == most {
                break;
            }
            parts.push(&all[at..at + width]);
            rest = at + width;
        }
        if rest < all.len() {
            parts.push(&all[rest..]);
        }
        return parts;
    }
    for at in memchr::memmem::find_iter(all, separator) {
        if parts.len() + 1 == most {
            break;
        }
        parts.push(&all[rest..at]);
        rest = at + separator.len();
    }
    parts.push(&all[rest..]);
    parts
}

/// The parts under `_0`, `_1` and so on.
fn numbered(_: &mut Context<'_>, parts: Vec<&[u8]>) -> Value {
    let entries = parts.into_iter().enumerate();
    let entries = entries.map(|(i, part)| (Str::from(format!("_{i}")), Value::string(part)));
    Map::of(Type::STRING_MAP, entries).into()
}
