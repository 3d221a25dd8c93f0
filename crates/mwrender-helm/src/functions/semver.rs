//! Versions: `semver`, `semverCompare`, and what can be asked of a version.

use std::any::Any;
use std::cmp::Ordering;
use std::sync::LazyLock;

use mwrender_gotemplate::{
    Failure, Fields, Funcs, Function, Kind, List, Marshal, Object, Shape, Type, UintKind, Value,
};

use crate::version::{Constraint, Version, compare};

static POINTER: Type = Type::new("*semver.Version", Shape::Object);
static STRUCT: Type = Type::new("semver.Version", Shape::Object);

pub(super) fn add(funcs: &mut Funcs) {
    funcs.add(Function::new("semver", "func(string) (*semver.Version, error)", &[&POINTER], |_, args| {
        let text = String::from_utf8_lossy(args[0].as_bytes().unwrap_or_default()).into_owned();
        let version = parse(&text)?;
        Ok(Value::object(Semver { version, original: text, pointer: true }))
    }));
    funcs.add(Function::new("semverCompare", "func(string, string) (bool, error)", &[], |_, args| {
        let text = |n: usize| String::from_utf8_lossy(args[n].as_bytes().unwrap_or_default()).into_owned();
        let constraint = Constraint::parse(&text(0))?;
        let version = parse(&text(1))?;
        Ok(Value::from(constraint.matches(&version)))
    }));
}

/// Reads a version, or fails in the words of Masterminds/semver.
fn parse(text: &str) -> Result<Version, String> {
    Version::parse(text).ok_or_else(|| {
        if !is_shaped(text) {
            return "invalid semantic version".to_owned();
        }
        let too_large = numbers(text).split('.').find(|part| part.parse::<u64>().is_err());
        too_large.map_or_else(
            || "version segment starts with 0".to_owned(),
            |part| {
                let why = format!("strconv.ParseUint: parsing \"{part}\": value out of range");
                format!("error parsing version segment: {why}")
            },
        )
    })
}

/// What comes before the prerelease and the metadata.
fn numbers(text: &str) -> &str {
    let text = text.strip_prefix('v').unwrap_or(text);
    &text[..text.find(['-', '+']).unwrap_or(text.len())]
}

/// Whether a text is a version but for the size of its numbers and zeros before those of the prerelease.
fn is_shaped(text: &str) -> bool {
    let numbers = numbers(text);
    let parts: Vec<&str> = numbers.split('.').collect();
    let are_digits = parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    let rest = &text[text.len() - (text.strip_prefix('v').unwrap_or(text).len() - numbers.len())..];
    let (prerelease, metadata) = rest.split_once('+').map_or((rest, None), |(pre, meta)| (pre, Some(meta)));
    let are_words = |words: &str| {
        let is_word = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
        words.split('.').all(|word| !word.is_empty() && word.bytes().all(is_word))
    };
    parts.len() <= 3
        && are_digits
        && prerelease.strip_prefix('-').is_none_or(are_words)
        && metadata.is_none_or(are_words)
}

/// A version as templates have it.
struct Semver {
    version: Version,
    original: String,
    pointer: bool,
}

impl Semver {
    fn of(value: &Value) -> Result<&Semver, Failure> {
        match value.kind() {
            Kind::Object(object) => object.as_any().downcast_ref().ok_or_else(|| "no version".into()),
            _ => Err("runtime error: invalid memory address or nil pointer dereference".into()),
        }
    }

    /// A changed version, whose original text has the prefix of this one.
    fn changed(&self, change: impl FnOnce(&mut Version)) -> Value {
        let mut version = self.version.clone();
        change(&mut version);
        let prefix = if self.original.starts_with('v') { "v" } else { "" };
        let original = format!("{prefix}{version}");
        Value::object(Semver { version, original, pointer: false })
    }
}

impl Object for Semver {
    fn type_name(&self) -> &str {
        if self.pointer { POINTER.name() } else { STRUCT.name() }
    }

    fn method(&self, name: &str) -> Option<&Function> {
        let methods = if self.pointer { METHODS.as_slice() } else { &METHODS[..OF_VALUES] };
        methods.iter().find(|method| method.name() == name)
    }

    fn string(&self) -> Option<String> {
        Some(self.version.to_string())
    }

    fn marshal(&self) -> Marshal {
        Marshal::Text(self.version.to_string())
    }

