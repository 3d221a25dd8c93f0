//! The project file, `mwrender.yaml`: what there is to render, from which layers, and what is watched.

use indexmap::IndexMap;
use serde::Deserialize;

/// The content of a project file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectFile {
    /// Paths as deployed, and the directories they are read from, relative to the project file.
    #[serde(default)]
    pub mounts: IndexMap<String, String>,
    /// The directory of charts.
    #[serde(default = "templates")]
    pub templates: String,
    /// The directory of schemas.
    #[serde(default = "schemas")]
    pub schemas: String,
    /// The directory of golden files.
    #[serde(default = "golden")]
    pub golden: String,
    /// The deployed state that `diff` compares with unless told otherwise.
    #[serde(default = "golden")]
    pub deployed: String,
    /// The Kubernetes versions that manifests are validated against, such as `1.31`.
    #[serde(default)]
    pub kubernetes: Vec<String>,
    /// What Helm charts are told of Helm and of the cluster.
    #[serde(default)]
    pub helm: HelmSettings,
    /// The environments, in the order of reports.
    pub environments: Vec<String>,
    /// Lists of layers by name, each lowest first.
    pub layers: IndexMap<String, Vec<LayerPattern>>,
    /// The services by name.
    pub services: IndexMap<String, Service>,
    /// The shapes of files; the first pattern that matches a file decides.
    #[serde(default)]
    pub shapes: Vec<Shape>,
    /// Whose changes must be told to whom; the first rule that matches a path decides.
    #[serde(default)]
    pub watch: Vec<WatchRule>,
    /// When flagged changes may be merged; none means that they always need somebody's word.
    #[serde(default)]
    pub windows: Vec<WindowRule>,
    /// What running programs read again when it changes.
    #[serde(default)]
    pub hot_reload: Vec<HotReloadRule>,
    /// In which order releases are deployed.
    #[serde(default)]
    pub stages: Option<Stages>,
    /// What to do about a diff: a template, of which each line is a step, and lines that begin with a space are the
    /// commands of the step above.
    #[serde(default)]
    pub next: Option<String>,
}

fn templates() -> String {
    "templates".to_string()
}

fn schemas() -> String {
    "schemas".to_string()
}

fn golden() -> String {
    "golden".to_string()
}

/// What Helm charts are told of Helm and of the cluster.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelmSettings {
    /// The version of Helm that charts are rendered as, by default 3.19.5: `.Capabilities.HelmVersion`, and what a
    /// null in values deletes.
    pub version: Option<String>,
    /// The version of Kubernetes that `.Capabilities.KubeVersion` tells, by default that of Helm 3.19.5.
    pub kube_version: Option<String>,
    /// API versions besides those that Helm knows, for `.Capabilities.APIVersions`.
    #[serde(default)]
    pub api_versions: Vec<String>,
    /// Whether values are not held against the schemas of charts (`values.schema.json`), as with
    /// `--skip-schema-validation`: for charts whose schema refers to a network that is not there.
    #[serde(default)]
    pub skip_schema_validation: bool,
}

/// A layer as a path pattern over `{environment}`, `{namespace}`, `{release}` and `{service}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayerPattern {
    /// The path: as deployed if it begins with `/`, else relative to the project file.
    pub path: String,
    /// Whether the file must be there.
    #[serde(default)]
    pub presence: Presence,
    /// Whether its values are secret.
    #[serde(default)]
    pub private: bool,
}

/// Whether a layer's file must be there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Its absence is an error.
    #[default]
    Required,
    /// Its absence is named in reports.
    Optional,
}

/// A service: a namespace and what is released in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The namespace, by default the service's name.
    pub namespace: Option<String>,
    /// The chart.
    pub chart: String,
    /// The name of its list of layers.
    pub layers: String,
    /// Single settings, the highest layer of all releases.
    #[serde(default)]
    pub set: IndexMap<String, serde_json::Value>,
    /// The environments, by default all.
    pub environments: Option<Vec<String>>,
    /// The releases by name.
    pub releases: IndexMap<String, Option<Release>>,
}

/// A release of a service, where it departs from the service.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Another chart than the service's.
    pub chart: Option<String>,
    /// Another list of layers.
    pub layers: Option<String>,
    /// Single settings, over those of the service.
    #[serde(default)]
    pub set: IndexMap<String, serde_json::Value>,
    /// The environments, by default the service's.
    pub environments: Option<Vec<String>>,
}

/// The schema of files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// A pattern of paths as deployed.
    pub path: String,
    /// The schema, relative to the directory of schemas.
    pub schema: String,
}

/// A rule of what is watched.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchRule {
    /// Patterns of paths as deployed; `**` stands for any number of directories.
    pub paths: Vec<String>,
    /// Patterns of paths that the rule does not speak of.
    #[serde(default)]
    pub except: Vec<String>,
    /// The namespaces whose changes count, as a pattern; by default all.
    pub releases: Option<String>,
    /// Who writes the files.
    pub owner: String,
    /// Whether a change may only be merged in an infrastructure window.
    pub window: bool,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// What to do.
    #[serde(default)]
    pub next: String,
}

/// A window of the policy: when changes that a watch rule with `window: true` flags may be merged.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WindowRule {
    /// What people call it.
    #[serde(default)]
    pub name: String,
    /// The weekdays on which it begins.
    pub days: Vec<String>,
    /// When it begins, in its zone's local time: `14:00`.
    pub from: String,
    /// When it ends; on the next day if that is not after its beginning.
    pub to: String,
    /// Its time zone, by its IANA name.
    pub zone: String,
    /// Days on which it does not begin: `2026-12-25`, or from one to another `2026-12-21/2027-01-01`.
    #[serde(default)]
    pub except: Vec<String>,
    /// The owners whose watch rules it serves; none means all.
    #[serde(default)]
    pub owners: Vec<String>,
}

/// Entries of `ConfigMap`s and `Secret`s that running programs read again when they change. Only entries that are
/// mounted as directories can be so; the others are not updated in a running pod.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HotReloadRule {
    /// Patterns of the objects' names.
    pub objects: Vec<String>,
    /// Patterns of the entries' names; by default all.
    #[serde(default)]
    pub entries: Vec<String>,
    /// Who reads them again, and when.
    #[serde(default)]
    pub reason: String,
}

/// In which order releases are deployed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stages {
    /// The file that says so, as deployed: a list of `{namespace, releases: {NAME: {stage}}}`.
    pub file: String,
    /// The stages that come first, in order. Then come others, and last what has none.
    #[serde(default)]
    pub first: Vec<String>,
}
