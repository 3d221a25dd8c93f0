//! Patterns of `.Files.Glob`: those of gobwas/glob with `/` between steps.
//!
//! `*` stays within a step and `**` does not, `?` is one character of a step, `[a-z]`, `[abc]` and `[!abc]` are
//! sets, `{a,b}` are alternatives, a backslash takes the meaning of the next character.

use regex::bytes::Regex;
use std::iter::Peekable;
use std::str::Chars;

/// A pattern for names of files.
pub(super) struct Glob(Option<Regex>);

impl Glob {
    /// Reads a pattern; `None` if it is none.
    pub(super) fn parse(pattern: &str) -> Option<Glob> {
        let mut out = String::from(r"\A(?s:");
        let mut chars = pattern.chars().peekable();
        alternatives(&mut chars, &mut out, false)?;
        out.push_str(r")\z");
        Regex::new(&out).ok().map(|regex| Glob(Some(regex)))
    }

    /// What Helm takes where a pattern is none: all files.
    pub(super) fn everything() -> Glob {
        Glob(None)
    }

    pub(super) fn matches(&self, name: &[u8]) -> bool {
        self.0.as_ref().is_none_or(|regex| regex.is_match(name))
    }
}

/// Reads up to the end, or within braces up to the closing one.
fn alternatives(chars: &mut Peekable<Chars<'_>>, out: &mut String, braces: bool) -> Option<()> {
    while let Some(c) = chars.next() {
        match c {
            '\\' => literal(chars.next()?, out),
            '*' if chars.next_if_eq(&'*').is_some() => out.push_str(".*"),
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '[' => set(chars, out)?,
            '{' => {
                out.push_str("(?:");
                alternatives(chars, out, true)?;
                out.push(')');
            }
            '}' if braces => return Some(()),
            ',' if braces => out.push('|'),
            c => literal(c, out),
        }
    }
    (!braces).then_some(())
}

fn literal(c: char, out: &mut String) {
    out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
}

/// `[a-z]` or `[abc]`, behind the bracket.
fn set(chars: &mut Peekable<Chars<'_>>, out: &mut String) -> Option<()> {
    out.push('[');
    if chars.next_if_eq(&'!').is_some() {
        out.push('^');
    }
    let mut members = Vec::new();
    loop {
        match chars.next()? {
            ']' => break,
            '\\' => members.push(chars.next()?),
            c => members.push(c),
        }
    }
    match members[..] {
        [low, '-', high] if low <= high => {
            literal(low, out);
            out.push('-');
            literal(high, out);
        }
        [] | [_, '-', _] => return None,
        _ => members.iter().for_each(|c| literal(*c, out)),
    }
    out.push(']');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::Glob;

    fn is(pattern: &str, name: &str) -> bool {
        Glob::parse(pattern).is_some_and(|glob| glob.matches(name.as_bytes()))
    }

    #[test]
    fn patterns() {
        assert!(is("*.yaml", "a.yaml") && !is("*.yaml", "a/b.yaml") && is("**.yaml", "a/b.yaml"));
        assert!(is("config/{a,b}.?", "config/b.x") && !is("config/{a,b}.?", "config/c.x"));
        assert!(is("[a-c]", "b") && !is("[!a-c]", "b") && is("[!a-c]", "d") && is("[xz]", "z"));
        assert!(
            is(r"\*", "*") && !is(r"\*", "a") && is("**", "a/b") && is("a.b", "a.b") && !is("a.b", "axb")
        );
        assert!(Glob::parse("[").is_none() && Glob::parse("{a").is_none());
    }
}
