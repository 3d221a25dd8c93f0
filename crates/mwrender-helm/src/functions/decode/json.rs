//! JSON, as Go's `encoding/json` reads it.

use mwrender_gotemplate::{Context, Kind, List, Map, Str, UintKind, Value};

/// A value read from JSON, and what is wrong with a number in it, which is null then (0 if it is all there is).
#[derive(Debug)]
pub(in crate::functions) struct Read {
    pub(in crate::functions) value: Value,
    pub(in crate::functions) fault: Option<String>,
}

/// Reads a text that is one value.
///
/// # Errors
/// The text of Go's error.
pub(in crate::functions) fn read(context: &Context<'_>, text: &Value) -> Result<Read> {
    let bytes = text.as_bytes().unwrap_or_default();
    let mut reader = Reader { context: Some(context), text, bytes, at: 0, depth: 0, fault: None };
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < bytes.len() {
        return Err(reader.invalid("after top-level value"));
    }
    Ok(Read { value, fault: reader.fault })
}

/// Reads a document that is one value, with its whole numbers as they are.
///
/// # Errors
/// What Go's decoder says of it.
pub(crate) fn document(bytes: &[u8]) -> Result<serde_json::Value> {
    let (value, end) = first(bytes)?;
    if bytes[end..].iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
        return Ok(value);
    }
    Err("invalid character after top-level value".to_owned())
}

/// Reads the first value of a text that may go on behind it; gives where it ends, too.
///
/// # Errors
/// What Go's decoder says of it: `EOF` if there is no value.
pub(crate) fn first(bytes: &[u8]) -> Result<(serde_json::Value, usize)> {
    let none = Value::NIL;
    let mut reader = Reader { context: None, text: &none, bytes, at: 0, depth: 0, fault: None };
    reader.blanks();
    if reader.at == bytes.len() {
        return Err("EOF".to_owned());
    }
    let value = reader.value(0);
    let value = value.map_err(|words| match reader.peek() {
        None => "unexpected EOF".to_owned(),
        Some(_) => words,
    })?;
    Ok((plain(&value), reader.at))
}

/// What was read, for others.
fn plain(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value.kind() {
        Kind::Bool(value) => Json::Bool(*value),
        Kind::Int(number, _) => (*number).into(),
        Kind::Uint(number, _) => (*number).into(),
        Kind::Float(number) => (*number).into(),
        Kind::List(items) => items.with(|items| items.iter().map(plain).collect()),
        Kind::Map(map) => {
            let text = |key: Str| String::from_utf8_lossy(&key).into_owned();
            map.entries().into_iter().map(|(key, value)| (text(key), plain(&value))).collect()
        }
        _ => value.as_bytes().map_or(Json::Null, |text| String::from_utf8_lossy(text).into()),
    }
}

/// So deep a text may nest where nothing is rendered.
const DEEPEST: usize = 250;

/// So deep Go reads.
const MAX_DEPTH: usize = 10_000;

struct Reader<'c, 'a> {
    /// None where nothing is rendered, and so nothing is tracked.
    context: Option<&'c Context<'a>>,
    text: &'c Value,
    bytes: &'c [u8],
    at: usize,
    depth: usize,
    fault: Option<String>,
}

type Result<T> = std::result::Result<T, String>;

