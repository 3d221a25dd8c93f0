//! Reading URLs.

use super::address::{self, Address};

/// A URL in its parts, without their escapes.
#[derive(Debug, Default)]
pub(super) struct Url {
    pub(super) scheme: Vec<u8>,
    pub(super) opaque: Vec<u8>,
    pub(super) user: Option<User>,
    pub(super) host: Vec<u8>,
    /// Whether there is nothing before the path, not even `//`.
    pub(super) omit_host: bool,
    pub(super) path: Vec<u8>,
    /// The path as it was written, if its default form is another.
    pub(super) raw_path: Vec<u8>,
    pub(super) query: Vec<u8>,
    pub(super) force_query: bool,
    pub(super) fragment: Vec<u8>,
    pub(super) raw_fragment: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) name: Vec<u8>,
    pub(super) password: Option<Vec<u8>>,
}

/// Which part of a URL text is in: each has its own characters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    Path,
    Host,
    Zone,
    User,
    Fragment,
}

type Result<T> = std::result::Result<T, String>;

pub(super) fn quoted(bytes: &[u8]) -> String {
    crate::engine::data::quoted(bytes)
}

fn cut(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|b| *b == byte) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

impl Url {
    /// Reads a URL.
    ///
    /// # Errors
    /// Go's message.
    pub(super) fn parse(text: &[u8]) -> Result<Url> {
        let (before, fragment) = cut(text, b'#');
        let fault = |text: &[u8], why: String| format!("parse {}: {why}", quoted(text));
        let mut url = Url::read(before).map_err(|why| fault(before, why))?;
        if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
            url.fragment = unescape(fragment, Part::Fragment).map_err(|why| fault(text, why))?;
            if escape(&url.fragment, Part::Fragment) != fragment {
                url.raw_fragment = fragment.to_vec();
            }
        }
        Ok(url)
    }

    /// Reads a URL that has no fragment.
    pub(super) fn read(text: &[u8]) -> Result<Url> {
        if text.iter().any(|b| *b < 0x20 || *b == 0x7F) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Url::default();
        if text == b"*" {
            url.path = b"*".to_vec();
            return Ok(url);
        }
        let (scheme, mut rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        if rest.ends_with(b"?") && !rest[..rest.len() - 1].contains(&b'?') {
            url.force_query = true;
            rest = &rest[..rest.len() - 1];
        } else {
            let (before, query) = cut(rest, b'?');
            rest = before;
            url.query = query.unwrap_or_default().to_vec();
        }
        if !rest.starts_with(b"/") {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        if rest.starts_with(b"//") && (!url.scheme.is_empty() || !rest.starts_with(b"///")) {
            let authority = &rest[2..];
            let end = authority.iter().position(|b| *b == b'/').unwrap_or(authority.len());
            rest = &authority[end..];
            url.authority(&authority[..end])?;
        } else {
            url.omit_host = !url.scheme.is_empty();
        }
        url.set_path(rest)?;
        Ok(url)
    }

    /// Takes a path with escapes.
    pub(super) fn set_path(&mut self, path: &[u8]) -> Result<()> {
        self.path = unescape(path, Part::Path)?;
        let is_default = escape(&self.path, Part::Path) == path;
        self.raw_path = if is_default { Vec::new() } else { path.to_vec() };
        Ok(())
    }

    /// The path with escapes, as it was written.
    pub(super) fn escaped_path(&self) -> Vec<u8> {
        // what others than Go would not take is escaped after all
        let is_valid = |b: &u8| b"!$&'()*+,;=:@[]%".contains(b) || !must_escape(*b, Part::Path);
        match (&*self.raw_path, &*self.path) {
            (raw @ [_, ..], _) if raw.iter().all(is_valid) => raw.to_vec(),
            (_, b"*") => b"*".to_vec(),
            (_, path) => escape(path, Part::Path),
        }
    }

    fn authority(&mut self, text: &[u8]) -> Result<()> {
        let at = text.iter().rposition(|b| *b == b'@');
        let host = at.map_or(text, |at| &text[at + 1..]);
        self.host = host_of(host)?;
        let Some(at) = at else { return Ok(()) };
        let user = &text[..at];
        let valid = |b: &u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b);
        if !user.iter().all(valid) {
            return Err("net/url: invalid userinfo".to_owned());
        }
        let (name, password) = cut(user, b':');
        let name = unescape(name, Part::User)?;
        let password = password.map(|password| unescape(password, Part::User)).transpose()?;
        self.user = Some(User { name, password });
        Ok(())
    }

    /// The host without its port and brackets.
    pub(super) fn hostname(&self) -> &[u8] {
        let mut host = &self.host[..];
        if let Some(colon) = host.iter().rposition(|b| *b == b':')
            && valid_port(&host[colon..])
        {
            host = &host[..colon];
        }
        if host.starts_with(b"[") && host.ends_with(b"]") { &host[1..host.len() - 1] } else { host }
    }
}

