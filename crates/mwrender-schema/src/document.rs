//! Schema texts, and where in them each keyword stands.

use jsonschema::Registry;
use mwrender_diagnostic::{Diagnostic, Pos, Source, Span};
use mwrender_values::Value;
use serde_json::Value as JsonValue;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// One schema text.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) name: Arc<str>,
    text: Arc<str>,
    base: Pos,
    /// Read with positions only when a message needs one.
    tree: OnceLock<Option<Value>>,
}

impl Document {
    pub(crate) fn new(source: &Source) -> Document {
        let (name, text, base) = (source.name().clone(), source.text().clone(), source.start());
        Document { name, text, base, tree: OnceLock::new() }
    }

    /// The schema as `jsonschema` wants it.
    pub(crate) fn parse(&self) -> Result<JsonValue, Box<Diagnostic>> {
        serde_json::from_str(&self.text).map_err(|error| {
            let start = self.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len);
            let at = start.sum::<usize>() + error.column().saturating_sub(1);
            let span = Span::new(self.base.offset(at.min(self.text.len()) as u32), 1);
            Box::new(
                Diagnostic::error("invalid-schema", format!("`{}` is not JSON", self.name))
                    .primary(span, error.to_string()),
            )
        })
    }

    /// The place of what a JSON pointer leads to: its key, or the value itself in lists.
    pub(crate) fn span(&self, pointer: &str) -> Option<Span> {
        let tree = self.tree.get_or_init(|| {
            // JSON is YAML
            mwrender_values::read::read(&self.text, self.base)
                .ok()
                .map(mwrender_values::read::Read::into_value)
        });
        let mut value = tree.as_ref()?;
        let mut start = self.base;
        for segment in segments(pointer) {
            if let Some(map) = value.as_map() {
                let entry = map.get(&*segment)?;
                start = entry.key_origin;
                value = &entry.value;
            } else {
                value = value.at(segment.parse().ok()?)?;
                start = value.origin;
            }
        }
        let rest = &self.text[(start.raw() - self.base.raw()) as usize..];
        let len = match rest.strip_prefix('"') {
            Some(inner) => inner.find('"').map_or(1, |n| n + 2),
            None => 1,
        };
        Some(Span::new(start, len as u32))
    }
}

/// The segments of a JSON pointer.
pub(crate) fn segments(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~"))
}

/// A schema under its URI, and the texts it was made of: the later ones were laid over the first.
#[derive(Debug)]
struct Resource {
    json: Arc<JsonValue>,
    documents: Vec<Arc<Document>>,
}

/// Schemas that may refer to each other.
#[derive(Debug)]
pub(crate) struct Library {
    resources: BTreeMap<String, Resource>,
    registry: Registry<'static>,
}

impl Library {
    /// The URI that a schema of this name has here.
    pub(crate) fn uri(name: &str) -> String {
        let mut uri = String::from("mwrender:///");
        for c in name.trim_start_matches('/').chars() {
            match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '/' | '.' | '-' | '_' | '~' => uri.push(c),
                other => uri.extend(other.to_string().bytes().map(|b| format!("%{b:02X}"))),
            }
        }
        uri
    }

    /// Puts schemas together, each with its name, its JSON and the texts that this was made of.
    pub(crate) fn new(
        schemas: impl IntoIterator<Item = (Arc<JsonValue>, Vec<Arc<Document>>)>,
    ) -> Result<Library, Box<Diagnostic>> {
        let mut resources = BTreeMap::new();
        let mut registry = Registry::new();
        for (json, documents) in schemas {
            let first = &documents[0];
            let uri = Library::uri(&first.name);
            registry = registry.add(uri.clone(), json.clone()).map_err(|e| Box::new(invalid(first, &e)))?;
            resources.insert(uri, Resource { json, documents });
        }
        let registry = registry.prepare().map_err(|e| {
            let first = resources.values().next();
            Box::new(match first {
                Some(resource) => invalid(&resource.documents[0], &e),
                None => Diagnostic::error("invalid-schema", e.to_string()),
            })
        })?;
        Ok(Library { resources, registry })
    }

    pub(crate) fn registry(&self) -> &Registry<'static> {
        &self.registry
    }

    /// The schema under a URI.
    pub(crate) fn json(&self, uri: &str) -> Option<&JsonValue> {
        self.resources.get(uri).map(|r| &*r.json)
    }

    /// What a URI with a fragment leads to.
    pub(crate) fn node(&self, location: &Keyword) -> Option<&JsonValue> {
        self.json(&location.uri)?.pointer(&location.pointer)
    }

    /// Where that stands.
    pub(crate) fn span(&self, location: &Keyword) -> Option<Span> {
        self.resources.get(&location.uri)?.documents.iter().find_map(|d| d.span(&location.pointer))
    }
}

