//! `b64enc`, `b32enc` and back. What cannot be decoded becomes the text of Go's error.

use mwrender_gotemplate::{Context, Funcs, Tracks, Value};

use super::args::{Body, add_all, bytes, charge_text};
use super::strings::whole;

pub(super) fn add(funcs: &mut Funcs) {
    let all: [(&str, Body); 4] = [
        ("b64enc", |c, a| encoded(c, &a[0], &BASE64)),
        ("b32enc", |c, a| encoded(c, &a[0], &BASE32)),
        ("b64dec", |c, a| Ok(whole(c, &a[0], BASE64.decode(bytes(&a[0]))))),
        ("b32dec", |c, a| Ok(whole(c, &a[0], BASE32.decode(bytes(&a[0]))))),
    ];
    add_all(funcs, Tracks::Own, "func(string) string", &all);
}

fn encoded(context: &mut Context<'_>, value: &Value, base: &Base) -> super::args::Out {
    charge_text(context, bytes(value).len().checked_mul(2))?;
    Ok(whole(context, value, base.encode(bytes(value))))
}

/// An encoding of bytes in groups of letters, padded with `=`.
struct Base {
    name: &'static str,
    letters: &'static [u8],
    /// Bits of a letter.
    bits: usize,
    /// Letters of a group.
    group: usize,
}

const BASE64: Base = Base {
    name: "base64",
    letters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    bits: 6,
    group: 4,
};

const BASE32: Base = Base { name: "base32", letters: b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5, group: 8 };

impl Base {
    fn encode(&self, data: &[u8]) -> Vec<u8> {
        let bytes = self.group * self.bits / 8;
        let mut out = Vec::with_capacity(data.len().div_ceil(bytes) * self.group);
        for group in data.chunks(bytes) {
            let mut value = group.iter().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
            value <<= 8 * (bytes - group.len());
            let used = (group.len() * 8).div_ceil(self.bits);
            for i in 0..self.group {
                let shift = self.bits * (self.group - 1 - i);
                let letter = self.letters[(value >> shift) as usize & (self.letters.len() - 1)];
                out.push(if i < used { letter } else { b'=' });
            }
        }
        out
    }

    fn decode(&self, text: &[u8]) -> Vec<u8> {
        let mut reverse = [u8::MAX; 256];
        for (value, letter) in self.letters.iter().enumerate() {
            reverse[usize::from(*letter)] = value as u8;
        }
        match self.group {
            4 => decode_64(text, &reverse),
            _ => decode_32(text, &reverse),
        }
        .unwrap_or_else(|at| format!("illegal {} data at input byte {at}", self.name).into_bytes())
    }
}

/// Line ends are skipped everywhere, and count in positions.
fn decode_64(text: &[u8], reverse: &[u8; 256]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut at = 0;
    loop {
        let mut group = [0u8; 4];
        let mut filled = 0;
        let mut length = 4;
        while filled < 4 {
            let Some(&letter) = text.get(at) else {
                return if filled == 0 { Ok(out) } else { Err(at - filled) };
            };
            at += 1;
            let value = reverse[usize::from(letter)];
            if value != u8::MAX {
                group[filled] = value;
                filled += 1;
                continue;
            }
            if matches!(letter, b'\n' | b'\r') {
                continue;
            }
            if letter != b'=' || filled < 2 {
                return Err(at - 1);
            }
            let skip = |mut at: usize| {
                while matches!(text.get(at), Some(b'\n' | b'\r')) {
                    at += 1;
                }
                at
            };
            if filled == 2 {
                at = skip(at);
                match text.get(at) {
                    None => return Err(text.len()),
                    Some(b'=') => at += 1,
                    Some(_) => return Err(at - 1),
                }
            }
            at = skip(at);
            if at < text.len() {
                return Err(at);
            }
            length = filled;
            break;
        }
        let value = group.iter().fold(0u32, |value, letter| value << 6 | u32::from(*letter));
        let decoded = [(value >> 16) as u8, (value >> 8) as u8, value as u8];
        out.extend_from_slice(&decoded[..length - 1]);
        if length < 4 {
            return Ok(out);
        }
    }
}

/// Line ends are removed first: positions do not count them.
fn decode_32(text: &[u8], reverse: &[u8; 256]) -> Result<Vec<u8>, usize> {
    let text: Vec<u8> = text.iter().copied().filter(|b| !matches!(b, b'\n' | b'\r')).collect();
    let mut out = Vec::with_capacity(text.len() / 8 * 5);
    let mut at = 0;
    while at < text.len() {
        let mut group = [0u8; 8];
        let mut length = 8;
        let mut filled = 0;
        while filled < 8 {
            let Some(&letter) = text.get(at) else { return Err(at - filled) };
            at += 1;
            if letter == b'=' && filled >= 2 && text.len() - at < 8 {
                let missing = 7 - filled;
                if text.len() - at < missing {
                    return Err(text.len());
                }
                if let Some(wrong) = text[at..at + missing].iter().position(|b| *b != b'=') {
                    return Err(at + wrong - 1);
                }
                if matches!(filled, 1 | 3 | 6) {
                    return Err(at - 1);
                }
                length = filled;
                break;
            }
            let value = reverse[usize::from(letter)];
            if value == u8::MAX {
                return Err(at - 1);
            }
            group[filled] = value;
            filled += 1;
        }
        let value = group.iter().fold(0u64, |value, letter| value << 5 | u64::from(*letter));
        out.extend_from_slice(&value.to_be_bytes()[3..][..length * 5 / 8]);
        if length < 8 {
            break;
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for text in [&b""[..], b"a", b"ab", b"abc", b"abcd", b"abcde", b"\xFF\0\xFE"] {
            for base in [&BASE64, &BASE32] {
                assert_eq!(base.decode(&base.encode(text)), text);
            }
        }
        assert_eq!(BASE64.encode(b"Hello"), b"SGVsbG8=");
        assert_eq!(BASE32.encode(b"Hello"), b"JBSWY3DP");
    }
}
