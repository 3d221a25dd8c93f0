//! Versions as charts have them, and constraints on them.
//!
//! Follows Masterminds/semver 3.4.0, which Helm 3.19 uses: `1.2` is a version (1.2.0), `v1.2.3` too. A constraint is
//! a list of alternatives between `||`, each a list of conditions between spaces or commas; `1.2 - 1.4` is a range.
//! A version with a prerelease only matches alternatives that name a prerelease.

use regex::Regex;
use std::cmp::Ordering;
use std::sync::LazyLock;

/// A version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second number, 0 where there is none.
    pub minor: u64,
    /// The third number, 0 where there is none.
    pub patch: u64,
    /// What follows `-`, such as `rc.1`.
    pub prerelease: String,
    /// What follows `+`; it counts for nothing.
    pub metadata: String,
}

/// The rest of a version behind its numbers.
const SUFFIX: &str = r"(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?";
/// The operators of a constraint.
const OPERATOR: &str = r"=||!=|>|<|>=|=>|<=|=<|~|~>|\^";

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns here are written well, as a test makes sure")
}

/// A version within a constraint, in which parts may be `x` or missing. Groups: the numbers, the suffixes.
fn wild() -> String {
    format!(r"v?([0-9|xX*]+)(\.[0-9|xX*]+)?(\.[0-9|xX*]+)?{SUFFIX}")
}

/// The same without groups.
fn wild_flat() -> String {
    let mut flat = String::new();
    for (n, part) in wild().split('(').enumerate() {
        if n > 0 {
            flat.push_str(if part.starts_with('?') { "(" } else { "(?:" });
        }
        flat.push_str(part);
    }
    flat
}

static VERSION: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"^v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?{SUFFIX}$")));
static RANGE: LazyLock<Regex> = LazyLock::new(|| {
    let flat = wild_flat();
    pattern(&format!(r"(?-u:\s)*({flat})(?-u:\s)+-(?-u:\s)+({flat})(?-u:\s)*"))
});
static ALTERNATIVE: LazyLock<Regex> = LazyLock::new(|| {
    let one = format!(r"(?:{OPERATOR})(?-u:\s)*(?:{})(?-u:\s)*", wild_flat());
    pattern(&format!(r"^(?:(?-u:\s)*{one})(?:(?:(?-u:\s)+|,(?-u:\s)*){one})*$"))
});
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    let version = wild();
    pattern(&format!(r"({OPERATOR})(?-u:\s)*({version})"))
});

