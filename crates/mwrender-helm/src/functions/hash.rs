//! Checksums.

use mwrender_gotemplate::{Funcs, Function, Tracks, Value};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

pub(super) fn add(funcs: &mut Funcs) {
    for (name, sum) in [
        ("sha1sum", hex::<Sha1> as fn(&[u8]) -> String),
        ("sha256sum", hex::<Sha256>),
        ("sha512sum", hex::<Sha512>),
        ("adler32sum", |bytes| adler32(bytes).to_string()),
    ] {
        funcs.add(
            Function::new(name, "func(string) string", &[], move |_, args| {
                Ok(Value::from(sum(args[0].as_bytes().unwrap_or_default())))
            })
            .tracks(Tracks::Hash),
        );
    }
}

fn hex<D: Digest>(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digit = |n: u8| char::from(DIGITS[usize::from(n)]);
    D::digest(bytes).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// <https://www.rfc-editor.org/rfc/rfc1950>, section 8.2
fn adler32(bytes: &[u8]) -> u32 {
    const BASE: u32 = 65_521;
    // so many bytes cannot overflow
    let (a, b) = bytes.chunks(5_552).fold((1, 0), |(mut a, mut b), chunk| {
        for byte in chunk {
            a += u32::from(*byte);
            b += a;
        }
        (a % BASE, b % BASE)
    });
    b << 16 | a
}
