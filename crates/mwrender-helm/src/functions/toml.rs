//! `toToml`, as BurntSushi/toml writes it, and `fromToml`.

use mwrender_gotemplate::{Context, Failure, Funcs, Function, Kind, Map, Marshal, Str, Value};

use mwrender_values::number::go_g;

use super::args::LONGEST;
use super::decode::toml::{self as decode, Refusal};
use crate::engine::structs::Struct;

pub(super) fn add(funcs: &mut Funcs) {
    funcs.add(Function::new("toToml", "func(interface {}) string", &[], |context, args| {
        if args[0].is_nil() {
            return Err(Failure::from("reflect: call of reflect.Value.Type on zero Value"));
        }
        let mut out = Vec::new();
        // what is no map is written as it would be behind a key
        let written = match args[0].kind() {
            Kind::List(_) if is_table(&args[0]) => Err(NO_TABLE.to_owned()),
            _ if is_table(&args[0]) => table(context, &[], &args[0], &mut out),
            _ => inline(context, &args[0], &mut out),
        };
        // Helm returns what was written, or the error
        Ok(match written {
            Ok(()) => Value::from(out),
            Err(error) => Value::from(error),
        })
    }));
    funcs.add(Function::new("fromToml", "func(string) map[string]interface {}", &[], |context, args| {
        match decode::read(context, args[0].as_bytes().unwrap_or_default()) {
            Ok(map) => Ok(Value::from(map)),
            Err(Refusal::Go(error)) => {
                Ok(Value::from(Map::from_iter([(Str::from("Error"), Value::from(error))])))
            }
            Err(Refusal::Failure(failure)) => Err(failure),
        }
    }));
}

/// An entry of a map or a field of a struct.
struct Entry {
    key: Str,
    value: Value,
    /// The place of the field; that of a field of an embedded struct is the struct's.
    place: usize,
}

/// The entries of a map or struct, in order; nil has none.
fn entries(value: &Value) -> Option<Vec<Entry>> {
    let entry = |(place, (key, value)): (usize, (Str, Value))| Entry { key, value, place };
    match value.kind() {
        Kind::Map(map) if !map.is_nil() => Some(map.entries().into_iter().enumerate().map(entry).collect()),
        Kind::Object(object) => match (object.marshal(), Struct::of(value)) {
            (Marshal::Text(_), _) => None,
            (Marshal::Fields(_), Some(of)) => {
                let fields = of.flattened().into_iter();
                Some(fields.map(|(place, name, value)| entry((place, (Str::from(name), value)))).collect())
            }
            (Marshal::Fields(_), None) => {
                let fields = object.fields().fields.into_iter().map(|(name, value)| (Str::from(name), value));
                Some(fields.enumerate().map(entry).collect())
            }
        },
        _ => None,
    }
}

/// What TOML has no word for.
fn is_nil(value: &Value) -> bool {
    match value.kind() {
        Kind::List(list) => list.is_nil(),
        Kind::Map(map) => map.is_nil(),
        _ => value.is_nil(),
    }
}

/// Whether a value gets a header of its own: a map, or a list of nothing but maps.
fn is_table(value: &Value) -> bool {
    match value.kind() {
        Kind::List(list) => {
            !list.is_empty() && list.with(|items| items.iter().all(|item| entries(item).is_some()))
        }
        _ => entries(value).is_some(),
    }
}

/// What is said of a list of maps as the whole.
const NO_TABLE: &str = "toml: top-level values must be Go maps or structs";

fn key(text: &[u8]) -> Vec<u8> {
    let bare = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if !text.is_empty() && text.iter().all(bare) { text.to_vec() } else { string(text) }
}

fn string(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    out.push(b'"');
    for byte in text {
        match byte {
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            8 => out.extend(b"\\b"),
            12 => out.extend(b"\\f"),
            b'"' => out.extend(b"\\\""),
            b'\\' => out.extend(b"\\\\"),
            0..=0x1F | 0x7F => out.extend(format!("\\u{byte:04x}").into_bytes()),
            byte => out.push(*byte),
        }
    }
    out.push(b'"');
    out
}

fn line_break(out: &mut Vec<u8>) {
    if !out.is_empty() {
        out.push(b'\n');
    }
}

