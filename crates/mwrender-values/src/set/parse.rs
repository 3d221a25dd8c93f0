//! The grammar of settings.
//!
//! What may look like accidents here are Helm's: `a.` sets nothing and is no error, `a[0].b=` at the end of a
//! setting is lost unless the list has that item, and a second setting after `]` of a list goes without comma.

use super::mistake::{Fault, MAX_INDEX, MAX_LEVELS, Mistake, Shape};
use super::{FileReader, SetKind, json};
use crate::value::{Data, Entry, Loser, Map, Number, NumberKind, Text, Value};
use mwrender_diagnostic::{Pos, Span};
use std::sync::Arc;

/// Why a key is not followed by another one.
enum Stop {
    /// The setting ends.
    End,
    /// The setting is wrong.
    Fault(Box<Fault>),
}

/// Some text of a setting without its backslashes.
struct Piece {
    text: String,
    start: usize,
    /// Where its lines start.
    lines: Vec<usize>,
}

pub(super) struct Parser<'p, 'f> {
    kind: SetKind,
    text: &'p str,
    at: usize,
    base: Pos,
    files: &'p mut FileReader<'f>,
}

impl<'p, 'f> Parser<'p, 'f> {
    pub(super) fn new(kind: SetKind, text: &'p str, base: Pos, files: &'p mut FileReader<'f>) -> Self {
        Parser { kind, text, at: 0, base, files }
    }

    pub(super) fn run(mut self, map: &mut Map) -> Result<(), Box<Fault>> {
        loop {
            match self.key(map, 0) {
                Ok(()) => {}
                Err(Stop::End) => return Ok(()),
                Err(Stop::Fault(fault)) => return Err(fault),
            }
        }
    }

    fn fault(&self, start: usize, mistake: Mistake) -> Stop {
        let start = start.min(self.text.len());
        let span = Span::new(self.base.offset(start as u32), (self.at.max(start + 1) - start) as u32);
        Stop::Fault(Box::new(Fault { kind: self.kind, mistake, span }))
    }

