//! `html`, `js` and `urlquery`.

use crate::go::unicode::{decode, is_print};
use crate::printf::{PrintError, pointed, print};
use crate::value::Value;

type Escape = fn(&[u8]) -> Vec<u8>;

pub(super) const ALL: [(&str, Escape); 3] = [("html", html), ("js", js), ("urlquery", urlquery)];

/// The arguments as one text, as `print` joins them; nil is `<no value>`.
pub(super) fn joined(args: &[Value]) -> Result<Vec<u8>, PrintError> {
    if let [only] = args
        && let Some(bytes) = only.as_bytes()
    {
        return Ok(bytes.to_vec());
    }
    let shown: Vec<Value> =
        args.iter().map(|v| if v.is_nil() { Value::from("<no value>") } else { pointed(v) }).collect();
    print(&shown)
}

fn html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &b in text {
        match b {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(b),
        }
    }
    out
}

fn js(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let b = text[at];
        match b {
            b'\\' | b'\'' | b'"' => out.extend_from_slice(&[b'\\', b]),
            b'<' | b'>' | b'&' | b'=' | 0..b' ' => out.extend_from_slice(format!("\\u{b:04X}").as_bytes()),
            b if b < 0x80 => out.push(b),
            _ => {
                let (c, width) = decode(&text[at..]);
                if is_print(c) {
                    out.extend_from_slice(&text[at..at + width]);
                } else {
                    out.extend_from_slice(format!("\\u{:04X}", c as u32).as_bytes());
                }
                at += width - 1;
            }
        }
        at += 1;
    }
    out
}

fn urlquery(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &b in text {
        match b {
            b' ' => out.push(b'+'),
            b'-' | b'_' | b'.' | b'~' => out.push(b),
            _ if b.is_ascii_alphanumeric() => out.push(b),
            _ => out.extend_from_slice(format!("%{b:02X}").as_bytes()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes() {
        assert_eq!(html(b"a<b>&'\"\0"), "a&lt;b&gt;&amp;&#39;&#34;\u{fffd}".as_bytes());
        assert_eq!(js("'<é\u{ad}\n=".as_bytes()), "\\'\\u003Cé\\u00AD\\u000A\\u003D".as_bytes());
        assert_eq!(urlquery("a b/ü~".as_bytes()), b"a+b%2F%C3%BC~");
    }
}
