//! Sets of causes by number.
//!
//! Most pieces of a text depend on few different sets, and a value is copied often: so each set is stored once, and
//! joining two of them is a look into a table after the first time.

use super::text::{Kind, Text};
use crate::engine::{Cause, How, Part};
use indexmap::{IndexMap, IndexSet};
use mwrender_diagnostic::Pos;
use std::collections::HashMap;
use std::rc::Rc;

/// A set of causes, by number. Its causes are ordered by position; of two that differ only in how the value is
/// used, the closer one is in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Set(u32);

impl Set {
    /// No causes.
    pub(super) const EMPTY: Set = Set(0);

    /// Whether there is none.
    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Template positions, the outermost first, by number: 0 is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Chain(pub(super) u32);

/// What is known of a value that was not simply read: what it depends on, and where it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Known {
    /// The values that it is, or was computed from, and those that decided that it is this one.
    pub(super) causes: Set,
    /// For a list or map: the values that decided what is in it.
    pub(super) shape: Set,
    /// The template line that wrote it.
    pub(super) chain: Chain,
    /// For a text that was put together: its pieces, see [`Causes::pieces`].
    pub(super) pieces: u32,
}

type Hasher = foldhash::fast::FixedState;

/// A value, its key or its absence, by number; and how it is used. Both in one word: the number above, the relation
/// in the lowest two bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Use(u32);

impl Use {
    fn new(atom: usize, how: How) -> Use {
        Use((atom as u32) << 2 | how as u32)
    }

    const fn atom(self) -> u32 {
        self.0 >> 2
    }

    const fn how(self) -> How {
        match self.0 & 3 {
            0 => How::Direct,
            1 => How::Operand,
            2 => How::Conditional,
            _ => How::Hash,
        }
    }
}

/// What a cause is about: where the value starts, its line, and which part of it.
type Atom = (Pos, Pos, Part);

/// All sets of a run.
#[derive(Debug)]
pub(super) struct Causes {
    atoms: IndexSet<Atom, Hasher>,
    /// Each in the order of its atoms' numbers.
    sets: IndexSet<Box<[Use]>, Hasher>,
    unions: HashMap<(Set, Set), Set, Hasher>,
    raised: HashMap<(Set, u8), Set, Hasher>,
    singles: HashMap<(Pos, Pos, bool), Set, Hasher>,
    chains: IndexMap<(Chain, Pos), (), Hasher>,
    known: IndexSet<Known, Hasher>,
    texts: Vec<Rc<Text>>,
}

impl Default for Causes {
    fn default() -> Self {
        let mut sets = IndexSet::with_hasher(Hasher::default());
        sets.insert(Box::default());
        let mut chains = IndexMap::with_hasher(Hasher::default());
        chains.insert((Chain(0), Pos::NONE), ());
        Causes {
            atoms: IndexSet::with_hasher(Hasher::default()),
            sets,
            unions: HashMap::default(),
            raised: HashMap::default(),
            singles: HashMap::default(),
            chains,
            known: IndexSet::with_hasher(Hasher::default()),
            texts: Vec::new(),
        }
    }
}

impl Causes {
    /// The causes of a set, by position.
    pub(super) fn get(&self, set: Set) -> Vec<Cause> {
        let cause = |u: &Use| {
            let (origin, line, part) = &self.atoms[u.atom() as usize];
            Cause { origin: *origin, line: *line, part: part.clone(), how: u.how() }
        };
        let mut causes: Vec<Cause> = self.uses(set).iter().map(cause).collect();
        causes.sort_unstable();
        causes
    }

    fn uses(&self, set: Set) -> &[Use] {
        &self.sets[set.0 as usize]
    }

    /// How many causes a set has.
    pub(super) fn count(&self, set: Set) -> usize {
        self.uses(set).len()
    }

    /// Stores a set whose uses are in order.
    fn store(&mut self, uses: Vec<Use>) -> Set {
        Set(self.sets.insert_full(uses.into()).0 as u32)
    }

    /// The set of one cause.
    pub(super) fn one(&mut self, cause: Cause) -> Set {
        let (atom, _) = self.atoms.insert_full((cause.origin, cause.line, cause.part));
        self.store(vec![Use::new(atom, cause.how)])
    }

    /// The set of a value or key that was read at a place.
    pub(super) fn read(&mut self, origin: Pos, line: Pos, key: bool) -> Set {
        if !origin.is_some() {
            return Set::EMPTY;
        }
        if let Some(found) = self.singles.get(&(origin, line, key)) {
            return *found;
        }
        let part = if key { Part::Key } else { Part::Value };
        let set = self.one(Cause { origin, line, part, how: How::Direct });
        self.singles.insert((origin, line, key), set);
        set
    }

    /// Both.
    pub(super) fn union(&mut self, a: Set, b: Set) -> Set {
        if a == b || b.is_empty() {
            return a;
        }
        if a.is_empty() {
            return b;
        }
        let key = if a.0 < b.0 { (a, b) } else { (b, a) };
        if let Some(found) = self.unions.get(&key) {
            return *found;
        }
        let merged = merge(self.uses(a), self.uses(b));
        let set = self.store(merged);
        self.unions.insert(key, set);
        set
    }

