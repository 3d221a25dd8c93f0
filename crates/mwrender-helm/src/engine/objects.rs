//! Objects that templates see: `.Chart`, `.Capabilities` and what is in them.

use crate::capabilities::Capabilities;
use crate::charts::{ChartId, Charts};
use crate::dependency::Dependency;
use crate::engine::data;
use crate::engine::structs::{Field, Struct};
use crate::functions::copy::copy;
use crate::metadata::{Maintainer, Metadata};
use mwrender_gotemplate::{Function, Kind, List, Map, Origin, Shape, Str, Type, Value};
use std::sync::LazyLock;

static MAINTAINER: Type = Type::new("*chart.Maintainer", Shape::Object);
static MAINTAINERS: Type = Type::new("[]*chart.Maintainer", Shape::List(&MAINTAINER));
static DEPENDENCY: Type = Type::new("*chart.Dependency", Shape::Object);
static DEPENDENCIES: Type = Type::new("[]*chart.Dependency", Shape::List(&DEPENDENCY));
static CAPABILITIES: Type = Type::new("*chartutil.Capabilities", Shape::Object);
static VERSION_SET: Type =
    Type::new("chartutil.VersionSet", Shape::List(Type::STRING)).named(Some(version_set_method));

/// A list, or the nil list where a file does not mention it.
fn list(ty: &'static Type, given: bool, items: impl Iterator<Item = Value>) -> Value {
    Value::from(if given { List::new(ty, items.collect()) } else { List::nil(ty) })
}

fn texts(given: bool, items: &[String]) -> Value {
    list(Type::STRINGS, given, items.iter().map(|item| Value::from(item.as_str())))
}

/// `.Chart` of a chart.
pub(super) fn chart(charts: &Charts, id: ChartId) -> Value {
    let node = charts.get(id);
    let metadata = Struct::new("chart.Metadata", fields(&charts.metadata(id), node.lists));
    let fields = vec![
        Field::embedded("Metadata", metadata),
        Field::new("IsRoot", "IsRoot", Value::from(node.parent.is_none())),
    ];
    Value::object(Struct::new("struct { chart.Metadata; IsRoot bool }", fields))
}

fn fields(m: &Metadata, lists: bool) -> Vec<Field> {
    let at = |name: &'static str, field: &'static str, value: Value| {
        let origin = m.origins.get(field).copied().unwrap_or_default();
        Field::given(name, field, value.with_origin(Origin::new(origin.raw())))
    };
    let text = |name, field, text: &str| at(name, field, Value::from(text));
    let given = |field: &str| m.origins.contains_key(field);
    let annotations = m.annotations.iter().map(|(k, v)| (Str::from(k.as_str()), Value::from(v.as_str())));
    let annotations = if given("annotations") {
        Map::of(Type::STRING_MAP, annotations)
    } else {
        Map::nil(Type::STRING_MAP)
    };
    let maintainers = m.maintainers.iter().flatten().map(maintainer);
    let dependencies = m.dependencies.iter().flatten().map(dependency);
    vec![
        text("Name", "name", &m.name),
        text("Home", "home", &m.home),
        at("Sources", "sources", texts(given("sources"), &m.sources)),
        text("Version", "version", &m.version),
        text("Description", "description", &m.description),
        at("Keywords", "keywords", texts(given("keywords"), &m.keywords)),
        at("Maintainers", "maintainers", list(&MAINTAINERS, given("maintainers"), maintainers)),
        text("Icon", "icon", &m.icon),
        text("APIVersion", "apiVersion", &m.api_version),
        text("Condition", "condition", &m.condition),
        text("Tags", "tags", &m.tags),
        text("AppVersion", "appVersion", &m.app_version),
        at("Deprecated", "deprecated", Value::from(m.deprecated)),
        at("Annotations", "annotations", annotations.into()),
        text("KubeVersion", "kubeVersion", &m.kube_version),
        at("Dependencies", "dependencies", list(&DEPENDENCIES, lists, dependencies)),
        text("Type", "type", &m.kind),
    ]
}

fn maintainer(m: &Maintainer) -> Value {
    let fields = vec![
        Field::given("Name", "name", &*m.name),
        Field::given("Email", "email", &*m.email),
        Field::given("URL", "url", &*m.url),
    ];
    Value::object(Struct::new(MAINTAINER.name(), fields))
}

fn dependency(d: &Dependency) -> Value {
    let imports = d.import_values.iter().map(data::value);
    let tags = texts(d.tags.is_some(), d.tags.as_deref().unwrap_or_default());
    let fields = vec![
        Field::new("Name", "name", &*d.name),
        Field::given("Version", "version", &*d.version),
        Field::new("Repository", "repository", &*d.repository),
        Field::given("Condition", "condition", &*d.condition),
        Field::given("Tags", "tags", tags),
        Field::given("Enabled", "enabled", d.enabled),
        Field::given("ImportValues", "import-values", list(Type::LIST, !d.import_values.is_empty(), imports)),
        Field::given("Alias", "alias", &*d.alias),
    ];
    Value::object(Struct::new(DEPENDENCY.name(), fields))
}

/// `.Capabilities`.
pub(super) fn capabilities(capabilities: &Capabilities) -> Value {
    let kube = &capabilities.kube_version;
    let kube = vec![
        Field::new("Version", "Version", &*kube.version),
        Field::new("Major", "Major", &*kube.major),
        Field::new("Minor", "Minor", &*kube.minor),
    ];
    let kube = Struct::new("chartutil.KubeVersion", kube).methods(kube_version_method).string("Version");
    let helm = vec![
        Field::given("Version", "version", &*capabilities.helm_version),
        Field::given("GitCommit", "git_commit", ""),
        Field::given("GitTreeState", "git_tree_state", ""),
        Field::given("GoVersion", "go_version", &*capabilities.go_version),
    ];
    let helm = Struct::new("version.BuildInfo", helm);
    let versions = capabilities.api_versions.iter().map(|version| Value::from(&**version)).collect();
    let fields = vec![
        Field::new("KubeVersion", "KubeVersion", Value::object(kube)),
        Field::new("APIVersions", "APIVersions", List::new(&VERSION_SET, versions)),
        Field::new("HelmVersion", "HelmVersion", Value::object(helm)),
    ];
    Value::object(Struct::new(CAPABILITIES.name(), fields).methods(capabilities_method))
}

fn capabilities_method(name: &str) -> Option<&'static Function> {
    static COPY: LazyLock<Function> = LazyLock::new(|| {
        Function::new("Copy", "func() *chartutil.Capabilities", &[&CAPABILITIES], |context, args| {
            copy(context, &args[0])
        })
    });
    (name == "Copy").then_some(&*COPY)
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
