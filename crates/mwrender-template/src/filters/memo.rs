//! Large texts that many releases have in common are parsed and written once.
//!
//! Envoy's configuration is 70 kB and the same in all releases of a data centre. Only plain renders use the memo:
//! in a tracked one values carry origins of their own.

use mwrender_values::{Data, Value};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

/// Smaller texts are not worth looking up.
const SMALLEST: usize = 2_000;
/// How much text is kept for each direction.
const LARGEST: usize = 32 << 20;

/// What was parsed and written before.
#[derive(Debug, Default)]
pub(super) struct Memo {
    parsed: Mutex<Kept<u64, (String, Value)>>,
    written: Mutex<Kept<usize, (Value, Arc<str>)>>,
}

#[derive(Debug)]
struct Kept<K, V> {
    entries: HashMap<K, V>,
    bytes: usize,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Kept { entries: HashMap::new(), bytes: 0 }
    }
}

impl Memo {
    /// The value of a text, from before or by `parse`.
    pub(super) fn parse<E>(
        &self,
        text: &str,
        parse: impl FnOnce(&str) -> Result<Value, E>,
    ) -> Result<Value, E> {
        if text.len() < SMALLEST {
            return parse(text);
        }
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let key = hasher.finish();
        if let Ok(kept) = self.parsed.lock()
            && let Some((known, value)) = kept.entries.get(&key)
            && known == text
        {
            return Ok(value.clone());
        }
        let value = parse(text)?;
        if let Ok(mut kept) = self.parsed.lock()
            && kept.bytes + text.len() <= LARGEST
        {
            kept.bytes += text.len();
            kept.entries.insert(key, (text.to_string(), value.clone()));
        }
        Ok(value)
    }

    /// The text of a value that was parsed, from before or by `write`. `form` tells ways of writing apart.
    pub(super) fn write(&self, value: &Value, form: usize, write: impl FnOnce(&Value) -> String) -> String {
        let address = match &value.data {
            Data::Map(map) if map.len() > 1 => Arc::as_ptr(map) as usize,
            Data::List(items) if items.len() > 8 => Arc::as_ptr(items) as usize,
            _ => return write(value),
        };
        // addresses of shared trees are even
        let key = address + form;
        if let Ok(kept) = self.written.lock()
            && let Some((_, text)) = kept.entries.get(&key)
        {
            return text.to_string();
        }
        let text = write(value);
        if text.len() >= SMALLEST
            && let Ok(mut kept) = self.written.lock()
            && kept.bytes + text.len() <= LARGEST
        {
            kept.bytes += text.len();
            // the value is kept alive, so that its address stays its own
            kept.entries.insert(key, (value.clone(), Arc::from(text.as_str())));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mwrender_diagnostic::Pos;

    #[test]
    fn the_second_time_is_from_before() {
        let memo = Memo::default();
        let text = format!("a: 1\nb: {}\n", "x".repeat(SMALLEST));
        let read = |t: &str| {
            mwrender_values::read::read(t, Pos::NONE)
                .map(mwrender_values::read::Read::into_value)
                .map_err(|_| ())
        };
        let first = memo.parse(&text, read);
        let second = memo.parse(&text, |_| Err(()));
        assert!(first.is_ok() && first == second);
        assert!(memo.parse("a: 1", |_| Err::<Value, _>(())).is_err());
        let value = first.unwrap_or_else(|()| Value::string(""));
        let written = memo.write(&value, 0, |_| text.clone());
        assert_eq!(memo.write(&value, 0, |_| String::new()), written);
        assert_eq!(memo.write(&value, 1, |_| "other".to_string()), "other");
    }
}