    fn next(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// The text up to one of some characters, which is taken too; `None` for the end of the setting.
    fn until(&mut self, stops: &[char]) -> (Piece, Option<char>) {
        let mut piece = Piece { text: String::new(), start: self.at, lines: vec![self.at] };
        while let Some(c) = self.next() {
            if stops.contains(&c) {
                return (piece, Some(c));
            }
            let c = if c == '\\' && self.kind != SetKind::Literal {
                let Some(escaped) = self.next() else { break };
                escaped
            } else {
                c
            };
            piece.text.push(c);
            if c == '\n' {
                piece.lines.push(self.at);
            }
        }
        (piece, None)
    }

    fn key(&mut self, map: &mut Map, mut level: usize) -> Result<(), Stop> {
        let stops: &[char] =
            if self.kind == SetKind::Literal { &['=', '[', '.'] } else { &['=', '[', ',', '.'] };
        let (key, stop) = self.until(stops);
        match stop {
            None if key.text.is_empty() => Err(Stop::End),
            None => Err(self.fault(key.start, Mistake::NoValue { key: key.text, before_comma: false })),
            Some(',') => Err(self.fault(key.start, Mistake::NoValue { key: key.text, before_comma: true })),
            Some('=') => {
                let (value, end) = self.value()?;
                if let Some(value) = value {
                    self.set(map, &key, value);
                }
                end
            }
            Some('[') => {
                let index_at = self.at;
                let index = self.index()?;
                let mut fresh = Value::new(Data::List(Arc::default()), self.base.offset(key.start as u32));
                let existing = map.get_mut(key.text.as_str()).map(|e| &mut e.value);
                let is_fresh = existing.is_none();
                let Data::List(list) = &mut existing.unwrap_or(&mut fresh).data else {
                    return Err(self.wrong_type(key.start, map.get(key.text.as_str()), Shape::List));
                };
                let end = self.item(Arc::make_mut(list), index, index_at, level);
                if is_fresh && !matches!(end, Err(Stop::Fault(_))) {
                    self.set(map, &key, fresh);
                }
                end
            }
            Some(_) => {
                level += 1;
                if level > MAX_LEVELS {
                    return Err(self.fault(key.start, Mistake::TooDeep));
                }
                let mut fresh = Value::empty_map(self.base.offset(key.start as u32));
                let existing = map.get_mut(key.text.as_str()).map(|e| &mut e.value);
                let is_fresh = existing.is_none();
                let Data::Map(inner) = &mut existing.unwrap_or(&mut fresh).data else {
                    return Err(self.wrong_type(key.start, map.get(key.text.as_str()), Shape::Map));
                };
                let inner = Arc::make_mut(inner);
                let end = self.key(inner, level);
                let is_empty = inner.is_empty();
                if end.is_ok() && is_empty {
                    return Err(self.fault(key.start, Mistake::NothingSet { key: key.text }));
                }
                if is_fresh && !is_empty {
                    self.set(map, &key, fresh);
                }
                end
            }
        }
    }

    /// What follows `]` and belongs to the item of a list.
    fn item(&mut self, list: &mut Vec<Value>, index: i64, start: usize, level: usize) -> Result<(), Stop> {
        let Ok(index) = usize::try_from(index) else {
            return Err(self.fault(start, Mistake::NegativeIndex(index)));
        };
        let (rest, stop) = self.until(&['[', '.', '=']);
        if !rest.text.is_empty() {
            return Err(self.fault(rest.start, Mistake::AfterIndex(rest.text)));
        }
        match stop {
            None => Err(Stop::End),
            Some('=') => {
                // unlike after a key, the end of the setting is only noticed by the next key
                let (value, end) = self.value()?;
                if let Err(Stop::Fault(fault)) = end {
                    return Err(Stop::Fault(fault));
                }
                value.map_or(Ok(()), |value| self.set_index(list, index, value, start))
            }
            Some('[') => {
                let next_at = self.at;
                let next = self.index()?;
                let origin = self.base.offset(start as u32);
                let taken = list.get_mut(index).filter(|existing| !existing.is_null());
                let taken = taken.map(|existing| std::mem::replace(existing, Value::new(Data::Null, origin)));
                let was_there = taken.is_some();
                let mut nested = taken.unwrap_or_else(|| Value::new(Data::List(Arc::default()), origin));
                let Data::List(inner) = &mut nested.data else {
                    return Err(self.fault(start, Mistake::WrongType { is: nested, wanted: Shape::List }));
                };
                let end = self.item(Arc::make_mut(inner), next, next_at, level);
                if end.is_ok() || was_there {
                    self.put_index(list, index, nested, start)?;
                }
                end
            }
            Some(_) => {
                let fresh = Value::empty_map(self.base.offset(start as u32));
                if let Some(existing) = list.get_mut(index) {
                    if existing.as_map().is_none() {
                        let old = std::mem::replace(existing, fresh);
                        existing.losers = Some(lost(old));
                    }
                    let Data::Map(inner) = &mut existing.data else { return Ok(()) };
                    self.key(Arc::make_mut(inner), level)
                } else {
                    let mut fresh = fresh;
                    let Data::Map(inner) = &mut fresh.data else { return Ok(()) };
                    self.key(Arc::make_mut(inner), level)?;
                    self.put_index(list, index, fresh, start)
                }
            }
        }
    }

    fn index(&mut self) -> Result<i64, Stop> {
        let (index, stop) = self.until(&[']']);
        if stop.is_none() {
            return Err(self.fault(index.start, Mistake::OpenIndex));
        }
        index.text.parse().map_err(|_| self.fault(index.start, Mistake::NoIndex(index.text)))
    }

    /// What follows `=`, and whether the setting ended with it.
    ///
    /// A value that cannot be had leaves the setting as it is, as long as that is all.
    fn value(&mut self) -> Result<(Option<Value>, Result<(), Stop>), Stop> {
        match self.kind {
            SetKind::Literal => {
                let (piece, _) = self.until(&[]);
                Ok((Some(self.convert(piece)?), Ok(())))
            }
            SetKind::Json => {
                let start = self.at;
                if self.nothing() {
                    return Ok((Some(Value::new(Data::Null, self.base.offset(start as u32))), Ok(())));
                }
                let (value, length) = json::value(&self.text[self.at..], self.base.offset(self.at as u32))
                    .map_err(|fault| self.fault(self.at + fault.at, Mistake::NoJson(fault.message)))?;
                self.at += length;
                self.nothing();
                Ok((Some(value), Ok(())))
            }
            _ => {
                let start = self.at;
                match self.text[self.at..].chars().next() {
                    None => {
                        // the end of the setting is an empty string, even where a file is named
                        let empty = Value { origin: self.base.offset(start as u32), ..Value::string("") };
                        Ok((Some(empty), Err(Stop::End)))
                    }
                    Some('{') => {
                        self.at += 1;
                        let mut items = Vec::new();
                        loop {
                            let (piece, stop) = self.until(&[',', '}']);
                            if stop.is_none() {
                                return Err(self.fault(start, Mistake::OpenList));
                            }
                            items.push(self.convert(piece)?);
                            if stop == Some('}') {
                                break;
                            }
                        }
                        if self.text[self.at..].starts_with(',') {
                            self.at += 1;
                        }
                        let origin = self.base.offset(start as u32);
                        Ok((Some(Value::new(Data::List(Arc::new(items)), origin)), Ok(())))
                    }
                    Some(_) => {
                        let (piece, _) = self.until(&[',']);
                        Ok((Some(self.convert(piece)?), Ok(())))
                    }
                }
            }
        }
    }

    /// Skips blanks up to a comma, which it takes, or the end; says whether there was nothing else.
    fn nothing(&mut self) -> bool {
        loop {
            let before = self.at;
            match self.next() {
                None | Some(',') => return true,
                Some(c) if c.is_whitespace() => {}
                Some(_) => {
                    self.at = before;
                    return false;
                }
            }
        }
    }

    /// The value that a piece of text stands for.
    fn convert(&mut self, piece: Piece) -> Result<Value, Stop> {
        let origin = self.base.offset(piece.start as u32);
        if self.kind == SetKind::File {
            let span = Span::new(origin, (self.at - piece.start) as u32);
            let read = (self.files)(&piece.text, span);
            return read.map_err(|why| self.fault(piece.start, Mistake::Unread(why)));
        }
        let text = piece.text;
        if self.kind == SetKind::Typed {
            let is = |word: &str| text.eq_ignore_ascii_case(word);
            let data = if is("true") || is("false") {
                Some(Data::Bool(is("true")))
            } else if is("null") {
                Some(Data::Null)
            } else if text == "0" || !text.starts_with('0') {
                text.parse::<i64>().ok().map(|i| {
                    let spelling = Arc::from(i.to_string());
                    Data::Number(Number { kind: NumberKind::Int(i), spelling, int64: true })
                })
            } else {
                None
            };
            if let Some(data) = data {
                return Ok(Value::new(data, origin));
            }
        }
        let lines = text.contains('\n').then(|| {
            let count = piece.lines.len() - usize::from(text.ends_with('\n'));
            piece.lines[..count].iter().map(|at| self.base.offset(*at as u32)).collect()
        });
        Ok(Value::new(Data::String(Text { text: Arc::from(text), lines }), origin))
    }

    /// Sets a key; one without a name is not set.
    fn set(&self, map: &mut Map, key: &Piece, mut value: Value) {
        if key.text.is_empty() {
            return;
        }
        let key_origin = self.base.offset(key.start as u32);
        match map.entry(Arc::from(key.text.as_str())) {
            indexmap::map::Entry::Occupied(mut slot) => {
                let old = std::mem::replace(&mut slot.get_mut().value, Value::new(Data::Null, Pos::NONE));
                value.losers = Some(lost(old));
                slot.insert(Entry { key_origin, value });
            }
            indexmap::map::Entry::Vacant(slot) => {
                slot.insert(Entry { key_origin, value });
            }
        }
    }

    /// Sets an item over what was there.
    fn set_index(
        &self,
        list: &mut Vec<Value>,
        index: usize,
        mut value: Value,
        at: usize,
    ) -> Result<(), Stop> {
        if let Some(old) = list.get(index) {
            value.losers = Some(lost(old.clone()));
        }
        self.put_index(list, index, value, at)
    }

    /// Puts an item into a list, which grows with nulls if it has to.
    fn put_index(&self, list: &mut Vec<Value>, index: usize, value: Value, at: usize) -> Result<(), Stop> {
        if index > MAX_INDEX {
            return Err(self.fault(at, Mistake::HighIndex(index)));
        }
        if list.len() <= index {
            list.resize(index + 1, Value::new(Data::Null, value.origin));
        }
        list[index] = value;
        Ok(())
    }

    fn wrong_type(&self, start: usize, is: Option<&Entry>, wanted: Shape) -> Stop {
        let is = is.map_or_else(|| Value::new(Data::Null, Pos::NONE), |entry| entry.value.clone());
        self.fault(start, Mistake::WrongType { is, wanted })
    }
}

/// A value that was replaced, and those that it had replaced.
fn lost(mut old: Value) -> Arc<Loser> {
    let next = old.losers.take();
    Arc::new(Loser { value: old, next })
}
