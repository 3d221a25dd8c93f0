//! Patterns of `.Files.Glob`, as Helm matches them: with gobwas/glob 0.2.3 and `/` between steps.
//!
//! `*` stays within a step and `**` does not, `?` is one character of a step, `[a-z]`, `[abc]` and `[!abc]` are
//! sets, `{a,b}` are alternatives, a backslash takes the meaning of the next character.
//!
//! That is what the patterns mean. What gobwas/glob makes of them differs: it takes lengths in characters for
//! lengths in bytes (`?.txt` does not take `ü.txt`), and loses matches where alternatives hold both wildcards and
//! texts (`files/{a*,b}` does not take `files/a.txt`). Charts are written for Helm with these faults, so the stages
//! are the same here: reading ([`parse`]), the choice of matchers ([`compile`]), and what each of them finds
//! ([`matcher`]).

mod compile;
mod matcher;
mod parse;

use matcher::Matcher;

/// The most wildcards, sets, braces and commas in a pattern; each may take a level of the
/// stack. Helm has no limit.
const MOST: usize = 250;

/// The steps that it takes at most to match a name; some patterns would take years.
const FUEL: u32 = 200_000;

/// A pattern for names of files.
pub(super) struct Glob(Matcher);

impl Glob {
    /// Reads a pattern. What is none takes all files, as in Helm.
    ///
    /// # Errors
    ///
    /// The text of the error if the pattern is too large.
    pub(super) fn new(pattern: &[u8]) -> Result<Glob, String> {
        if pattern.iter().filter(|b| b"*?[{,".contains(b)).count() > MOST {
            return Err(format!("the pattern has more than {MOST} wildcards and alternatives"));
        }
        Ok(Glob(parse::parse(pattern).map_or(Matcher::Run { step: false }, compile::pattern)))
    }

    /// Whether the pattern takes a name.
    ///
    /// # Errors
    ///
    /// The text of Go's error where gobwas/glob panics, or ours where the pattern takes too many steps.
    pub(super) fn matches(&self, name: &[u8]) -> Result<bool, String> {
        self.0.matches(name, &mut { FUEL })
    }
}

#[cfg(test)]
mod tests {
    use super::{Glob, MOST};

    fn is(pattern: &str, name: &str) -> bool {
        Glob::new(pattern.as_bytes()).unwrap().matches(name.as_bytes()).unwrap()
    }

    #[test]
    fn patterns() {
        assert!(is("*.yaml", "a.yaml") && !is("*.yaml", "a/b.yaml") && is("**.yaml", "a/b.yaml"));
        assert!(is("config/{a,b}.?", "config/b.x") && !is("config/{a,b}.?", "config/c.x"));
        assert!(is("[a-c]", "b") && !is("[!a-c]", "b") && is("[!a-c]", "d") && is("[xz]", "z"));
        assert!(is(r"\*", "*") && !is(r"\*", "a") && is("a.b", "a.b") && !is("a.b", "axb"));
        assert!(is("[", "a/b") && is("[a-z]x[a-", "a/b"), "no patterns, so all files");
    }

    #[test]
    fn bytes_outside_utf8() {
        let matches = |pattern: &[u8], name: &[u8]| Glob::new(pattern).unwrap().matches(name).unwrap();
        assert!(matches(b"*", b"\xff") && matches(b"?", b"\xff") && !matches(b"?", b"\xff\xff"));
        assert!(matches(b"\xff", b"a"), "no pattern, so all files");
    }

    #[test]
    fn patterns_that_take_years() {
        let glob = Glob::new("*a".repeat(60).as_bytes()).unwrap();
        let name = format!("{}b", "a".repeat(200));
        assert_eq!(glob.matches(name.as_bytes()), Err("the pattern takes too many steps".to_owned()));
    }

    #[test]
    fn large() {
        for (pattern, ok) in [
            ("{".repeat(MOST), true),
            ("{".repeat(MOST + 1), false),
            ("*a".repeat(MOST), true),
            ("?a".repeat(MOST), true),
            ("[!a]*{".repeat(MOST / 3), true),
        ] {
            assert_eq!(Glob::new(pattern.as_bytes()).map(|glob| glob.matches(b"b")).is_ok(), ok, "{pattern}");
        }
    }
}
