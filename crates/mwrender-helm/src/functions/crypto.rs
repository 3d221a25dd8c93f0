//! Passwords and encryption. Salts and the like are random.

use std::sync::{LazyLock, Mutex};

use aes::Aes256;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::{NoPadding, Pkcs7};
use cbc::cipher::{BlockDecryptMut, BlockEncryptMut, KeyIvInit};
use hmac::{KeyInit, Mac};
use mwrender_gotemplate::{Context, Failure, Funcs, Function, Kind, Value};
use sha2::Sha256;

use super::chance::{self, Known, fill};

pub(super) fn add(funcs: &mut Funcs) {
    funcs.add(Function::new("bcrypt", "func(string) string", &[], |context, args| {
        Ok(Value::from(bcrypt(context, bytes(&args[0]))?))
    }));
    funcs.add(Function::new("htpasswd", "func(string, string) string", &[], |context, args| {
        let user = bytes(&args[0]);
        if user.contains(&b':') {
            return Ok(Value::from([b"invalid username: ", user].concat()));
        }
        let hash = bcrypt(context, bytes(&args[1]))?;
        Ok(Value::from([user, b":", hash.as_bytes()].concat()))
    }));
    funcs.add(Function::new(
        "derivePassword",
        "func(uint32, string, string, string, string) string",
        &[],
        |_, args| {
            let counter = match args[0].kind() {
                Kind::Uint(counter, _) => *counter as u32,
                _ => 0,
            };
            let kind = String::from_utf8_lossy(bytes(&args[1])).into_owned();
            derive(counter, &kind, bytes(&args[2]), bytes(&args[3]), bytes(&args[4]))
        },
    ));
    funcs.add(Function::new("encryptAES", "func(string, string) (string, error)", &[], |context, args| {
        let text = bytes(&args[1]);
        if text.is_empty() {
            return Ok(Value::from(""));
        }
        let mut vector = [0; BLOCK];
        fill(context, &mut vector)?;
        let cipher = cbc::Encryptor::<Aes256>::new(&key(bytes(&args[0])).into(), &vector.into());
        let encrypted = cipher.encrypt_padded_vec_mut::<Pkcs7>(text);
        Ok(Value::from(STANDARD.encode([&vector[..], &encrypted].concat())))
    }));
    funcs.add(Function::new("decryptAES", "func(string, string) (string, error)", &[], |_, args| {
        decrypt(bytes(&args[0]), bytes(&args[1]))
    }));
}

fn bytes(value: &Value) -> &[u8] {
    value.as_bytes().unwrap_or_default()
}

/// The cost that Go takes if it is given none.
const COST: u32 = 10;

fn bcrypt(context: &Context<'_>, password: &[u8]) -> Result<String, Failure> {
    static KNOWN: Known<Vec<u8>, String> = LazyLock::new(Mutex::default);
    if password.len() > 72 {
        let text = "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
        return Ok(text.to_owned());
    }
    chance::make(context, &KNOWN, password.to_vec(), |drawn| {
        let mut salt = [0; 16];
        salt.copy_from_slice(&drawn[..16]);
        let hash = bcrypt::hash_with_salt(password, COST, salt).map_err(|error| error.to_string())?;
        Ok(hash.format_for_version(bcrypt::Version::TwoA))
    })
}

/// The size of AES' blocks.
const BLOCK: usize = 16;

/// The first 32 bytes of a password.
fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    let length = password.len().min(key.len());
    key[..length].copy_from_slice(&password[..length]);
    key
}

