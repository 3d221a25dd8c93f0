//! `toToml`, as BurntSushi/toml writes it, and `fromToml`.

use std::fmt::Write;

use mwrender_gotemplate::{Context, Funcs, Function, Kind, List, Map, Marshal, Str, Value};
use mwrender_values::number;

use super::args::LONGEST;

pub(super) fn add(funcs: &mut Funcs) {
    funcs.add(Function::new("toToml", "func(interface {}) string", &[], |context, args| {
        let mut out = String::new();
        // Helm returns what was written, or the error
        Ok(Value::from(match table(context, &[], &args[0], &mut out) {
            Ok(()) => out,
            Err(error) => error,
        }))
    }));
    funcs.add(Function::new("fromToml", "func(string) map[string]interface {}", &[], |_, args| {
        let text = String::from_utf8_lossy(args[0].as_bytes().unwrap_or_default()).into_owned();
        Ok(match text.parse::<toml::Table>() {
            Ok(table) => Value::from(map(table)),
            Err(error) => {
                let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
                let error = Value::from(format!("toml: line {line}: {}", error.message()));
                Value::from(Map::from_iter([(Str::from("Error"), error)]))
            }
        })
    }));
}

fn map(table: toml::Table) -> Map {
    table.into_iter().map(|(key, value)| (Str::from(key), read(value))).collect()
}

fn read(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(value) => Value::from(value),
        toml::Value::Datetime(time) => super::time::of_toml(&time.to_string()),
        toml::Value::Array(items) => Value::from(List::grown(items.into_iter().map(read).collect())),
        toml::Value::Table(table) => Value::from(map(table)),
    }
}

/// The entries of a map or struct, in order.
fn entries(value: &Value) -> Option<Vec<(Str, Value)>> {
    match value.kind() {
        Kind::Map(map) => Some(map.entries()),
        Kind::Object(object) => match object.marshal() {
            Marshal::Fields(_) => {
                let fields = object.fields().fields.into_iter();
                Some(fields.map(|(name, value)| (Str::from(name), value)).collect())
            }
            Marshal::Text(_) => None,
        },
        _ => None,
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

fn key(text: &[u8]) -> String {
    let bare = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if !text.is_empty() && text.iter().all(bare) {
        String::from_utf8_lossy(text).into_owned()
    } else {
        string(text)
    }
}

fn string(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for c in String::from_utf8_lossy(text).chars() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\0'..='\x1F' | '\x7F' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn line_break(out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
}

fn table(context: &Context<'_>, path: &[String], value: &Value, out: &mut String) -> Result<(), String> {
    context.check_depth().map_err(|failure| failure.to_string())?;
    check(out)?;
    let Some(entries) = entries(value) else {
        return Err("toml: top-level values must be Go maps or structs".to_owned());
    };
    let indent = "  ".repeat(path.len());
    for (name, value) in entries.iter().filter(|(_, value)| !value.is_nil() && !is_table(value)) {
        let _ = write!(out, "{indent}{} = ", key(name));
        inline(context, value, out)?;
        out.push('\n');
    }
    for (name, value) in entries.iter().filter(|(_, value)| !value.is_nil() && is_table(value)) {
        let mut below = path.to_vec();
        below.push(key(name));
        let header = below.join(".");
        match value.as_list() {
            None => {
                if below.len() == 1 {
                    line_break(out);
                }
                let _ = writeln!(out, "{indent}[{header}]");
                table(context, &below, value, out)?;
            }
            Some(list) => {
                for item in list.to_vec() {
                    line_break(out);
                    let _ = writeln!(out, "{indent}[[{header}]]");
                    table(context, &below, &item, out)?;
                }
            }
        }
    }
    Ok(())
}

fn check(out: &str) -> Result<(), String> {
    if out.len() > LONGEST { Err("text is too long to be built".to_owned()) } else { Ok(()) }
}

fn inline(context: &Context<'_>, value: &Value, out: &mut String) -> Result<(), String> {
    check(out)?;
    match value.kind() {
        Kind::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Kind::Int(i, _) => out.push_str(&i.to_string()),
        Kind::Uint(u, _) => out.push_str(&u.to_string()),
        Kind::Float(f) => out.push_str(&float(*f)),
        Kind::String(_) | Kind::Text(_) => out.push_str(&string(value.as_bytes().unwrap_or_default())),
        Kind::List(list) => {
            context.check_depth().map_err(|failure| failure.to_string())?;
            out.push('[');
            for (at, item) in list.to_vec().iter().enumerate() {
                if item.is_nil() {
                    return Err("toml: cannot encode array with nil element".to_owned());
                }
                if at > 0 {
                    out.push_str(", ");
                }
                inline(context, item, out)?;
            }
            out.push(']');
        }
        Kind::Object(object) if matches!(object.marshal(), Marshal::Text(_)) => {
            let text = object.string().unwrap_or_default();
            if let Marshal::Text(marshalled) = object.marshal() {
                let is_time = object.type_name() == "time.Time";
                out.push_str(&if is_time { marshalled } else { string(text.as_bytes()) });
            }
        }
        _ => {
            let Some(entries) = entries(value) else {
                return Err(format!("unsupported type: {}", value.type_name()));
            };
            context.check_depth().map_err(|failure| failure.to_string())?;
            out.push('{');
            let mut first = true;
            for (name, value) in entries.iter().filter(|(_, value)| !value.is_nil()) {
                if !first {
                    out.push_str(", ");
                }
                first = false;
                let _ = write!(out, "{} = ", key(name));
                inline(context, value, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// A float, with a point in any case.
fn float(value: f64) -> String {
    match value {
        f if f.is_nan() => "nan".to_owned(),
        f if f.is_infinite() => (if f > 0.0 { "inf" } else { "-inf" }).to_owned(),
        f => {
            let text = number::go_g(f);
            match text.split_once('e') {
                Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0e{exponent}"),
                None if !text.contains('.') => format!("{text}.0"),
                _ => text,
            }
        }
    }
}