    fn fields(&self) -> Fields {
        let uint = |n| Value::new(Kind::Uint(n, UintKind::Uint64));
        let v = &self.version;
        Fields {
            pointer: self.pointer,
            fields: vec![
                ("major", uint(v.major)),
                ("minor", uint(v.minor)),
                ("patch", uint(v.patch)),
                ("pre", Value::from(v.prerelease.as_str())),
                ("metadata", Value::from(v.metadata.as_str())),
                ("original", Value::from(self.original.as_str())),
            ],
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// How many of the methods belong to values, too, and not only to pointers.
const OF_VALUES: usize = 14;

static METHODS: LazyLock<Vec<Function>> = LazyLock::new(methods);

fn methods() -> Vec<Function> {
    fn get(name: &str, result: &str, get: impl Fn(&Semver) -> Value + Send + Sync + 'static) -> Function {
        Function::new(name, &format!("func() {result}"), &[&STRUCT], move |_, args| {
            Ok(get(Semver::of(&args[0])?))
        })
    }
    fn set(name: &str, error: &'static str, set: fn(&mut Version, String)) -> Function {
        Function::new(name, "func(string) (semver.Version, error)", &[&STRUCT], move |_, args| {
            let text = String::from_utf8_lossy(args[1].as_bytes().unwrap_or_default()).into_owned();
            if !text.is_empty() {
                let valid = |part: &str| {
                    !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                };
                if !text.split('.').all(valid) {
                    return Err(error.into());
                }
                let padded = |part: &str| {
                    part.len() > 1 && part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit())
                };
                if error.contains("prerelease") && text.split('.').any(padded) {
                    return Err("version segment starts with 0".into());
                }
            }
            Ok(Semver::of(&args[0])?.changed(|version| set(version, text)))
        })
    }
    fn order(name: &str, is: fn(Ordering) -> bool) -> Function {
        Function::new(name, "func(*semver.Version) bool", &[&POINTER], move |_, args| {
            Ok(Value::from(is(compare(&Semver::of(&args[0])?.version, &Semver::of(&args[1])?.version))))
        })
    }
    let uint = |n| Value::new(Kind::Uint(n, UintKind::Uint64));
    let bytes = |text: String| {
        let byte = |b| Value::new(Kind::Uint(u64::from(b), UintKind::Uint8));
        Value::from(List::new(Type::BYTES, text.bytes().map(byte).collect()))
    };
    let text = |text: &str| Value::from(text);
    vec![
        get("String", "string", |v| Value::from(v.version.to_string())),
        get("Major", "uint64", move |v| uint(v.version.major)),
        get("Minor", "uint64", move |v| uint(v.version.minor)),
        get("Patch", "uint64", move |v| uint(v.version.patch)),
        get("Prerelease", "string", move |v| text(&v.version.prerelease)),
        get("Metadata", "string", move |v| text(&v.version.metadata)),
        get("MarshalJSON", "([]uint8, error)", move |v| bytes(format!("\"{}\"", v.version))),
        get("MarshalText", "([]uint8, error)", move |v| bytes(v.version.to_string())),
        get("Value", "(interface {}, error)", |v| Value::from(v.version.to_string())),
        get("IncPatch", "semver.Version", |v| {
            v.changed(|v| {
                // a prerelease comes before the release that it is named for
                if v.prerelease.is_empty() {
                    v.patch = v.patch.wrapping_add(1);
                }
                v.prerelease.clear();
                v.metadata.clear();
            })
        }),
        get("IncMinor", "semver.Version", |v| {
            v.changed(|v| {
                let (major, minor) = (v.major, v.minor.wrapping_add(1));
                *v = Version { major, minor, patch: 0, prerelease: String::new(), metadata: String::new() };
            })
        }),
        get("IncMajor", "semver.Version", |v| {
            v.changed(|v| {
                let major = v.major.wrapping_add(1);
                *v =
                    Version { major, minor: 0, patch: 0, prerelease: String::new(), metadata: String::new() };
            })
        }),
        set("SetPrerelease", "invalid prerelease string", |v, text| v.prerelease = text),
        set("SetMetadata", "invalid metadata string", |v, text| v.metadata = text),
        // the rest needs a pointer
        get("Original", "string", move |v| text(&v.original)),
        Function::new("Compare", "func(*semver.Version) int", &[&POINTER], |_, args| {
            let order = compare(&Semver::of(&args[0])?.version, &Semver::of(&args[1])?.version);
            Ok(Value::int(order as i64))
        }),
        order("Equal", Ordering::is_eq),
        order("LessThan", Ordering::is_lt),
        order("LessThanEqual", Ordering::is_le),
        order("GreaterThan", Ordering::is_gt),
        order("GreaterThanEqual", Ordering::is_ge),
    ]
}
