//! The JSON of a catalog, in the forms that it comes in.
//!
//! Most of a catalog is about other things: whatever is not needed is skipped without being copied or decoded.

use super::{OTHER_WRITERS, ResourceOrigin, log};
use mwrender_diagnostic::Diagnostic;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A catalog, with those of its resources that write files.
pub(super) struct Document<'a> {
    pub(super) host: Option<String>,
    pub(super) environment: Option<String>,
    /// Whether it has the form that `PuppetDB` gives out.
    pub(super) puppetdb: bool,
    pub(super) resources: Vec<Resource<'a>>,
}

/// A resource of a catalog.
#[derive(Deserialize)]
pub(super) struct Resource<'a> {
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) title: Cow<'a, str>,
    #[serde(borrow, default)]
    file: Option<&'a RawValue>,
    #[serde(borrow, default)]
    line: Option<&'a RawValue>,
    #[serde(borrow, default)]
    certname: Option<&'a RawValue>,
    pub(super) exported: Option<bool>,
    #[serde(borrow, default)]
    parameters: Option<&'a RawValue>,
    #[serde(borrow, default)]
    sensitive_parameters: Option<&'a RawValue>,
}

/// A map of JSON with its values as they stand in the text.
pub(super) struct Parameters<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// A value of puppet's that JSON has no form for.
#[derive(Default, Deserialize)]
pub(super) struct Rich<'a> {
    #[serde(rename = "__ptype", alias = "__pcore_type__")]
    pub(super) kind: Option<String>,
    #[serde(rename = "__pvalue", alias = "__pcore_value__", borrow)]
    pub(super) value: Option<&'a RawValue>,
}

/// The top of a catalog: puppet's own, or one of its wrappers.
#[derive(Default, Deserialize)]
struct Top<'a> {
    #[serde(borrow, default)]
    resources: Option<Resources<'a>>,
    #[serde(borrow, default)]
    name: Option<&'a RawValue>,
    #[serde(borrow, default)]
    certname: Option<&'a RawValue>,
    #[serde(borrow, default)]
    environment: Option<&'a RawValue>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    payload: Option<&'a RawValue>,
    #[serde(borrow, default)]
    message: Option<&'a RawValue>,
    #[serde(borrow, default)]
    error: Option<&'a RawValue>,
    #[serde(borrow, default)]
    title: Option<&'a RawValue>,
}

/// Those resources of a list that write files.
#[derive(Default)]
struct Resources<'a>(Vec<Resource<'a>>);

impl<'a> Document<'a> {
    /// Reads the JSON at the start of a text; what follows it is added to the log.
    pub(super) fn read(name: &str, json: &'a str, log_lines: &[String]) -> Result<Document<'a>, Diagnostic> {
        // an end of line after a text that is cut off is not what is wrong with it
        let json = json.trim_end();
        let mut stream = serde_json::Deserializer::from_str(json).into_iter::<&'a RawValue>();
        if json.starts_with('[') {
            let whole = match stream.next() {
                Some(Ok(whole)) => whole,
                Some(Err(e)) => return Err(syntax(name, json, &e, log_lines)),
                None => return Err(not_a_catalog(name, "it is empty")),
            };
            return Document::several(name, whole.get());
        }
        let mut stream = serde_json::Deserializer::from_str(json).into_iter::<Top<'a>>();
        let top = match stream.next() {
            Some(Ok(top)) => top,
            Some(Err(e)) if e.is_data() => return Err(not_a_catalog(name, &e.to_string())),
            Some(Err(e)) => return Err(syntax(name, json, &e, log_lines)),
            None => return Err(not_a_catalog(name, "it is empty")),
        };
        let mut rest = Vec::new();
        json[stream.byte_offset()..].lines().for_each(|line| log::keep(&mut rest, line));
        if let Some(line) = log::failure(&rest) {
            return Err(failed(name, line));
        }
        if let Some(line) = rest.iter().find(|l| l.starts_with('{')) {
            let start: String = line.chars().take(40).collect();
            return Err(not_a_catalog(name, "there is more JSON after the first one")
                .note(format!("it starts: {start}")));
        }
        Document::of(name, top, 0)
    }

    /// `PuppetDB`'s answer: a list of catalogs, or one of resources.
    fn several(name: &str, json: &'a str) -> Result<Document<'a>, Diagnostic> {
        let data = |e: serde_json::Error| not_a_catalog(name, &e.to_string());
        let items: Vec<&'a RawValue> = serde_json::from_str(json).map_err(data)?;
        let Some(first) = items.first() else {
            return Err(not_a_catalog(
                name,
                "it is an empty list: PuppetDB knows nothing of what was asked for",
            ));
        };
        let top: Top<'a> = serde_json::from_str(first.get()).map_err(data)?;
        if top.title.is_none() || top.resources.is_some() {
            if items.len() > 1 {
                let why = format!("it has the catalogs of {} hosts", items.len());
                return Err(not_a_catalog(name, &why).help("ask for that of one host"));
            }
            let mut document = Document::of(name, top, 0)?;
            document.puppetdb = true;
            return Ok(document);
        }
        let host = top.certname.and_then(text);
        let resources: Resources<'a> = serde_json::from_str(json).map_err(data)?;
        let hosts = resources.0.iter().filter_map(|r| r.certname.and_then(text));
        if let Some(other) = hosts.clone().find(|h| Some(h) != host.as_ref()) {
            let why =
                format!("it has resources of several hosts: `{}`, `{other}`", host.as_deref().unwrap_or("?"));
            return Err(not_a_catalog(name, &why).help("ask for those of one host"));
        }
        Ok(Document {
            host: host.map(Cow::into_owned),
            environment: None,
            puppetdb: true,
            resources: resources.0,
        })
    }

    fn of(name: &str, top: Top<'a>, depth: u32) -> Result<Document<'a>, Diagnostic> {
        let Some(resources) = top.resources else {
            if let Some(message) = top.message.or(top.error).and_then(text) {
                let what = format!("there is no catalog in `{name}`, but an error");
                return Err(Diagnostic::error("catalog-failed", what).note(message));
            }
            if let Some(inner) = top.data.or(top.payload)
                && depth < 2
            {
                let inner: Top<'a> =
                    serde_json::from_str(inner.get()).map_err(|e| not_a_catalog(name, &e.to_string()))?;
                return Document::of(name, inner, depth + 1);
            }
            return Err(not_a_catalog(name, "it has no `resources`"));
        };
        Ok(Document {
            host: top.certname.or(top.name).and_then(text).map(Cow::into_owned),
            environment: top.environment.and_then(text).map(Cow::into_owned),
            puppetdb: top.certname.is_some(),
            resources: resources.0,
        })
    }
}

fn syntax(name: &str, json: &str, error: &serde_json::Error, log_lines: &[String]) -> Diagnostic {
    let what = format!("the catalog `{name}` is not JSON");
    let diagnostic = Diagnostic::error("catalog-syntax", what).note(error.to_string());
    let diagnostic = match log::failure(log_lines) {
        Some(line) => diagnostic.note(line),
        None => diagnostic,
    };
    if error.is_eof() {
        return diagnostic.help(format!("it is cut off after {} bytes: write it again", json.len()));
    }
    diagnostic
}

fn not_a_catalog(name: &str, why: &str) -> Diagnostic {
    Diagnostic::error("not-a-catalog", format!("`{name}` is not a puppet catalog: {why}"))
}

fn failed(name: &str, line: &str) -> Diagnostic {
    Diagnostic::error("catalog-failed", format!("the catalog `{name}` did not compile")).note(line)
}

/// The text that a value is, if it is one.
pub(super) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    serde_json::from_str::<Text<'_>>(raw.get()).ok().map(|t| t.0)
}

impl<'a> Resource<'a> {
    /// Its parameters; nothing if they are not a map.
    pub(super) fn parameters(&self) -> Option<Parameters<'a>> {
        match self.parameters {
            Some(raw) => serde_json::from_str(raw.get()).ok(),
            None => Some(Parameters(Vec::new())),
        }
    }

    /// Whether puppet was told to keep a parameter to itself.
    pub(super) fn is_sensitive(&self, parameter: &str) -> bool {
        let names =
            self.sensitive_parameters.and_then(|raw| serde_json::from_str::<Vec<String>>(raw.get()).ok());
        names.is_some_and(|names| names.iter().any(|n| n == parameter))
    }

    /// Where it is declared.
    pub(super) fn origin(&self) -> ResourceOrigin {
        ResourceOrigin {
            file: self.file.and_then(text).map(Cow::into_owned),
            line: self.line.and_then(|raw| raw.get().trim_matches('"').parse().ok()),
            kind: self.kind.to_string(),
            title: self.title.to_string(),
        }
    }
}

impl<'a> Parameters<'a> {
    /// A parameter that is there, and not null.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().find(|(n, raw)| n == name && raw.get() != "null").map(|(_, raw)| *raw)
    }

