//! Filters.
//!
//! Those that only pass values on, or lay text out, keep what is known of each part. Of any other the result depends
//! on all that went in, computed by minijinja from plain values.

use super::causes::{Chain, Set};
use super::eval::named;
use super::run::{Result, Run, fault};
use super::text::{Kind, Text};
use super::tree::Argument;
use super::value::{Data, Seq, Val};
use crate::engine::How;
use minijinja::{ErrorKind, Value as Jinja};
use mwrender_diagnostic::Pos;
use std::rc::Rc;
use std::sync::Arc;

impl Run<'_> {
    /// Applies a filter.
    pub(super) fn filter(&mut self, name: &str, value: Val, arguments: &[Argument], at: Pos) -> Result<Val> {
        let (positions, names) = self.arguments(arguments)?;
        self.apply(name, value, &positions, &names, at)
    }

    fn apply(
        &mut self,
        name: &str,
        value: Val,
        positions: &[Val],
        names: &[(Arc<str>, Val)],
        at: Pos,
    ) -> Result<Val> {
        match (name, positions) {
            ("default" | "d", _) => return Ok(self.default(value, positions, names)),
            ("required", _) => {
                let truth = value.plain();
                if truth.is_undefined() || truth.is_none() || truth.as_str() == Some("") {
                    return self.generic(name, &value, positions, names);
                }
                return Ok(value);
            }
            ("toyaml", []) if !value.is_undefined() => return self.write_yaml(&value, at),
            ("tojson", []) if !value.is_undefined() => {
                let indent = named(names, "indent").map(Val::plain);
                return self.write_json(&value, indent.and_then(|i| i.as_usize()).unwrap_or(0), at);
            }
            ("fromyaml" | "fromjson", []) => {
                if let Some(text) = self.text_of(&value) {
                    return self.parse(&text, name);
                }
            }
            ("indent" | "nindent", [width]) if value.as_str().is_some() => {
                if let (Some(text), Some(columns)) = (self.text_of(&value), width.plain().as_usize()) {
                    let text = Val::text(text.indent(columns, name == "nindent"));
                    let decided = self.operands(&[width]);
                    return Ok(self.inherit(text, decided));
                }
            }
            ("trim", []) if value.as_str().is_some() => {
                if let Some(text) = self.text_of(&value) {
                    return Ok(Val::text(text.trim()));
                }
            }
            ("lines", []) if value.as_str().is_some() => {
                if let Some(text) = self.text_of(&value) {
                    return self.lines(&text, &value, name);
                }
            }
            ("upper" | "lower" | "regex_escape" | "replace", _) if value.as_str().is_some() => {
                return self.by_pieces(name, &value, positions, names);
            }
            ("quote", []) => {
                let quoted = self.plain_filter(name, &value, positions, names)?;
                if let (Some(text), Some(quoted)) = (self.text_of(&value), quoted.as_str())
                    && quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"')) == Some(&text.text)
                {
                    let mut out = Text::of("\"", Chain::default(), Set::EMPTY);
                    out.append(&text, Chain::default(), |s| s);
                    out.push("\"", Chain::default(), Set::EMPTY);
                    return Ok(Val::text(out));
                }
            }
            ("join", _) => return self.join(&value, positions, names),
            ("list" | "first" | "last" | "reverse", []) if value.holds_items() => {
                return self.taken(name, &value);
            }
            ("items", []) => return self.pairs(&value),
            ("length" | "count", []) => {
                let own = if value.as_str().is_some() { self.whole(&value) } else { self.shape(&value) };
                let extra = self.causes.raise(own, How::Operand);
                let result = self.state.apply_filter(name, &[value.plain()])?;
                return Ok(Val { data: Data::Other(result), extra });
            }
            ("select" | "reject", _) => return self.select(&value, None, positions, name == "select"),
            ("selectattr" | "rejectattr", [attribute, rest @ ..]) => {
                return self.select(&value, Some(attribute), rest, name == "selectattr");
            }
            ("map", _) if !value.is_undefined() => return self.map_filter(&value, positions, names, at),
            ("sort" | "unique" | "batch" | "slice" | "dictsort", _) => {
                return self.arranged(name, &value, positions, names);
            }
            ("sha256", []) => {
                let whole = self.whole(&value);
                let extra = self.causes.raise(whole, How::Hash);
                let result = self.state.apply_filter(name, &[value.plain()])?;
                return Ok(Val { data: Data::Other(result), extra });
            }
            _ => {}
        }
        self.generic(name, &value, positions, names)
    }

    /// Items of a list as they are: all, the first, the last, from the end.
    fn taken(&mut self, name: &str, value: &Val) -> Result<Val> {
        let (mut items, shape) = self.items(value)?;
        let one = match name {
            "first" => items.first().cloned(),
            "last" => items.last().cloned(),
            _ => {
                if name == "reverse" {
                    items.reverse();
                }
                return Ok(Self::list(items, shape));
            }
        };
        let shape = self.causes.raise(shape, How::Conditional);
        Ok(self.inherit(one.unwrap_or_else(Val::undefined), shape))
    }

    /// A filter that is minijinja's business.
    fn generic(
        &mut self,
        name: &str,
        value: &Val,
        positions: &[Val],
        names: &[(Arc<str>, Val)],
    ) -> Result<Val> {
        let all = inputs(value, positions, names);
        let extra = self.operands(&all);
        let result = self.plain_filter(name, value, positions, names)?;
        // a number made a text, say, is still what it was
        if all.len() == 1
            && let (Some(before), Some(after)) = (self.text_of(value), crate::filters::scalar_text(&result))
            && before.text == after
        {
            let own = self.own(value);
            return Ok(Val { data: Data::Other(result), extra: own });
        }
        Ok(self.tracked(result, extra))
    }

    fn plain_filter(
        &mut self,
        name: &str,
        value: &Val,
        positions: &[Val],
        names: &[(Arc<str>, Val)],
    ) -> Result<Jinja> {
        let mut arguments = vec![value.plain()];
        arguments.extend(Self::plain_arguments(positions, names));
        if let (Data::Undefined(missing), "required") = (&value.data, name) {
            let missing = missing.clone();
            let result = self.state.apply_filter(name, &arguments);
            return result.map_err(|error| Box::new(super::run::Fault { error, missing }));
        }
        Ok(self.state.apply_filter(name, &arguments)?)
    }

    fn default(&mut self, value: Val, positions: &[Val], names: &[(Arc<str>, Val)]) -> Val {
        let otherwise = positions.first().cloned();
        let otherwise = otherwise.unwrap_or_else(|| Val::text(Text::default()));
        let falsy = positions.get(1).or_else(|| named(names, "boolean"));
        let falsy = falsy.is_some_and(super::value::Val::is_true);
        if value.is_undefined() {
            let own = self.own(&value);
            let decided = self.causes.raise(own, How::Conditional);
            return self.inherit(otherwise, decided);
        }
        if falsy && !value.is_true() {
            let truth = self.truth(&value);
            let decided = self.causes.raise(truth, How::Conditional);
            return self.inherit(otherwise, decided);
        }
        value
    }

    /// Applies a filter that takes a text letter by letter to each piece of it.
    fn by_pieces(
        &mut self,
        name: &str,
        value: &Val,
        positions: &[Val],
        names: &[(Arc<str>, Val)],
    ) -> Result<Val> {
        let whole = self.plain_filter(name, value, positions, names)?;
        let (Some(text), Some(expected)) = (self.text_of(value), whole.as_str()) else {
            return self.generic(name, value, positions, names);
        };
        let arguments: Vec<&Val> = positions.iter().chain(names.iter().map(|(_, v)| v)).collect();
        let decided = self.operands(&arguments);
        let mut out = Text::default();
        let pieces: Vec<_> = text.pieces_in(0..text.len()).map(|(r, p)| (r, *p)).collect();
        for (range, piece) in pieces {
            if piece.kind != Kind::Bytes {
                out.note(piece.causes, piece.kind);
                continue;
            }
            let part = Val::new(Data::Other(Jinja::from(&text.text[range])));
            let changed = self.plain_filter(name, &part, positions, names)?;
            let causes = self.causes.union(piece.causes, decided);
            let causes = self.causes.raise(causes, How::Operand);
            out.push(changed.as_str().unwrap_or_default(), piece.chain, causes);
        }
        if out.text == expected {
            return Ok(Val::text(out));
        }
        let mut all = vec![value];
        all.extend(arguments);
        let extra = self.operands(&all);
        Ok(Val { data: Data::Other(whole), extra })
    }

    fn join(&mut self, value: &Val, positions: &[Val], names: &[(Arc<str>, Val)]) -> Result<Val> {
        let result = self.plain_filter("join", value, positions, names)?;
        if !value.is_undefined()
            && value.as_str().is_none()
            && names.is_empty()
            && let Some(expected) = result.as_str()
        {
            let (items, shape) = self.items(value)?;
            let separator = match positions.first() {
                Some(separator) => self.text_of(separator),
                None => Some(Text::default()),
            };
            let mut out = Text::default();
            let shape = self.causes.raise(shape, How::Conditional);
            out.note(shape, Kind::Line);
            for (i, item) in items.iter().enumerate() {
                let (Some(text), Some(separator)) = (self.text_of(item), &separator) else { break };
                if i > 0 {
                    out.append(separator, Chain::default(), |s| self.causes.union(s, shape));
                }
                out.append(&text, Chain::default(), |s| s);
                if text.text.is_empty() {
                    let own = self.own(item);
                    out.note(own, Kind::Line);
                }
            }
            if out.text == expected {
                return Ok(Val::text(out));
            }
        }
        let mut all = vec![value];
        all.extend(positions);
        let extra = self.operands(&all);
        Ok(Val { data: Data::Other(result), extra })
    }

    /// The entries of a mapping as pairs.
    fn pairs(&mut self, value: &Val) -> Result<Val> {
        let mut pairs = Vec::new();
        let (keys, shape) = self.items(value)?;
        for key in keys {
            let Some(name) = key.as_str() else {
                return self.generic("items", value, &[], &[]);
            };
            let entry = self.attribute(value, name)?;
            let pair = Seq { items: vec![key, entry], shape: Set::EMPTY, tuple: true };
            pairs.push(Val::new(Data::Seq(Rc::new(pair))));
        }
        Ok(Self::list(pairs, shape))
    }

    /// The items for which a test holds, or does not: each depends on that it did.
    fn select(&mut self, value: &Val, attribute: Option<&Val>, rest: &[Val], keep: bool) -> Result<Val> {
        let (items, mut shape) = self.items(value)?;
        let mut kept = Vec::new();
        for item in items {
            let tested = match attribute {
                Some(path) => self.path(&item, path)?,
                None => item.clone(),
            };
            let (holds, causes) = match rest {
                [] => (tested.is_true(), self.truth(&tested)),
                [name, arguments @ ..] => {
                    let Some(name) = name.as_str() else {
                        return fault(ErrorKind::InvalidOperation, "the name of a test is a text");
                    };
                    self.test(name, &tested, arguments, &[])?
                }
            };
            let decided = self.causes.raise(causes, How::Conditional);
            shape = self.causes.union(shape, decided);
            if holds == keep {
                kept.push(self.inherit(item, decided));
            }
        }
        Ok(Self::list(kept, shape))
    }

    /// What an item has under `a.b`.
    fn path(&mut self, item: &Val, path: &Val) -> Result<Val> {
        let Some(path) = path.as_str() else { return self.item(item, path) };
        let mut found = item.clone();
        for part in path.split('.') {
            if found.is_undefined() {
                break;
            }
            found = match part.parse::<i64>() {
                Ok(number) => self.item(&found, &Val::new(Data::Other(Jinja::from(number))))?,
                Err(_) => self.attribute(&found, part)?,
            };
        }
        Ok(found)
    }

    /// An attribute of each item, or a filter applied to each.
    fn map_filter(
        &mut self,
        value: &Val,
        positions: &[Val],
        names: &[(Arc<str>, Val)],
        at: Pos,
    ) -> Result<Val> {
        let (items, shape) = self.items(value)?;
        let mut mapped = Vec::new();
        let attribute = named(names, "attribute");
        let otherwise = named(names, "default");
        for item in items {
            mapped.push(match (attribute, positions) {
                (Some(path), _) => {
                    let found = self.path(&item, path)?;
                    match otherwise {
                        Some(otherwise) => self.default(found, std::slice::from_ref(otherwise), &[]),
                        None => found,
                    }
                }
                (None, [name, rest @ ..]) => {
                    let Some(name) = name.as_str() else {
                        return fault(ErrorKind::InvalidOperation, "the name of a filter is a text");
                    };
                    self.apply(name, item, rest, names, at)?
                }
                (None, []) => return self.generic("map", value, positions, names),
            });
        }
        Ok(Self::list(mapped, shape))
    }

    /// The same items in another order or in groups, or fewer: what is there depends on all.
    fn arranged(
        &mut self,
        name: &str,
        value: &Val,
        positions: &[Val],
        names: &[(Arc<str>, Val)],
    ) -> Result<Val> {
        let all = inputs(value, positions, names);
        let whole = self.operands(&all);
        let decided = self.causes.raise(whole, How::Conditional);
        let mut pool = Vec::new();
        if !value.is_undefined() && value.as_str().is_none() {
            for item in self.items(value)?.0 {
                if let Ok(entry) = self.item(value, &item)
                    && name == "dictsort"
                {
                    pool.push((entry.plain(), entry));
                }
                pool.push((item.plain(), item));
            }
        }
        let result = self.plain_filter(name, value, positions, names)?;
        let tracked = self.tracked(result, decided);
        self.recognise(tracked, &pool)
    }

    /// Gives scalars that look like one of these what is known of it.
    fn recognise(&mut self, value: Val, pool: &[(Jinja, Val)]) -> Result<Val> {
        match &value.data {
            Data::Seq(seq) => {
                let items = seq.items.clone();
                let items =
                    items.into_iter().map(|item| self.recognise(item, pool)).collect::<Result<Vec<_>>>()?;
                let seq = Seq { items, shape: seq.shape, tuple: seq.tuple };
                Ok(Val { data: Data::Seq(Rc::new(seq)), extra: value.extra })
            }
            Data::Other(plain) => {
                let alike: Vec<Val> =
                    pool.iter().filter(|(p, _)| p == plain).map(|(_, v)| v.clone()).collect();
                let all: Vec<Set> = alike.iter().map(|v| self.own(v)).collect();
                let own = self.causes.union_all(all);
                let own = self.causes.joined(own);
                Ok(self.inherit(value, own))
            }
            _ => Ok(value),
        }
    }

    /// The lines of a text.
    fn lines(&mut self, text: &Text, value: &Val, name: &str) -> Result<Val> {
        let plain = self.plain_filter(name, value, &[], &[])?;
        let expected: Vec<Jinja> = plain.try_iter()?.collect();
        let mut found = Vec::new();
        let mut at = 0;
        for line in text.text.lines() {
            // `lines` takes the line breaks away
            let start = at + text.text[at..].find(line).unwrap_or(0);
            found.push(text.slice(start..start + line.len()));
            at =
                text.text[start + line.len()..].find('\n').map_or(text.len(), |n| start + line.len() + n + 1);
        }
        let alike = expected.len() == found.len()
            && expected.iter().zip(&found).all(|(e, f)| e.as_str() == Some(&f.text));
        if !alike {
            return self.generic(name, value, &[], &[]);
        }
        let whole = text.whole(&mut self.causes);
        let shape = self.causes.raise(whole, How::Conditional);
        Ok(Self::list(found.into_iter().map(Val::text).collect(), shape))
    }
}

/// A filter's value and arguments.
fn inputs<'v>(value: &'v Val, positions: &'v [Val], names: &'v [(Arc<str>, Val)]) -> Vec<&'v Val> {
    std::iter::once(value).chain(positions).chain(names.iter().map(|(_, v)| v)).collect()
}
