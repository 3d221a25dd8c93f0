//! What Helm wants to know of a registry of charts before it looks for one.

use super::Failure;
use super::read::bytes_of;
use std::path::Path;

/// Files for the connection to a registry. Helm reads them first, even where it connects to none.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// `--ca-file`.
    pub ca_file: Option<String>,
    /// `--cert-file`.
    pub cert_file: Option<String>,
    /// `--key-file`.
    pub key_file: Option<String>,
}

impl Registry {
    /// Reads the files as far as to see that they are some.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let [ca, cert, key] = [&self.ca_file, &self.cert_file, &self.key_file]
            .map(|file| file.as_deref().filter(|file| !file.is_empty()));
        if let (Some(cert), Some(key)) = (cert, key) {
            let wrong =
                |why: &str| failure(&format!("can't load key pair from cert {cert} and key {key}: {why}"));
            let read = |file| bytes_of(Path::new(file)).map_err(|error| wrong(&error.text));
            for (what, text) in [("certificate", read(cert)?), ("key", read(key)?)] {
                if !is_pem(&text) {
                    return Err(wrong(&format!("tls: failed to find any PEM data in {what} input")));
                }
            }
        }
        if let Some(ca) = ca {
            let text = std::fs::read(ca).map_err(|_| failure(&format!("can't read CA file: {ca}")))?;
            if !is_pem(&text) {
                return Err(failure(&format!("failed to append certificates from file: {ca}")));
            }
        }
        Ok(())
    }
}

fn failure(why: &str) -> Failure {
    Failure::new(format!("missing registry client: can't create TLS config for client: {why}"))
}

fn is_pem(text: &[u8]) -> bool {
    text.windows(11).any(|part| part == b"-----BEGIN ")
}
