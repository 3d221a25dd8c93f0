//! What a tracked render knows while it runs: which values were touched, and what each marker stands for.
//!
//! minijinja hands filters and functions a state, but not the objects that charts read from. The run of the
//! current thread is therefore a thread-local; there is one only during a tracked render.

use super::marker::{self, Mark, Token};
use crate::engine::{Cause, How, Part};
use indexmap::{IndexMap, IndexSet};
use minijinja::Value;
use mwrender_diagnostic::Pos;
use mwrender_values::Text;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

thread_local! {
    static RUN: RefCell<Option<Box<Run>>> = const { RefCell::new(None) };
}

/// Calls `f` with the run of this thread, if a tracked render is under way.
pub(crate) fn with<R>(f: impl FnOnce(&mut Run) -> R) -> Option<R> {
    RUN.with(|r| r.borrow_mut().as_deref_mut().map(f))
}

/// Starts a tracked render on this thread.
pub(crate) fn start(sites: &Arc<Vec<super::instrument::Site>>) {
    let run = Run { sites: sites.clone(), ..Run::default() };
    RUN.with(|r| *r.borrow_mut() = Some(Box::new(run)));
}

/// Ends it and hands out what it knows.
pub(crate) fn finish() -> Box<Run> {
    RUN.with(|r| r.borrow_mut().take()).unwrap_or_default()
}

/// Positions from here on are not in any source: they number the emissions of a run. Values that were computed
/// in a template (by `fromyaml`, or written as a literal) carry them as their origin.
const DERIVED: u32 = 1 << 31;

/// The origin of a value that was computed in a template.
pub(crate) fn derived_origin(emission: u32) -> Pos {
    Pos::from_raw(DERIVED | emission)
}

/// The emission that the origin of a computed value stands for.
pub(crate) fn derived_emission(origin: Pos) -> Option<u32> {
    (origin.raw() >= DERIVED).then_some(origin.raw() & !DERIVED)
}

/// The number of an access in the log. [`UNTRACKED`] stands for objects of a plain render.
pub(crate) type Access = u32;

/// The access that objects of a plain render carry.
pub(crate) const UNTRACKED: Access = u32::MAX;

/// One read of a value.
#[derive(Clone, Debug)]
pub(crate) struct Touched {
    pub(crate) origin: Pos,
    pub(crate) missing: Option<Arc<str>>,
    /// The access that gave the container it was read from.
    parent: Access,
    container: bool,
    /// The printed form of a number, by which one that lost its identity is found again.
    printed: Option<Box<str>>,
}

/// What a marker `Emit` stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Emission {
    /// Template positions inside the place where it is printed.
    pub(crate) chain: Vec<Pos>,
    /// The values it depends on.
    pub(crate) causes: Vec<Cause>,
    /// Where it is a text put together from several: the byte at which each part starts, and its emission.
    pub(crate) parts: Vec<(u32, u32)>,
}

/// What a marker `Context` stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Context {
    /// An include at this template position.
    Include(Pos),
    /// The values that an `if` or a `for` looked at.
    Control(Vec<Cause>),
}

/// What a name in a template is bound to.
#[derive(Clone, Debug)]
enum Binding {
    Causes(Vec<Cause>),
    /// A list or map that this access gave.
    Container(Access, Vec<Cause>),
    /// The items of the list or map that this access gave.
    LoopOver(Access),
}

/// The state of a tracked render.
#[derive(Debug, Default)]
pub(crate) struct Run {
    log: Vec<Touched>,
    frames: Vec<usize>,
    pending: Option<u32>,
    emissions: IndexSet<Emission>,
    contexts: IndexSet<Context>,
    /// Texts that were handed out, by address. Those that were read live as long as the values; those that were
    /// computed are kept alive here.
    texts: HashMap<usize, Vec<Cause>>,
    lines: HashMap<usize, Arc<[Pos]>>,
    kept: Vec<Arc<str>>,
    branches: HashMap<u32, Vec<Cause>>,
    names: HashMap<Box<str>, Binding>,
    shadowed: Vec<Vec<(Box<str>, Option<Binding>)>>,
    values: Vec<mwrender_values::Value>,
    sites: Arc<Vec<super::instrument::Site>>,
}

fn cause(origin: Pos, part: Part, how: How) -> Cause {
    Cause { origin, line: origin, part, how }
}

fn add(causes: &mut Vec<Cause>, new: Cause) {
    if !causes.iter().any(|c| c.line == new.line && c.part == new.part && c.how <= new.how) {
        causes.push(new);
    }
}

