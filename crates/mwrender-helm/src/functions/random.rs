//! What is different each time, unless renders are given one seed.

use super::chance::{below, fill};
use base64::Engine;
use mwrender_gotemplate::{Failure, Funcs, Function, Value};

const DIGITS: &[u8] = b"0123456789";
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ALPHANUMERIC: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

pub(super) fn add(funcs: &mut Funcs) {
    // the printable characters of ASCII but the last one
    let ascii: Vec<u8> = (b' '..b'~').collect();
    for (name, among) in [
        ("randAlphaNum", ALPHANUMERIC.to_vec()),
        ("randAlpha", LETTERS.to_vec()),
        ("randNumeric", DIGITS.to_vec()),
        ("randAscii", ascii),
    ] {
        funcs.add(Function::new(name, "func(int) string", &[], move |context, args| {
            let count = count(context, &args[0])?;
            let letters = (0..count).map(|_| Ok(among[below(context, among.len() as u64)? as usize]));
            Ok(Value::from(letters.collect::<Result<Vec<u8>, Failure>>()?))
        }));
    }
    funcs.add(Function::new("randInt", "func(int, int) int", &[], |context, args| {
        let (low, high) = (integer(&args[0]), integer(&args[1]));
        let range = high.checked_sub(low).filter(|range| *range > 0);
        let range = range.ok_or("invalid argument to Intn")?;
        Ok(Value::int(low + below(context, range.cast_unsigned())?.cast_signed()))
    }));
    funcs.add(Function::new("randBytes", "func(int) (string, error)", &[], |context, args| {
        if integer(&args[0]) < 0 {
            return Err("runtime error: makeslice: len out of range".into());
        }
        let mut bytes = vec![0; count(context, &args[0])?];
        fill(context, &mut bytes)?;
        Ok(Value::from(base64::engine::general_purpose::STANDARD.encode(bytes)))
    }));
    funcs.add(Function::new("shuffle", "func(string) string", &[], |context, args| {
        let text = String::from_utf8_lossy(args[0].as_bytes().unwrap_or_default()).into_owned();
        let mut letters: Vec<char> = text.chars().collect();
        for last in (1..letters.len()).rev() {
            letters.swap(last, below(context, last as u64 + 1)? as usize);
        }
        Ok(Value::from(letters.into_iter().collect::<String>()))
    }));
    funcs.add(Function::new("uuidv4", "func() string", &[], |context, _| {
        let mut bytes = [0; 16];
        fill(context, &mut bytes)?;
        // version 4 of the variant of RFC 9562
        bytes[6] = bytes[6] & 0x0F | 0x40;
        bytes[8] = bytes[8] & 0x3F | 0x80;
        let n = u128::from_be_bytes(bytes);
        let part = |shift: u32, digits: usize| {
            let mask = (1u128 << (4 * digits)) - 1;
            format!("{:0digits$x}", n >> shift & mask)
        };
        let parts = [part(96, 8), part(80, 4), part(64, 4), part(48, 4), part(0, 12)];
        Ok(Value::from(parts.join("-")))
    }));
}

fn integer(value: &Value) -> i64 {
    match value.kind() {
        mwrender_gotemplate::Kind::Int(i, _) => *i,
        _ => 0,
    }
}

/// How many of something; many cost as much as many steps.
fn count(context: &mut mwrender_gotemplate::Context<'_>, value: &Value) -> Result<usize, Failure> {
    let count = usize::try_from(integer(value)).unwrap_or(0);
    context.charge(count as u64 / 8)?;
    if count > 1 << 28 {
        return Err("a random text of so many bytes does not fit".into());
    }
    Ok(count)
}
