//! `.Files`.

use crate::engine::glob::Glob;
use crate::file::File;
use crate::functions::yaml;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mwrender_gotemplate::{Context, Failure, Function, List, Map, Origin, Shape, Str, Tracks, Type, Value};
use std::sync::{Arc, LazyLock};

static FILES: Type = Type::new("engine.files", Shape::Map(Type::BYTES)).named(Some(method));

/// `.Files` of a chart.
pub(super) fn files(files: &[File]) -> Value {
    let entries = files.iter().map(|file| {
        let bytes = List::of_bytes(Arc::clone(&file.data));
        let origin = Origin::new(file.start.raw());
        (Str::from(Arc::clone(&file.name)), Value::from(bytes).with_origin(origin))
    });
    Value::from(Map::of(&FILES, entries))
}

fn bytes(value: &Value) -> Option<Str> {
    value.as_list()?.to_bytes()
}

fn get(args: &[Value]) -> Option<(Str, Origin)> {
    let value = args[0].as_map()?.get(args[1].as_bytes()?)?;
    Some((bytes(&value)?, value.origin()))
}

/// The last step of a name, as Go's `path.Base`.
fn base(name: &[u8]) -> &[u8] {
    let trimmed = name.iter().rposition(|b| *b != b'/').map_or(&b""[..], |end| &name[..=end]);
    match (name, trimmed) {
        ([], _) => b".",
        (_, []) => b"/",
        _ => trimmed.rsplit(|b| *b == b'/').next().unwrap_or_default(),
    }
}

/// YAML of the files' contents under their base names, without the last line break.
fn as_yaml(context: &Context<'_>, args: &[Value], content: fn(Str) -> Value) -> Result<Value, Failure> {
    let entries = args[0].as_map().map(Map::entries).unwrap_or_default();
    let entries = entries.into_iter().filter_map(|(name, value)| {
        Some((Str::from(base(&name)), content(bytes(&value)?).with_origin(value.origin())))
    });
    let map = Value::from(Map::of(Type::STRING_MAP, entries));
    yaml::to_yaml(context, &map).map_err(|error| error.to_string().into())
}

fn lines(args: &[Value]) -> Result<Value, Failure> {
    let Some((bytes, origin)) = get(args) else {
        return Ok(List::new(Type::STRINGS, Vec::new()).into());
    };
    let Some(last) = bytes.last() else {
        return Err("runtime error: index out of range [-1]".into());
    };
    let text = if *last == b'\n' { &bytes[..bytes.len() - 1] } else { &bytes };
    let lines = text.split(|b| *b == b'\n').map(|line| Value::string(line).with_origin(origin));
    Ok(Value::from(List::new(Type::STRINGS, lines.collect())))
}

fn method(name: &str) -> Option<&'static Function> {
    static METHODS: LazyLock<[Function; 6]> = LazyLock::new(|| {
        [
            Function::new("Get", "func(string) string", &[], |_, args| {
                let (bytes, origin) = get(args).unwrap_or((Str::from(""), Origin::NONE));
                Ok(Value::from(bytes).with_origin(origin))
            }),
            Function::new("GetBytes", "func(string) []uint8", &[], |_, args| {
                let (bytes, origin) = get(args).unwrap_or((Str::from(""), Origin::NONE));
                Ok(Value::from(List::of_bytes(bytes)).with_origin(origin))
            }),
            Function::new("Glob", "func(string) engine.files", &[&FILES], |_, args| {
                let pattern = Glob::new(args[1].as_bytes().unwrap_or_default())?;
                let mut found = Vec::new();
                for (name, value) in args[0].as_map().map(Map::entries).unwrap_or_default() {
                    if pattern.matches(&name)? {
                        found.push((name, value));
                    }
                }
                Ok(Value::from(Map::of(&FILES, found)))
            }),
            Function::new("Lines", "func(string) []string", &[], |_, args| lines(args)),
            Function::new("AsConfig", "func() string", &[], |context, args| {
                as_yaml(context, args, Value::from)
            })
            .tracks(Tracks::Own),
            Function::new("AsSecrets", "func() string", &[], |context, args| {
                as_yaml(context, args, |b| Value::from(BASE64_STANDARD.encode(&*b)))
            })
            .tracks(Tracks::Own),
        ]
    });
    METHODS.iter().find(|method| method.name() == name)
}
