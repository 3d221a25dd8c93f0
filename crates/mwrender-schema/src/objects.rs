//! Names, labels and quantities in an object, which no JSON Schema of Kubernetes checks.

use crate::names::{self, Checked};
use crate::origins::Origins;
use crate::place::Place;
use crate::quantity::Quantity;
use jsonschema::paths::{Location, LocationSegment};
use mwrender_diagnostic::Diagnostic;
use mwrender_values::Value;

/// What Kubernetes would refuse of an object's names.
///
/// Looked at are the name and namespace, labels and annotations (also those of templates and selectors), the
/// names of containers, ports, volumes and variables, keys of config maps and secrets, and resources.
/// Diagnostics: `invalid-name`, `invalid-label`, `invalid-quantity`, and `request-above-limit`.
///
/// ```
/// use mwrender_diagnostic::{SourceMap, print};
/// let mut sources = SourceMap::default();
/// let text = "kind: Service\nmetadata:\n  name: 4450-mw-web\n  labels: {app: mw web}\n";
/// let file = sources.add("rendered.yaml", text);
/// let object = mwrender_values::read::read(text, sources.get(file).start()).unwrap().into_value();
/// let faults = mwrender_schema::objects::check_names(&object, &sources);
/// assert_eq!(
///     print::concise(&faults[0], &sources),
///     "rendered.yaml:3:9: error[invalid-name]: `4450-mw-web` cannot be the name of a `Service`"
/// );
/// assert_eq!(faults[1].id, "invalid-label");
/// ```
pub fn check_names(object: &Value, origins: &dyn Origins) -> Vec<Diagnostic> {
    let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default();
    let mut check = Check { object, origins, path: Vec::new(), found: Vec::new() };
    check.name(kind);
    check.walk(object, kind);
    crate::schemas::sorted(check.found)
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

struct Check<'a> {
    object: &'a Value,
    origins: &'a dyn Origins,
    /// Where the walk is.
    path: Vec<Step<'a>>,
    found: Vec<Diagnostic>,
}

impl<'a> Check<'a> {
    /// The rule for a kind's name: `ValidateName` of its strategy in `k8s.io/kubernetes/pkg/apis`.
    fn name(&mut self, kind: &str) {
        let Some(metadata) = self.object.get("metadata") else { return };
        self.path.push(Step::Key("metadata"));
        if let Some(name) = metadata.get("name").and_then(Value::as_str) {
            let result = match kind {
                "Service" => names::dns_1035_label(name),
                "Namespace" => names::dns_label(name),
                "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => names::path_segment(name),
                // a Job's name adds 11 characters to it, and must fit a label
                "CronJob" if name.len() > 52 => {
                    Err(names::Invalid::new(format!("it has {} characters, more than 52", name.len())))
                }
                _ => names::dns_subdomain(name),
            };
            self.text("name", "invalid-name", result, &format!("the name of a `{kind}`"));
        }
        if let Some(namespace) = metadata.get("namespace").and_then(Value::as_str) {
            self.text("namespace", "invalid-name", names::dns_label(namespace), "a namespace");
        }
        self.path.pop();
    }

    fn walk(&mut self, value: &'a Value, kind: &str) {
        let Some(map) = value.as_map() else { return };
        for (key, entry) in map.iter() {
            let (key, value) = (&**key, &entry.value);
            match key {
                // what stands in there has no names of ours
                "data" | "binaryData" | "stringData" if self.path.is_empty() => self.keys(key, value),
                "metadata" => self.below(key, |check| {
                    check.labels("labels", value.get("labels"));
                    check.annotations(value.get("annotations"));
                }),
                "matchLabels" | "nodeSelector" => self.labels(key, Some(value)),
                "selector" if kind == "Service" => self.labels(key, Some(value)),
                "containers" | "initContainers" | "ephemeralContainers" => {
                    self.items(key, value, Self::container);
                }
                "volumes" => self.items(key, value, |check, item| {
                    let result = item.get("name").and_then(Value::as_str).map_or(Ok(()), names::dns_label);
                    check.text("name", "invalid-name", result, "the name of a volume");
                }),
                "resources" => self.below(key, |check| check.resources(value)),
                "ports" if kind == "Service" => self.items(key, value, |check, item| {
                    let result = item.get("name").and_then(Value::as_str).map_or(Ok(()), names::dns_label);
                    check.text("name", "invalid-name", result, "the name of a Service's port");
                    let target =
                        item.get("targetPort").and_then(Value::as_str).map_or(Ok(()), names::port_name);
                    check.text("targetPort", "invalid-name", target, "the name of a port");
                }),
                _ if value.as_list().is_some() => {
                    self.items(key, value, |check, item| check.walk(item, kind));
                }
                _ => self.below(key, |check| check.walk(value, kind)),
            }
        }
    }

