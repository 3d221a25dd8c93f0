//! Who set a value: every layer that says something about it.

use super::{Path, Segment, step};
use crate::coalesce::{NullHandling, coalesce, merge};
use crate::value::{Data, Value};
use mwrender_diagnostic::Pos;

/// What a layer's word came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is the result, or its uppermost part.
    Wins,
    /// It is a map and the result holds keys of it.
    Merged,
    /// A higher layer replaced it.
    Overridden,
    /// It is the null that deleted the default.
    Deletes,
    /// It replaced something that the path leads through, so the path leads nowhere.
    Hides,
}

impl Effect {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Effect::Wins => "wins",
            Effect::Merged => "merged",
            Effect::Overridden => "overridden",
            Effect::Deletes => "deletes",
            Effect::Hides => "hides",
        }
    }
}

/// What one layer says about a path.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The layer by its number, from 0 for the lowest; `None` for the defaults.
    pub layer: Option<usize>,
    /// The path itself, or the part of it at which the layer has something that is not a map.
    pub path: Path,
    /// Where the key is.
    pub key_origin: Pos,
    /// What the layer has there.
    pub value: Value,
    /// What came of it.
    pub effect: Effect,
}

/// All that layers and defaults say about a path.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What each says, the lowest first.
    pub settings: Vec<Setting>,
    /// What results, if anything.
    pub result: Option<Value>,
}

/// Explains the value at a path, from the defaults and the layers, the lowest first.
///
/// A single setting ([`crate::set`]) is a layer here, too: what it makes of an empty map.
///
/// ```
/// use mwrender_values::{path::{Effect, explain}, read::read};
/// let read = |text| read(text, Default::default()).unwrap().into_value();
/// let layers = [read("a: {b: 1}"), read("a: {b: null}")];
/// let why = explain(&read("a: {b: 0}"), &layers, Default::default(), &"a.b".parse().unwrap());
/// assert!(why.result.is_none());
/// let effects: Vec<_> = why.settings.iter().map(|s| s.effect).collect();
/// assert_eq!(effects, [Effect::Overridden, Effect::Overridden, Effect::Deletes]);
/// ```
pub fn explain(defaults: &Value, layers: &[Value], nulls: NullHandling, path: &Path) -> Explanation {
    let merged = merge(layers);
    let result = path.lookup(&coalesce(defaults, &merged.value, nulls).value).cloned();
    let mut settings: Vec<Setting> = Vec::new();
    for (layer, tree) in layers.iter().enumerate() {
        let said = said(tree, path);
        for earlier in &mut settings {
            earlier.effect = match (earlier.effect, &said) {
                // a map where a lower layer had something else on the way: the way is open again
                (Effect::Hides, None) if leads_through(tree, &earlier.path) => Effect::Overridden,
                (effect, None) => effect,
                (Effect::Wins | Effect::Merged, Some(said)) if merges(&earlier.value, said) => Effect::Merged,
                (_, Some(_)) => Effect::Overridden,
            };
        }
        settings.extend(said.map(|said| setting(Some(layer), &said, path, result.as_ref())));
    }
    if let Some(said) = said(defaults, path) {
        let over = settings.iter().rfind(|s| s.effect != Effect::Overridden);
        let effect = match over {
            None => None,
            Some(over) if over.path.segments().len() == said.at && merges(&over.value, &said) => {
                Some(Effect::Merged)
            }
            Some(_) => Some(Effect::Overridden),
        };
        let setting = setting(None, &said, path, result.as_ref());
        settings.insert(0, Setting { effect: effect.unwrap_or(setting.effect), ..setting });
    }
    Explanation { settings, result }
}

/// Whether a tree has a map at a path.
fn leads_through(tree: &Value, path: &Path) -> bool {
    path.lookup(tree).is_some_and(|value| value.as_map().is_some())
}

/// Whether both are maps that are laid over each other; within a list nothing is.
fn merges(value: &Value, said: &Said<'_>) -> bool {
    !said.in_list && value.as_map().is_some() && said.value.as_map().is_some()
}

fn setting(layer: Option<usize>, said: &Said<'_>, path: &Path, result: Option<&Value>) -> Setting {
    let exact = said.at == path.segments().len();
    let effect = match (exact, result) {
        (true, None) if said.value.is_null() => Effect::Deletes,
        (true, _) => Effect::Wins,
        (false, _) => Effect::Hides,
    };
    let path = Path::from(path.segments()[..said.at].to_vec());
    let value = Value { losers: None, ..said.value.clone() };
    Setting { layer, path, key_origin: said.key_origin, value, effect }
}

/// What a tree has at a path, or at the first place on the way that ends it.
struct Said<'v> {
    value: &'v Value,
    key_origin: Pos,
    /// How many steps of the path lead there.
    at: usize,
    in_list: bool,
}

fn said<'v>(tree: &'v Value, path: &Path) -> Option<Said<'v>> {
    let mut said = Said { value: tree, key_origin: Pos::NONE, at: 0, in_list: false };
    for segment in path.segments() {
        match (step(said.value, segment), &said.value.data, segment) {
            (Some(next), data, _) => {
                said.key_origin = match (data, segment) {
                    (Data::Map(map), Segment::Key(key)) => {
                        map.get(&**key).map_or(Pos::NONE, |e| e.key_origin)
                    }
                    _ => Pos::NONE,
                };
                said.in_list |= matches!(data, Data::List(_));
                said.value = next;
                said.at += 1;
            }
            (None, Data::Map(_), Segment::Key(_)) if !said.in_list => return None,
            (None, ..) => return Some(said),
        }
    }
    Some(said)
}