fn invalid(document: &Document, error: &dyn std::fmt::Display) -> Diagnostic {
    let span = Span::new(document.base, 1);
    let headline = format!("`{}` is not a valid schema", document.name);
    Diagnostic::error("invalid-schema", headline).primary(span, error.to_string())
}

/// A keyword of a schema by its absolute location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keyword {
    /// The schema.
    pub(crate) uri: String,
    /// The keyword in it.
    pub(crate) pointer: String,
}

impl Keyword {
    /// Reads `mwrender:///name#/properties/x/type`.
    pub(crate) fn parse(location: &str) -> Keyword {
        let (uri, fragment) = location.split_once('#').unwrap_or((location, ""));
        Keyword { uri: uri.to_owned(), pointer: decode(fragment) }
    }

    /// The schema that the keyword belongs to.
    pub(crate) fn parent(&self) -> Keyword {
        let pointer = self.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        Keyword { uri: self.uri.clone(), pointer: pointer.to_owned() }
    }

    /// Another keyword of the same schema.
    pub(crate) fn sibling(&self, keyword: &str) -> Keyword {
        let mut parent = self.parent();
        parent.pointer.push('/');
        parent.pointer.push_str(keyword);
        parent
    }
}

/// Undoes percent-encoding.
fn decode(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        let hex = |rest: &mut std::str::Bytes<'_>| {
            let digits = [rest.next()?, rest.next()?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()
        };
        if b == b'%'
            && let Some(byte) = hex(&mut bytes.clone())
        {
            out.push(byte);
            bytes.nth(1);
        } else {
            out.push(b);
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mwrender_diagnostic::SourceMap;

    #[test]
    fn keywords_by_location() {
        let keyword = Keyword::parse("mwrender:///a.json#/properties/x%20y/type");
        assert_eq!(keyword.pointer, "/properties/x y/type");
        assert_eq!(keyword.parent().pointer, "/properties/x y");
        assert_eq!(keyword.sibling("enum").pointer, "/properties/x y/enum");
        assert_eq!(Keyword::parse("mwrender:///a.json#/%zz%C3%A9").pointer, "/%zzé");
        assert_eq!(Library::uri("schemas/charts/a b.json"), "mwrender:///schemas/charts/a%20b.json");
    }

    #[test]
    fn places_in_the_text() {
        let mut sources = SourceMap::default();
        let text = "{\n  \"type\": \"object\",\n  \"a/b\": [1, { \"c\": 2 }]\n}\n";
        let id = sources.add("s.json", text);
        let document = Document::new(sources.get(id));
        let at = |pointer| {
            let span = document.span(pointer)?;
            let location = sources.location(span.start)?;
            Some((location.line, location.column, span.len))
        };
        assert_eq!(at("/type"), Some((2, 3, 6)));
        assert_eq!(at("/a~1b"), Some((3, 3, 5)));
        assert_eq!(at("/a~1b/0"), Some((3, 11, 1)));
        assert_eq!(at("/a~1b/1/c"), Some((3, 16, 3)));
        assert_eq!(at("/nothing"), None);
    }

    #[test]
    fn broken_json_has_a_place() {
        let mut sources = SourceMap::default();
        let id = sources.add("s.json", "{\n  \"type\": ,\n}\n");
        let fault = Document::new(sources.get(id)).parse().unwrap_err();
        let printed = mwrender_diagnostic::print::concise(&fault, &sources);
        assert_eq!(printed, "s.json:2:11: error[invalid-schema]: `s.json` is not JSON");
    }
}