/// Go's function panics on what is no such text, and the panics are errors.
fn decrypt(password: &[u8], text: &[u8]) -> Result<Value, Failure> {
    if text.is_empty() {
        return Ok(Value::from(""));
    }
    let encrypted = STANDARD.decode(text).map_err(|error| {
        let at = match error {
            base64::DecodeError::InvalidByte(at, _)
            | base64::DecodeError::InvalidLastSymbol { offset: at, .. } => at,
            _ => text.len() - text.len() % 4,
        };
        format!("illegal base64 data at input byte {at}")
    })?;
    if encrypted.len() < BLOCK {
        let capacity = text.len() / 4 * 3;
        return Err(format!("runtime error: slice bounds out of range [:16] with capacity {capacity}").into());
    }
    let (vector, encrypted) = encrypted.split_at(BLOCK);
    if !encrypted.len().is_multiple_of(BLOCK) {
        return Err("crypto/cipher: input not full blocks".into());
    }
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(&key(password), vector)
        .map_err(|error| Failure::from(error.to_string()))?;
    let mut text = cipher
        .decrypt_padded_vec_mut::<NoPadding>(encrypted)
        .map_err(|error| Failure::from(error.to_string()))?;
    let Some(padding) = text.last().map(|last| usize::from(*last)) else {
        return Err("runtime error: index out of range [-1]".into());
    };
    if padding > text.len() {
        let beyond = padding - text.len();
        return Err(format!("runtime error: slice bounds out of range [:-{beyond}]").into());
    }
    text.truncate(text.len() - padding);
    Ok(Value::from(text))
}

/// What passwords of a kind look like, by classes of characters.
/// <https://masterpassword.app/masterpassword-algorithm.pdf>
fn templates(kind: &str) -> Option<&'static [String]> {
    static LONG: LazyLock<Vec<String>> = LazyLock::new(|| {
        // three groups, the number and sign behind one of them, with one or two groups that end in two consonants
        let groups = [
            ["Cvcv", "Cvcv", "Cvcv"],
            ["Cvcc", "Cvcv", "Cvcv"],
            ["Cvcv", "Cvcc", "Cvcv"],
            ["Cvcv", "Cvcv", "Cvcc"],
            ["Cvcc", "Cvcc", "Cvcv"],
            ["Cvcv", "Cvcc", "Cvcc"],
            ["Cvcc", "Cvcv", "Cvcc"],
        ];
        let each = groups
            .iter()
            .flat_map(|[a, b, c]| [format!("{a}no{b}{c}"), format!("{a}{b}no{c}"), format!("{a}{b}{c}no")]);
        each.collect()
    });
    static OTHERS: LazyLock<[Vec<String>; 5]> = LazyLock::new(|| {
        let texts: [&[&str]; 5] = [
            &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
            &["CvcnoCvc", "CvcCvcno"],
            &["Cvcn"],
            &["aaanaaan", "aannaaan", "aaannaaa"],
            &["nnnn"],
        ];
        texts.map(|list| list.iter().map(ToString::to_string).collect())
    });
    Some(match kind {
        "long" => &LONG,
        "maximum" => &OTHERS[0],
        "medium" => &OTHERS[1],
        "short" => &OTHERS[2],
        "basic" => &OTHERS[3],
        "pin" => &OTHERS[4],
        _ => return None,
    })
}

fn characters(class: u8) -> &'static [u8] {
    match class {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'A' => b"AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

fn derive(counter: u32, kind: &str, password: &[u8], user: &[u8], site: &[u8]) -> Result<Value, Failure> {
    const SCOPE: &[u8] = b"com.lyndir.masterpassword";
    let Some(templates) = templates(kind) else {
        return Ok(Value::from(format!("cannot find password template {kind}")));
    };
    let length = |text: &[u8]| (text.len() as u32).to_be_bytes();
    let salt = [SCOPE, &length(user), user].concat();
    let params = scrypt::Params::new(15, 8, 2, 64).map_err(|error| error.to_string())?;
    let mut key = [0; 64];
    scrypt::scrypt(password, &salt, &params, &mut key).map_err(|error| error.to_string())?;
    let mut seed = hmac::Hmac::<Sha256>::new_from_slice(&key).map_err(|error| error.to_string())?;
    for part in [SCOPE, &length(site), site, &counter.to_be_bytes()] {
        seed.update(part);
    }
    let seed = seed.finalize().into_bytes();
    let template = templates[usize::from(seed[0]) % templates.len()].as_bytes();
    let letters = template.iter().zip(&seed[1..]).map(|(class, byte)| {
        let among = characters(*class);
        among[usize::from(*byte) % among.len()]
    });
    Ok(Value::from(letters.collect::<Vec<u8>>()))
}
