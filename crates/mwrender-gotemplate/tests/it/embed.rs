//! What an embedding program adds: functions, objects, types with methods, other sets.

use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::LazyLock;

use mwrender_gotemplate::{
    Context, Failure, Fields, Funcs, Function, Kind, Map, MissingKey, Object, Run, Set, Shape, Str, Type,
    Value,
};

struct Files;

static GET: LazyLock<Function> = LazyLock::new(|| {
    Function::new("Get", "func(string) string", &[], |_, args| {
        let Kind::Object(files) = args[0].kind() else { return Err("no files".into()) };
        assert!(files.as_any().is::<Files>());
        Ok(format!("<{}>", args[1].as_str().unwrap_or_default()).into())
    })
});

impl Object for Files {
    fn type_name(&self) -> &'static str {
        "engine.files"
    }

    fn field(&self, name: &str) -> Option<Value> {
        (name == "Count").then(|| Value::int(2))
    }

    fn method(&self, name: &str) -> Option<&Function> {
        (name == "Get").then(|| &*GET)
    }

    fn fields(&self) -> Fields {
        Fields { pointer: true, fields: vec![("Count", Value::int(2)), ("Name", "f".into())] }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn rendered(set: &Set, data: &Value, mut run: Run) -> String {
    match set.execute("t", data, &mut run) {
        Ok(output) => String::from_utf8(output.text).expect("UTF-8"),
        Err(error) => error.to_string(),
    }
}

fn check(template: &str, data: &Value, expected: &str) {
    let mut set = Set::new(Funcs::new()).missing_key(MissingKey::Zero);
    set.parse("t", template).expect("it parses");
    assert_eq!(rendered(&set, data, Run::new()), expected, "{template}");
}

#[test]
fn objects() {
    let data = Value::from(Map::from_iter([(Str::from("Files"), Value::object(Files))]));
    check(r#"{{.Files.Get "a"}} {{"b" | .Files.Get}} {{.Files.Count}}"#, &data, "<a> <b> 2");
    check("{{.Files}} {{printf \"%+v\" .Files}}", &data, "{2 f} &{Count:2 Name:f}");
    // what takes its argument as text looks behind a pointer, and so does the message of `range`
    check("{{html .Files}} {{js .Files 1}} {{urlquery .Files}}", &data, "{2 f} {2 f} 1 %7B2+f%7D");
    check(
        "{{range .Files}}{{end}}",
        &data,
        "template: t:1:8: executing \"t\" at <.Files>: range can't iterate over {2 f}",
    );
    // within something else a pointer is a number, or what a verb cannot print
    check(
        "{{printf \"%d %s\" . .}}",
        &data,
        "map[%!d(string=Files):824633720832] map[Files:%!s(engine.files=&{2 f})]",
    );
    check(
        "{{.Files.Get}}",
        &data,
        "template: t:1:8: executing \"t\" at <.Files.Get>: wrong number of args for Get: want 1 got 0",
    );
    check("{{.Files.Get 3}}", &data, "template: t:1:13: executing \"t\" at <3>: expected string; found 3");
    check(
        "{{.Files.Other}}",
        &data,
        "template: t:1:8: executing \"t\" at <.Files.Other>: can't evaluate field Other in type interface {}",
    );
    check(
        "{{.Files.Count 1}}",
        &data,
        "template: t:1:8: executing \"t\" at <.Files.Count>: Count has arguments but cannot be invoked as function",
    );
}

struct Month;

static SEVERAL: LazyLock<[Function; 2]> = LazyLock::new(|| {
    let several = |name, signature| Function::new(name, signature, &[], |_, _| Err("never called".into()));
    [several("Two", "func() (string, int)"), several("Three", "func(int) (int, int, error)")]
});

impl Object for Month {
    fn type_name(&self) -> &'static str {
        "time.Month"
    }

    fn method(&self, name: &str) -> Option<&Function> {
        SEVERAL.iter().find(|function| function.name() == name)
    }

    fn string(&self) -> Option<String> {
        Some("March".to_owned())
    }

    fn number(&self) -> Option<i64> {
        Some(3)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[test]
fn integers_with_names() {
    let data = Value::object(Month);
    check("{{.}} {{printf \"%02d %x\" . .}}", &data, "March 03 4d61726368");
    check("{{eq . 3}} {{ne 3 .}} {{lt . 4}} {{ge 2 .}}", &data, "true false true false");
    check("{{range .}}x{{end}}", &data, "xxx");
}

#[test]
fn methods_with_several_results() {
    let data = Value::object(Month);
    let text = "invalid function signature for Two: second return value should be error; is int";
    check("{{.Two}}", &data, &format!("template: t:1:2: executing \"t\" at <.Two>: {text}"));
    let text = "function Three has 3 return values; should be 1 or 2";
    check("{{.Three 1}}", &data, &format!("template: t:1:2: executing \"t\" at <.Three>: {text}"));
    let text = "wrong number of args for Three: want 1 got 0";
    check("{{.Three}}", &data, &format!("template: t:1:2: executing \"t\" at <.Three>: {text}"));
}

#[test]
fn types_with_methods() {
    static LEN: LazyLock<Function> = LazyLock::new(|| {
        Function::new("Len", "func() int", &[], |_, args| {
            Ok(Value::int(i64::try_from(args[0].as_map().map_or(0, Map::len)).unwrap_or(0)))
        })
    });
    static VALUES: Type = Type::new("chartutil.Values", Shape::Map(Type::ANY))
        .named(Some(|name| if name == "Len" { Some(&LEN) } else { None }));
    let values = Map::of(&VALUES, [(Str::from("Len"), "hidden".into()), (Str::from("a"), Value::int(1))]);
    check(r#"{{.Len}} {{.a}} {{printf "%T" .}}"#, &Value::from(values), "2 1 chartutil.Values");
}

#[test]
fn another_set_and_the_host() {
    let mut funcs = Funcs::new();
    let tpl = |context: &mut Context<'_>, args: &[Value]| -> Result<Value, Failure> {
        let calls = context.host::<Cell<u32>>().ok_or("no host")?;
        calls.set(calls.get() + 1);
        let mut set = context.set().clone();
        set.parse("tpl", args[0].as_bytes().unwrap_or_default())?;
        Ok(context.execute_in(&set, "tpl", &args[1])?)
    };
    funcs.add(Function::new("tpl", "func(string, interface {}) (string, error)", &[], tpl));
    let mut set = Set::new(funcs);
    set.parse("t", r#"{{define "x"}}[{{.}}]{{end}}{{tpl "{{template `x` .}}" .}}{{tpl "{{.a}}" .}}"#)
        .expect("it parses");
    let calls = Rc::new(Cell::new(0u32));
    let text = rendered(&set, &Value::from("x"), Run::new().host(Rc::clone(&calls) as Rc<dyn Any>));
    assert_eq!(
        text,
        "template: t:1:60: executing \"t\" at <tpl \"{{.a}}\" .>: error calling tpl: template: tpl:1:2: \
         executing \"tpl\" at <.a>: can't evaluate field a in type string"
    );
    assert_eq!(calls.get(), 2);
}

#[test]
fn a_clone_goes_its_own_way() {
    let mut base = Set::new(Funcs::new());
    base.parse("base", r#"{{define "a"}}old{{end}}{{define "b"}}b{{end}}"#).expect("it parses");
    let mut set = base.clone();
    let text =
        r#"{{define "a"}}new{{end}}{{define "b"}} {{/* blank */}}{{end}}{{template "a"}}{{template "b"}}"#;
    set.parse("t", text).expect("it parses");
    assert_eq!(rendered(&set, &Value::NIL, Run::new()), "newb");
    assert_eq!(set.names(), ["a", "b", "base", "t"]);
    base.parse("t", r#"{{template "a"}}"#).expect("it parses");
    assert_eq!(rendered(&base, &Value::NIL, Run::new()), "old");
}

#[test]
fn errors_tell_their_places() {
    let mut set = Set::new(crate::data::funcs());
    set.parse("t", "{{define \"x\"}}\n{{index . 5}}{{end}}\n {{finclude \"x\" .a}}").expect("it parses");
    let list: mwrender_gotemplate::List = [Value::int(1)].into_iter().collect();
    let list = Value::from(list).with_origin(mwrender_gotemplate::Origin::new(7));
    let data = Value::from(Map::from_iter([(Str::from("a"), list)]));
    let error = set.execute("t", &data, &mut Run::new()).expect_err("out of range");
    assert_eq!(error.message(), "error calling index: index out of range: 5");
    let places: Vec<_> = error
        .frames()
        .iter()
        .map(|f| (f.template.as_str(), f.source.line_column(f.offset), f.node.as_str()))
        .collect();
    assert_eq!(places, [("t", (3, 3), "finclude \"x\" .a"), ("x", (2, 2), "index . 5")]);
    assert!(error.origins().iter().all(|o| o.number() == Some(7)) && !error.origins().is_empty());
}
