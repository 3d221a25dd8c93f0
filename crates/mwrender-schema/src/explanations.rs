//! What each diagnostic of this crate means, at more length than a headline allows.

/// Id and explanation, by id.
///
/// ```
/// let (_, text) = mwrender_schema::EXPLANATIONS.iter().find(|(id, _)| *id == "unknown-key").unwrap();
/// assert!(text.starts_with("A key that the schema does not know."));
/// ```
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "ambiguous-alternative",
        "The schema has alternatives of which exactly one must fit (`oneOf`), and more than one does. Take away \
         what belongs to the other.",
    ),
    (
        "duplicate-item",
        "A list whose items must differ (`uniqueItems`) has the same item twice. Both places are shown; two maps are \
         the same if all their keys are.",
    ),
    (
        "forbidden-value",
        "The schema refuses the value outright: the key is not to be set here (`false`), or the value is one that it \
         excludes (`not`).",
    ),
    (
        "invalid-key",
        "The keys of this map are free, but have a form (`propertyNames`), and one of them does not have it.",
    ),
    (
        "invalid-label",
        "A label, an annotation or a key of a ConfigMap is not what Kubernetes lets it be. The key of a label is a name \
         of at most 63 letters, digits, `-`, `_` and `.`, after an optional name of DNS and a slash; its value follows \
         the same rule and may be empty. An annotation's value is free.",
    ),
    (
        "invalid-name",
        "Kubernetes would refuse the name. Most objects have a name of DNS (253 characters, lower case, dots); \
         namespaces, containers and volumes a label of DNS (63, no dots); Services one that begins with a letter; \
         container ports at most 15 characters with a letter among them; CronJobs at most 52, because each Job adds \
         11.",
    ),
    (
        "invalid-quantity",
        "An amount is a number and a unit: `m`, `k`, `M`, `G`, `T` are powers of ten, `Ki`, `Mi`, `Gi`, `Ti` of 1024, \
         and `1e3` is allowed. `GB` and `K` are no units, and no space may stand before one.",
    ),
    (
        "invalid-schema",
        "A schema file is not JSON, or not a schema, or refers to one that is not there. Nothing was checked against \
         it.",
    ),
    (
        "missing-key",
        "A map lacks a key that the schema requires, there or in the rules of Kubernetes. It is shown at the map.",
    ),
    (
        "no-alternative",
        "The schema has alternatives (`anyOf`, `oneOf`), and none of them fits. Where it is clear which was meant, its \
         own faults are told instead.",
    ),
    (
        "not-allowed-value",
        "The value is not among those that the schema allows (`enum`, `const`). For Kubernetes' fields they are in \
         `schemas/kubernetes/rules.json`, with their source.",
    ),
    (
        "out-of-range",
        "A number is below or above what the schema allows, or not a multiple of what it must be.",
    ),
    (
        "request-above-limit",
        "A container requests more of a resource than its limit lets it use. Kubernetes refuses such a pod.",
    ),
    (
        "schema-mismatch",
        "The value breaks a rule of the schema that has no message of its own; the rule is named.",
    ),
    (
        "unknown-key",
        "A key that the schema does not know. In the repository's own layers and in rendered objects that is an error, \
         because a misspelt key has no effect and nobody notices. In the files that puppet writes it is a note: puppet \
         may be ahead of this repository (`x-mwrender-unknown-keys`).",
    ),
    (
        "unknown-kind",
        "The Kubernetes version has no such kind under that apiVersion, and no schema of a custom kind was given for \
         it. Kinds move between versions: the suggestion may name another apiVersion.",
    ),
    (
        "unknown-kubernetes-version",
        "There are no definitions of that Kubernetes version. `schemas/README.md` says how to add one.",
    ),
    ("unknown-schema", "There is no schema of that name."),
    ("wrong-count", "A list or a map has too few or too many entries."),
    ("wrong-form", "A text does not match the pattern that the schema has for it."),
    ("wrong-length", "A text is shorter or longer than the schema allows, counted in characters."),
    (
        "wrong-type",
        "The value is of another kind than the schema wants: a string where a number is needed, a list for a map. YAML \
         decides the kind of a plain scalar by its looks (`on` is a boolean, `1.10` a number); in quotes it is a \
         string. `--set x=0.5` sets a string, `--set-json x=0.5` a number.",
    ),
];
