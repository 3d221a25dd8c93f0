//! `Chart.yaml`.

use crate::decode::{self, Decoder, Field, types};
use crate::dependency::{self, Dependency};
use crate::error::{Error, ErrorKind, quoted};
use crate::version::Version;
use mwrender_diagnostic::Pos;
use mwrender_values::{Data, Entry, Value};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// What `Chart.yaml` says. Texts that are not there are empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// The name of the chart; an alias where a dependency has one.
    pub name: String,
    /// A page about it.
    pub home: String,
    /// Where its sources are.
    pub sources: Vec<String>,
    /// The version of the chart.
    pub version: String,
    /// A sentence.
    pub description: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Who looks after it.
    pub maintainers: Vec<Option<Maintainer>>,
    /// A picture.
    pub icon: String,
    /// `v1` or `v2`, the version of the format.
    pub api_version: String,
    /// Not used by Helm.
    pub condition: String,
    /// Not used by Helm.
    pub tags: String,
    /// The version of what is in the chart.
    pub app_version: String,
    /// Whether it should not be used any more.
    pub deprecated: bool,
    /// Whatever else.
    pub annotations: BTreeMap<String, String>,
    /// A constraint on the version of Kubernetes.
    pub kube_version: String,
    /// The charts that it depends on; null entries are found by `Metadata::validate`.
    pub dependencies: Vec<Option<Dependency>>,
    /// `application` or `library`; empty is the former.
    pub kind: String,
    /// Where each field was read.
    pub origins: BTreeMap<&'static str, Pos>,
}

/// Somebody who looks after a chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Maintainer {
    /// The name.
    pub name: String,
    /// An address.
    pub email: String,
    /// A page.
    pub url: String,
}

const FIELDS: [&str; 17] = [
    "name",
    "home",
    "sources",
    "version",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
];

impl Metadata {
    /// Lays what a file says over what is known: `Chart.yaml`, then `requirements.yaml`.
    pub(crate) fn read(&mut self, value: &Value) -> Result<(), Error> {
        match value.data {
            Data::Null => return Ok(()),
            Data::Map(_) => {}
            _ => return Err(decode::wrong_document(value, "chart.Metadata")),
        }
        let mut decoder = Decoder::default();
        decoder.fields(value, &FIELDS, |decoder, name, value| {
            let field = Field { owner: "Metadata", path: name };
            if !value.is_null() {
                self.origins.insert(name, value.origin);
            }
            match name {
                "name" => decoder.text(value, field, &mut self.name),
                "home" => decoder.text(value, field, &mut self.home),
                "sources" => decoder.texts(value, field, &mut self.sources),
                "version" => decoder.text(value, field, &mut self.version),
                "description" => decoder.text(value, field, &mut self.description),
                "keywords" => decoder.texts(value, field, &mut self.keywords),
                "maintainers" => {
                    decoder.list(
                        value,
                        field,
                        "[]*chart.Maintainer",
                        &mut self.maintainers,
                        |decoder, item, before| Maintainer::read(decoder, item, before.flatten()),
                    );
                }
                "icon" => decoder.text(value, field, &mut self.icon),
                "apiVersion" => decoder.text(value, field, &mut self.api_version),
                "condition" => decoder.text(value, field, &mut self.condition),
                "tags" => decoder.text(value, field, &mut self.tags),
                "appVersion" => decoder.text(value, field, &mut self.app_version),
                "deprecated" => decoder.flag(value, field, &mut self.deprecated),
                "annotations" => {
                    if decoder.is_object(value, field, types::TEXTS) {
                        for (key, entry) in value.as_map().into_iter().flat_map(|m| m.iter()) {
                            let mut text = String::new();
                            decoder.text(&entry.value, field, &mut text);
                            self.annotations.insert(key.to_string(), text);
                        }
                    }
                }
                "kubeVersion" => decoder.text(value, field, &mut self.kube_version),
                "dependencies" => {
                    decoder.list(
                        value,
                        field,
                        dependency::LIST,
                        &mut self.dependencies,
                        |decoder, item, before| Dependency::read(decoder, "Metadata", item, before.flatten()),
                    );
                }
                _ => decoder.text(value, field, &mut self.kind),
            }
        });
        decoder.finish()
    }

