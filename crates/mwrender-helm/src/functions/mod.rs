//! The functions that Helm gives to templates besides Go's: Sprig's and its own.
//!
//! Each family is a file with a function `add`, which enters its functions with their Go signatures into the table.
//! What a function does with wrong types is the executor's business, from the signature.

mod certificates;
mod crypto;
mod decode;
mod hash;
pub(crate) mod helm;
mod json;
mod marshal;
mod random;
mod semver;
mod time;
mod toml;
mod url;
mod yaml;

use mwrender_gotemplate::Funcs;

/// All functions of Helm 3.19.5.
pub fn functions() -> Funcs {
    let mut funcs = Funcs::new();
    certificates::add(&mut funcs);
    crypto::add(&mut funcs);
    hash::add(&mut funcs);
    helm::add(&mut funcs);
    json::add(&mut funcs);
    random::add(&mut funcs);
    semver::add(&mut funcs);
    time::add(&mut funcs);
    toml::add(&mut funcs);
    url::add(&mut funcs);
    yaml::add(&mut funcs);
    funcs
}
