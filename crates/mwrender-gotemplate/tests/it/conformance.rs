//! Cases of Go's own tests, if their folder is there: executions, comparisons, parsing and constants.

use mwrender_gotemplate::{Funcs, Function, Kind, List, Map, Run, Set, Str, UintKind, Value};
use serde_json::Value as Json;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// The cases of a file. Where there is no folder, it says so where it is seen.
fn cases(file: &str, count: usize) -> Vec<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        // past the test harness, which keeps to itself what a test prints that does not fail
        let _ = writeln!(std::io::stderr(), "\nNOT COMPARED: there is no {}", path.display());
        return Vec::new();
    };
    let cases: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).expect("a case")).collect();
    assert_eq!(cases.len(), count, "{file}");
    cases
}

fn text(field: &Json) -> &str {
    field.as_str().unwrap_or_default()
}

/// A value with Go's type, as in `{"i": 1}`.
fn typed(json: &Json) -> Value {
    let Some((kind, inner)) = json.as_object().and_then(|map| map.iter().next()) else { return Value::NIL };
    match kind.as_str() {
        "i" => Value::int(inner.as_i64().expect("an integer")),
        "u" => Value::new(Kind::Uint(inner.as_u64().expect("one"), UintKind::Uint)),
        "f" => Value::from(inner.as_f64().expect("a number")),
        "b" => Value::from(inner.as_bool().expect("a boolean")),
        "s" => Value::from(text(inner)),
        "l" => {
            // the cases' lists were made by append, which leaves room behind them
            List::grown(inner.as_array().expect("a list").iter().map(typed).collect()).into()
        }
        "m" => {
            let entries = inner.as_object().expect("a map").iter();
            entries.map(|(key, value)| (Str::from(key.as_str()), typed(value))).collect::<Map>().into()
        }
        other => panic!("a value of the type {other}"),
    }
}

/// What a template gives with data, plainly and tracked: the same.
fn executed(name: &str, template: &str, data: &Json) -> Result<String, String> {
    let run = |run: Run| {
        let mut set = Set::new(Funcs::new());
        set.parse(name, template).map_err(|error| error.to_string())?;
        let output = set.execute(name, &typed(data), &mut { run }).map_err(|error| error.to_string())?;
        Ok(String::from_utf8_lossy(&output.text).into_owned())
    };
    let plain = run(Run::new());
    assert_eq!(plain, run(Run::new().track()), "{template}");
    plain
}

fn compare(count: usize, answers: impl Iterator<Item = (String, String, String)>) {
    let (mut compared, mut wrong) = (0, String::new());
    for (case, theirs, ours) in answers {
        compared += 1;
        if theirs != ours {
            let _ = writeln!(wrong, "{case}\n  theirs: {theirs:?}\n  ours:   {ours:?}");
        }
    }
    assert!(wrong.is_empty() && [0, count].contains(&compared), "of {compared}:\n{wrong}");
}

#[test]
fn executions() {
    let answers = cases("gotemplate_exec.jsonl", 239).into_iter().map(|case| {
        let (name, template) = (text(&case["name"]), text(&case["tpl"]));
        let theirs = if case["ok"] == true { text(&case["out"]) } else { text(&case["err"]) };
        let ours = executed(name, template, &case["data"]);
        assert_eq!(ours.is_ok(), case["ok"] == true, "{template}: {ours:?}");
        (template.to_owned(), theirs.to_owned(), ours.unwrap_or_else(|error| error))
    });
    compare(239, answers);
}

#[test]
fn comparisons() {
    let answers = cases("gotemplate_cmp.jsonl", 109).into_iter().map(|case| {
        let theirs = if case["ok"] == true { text(&case["out"]) } else { "an error" };
        let ours = executed("t", text(&case["tpl"]), &case["data"]);
        (text(&case["tpl"]).to_owned(), theirs.to_owned(), ours.unwrap_or_else(|_| "an error".to_owned()))
    });
    compare(109, answers);
}

/// Parses a template and prints its tree.
fn parsed(case: &Json) -> Result<String, String> {
    let name = text(&case["name"]);
    let name = name.strip_prefix("err:").unwrap_or(name);
    let mut funcs = Funcs::new();
    funcs.add(Function::new("contains", "func(string, string) bool", &[], |_, _| Ok(Value::NIL)));
    // these cases were run with another limit
    let depth = if name.starts_with("paren nesting") { 3 } else { 1000 };
    let mut set = Set::new(funcs).parentheses(depth);
    set.parse(name, text(&case["tpl"])).map_err(|error| error.to_string())?;
    Ok(set.print(name).map(|tree| String::from_utf8_lossy(&tree).into_owned()).unwrap_or_default())
}

#[test]
fn trees() {
    let all = cases("gotemplate_parse.jsonl", 192).into_iter().filter(|case| !case["tpl"].is_null());
    let answers = all.map(|case| {
        let theirs = if case["ok"] == true { text(&case["string"]) } else { text(&case["err"]) };
        (text(&case["tpl"]).to_owned(), theirs.to_owned(), parsed(&case).unwrap_or_else(|error| error))
    });
    compare(140, answers);
}

/// What a constant is as an argument of a function that takes one type.
fn constant(signature: &str, text: &str) -> Option<Value> {
    let mut funcs = Funcs::new();
    let (sender, receiver) = std::sync::mpsc::channel();
    funcs.add(Function::new("take", signature, &[], move |_, args| {
        let shown = mwrender_gotemplate::print(args).unwrap_or_default();
        let _ = sender.send(shown);
        Ok(Value::NIL)
    }));
    let mut set = Set::new(funcs);
    set.parse("t", format!("{{{{take {text}}}}}")).ok()?;
    set.execute("t", &Value::NIL, &mut Run::new()).ok()?;
    receiver.recv().ok().map(Value::from)
}

#[test]
fn constants() {
    let all = cases("gotemplate_parse.jsonl", 192).into_iter().filter(|case| case["tpl"].is_null());
    let answers = all.map(|case| {
        let constant_text = text(&case["text"]);
        let kinds = [("int64", "isInt"), ("uint64", "isUint"), ("float64", "isFloat")];
        let is = kinds.map(|(_, is)| case[is] == true);
        let taken = kinds.map(|(kind, _)| constant(&format!("func({kind}) string"), constant_text));
        let theirs = format!("{is:?} {}", case["int"]);
        let int = taken[0].as_ref().and_then(|value| value.as_str()?.parse::<i64>().ok());
        // Go's record of a number that is no integer has 0
        let ours = format!("{:?} {}", taken.map(|value| value.is_some()), int.unwrap_or(0));
        (constant_text.to_owned(), theirs, ours)
    });
    compare(52, answers);
}
