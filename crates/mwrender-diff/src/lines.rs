//! The lines in which two objects differ, and those they share.
//!
//! Both objects are walked together and written as YAML lines, each with the place in either text that it stands
//! for. What is equal is written once.

use crate::align::Numbers;
use crate::merge_keys::merge_key;
use mwrender_diagnostic::Pos;
use mwrender_values::{Data, Map, Value};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::sync::Arc;

/// Whether a line is on both sides or on one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tag {
    /// On both sides.
    Equal,
    /// Only in the old object.
    Delete,
    /// Only in the new object.
    Insert,
}

/// A line of a diff.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// On which side it is.
    pub tag: Tag,
    /// Its text with indentation.
    pub text: String,
    /// What was read there in the old object; [`Pos::NONE`] for inserted lines.
    pub old: Pos,
    /// What was read there in the new object; [`Pos::NONE`] for deleted lines.
    pub new: Pos,
    /// Whether it is a line of an embedded text, whose own spelling counts.
    pub embedded: bool,
}

/// The lines of two versions of an object. `kind` decides by which keys lists align.
pub fn diff_objects(kind: &str, old: &Value, new: &Value) -> Vec<Line> {
    let mut walk = Walk { kind, path: Vec::new(), lines: Vec::new() };
    walk.both(old, new, &Head::default());
    walk.lines
}

/// All lines of an object that is only on one side.
pub fn all_lines(value: &Value, tag: Tag) -> Vec<Line> {
    let mut walk = Walk { kind: "", path: Vec::new(), lines: Vec::new() };
    walk.one(value, tag, &Head::default());
    walk.lines
}

/// What stands before a value on its first line: indentation, dashes of lists, a key.
#[derive(Clone, Default)]
struct Head {
    /// The text so far, with indentation.
    text: String,
    /// The columns by which further lines of the value are indented.
    indent: usize,
    /// Where the key was read, in the old and the new object.
    old: Pos,
    new: Pos,
    /// Whether a key stands last in `text`.
    key: bool,
}

struct Walk<'a> {
    kind: &'a str,
    path: Vec<Arc<str>>,
    lines: Vec<Line>,
}

