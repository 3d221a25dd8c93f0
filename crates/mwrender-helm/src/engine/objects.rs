//! Structs that templates see: `.Chart`, `.Capabilities` and what is in them.

use crate::capabilities::Capabilities;
use crate::charts::{ChartId, Charts};
use crate::dependency::Dependency;
use crate::engine::data;
use crate::metadata::{Maintainer, Metadata};
use mwrender_gotemplate::{
    Fields, Function, Kind, List, Map, Marshal, Object, Origin, Shape, Str, Type, Value,
};
use mwrender_values as values;
use std::any::Any;
use std::borrow::Cow;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

/// A Go struct, or a pointer to one.
struct Struct {
    ty: &'static str,
    pointer: bool,
    fields: Vec<(&'static str, Value)>,
    /// A struct whose fields count as its own.
    embedded: Option<Rc<Struct>>,
    methods: fn(&str) -> Option<&'static Function>,
    /// What its `String` method returns, which only pointers have.
    string: Option<String>,
    /// What Go's JSON makes of it.
    json: values::Value,
}

impl Struct {
    /// The struct or list that is the field which JSON has under a name.
    fn held(&self, name: &str) -> Option<Value> {
        let is_held = |value: &Value| matches!(value.kind(), Kind::Object(_) | Kind::List(_));
        let own = self.fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
        let own = own.map(|(_, value)| value.clone()).filter(is_held);
        own.or_else(|| self.embedded.as_ref()?.held(name))
    }
}

impl Object for Struct {
    fn type_name(&self) -> &str {
        self.ty
    }

    fn field(&self, name: &str) -> Option<Value> {
        let own = self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone());
        own.or_else(|| self.embedded.as_ref()?.field(name))
    }

    fn method(&self, name: &str) -> Option<&Function> {
        (self.methods)(name)
    }

    fn pointer_string(&self) -> Option<String> {
        self.string.clone()
    }

    fn fields(&self) -> Fields {
        Fields { pointer: self.pointer, fields: self.fields.clone() }
    }

    fn marshal(&self) -> Marshal {
        let entries = self.json.as_map().into_iter().flat_map(|map| map.iter());
        // structs within have an order of their own, which maps do not have
        let field = |(name, entry): (&Arc<str>, &values::Entry)| {
            let value = self.held(name).unwrap_or_else(|| data::value(&entry.value));
            (Cow::Owned(name.to_string()), value)
        };
        Marshal::Fields(entries.map(field).collect())
    }

    fn equals(&self, other: &dyn Object) -> Option<bool> {
        if self.pointer {
            return Some(false);
        }
        // the others have slices in them
        let texts = |fields: &[(&str, Value)]| -> Option<Vec<Vec<u8>>> {
            fields.iter().map(|(_, value)| value.as_bytes().map(<[u8]>::to_vec)).collect()
        };
        let own = texts(&self.fields).filter(|_| self.embedded.is_none())?;
        let other = other.as_any().downcast_ref::<Struct>().and_then(|other| texts(&other.fields));
        Some(other.is_some_and(|other| other == own))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn no_methods(_: &str) -> Option<&'static Function> {
    None
}

static MAINTAINER: Type = Type::new("*chart.Maintainer", Shape::Object);
static MAINTAINERS: Type = Type::new("[]*chart.Maintainer", Shape::List(&MAINTAINER));
static DEPENDENCY: Type = Type::new("*chart.Dependency", Shape::Object);
static DEPENDENCIES: Type = Type::new("[]*chart.Dependency", Shape::List(&DEPENDENCY));
static VERSION_SET: Type =
    Type::new("chartutil.VersionSet", Shape::List(Type::STRING)).named(Some(version_set_method));

/// A list that is nil where there is nothing in it, as what a file does not mention is.
fn list(ty: &'static Type, items: impl Iterator<Item = Value>) -> Value {
    let items: Vec<Value> = items.collect();
    Value::from(if items.is_empty() { List::nil(ty) } else { List::new(ty, items) })
}

fn texts(items: &[String]) -> Value {
    list(Type::STRINGS, items.iter().map(|item| Value::from(item.as_str())))
}

/// `.Chart` of a chart.
pub(super) fn chart(charts: &Charts, id: ChartId) -> Value {
    let metadata = charts.metadata(id);
    let is_root = charts.get(id).parent.is_none();
    let metadata = Rc::new(Struct {
        ty: "chart.Metadata",
        pointer: false,
        fields: fields(&metadata),
        embedded: None,
        methods: no_methods,
        string: None,
        json: metadata.to_value(),
    });
    let fields = vec![
        ("Metadata", Value::new(Kind::Object(Rc::clone(&metadata) as Rc<dyn Object>))),
        ("IsRoot", Value::from(is_root)),
    ];
    Value::object(Struct {
        ty: "struct { chart.Metadata; IsRoot bool }",
        pointer: false,
        fields,
        embedded: Some(metadata),
        methods: no_methods,
        string: None,
        json: charts.chart_object(id),
    })
}

fn fields(metadata: &Metadata) -> Vec<(&'static str, Value)> {
    let at = |field: &'static str, value: Value| {
        let origin = metadata.origins.get(field).copied().unwrap_or_default();
        value.with_origin(Origin::new(origin.raw()))
    };
    let text = |field, text: &str| at(field, Value::from(text));
    let annotations: Vec<(Str, Value)> =
        metadata.annotations.iter().map(|(k, v)| (Str::from(k.as_str()), Value::from(v.as_str()))).collect();
    let annotations = if annotations.is_empty() {
        Map::nil(Type::STRING_MAP)
    } else {
        Map::of(Type::STRING_MAP, annotations)
    };
    let m = metadata;
    vec![
        ("Name", text("name", &m.name)),
        ("Home", text("home", &m.home)),
        ("Sources", at("sources", texts(&m.sources))),
        ("Version", text("version", &m.version)),
        ("Description", text("description", &m.description)),
        ("Keywords", at("keywords", texts(&m.keywords))),
        (
            "Maintainers",
            at("maintainers", list(&MAINTAINERS, m.maintainers.iter().flatten().map(maintainer))),
        ),
        ("Icon", text("icon", &m.icon)),
        ("APIVersion", text("apiVersion", &m.api_version)),
        ("Condition", text("condition", &m.condition)),
        ("Tags", text("tags", &m.tags)),
        ("AppVersion", text("appVersion", &m.app_version)),
        ("Deprecated", at("deprecated", Value::from(m.deprecated))),
        ("Annotations", at("annotations", annotations.into())),
        ("KubeVersion", text("kubeVersion", &m.kube_version)),
        (
            "Dependencies",
            at("dependencies", list(&DEPENDENCIES, m.dependencies.iter().flatten().map(dependency))),
        ),
        ("Type", text("type", &m.kind)),
    ]
}

