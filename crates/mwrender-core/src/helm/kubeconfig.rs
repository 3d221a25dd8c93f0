//! The namespace that kubeconfig files give, as Helm and kubectl find it.

use mwrender_diagnostic::Pos;
use mwrender_values::{convert, read};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// One file; what it holds besides contexts is not looked at, except for names that are there twice.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    api_version: Option<String>,
    kind: Option<String>,
    #[serde(rename = "current-context")]
    current_context: Option<String>,
    contexts: Option<Vec<Named>>,
    clusters: Option<Vec<Named>>,
    users: Option<Vec<Named>>,
}

/// An entry of a list; only those of contexts have a context.
#[derive(Deserialize)]
struct Named {
    name: Option<String>,
    context: Option<Context>,
}

#[derive(Deserialize)]
struct Context {
    namespace: Option<String>,
}

/// What kubeconfig files say of the namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The context has this namespace.
    Namespace(String),
    /// No context was chosen, or the one that was has no namespace.
    Nothing,
    /// A file cannot be read, or there is no such context: Helm then takes its default without a word.
    Fault,
}

/// Reads kubeconfig files, the first of which wins; missing ones are skipped. `context` is chosen instead of the
/// files' own if it is not empty.
///
/// ```
/// use mwrender_core::helm::kubeconfig::{Found, namespace};
/// # let directory = tempfile::tempdir().unwrap();
/// let file = directory.path().join("config");
/// std::fs::write(&file, "current-context: a\ncontexts: [{name: a, context: {namespace: web}}]\n").unwrap();
/// assert_eq!(namespace([&file], ""), Found::Namespace("web".to_owned()));
/// assert_eq!(namespace([&file], "b"), Found::Fault);
/// ```
pub fn namespace(files: impl IntoIterator<Item = impl AsRef<Path>>, context: &str) -> Found {
    let (mut current, mut contexts) = (context.to_owned(), HashMap::new());
    for path in files {
        let path = path.as_ref();
        if !path.exists() {
            continue;
        }
        let Some(file) = std::fs::read_to_string(path).ok().and_then(|text| parse(&text)) else {
            return Found::Fault;
        };
        if current.is_empty() {
            current = file.current_context.unwrap_or_default();
        }
        for entry in file.contexts.unwrap_or_default() {
            let namespace = entry.context.and_then(|context| context.namespace).unwrap_or_default();
            contexts.entry(entry.name.unwrap_or_default()).or_insert(namespace);
        }
    }
    if current.is_empty() {
        return Found::Nothing;
    }
    match contexts.remove(&current) {
        None => Found::Fault,
        Some(namespace) if namespace.is_empty() => Found::Nothing,
        Some(namespace) => Found::Namespace(namespace),
    }
}

/// A file, unless it is something else or names something twice.
fn parse(text: &str) -> Option<File> {
    let value = read::read_as_go(text, Pos::NONE).ok()?;
    if value.is_null() {
        return convert::deserialize(&mwrender_values::Value::empty_map(Pos::NONE)).ok();
    }
    let file: File = convert::deserialize(&value).ok()?;
    let is = |field: &Option<String>, wanted| field.as_deref().is_none_or(|is| is.is_empty() || is == wanted);
    let names = |entries: &Option<Vec<Named>>| {
        let mut seen = HashSet::new();
        entries.iter().flatten().all(|entry| seen.insert(entry.name.clone().unwrap_or_default()))
    };
    let sound = is(&file.api_version, "v1")
        && is(&file.kind, "Config")
        && [&file.contexts, &file.clusters, &file.users].into_iter().all(names);
    sound.then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &[&str], context: &str) -> Found {
        let directory = tempfile::tempdir().expect("a directory");
        let paths: Vec<_> = (0..texts.len()).map(|n| directory.path().join(n.to_string())).collect();
        for (path, text) in paths.iter().zip(texts) {
            std::fs::write(path, text).expect("a file");
        }
        let missing = directory.path().join("missing");
        namespace(std::iter::once(&missing).chain(&paths), context)
    }

    /// As measured with Helm 3.19.5.
    #[test]
    fn the_first_file_that_has_a_context_wins() {
        let one = "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts:\n- {name: a, context: {cluster: c}}\n- name: b\n  context: {namespace: one-b}\n";
        let two =
            "contexts: [{name: a, context: {namespace: two-a}}, {name: c, context: {namespace: two-c}}]";
        let is = |namespace: &str| Found::Namespace(namespace.to_owned());
        assert_eq!(found(&[], ""), Found::Nothing);
        assert_eq!(found(&[""], ""), Found::Nothing);
        assert_eq!(found(&[one], ""), Found::Nothing);
        assert_eq!(found(&[one], "b"), is("one-b"));
        assert_eq!(found(&[one, two], ""), Found::Nothing);
        assert_eq!(found(&[two, one], ""), is("two-a"));
        assert_eq!(found(&[one, two], "c"), is("two-c"));
        assert_eq!(found(&[two], ""), Found::Nothing);
    }

    #[test]
    fn what_is_no_kubeconfig_is_a_fault() {
        let good = "current-context: a\ncontexts: [{name: a, context: {namespace: a}}]\n";
        for text in [
            "contexts: [",
            "current-context: b\n",
            "current-context: 5\n",
            "apiVersion: v2\n",
            "kind: config\n",
            "contexts: [{name: a, context: {namespace: 5}}]",
            "contexts: [{name: a}, {name: a}]",
            "users: [{name: a}, {name: a}]",
        ] {
            assert_eq!(
                found(&[text, good], if text.contains('b') { "" } else { "a" }),
                Found::Fault,
                "{text}"
            );
        }
    }
}