impl Walk<'_> {
    fn push(&mut self, tag: Tag, text: String, old: Pos, new: Pos) {
        let (old, new) = match tag {
            Tag::Equal => (old, new),
            Tag::Delete => (old, Pos::NONE),
            Tag::Insert => (Pos::NONE, new),
        };
        self.lines.push(Line { tag, text, old, new, embedded: false });
    }

    /// Writes a value that is on both sides, or on each another one.
    fn both(&mut self, old: &Value, new: &Value, head: &Head) {
        match (&old.data, &new.data) {
            (Data::Map(a), Data::Map(b)) if !a.is_empty() && !b.is_empty() => self.maps(a, b, head),
            (Data::List(a), Data::List(b)) if !a.is_empty() && !b.is_empty() => self.lists(a, b, head),
            (Data::String(a), Data::String(b)) if is_block(&a.text) && is_block(&b.text) => {
                let header = |text: &str| format!("{} |{}", head.text, block_header(text, head));
                if header(&a.text) == header(&b.text) {
                    self.push(Tag::Equal, header(&b.text), at(head.old, old), at(head.new, new));
                } else {
                    self.push(Tag::Delete, header(&a.text), at(head.old, old), Pos::NONE);
                    self.push(Tag::Insert, header(&b.text), Pos::NONE, at(head.new, new));
                }
                self.texts(a, b, head.indent + 2);
            }
            _ if old == new => self.equal(old, new, head),
            _ => {
                self.one(old, Tag::Delete, head);
                self.one(new, Tag::Insert, head);
            }
        }
    }

    fn maps(&mut self, old: &Map, new: &Map, head: &Head) {
        let mut head = self.open(head, Tag::Equal);
        // the new object's order, with keys that are gone where they stood
        let mut gone = old.iter().peekable();
        let mut emit_gone = |walk: &mut Self, head: &mut Head, until: Option<&str>| {
            while let Some((key, entry)) = gone.peek() {
                if until == Some(&***key) {
                    break;
                }
                if until.is_some() && new.contains_key(*key) {
                    break;
                }
                if !new.contains_key(*key) {
                    let inner = head.key(key, entry.key_origin, Pos::NONE);
                    walk.path.push((*key).clone());
                    walk.one(&entry.value, Tag::Delete, &inner);
                    walk.path.pop();
                    head.next();
                }
                gone.next();
            }
        };
        for (key, entry) in new {
            emit_gone(self, &mut head, Some(key));
            let before = old.get(key);
            let inner = head.key(key, before.map_or(Pos::NONE, |e| e.key_origin), entry.key_origin);
            self.path.push(key.clone());
            match before {
                Some(before) => self.both(&before.value, &entry.value, &inner),
                None => self.one(&entry.value, Tag::Insert, &inner),
            }
            self.path.pop();
            head.next();
        }
        emit_gone(self, &mut head, None);
    }

    fn lists(&mut self, old: &[Value], new: &[Value], head: &Head) {
        let mut head = self.open(head, Tag::Equal);
        let names: Vec<&str> = self.path.iter().map(|n| &**n).collect();
        let key = merge_key(self.kind, &names).filter(|key| {
            let has = |v: &Value| v.get(key).is_some();
            old.iter().all(has) && new.iter().all(has)
        });
        // items that stand for the same thing get the same number
        let mut numbers = Numbers::default();
        let named = |item| key.and_then(|k| Value::get(item, k)).unwrap_or(item);
        let old_numbers: Vec<usize> = old.iter().map(|v| numbers.of(named(v))).collect();
        let new_numbers: Vec<usize> = new.iter().map(|v| numbers.of(named(v))).collect();
        for op in capture_diff_slices(Algorithm::Myers, &old_numbers, &new_numbers) {
            match op {
                DiffOp::Equal { old_index, new_index, len } => {
                    for i in 0..len {
                        let item = head.item();
                        self.both(&old[old_index + i], &new[new_index + i], &item);
                        head.next();
                    }
                }
                DiffOp::Delete { old_index, old_len, .. } => {
                    self.items(&old[old_index..old_index + old_len], Tag::Delete, &mut head);
                }
                DiffOp::Insert { new_index, new_len, .. } => {
                    self.items(&new[new_index..new_index + new_len], Tag::Insert, &mut head);
                }
                DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                    let (a, b) = (&old[old_index..old_index + old_len], &new[new_index..new_index + new_len]);
                    // one mapping in the place of another is the same one, changed, unless its key says otherwise
                    let pairs = if key.is_none() { old_len.min(new_len) } else { 0 };
                    let alike = |i: usize| {
                        a[i].as_map().is_some() && b[i].as_map().is_some()
                            || a[i].as_list().is_some() && b[i].as_list().is_some()
                    };
                    if pairs > 0 && (0..pairs).all(alike) {
                        for i in 0..pairs {
                            let item = head.item();
                            self.both(&a[i], &b[i], &item);
                            head.next();
                        }
                        self.items(&a[pairs..], Tag::Delete, &mut head);
                        self.items(&b[pairs..], Tag::Insert, &mut head);
                    } else {
                        self.items(a, Tag::Delete, &mut head);
                        self.items(b, Tag::Insert, &mut head);
                    }
                }
            }
        }
    }

    fn items(&mut self, items: &[Value], tag: Tag, head: &mut Head) {
        for item in items {
            let inner = head.item();
            self.one(item, tag, &inner);
            head.next();
        }
    }

    /// Writes the key of a map or list on a line of its own, if there is one, and gives the head of what is in it.
    fn open(&mut self, head: &Head, tag: Tag) -> Head {
        if head.key {
            self.push(tag, head.text.clone(), head.old, head.new);
            return Head { text: " ".repeat(head.indent), indent: head.indent, ..Head::default() };
        }
        head.clone()
    }

    fn equal(&mut self, old: &Value, new: &Value, head: &Head) {
        let from = self.lines.len();
        self.one(new, Tag::Insert, head);
        let mut theirs = Walk { kind: self.kind, path: Vec::new(), lines: Vec::new() };
        theirs.one(old, Tag::Delete, head);
        let theirs = theirs.lines;
        for (i, line) in self.lines[from..].iter_mut().enumerate() {
            line.tag = Tag::Equal;
            line.old = theirs.get(i).map_or(Pos::NONE, |l| l.old);
        }
    }

    /// Writes a value that is on one side.
    fn one(&mut self, value: &Value, tag: Tag, head: &Head) {
        match &value.data {
            Data::Map(map) if !map.is_empty() => {
                let mut inner = self.open(head, tag);
                for (key, entry) in map.iter() {
                    let line = inner.key(key, entry.key_origin, entry.key_origin);
                    self.one(&entry.value, tag, &line);
                    inner.next();
                }
            }
            Data::List(items) if !items.is_empty() => {
                let mut inner = self.open(head, tag);
                self.items(items, tag, &mut inner);
            }
            Data::String(text) if is_block(&text.text) => {
                let origin = at(head.side(tag), value);
                self.push(tag, format!("{} |{}", head.text, block_header(&text.text, head)), origin, origin);
                let margin = " ".repeat(head.indent + 2);
                for (i, line) in text_lines(&text.text).enumerate() {
                    let origin = text.lines.as_ref().and_then(|l| l.get(i)).copied().unwrap_or(value.origin);
                    self.embedded(tag, &margin, line, origin, origin);
                }
            }
            _ => {
                let text = scalar(value);
                let separator = if head.key { " " } else { "" };
                let origin = if value.origin.is_some() { value.origin } else { head.side(tag) };
                self.push(tag, format!("{}{separator}{text}", head.text), origin, origin);
            }
        }
    }

    fn embedded(&mut self, tag: Tag, margin: &str, line: &str, old: Pos, new: Pos) {
        let text = if line.is_empty() { String::new() } else { format!("{margin}{line}") };
        // a carriage return would be seen on no terminal
        self.push(tag, text.replace('\r', "␍"), old, new);
        if let Some(line) = self.lines.last_mut() {
            line.embedded = true;
        }
    }

    /// Writes two texts of several lines.
    fn texts(&mut self, old: &mwrender_values::Text, new: &mwrender_values::Text, indent: usize) {
        let margin = " ".repeat(indent);
        let of = |text: &mwrender_values::Text, i: usize| {
            text.lines.as_ref().and_then(|l| l.get(i)).copied().unwrap_or(Pos::NONE)
        };
        let a: Vec<&str> = text_lines(&old.text).collect();
        let b: Vec<&str> = text_lines(&new.text).collect();
        for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
            if let DiffOp::Equal { old_index, new_index, len } = op {
                for i in 0..len {
                    self.embedded(
                        Tag::Equal,
                        &margin,
                        b[new_index + i],
                        of(old, old_index + i),
                        of(new, new_index + i),
                    );
                }
                continue;
            }
            for i in op.old_range() {
                self.embedded(Tag::Delete, &margin, a[i], of(old, i), Pos::NONE);
            }
            for i in op.new_range() {
                self.embedded(Tag::Insert, &margin, b[i], Pos::NONE, of(new, i));
            }
        }
    }
}

