//! A URL that stands in a document, from the top (RFC 3986, section 5.2).

use super::parse::Url;

/// The URL that a reference means in a document with the URL `base`.
///
/// # Errors
/// Go's message; there is none for URLs that were read.
pub(super) fn against(base: &Url, reference: Url) -> Result<Url, String> {
    let mut url = reference;
    let is_absolute = !url.scheme.is_empty();
    if !is_absolute {
        url.scheme.clone_from(&base.scheme);
        // what has no path keeps none, whatever is asked for
        url.opaque.clone_from(&base.opaque);
    }
    if is_absolute || !url.host.is_empty() || url.user.is_some() {
        let path = url.escaped_path();
        url.set_path(&plain(&path))?;
        return Ok(url);
    }
    if url.path.is_empty() && !url.force_query && url.query.is_empty() {
        url.query.clone_from(&base.query);
    }
    if !url.opaque.is_empty() && url.path.is_empty() {
        return Ok(url);
    }
    url.host.clone_from(&base.host);
    url.user.clone_from(&base.user);
    let own = url.escaped_path();
    let full = match own.first() {
        None => base.escaped_path(),
        Some(b'/') => own,
        Some(_) => {
            let mut folder = base.escaped_path();
            folder.truncate(folder.iter().rposition(|b| *b == b'/').map_or(0, |at| at + 1));
            [folder, own].concat()
        }
    };
    url.set_path(&plain(&full))?;
    Ok(url)
}

/// A path without `.` and `..`, from `/`.
fn plain(path: &[u8]) -> Vec<u8> {
    if path.is_empty() {
        return Vec::new();
    }
    let mut parts = Vec::new();
    let mut last = &b""[..];
    for part in path.split(|b| *b == b'/') {
        last = part;
        match part {
            b"." => {}
            b".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let mut plain = [b"/", &parts.join(&b'/')[..]].concat();
    if matches!(last, b"." | b"..") {
        plain.push(b'/');
    }
    if plain.starts_with(b"//") { plain[1..].to_vec() } else { plain }
}
