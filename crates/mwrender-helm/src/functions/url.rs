//! `urlParse`, `urlJoin`, as Go's `net/url` has them, and names of hosts, which are not looked up.

pub(crate) mod address;
mod parse;
mod print;

use mwrender_gotemplate::{Failure, Funcs, Function, Map, Str, Value};

use self::parse::Url;

/// The parts in Sprig's map.
const PARTS: [&str; 8] = ["scheme", "userinfo", "host", "path", "query", "opaque", "fragment", "hostname"];

/// What formats of schemas look at in a URL.
pub(crate) struct Shape {
    /// It has a scheme.
    pub(crate) is_absolute: bool,
    /// The host with its port and brackets.
    pub(crate) host: Vec<u8>,
    /// The host without them.
    pub(crate) hostname: Vec<u8>,
    pub(crate) path: Vec<u8>,
}

/// Reads a URL.
///
/// # Errors
/// Go's message.
pub(crate) fn shape(text: &str) -> Result<Shape, String> {
    let url = Url::parse(text.as_bytes())?;
    let hostname = url.hostname().to_vec();
    Ok(Shape { is_absolute: !url.scheme.is_empty(), host: url.host, hostname, path: url.path })
}

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
        Kind::Nil => "invalid",
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
