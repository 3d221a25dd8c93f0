//! The functions of templates: the same output and the same errors as Helm 3.19.5, as recorded in
//! `tests/sprig/<family>.jsonl` for the values in `tests/sprig/values.json`.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mwrender_gotemplate::{Funcs, Kind, List, Map, MissingKey, Origin, Run, Set, Shape, Str, Type, Value};
use mwrender_helm::functions::functions;
use serde_json::Value as Json;

static VALUES: Type = Type::new("chartutil.Values", Shape::Map(Type::ANY)).named(None);

pub(crate) fn shared() -> &'static Arc<Funcs> {
    static FUNCS: OnceLock<Arc<Funcs>> = OnceLock::new();
    FUNCS.get_or_init(|| Arc::new(functions()))
}

/// Values as Helm reads them: all numbers are `float64`; and each with an origin of its own.
pub(crate) fn placed(json: &Json, next: &mut u32) -> Value {
    let origin = Origin::new(*next);
    *next += 1;
    let value = match json {
        Json::Null => Value::NIL,
        Json::Bool(b) => Value::from(*b),
        Json::Number(n) => Value::from(n.as_f64().expect("a number")),
        Json::String(s) => Value::from(s.as_str()),
        Json::Array(items) => List::grown(items.iter().map(|item| placed(item, next)).collect()).into(),
        Json::Object(entries) => {
            let entries = entries.iter().map(|(k, v)| (Str::from(k.as_str()), placed(v, next)));
            entries.collect::<Map>().into()
        }
    };
    value.with_origin(origin)
}

/// What templates get, with `.Values`.
fn data(values: &Json) -> Value {
    let values = placed(values, &mut 1);
    let origin = values.origin();
    let Kind::Map(map) = values.into_kind() else { panic!("values are a map") };
    let values = Value::from(map.as_type(&VALUES)).with_origin(origin);
    Map::from_iter([(Str::from("Values"), values)]).into()
}

/// The output without what Helm removes, or the error.
fn rendered(set: &Set, name: &str, data: &Value, run: &mut Run) -> Result<Vec<u8>, String> {
    let output = set.execute(name, data, run).map_err(|e| e.to_string())?;
    let (mut text, absent) = (Vec::new(), b"<no value>");
    let mut rest = output.text.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        rest = rest.strip_prefix(absent.as_slice()).unwrap_or_else(|| {
            text.push(*first);
            behind
        });
    }
    Ok(text)
}

/// With and without origins.
fn both(template: &str, values: &Json) -> [Result<Vec<u8>, String>; 2] {
    let mut set = Set::new(Arc::clone(shared())).missing_key(MissingKey::Zero);
    if let Err(error) = set.parse("c/t", template) {
        return [Err(error.to_string()), Err(error.to_string())];
    }
    [Run::new(), Run::new().track()].map(|mut run| rendered(&set, "c/t", &data(values), &mut run))
}

fn recorded(case: &Json) -> Result<Vec<u8>, String> {
    match (&case["out"], &case["b64"]) {
        (Json::String(out), _) => Ok(out.clone().into_bytes()),
        (_, Json::String(out)) => Ok(STANDARD.decode(out).expect("base64")),
        _ => Err(case["error"].as_str().expect("an error").to_owned()),
    }
}

fn shown(result: &Result<Vec<u8>, String>) -> String {
    format!("{:?}", result.as_ref().map(|out| String::from_utf8_lossy(out)))
}

/// The names of functions in a template.
fn mentioned(template: &str) -> BTreeSet<&str> {
    template.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

const FAMILIES: [(&str, &str); 11] = [
    ("dicts", include_str!("../sprig/dicts.jsonl")),
    ("encodings", include_str!("../sprig/encodings.jsonl")),
    ("lists", include_str!("../sprig/lists.jsonl")),
    ("numbers", include_str!("../sprig/numbers.jsonl")),
    ("paths", include_str!("../sprig/paths.jsonl")),
    ("regex", include_str!("../sprig/regex.jsonl")),
    ("strings", include_str!("../sprig/strings.jsonl")),
    ("text", include_str!("../sprig/text.jsonl")),
    ("types", include_str!("../sprig/types.jsonl")),
    ("words", include_str!("../sprig/words.jsonl")),
    ("wrapping", include_str!("../sprig/wrapping.jsonl")),
];

#[test]
fn as_recorded() {
    let values: Json = serde_json::from_str(include_str!("../sprig/values.json")).expect("JSON");
    let (mut wrong, mut count, mut called) = (Vec::new(), 0, BTreeSet::new());
    for (family, lines) in FAMILIES {
        for line in lines.lines() {
            let case: Json = serde_json::from_str(line).expect("a recorded case");
            let template = case["tpl"].as_str().expect("a template");
            let theirs = recorded(&case);
            called.extend(mentioned(template).into_iter().map(str::to_owned));
            for ours in both(template, &values) {
                // a template that cannot be parsed is reported by who parses it
                let parse = theirs.as_ref().is_err_and(|text| text.starts_with("parse error"));
                if ours != theirs && !(parse && ours.is_err()) {
                    wrong.push(format!("{family}: {template}\n  {}\n  {}", shown(&theirs), shown(&ours)));
                }
            }
            count += 1;
        }
    }
    assert!(count > 1000 && wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
    for name in include_str!("../sprig/names.txt").lines() {
        assert!(called.contains(name), "no case for {name}");
    }
}
