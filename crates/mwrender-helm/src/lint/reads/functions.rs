//! What functions hand on of what they get.

use super::walk::{assign, look_up};
use super::{Frame, Reader, Use};
use crate::lint::paths::Step;
use crate::lint::shape::{Atom, Shape};
use mwrender_diagnostic::Span;
use mwrender_gotemplate::ast::Expr;
use std::collections::BTreeMap;
use std::rc::Rc;

impl Reader<'_, '_> {
    pub(super) fn call(
        &mut self,
        frame: &mut Frame<'_>,
        name: &str,
        exprs: &[Expr],
        piped: Option<Shape>,
    ) -> Shape {
        if name == "and" {
            return self.and(frame, exprs, piped);
        }
        let places: Vec<Span> = exprs.iter().map(|expr| Self::place(frame, expr)).collect();
        let place = places.last().copied().unwrap_or_default();
        let mut args: Vec<Shape> = exprs.iter().map(|expr| self.operand(frame, expr)).collect();
        args.extend(piped);
        match name {
            "include" => self.include(frame, &args),
            "tpl" => self.tpl(frame, &args),
            "default" | "coalesce" | "or" => {
                self.all(frame, &args, Use::Tested, false);
                either(args)
            }
            "ternary" => {
                if let [.., condition] = &args[..] {
                    self.used(frame, condition, Use::Tested, false);
                }
                either(args.into_iter().take(2).collect())
            }
            "required" => {
                let value = args.pop().unwrap_or_default();
                self.used(frame, &value, Use::Required, false);
                value.or(Shape::other())
            }
            "not" | "empty" | "ne" | "kindOf" | "typeOf" => {
                self.all(frame, &args, Use::Tested, false);
                Shape::other()
            }
            "eq" | "lt" | "le" | "gt" | "ge" | "kindIs" | "typeIs" | "typeIsLike" | "hasPrefix"
            | "hasSuffix" | "contains" => {
                self.all(frame, &args, Use::Tested, false);
                self.first_missing(args)
            }
            "has" | "mustHas" => {
                self.all(frame, &args, Use::Tested, true);
                self.first_missing(args)
            }
            "len" => {
                self.all(frame, &args, Use::Bare, false);
                Shape::other()
            }
            "keys" => {
                self.all(frame, &args, Use::Bare, false);
                for arg in &args {
                    self.item(arg);
                }
                Shape::other()
            }
            "values" => {
                self.all(frame, &args, Use::Bare, false);
                let items = either(args.iter().map(|arg| self.item(arg)).collect());
                Shape::list(items)
            }
            "hasKey" | "get" | "index" | "pluck" => self.keyed(frame, name, &args, place),
            "dig" => self.dig(frame, &args, place),
            "pick" => self.pick(frame, &args, place),
            "omit" | "deepCopy" | "mustDeepCopy" | "unset" => {
                args.into_iter().next().unwrap_or_else(Shape::other)
            }
            "first" | "mustFirst" | "last" | "mustLast" => {
                self.all(frame, &args, Use::Bare, false);
                either(args.iter().map(|arg| self.item(arg)).collect())
            }
            "rest" | "mustRest" | "initial" | "mustInitial" | "slice" | "mustSlice" | "reverse"
            | "mustReverse" | "uniq" | "mustUniq" | "compact" | "mustCompact" | "without" | "mustWithout"
            | "concat" | "append" | "mustAppend" | "prepend" | "mustPrepend" | "push" | "mustPush"
            | "chunk" => self.lists(frame, name, &args),
            "list" | "tuple" => Shape::list(either(args)),
            "dict" => self.dict(frame, &args),
            "set" => self.set(frame, exprs, &args),
            "merge" | "mustMerge" | "mergeOverwrite" | "mustMergeOverwrite" => self.merge(frame, exprs, args),
            "print" if args.iter().all(|arg| arg.literal().is_some()) => {
                let text: String = args.iter().filter_map(Shape::literal).map(|text| &**text).collect();
                Shape::text(&text)
            }
            "printf" => self.printf(frame, &args),
            _ => {
                self.all(frame, &args, Use::Bare, true);
                let changed = args.iter().map(Shape::changed);
                changed.fold(Shape::other(), Shape::or)
            }
        }
    }

    /// Functions that take what a map has under keys.
    fn keyed(&mut self, frame: &Frame<'_>, name: &str, args: &[Shape], place: Span) -> Shape {
        let Some((first, rest)) = args.split_first() else { return Shape::other() };
        match name {
            "index" => rest.iter().fold(first.clone(), |shape, key| self.at_key(frame, &shape, key, place)),
            "pluck" => {
                let found = rest.iter().map(|map| self.at_key(frame, map, first, place)).collect();
                Shape::list(either(found))
            }
            _ => {
                let [key] = rest else { return Shape::other() };
                let found = self.at_key(frame, first, key, place);
                if name == "get" {
                    return found;
                }
                self.used(frame, &found, Use::Tested, false);
                self.first_missing(vec![found])
            }
        }
    }