    fn container(&mut self, container: &'a Value) {
        let word = |key: &str| container.get(key).and_then(Value::as_str);
        self.text(
            "name",
            "invalid-name",
            word("name").map_or(Ok(()), names::dns_label),
            "the name of a container",
        );
        if let Some(ports) = container.get("ports") {
            self.items("ports", ports, |check, port| {
                let result = port.get("name").and_then(Value::as_str).map_or(Ok(()), names::port_name);
                check.text("name", "invalid-name", result, "the name of a port");
            });
        }
        if let Some(variables) = container.get("env") {
            self.items("env", variables, |check, variable| {
                let result =
                    variable.get("name").and_then(Value::as_str).map_or(Ok(()), names::environment_name);
                check.text("name", "invalid-name", result, "the name of a variable");
            });
        }
        if let Some(resources) = container.get("resources") {
            self.below("resources", |check| check.resources(resources));
        }
    }

    fn resources(&mut self, resources: &'a Value) {
        for part in ["limits", "requests"] {
            let Some(amounts) = resources.get(part).and_then(Value::as_map) else { continue };
            self.below(part, |check| {
                for (resource, entry) in amounts.iter() {
                    if let Some(Err(reason)) = quantity(&entry.value) {
                        check.text(
                            resource,
                            "invalid-quantity",
                            Err(reason),
                            &format!("an amount of {resource}"),
                        );
                    } else if part == "requests" {
                        check.request(resource, &entry.value, resources);
                    }
                }
            });
        }
    }

    /// A request above its limit is refused (`ValidateResourceRequirements`).
    fn request(&mut self, resource: &str, request: &Value, resources: &Value) {
        let limit = resources.get("limits").and_then(|limits| limits.get(resource));
        let (Some(limit), Some(Ok(requested))) = (limit, quantity(request)) else { return };
        let Some(Ok(limited)) = quantity(limit) else { return };
        if requested > limited {
            let place = self.place().into_key(resource, self.origins);
            let headline = format!("`{}` is more than the limit", place.name);
            self.found.push(
                Diagnostic::error("request-above-limit", headline)
                    .primary(place.span(self.origins), format!("{requested} in plain digits"))
                    .note(format!("the limit is {limited}")),
            );
        }
    }

    fn labels(&mut self, key: &'a str, labels: Option<&'a Value>) {
        let Some(labels) = labels.and_then(Value::as_map) else { return };
        self.below(key, |check| {
            for (label, entry) in labels.iter() {
                check.key(label, names::label_key(label), "a label");
                if let Some(value) = entry.value.as_str() {
                    check.text(label, "invalid-label", names::label_value(value), "the value of a label");
                }
            }
        });
    }

    fn annotations(&mut self, annotations: Option<&'a Value>) {
        let Some(annotations) = annotations.and_then(Value::as_map) else { return };
        self.below("annotations", |check| {
            for annotation in annotations.keys() {
                // the one place where capitals may stand before the slash (`ValidateAnnotations`)
                check.key(annotation, names::label_key(&annotation.to_lowercase()), "an annotation");
            }
        });
    }

    fn keys(&mut self, key: &'a str, data: &'a Value) {
        let Some(data) = data.as_map() else { return };
        self.below(key, |check| {
            for key in data.keys() {
                check.key(key, names::config_map_key(key), "a key of a `ConfigMap` or `Secret`");
            }
        });
    }

    fn below(&mut self, key: &'a str, check: impl FnOnce(&mut Self)) {
        self.path.push(Step::Key(key));
        check(self);
        self.path.pop();
    }

    fn items(&mut self, key: &'a str, list: &'a Value, check: impl Fn(&mut Self, &'a Value)) {
        self.path.push(Step::Key(key));
        for (index, item) in list.as_list().unwrap_or_default().iter().enumerate() {
            self.path.push(Step::Index(index));
            check(self, item);
            self.path.pop();
        }
        self.path.pop();
    }

    /// This map.
    fn place(&self) -> Place<'a> {
        let segments = self.path.iter().map(|step| match step {
            Step::Key(key) => LocationSegment::from(*key),
            Step::Index(index) => LocationSegment::from(*index),
        });
        Place::find(self.object, &segments.collect::<Location>(), self.origins)
    }

    /// Reports a value of this map.
    fn text(&mut self, key: &str, id: &'static str, result: Checked, role: &str) {
        let Err(reason) = result else { return };
        let place = self.place().into_key(key, self.origins);
        let value =
            place.quoted(self.origins).map_or_else(|| format!("`{}`", place.name), |v| format!("`{v}`"));
        self.found.push(
            Diagnostic::error(id, format!("{value} cannot be {role}"))
                .primary(place.span(self.origins), reason.to_string()),
        );
    }

    /// Reports a key of this map.
    fn key(&mut self, key: &str, result: Checked, role: &str) {
        let Err(reason) = result else { return };
        let span = self.place().key_span(key, self.origins);
        self.found.push(
            Diagnostic::error("invalid-label", format!("`{key}` cannot be {role}"))
                .primary(span, reason.to_string()),
        );
    }
}

/// The amount that a string or a number says.
fn quantity(value: &Value) -> Option<Result<Quantity, names::Invalid>> {
    match &value.data {
        mwrender_values::Data::String(text) => Some(text.text.parse()),
        mwrender_values::Data::Number(number) => Some(number.spelling.parse()),
        _ => None,
    }
}
