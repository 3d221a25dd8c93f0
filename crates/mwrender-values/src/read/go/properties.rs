//! Directives, tags and anchors.

use super::Result;
use super::input::Mark;
use super::scanner::{Kind, Scanner};

impl<'t> Scanner<'t> {
    fn is_word(&self) -> bool {
        self.byte(0).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
    }

    /// Takes letters, digits, `_` and `-`.
    fn word(&mut self) -> Result<&'t str> {
        let from = self.mark.at;
        self.need(1)?;
        while self.is_word() {
            self.skip();
            self.need(1)?;
        }
        Ok(&self.input.text[from..self.mark.at])
    }

    /// `%YAML` or `%TAG`.
    pub(super) fn directive(&mut self) -> Result<Kind<'t>> {
        let start = self.mark;
        self.skip();
        let name = self.word()?;
        if name.is_empty() {
            return Err(self.fault(start, "could not find expected directive name"));
        }
        if !self.is_space_or_end(0) {
            return Err(self.fault(start, "found unexpected non-alphabetical character"));
        }
        let kind = match name {
            "YAML" => {
                self.skip_blanks()?;
                let major = self.version_number(start)?;
                if self.byte(0) != Some(b'.') {
                    return Err(self.fault(start, "did not find expected digit or '.' character"));
                }
                self.skip();
                let minor = self.version_number(start)?;
                Kind::Version { is_known: (major, minor) == (1, 1) }
            }
            "TAG" => {
                self.skip_blanks()?;
                let handle = self.tag_handle(start, true)?;
                self.need(1)?;
                if !self.is_blank(0) {
                    return Err(self.fault(start, "did not find expected whitespace"));
                }
                self.skip_blanks()?;
                let prefix = self.tag_uri(start, String::new(), false)?;
                self.need(1)?;
                if !self.is_space_or_end(0) {
                    return Err(self.fault(start, "did not find expected whitespace or line break"));
                }
                Kind::TagDirective { handle, prefix }
            }
            _ => return Err(self.fault(start, "found unknown directive name")),
        };
        self.rest_of_line(start)?;
        Ok(kind)
    }

    /// Skips blanks, a comment and the line break, behind which nothing else stands in a line.
    pub(super) fn rest_of_line(&mut self, start: Mark) -> Result<()> {
        self.skip_blanks()?;
        self.skip_comment()?;
        if !self.is_break_or_end() {
            return Err(self.fault(start, "did not find expected comment or line break"));
        }
        if self.is_break() {
            self.need(2)?;
            self.skip_line();
        }
        Ok(())
    }

    fn version_number(&mut self, start: Mark) -> Result<u32> {
        let (mut value, mut digits) = (0, 0);
        self.need(1)?;
        while let Some(digit @ b'0'..=b'9') = self.byte(0) {
            digits += 1;
            if digits > 2 {
                return Err(self.fault(start, "found extremely long version number"));
            }
            value = value * 10 + u32::from(digit - b'0');
            self.skip();
            self.need(1)?;
        }
        if digits == 0 {
            return Err(self.fault(start, "did not find expected version number"));
        }
        Ok(value)
    }

    /// `&name` or `*name`.
    pub(super) fn anchor(&mut self, is_alias: bool) -> Result<Kind<'t>> {
        let start = self.mark;
        self.skip();
        let name = self.word()?;
        let ends = matches!(self.byte(0), Some(b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`'));
        if name.is_empty() || !ends && !self.is_space_or_end(0) {
            return Err(self.fault(start, "did not find expected alphabetic or numeric character"));
        }
        Ok(if is_alias { Kind::Alias(name) } else { Kind::Anchor(name) })
    }

    /// `!suffix`, `!handle!suffix`, `!!suffix` or `!<tag>`.
    pub(super) fn tag(&mut self) -> Result<Kind<'t>> {
        let start = self.mark;
        self.need(2)?;
        let (handle, suffix);
        if self.byte(1) == Some(b'<') {
            self.skip();
            self.skip();
            handle = String::new();
            suffix = self.tag_uri(start, String::new(), false)?;
            if self.byte(0) != Some(b'>') {
                return Err(self.fault(start, "did not find the expected '>'"));
            }
            self.skip();
        } else {
            let found = self.tag_handle(start, false)?;
            if found.len() > 1 && found.ends_with('!') {
                suffix = self.tag_uri(start, String::new(), false)?;
                handle = found;
            } else {
                let rest = self.tag_uri(start, found[1..].to_owned(), true)?;
                (handle, suffix) =
                    if rest.is_empty() { (rest, "!".to_owned()) } else { ("!".to_owned(), rest) };
            }
        }
        self.need(1)?;
        if !self.is_space_or_end(0) {
            return Err(self.fault(start, "did not find expected whitespace or line break"));
        }
        Ok(Kind::Tag { handle, suffix })
    }

    fn tag_handle(&mut self, start: Mark, is_directive: bool) -> Result<String> {
        self.need(1)?;
        if self.byte(0) != Some(b'!') {
            return Err(self.fault(start, "did not find expected '!'"));
        }
        let from = self.mark.at;
        self.skip();
        self.word()?;
        if self.byte(0) == Some(b'!') {
            self.skip();
        } else if is_directive && self.mark.at - from != 1 {
            return Err(self.fault(start, "did not find expected '!'"));
        }
        Ok(self.input.text[from..self.mark.at].to_owned())
    }

    /// The rest of a tag, of which `uri` is known.
    fn tag_uri(&mut self, start: Mark, mut uri: String, may_be_empty: bool) -> Result<String> {
        let mut bytes = Vec::new();
        self.need(1)?;
        while self.is_word() || self.byte(0).is_some_and(|b| b";/?:@&=+$,.!~*'()[]%".contains(&b)) {
            if self.byte(0) == Some(b'%') {
                self.escaped_octets(start, &mut bytes)?;
            } else {
                bytes.extend(self.byte(0));
                self.skip();
            }
            self.need(1)?;
        }
        if bytes.is_empty() && uri.is_empty() && !may_be_empty {
            return Err(self.fault(start, "did not find expected tag URI"));
        }
        uri.push_str(&String::from_utf8_lossy(&bytes));
        Ok(uri)
    }

    /// A character as `%C3%A9`.
    fn escaped_octets(&mut self, start: Mark, bytes: &mut Vec<u8>) -> Result<()> {
        let mut left = None;
        loop {
            self.need(3)?;
            let digit = |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16));
            let octet = (self.byte(0) == Some(b'%'))
                .then(|| Some(digit(self.byte(1))? << 4 | digit(self.byte(2))?))
                .flatten()
                .ok_or_else(|| self.fault(start, "did not find URI escaped octet"))?
                as u8;
            let width = match left {
                None => match octet {
                    0x00..=0x7f => 1,
                    0xc0..=0xdf => 2,
                    0xe0..=0xef => 3,
                    0xf0..=0xf7 => 4,
                    _ => return Err(self.fault(start, "found an incorrect leading UTF-8 octet")),
                },
                Some(_) if octet & 0xc0 != 0x80 => {
                    return Err(self.fault(start, "found an incorrect trailing UTF-8 octet"));
                }
                Some(n) => n,
            };
            bytes.push(octet);
            (0..3).for_each(|_| self.skip());
            if width == 1 {
                return Ok(());
            }
            left = Some(width - 1);
        }
    }
}
