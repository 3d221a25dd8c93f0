//! Values of all kinds under one directive.

use super::{PrintError, Printer, type_name};
use crate::go::quote::quote_into;
use crate::go::unicode::{decode, push};
use crate::types::{Shape, Type, UintKind};
use crate::value::{Kind, List, Map, Object, Value};

/// What stands for the address of maps, lists and functions, which no template can rely on.
const ADDRESS: u64 = 0xc0_0000_0000;

impl Printer {
    /// An operand itself.
    pub(super) fn print_arg(&mut self, value: &Value, verb: char) {
        if self.out.len() > self.longest {
            self.failed = Some(PrintError::TooLong);
            return;
        }
        match (value.kind(), verb) {
            (Kind::Nil, 'T' | 'v') => self.pad(b"<nil>"),
            (Kind::Nil, _) => self.bad_verb(value, verb),
            (_, 'T') => self.string(value, type_name(value).as_bytes(), 's'),
            (_, 'p') => self.pointer(value, 'p'),
            (Kind::List(list), _) if is_bytes(list) => self.bytes(value, list, verb, "[]byte"),
            _ => {
                if !self.methods(value, verb) {
                    self.print_value(value, verb, 0);
                }
            }
        }
    }

    /// Whether a method of the value has printed it, or a verb that no value has.
    fn methods(&mut self, value: &Value, verb: char) -> bool {
        if self.erroring {
            return false;
        }
        if verb == 'w' {
            self.bad_verb(value, verb);
            return true;
        }
        if let (Kind::Object(object), true) = (value.kind(), self.flags.sharp_v)
            && let Some(text) = object.go_string()
        {
            self.string(value, text.as_bytes(), 's');
            return true;
        }
        if let (Kind::Object(object), false, 'v' | 's' | 'x' | 'X' | 'q') =
            (value.kind(), self.flags.sharp_v, verb)
            && let Some(text) = object.string()
        {
            self.string(value, text.as_bytes(), verb);
            return true;
        }
        false
    }

    fn print_element(&mut self, value: &Value, ty: &Type, verb: char, depth: usize) {
        if self.out.len() > self.longest {
            self.failed = Some(PrintError::TooLong);
        } else if value.is_nil() {
            if self.flags.sharp_v {
                self.out.extend_from_slice(ty.name().as_bytes());
                self.out.extend_from_slice(b"(nil)");
            } else {
                self.out.extend_from_slice(b"<nil>");
            }
        } else if !self.methods(value, verb) {
            self.print_value(value, verb, depth);
        }
    }

    fn print_value(&mut self, value: &Value, verb: char, depth: usize) {
        if self.stack.is_full() {
            self.failed = Some(PrintError::TooDeep);
        }
        if self.failed.is_some() {
            return;
        }
        match value.kind() {
            Kind::Nil => self.out.extend_from_slice(b"<nil>"),
            Kind::Bool(b) => match verb {
                't' | 'v' => self.pad(if *b { b"true" } else { b"false" }),
                _ => self.bad_verb(value, verb),
            },
            Kind::Int(i, _) => self.int(value, *i, verb),
            Kind::Uint(u, _) => self.uint(value, *u, verb),
            Kind::Float(f) => self.float(value, *f, verb),
            Kind::Complex(c) => self.complex(value, **c, verb),
            Kind::String(s) => self.string(value, s, verb),
            Kind::Text(t) => self.string(value, t.bytes(), verb),
            Kind::List(list) => self.list(value, list, verb, depth),
            Kind::Map(map) => self.map(map, verb, depth),
            Kind::Func(_) => self.pointer(value, verb),
            Kind::Object(object) if object.number().is_some() => {
                self.int(value, object.number().unwrap_or_default(), verb);
            }
            Kind::Object(object) => self.object(value, &**object, verb, depth),
        }
    }