impl Version {
    /// Reads a version; `None` where the text is none.
    ///
    /// ```
    /// use mwrender_helm::version::Version;
    /// assert_eq!(Version::parse("v1.2-rc.1").unwrap().to_string(), "1.2.0-rc.1");
    /// assert_eq!(Version::parse("latest"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Version> {
        let found = VERSION.captures(text)?;
        let number = |n| found.get(n).map_or(Some(0), |part| part.as_str().parse().ok());
        let word = |n| found.get(n).map_or(String::new(), |part| part.as_str().to_owned());
        let prerelease = word(4);
        let padded = |part: &str| part.len() > 1 && part.starts_with('0') && is_digits(part);
        if prerelease.split('.').any(padded) {
            return None;
        }
        Some(Version {
            major: number(1)?,
            minor: number(2)?,
            patch: number(3)?,
            prerelease,
            metadata: word(5),
        })
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        for (sign, part) in [('-', &self.prerelease), ('+', &self.metadata)] {
            if !part.is_empty() {
                write!(f, "{sign}{part}")?;
            }
        }
        Ok(())
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The order of versions, without their metadata.
pub fn compare(a: &Version, b: &Version) -> Ordering {
    let numbers = |v: &Version| (v.major, v.minor, v.patch);
    numbers(a).cmp(&numbers(b)).then_with(|| match (a.prerelease.is_empty(), b.prerelease.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Greater,
        (false, true) => Ordering::Less,
        (false, false) => compare_prereleases(&a.prerelease, &b.prerelease),
    })
}

fn compare_prereleases(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let (left, right) = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (left, right) => (left.unwrap_or_default(), right.unwrap_or_default()),
        };
        let number = |part: &str| part.parse::<u64>().ok().filter(|_| is_digits(part));
        let order = match (number(left), number(right)) {
            _ if left == right => Ordering::Equal,
            _ if left.is_empty() => Ordering::Less,
            _ if right.is_empty() => Ordering::Greater,
            (Some(left), Some(right)) => left.cmp(&right),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => left.cmp(right),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// What a version must be.
#[derive(Clone, Debug)]
pub struct Constraint(Vec<Alternative>);

#[derive(Clone, Debug)]
struct Alternative {
    conditions: Vec<Condition>,
    prereleases: bool,
}

#[derive(Clone, Debug)]
struct Condition {
    operator: Operator,
    version: Version,
    /// How many of the numbers are given.
    given: u8,
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    Tilde,
    Caret,
}

impl Constraint {
    /// Reads a constraint.
    ///
    /// ```
    /// use mwrender_helm::version::{Constraint, Version};
    /// let constraint = Constraint::parse(">=1.20, <2 || 3.x").unwrap();
    /// let matches = |version| constraint.matches(&Version::parse(version).unwrap());
    /// assert!(matches("1.20.0") && matches("3.5") && !matches("2.0.0") && !matches("1.21.0-gke.1"));
    /// assert_eq!(Constraint::parse("new").unwrap_err(), "improper constraint: new");
    /// ```
    ///
    /// # Errors
    /// The text is no constraint; the message is Helm's.
    pub fn parse(text: &str) -> Result<Constraint, String> {
        let text = RANGE.replace_all(text, ">= $1, <= $2 ");
        text.split("||").map(Alternative::parse).collect::<Result<_, _>>().map(Constraint)
    }

    /// Whether a version is as it must be.
    pub fn matches(&self, version: &Version) -> bool {
        self.0.iter().any(|alternative| {
            (alternative.prereleases || version.prerelease.is_empty())
                && alternative.conditions.iter().all(|condition| condition.matches(version))
        })
    }
}

/// Whether a version meets a constraint, and both are what they should be.
pub fn is_compatible(constraint: &str, version: &str) -> bool {
    match (Constraint::parse(constraint), Version::parse(version)) {
        (Ok(constraint), Some(version)) => constraint.matches(&version),
        _ => false,
    }
}

impl Alternative {
    fn parse(text: &str) -> Result<Alternative, String> {
        if !ALTERNATIVE.is_match(text) {
            return Err(format!("improper constraint: {text}"));
        }
        let found = CONDITION.captures_iter(text).map(|found| Condition::new(&found));
        let conditions: Vec<Condition> =
            found.collect::<Option<_>>().ok_or_else(|| "constraint parser error".to_owned())?;
        let prereleases = conditions.iter().any(|c| !c.version.prerelease.is_empty());
        Ok(Alternative { conditions, prereleases })
    }
}

impl Condition {
    fn new(found: &regex::Captures<'_>) -> Option<Condition> {
        let part = |n| found.get(n).map_or("", |part| part.as_str());
        let operator = match part(1) {
            "!=" => Operator::NotEqual,
            ">" => Operator::Greater,
            "<" => Operator::Less,
            ">=" | "=>" => Operator::GreaterOrEqual,
            "<=" | "=<" => Operator::LessOrEqual,
            "~" | "~>" => Operator::Tilde,
            "^" => Operator::Caret,
            _ => Operator::Equal,
        };
        let numbers = [part(3), part(4).trim_start_matches('.'), part(5).trim_start_matches('.')];
        let given = numbers.iter().take_while(|n| !matches!(**n, "" | "x" | "X" | "*")).count();
        let mut text = (0..3).map(|n| if n < given { numbers[n] } else { "0" }).collect::<Vec<_>>().join(".");
        // a prerelease counts even behind an `x`, metadata only behind three numbers
        if !part(6).is_empty() {
            text = format!("{text}-{}", part(6));
        }
        if given == 3 && !part(7).is_empty() {
            text = format!("{text}+{}", part(7));
        }
        Some(Condition { operator, version: Version::parse(&text)?, given: given as u8 })
    }

    fn matches(&self, v: &Version) -> bool {
        let c = &self.version;
        let order = compare(v, c);
        match self.operator {
            Operator::Equal if self.given == 3 => order == Ordering::Equal,
            Operator::Equal | Operator::Tilde => self.tilde(v, order),
            Operator::NotEqual => match self.given {
                2 => {
                    let same = (c.major, c.minor) == (v.major, v.minor);
                    !same || compare_prereleases(&v.prerelease, &c.prerelease) != Ordering::Equal
                }
                1 => c.major != v.major,
                // all three are given, or none: `!=*` is `!=0.0.0`
                _ => order != Ordering::Equal,
            },
            Operator::Greater => match self.given {
                1 => v.major > c.major,
                2 => (v.major, v.minor) > (c.major, c.minor),
                _ => order == Ordering::Greater,
            },
            Operator::Less => order == Ordering::Less,
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::LessOrEqual => match self.given {
                3 => order != Ordering::Greater,
                1 => v.major <= c.major,
                _ => (v.major, v.minor) <= (c.major, c.minor),
            },
            Operator::Caret => self.caret(v, order),
        }
    }

    fn tilde(&self, v: &Version, order: Ordering) -> bool {
        let c = &self.version;
        if order == Ordering::Less {
            return false;
        }
        let zero = (c.major, c.minor, c.patch) == (0, 0, 0);
        // `~0.0.0` is anything, as `~*` is
        if zero && (self.given == 0 || self.given == 3) {
            return true;
        }
        v.major == c.major && (v.minor == c.minor || self.given == 1)
    }

    fn caret(&self, v: &Version, order: Ordering) -> bool {
        let c = &self.version;
        if order == Ordering::Less {
            return false;
        }
        if c.major > 0 || self.given == 1 {
            return v.major == c.major;
        }
        if v.major > 0 {
            return false;
        }
        if c.minor > 0 || self.given == 2 {
            return v.minor == c.minor;
        }
        v.minor == 0 && v.patch == c.patch
    }
}
