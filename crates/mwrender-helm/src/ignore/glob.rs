//! Go's `filepath.Match`: `*` and `?` (anything but `/`), `[a-z]`, `[^a-z]`, `\` before what is meant as it is.

/// Whether a pattern matches a whole name; `None` where the pattern is none.
///
/// As in Go, a fault in a pattern behind the place where the name fails to match is found as well.
pub(crate) fn matches(pattern: &str, name: &str) -> Option<bool> {
    let pattern = parse(pattern)?;
    let name: Vec<char> = name.chars().collect();
    // the places of the name that the pattern so far may have come to
    let mut places = vec![false; name.len() + 1];
    places[0] = true;
    for token in &pattern {
        let mut next = vec![false; name.len() + 1];
        for at in (0..=name.len()).filter(|at| places[*at]) {
            match token {
                Token::Star => {
                    let run = name[at..].iter().take_while(|c| **c != '/').count();
                    next[at..=at + run].fill(true);
                }
                token => {
                    if name.get(at).is_some_and(|c| token.matches(*c)) {
                        next[at + 1] = true;
                    }
                }
            }
        }
        places = next;
    }
    Some(places[name.len()])
}

enum Token {
    Star,
    Any,
    One(char),
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Token {
    fn matches(&self, c: char) -> bool {
        match self {
            Token::Star => false,
            Token::Any => c != '/',
            Token::One(one) => *one == c,
            Token::Class { negated, ranges } => {
                ranges.iter().any(|(a, b)| (*a..=*b).contains(&c)) != *negated
            }
        }
    }
}

fn parse(pattern: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Star,
            '?' => Token::Any,
            '\\' => Token::One(chars.next()?),
            '[' => {
                let negated = chars.next_if_eq(&'^').is_some();
                let mut ranges = Vec::new();
                loop {
                    if !ranges.is_empty() && chars.next_if_eq(&']').is_some() {
                        break;
                    }
                    let mut bound = || match chars.next()? {
                        '-' | ']' => None,
                        '\\' => chars.next(),
                        c => Some(c),
                    };
                    let low = bound()?;
                    let high = if chars.next_if_eq(&'-').is_some() {
                        match chars.next()? {
                            '-' | ']' => return None,
                            '\\' => chars.next()?,
                            c => c,
                        }
                    } else {
                        low
                    };
                    // the class goes on: it must end somewhere
                    chars.peek()?;
                    ranges.push((low, high));
                }
                Token::Class { negated, ranges }
            }
            c => Token::One(c),
        });
    }
    Some(tokens)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        for (pattern, name, expected) in [
            ("*.bak", "a.bak", Some(true)),
            ("*.bak", "d/a.bak", Some(false)),
            ("a/*/c", "a/b/c", Some(true)),
            ("a?c", "a/c", Some(false)),
            ("[a-c]x", "bx", Some(true)),
            ("[^a-c]x", "bx", Some(false)),
            ("\\*", "*", Some(true)),
            ("a*b*c", "aXbYbZc", Some(true)),
            ("", "", Some(true)),
            ("[", "a", None),
            ("[]a]", "a", None),
            ("[a-]", "a", None),
            ("a\\", "b", None),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