    /// All of many.
    pub(super) fn union_all(&mut self, sets: impl IntoIterator<Item = Set>) -> Set {
        let mut numbers: Vec<Set> = sets.into_iter().filter(|s| !s.is_empty()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        match numbers[..] {
            [] => Set::EMPTY,
            [one] => one,
            [a, b] => self.union(a, b),
            _ => {
                let mut all: Vec<Use> = numbers.iter().flat_map(|s| self.uses(*s)).copied().collect();
                // of the same value, the closest relation comes first
                all.sort_unstable();
                all.dedup_by_key(|u| u.atom());
                self.store(all)
            }
        }
    }

    /// The same causes, with a relation that is at least this distant.
    pub(super) fn raise(&mut self, set: Set, how: How) -> Set {
        if set.is_empty() {
            return set;
        }
        let key = (set, how as u8);
        if let Some(found) = self.raised.get(&key) {
            return *found;
        }
        let raise = |u: &Use| Use::new(u.atom() as usize, u.how().max(how));
        let raised = self.uses(set).iter().map(raise).collect();
        let raised = self.store(raised);
        self.raised.insert(key, raised);
        raised
    }

    /// Those that decided about something, but are not in it.
    pub(super) fn reasons(&mut self, set: Set) -> Set {
        self.only(set, 4, |how| how >= How::Conditional)
    }

    /// Those that are not the thing itself.
    fn indirect(&mut self, set: Set) -> Set {
        self.only(set, 5, |how| how > How::Direct)
    }

    fn only(&mut self, set: Set, number: u8, keep: impl Fn(How) -> bool) -> Set {
        let key = (set, number);
        if let Some(found) = self.raised.get(&key) {
            return *found;
        }
        let kept = self.uses(set).iter().filter(|u| keep(u.how())).copied().collect();
        let kept = self.store(kept);
        self.raised.insert(key, kept);
        kept
    }

    /// Several values that make up one: if more than one is there as it is, none of them is the whole.
    pub(super) fn joined(&mut self, set: Set) -> Set {
        let direct = self.uses(set).iter().filter(|u| u.how() == How::Direct).count();
        if direct > 1 { self.raise(set, How::Operand) } else { set }
    }

    /// The chain that goes on at a position.
    pub(super) fn chain(&mut self, outer: Chain, at: Pos) -> Chain {
        if !at.is_some() {
            return outer;
        }
        let (number, _) = self.chains.insert_full((outer, at), ());
        Chain(number as u32)
    }

    /// The positions of a chain, the outermost first.
    pub(super) fn positions(&self, chain: Chain) -> Vec<Pos> {
        let mut found = Vec::new();
        let mut at = chain;
        while at.0 != 0 {
            let Some(((outer, pos), ())) = self.chains.get_index(at.0 as usize) else { break };
            found.push(*pos);
            at = *outer;
        }
        found.reverse();
        found
    }

    /// How many positions a chain has.
    pub(super) fn depth(&self, chain: Chain) -> usize {
        let (mut depth, mut at) = (0, chain);
        while at.0 != 0 {
            let Some(((outer, _), ())) = self.chains.get_index(at.0 as usize) else { break };
            depth += 1;
            at = *outer;
        }
        depth
    }

    /// A position that stands for what is known of a computed value.
    pub(super) fn origin(&mut self, known: Known) -> Pos {
        if known == Known::default() {
            return Pos::NONE;
        }
        Pos::local(self.known.insert_full(known).0 as u32)
    }

    /// Keeps the pieces of a text, if they say more than what is known of all of it.
    pub(super) fn keep_pieces(&mut self, text: Text) -> u32 {
        if text.pieces.iter().filter(|p| p.kind == Kind::Bytes).count() < 2 {
            return 0;
        }
        self.texts.push(Rc::new(text));
        self.texts.len() as u32
    }

    /// The pieces of a text that was put together.
    pub(super) fn pieces(&self, known: Known) -> Option<Rc<Text>> {
        self.texts.get((known.pieces as usize).checked_sub(1)?).cloned()
    }

    /// What is known of the value with this origin.
    pub(super) fn known(&mut self, origin: Pos, key: bool) -> Known {
        match origin.local_offset() {
            Some(number) => self.known.get_index(number as usize).copied().unwrap_or_default(),
            None => Known { causes: self.read(origin, origin, key), ..Known::default() },
        }
    }

    /// What is known of a line of a text: `text` is where the text starts.
    pub(super) fn known_line(&mut self, text: Pos, line: Pos) -> Known {
        if line.local_offset().is_some() {
            return self.known(line, false);
        }
        match text.local_offset() {
            // a text that was read, but decided for: its lines are as they were read
            Some(_) => {
                let of = self.known(text, false);
                let direct = self.uses(of.causes).iter().find(|u| u.how() == How::Direct).copied();
                match direct {
                    Some(direct) => {
                        let origin = self.atoms[direct.atom() as usize].0;
                        let others = self.indirect(of.causes);
                        let own = self.read(origin, line, false);
                        Known { causes: self.union(own, others), ..of }
                    }
                    None => of,
                }
            }
            None => Known { causes: self.read(text, line, false), ..Known::default() },
        }
    }
}

/// Both, in order: of the same value, the closer relation.
fn merge(a: &[Use], b: &[Use]) -> Vec<Use> {
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let (low, both) = ((*x).min(*y), x.atom() == y.atom());
        merged.push(low);
        i += usize::from(both || low == *x);
        j += usize::from(both || low == *y);
    }
    merged.extend_from_slice(&a[i..]);
    merged.extend_from_slice(&b[j..]);
    merged
}
