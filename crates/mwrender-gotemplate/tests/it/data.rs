//! Data for templates from JSON, and the functions that the tests' templates may call.

use mwrender_gotemplate::{
    Context, Failure, Funcs, Function, Kind, List, Map, Str, Tracks, Type, UintKind, Value,
};

/// Numbers with a point or an exponent are `float64`, others `int`.
pub(crate) fn from_json(json: &serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::NIL,
        serde_json::Value::Bool(b) => Value::from(*b),
        serde_json::Value::Number(n) => match n.as_i64() {
            Some(i) => Value::int(i),
            None => Value::from(n.as_f64().expect("a number")),
        },
        serde_json::Value::String(s) => Value::from(s.as_str()),
        serde_json::Value::Array(items) => List::grown(items.iter().map(from_json).collect()).into(),
        serde_json::Value::Object(entries) => {
            entries.iter().map(|(k, v)| (Str::from(k.as_str()), from_json(v))).collect::<Map>().into()
        }
    }
}

type Result = std::result::Result<Value, Failure>;

fn include(context: &mut Context<'_>, args: &[Value]) -> Result {
    Ok(context.execute(args[0].as_str().unwrap_or_default(), &args[1])?)
}

/// Joins strings, each with a full stop behind it.
fn joined(args: &[Value]) -> Value {
    let mut out = Vec::new();
    for arg in args {
        out.extend_from_slice(arg.as_bytes().unwrap_or_default());
        out.push(b'.');
    }
    Value::from(out)
}

fn sum(_: &mut Context<'_>, args: &[Value]) -> Result {
    match (args[0].kind(), args[1].kind()) {
        (Kind::Int(a, _), _) if *a < 0 => Err("negative".into()),
        (Kind::Int(a, _), Kind::Int(b, _)) => Ok(Value::from(a.wrapping_add(*b))),
        _ => Err("not integers".into()),
    }
}

/// Indents each line by two columns, keeping the pieces of the text.
fn indent(context: &Context<'_>, args: &[Value]) -> Value {
    let bytes = args[0].as_bytes().unwrap_or_default();
    let mut text = context.text();
    let mut at = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        text.push(b"  ", args[0].origin());
        text.push_part(&args[0], at..at + line.len());
        at += line.len();
    }
    text.finish()
}

fn bytes(args: &[Value]) -> Value {
    let bytes = args[0].as_bytes().unwrap_or_default().iter();
    let items = bytes.map(|b| Value::new(Kind::Uint(u64::from(*b), UintKind::Uint8))).collect();
    List::new(Type::BYTES, items).into()
}

/// The functions that the recorded outputs were made with, besides the language's own.
pub(crate) fn funcs() -> Funcs {
    let mut funcs = Funcs::new();
    let mut add = |name, signature, body: fn(&mut Context<'_>, &[Value]) -> Result| {
        funcs.add(Function::new(name, signature, &[], body));
    };
    add("fstr", "func(string, ...string) string", |_, args| Ok(joined(args)));
    add("fint", "func(int, int64) (int64, error)", sum);
    add("ffloat", "func(float64) float64", |_, args| Ok(args[0].clone()));
    add("fuint", "func(uint8) uint8", |_, args| Ok(args[0].clone()));
    add("fbool", "func(bool) bool", |_, args| Ok(args[0].clone()));
    add("fany", "func(interface {}) interface {}", |_, args| Ok(args[0].clone()));
    add("fmap", "func(map[string]interface {}) int", |_, args| {
        Ok(Value::int(args[0].as_map().map_or(0, |m| i64::try_from(m.len()).unwrap_or(0))))
    });
    add("flist", "func(...interface {}) []interface {}", |_, args| Ok(List::from(args.to_vec()).into()));
    add("fstrs", "func(...string) []string", |_, args| Ok(List::new(Type::STRINGS, args.to_vec()).into()));
    add("fnil", "func() interface {}", |_, _| Ok(Value::NIL));
    add("fnilmap", "func() map[string]interface {}", |_, _| Ok(Map::nil(Type::MAP).into()));
    add("fsmap", "func(string, string) map[string]string", |_, args| {
        let key = Str::from(args[0].as_bytes().unwrap_or_default());
        Ok(Map::of(Type::STRING_MAP, [(key, args[1].clone())]).into())
    });
    add("fbytes", "func(string) []uint8", |_, args| Ok(bytes(args)));
    let own = |name, signature, body: fn(&mut Context<'_>, &[Value]) -> Result| {
        Function::new(name, signature, &[], body).tracks(Tracks::Own)
    };
    funcs.add(own("finclude", "func(string, interface {}) (string, error)", include));
    funcs.add(own("indent", "func(string) string", |context, args| Ok(indent(context, args))));
    funcs
}