    /// A parameter that is a text.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        text(self.get(name)?)
    }

    /// A parameter that is a text or a list of texts.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        match self.get(name) {
            Some(raw) if raw.get().starts_with('[') => serde_json::from_str(raw.get()).unwrap_or_default(),
            Some(raw) => text(raw).into_iter().map(Cow::into_owned).collect(),
            None => Vec::new(),
        }
    }

    /// The path of a file; by default it is the title.
    pub(super) fn path<'t>(&self, title: &'t str) -> Cow<'t, str>
    where
        'a: 't,
    {
        self.text("path").unwrap_or(Cow::Borrowed(title))
    }

    /// Whether a switch is on.
    pub(super) fn is_on(&self, name: &str) -> bool {
        self.get(name).is_some_and(|raw| matches!(raw.get(), "true" | "\"true\"" | "\"yes\""))
    }

    /// Whether a switch is off, which most are not unless it is said.
    pub(super) fn is_off(&self, name: &str) -> bool {
        self.get(name).is_some_and(|raw| matches!(raw.get(), "false" | "\"false\"" | "\"no\""))
    }

    /// Whether a directory is managed with all that is in it.
    pub(super) fn recurses(&self) -> bool {
        self.get("recurse").is_some() && !self.is_off("recurse")
    }

    /// Whether puppet is told not to show what changes.
    pub(super) fn hides_diff(&self) -> bool {
        self.is_off("show_diff")
    }
}

impl<'a> Rich<'a> {
    /// What a value says that it is.
    pub(super) fn read(raw: &'a RawValue) -> Rich<'a> {
        serde_json::from_str(raw.get()).unwrap_or_default()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Parameters<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize, PartialEq)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of parameters")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    pairs.push((name, value));
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(Pairs).map(Parameters)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Resources<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Forms;
        impl<'de> Visitor<'de> for Forms {
            type Value = Resources<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of resources")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut kept = Vec::new();
                while let Some(resource) = list.next_element::<Resource<'de>>()? {
                    if resource.kind == "File" || OTHER_WRITERS.contains(&resource.kind.as_ref()) {
                        kept.push(resource);
                    }
                }
                Ok(Resources(kept))
            }
            /// `PuppetDB` has the list under `data`, beside a link to it.
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut found = None;
                while let Some(key) = map.next_key::<String>()? {
                    if key == "data" {
                        found = Some(map.next_value::<Resources<'de>>()?);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                found.ok_or_else(|| serde::de::Error::missing_field("data"))
            }
        }
        deserializer.deserialize_any(Forms)
    }
}
