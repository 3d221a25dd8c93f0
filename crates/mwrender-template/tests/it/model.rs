//! Small trees of values of one shape, for the laws: random leaves, and the tree with one of them changed.

use proptest::prelude::*;
use std::fmt::Write;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Word(&'static str),
    Int(i64),
    Bool(bool),
    /// A text of several lines.
    Lines(Vec<&'static str>),
    List(Vec<Node>),
    Map(Vec<(&'static str, Node)>),
}

/// Few words, so that many leaves are spelled alike: tracking must not take one for another.
const WORDS: [&str; 4] = ["aa", "bb", "a-b", "1"];

fn word() -> impl Strategy<Value = Node> {
    proptest::sample::select(&WORDS[..]).prop_map(Node::Word)
}

fn int() -> impl Strategy<Value = Node> {
    (0i64..4).prop_map(Node::Int)
}

fn flag() -> impl Strategy<Value = Node> {
    any::<bool>().prop_map(Node::Bool)
}

fn lines() -> impl Strategy<Value = Node> {
    proptest::collection::vec(proptest::sample::select(&WORDS[..]), 2..4).prop_map(Node::Lines)
}

fn item() -> impl Strategy<Value = Node> {
    (word(), int(), flag()).prop_map(|(n, p, on)| Node::Map(vec![("name", n), ("port", p), ("on", on)]))
}

fn list(of: impl Strategy<Value = Node>, max: usize) -> impl Strategy<Value = Node> {
    proptest::collection::vec(of, 0..=max).prop_map(Node::List)
}

/// Values as the snippets expect them. `opt` is not always there.
pub(crate) fn tree() -> impl Strategy<Value = Node> {
    let deep = (word(), int()).prop_map(|(k, n)| Node::Map(vec![("k", k), ("n", n)]));
    let obj = (int(), word(), deep).prop_map(|(x, w, d)| Node::Map(vec![("x", x), ("why", w), ("deep", d)]));
    let scalars = (word(), word(), int(), int(), flag(), flag());
    let lists = (list(word(), 3), list(int(), 3), list(item(), 3));
    (scalars, lists, obj, lines(), proptest::option::of(word())).prop_map(
        |((s, t, n, m, f, g), (lst, nums, items), obj, text, opt)| {
            let mut map = vec![
                ("s", s),
                ("t", t),
                ("n", n),
                ("m", m),
                ("f", f),
                ("g", g),
                ("lst", lst),
                ("nums", nums),
                ("items", items),
                ("obj", obj),
                ("text", text),
            ];
            map.extend(opt.map(|o| ("opt", o)));
            Node::Map(map)
        },
    )
}

impl Node {
    /// The tree as a YAML file.
    pub(crate) fn yaml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, indent: usize) {
        let margin = " ".repeat(indent);
        match self {
            Node::Word(w) => {
                let _ = write!(out, " \"{w}\"");
            }
            Node::Int(i) => {
                let _ = write!(out, " {i}");
            }
            Node::Bool(b) => {
                let _ = write!(out, " {b}");
            }
            Node::Lines(lines) => {
                out.push_str(" |-");
                for line in lines {
                    let _ = write!(out, "\n{margin}{line}");
                }
            }
            Node::List(items) if items.is_empty() => out.push_str(" []"),
            Node::List(items) => {
                for item in items {
                    let _ = write!(out, "\n{margin}-");
                    item.write(out, indent + 2);
                }
            }
            Node::Map(map) => {
                for (key, value) in map {
                    let _ = write!(out, "\n{margin}\"{key}\":");
                    value.write(out, indent + 2);
                }
            }
        }
    }

    /// Visits all leaves with their paths, as `mwrender_values::Path` prints them.
    pub(crate) fn leaves(&self) -> Vec<String> {
        fn inner(node: &Node, path: String, found: &mut Vec<String>) {
            match node {
                Node::List(items) => {
                    items.iter().enumerate().for_each(|(i, v)| inner(v, format!("{path}[{i}]"), found));
                }
                Node::Map(map) => {
                    let dot = if path.is_empty() { "" } else { "." };
                    for (k, v) in map {
                        inner(v, format!("{path}{dot}{k}"), found);
                    }
                }
                _ => found.push(path),
            }
        }
        let mut found = Vec::new();
        inner(self, String::new(), &mut found);
        found
    }

    /// The `n`th leaf.
    fn leaf(&mut self, n: &mut usize) -> Option<&mut Node> {
        match self {
            Node::List(items) => items.iter_mut().find_map(|v| v.leaf(n)),
            Node::Map(map) => map.iter_mut().find_map(|(_, v)| v.leaf(n)),
            _ if *n == 0 => Some(self),
            _ => {
                *n -= 1;
                None
            }
        }
    }

    /// The tree with its `n`th leaf changed to something else of its kind.
    pub(crate) fn with_other(&self, mut n: usize, pick: usize) -> Node {
        let mut tree = self.clone();
        let leaf = tree.leaf(&mut n).expect("there is such a leaf");
        *leaf = match leaf {
            Node::Word(w) => {
                let at = WORDS.iter().position(|x| x == w).unwrap_or(0);
                Node::Word(WORDS[(at + 1 + pick % (WORDS.len() - 1)) % WORDS.len()])
            }
            Node::Int(i) => Node::Int((*i + 1 + i64::try_from(pick % 3).unwrap_or(0)) % 4),
            Node::Bool(b) => Node::Bool(!*b),
            Node::Lines(lines) => {
                let mut lines = lines.clone();
                let at = pick % lines.len();
                let old = WORDS.iter().position(|x| *x == lines[at]).unwrap_or(0);
                lines[at] = WORDS[(old + 1) % WORDS.len()];
                Node::Lines(lines)
            }
            Node::List(_) | Node::Map(_) => unreachable!("they are no leaves"),
        };
        tree
    }
}