/// The scheme before the first colon.
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8])> {
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

fn valid_port(text: &[u8]) -> bool {
    text.is_empty() || text[0] == b':' && text[1..].iter().all(u8::is_ascii_digit)
}

fn host_of(host: &[u8]) -> Result<Vec<u8>> {
    let check = |port: &[u8]| {
        if valid_port(port) { Ok(()) } else { Err(format!("invalid port {} after host", quoted(port))) }
    };
    if let Some(start) = host.iter().rposition(|b| *b == b'[') {
        let end = host.iter().rposition(|b| *b == b']').ok_or("missing ']' in host")?;
        check(&host[end + 1..])?;
        let (inner, behind) =
            (host.get(start + 1..end).unwrap_or_default(), unescape(&host[end + 1..], Part::Host)?);
        let inner = match inner.windows(3).position(|part| part == b"%25") {
            Some(zone) => {
                [unescape(&inner[..zone], Part::Host)?, unescape(&inner[zone..], Part::Zone)?].concat()
            }
            None => unescape(inner, Part::Host)?,
        };
        return match address::parse(&inner) {
            Ok(Address::V6) => Ok([b"[", &inner[..], b"]", &behind].concat()),
            Ok(Address::V4) => Err("invalid IP-literal".to_owned()),
            Err(why) => Err(format!("invalid host: {why}")),
        };
    } else if let Some(colon) = host.iter().rposition(|b| *b == b':') {
        check(&host[colon..])?;
    }
    unescape(host, Part::Host)
}

/// Takes escapes back.
pub(super) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>> {
    let hex = |at: usize| text.get(at).and_then(|b| char::from(*b).to_digit(16)).map(|n| n as u8);
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        if byte == b'%' {
            let (Some(high), Some(low)) = (hex(at + 1), hex(at + 2)) else {
                let end = text.len().min(at + 3);
                return Err(format!("invalid URL escape {}", quoted(&text[at..end])));
            };
            let code = high << 4 | low;
            let shown = &text[at..at + 3];
            if part == Part::Host && high < 8 && shown != b"%25" {
                return Err(format!("invalid URL escape {}", quoted(shown)));
            }
            if part == Part::Zone && shown != b"%25" && code != b' ' && must_escape(code, Part::Host) {
                return Err(format!("invalid URL escape {}", quoted(shown)));
            }
            out.push(code);
            at += 3;
            continue;
        }
        if matches!(part, Part::Host | Part::Zone) && byte < 0x80 && must_escape(byte, part) {
            return Err(format!("invalid character {} in host name", quoted(&text[at..=at])));
        }
        out.push(byte);
        at += 1;
    }
    Ok(out)
}

/// Whether a byte cannot stand in a part as it is.
pub(super) fn must_escape(byte: u8, part: Part) -> bool {
    match byte {
        _ if byte.is_ascii_alphanumeric() => false,
        b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'[' | b']'
        | b'<' | b'>' | b'"'
            if matches!(part, Part::Host | Part::Zone) =>
        {
            false
        }
        b'-' | b'_' | b'.' | b'~' => false,
        b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'=' | b'?' | b'@' => match part {
            Part::Path => byte == b'?',
            Part::User => matches!(byte, b'@' | b'/' | b'?' | b':'),
            Part::Fragment => false,
            Part::Host | Part::Zone => true,
        },
        b'!' | b'(' | b')' | b'*' if part == Part::Fragment => false,
        _ => true,
    }
}

/// Text of a part with escapes.
pub(super) fn escape(text: &[u8], part: Part) -> Vec<u8> {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        if must_escape(*byte, part) {
            out.extend([b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        } else {
            out.push(*byte);
        }
    }
    out
}