    fn list(&mut self, value: &Value, list: &List, verb: char, depth: usize) {
        if is_bytes(list) && matches!(verb, 's' | 'q' | 'x' | 'X') {
            return self.bytes(value, list, verb, list.ty().name());
        }
        let (separator, open, close): (&[u8], _, _) =
            if self.flags.sharp_v { (b", ", b'{', b'}') } else { (b" ", b'[', b']') };
        if self.flags.sharp_v {
            self.out.extend_from_slice(list.ty().name().as_bytes());
            if list.is_nil() {
                return self.out.extend_from_slice(b"(nil)");
            }
        }
        self.out.push(open);
        list.with(|items| {
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    self.out.extend_from_slice(separator);
                }
                self.print_element(item, list.element_type(), verb, depth + 1);
            }
        });
        self.out.push(close);
    }

    fn map(&mut self, map: &Map, verb: char, depth: usize) {
        let sharp = self.flags.sharp_v;
        if sharp {
            self.out.extend_from_slice(map.ty().name().as_bytes());
            if map.is_nil() {
                return self.out.extend_from_slice(b"(nil)");
            }
            self.out.push(b'{');
        } else {
            self.out.extend_from_slice(b"map[");
        }
        let mut first = true;
        let done: Result<(), ()> = map.for_each(|key, item| {
            if !first {
                self.out.extend_from_slice(if sharp { b", " } else { b" " });
            }
            first = false;
            self.print_value(&Value::from(key.clone()), verb, depth + 1);
            self.out.push(b':');
            self.print_element(item, map.element_type(), verb, depth + 1);
            Ok(())
        });
        debug_assert!(done.is_ok());
        self.out.push(if sharp { b'}' } else { b']' });
    }

    fn object(&mut self, value: &Value, object: &dyn Object, verb: char, depth: usize) {
        let fields = object.fields();
        if fields.pointer {
            if depth > 0 {
                return self.pointer(value, verb);
            }
            self.out.push(b'&');
        }
        if self.flags.sharp_v {
            self.out.extend_from_slice(object.type_name().trim_start_matches('*').as_bytes());
        }
        self.out.push(b'{');
        for (i, (name, value)) in fields.fields.iter().enumerate() {
            if i > 0 {
                self.out.extend_from_slice(if self.flags.sharp_v { b", " } else { b" " });
            }
            if self.flags.plus_v || self.flags.sharp_v {
                self.out.extend_from_slice(name.as_bytes());
                self.out.push(b':');
            }
            self.print_element(value, Type::ANY, verb, depth + 1);
        }
        self.out.push(b'}');
    }

    fn pointer(&mut self, value: &Value, verb: char) {
        let has_address = match value.kind() {
            Kind::List(_) | Kind::Map(_) | Kind::Func(_) => true,
            Kind::Object(object) => object.fields().pointer,
            _ => false,
        };
        if !has_address {
            return self.bad_verb(value, verb);
        }
        match verb {
            'v' | 'p' => self.hex(ADDRESS, !self.flags.sharp),
            'b' | 'o' | 'd' | 'x' | 'X' => self.uint(value, ADDRESS, verb),
            _ => self.bad_verb(value, verb),
        }
    }

    /// `%!verb(type=value)`
    pub(super) fn bad_verb(&mut self, value: &Value, verb: char) {
        self.erroring = true;
        self.out.extend_from_slice(b"%!");
        push(&mut self.out, verb);
        self.out.push(b'(');
        if value.is_nil() {
            self.out.extend_from_slice(b"<nil>");
        } else {
            self.out.extend_from_slice(type_name(value).as_bytes());
            self.out.push(b'=');
            self.print_arg(value, 'v');
        }
        self.out.push(b')');
        self.erroring = false;
    }

    pub(super) fn string(&mut self, value: &Value, text: &[u8], verb: char) {
        match verb {
            'v' if self.flags.sharp_v => self.quote(text),
            'v' | 's' => self.pad(self.cut(text)),
            'x' => self.hex_bytes(text, false),
            'X' => self.hex_bytes(text, true),
            'q' => self.quote(text),
            _ => self.bad_verb(value, verb),
        }
    }

    /// The text up to the precision.
    fn cut<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let Some(precision) = self.flags.precision else { return text };
        let mut end = 0;
        for _ in 0..precision {
            if end >= text.len() {
                break;
            }
            end += decode(&text[end..]).1;
        }
        &text[..end]
    }

    fn quote(&mut self, text: &[u8]) {
        let text = self.cut(text);
        let mut out = Vec::with_capacity(text.len() + 2);
        if self.flags.sharp && can_backquote(text) {
            out.push(b'`');
            out.extend_from_slice(text);
            out.push(b'`');
        } else {
            quote_into(&mut out, text, b'"', self.flags.plus);
        }
        self.pad(&out);
    }

    fn hex_bytes(&mut self, text: &[u8], upper: bool) {
        let flags = self.flags;
        let digits: &[u8; 16] = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
        let text = &text[..flags.precision.map_or(text.len(), |p| p.min(text.len()))];
        let prefix: &[u8] = if !flags.sharp || text.is_empty() {
            b""
        } else if upper {
            b"0X"
        } else {
            b"0x"
        };
        let mut out = prefix.to_vec();
        for (i, b) in text.iter().enumerate() {
            if flags.space && i > 0 {
                out.push(b' ');
                out.extend_from_slice(prefix);
            }
            out.extend_from_slice(&[digits[usize::from(b >> 4)], digits[usize::from(b & 15)]]);
        }
        self.pad(&out);
    }

    fn bytes(&mut self, value: &Value, list: &List, verb: char, name: &str) {
        let bytes = list.with(|items| items.iter().map(byte).collect::<Vec<u8>>());
        match verb {
            'v' | 'd' if self.flags.sharp_v => {
                self.out.extend_from_slice(name.as_bytes());
                if list.is_nil() {
                    return self.out.extend_from_slice(b"(nil)");
                }
                self.out.push(b'{');
                for (i, b) in bytes.iter().enumerate() {
                    if i > 0 {
                        self.out.extend_from_slice(b", ");
                    }
                    self.hex(u64::from(*b), true);
                }
                self.out.push(b'}');
            }
            'v' | 'd' => {
                self.out.push(b'[');
                for (i, b) in bytes.iter().enumerate() {
                    if i > 0 {
                        self.out.push(b' ');
                    }
                    self.digits(u64::from(*b), false, 10, verb, false);
                }
                self.out.push(b']');
            }
            's' => self.pad(self.cut(&bytes)),
            'x' => self.hex_bytes(&bytes, false),
            'X' => self.hex_bytes(&bytes, true),
            'q' => self.quote(&bytes),
            _ => self.print_value(value, verb, 0),
        }
    }
}

fn is_bytes(list: &List) -> bool {
    matches!(list.element_type().shape(), Shape::Uint(UintKind::Uint8))
}

fn byte(value: &Value) -> u8 {
    match value.kind() {
        Kind::Uint(u, _) => u8::try_from(*u).unwrap_or(0),
        _ => 0,
    }
}

/// Whether the text can stand between backquotes on one line.
fn can_backquote(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|s| {
        s.chars().all(|c| c != '\u{feff}' && (c == '\t' || !(c < ' ' || c == '`' || c == '\u{7f}')))
    })
}