impl Run {
    /// Notes that a value was read from the container that `parent` gave.
    pub(crate) fn touch(&mut self, value: &mwrender_values::Value, parent: Access) -> Access {
        use mwrender_values::Data;
        let container = matches!(value.data, Data::List(_) | Data::Map(_));
        let printed = if let Data::Number(n) = &value.data { Some(Box::from(&*n.spelling)) } else { None };
        if let Data::String(text) = &value.data {
            self.know(text, value.origin);
        }
        self.log.push(Touched { origin: value.origin, missing: None, parent, container, printed });
        self.log.len() as Access - 1
    }

    /// Notes that a mapping was asked for a key that it has not.
    pub(crate) fn touch_missing(&mut self, origin: Pos, key: &str, parent: Access) {
        let missing = Some(Arc::from(key));
        self.log.push(Touched { origin, missing, parent, container: false, printed: None });
    }

    /// Remembers the address of a text that was read.
    fn know(&mut self, text: &Text, origin: Pos) {
        if text.text.is_empty() {
            return;
        }
        let address = text.text.as_ptr() as usize;
        self.texts.entry(address).or_insert_with(|| {
            match derived_emission(origin).and_then(|e| self.emissions.get_index(e as usize)) {
                Some(emission) => emission.causes.clone(),
                None => vec![cause(origin, Part::Value, How::Direct)],
            }
        });
        if let Some(lines) = &text.lines {
            self.lines.entry(address).or_insert_with(|| lines.clone());
        }
    }

    /// Remembers the address of a key.
    pub(crate) fn know_key(&mut self, key: &Arc<str>, origin: Pos) {
        if !key.is_empty() && derived_emission(origin).is_none() {
            self.texts.insert(key.as_ptr() as usize, vec![cause(origin, Part::Key, How::Direct)]);
        }
    }

    /// What is known of the text at this address.
    pub(crate) fn causes_of_text(&self, text: &str) -> Option<&Vec<Cause>> {
        if text.is_empty() { None } else { self.texts.get(&(text.as_ptr() as usize)) }
    }

    /// The last key that a mapping was asked for in vain, with the mapping's origin.
    pub(crate) fn last_missing(&self) -> Option<(Pos, Arc<str>)> {
        self.log.iter().rev().find_map(|t| t.missing.clone().map(|m| (t.origin, m)))
    }

    /// The number of the marker that stands for this emission.
    pub(crate) fn emission(&mut self, emission: Emission) -> u32 {
        self.emissions.insert_full(emission).0 as u32
    }

    /// What an emission's marker stands for.
    pub(crate) fn get_emission(&self, number: u32) -> Option<&Emission> {
        self.emissions.get_index(number as usize)
    }

    /// The number of the marker that stands for this context.
    pub(crate) fn context(&mut self, context: Context) -> u32 {
        self.contexts.insert_full(context).0 as u32
    }

    /// What a context's marker stands for.
    pub(crate) fn get_context(&self, number: u32) -> Option<&Context> {
        self.contexts.get_index(number as usize)
    }

    /// The template position of a site.
    pub(crate) fn site(&self, number: u32) -> Option<Pos> {
        self.sites.get(number as usize).map(|s| s.pos)
    }

    /// Keeps a computed value alive: the addresses of its texts are known.
    pub(crate) fn keep_value(&mut self, value: mwrender_values::Value) {
        self.values.push(value);
    }

    /// The lines of a text that was read.
    pub(crate) fn lines_of(&self, text: &str) -> Option<Arc<[Pos]>> {
        self.lines.get(&(text.as_ptr() as usize)).cloned()
    }

    /// An expression begins: what is touched from now on are its operands.
    pub(crate) fn enter(&mut self) -> usize {
        self.frames.push(self.log.len());
        self.log.len()
    }

    /// The next value that is printed is this emission.
    pub(crate) fn set_pending(&mut self, emission: Option<u32>) {
        self.pending = emission;
    }

    /// The emission that the value to print was announced as.
    pub(crate) fn take_pending(&mut self) -> Option<u32> {
        self.pending.take()
    }

    /// The leaves that were touched since `from`: a container counts only if nothing in it was touched later.
    fn operands(&self, from: usize) -> Vec<Cause> {
        let log = &self.log[from..];
        let mut causes = Vec::new();
        for (i, touched) in log.iter().enumerate() {
            let access = (from + i) as Access;
            let entered =
                touched.container && log[i + 1..].iter().any(|later| self.is_under(later.parent, access));
            if !entered {
                self.add_touched(&mut causes, touched);
            }
        }
        causes
    }