/// A pointer to a struct of `Chart.yaml`.
fn pointer(ty: &'static str, fields: Vec<(&'static str, Value)>, json: values::Value) -> Value {
    Value::object(Struct {
        ty,
        pointer: true,
        fields,
        embedded: None,
        methods: no_methods,
        string: None,
        json,
    })
}

fn maintainer(m: &Maintainer) -> Value {
    let fields = vec![
        ("Name", Value::from(m.name.as_str())),
        ("Email", Value::from(m.email.as_str())),
        ("URL", Value::from(m.url.as_str())),
    ];
    pointer(MAINTAINER.name(), fields, m.to_value())
}

fn dependency(d: &Dependency) -> Value {
    let imports = d.import_values.iter().map(data::value);
    let fields = vec![
        ("Name", Value::from(d.name.as_str())),
        ("Version", Value::from(d.version.as_str())),
        ("Repository", Value::from(d.repository.as_str())),
        ("Condition", Value::from(d.condition.as_str())),
        ("Tags", texts(&d.tags)),
        ("Enabled", Value::from(d.enabled)),
        ("ImportValues", list(Type::LIST, imports)),
        ("Alias", Value::from(d.alias.as_str())),
    ];
    pointer(DEPENDENCY.name(), fields, d.to_value())
}

/// `.Capabilities`.
pub(super) fn capabilities(capabilities: &Capabilities) -> Value {
    let text = |text: &str| Value::from(text);
    let json = capabilities.to_value();
    let part = |name: &str| json.get(name).cloned().unwrap_or_else(|| values::Value::string(""));
    let kube = &capabilities.kube_version;
    let kube = Struct {
        ty: "chartutil.KubeVersion",
        pointer: false,
        fields: vec![
            ("Version", text(&kube.version)),
            ("Major", text(&kube.major)),
            ("Minor", text(&kube.minor)),
        ],
        embedded: None,
        methods: kube_version_method,
        string: Some(kube.version.clone()),
        json: part("KubeVersion"),
    };
    let helm = Struct {
        ty: "version.BuildInfo",
        pointer: false,
        fields: vec![
            ("Version", text(&capabilities.helm_version)),
            ("GitCommit", text("")),
            ("GitTreeState", text("")),
            ("GoVersion", text(&capabilities.go_version)),
        ],
        embedded: None,
        methods: no_methods,
        string: None,
        json: part("HelmVersion"),
    };
    let versions = capabilities.api_versions.iter().map(|v| text(v)).collect();
    Value::object(Struct {
        ty: "*chartutil.Capabilities",
        pointer: true,
        fields: vec![
            ("KubeVersion", Value::object(kube)),
            ("APIVersions", Value::from(List::new(&VERSION_SET, versions))),
            ("HelmVersion", Value::object(helm)),
        ],
        embedded: None,
        methods: no_methods,
        string: None,
        json,
    })
}

fn kube_version_method(name: &str) -> Option<&'static Function> {
    static METHODS: LazyLock<[Function; 2]> = LazyLock::new(|| {
        ["String", "GitVersion"].map(|name| {
            Function::new(name, "func() string", &[], |_, args| {
                let version = match args[0].kind() {
                    Kind::Object(object) => object.field("Version"),
                    _ => None,
                };
                Ok(version.unwrap_or(Value::NIL))
            })
        })
    });
    METHODS.iter().find(|method| method.name() == name)
}

fn version_set_method(name: &str) -> Option<&'static Function> {
    static HAS: LazyLock<Function> = LazyLock::new(|| {
        Function::new("Has", "func(string) bool", &[], |_, args| {
            let has = |items: &[Value]| items.iter().any(|item| item.as_bytes() == args[1].as_bytes());
            Ok(Value::from(args[0].as_list().is_some_and(|list| list.with(has))))
        })
    });
    (name == "Has").then_some(&*HAS)
}
