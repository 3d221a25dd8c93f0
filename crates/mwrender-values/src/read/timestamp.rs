//! Which texts yaml.v2 takes for a time.
//!
//! Times stay strings when read, but the emitter has to quote texts that look like one.

/// What is left of a text.
struct Rest<'t>(&'t str);

impl Rest<'_> {
    /// A number of one or two digits (or exactly four, for years).
    fn number(&mut self, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let n = self.0.bytes().take(*digits.end()).take_while(u8::is_ascii_digit).count();
        let value = digits.contains(&n).then(|| self.0[..n].parse().ok())?;
        self.0 = &self.0[n..];
        value
    }

    /// One of these characters.
    fn one_of(&mut self, chars: &[char]) -> Option<char> {
        let c = self.0.chars().next().filter(|c| chars.contains(c))?;
        self.0 = &self.0[c.len_utf8()..];
        Some(c)
    }
}

/// Whether the text is `2006-1-2`, that with a time of day after spaces, or that with `T` and a zone.
pub(crate) fn is_timestamp(text: &str) -> bool {
    parse(text).is_some()
}

fn parse(text: &str) -> Option<()> {
    let mut rest = Rest(text);
    let year = rest.number(4..=4)?;
    rest.one_of(&['-'])?;
    let month = rest.number(1..=2)?;
    rest.one_of(&['-'])?;
    let day = rest.number(1..=2)?;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days).contains(&day) {
        return None;
    }
    if rest.0.is_empty() {
        return Some(());
    }
    let separator = rest.one_of(&['T', 't', ' '])?;
    if separator == ' ' {
        rest.0 = rest.0.trim_start_matches(' ');
    }
    let hour = rest.number(1..=2)?;
    rest.one_of(&[':'])?;
    let minute = rest.number(1..=2)?;
    rest.one_of(&[':'])?;
    let second = rest.number(1..=2)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if let Some(fraction) = rest.0.strip_prefix(['.', ','])
        && fraction.starts_with(|c: char| c.is_ascii_digit())
    {
        rest.0 = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    if separator != ' ' && rest.one_of(&['Z', '+', '-'])? != 'Z' {
        let hours = rest.number(2..=2)?;
        rest.one_of(&[':'])?;
        let minutes = rest.number(2..=2)?;
        if hours > 24 || minutes > 60 {
            return None;
        }
    }
    rest.0.is_empty().then_some(())
}
