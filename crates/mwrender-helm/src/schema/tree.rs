//! Violations as the tree that Helm's library makes of them.

use std::collections::BTreeMap;

use mwrender_schema::violations::{Problem, Violation};

use super::words;

/// A node of the tree.
pub(super) enum Node<'v> {
    /// A keyword with its keys that are missing, if it is about such; and what is wrong below it.
    Leaf { violation: &'v Violation, missing: Vec<&'v str>, causes: Vec<Node<'v>> },
    /// All of `allOf`.
    AllOf { instance: &'v [String], causes: Vec<Node<'v>> },
    /// Several violations of one schema.
    Group { instance: &'v [String], causes: Vec<Node<'v>>, referred: bool },
}

/// What is wrong with the whole value.
pub(super) fn tree(violations: &[Violation]) -> Vec<Node<'_>> {
    let found: Vec<&Violation> = violations.iter().collect();
    match schema(&found, 0, 0, false) {
        Some(Node::Group { causes, referred: false, .. }) => causes,
        Some(node) => vec![node],
        None => Vec::new(),
    }
}

/// Calls `each` with each violation that has no others below it.
pub(super) fn leaves(nodes: &[Node<'_>], each: &mut impl FnMut(&Violation, String)) {
    for node in nodes {
        match node {
            Node::Leaf { violation, missing, causes } if causes.is_empty() => {
                each(violation, words::of(violation, missing));
            }
            Node::Leaf { causes, .. } | Node::AllOf { causes, .. } | Node::Group { causes, .. } => {
                leaves(causes, each);
            }
        }
    }
}

/// The order in which the keywords of a schema are looked at.
const ORDER: [&str; 45] = [
    "type",
    "const",
    "enum",
    "format",
    "$ref",
    "minProperties",
    "maxProperties",
    "required",
    "dependencies",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "dependentSchemas",
    "dependentRequired",
    "minItems",
    "maxItems",
    "uniqueItems",
    "prefixItems",
    "items",
    "additionalItems",
    "contains",
    "minContains",
    "maxContains",
    "minLength",
    "maxLength",
    "pattern",
    "contentEncoding",
    "contentMediaType",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "$recursiveRef",
    "$dynamicRef",
    "not",
    "allOf",
    "anyOf",
    "oneOf",
    "if",
    "then",
    "else",
    "unevaluatedProperties",
    "unevaluatedItems",
];

/// Where something stands among the violations of a schema: by keyword, then by key or index.
type Rank = (usize, u8, usize, String);

fn rank(keyword: &str, below: Option<&String>) -> Rank {
    let place = ORDER.iter().position(|name| *name == keyword).unwrap_or(ORDER.len());
    let below = below.cloned().unwrap_or_default();
    let index = below.parse().unwrap_or(0);
    match keyword {
        // these go through the keys of an object together
        "properties" | "patternProperties" => (place_of("properties"), 0, 0, below),
        "additionalProperties" if !below.is_empty() => (place_of("properties"), 0, 0, below),
        "prefixItems" | "items" => (place_of("items"), 0, index, below),
        _ => (place, 1, 0, below),
    }
}

fn place_of(keyword: &str) -> usize {
    ORDER.iter().position(|name| *name == keyword).unwrap_or_default()
}

/// How many keywords lead from a schema to one below it, and whether that is about a part of the value.
fn step(keywords: &[String]) -> (usize, bool) {
    let is_index = |n: usize| keywords.get(n).is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    match keywords[0].as_str() {
        "properties" | "patternProperties" | "prefixItems" => (2, true),
        "allOf" | "anyOf" | "oneOf" | "dependentSchemas" | "dependencies" | "$defs" | "definitions" => {
            (2, false)
        }
        "items" if is_index(1) => (2, true),
        "items"
        | "additionalItems"
        | "additionalProperties"
        | "contains"
        | "unevaluatedProperties"
        | "unevaluatedItems" => (1, true),
        _ => (1, false),
    }
}

/// What is wrong with a value by one schema, which is `depth` keywords from the top; the value is `level` keys deep.
fn schema<'v>(found: &[&'v Violation], depth: usize, level: usize, referred: bool) -> Option<Node<'v>> {
    let first = *found.first()?;
    let mut own: BTreeMap<Rank, Vec<&'v Violation>> = BTreeMap::new();
    let mut lower: BTreeMap<(Rank, usize, Vec<String>), Vec<&'v Violation>> = BTreeMap::new();
    for violation in found {
        let rest = &violation.keywords[depth.min(violation.keywords.len())..];
        let Some(keyword) = rest.first() else {
            own.entry((0, 0, 0, String::new())).or_default().push(violation);
            continue;
        };
        let (length, into) = step(rest);
        let is_list = |word: &str| matches!(word, "dependencies" | "dependentRequired");
        let is_required = matches!(violation.problem, Problem::Required(_)) && is_list(keyword);
        let is_false = rest.len() == length && matches!(violation.problem, Problem::Other) && into;
        if (rest.len() <= 1 || is_required) && !is_false {
            let below = if is_list(keyword) { rest.get(1) } else { None };
            own.entry(rank(keyword, below)).or_default().push(violation);
            continue;
        }
        let part = violation.instance.get(level).filter(|_| into);
        let name = match keyword.as_str() {
            "allOf" => None,
            _ => part.or_else(|| rest.get(1).filter(|_| length == 2)),
        };
        let path = rest[..length.min(rest.len())].to_vec();
        lower.entry((rank(keyword, name), usize::from(into), path)).or_default().push(violation);
    }
    // a value of another type is not looked at any further
    for keyword in ["type", "const", "enum", "format"] {
        if let Some(violation) = own.get(&rank(keyword, None)).and_then(|list| list.first()) {
            return Some(leaf(violation, depth));
        }
    }
    let mut nodes: Vec<(Rank, Vec<Node<'v>>)> = Vec::new();
    for (rank, violations) in own {
        let mut missing: Vec<&str> = Vec::new();
        for violation in &violations {
            if let Problem::Required(name) = &violation.problem {
                missing.push(name);
            }
        }
        let list = if missing.is_empty() {
            violations.iter().map(|violation| leaf(violation, depth)).collect()
        } else {
            vec![Node::Leaf { violation: violations[0], missing, causes: Vec::new() }]
        };
        nodes.push((rank, list));
    }
    let mut all_of: Vec<Node<'v>> = Vec::new();
    for ((rank, into, path), violations) in lower {
        let reference = matches!(path[0].as_str(), "$ref" | "$dynamicRef" | "$recursiveRef");
        let Some(node) = schema(&violations, depth + path.len(), level + into, reference) else { continue };
        if path[0] == "allOf" {
            all_of.push(node);
        } else {
            nodes.push((rank, vec![node]));
        }
    }
    if !all_of.is_empty() {
        let instance = &first.instance[..level.min(first.instance.len())];
        nodes.push((rank("allOf", None), vec![Node::AllOf { instance, causes: all_of }]));
    }
    nodes.sort_by(|a, b| a.0.cmp(&b.0));
    let mut causes: Vec<Node<'v>> = nodes.into_iter().flat_map(|(_, nodes)| nodes).collect();
    if causes.len() == 1 {
        let only = causes.remove(0);
        return Some(match only {
            Node::Group { instance, causes, .. } if referred => Node::Group { instance, causes, referred },
            other => other,
        });
    }
    let instance = &first.instance[..level.min(first.instance.len())];
    Some(Node::Group { instance, causes, referred })
}

/// A keyword, with what it found below it.
fn leaf(violation: &Violation, depth: usize) -> Node<'_> {
    let level = violation.instance.len();
    let causes = match &violation.problem {
        Problem::AnyOf(branches) | Problem::OneOf(branches) if branches.iter().all(|b| !b.is_empty()) => {
            fn below(n: usize, branch: &[Violation], depth: usize, level: usize) -> Option<Node<'_>> {
                let found: Vec<&Violation> = branch.iter().collect();
                // the keywords of branches begin at the top, or at the branch
                let from_top = branch[0].keywords.get(depth + 1).is_some_and(|word| *word == n.to_string());
                let start = if from_top { depth + 2 } else { 0 };
                schema(&found, start, level, false)
            }
            branches.iter().enumerate().filter_map(|(n, branch)| below(n, branch, depth, level)).collect()
        }
        Problem::Name(inner) => {
            vec![Node::Leaf { violation: inner, missing: Vec::new(), causes: Vec::new() }]
        }
        _ => Vec::new(),
    };
    Node::Leaf { violation, missing: Vec::new(), causes }
}