    fn all(&mut self, frame: &Frame<'_>, args: &[Shape], how: Use, whole: bool) {
        for arg in args {
            self.used(frame, arg, how, whole);
        }
    }

    /// What is false for certain, because something is missing.
    fn first_missing(&self, args: Vec<Shape>) -> Shape {
        let missing = args.into_iter().find(|arg| self.is_missing(arg));
        let path = missing.and_then(|arg| arg.paths().next());
        path.map_or_else(Shape::other, |path| Shape::atom(Atom::Absent(path)))
    }

    /// Arguments behind one that is nothing are not looked at.
    fn and(&mut self, frame: &mut Frame<'_>, exprs: &[Expr], piped: Option<Shape>) -> Shape {
        let outer = frame.guard.clone();
        let mut decides: Option<Shape> = None;
        let mut result = Shape::other();
        let mut last = |reader: &mut Self, frame: &mut Frame<'_>, shape: Shape| {
            reader.used(frame, &shape, Use::Tested, false);
            frame.guard = reader.guarded(&frame.guard, &shape);
            if decides.is_none() && (reader.is_empty(&shape) || reader.is_false(&shape)) {
                decides = Some(shape.clone());
            }
            result = shape.or(Shape::other());
        };
        for expr in exprs {
            let shape = self.operand(frame, expr);
            last(self, frame, shape);
        }
        if let Some(shape) = piped {
            last(self, frame, shape);
        }
        frame.guard = outer;
        decides.unwrap_or(result)
    }

    fn include(&mut self, frame: &Frame<'_>, args: &[Shape]) -> Shape {
        let [name, dot] = args else { return Shape::other() };
        self.used(frame, name, Use::Bare, true);
        let mut result = Shape::other();
        let only_texts = !name.other && name.texts().count() == name.atoms.len();
        if !only_texts {
            // any template
            self.used(frame, dot, Use::Required, true);
        }
        for text in name.texts() {
            result = result.or(self.template(text, dot.clone(), &frame.guard));
        }
        result
    }

    fn tpl(&mut self, frame: &Frame<'_>, args: &[Shape]) -> Shape {
        let [text, dot] = args else { return Shape::other() };
        self.used(frame, text, Use::Bare, true);
        let mut result = Shape::other();
        for atom in &text.atoms {
            match atom {
                Atom::Text(text) if text.contains("{{") => match self.parse(text) {
                    Some(set) => result = result.or(self.text(&set, dot.clone())),
                    // a part of a template that is put around texts
                    None if !text.contains("Values") => {}
                    None => self.used(frame, dot, Use::Required, true),
                },
                Atom::Made => self.used(frame, dot, Use::Required, true),
                _ => {}
            }
        }
        if text.literal().is_none() {
            self.dots.insert(dot.clone());
        }
        result
    }

    /// What a map has under a key, or a list at a place.
    fn at_key(&mut self, frame: &Frame<'_>, base: &Shape, key: &Shape, place: Span) -> Shape {
        self.used(frame, key, Use::Bare, true);
        match key.literal() {
            Some(key) => {
                let key = Rc::clone(key);
                self.field(frame, base, &key, place, false)
            }
            None => {
                self.used(frame, base, Use::Bare, false);
                self.item(base)
            }
        }
    }

    fn dig(&mut self, frame: &Frame<'_>, args: &[Shape], place: Span) -> Shape {
        let [keys @ .., default, map] = args else { return Shape::other() };
        let mut shape = map.clone();
        for key in keys {
            shape = match key.literal() {
                Some(key) => {
                    let key = Rc::clone(key);
                    self.field(frame, &shape, &key, place, true)
                }
                None => self.item(&shape),
            };
        }
        self.used(frame, &shape, Use::Tested, false);
        shape.or(default.clone()).or(Shape::other())
    }

    fn pick(&mut self, frame: &Frame<'_>, args: &[Shape], place: Span) -> Shape {
        let Some((map, keys)) = args.split_first() else { return Shape::other() };
        let mut entries = BTreeMap::new();
        for key in keys {
            let Some(key) = key.literal().cloned() else { return map.clone() };
            let found = self.field(frame, map, &key, place, true);
            entries.insert(key, found.or(Shape::other()));
        }
        self.made(frame, &entries)
    }

    fn lists(&mut self, frame: &Frame<'_>, name: &str, args: &[Shape]) -> Shape {
        let one = matches!(name, "append" | "mustAppend" | "prepend" | "mustPrepend" | "push" | "mustPush");
        let all = name == "concat";
        let mut items = Shape::default();
        for (number, arg) in args.iter().enumerate() {
            if number == 0 || all {
                self.used(frame, arg, Use::Bare, false);
                items = items.or(self.item(arg));
            } else if one {
                items = items.or(arg.clone());
            } else {
                self.used(frame, arg, Use::Bare, true);
            }
        }
        Shape::list(items)
    }

    /// A map that nests too deeply to be followed counts as used.
    fn made(&mut self, frame: &Frame<'_>, entries: &BTreeMap<Rc<str>, Shape>) -> Shape {
        if let Some(dict) = Shape::dict(entries.clone()) {
            return dict;
        }
        for entry in entries.values() {
            self.used(frame, entry, Use::Required, true);
        }
        Shape::other()
    }

    fn dict(&mut self, frame: &Frame<'_>, args: &[Shape]) -> Shape {
        let mut entries = BTreeMap::new();
        for pair in args.chunks(2) {
            let [key, value] = pair else { continue };
            match key.literal() {
                Some(key) => {
                    entries.insert(Rc::clone(key), value.clone());
                }
                None => {
                    self.used(frame, key, Use::Bare, true);
                    self.used(frame, value, Use::Required, true);
                }
            }
        }
        self.made(frame, &entries)
    }

    fn set(&mut self, frame: &mut Frame<'_>, exprs: &[Expr], args: &[Shape]) -> Shape {
        let [map, key, value] = args else { return Shape::other() };
        self.used(frame, key, Use::Bare, true);
        let paths: Vec<_> = map.paths().collect();
        for path in paths {
            let step = key.literal().map_or(Step::Item, |key| Step::Key(Rc::clone(key)));
            let at = self.paths.step(path, step);
            self.assign(at, value);
        }
        let mut result = map.clone();
        let mut kept = true;
        for atom in &map.atoms {
            match (atom, key.literal()) {
                (Atom::Dict(entries), Some(key)) => {
                    let mut entries = (**entries).clone();
                    let known = entries.get(key).cloned().unwrap_or_default();
                    entries.insert(Rc::clone(key), known.or(value.clone()));
                    result = result.or(self.made(frame, &entries));
                }
                (Atom::Path(_), _) => {}
                _ => kept = false,
            }
        }
        kept &= Self::changes(frame, exprs, &result);
        if !kept {
            self.hidden_change();
        }
        if !kept || map.other {
            self.used(frame, value, Use::Required, true);
        }
        result
    }

    /// A function changes its first argument; whether that can be followed.
    fn changes(frame: &mut Frame<'_>, exprs: &[Expr], to: &Shape) -> bool {
        let made = to.atoms.iter().any(|atom| matches!(atom, Atom::Dict(_)));
        match exprs.first() {
            Some(Expr::Variable(variable)) if variable.fields.is_empty() => {
                let name = frame.tree.source.name_at(variable.name).to_owned();
                let known = name != "$" && look_up(frame, &name) != Shape::other();
                assign(frame, &name, to.clone());
                known || !made
            }
            // what a call made is nobody else's
            Some(Expr::Pipe(_)) => true,
            _ => !made,
        }
    }

    fn hidden_change(&mut self) {
        self.changed |= !self.hidden_changes;
        self.hidden_changes = true;
    }

    fn merge(&mut self, frame: &mut Frame<'_>, exprs: &[Expr], args: Vec<Shape>) -> Shape {
        let into = args.first().cloned().unwrap_or_default();
        let all = either(args);
        for path in into.paths() {
            self.assign(path, &all);
        }
        let made = into.atoms.iter().any(|atom| matches!(atom, Atom::Dict(_)));
        if !Self::changes(frame, exprs, &all) && made {
            self.hidden_change();
        }
        all
    }

    fn printf(&mut self, frame: &Frame<'_>, args: &[Shape]) -> Shape {
        self.all(frame, args, Use::Bare, true);
        let texts: Option<Vec<&str>> = args.iter().map(|arg| Some(&**arg.literal()?)).collect();
        if let Some([format, rest @ ..]) = texts.as_deref()
            && format.matches('%').count() == rest.len()
            && format.matches("%s").count() == rest.len()
        {
            let mut text = String::new();
            let mut rest = rest.iter();
            for (number, part) in format.split("%s").enumerate() {
                if number > 0 {
                    text.push_str(rest.next().unwrap_or(&""));
                }
                text.push_str(part);
            }
            return Shape::text(&text);
        }
        args.iter().map(Shape::changed).fold(Shape::other(), Shape::or)
    }
}

fn either(shapes: Vec<Shape>) -> Shape {
    shapes.into_iter().reduce(Shape::or).unwrap_or_else(Shape::other)
}