    fn add_touched(&self, causes: &mut Vec<Cause>, touched: &Touched) {
        if let Some(emission) = derived_emission(touched.origin).and_then(|e| self.get_emission(e)) {
            for c in &emission.causes {
                add(causes, c.clone());
            }
        } else {
            let part = touched.missing.clone().map_or(Part::Value, Part::Missing);
            add(causes, cause(touched.origin, part, How::Operand));
        }
    }

    /// Whether something in the container that `access` gave was read since `from`.
    fn entered_since(&self, from: usize, access: Access) -> bool {
        self.log[from..].iter().any(|t| self.is_under(t.parent, access))
    }

    fn is_under(&self, mut access: Access, ancestor: Access) -> bool {
        while access != UNTRACKED {
            if access == ancestor {
                return true;
            }
            access = self.log.get(access as usize).map_or(UNTRACKED, |t| t.parent);
        }
        false
    }

    /// An expression that began at `from` ended with `value`: what does it depend on?
    ///
    /// `None`: the text carries markers of its own, which say more.
    pub(crate) fn causes_of(&mut self, value: &Value, from: usize, names: &[Box<str>]) -> Option<Vec<Cause>> {
        self.frames.pop();
        if let Some(text) = value.as_str() {
            if let Some(known) = self.causes_of_text(text) {
                let mut causes = known.clone();
                if causes.iter().any(|c| c.how != How::Direct) {
                    // computed in this very expression, perhaps from numbers too, which have no identity
                    let already: Vec<Pos> = causes.iter().map(|c| c.origin).collect();
                    let operands = self.operands(from).into_iter().filter(|o| !already.contains(&o.origin));
                    causes.extend(operands);
                }
                return Some(causes);
            }
            if marker::has_markers(text) {
                return None;
            }
        }
        if let Some(access) = super::object::access_of(value)
            && let Some(touched) = self.log.get(access as usize)
        {
            let mut causes = Vec::new();
            self.add_touched(&mut causes, &touched.clone());
            for c in &mut causes {
                c.how = c.how.min(How::Direct);
            }
            return Some(causes);
        }
        let mut causes = self.operands(from);
        let own = causes.len();
        for name in names {
            match self.names.get(name) {
                Some(Binding::Causes(bound)) => {
                    for c in bound {
                        add(&mut causes, Cause { how: c.how.max(How::Operand), ..c.clone() });
                    }
                }
                Some(Binding::Container(access, bound)) if !self.entered_since(from, *access) => {
                    for c in bound {
                        add(&mut causes, Cause { how: c.how.max(How::Operand), ..c.clone() });
                    }
                }
                None | Some(Binding::Container(..)) => {}
                Some(Binding::LoopOver(list)) => {
                    // the item itself, unless something in it was touched by this very expression
                    let item = self
                        .log
                        .iter()
                        .enumerate()
                        .rev()
                        .find(|(_, t)| t.parent == *list && t.missing.is_none());
                    if let Some((access, touched)) = item
                        && !self.entered_since(from, access as Access)
                    {
                        self.add_touched(&mut causes, touched);
                    }
                }
            }
        }
        if causes.is_empty() && !names.is_empty() {
            causes = self.same_number(&value.to_string());
        }
        // a number or boolean that is printed as it was read
        if let [only] = causes.as_mut_slice()
            && own <= 1
            && self.log.iter().rev().take(64).any(|t| {
                t.origin == only.origin && t.printed.as_deref().is_some_and(|p| *p == *value.to_string())
            })
        {
            only.how = How::Direct;
        }
        Some(causes)
    }

    /// A number that went through a macro's arguments lost its identity: the last one touched that prints so.
    fn same_number(&self, printed: &str) -> Vec<Cause> {
        let mut causes = Vec::new();
        let recent = self.log.iter().rev().take(64);
        if let Some(t) = recent.into_iter().find(|t| t.printed.as_deref() == Some(printed)) {
            self.add_touched(&mut causes, t);
        }
        causes
    }

    /// What a name is bound to that is given a value.
    fn binding(value: &Value, causes: &[Cause]) -> Binding {
        match super::object::access_of(value) {
            Some(access) => Binding::Container(access, causes.to_vec()),
            None => Binding::Causes(causes.to_vec()),
        }
    }

