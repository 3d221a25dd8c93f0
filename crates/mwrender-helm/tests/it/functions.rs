//! Functions against what Helm 3.19.5 gives.
//!
//! Each line of a file in `tests/functions/` is a template, the values it sees, and Helm's output or error.

use std::fs;
use std::path::Path;

use mwrender_diagnostic::Pos;
use mwrender_gotemplate::{List, Map, MissingKey, Origin, Run, Set, Str, Value};
use mwrender_helm::functions::functions;
use mwrender_values::{Data, NumberKind, Value as Tree};

/// A value as templates of Helm get it: all numbers of files are `float64`.
pub(crate) fn value(tree: &Tree) -> Value {
    let value = match &tree.data {
        Data::Null => Value::NIL,
        Data::Bool(b) => Value::from(*b),
        #[expect(clippy::cast_precision_loss, reason = "that is how Helm has them")]
        Data::Number(number) => Value::from(match number.kind {
            NumberKind::Int(i) => i as f64,
            NumberKind::Uint(u) => u as f64,
            NumberKind::Float(f) => f,
        }),
        Data::String(text) => Value::from(&*text.text),
        Data::List(items) => Value::from(List::grown(items.iter().map(value).collect())),
        Data::Map(map) => {
            let entries = map.iter().map(|(key, entry)| (Str::from(&**key), value(&entry.value)));
            Value::from(entries.collect::<Map>())
        }
    };
    value.with_origin(Origin::new(tree.origin.raw()))
}

/// What templates see: `.Values`.
pub(crate) fn data(values: &str) -> Value {
    let values = mwrender_values::read::read(values, Pos::from_raw(1)).expect("values").into_value();
    let values = if values.is_null() { Value::from(Map::from_iter([])) } else { value(&values) };
    Value::from(Map::from_iter([(Str::from("Values"), values)]))
}

/// The output of a template, or the text of the error. `<no value>` is deleted, as Helm does.
fn render(funcs: &Set, template: &str, values: &str, run: Run) -> Result<Vec<u8>, String> {
    let mut set = funcs.clone();
    set.parse("c/templates/t.txt", template).map_err(|e| e.to_string())?;
    let mut run = run;
    let output =
        set.execute("c/templates/t.txt", &data(values), &mut run).map_err(|error| error.to_string())?;
    Ok(String::from_utf8(output.text).map_or_else(std::string::FromUtf8Error::into_bytes, |text| {
        text.replace("<no value>", "").into_bytes()
    }))
}

#[test]
fn functions_give_what_helm_gives() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/functions");
    let set = Set::new(functions()).missing_key(MissingKey::Zero);
    let mut seen = 0;
    let mut wrong = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir(&folder).expect("the folder").map(|e| e.expect("a file").path()).collect();
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file).expect("a text");
        for line in text.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let text = |key: &str| case[key].as_str().unwrap_or_default();
            let wanted = match case["err"].as_str() {
                Some(error) => Err(error.to_owned()),
                None => Ok(text("out").to_owned()),
            };
            for run in [Run::new(), Run::new().track()] {
                let got = render(&set, text("tpl"), text("values"), run)
                    .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                if got != wanted {
                    wrong.push(format!(
                        "{}\nvalues: {:?}\nHelm: {wanted:?}\nours: {got:?}\n",
                        text("tpl"),
                        text("values")
                    ));
                }
            }
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
    assert!(wrong.is_empty(), "{} of {seen} differ:\n{}", wrong.len(), wrong.join("\n"));
}