impl Head {
    fn side(&self, tag: Tag) -> Pos {
        if tag == Tag::Delete { self.old } else { self.new }
    }

    /// The head of what a key has.
    fn key(&self, key: &str, old: Pos, new: Pos) -> Head {
        Head {
            text: format!("{}{}:", self.text, plain_or_quoted(key)),
            indent: self.indent + 2,
            old,
            new,
            key: true,
        }
    }

    /// The head of an item of a list.
    fn item(&self) -> Head {
        let indent = self.indent + 2;
        Head { text: format!("{}- ", self.text), indent, old: Pos::NONE, new: Pos::NONE, key: false }
    }

    /// The first line is written: dashes before it are not repeated.
    fn next(&mut self) {
        self.text = " ".repeat(self.indent);
    }
}

fn at(key: Pos, value: &Value) -> Pos {
    if key.is_some() { key } else { value.origin }
}

/// Whether a text is shown as a block of lines.
fn is_block(text: &str) -> bool {
    text.trim_end_matches('\n').contains('\n') || text.ends_with('\n')
}

/// What follows `|`: how deep lines are indented, if the first one begins with blanks of its own, and what is at the
/// end.
fn block_header(text: &str, head: &Head) -> String {
    let body = text.trim_end_matches('\n');
    let first = body.trim_start_matches('\n');
    let depth = if first.is_empty() || first.starts_with(' ') {
        // YAML counts from where the key is, or the dash of the list
        let from = if head.key {
            head.text.len() - head.text.trim_start_matches([' ', '-']).len()
        } else {
            head.text.rfind('-').unwrap_or(0)
        };
        (head.indent + 2).saturating_sub(from).to_string()
    } else {
        String::new()
    };
    let end = match text.len() - body.len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    depth + end
}

/// The lines of a text, without line feeds.
fn text_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').map(|l| l.strip_suffix('\n').unwrap_or(l))
}

fn scalar(value: &Value) -> String {
    match &value.data {
        Data::Null => "null".to_string(),
        Data::Bool(b) => b.to_string(),
        Data::Number(n) => n.spelling.to_string(),
        Data::String(t) => plain_or_quoted(&t.text),
        Data::List(_) => "[]".to_string(),
        Data::Map(_) => "{}".to_string(),
    }
}

/// A text as YAML has it on one line: plain where it reads back as the same text.
fn plain_or_quoted(text: &str) -> String {
    let value = Value::string(text);
    let mut written =
        mwrender_values::emit::yaml::to_string(&value, mwrender_values::emit::yaml::YamlStyle::default());
    written.truncate(written.trim_end().len());
    written
}
