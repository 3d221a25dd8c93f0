//! Keys for DSA, which nothing signs with any more: they are only made.

use crate::functions::chance::{self, Known};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dsa::{Components, KeySize, SigningKey};
use mwrender_gotemplate::{Context, Failure};
use rand_chacha::ChaCha20Rng;
use rsa::rand_core::SeedableRng;
use std::sync::{LazyLock, Mutex};

/// A new key of 2048 bits as PEM, in OpenSSL's form.
pub(super) fn pem(context: &Context<'_>) -> Result<String, Failure> {
    static KNOWN: Known<(), String> = LazyLock::new(Mutex::default);
    chance::make(context, &KNOWN, (), |drawn| Ok(made(&mut ChaCha20Rng::from_seed(drawn))))
}

fn made(numbers: &mut ChaCha20Rng) -> String {
    let components = Components::generate(numbers, KeySize::DSA_2048_256);
    let key = SigningKey::generate(numbers, components);
    let public = key.verifying_key();
    let shared = public.components();
    let numbers = [shared.p(), shared.q(), shared.g(), public.y(), key.x()];
    // SEQUENCE { 0, p, q, g, y, x }
    let mut content = vec![0x02, 0x01, 0x00];
    for number in numbers {
        let mut bytes = number.to_bytes_be();
        // the first bit would be the sign
        if bytes.first().is_some_and(|first| *first >= 0x80) {
            bytes.insert(0, 0);
        }
        content.push(0x02);
        content.extend(length(bytes.len()));
        content.extend(bytes);
    }
    let der = [&[0x30], &length(content.len())[..], &content].concat();
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN DSA PRIVATE KEY-----\n{}\n-----END DSA PRIVATE KEY-----\n", lines.join("\n"))
}

/// A length as DER has it; none here has more than two bytes.
fn length(length: usize) -> Vec<u8> {
    match length {
        0..0x80 => vec![length as u8],
        0x80..0x100 => vec![0x81, length as u8],
        _ => vec![0x82, (length >> 8) as u8, length as u8],
    }
}
