//! Limits: nothing that a template does brings the program down.

use std::sync::Arc;

use mwrender_gotemplate::{ErrorKind, Map, Run, Set, Str, Type, Value};

use crate::data::funcs;

fn error_of(template: &str, data: &Value, mut run: Run) -> (ErrorKind, String) {
    let mut set = Set::new(funcs());
    match set.parse("t", template).and_then(|()| set.execute("t", data, &mut run)) {
        Ok(output) => panic!("it printed {} bytes", output.text.len()),
        Err(error) => (error.kind(), error.to_string()),
    }
}

#[test]
fn templates_that_call_themselves() {
    let (kind, text) =
        error_of(r#"{{define "x"}}a{{template "x" .}}{{end}}{{template "x" .}}"#, &Value::NIL, Run::new());
    assert_eq!(kind, ErrorKind::Depth);
    let expected = "template: t:1:26: executing \"x\" at <{{template \"x\" .}}>: exceeded maximum template depth (100000)";
    assert_eq!(text, expected);
}

/// Where the text that is handed on keeps its pieces, it must not grow by them.
#[test]
fn texts_handed_on_and_on() {
    let all = || {
        for handed in ["printf \"%s\" .", "print .", "print . \"\"", "html ."] {
            let call = format!("{{{{template \"x\" ({handed})}}}}");
            let template = format!("{{{{define \"x\"}}}}{call}{{{{end}}}}{{{{template \"x\" \"t\"}}}}");
            let (kind, text) = error_of(&template, &Value::NIL, Run::new().track().stack(240 << 20));
            assert_eq!(kind, ErrorKind::Depth, "{text}");
        }
    };
    // as much as the stack is for
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(all);
    thread.expect("a thread").join().expect("no panic");
}

#[test]
fn functions_that_execute_templates_that_call_them() {
    let (kind, text) =
        error_of(r#"{{define "x"}}{{finclude "x" .}}{{end}}{{finclude "x" .}}"#, &Value::NIL, Run::new());
    assert_eq!(kind, ErrorKind::Depth);
    assert!(text.ends_with("nest too deeply"), "{}", &text[text.len() - 200..]);
}

#[test]
fn fuel() {
    let forever = "{{range 9000000000}}{{range 9000000000}}{{end}}{{end}}";
    assert_eq!(error_of(forever, &Value::NIL, Run::new().fuel(10_000)).0, ErrorKind::Fuel);
    let doubling = r#"{{$x := "abcdefgh"}}{{range 60}}{{$x = print $x $x}}{{end}}"#;
    assert_eq!(error_of(doubling, &Value::NIL, Run::new().fuel(1_000_000)).0, ErrorKind::Fuel);
}

#[test]
fn source_that_nests() {
    for (open, close) in [("(", ")"), ("{{if .}}", "{{end}}"), ("{{with .}}{{else with .}}", "{{end}}")] {
        let (before, after) = if open == "(" { ("{{", ".}}") } else { ("", "") };
        let (middle, after) = if open == "(" { (".", "}}") } else { ("", after) };
        let nested = |n: usize| format!("{before}{}{middle}{}{after}", open.repeat(n), close.repeat(n));
        let mut set = Set::new(funcs());
        set.parse("t", nested(100)).expect("a hundred are fine");
        set.execute("t", &Value::from(true), &mut Run::new()).expect("to execute, too");
        let error = set.parse("t", nested(200_000)).expect_err("too many");
        assert_eq!(error.message(), "max expression depth exceeded", "{open}");
    }
    let chain = format!("{{{{if .}}}}{}{{{{end}}}}", "{{else if .}}".repeat(200_000));
    assert!(Set::new(funcs()).parse("t", chain).is_err());
}

#[test]
fn a_map_in_itself() {
    let map = Map::new(Type::MAP);
    map.insert(Str::from("self"), Value::from(map.clone()));
    let data = Value::from(map.clone());
    let (kind, text) = error_of("{{.}}", &data, Run::new());
    assert_eq!(kind, ErrorKind::Depth);
    assert_eq!(text, "template: t:1:2: executing \"t\" at <{{.}}>: value nests too deeply to be printed");
    assert_eq!(error_of(r#"{{printf "%v" .}}"#, &data, Run::new().track()).0, ErrorKind::Execute);
    map.remove(b"self");
}

#[test]
fn one_set_in_several_threads() {
    let mut set = Set::new(funcs());
    set.parse("t", "{{range $i, $x := .}}{{$i}}={{$x}} {{end}}").expect("it parses");
    let set = Arc::new(set);
    let threads: Vec<_> = (0..4)
        .map(|n: i64| {
            let set = Arc::clone(&set);
            std::thread::spawn(move || {
                let list: mwrender_gotemplate::List = (n..n + 3).map(Value::int).collect();
                set.execute("t", &Value::from(list), &mut Run::new()).expect("it runs").text
            })
        })
        .collect();
    for (n, thread) in threads.into_iter().enumerate() {
        let text = String::from_utf8(thread.join().expect("no panic")).expect("UTF-8");
        assert_eq!(text, format!("0={n} 1={} 2={} ", n + 1, n + 2));
    }
}