fn table(context: &Context<'_>, path: &[Vec<u8>], value: &Value, out: &mut Vec<u8>) -> Result<(), String> {
    context.check_depth().map_err(|failure| failure.to_string())?;
    check(out)?;
    let Some(entries) = entries(value) else {
        return Err(NO_TABLE.to_owned());
    };
    let indent = b"  ".repeat(path.len());
    for Entry { key: name, value, .. } in entries.iter().filter(|e| !is_nil(&e.value) && !is_table(&e.value))
    {
        out.extend([&indent[..], &key(name), b" = "].concat());
        inline(context, value, out)?;
        out.push(b'\n');
    }
    for Entry { key: name, value, .. } in entries.iter().filter(|e| is_table(&e.value)) {
        let mut below = path.to_vec();
        below.push(key(name));
        let header = below.join(&b"."[..]);
        match value.as_list() {
            None => {
                if below.len() == 1 {
                    line_break(out);
                }
                out.extend([&indent[..], b"[", &header, b"]\n"].concat());
                table(context, &below, value, out)?;
            }
            Some(list) => {
                for item in list.to_vec() {
                    line_break(out);
                    out.extend([&indent[..], b"[[", &header, b"]]\n"].concat());
                    table(context, &below, &item, out)?;
                }
            }
        }
    }
    Ok(())
}

fn check(out: &[u8]) -> Result<(), String> {
    if out.len() > LONGEST { Err("text is too long to be built".to_owned()) } else { Ok(()) }
}

fn inline(context: &Context<'_>, value: &Value, out: &mut Vec<u8>) -> Result<(), String> {
    check(out)?;
    match value.kind() {
        Kind::Bool(b) => out.extend((if *b { "true" } else { "false" }).bytes()),
        Kind::Int(i, _) => out.extend(i.to_string().into_bytes()),
        Kind::Uint(u, _) => out.extend(u.to_string().into_bytes()),
        Kind::Float(f) => out.extend(float(*f).into_bytes()),
        Kind::String(_) | Kind::Text(_) => out.extend(string(value.as_bytes().unwrap_or_default())),
        Kind::List(list) => {
            context.check_depth().map_err(|failure| failure.to_string())?;
            out.push(b'[');
            for (at, item) in list.to_vec().iter().enumerate() {
                if is_nil(item) {
                    return Err("toml: cannot encode array with nil element".to_owned());
                }
                if at > 0 {
                    out.extend(b", ");
                }
                inline(context, item, out)?;
            }
            out.push(b']');
        }
        // nothing is what is written of it at the top, where alone it gets here
        Kind::Map(map) if map.is_nil() => {}
        Kind::Object(object) if matches!(object.marshal(), Marshal::Text(_)) => {
            let text = object.string().unwrap_or_default();
            if let Marshal::Text(marshalled) = object.marshal() {
                let is_time = object.type_name() == "time.Time";
                let written = if is_time {
                    local(&text).unwrap_or(marshalled).into_bytes()
                } else {
                    string(text.as_bytes())
                };
                out.extend(written);
            }
        }
        _ => {
            let Some(entries) = entries(value) else {
                return Err(format!("unsupported type: {}", value.type_name()));
            };
            context.check_depth().map_err(|failure| failure.to_string())?;
            out.push(b'{');
            // a comma follows all but the last one, even if that is nil and not written, and last is a field whose
            // place is, even if tables are written behind it
            let is_struct = matches!(value.kind(), Kind::Object(_));
            let last = entries.len();
            let (tables, others): (Vec<_>, Vec<_>) = entries.iter().partition(|e| is_table(&e.value));
            for (at, Entry { key: name, value, place }) in others.into_iter().chain(tables).enumerate() {
                if is_nil(value) {
                    continue;
                }
                out.extend([&key(name)[..], b" = "].concat());
                inline(context, value, out)?;
                if (if is_struct { *place } else { at }) + 1 != last {
                    out.extend(b", ");
                }
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// A time that `fromToml` read without an offset, without those parts that it lacked.
fn local(text: &str) -> Option<String> {
    let (time, zone) = text.rsplit_once(" +0000 ")?;
    match zone {
        "datetime-local" => Some(time.replace(' ', "T")),
        "date-local" => time.split(' ').next().map(str::to_owned),
        "time-local" => time.split(' ').nth(1).map(str::to_owned),
        _ => None,
    }
}

/// A float, with a point in any case.
fn float(value: f64) -> String {
    match value {
        f if f.is_nan() => (if f.is_sign_negative() { "-nan" } else { "nan" }).to_owned(),
        f if f.is_infinite() => (if f > 0.0 { "inf" } else { "-inf" }).to_owned(),
        f => plain(&go_g(f)),
    }
}

/// A float without an exponent.
fn plain(text: &str) -> String {
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |text| ("-", text));
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{whole}{fraction}");
    // no float has more digits before its point, or zeros behind it
    let mut point = (whole.len() as isize + exponent.parse::<isize>().unwrap_or_default()).clamp(-400, 400);
    while point <= 0 {
        digits.insert(0, '0');
        point += 1;
    }
    let point = point.unsigned_abs();
    while digits.len() <= point {
        digits.push('0');
    }
    digits.insert(point, '.');
    format!("{sign}{digits}")
}