    /// Whether its templates are only there for others.
    pub fn is_library(&self) -> bool {
        self.kind.eq_ignore_ascii_case("library")
    }

    /// Cleans the texts and says what is wrong with them, in Helm's words.
    pub(crate) fn validate(&mut self) -> Result<(), Error> {
        for text in [
            &mut self.name,
            &mut self.description,
            &mut self.home,
            &mut self.icon,
            &mut self.condition,
            &mut self.tags,
            &mut self.app_version,
            &mut self.kube_version,
        ]
        .into_iter()
        .chain(&mut self.sources)
        .chain(&mut self.keywords)
        {
            clean(text);
        }
        if self.api_version.is_empty() {
            return Err(invalid("chart.metadata.apiVersion is required"));
        }
        if self.name.is_empty() {
            return Err(invalid("chart.metadata.name is required"));
        }
        if self.name.contains('/') && self.name != "/" {
            return Err(invalid(format!("chart.metadata.name {} is invalid", quoted(&self.name))));
        }
        if self.version.is_empty() {
            return Err(invalid("chart.metadata.version is required"));
        }
        if Version::parse(&self.version).is_none() {
            return Err(invalid(format!("chart.metadata.version {} is invalid", quoted(&self.version))));
        }
        if !matches!(self.kind.as_str(), "" | "application" | "library") {
            return Err(invalid("chart.metadata.type must be application or library"));
        }
        for maintainer in &mut self.maintainers {
            let Some(Maintainer { name, email, url }) = maintainer else {
                return Err(invalid("maintainers must not contain empty or null nodes"));
            };
            [name, email, url].into_iter().for_each(clean);
        }
        let mut seen = BTreeSet::new();
        for dependency in &mut self.dependencies {
            let Some(dependency) = dependency else {
                return Err(invalid("dependencies must not contain empty or null nodes"));
            };
            dependency.validate()?;
            let key = dependency.key();
            if !seen.insert(key.to_owned()) {
                return Err(invalid(format!("more than one dependency with name or alias {}", quoted(key))));
            }
        }
        Ok(())
    }
}

impl Maintainer {
    fn read(decoder: &mut Decoder, value: &Value, before: Option<Maintainer>) -> Option<Maintainer> {
        let mut maintainer = before.unwrap_or_default();
        let field = Field { owner: "Metadata", path: "maintainers" };
        if !decoder.is_object(value, field, "chart.Maintainer") {
            return (!value.is_null()).then_some(maintainer);
        }
        decoder.fields(value, &["name", "email", "url"], |decoder, name, value| {
            let path = format!("maintainers.{name}");
            let into = match name {
                "name" => &mut maintainer.name,
                "email" => &mut maintainer.email,
                _ => &mut maintainer.url,
            };
            decoder.text(value, Field { owner: "Maintainer", path: &path }, into);
        });
        Some(maintainer)
    }
}

pub(crate) fn invalid(text: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Chart, format!("validation: {text}"))
}

/// A map of computed values.
pub(crate) fn object<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Data {
    let entries = entries.into_iter();
    let entries = entries.map(|(key, value)| (Arc::from(key), Entry { key_origin: Pos::NONE, value }));
    Data::Map(Arc::new(entries.collect()))
}

/// What Go calls printable.
static PRINTABLE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$").expect("a pattern that a test runs"));

/// Makes a space of each kind of space, and drops what cannot be printed.
pub(crate) fn clean(text: &mut String) {
    if text.bytes().all(|b| (b' '..0x7f).contains(&b)) {
        return;
    }
    let spaced = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    *text = spaced.filter(|c| PRINTABLE.is_match(c.encode_utf8(&mut [0; 4]))).collect();
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_are_cleaned() {
        let mut text = "a\u{a0}b\n\u{200b}\u{7}é😀".to_owned();
        super::clean(&mut text);
        assert_eq!(text, "a b é😀");
    }
}