    /// Binds the names of a `set` or a `with`.
    pub(crate) fn bind(&mut self, names: &str, value: &Value, causes: &[Cause]) {
        for name in names.split(',').map(str::trim) {
            // a field of a namespace is set again and again: it depends on all that went into it
            if let Some((namespace, _)) = name.split_once('.') {
                if let Some(Binding::Causes(old)) = self.names.get_mut(namespace) {
                    for c in causes {
                        add(old, c.clone());
                    }
                    continue;
                }
                self.names.insert(namespace.into(), Binding::Causes(causes.to_vec()));
            } else {
                self.names.insert(name.into(), Self::binding(value, causes));
            }
        }
    }

    /// Binds the names of a `for` to the items of what it goes through.
    pub(crate) fn bind_loop(&mut self, names: &str, over: &Value, causes: &[Cause]) {
        for name in names.split(',').map(|n| n.trim().trim_matches(['(', ')'])) {
            let binding = match super::object::access_of(over) {
                Some(access) => Binding::LoopOver(access),
                None => Binding::Causes(causes.to_vec()),
            };
            self.names.insert(name.into(), binding);
        }
    }

    /// A macro begins: its parameters hide names outside.
    pub(crate) fn enter_macro(&mut self, parameters: &[(Box<str>, Value)]) {
        let mut hidden = Vec::new();
        for (name, value) in parameters {
            self.frames.push(self.log.len());
            let mut causes = self.causes_of(value, self.log.len(), &[]).unwrap_or_default();
            if causes.is_empty() {
                causes = self.same_number(&value.to_string());
            }
            let binding = Self::binding(value, &causes);
            hidden.push((name.clone(), self.names.insert(name.clone(), binding)));
        }
        self.shadowed.push(hidden);
    }

    /// A macro ends.
    pub(crate) fn leave_macro(&mut self) {
        for (name, old) in self.shadowed.pop().unwrap_or_default() {
            match old {
                Some(binding) => self.names.insert(name, binding),
                None => self.names.remove(&name),
            };
        }
    }

    /// A condition of an `if` chain was looked at. Later branches depend on earlier conditions too.
    pub(crate) fn branch(&mut self, chain: u32, first: bool, causes: &[Cause]) {
        let seen = self.branches.entry(chain).or_default();
        if first {
            seen.clear();
        }
        for c in causes {
            add(seen, Cause { how: How::Conditional, ..c.clone() });
        }
    }

    /// The items that a turn of a loop is about; the list itself if they are not known.
    pub(crate) fn item_causes(&mut self, chain: u32, items: &[Value]) -> Vec<Cause> {
        let mut causes = Vec::new();
        for item in items {
            let known = match item.as_str() {
                Some(text) => self.causes_of_text(text).cloned().unwrap_or_default(),
                None => {
                    match super::object::access_of(item).and_then(|a| self.log.get(a as usize).cloned()) {
                        Some(touched) => {
                            let mut own = Vec::new();
                            self.add_touched(&mut own, &touched);
                            own
                        }
                        None => Vec::new(),
                    }
                }
            };
            for c in known {
                add(&mut causes, Cause { how: How::Conditional, ..c });
            }
        }
        if causes.is_empty() { self.branch_causes(chain) } else { causes }
    }

    /// The conditions that were looked at in a chain.
    pub(crate) fn branch_causes(&self, chain: u32) -> Vec<Cause> {
        self.branches.get(&chain).cloned().unwrap_or_default()
    }

    /// Makes a text known as computed from these causes.
    pub(crate) fn keep(&mut self, text: &str, causes: Vec<Cause>) -> Value {
        if text.is_empty() || causes.is_empty() {
            return Value::from(text);
        }
        let text: Arc<str> = Arc::from(text);
        self.texts.insert(text.as_ptr() as usize, causes);
        self.kept.push(text.clone());
        Value::from(text)
    }

    /// Everything that a marked text depends on.
    pub(crate) fn all_causes(&self, marked: &str) -> Vec<Cause> {
        let mut seen: IndexMap<(Pos, Part), Cause> = IndexMap::new();
        let mut note = |causes: &[Cause]| {
            for c in causes {
                let slot = seen.entry((c.line, c.part.clone())).or_insert_with(|| c.clone());
                slot.how = slot.how.min(c.how);
            }
        };
        for token in marker::tokens(marked) {
            match token {
                Token::Mark(Mark::Emit(n)) => {
                    if let Some(e) = self.get_emission(n) {
                        note(&e.causes);
                    }
                }
                Token::Mark(Mark::Context(n)) => {
                    if let Some(Context::Control(causes)) = self.get_context(n) {
                        note(causes);
                    }
                }
                _ => {}
            }
        }
        seen.into_values().collect()
    }
}
