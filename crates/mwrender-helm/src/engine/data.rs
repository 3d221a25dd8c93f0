//! Values as they enter this engine.
//!
//! Here numbers become what they are to Helm's templates: those of files `float64`, those of `--set` `int64`.

use crate::functions::yaml;
use mwrender_diagnostic::Pos;
use mwrender_gotemplate::{Function, List, Map, Origin, Shape, Str, Type, Value};
use mwrender_values as values;
use mwrender_values::{Data, NumberKind};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

/// The type of `.Values`, of `.Template` and of the data of a template.
pub(crate) static VALUES: Type =
    Type::new("chartutil.Values", Shape::Map(Type::ANY)).named(Some(values_method));

/// Maps that were made already: what is one map there is one map here.
type Seen = HashMap<*const values::Map, Map>;

/// A value of its own for one render.
pub(crate) fn value(value: &values::Value) -> Value {
    convert(value, &mut Seen::new(), true, false)
}

/// The same; each line of a text knows its place.
pub(crate) fn value_by_line(value: &values::Value) -> Value {
    convert(value, &mut Seen::new(), true, true)
}

/// A text of which each line knows its place.
fn lines(text: &values::Text, starts: &[Pos]) -> Value {
    let lines = text.text.split_inclusive('\n');
    let last = starts.last().copied().unwrap_or_default();
    let starts = starts.iter().copied().chain(std::iter::repeat(last));
    Value::parts(lines.zip(starts).map(|(line, start)| (line.as_bytes(), Origin::new(start.raw()))))
}

fn convert(value: &values::Value, seen: &mut Seen, aliased: bool, by_line: bool) -> Value {
    if by_line
        && let Data::String(text) = &value.data
        && let Some(starts) = text.lines.as_deref().filter(|starts| starts.len() > 1)
    {
        return lines(text, starts);
    }
    let made = match &value.data {
        Data::Null => Value::NIL,
        Data::Bool(b) => Value::from(*b),
        Data::Number(number) => match number.kind {
            NumberKind::Int(i) if number.int64 => Value::from(i),
            kind => Value::from(float(kind)),
        },
        Data::String(text) => Value::from(Str::from(Arc::clone(&text.text))),
        // maps within lists are each their own
        Data::List(items) => {
            Value::from(List::grown(items.iter().map(|item| convert(item, seen, false, by_line)).collect()))
        }
        Data::Map(map) => {
            let address = Arc::as_ptr(map);
            let known = if aliased { seen.get(&address) } else { None };
            Value::from(match known {
                Some(known) => known.clone(),
                None => {
                    let entries = map.iter().map(|(key, entry)| {
                        (Str::from(Arc::clone(key)), convert(&entry.value, seen, aliased, by_line))
                    });
                    let made: Map = entries.collect();
                    if aliased && Arc::strong_count(map) > 1 {
                        seen.insert(address, made.clone());
                    }
                    made
                }
            })
        }
    };
    made.with_origin(Origin::new(value.origin.raw()))
}

#[expect(clippy::cast_precision_loss, reason = "Helm's numbers are floats")]
fn float(kind: NumberKind) -> f64 {
    match kind {
        NumberKind::Int(i) => i as f64,
        NumberKind::Uint(u) => u as f64,
        NumberKind::Float(f) => f,
    }
}

/// The map below a path such as `a.b`, or the step that is none.
pub(crate) fn table(map: &Map, path: &str) -> Result<Map, String> {
    path.split('.').try_fold(map.clone(), |map, step| {
        let found = map.get(step.as_bytes());
        let found = found.as_ref().and_then(Value::as_map);
        let found = found.filter(|map| map.element_type() == Type::ANY);
        found.cloned().ok_or_else(|| step.to_owned())
    })
}

/// A text in quotes, with escapes, as Go's `%q` has it.
pub fn quoted(text: impl AsRef<[u8]>) -> String {
    let text = mwrender_gotemplate::printf(b"%q", &[Value::from(text.as_ref().to_vec())]).unwrap_or_default();
    String::from_utf8_lossy(&text).into_owned()
}

fn path_value(map: &Map, path: &str) -> Result<Value, String> {
    if path.is_empty() {
        return Err("YAML path cannot be empty".to_owned());
    }
    let (table, key) = match path.rsplit_once('.') {
        Some((above, key)) => (self::table(map, above).ok(), key),
        None => (Some(map.clone()), path),
    };
    let found = table.and_then(|table| table.get(key.as_bytes()));
    found.filter(|v| v.as_map().is_none()).ok_or_else(|| format!("{} is not a value", quoted(key)))
}

/// The parameter of `Encode`, for which templates have no value.
static WRITER: Type = Type::new("io.Writer", Shape::Object);

static METHODS: LazyLock<[Function; 5]> = LazyLock::new(|| {
    let map = |args: &[Value]| args[0].as_map().cloned().unwrap_or_else(|| Map::new(&VALUES));
    let text = |args: &[Value]| args[1].as_str().unwrap_or_default().to_owned();
    [
        Function::new("Table", "func(string) (chartutil.Values, error)", &[&VALUES], move |_, args| {
            match table(&map(args), &text(args)) {
                Ok(table) => Ok(table.clone().as_type(&VALUES).into()),
                Err(step) => Err(format!("{} is not a table", quoted(&step)).into()),
            }
        }),
        Function::new("AsMap", "func() map[string]interface {}", &[], move |_, args| {
            let map = map(args);
            Ok(if map.is_empty() { Map::new(Type::MAP) } else { map.clone().as_type(Type::MAP) }.into())
        }),
        Function::new("Encode", "func(io.Writer) interface {}", &[&WRITER], |_, _| {
            Err("templates have nothing to write to".into())
        }),
        Function::new("YAML", "func() (string, error)", &[], |context, args| {
            let text = yaml::to_yaml(context, &args[0])
                .map_err(|error| format!("error marshaling into JSON: {error}"))?;
            let mut whole = context.text();
            whole.push_value(&text);
            whole.push(b"\n", Origin::NONE);
            Ok(whole.finish())
        }),
        Function::new("PathValue", "func(string) (interface {}, error)", &[], move |_, args| {
            Ok(path_value(&map(args), &text(args))?)
        }),
    ]
});

/// Methods of Helm's maps of values.
fn values_method(name: &str) -> Option<&'static Function> {
    // asked for each field of `.` and `.Values`
    let is_method = matches!(name, "Table" | "AsMap" | "Encode" | "YAML" | "PathValue");
    METHODS.iter().find(|method| is_method && method.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mwrender_gotemplate::Kind;
    use mwrender_values::read::read;

    #[test]
    fn numbers_become_what_helm_has() {
        let mut given = read("{a: 8, b: 1e3, c: 0x10}", Pos::NONE).unwrap().into_value();
        let none = &mut |_: &str, _| unreachable!();
        let set = mwrender_values::set::SetKind::Typed;
        mwrender_values::set::apply(&mut given, set, "d=8", Pos::NONE, none).unwrap();
        let made = value(&given);
        let kinds: Vec<String> =
            made.as_map().unwrap().entries().iter().map(|(_, v)| v.type_name().to_owned()).collect();
        assert_eq!(kinds, ["float64", "float64", "float64", "int64"]);
        let Kind::Float(c) = *made.as_map().unwrap().get(b"c").unwrap().kind() else { panic!() };
        assert!((c - 16.0).abs() < f64::EPSILON);
    }
}
