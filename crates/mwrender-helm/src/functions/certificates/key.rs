//! Private keys.

use crate::functions::chance::{self, Known};
use ed25519_dalek::pkcs8::KeypairBytes;
use mwrender_gotemplate::{Context, Failure};
use p256::pkcs8::LineEnding;
use rand_chacha::ChaCha20Rng;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use rsa::rand_core::SeedableRng;
use rsa::signature::{SignatureEncoding, Signer};
use std::sync::{LazyLock, Mutex};
use x509_cert::der::asn1::{BitString, Null, ObjectIdentifier};
use x509_cert::der::{Any, Decode};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

/// A private key.
pub(super) enum Key {
    Rsa(Box<rsa::RsaPrivateKey>),
    Ecdsa(p256::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
    /// A key for DSA, with which nothing can be signed.
    Dsa,
}

const NO_SIGNER: &str = "x509: certificate private key does not implement crypto.Signer";

type Result<T> = std::result::Result<T, String>;

impl Key {
    pub(super) fn rsa(context: &Context<'_>, bits: usize) -> std::result::Result<Key, Failure> {
        static KNOWN: Known<usize, Box<rsa::RsaPrivateKey>> = LazyLock::new(Mutex::default);
        let key = chance::make(context, &KNOWN, bits, |drawn| {
            let key = rsa::RsaPrivateKey::new(&mut ChaCha20Rng::from_seed(drawn), bits);
            Ok(Box::new(key.map_err(|error| error.to_string())?))
        });
        Ok(Key::Rsa(key?))
    }

    pub(super) fn ecdsa(context: &Context<'_>) -> std::result::Result<Key, Failure> {
        loop {
            let mut secret = [0; 32];
            chance::fill(context, &mut secret)?;
            // nearly all numbers are keys
            if let Ok(key) = p256::ecdsa::SigningKey::from_slice(&secret) {
                return Ok(Key::Ecdsa(key));
            }
        }
    }

    pub(super) fn ed25519(context: &Context<'_>) -> std::result::Result<Key, Failure> {
        let mut secret = [0; 32];
        chance::fill(context, &mut secret)?;
        Ok(Key::Ed25519(ed25519_dalek::SigningKey::from_bytes(&secret)))
    }

    /// Reads a key from PEM.
    ///
    /// # Errors
    /// What Sprig says.
    pub(super) fn read(pem: &str) -> Result<Key> {
        let start = pem.find("-----BEGIN ").ok_or("no PEM data in input")?;
        let pem = &pem[start..];
        let label = pem["-----BEGIN ".len()..].split("-----").next().unwrap_or_default();
        let end = format!("-----END {label}-----");
        let length = pem.find(&end).ok_or("no PEM data in input")? + end.len();
        let pem = &pem[..length];
        match label {
            "RSA PRIVATE KEY" => {
                let key = rsa::RsaPrivateKey::from_pkcs1_pem(pem);
                Ok(Key::Rsa(Box::new(key.map_err(|error| format!("parsing PKCS1 private key: {error}"))?)))
            }
            "EC PRIVATE KEY" => {
                let key = p256::SecretKey::from_sec1_pem(pem);
                Ok(Key::Ecdsa(key.map_err(|error| format!("parsing EC private key: {error}"))?.into()))
            }
            "DSA PRIVATE KEY" => Ok(Key::Dsa),
            "PRIVATE KEY" => {
                if let Ok(key) = rsa::RsaPrivateKey::from_pkcs8_pem(pem) {
                    return Ok(Key::Rsa(Box::new(key)));
                }
                if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_pem(pem) {
                    return Ok(Key::Ecdsa(key));
                }
                let key = ed25519_dalek::SigningKey::from_pkcs8_pem(pem);
                Ok(Key::Ed25519(key.map_err(|error| format!("decoding PEM as PKCS#8: {error}"))?))
            }
            _ => Err(format!("no private key data in PEM block of type {label}")),
        }
    }

    /// The key as PEM, in the form that Sprig has for its kind.
    pub(super) fn pem(&self) -> std::result::Result<String, Failure> {
        let pem = match self {
            Key::Rsa(key) => key.to_pkcs1_pem(LineEnding::LF).map_err(|error| error.to_string()),
            Key::Ecdsa(key) => return Ok(sec1(key)),
            Key::Ed25519(key) => KeypairBytes { secret_key: key.to_bytes(), public_key: None }
                .to_pkcs8_pem(LineEnding::LF)
                .map_err(|error| error.to_string()),
            Key::Dsa => return Err(NO_SIGNER.into()),
        };
        Ok(pem?.as_str().to_owned())
    }

    /// The public key for a certificate.
    pub(super) fn public(&self) -> Result<SubjectPublicKeyInfoOwned> {
        let document = match self {
            Key::Rsa(key) => key.to_public_key().to_public_key_der(),
            Key::Ecdsa(key) => p256::PublicKey::from(key.verifying_key()).to_public_key_der(),
            Key::Ed25519(key) => key.verifying_key().to_public_key_der(),
            Key::Dsa => return Err(NO_SIGNER.to_owned()),
        };
        let document = document.map_err(|error| error.to_string())?;
        SubjectPublicKeyInfoOwned::from_der(document.as_bytes()).map_err(|error| error.to_string())
    }

    /// The algorithm of its signatures.
    pub(super) fn algorithm(&self) -> AlgorithmIdentifierOwned {
        let (oid, parameters) = match self {
            Key::Rsa(_) => ("1.2.840.113549.1.1.11", Some(Any::from(Null))),
            Key::Ecdsa(_) => ("1.2.840.10045.4.3.2", None),
            Key::Ed25519(_) => ("1.3.101.112", None),
            Key::Dsa => ("2.16.840.1.101.3.4.3.2", None),
        };
        AlgorithmIdentifierOwned { oid: ObjectIdentifier::new_unwrap(oid), parameters }
    }

    /// Signs what a certificate says.
    pub(super) fn sign(&self, content: &[u8]) -> Result<BitString> {
        let signature = match self {
            Key::Rsa(key) => {
                let key = rsa::pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new((**key).clone());
                key.try_sign(content).map(|s| s.to_vec())
            }
            Key::Ecdsa(key) => {
                let signature: std::result::Result<p256::ecdsa::DerSignature, _> = key.try_sign(content);
                signature.map(|s| s.as_bytes().to_vec())
            }
            Key::Ed25519(key) => key.try_sign(content).map(|s| s.to_bytes().to_vec()),
            Key::Dsa => return Err(NO_SIGNER.to_owned()),
        };
        let signature = signature.map_err(|error| error.to_string())?;
        BitString::from_bytes(&signature).map_err(|error| error.to_string())
    }
}

/// A key on the curve P-256 as PEM. The name of the curve is in it, which the library leaves out.
fn sec1(key: &p256::ecdsa::SigningKey) -> String {
    use base64::Engine;
    // SEQUENCE { 1, OCTET STRING key, [0] { prime256v1 }, [1] { BIT STRING point } }
    let mut der = vec![0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20];
    der.extend_from_slice(&key.to_bytes());
    der.extend_from_slice(b"\xA0\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07\xA1\x44\x03\x42\x00");
    der.extend_from_slice(key.verifying_key().to_encoded_point(false).as_bytes());
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
    format!("-----BEGIN EC PRIVATE KEY-----\n{}\n-----END EC PRIVATE KEY-----\n", lines.join("\n"))
}
