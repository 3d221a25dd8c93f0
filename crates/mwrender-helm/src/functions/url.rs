//! `urlParse`, `urlJoin`, as Go's `net/url` has them, and names of hosts, which are not looked up.

mod address;
mod parse;
mod print;
mod resolve;

pub(crate) use address::Address;

use mwrender_gotemplate::{Failure, Funcs, Function, Map, Str, Value};

use self::parse::Url;

/// What a URL says about where it leads.
pub(crate) struct Parts {
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) path: String,
}

/// Reads a URL.
///
/// # Errors
/// Go's message.
pub(crate) fn parts(text: &str) -> Result<Parts, String> {
    let url = Url::parse(text.as_bytes())?;
    let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Parts { scheme: shown(&url.scheme), host: shown(url.hostname()), path: shown(&url.path) })
}

/// Whether a text is a URL with a scheme, as Go's `url.ParseRequestURI` reads it: without a fragment.
pub(crate) fn has_scheme(text: &str) -> bool {
    !text.is_empty() && Url::read(text.as_bytes()).is_ok_and(|url| !url.scheme.is_empty())
}

/// Reads an IP address.
///
/// # Errors
/// Go's message.
pub(crate) fn address(text: &str) -> Result<Address, String> {
    address::parse(text.as_bytes())
}

/// An address (RFC 3986) in a document that has the address `base`; neither has a fragment.
///
/// # Errors
/// Go's message for one that is none.
pub(crate) fn join(base: &str, reference: &str) -> Result<String, String> {
    let [base, reference] = [base, reference].map(|text| Url::parse(text.as_bytes()));
    let joined = resolve::against(&base?, reference?)?;
    Ok(String::from_utf8_lossy(&print::url(&joined)).into_owned())
}

/// A part of a path or a fragment without its escapes.
///
/// # Errors
/// Go's message for an escape that is none.
pub(crate) fn unescape(text: &str) -> Result<String, String> {
    let text = parse::unescape(text.as_bytes(), parse::Part::Fragment)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The parts in Sprig's map.
const PARTS: [&str; 8] = ["scheme", "userinfo", "host", "path", "query", "opaque", "fragment", "hostname"];

pub(super) fn add(funcs: &mut Funcs) {
    funcs.add(Function::new("urlParse", "func(string) map[string]interface {}", &[], |_, args| {
        let text = args[0].as_bytes().unwrap_or_default();
        let url = Url::parse(text).map_err(|error| format!("unable to parse url: {error}"))?;
        let user = url.user.as_ref().map(print::user).unwrap_or_default();
        let hostname = url.hostname().to_vec();
        let Url { scheme, host, path, query, opaque, fragment, .. } = url;
        let parts = [scheme, user, host, path, query, opaque, fragment, hostname];
        let entries = PARTS.iter().zip(parts).map(|(name, part)| (Str::from(*name), Value::from(part)));
        Ok(Value::from(entries.collect::<Map>()))
    }));
    funcs.add(Function::new("urlJoin", "func(map[string]interface {}) string", &[], |_, args| {
        let map = args[0].as_map();
        let part = |name: &str| -> Result<Vec<u8>, Failure> {
            match map.and_then(|map| map.get(name.as_bytes())) {
                None => Ok(Vec::new()),
                Some(value) => match value.as_bytes() {
                    Some(bytes) => Ok(bytes.to_vec()),
                    // Go asks for the type of nothing
                    None if value.is_nil() => {
                        Err("runtime error: invalid memory address or nil pointer dereference".into())
                    }
                    None => {
                        let kind = kind(&value);
                        let text = "must be of type string, but";
                        Err(format!("unable to parse {name} key, {text} {kind} found").into())
                    }
                },
            }
        };
        let mut url = Url {
            scheme: part("scheme")?,
            host: part("host")?,
            path: part("path")?,
            query: part("query")?,
            opaque: part("opaque")?,
            fragment: part("fragment")?,
            ..Url::default()
        };
        let user = part("userinfo")?;
        if !user.is_empty() {
            let text = [b"proto://", &user[..], b"@host"].concat();
            url.user =
                Url::parse(&text).map_err(|error| format!("unable to parse userinfo in dict: {error}"))?.user;
        }
        Ok(Value::from(print::url(&url)))
    }));
    funcs.add(Function::new("getHostByName", "func(string) string", &[], |_, _| Ok(Value::from(""))));
}

/// The kind of a value in Go.
fn kind(value: &Value) -> &str {
    use mwrender_gotemplate::Kind;
    match value.kind() {
        Kind::Map(_) => "map",
        Kind::List(_) => "slice",
        Kind::Object(object) => {
            if object.type_name().starts_with('*') {
                "ptr"
            } else {
                "struct"
            }
        }
        _ => value.type_name(),
    }
}
