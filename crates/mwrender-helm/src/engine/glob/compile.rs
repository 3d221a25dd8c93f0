//! The choice of matchers for a pattern.

use super::matcher::{Matcher, Tree};
use super::parse::{Members, Node, Set};

const STEP: &[char] = &['/'];

/// The matcher of a whole pattern.
pub(super) fn pattern(nodes: Vec<Node>) -> Matcher {
    if nodes.is_empty() {
        return Matcher::Nothing;
    }
    simplify(join(shorten(nodes.into_iter().map(|n| simplify(node(n))).collect())))
}

fn node(node: Node) -> Matcher {
    match node {
        Node::Text(text) => Matcher::Text(text),
        Node::Any => Matcher::Run { step: true },
        Node::Super => Matcher::Run { step: false },
        Node::Single => Matcher::Set(Set { members: Members::List(STEP.to_vec()), not: true }),
        Node::Set(set) => Matcher::Set(set),
        Node::Pattern(nodes) => pattern(nodes),
        Node::AnyOf(alternatives) => match factor(&alternatives) {
            Some(nodes) => pattern(nodes),
            None => Matcher::AnyOf(alternatives.into_iter().map(|nodes| simplify(pattern(nodes))).collect()),
        },
    }
}

/// Alternatives with what all of them begin and end with in front and behind; `None` if there is no such thing.
fn factor(alternatives: &[Vec<Node>]) -> Option<Vec<Node>> {
    let (left, right) = common(alternatives);
    if left + right == 0 {
        return None;
    }
    let mut middles: Vec<Vec<Node>> = Vec::new();
    for nodes in alternatives {
        let middle = &nodes[left..nodes.len() - right];
        if !middles.iter().any(|m| m == middle) {
            middles.push(middle.to_vec());
        }
    }
    let some = &alternatives[0];
    let middle = if middles.len() > 1 { Node::AnyOf(middles) } else { Node::Pattern(middles.swap_remove(0)) };
    let parts =
        [Node::Pattern(some[..left].to_vec()), middle, Node::Pattern(some[some.len() - right..].to_vec())];
    Some(parts.into_iter().filter(|part| *part != Node::Pattern(Vec::new())).collect())
}

/// How many nodes all alternatives have in common at their begin and end.
///
/// Both ends are compared in turn, so the end may get what the begin could have had.
fn common(alternatives: &[Vec<Node>]) -> (usize, usize) {
    let Some((shortest, nodes)) = alternatives.iter().enumerate().min_by_key(|(_, nodes)| nodes.len()) else {
        return (0, 0);
    };
    if alternatives.len() == 1 {
        return (0, 0);
    }
    let (mut left, mut right) = (0, 0);
    let (mut left_ends, mut right_ends) = (false, false);
    for i in 0..nodes.len() {
        let j = nodes.len() - 1 - i;
        if left + right >= nodes.len() || (left_ends && right_ends) {
            break;
        }
        for (_, other) in alternatives.iter().enumerate().filter(|(k, _)| *k != shortest) {
            left_ends |= nodes[i] != other[i];
            right_ends |= !left_ends && j <= i;
            right_ends |= nodes[j] != other[j + other.len() - nodes.len()];
        }
        left += usize::from(!left_ends);
        right += usize::from(!right_ends);
    }
    (left, right)
}

/// Whether several matchers in a row can be one of another kind.
fn glued(matchers: &[Matcher]) -> bool {
    matchers.len() > 1 && (every(matchers).is_some() || sum(matchers).is_some())
}

fn sum(matchers: &[Matcher]) -> Option<usize> {
    matchers.iter().map(Matcher::len).sum()
}

/// The matcher for matchers which are [`glued`].
fn glue(matchers: Vec<Matcher>) -> Matcher {
    let length = sum(&matchers).unwrap_or(0);
    every(&matchers).unwrap_or(Matcher::Row { matchers, length })
}

