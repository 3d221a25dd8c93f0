//! The functions that Helm gives to templates besides Go's: Sprig's and its own.
//!
//! Each family is a file with a function `add`, which enters its functions with their Go signatures into the table.
//! What a function does with wrong types is the executor's business, from the signature.
//!
//! Sprig's functions are those of version 3.3.0 with the libraries of Helm 3.19.5, including what looks like mistakes
//! there, and the texts of Go's panics. What differs:
//!
//! - Where Go goes through a map in any order (`keys`, `values`, `merge`), the order is that of the keys.
//! - One call builds no text above 64 MiB and no list above 4 million elements, and values nest no deeper than 1000
//!   when they are copied, merged or compared: an error, where Go takes the memory or ends.
//! - Unicode is that of the libraries in use, a version or two newer than Go's. Cases of letters are Go's.
//! - Behind its last element, `slice` reaches as far as Go's allocator does for lists of up to 32 elements.

#![allow(clippy::unnecessary_wraps, reason = "the table holds bodies of one signature")]
#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "Go converts its numbers without a question, and lengths are far below 2^53"
)]

pub(crate) mod args;
mod cast;
mod certificates;
mod chance;
pub(crate) mod chars;
pub(crate) mod copy;
mod crypto;
mod decimal;
pub(crate) mod decode;
mod dicts;
mod encoding;
mod environment;
mod equal;
mod hash;
pub(crate) mod helm;
mod json;
mod lists;
mod marshal;
mod merge;
mod numbers;
mod paths;
mod random;
pub(crate) mod regex;
mod semver;
mod strings;
mod text;
pub(crate) mod time;
mod toml;
mod types;
pub(crate) mod url;
mod words;
mod wrap;
pub(crate) mod yaml;

use mwrender_gotemplate::Funcs;

/// All functions of Helm 3.19.5.
pub fn functions() -> Funcs {
    let mut funcs = Funcs::new();
    certificates::add(&mut funcs);
    crypto::add(&mut funcs);
    dicts::add(&mut funcs);
    encoding::add(&mut funcs);
    hash::add(&mut funcs);
    helm::add(&mut funcs);
    json::add(&mut funcs);
    lists::add(&mut funcs);
    numbers::add(&mut funcs);
    paths::add(&mut funcs);
    random::add(&mut funcs);
    regex::add(&mut funcs);
    semver::add(&mut funcs);
    strings::add(&mut funcs);
    text::add(&mut funcs);
    time::add(&mut funcs);
    toml::add(&mut funcs);
    types::add(&mut funcs);
    url::add(&mut funcs);
    words::add(&mut funcs);
    wrap::add(&mut funcs);
    yaml::add(&mut funcs);
    funcs
}

/// Sprig's functions alone, as `--name-template` has them: nothing of Helm's own, but `env` and `expandenv`, for which
/// `variable` gives what the environment holds.
///
/// ```
/// let funcs = mwrender_helm::functions::sprig(|_| None);
/// assert!(funcs.get("env").is_some() && funcs.get("toYaml").is_none());
/// ```
pub fn sprig(variable: impl Fn(&[u8]) -> Option<Vec<u8>> + Clone + Send + Sync + 'static) -> Funcs {
    let mut funcs = functions();
    for name in HELMS {
        funcs.remove(name);
    }
    environment::add(&mut funcs, variable);
    funcs
}

/// What Helm adds to Sprig's functions.
const HELMS: [&str; 12] = [
    "fromJsonArray",
    "fromToml",
    "fromYaml",
    "fromYamlArray",
    "include",
    "lookup",
    "mustToYaml",
    "required",
    "toToml",
    "toYaml",
    "toYamlPretty",
    "tpl",
];