impl Reader<'_, '_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The error for the byte that stands here.
    fn invalid(&self, why: &str) -> String {
        match self.peek() {
            None => "unexpected end of JSON input".to_owned(),
            Some(byte) => format!("invalid character {} {why}", quoted(byte)),
        }
    }

    /// The same within a word or number, which Go ends by a space at the end of the text.
    fn broken(&self, why: &str) -> String {
        match self.peek() {
            None => format!("invalid character ' ' {why}"),
            Some(_) => self.invalid(why),
        }
    }

    /// A value; what says so begins at `from`, which is its key if it has one.
    fn value(&mut self, from: usize) -> Result<Value> {
        self.blanks();
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Value::from(self.string()?),
            Some(b't') => self.literal("true", Value::from(true))?,
            Some(b'f') => self.literal("false", Value::from(false))?,
            Some(b'n') => self.literal("null", Value::NIL)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.invalid("looking for beginning of value")),
        };
        if let Some(context) = self.context.filter(|context| context.tracks()) {
            return Ok(value.with_origin(context.origin_of_part(self.text, from..self.at)));
        }
        Ok(value)
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Value>) -> Result<Value> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.invalid("exceeded max depth"));
        }
        if self.depth.is_multiple_of(16) {
            match self.context {
                Some(context) => context.check_depth().map_err(|failure| failure.to_string())?,
                None if self.depth > DEEPEST => return Err("exceeded max depth".to_owned()),
                None => {}
            }
        }
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value> {
        let map = Map::from_iter([]);
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::from(map));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return Err(self.invalid("looking for beginning of object key string"));
            }
            let from = self.at;
            let key = self.string()?;
            self.blanks();
            if self.peek() != Some(b':') {
                return Err(self.invalid("after object key"));
            }
            self.at += 1;
            let value = self.value(from)?;
            map.insert(Str::from(key), value);
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::from(map));
                }
                _ => return Err(self.invalid("after object key:value pair")),
            }
        }
    }

    fn array(&mut self) -> Result<Value> {
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::from(List::grown(items)));
        }
        loop {
            self.blanks();
            items.push(self.value(self.at)?);
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::from(List::grown(items)));
                }
                _ => return Err(self.invalid("after array element")),
            }
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Result<Value> {
        for letter in word.bytes() {
            if self.peek() != Some(letter) {
                return Err(self.broken(&format!("in literal {word} (expecting '{}')", char::from(letter))));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn digits(&mut self, why: &str) -> Result<()> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.broken(why));
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits("in numeric literal")?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let text = std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default();
        if self.context.is_none() {
            if let Ok(number) = text.parse() {
                return Ok(Value::int(number));
            }
            if let Ok(number) = text.parse() {
                return Ok(Value::new(Kind::Uint(number, UintKind::Uint64)));
            }
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::from(number)),
            // the decoder of documents takes any number; no float is nearer
            Ok(number) if self.context.is_none() => Ok(Value::from(f64::MAX.copysign(number))),
            _ => {
                let fault = format!("json: cannot unmarshal number {text} into Go value of type float64");
                self.fault.get_or_insert(fault);
                Ok(if self.depth == 0 { Value::from(0.0) } else { Value::NIL })
            }
        }
    }

    fn string(&mut self) -> Result<Vec<u8>> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|b| b >= 0x20 && b != b'"' && b != b'\\') {
                self.at += 1;
            }
            push_text(&mut out, &self.bytes[start..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                _ => return Err(self.invalid("in string literal")),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<()> {
        let byte = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                self.at += 1;
                let unit = self.unit()?;
                push_char(out, self.pair(unit)?);
                return Ok(());
            }
            _ => return Err(self.broken("in string escape code")),
        };
        self.at += 1;
        out.push(byte);
        Ok(())
    }

    /// The character of a unit of UTF-16 and the escape behind it, if that is the other half.
    fn pair(&mut self, unit: u32) -> Result<char> {
        if (0xD800..0xDC00).contains(&unit) && self.bytes[self.at..].starts_with(b"\\u") {
            let before = self.at;
            self.at += 2;
            let low = self.unit()?;
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Result<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.broken("in \\u hexadecimal character escape"));
            };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }
}

fn push_char(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Each byte that is not UTF-8 becomes U+FFFD.
fn push_text(out: &mut Vec<u8>, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        out.extend_from_slice(chunk.valid().as_bytes());
        chunk.invalid().iter().for_each(|_| push_char(out, char::REPLACEMENT_CHARACTER));
    }
}

/// A byte as Go's messages show it: as the character of that number.
fn quoted(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        _ => {
            let text = Value::from(char::from(byte).to_string());
            let quoted = mwrender_gotemplate::printf(b"%q", &[text]).unwrap_or_default();
            let quoted = String::from_utf8_lossy(&quoted).into_owned();
            format!("'{}'", &quoted[1..quoted.len() - 1])
        }
    }
}
