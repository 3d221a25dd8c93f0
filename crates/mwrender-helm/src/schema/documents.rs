//! What schemas refer to, from where Helm takes it.

use crate::functions::decode::json;
use crate::functions::url;
use mwrender_schema::violations::Load;
use serde_json::Value;

/// Gets what is at an `http` or `https` address.
pub trait Fetch: std::fmt::Debug {
    /// The body of the answer, after redirections.
    ///
    /// # Errors
    /// There is none, or one with another status than 200.
    fn fetch(&self, address: &str) -> Result<Vec<u8>, Unfetched>;

    /// The content of a file, which a `file` address names.
    ///
    /// # Errors
    /// It cannot be read, as Go tells of it: `open /a.json: no such file or directory`.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// Why nothing was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfetched {
    /// The answer had this status: `404 (Not Found)`.
    Status(String),
    /// There was no answer, as Go tells of it: `dial tcp 127.0.0.1:80: connect: connection refused`.
    Failed(String),
}

/// Fetches nothing.
#[derive(Clone, Copy, Debug)]
pub struct Offline;

impl Fetch for Offline {
    fn fetch(&self, _: &str) -> Result<Vec<u8>, Unfetched> {
        Err(Unfetched::Failed("nothing is fetched here".to_owned()))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("open {path}: no such file or directory"))
    }
}

/// The documents of Helm's library: those of the network, and files.
pub(super) struct Documents<'f>(pub(super) &'f dyn Fetch);

impl Load for Documents<'_> {
    fn load(&self, address: &str) -> Result<Value, String> {
        let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
        match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" => {
                let body = self.0.fetch(address).map_err(|unfetched| match unfetched {
                    Unfetched::Status(status) => {
                        format!("HTTP request to {address} returned status {status}")
                    }
                    Unfetched::Failed(why) => {
                        format!("HTTP request failed for {address}: Get \"{}\": {why}", masked(address))
                    }
                })?;
                json::document(&body)
            }
            // the host, which may be `..`, is not looked at
            "file" => json::document(&self.0.read(&url::parts(address)?.path)?),
            _ => Err(format!("no URLLoader registered for \"{address}\"")),
        }
    }
}

/// An address with its password as Go shows it.
fn masked(address: &str) -> String {
    let shown = address.split_once("://").and_then(|(scheme, rest)| {
        let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let at = rest[..host].rfind('@')?;
        let (user, _) = rest[..at].split_once(':')?;
        Some(format!("{scheme}://{user}:***{}", &rest[at..]))
    });
    shown.unwrap_or_else(|| address.to_owned())
}
