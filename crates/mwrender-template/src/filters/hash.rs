//! Hashes and encodings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::Environment;
use sha2::{Digest, Sha256};
use std::fmt::Write;

pub(super) fn add(env: &mut Environment<'static>) {
    env.add_filter("sha256", sha256);
    env.add_filter("b64encode", b64encode);
}

/// The SHA-256 of a text, in lower-case hexadecimal digits.
fn sha256(text: &str) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // writing to a String cannot fail
        let _ = write!(out, "{byte:02x}");
    }
    out
}

/// Base 64 of a text's bytes, as the `data` of a Secret has it.
fn b64encode(text: &str) -> String {
    STANDARD.encode(text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn known_answers() {
        assert_eq!(super::sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let encoded: Vec<_> = ["", "f", "fo", "foo", "foobar"].map(super::b64encode).into();
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYmFy"]);
    }
}
