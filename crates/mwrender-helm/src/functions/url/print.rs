//! URLs as text.

use super::parse::{Part, Url, User, escape};

pub(super) fn user(user: &User) -> Vec<u8> {
    let mut out = escape(&user.name, Part::User);
    if let Some(password) = &user.password {
        out.push(b':');
        out.extend(escape(password, Part::User));
    }
    out
}

pub(super) fn url(url: &Url) -> Vec<u8> {
    let mut out = Vec::new();
    if !url.scheme.is_empty() {
        out.extend_from_slice(&url.scheme);
        out.push(b':');
    }
    if url.opaque.is_empty() {
        let has_nothing = url.omit_host && url.host.is_empty() && url.user.is_none();
        if !has_nothing && (!url.scheme.is_empty() || !url.host.is_empty() || url.user.is_some()) {
            if !url.host.is_empty() || !url.path.is_empty() || url.user.is_some() {
                out.extend_from_slice(b"//");
            }
            if let Some(info) = &url.user {
                out.extend(user(info));
                out.push(b'@');
            }
            out.extend(escape(&url.host, Part::Host));
        }
        let path = url.escaped_path();
        if !path.is_empty() && path[0] != b'/' && !url.host.is_empty() {
            out.push(b'/');
        }
        // what comes before the first colon is no scheme
        if out.is_empty() && path.split(|b| *b == b'/').next().is_some_and(|first| first.contains(&b':')) {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    } else {
        out.extend_from_slice(&url.opaque);
    }
    if url.force_query || !url.query.is_empty() {
        out.push(b'?');
        out.extend_from_slice(&url.query);
    }
    if !url.fragment.is_empty() {
        out.push(b'#');
        if url.raw_fragment.is_empty() {
            out.extend(escape(&url.fragment, Part::Fragment));
        } else {
            out.extend_from_slice(&url.raw_fragment);
        }
    }
    out
}