/// `*`, `?` and sets that are not a list as one matcher, if they stop at the same characters.
///
/// The characters become one text which must not occur, not a set of characters.
fn every(matchers: &[Matcher]) -> Option<Matcher> {
    let (mut separators, mut singles, mut runs) = (None, 0, false);
    for matcher in matchers {
        let stops = match matcher {
            Matcher::Run { step } => {
                runs = true;
                if *step { STEP } else { &[] }
            }
            Matcher::Set(Set { members: Members::List(list), not: true }) => {
                singles += 1;
                list
            }
            _ => return None,
        };
        if *separators.get_or_insert(stops) != stops {
            return None;
        }
    }
    let separators = separators?;
    Some(match singles {
        0 => Matcher::Run { step: !separators.is_empty() },
        _ => Matcher::Every { count: singles, exact: !runs, without: separators.iter().collect() },
    })
}

/// Glues the longest stretches of matchers until no more can be glued.
fn shorten(mut matchers: Vec<Matcher>) -> Vec<Matcher> {
    loop {
        let mut best: Option<(usize, usize, Option<usize>)> = None;
        for start in 0..matchers.len() {
            for end in (start + 2..=matchers.len()).rev() {
                let longer = best.is_none_or(|(from, to, _)| to - from < end - start);
                let found = best.and_then(|(_, _, length)| length);
                if !longer && found.is_none() {
                    continue;
                }
                let stretch = &matchers[start..end];
                if !glued(stretch) {
                    continue;
                }
                let length = if every(stretch).is_some() { None } else { sum(stretch) };
                if longer || length > found {
                    best = Some((start, end, length));
                }
            }
        }
        let Some((start, end, _)) = best else { return matchers };
        let glued = glue(matchers[start..end].to_vec());
        matchers.splice(start..end, [glued]);
    }
}

/// Matchers in a row as a tree around the longest one of fixed length.
fn join(mut matchers: Vec<Matcher>) -> Matcher {
    if glued(&matchers) {
        return glue(matchers);
    }
    let longest = matchers.iter().enumerate().filter_map(|(i, m)| Some((m.len()?, i))).max();
    let right = matchers.split_off(longest.map_or(0, |(_, i)| i) + 1);
    let value = matchers.pop().unwrap_or(Matcher::Nothing);
    if matchers.is_empty() && right.is_empty() {
        return value;
    }
    let side = |matchers: Vec<Matcher>| (!matchers.is_empty()).then(|| join(matchers));
    Matcher::Tree(Box::new(Tree::new(value, side(matchers), side(right))))
}

/// A simpler matcher, where there is one.
fn simplify(matcher: Matcher) -> Matcher {
    match matcher {
        Matcher::AnyOf(mut matchers) if matchers.len() == 1 => matchers.swap_remove(0),
        Matcher::Set(Set { members: Members::List(list), not: false }) if list.len() == 1 => {
            Matcher::Text(list.into_iter().collect())
        }
        Matcher::Tree(mut tree) => {
            tree.left = tree.left.map(simplify);
            tree.right = tree.right.map(simplify);
            let Matcher::Text(text) = &tree.value else { return Matcher::Tree(tree) };
            let text = text.clone();
            match (&tree.left, &tree.right) {
                (None, None) => Matcher::Text(text),
                (Some(Matcher::Run { step: false }), Some(Matcher::Run { step: false })) => {
                    Matcher::Contains(text)
                }
                (Some(Matcher::Run { step }), None) => Matcher::Suffix { text, step: *step },
                (None, Some(Matcher::Run { step })) => Matcher::Prefix { text, step: *step },
                (None, Some(Matcher::Suffix { text: suffix, step: false })) => {
                    Matcher::Ends { prefix: text, suffix: suffix.clone() }
                }
                (Some(Matcher::Prefix { text: prefix, step: false }), None) => {
                    Matcher::Ends { prefix: prefix.clone(), suffix: text }
                }
                _ => Matcher::Tree(tree),
            }
        }
        other => other,
    }
}
