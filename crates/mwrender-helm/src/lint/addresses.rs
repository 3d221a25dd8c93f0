//! Addresses in `Chart.yaml` as `helm lint` judges them (with the library `govalidator`).

use crate::functions::url;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether an icon or a source is a URL with a scheme, as Go reads those of requests.
pub(super) fn is_url(text: &str) -> bool {
    url::has_scheme(text)
}

/// Characters beyond ASCII that addresses may have.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{ffef}')
}

/// Whether a text is an e-mail address: words with dots between them or a quoted text, and a domain of at least two
/// labels, the last of which begins and ends with a letter.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let quoted = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let local = match quoted {
        Some(inner) => {
            let plain = |c: char| is_wide(c) || matches!(c, '!' | '#'..='[' | ']'..='~');
            let control =
                |c: char| matches!(c, '\u{1}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}');
            !inner.is_empty() && inner.chars().all(|c| plain(c) || control(c))
        }
        None => {
            let is_atom =
                |c: char| c.is_ascii_alphanumeric() || is_wide(c) || "!#$%&'*+-/=?^_`{|}~".contains(c);
            local.split('.').all(|word| !word.is_empty() && word.chars().all(is_atom))
        }
    };
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let Some((labels, last)) = domain.rsplit_once('.') else { return false };
    let letter = |c: char| c.is_ascii_alphabetic() || is_wide(c);
    let alphanumeric = |c: char| letter(c) || c.is_ascii_digit();
    let inner = |c: char| alphanumeric(c) || "-_~".contains(c);
    let label = |label: &str, end: &dyn Fn(char) -> bool| {
        label.starts_with(end) && label.ends_with(end) && label.chars().all(inner)
    };
    local && labels.split('.').all(|text| label(text, &alphanumeric)) && label(last, &letter)
}

/// Whether the page of a maintainer is a URL, with or without scheme. That of a host without dots needs one, or a port.
///
/// Hosts that are odd without being wrong are let pass, some of which Helm refuses.
pub(super) fn is_page(text: &str) -> bool {
    let short = text.len() <= 3 || text.chars().count() >= 2083;
    if short
        || text.starts_with('.')
        || text.chars().any(char::is_whitespace)
        || url::parts(text).is_err() && text.contains("://")
    {
        return false;
    }
    let (scheme, rest) = text.split_once("://").map_or((None, text), |(scheme, rest)| (Some(scheme), rest));
    if scheme.is_some_and(|scheme| !["ftp", "tcp", "udp", "ws", "wss", "http", "https"].contains(&scheme)) {
        return false;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default().trim_start_matches("mailto:");
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (host, None),
    };
    if port.is_some_and(|port| !(1..=5).contains(&port.len()) || port.bytes().any(|b| !b.is_ascii_digit())) {
        return false;
    }
    if let Some(inner) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inner.parse::<Ipv6Addr>().is_ok();
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    let labels: Vec<&str> = host.split('.').collect();
    if labels.len() == 1 && scheme.is_none() && port.is_none() && !rest[end..].contains('.') {
        return false;
    }
    if labels.len() == 4 && labels.iter().all(|label| label.bytes().all(|b| b.is_ascii_digit())) {
        return host.parse::<Ipv4Addr>().is_ok() && !host.starts_with('0');
    }
    let alphanumeric = |c: char| c.is_ascii_alphanumeric() || ('\u{a1}'..='\u{ffff}').contains(&c);
    labels.iter().all(|label| {
        label.starts_with(alphanumeric)
            && label.ends_with(alphanumeric)
            && label.chars().all(|c| alphanumeric(c) || "-_".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What govalidator says of the same texts.
    #[test]
    fn judged_as_by_helm() {
        let emails = [
            ("a@b.c", true),
            ("a@b", false),
            ("a@b.c1", false),
            ("a@b_c.d", true),
            ("a@b.c.", true),
            ("\"a\"@c.d", true),
            ("\"a b\"@c.d", false),
            ("é@b.c", true),
            ("a@-b.c", false),
            ("a+b@c.d", true),
            ("a..b@c.io", false),
            ("a@b..io", false),
            ("a@b@c.io", false),
            ("<a@b.io>", false),
            ("a@127.0.0.1", false),
        ];
        for (text, judged) in emails {
            assert_eq!(is_email(text), judged, "{text}");
        }
        let pages = [
            ("a.b/c", true),
            ("icon.png", true),
            ("localhost", false),
            ("localhost:80", true),
            ("http://a", true),
            ("http://a..b", false),
            ("http://a.b:x", false),
            ("http://a.b/%zz", false),
            ("oci://a.b", false),
            ("HTTP://a.b", false),
            ("mailto:a@b.c", true),
            ("https://", false),
            ("http://[::1]:80", true),
            ("http://256.1.1.1", false),
            ("http://a.b/x y", false),
        ];
        for (text, judged) in pages {
            assert_eq!(is_page(text), judged, "{text}");
        }
        let urls = [
            ("data:image/png;base64,AAAA", true),
            ("mailto:a@b.c", true),
            ("http:/x.y", true),
            ("https://x.y?a=b c", true),
            ("https://x.y/%zz", false),
            ("https://x.y:port/", false),
            ("https://x.y#f", false),
            ("icon.png", false),
            ("", false),
        ];
        for (text, judged) in urls {
            assert_eq!(is_url(text), judged, "{text}");
        }
    }
}
