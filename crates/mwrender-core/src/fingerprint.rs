//! Fingerprints: hashes over secrets told apart, without anything that could be looked up.
//!
//! A checksum over a short password gives the password away to who tries them all. Its fingerprint, an HMAC-SHA256
//! under a key that is never stored with it, does not; and equal ones are equal within a report.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt::Write;
use std::sync::OnceLock;

/// How many bytes of an HMAC are shown: two of a million hashes are alike with a probability of one in 500.
const SHOWN: usize = 6;

/// What makes fingerprints.
#[derive(Debug, Default)]
pub(crate) struct Fingerprints {
    /// Nothing if the system has no random numbers to give.
    key: OnceLock<Option<Key>>,
}

#[derive(Clone)]
struct Key(Vec<u8>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Fingerprints {
    /// Fingerprints under a key of one's own, by which they are the same in several runs.
    pub(crate) fn keyed(key: &[u8]) -> Fingerprints {
        Fingerprints { key: OnceLock::from(Some(Key(key.to_vec()))) }
    }

    /// The fingerprint of a text; nothing without a key.
    pub(crate) fn of(&self, text: &str) -> Option<String> {
        let Key(key) = self.key.get_or_init(random).as_ref()?;
        // HMAC takes keys of all lengths
        let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
        mac.update(text.as_bytes());
        let mut digits = String::new();
        for byte in mac.finalize().into_bytes().iter().take(SHOWN) {
            // writing to a String cannot fail
            let _ = write!(digits, "{byte:02x}");
        }
        Some(digits)
    }
}

fn random() -> Option<Key> {
    let mut key = vec![0; 32];
    getrandom::fill(&mut key).ok()?;
    Some(Key(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_equal_ones() {
        let run = Fingerprints::default();
        assert_eq!(run.of("a"), run.of("a"));
        assert_ne!(run.of("a"), run.of("b"));
        // another run has another key
        assert_ne!(run.of("a"), Fingerprints::default().of("a"));
    }

    #[test]
    fn a_key_makes_them_last() {
        let of = |key: &[u8], text: &str| Fingerprints::keyed(key).of(text);
        assert_eq!(of(b"key", "a"), of(b"key", "a"));
        assert_ne!(of(b"key", "a"), of(b"yek", "a"));
        // test case 2 of RFC 4231
        assert_eq!(of(b"Jefe", "what do ya want for nothing?").as_deref(), Some("5bdcc146bf60"));
    }

    #[test]
    fn the_key_is_not_printed() {
        assert!(!format!("{:?}", Fingerprints::keyed(b"key")).contains("107"));
    }
}
