//! What Kubernetes lets names, labels and ports be called.
//!
//! The rules are those of `k8s.io/apimachinery/pkg/util/validation/validation.go` (the function is named at each
//! one), as of Kubernetes 1.34; they have not changed for years. They are ASCII only, so lengths are bytes.
//!
//! ```
//! use mwrender_schema::names;
//! assert!(names::dns_label("mw-web").is_ok());
//! let reason = names::dns_label("mw_web").unwrap_err();
//! assert_eq!(reason.to_string(), "`_` is not allowed: only a to z, 0 to 9 and `-` are");
//! ```

use std::fmt;

/// Why a name is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(String);

impl Invalid {
    pub(crate) fn new(reason: impl Into<String>) -> Invalid {
        Invalid(reason.into())
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Invalid {}

/// The result of a check: nothing, or why not.
pub type Checked = Result<(), Invalid>;

fn at_most(text: &str, limit: usize) -> Checked {
    if text.len() > limit {
        return Err(Invalid::new(format!("it has {} characters, more than {limit}", text.len())));
    }
    Ok(())
}

fn only(text: &str, allowed: impl Fn(char) -> bool, words: &str) -> Checked {
    if text.is_empty() {
        return Err(Invalid::new("it is empty"));
    }
    match text.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(Invalid::new(format!("`{c}` is not allowed: only {words} are"))),
        None => Ok(()),
    }
}

fn ends(text: &str, allowed: impl Fn(char) -> bool, words: &str) -> Checked {
    match [text.chars().next(), text.chars().last()].into_iter().flatten().find(|c| !allowed(*c)) {
        Some(_) => Err(Invalid::new(format!("it must begin and end with {words}"))),
        None => Ok(()),
    }
}

fn lower_or_digit(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// Checks a label of DNS: namespaces, containers, volumes (`IsDNS1123Label`).
///
/// # Errors
/// Says why it is refused, as all functions here.
pub fn dns_label(text: &str) -> Checked {
    only(text, |c| lower_or_digit(c) || c == '-', "a to z, 0 to 9 and `-`")?;
    ends(text, lower_or_digit, "a letter or a digit")?;
    at_most(text, 63)
}

/// Checks a label of DNS that begins with a letter: Services (`IsDNS1035Label`).
pub fn dns_1035_label(text: &str) -> Checked {
    dns_label(text)?;
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Invalid::new("it must begin with a letter"));
    }
    Ok(())
}

/// Checks a name of DNS: most objects (`IsDNS1123Subdomain`). The parts between its dots may be longer than 63.
pub fn dns_subdomain(text: &str) -> Checked {
    only(text, |c| lower_or_digit(c) || c == '-' || c == '.', "a to z, 0 to 9, `-` and `.`")?;
    for part in text.split('.') {
        if part.is_empty() {
            return Err(Invalid::new("there is nothing before or after one of its dots"));
        }
        ends(part, lower_or_digit, "a letter or a digit, and so must each part between dots")?;
    }
    at_most(text, 253)
}

/// Checks a name that is part of a path, nothing more: Roles and their bindings (`IsValidPathSegmentName`).
pub fn path_segment(text: &str) -> Checked {
    if text.is_empty() {
        return Err(Invalid::new("it is empty"));
    }
    match text {
        "." | ".." => Err(Invalid::new(format!("`{text}` is not a name"))),
        _ => match text.chars().find(|c| matches!(c, '/' | '%')) {
            Some(c) => Err(Invalid::new(format!("`{c}` is not allowed"))),
            None => Ok(()),
        },
    }
}

/// Checks the key of a label or an annotation: a name of 63 characters, after an optional name of DNS and a
/// slash (`IsQualifiedName`).
pub fn label_key(text: &str) -> Checked {
    let name = match text.split_once('/') {
        Some((prefix, name)) => {
            dns_subdomain(prefix).map_err(|e| Invalid::new(format!("before the `/`: {e}")))?;
            name
        }
        None => text,
    };
    qualified(name)
}

/// Checks the value of a label; it may be empty (`IsValidLabelValue`).
pub fn label_value(text: &str) -> Checked {
    if text.is_empty() { Ok(()) } else { qualified(text) }
}

fn qualified(text: &str) -> Checked {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    only(text, allowed, "letters, digits, `-`, `_` and `.`")?;
    ends(text, |c| c.is_ascii_alphanumeric(), "a letter or a digit")?;
    at_most(text, 63)
}

/// Checks the name of a port of a container, or one that a Service refers to (`IsValidPortName`).
pub fn port_name(text: &str) -> Checked {
    only(text, |c| lower_or_digit(c) || c == '-', "a to z, 0 to 9 and `-`")?;
    ends(text, lower_or_digit, "a letter or a digit")?;
    if !text.contains(|c: char| c.is_ascii_lowercase()) {
        return Err(Invalid::new("it needs a letter"));
    }
    if text.contains("--") {
        return Err(Invalid::new("two `-` may not follow each other"));
    }
    at_most(text, 15)
}

/// Checks the name of an environment variable (`IsEnvVarName`). Newer versions let more through.
pub fn environment_name(text: &str) -> Checked {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    only(text, allowed, "letters, digits, `-`, `_` and `.`")?;
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Invalid::new("it may not begin with a digit"));
    }
    not_dots(text)
}

/// Checks a key of a `ConfigMap` or a Secret, which may become the name of a file (`IsConfigMapKey`).
pub fn config_map_key(text: &str) -> Checked {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    only(text, allowed, "letters, digits, `-`, `_` and `.`")?;
    not_dots(text)?;
    at_most(text, 253)
}

fn not_dots(text: &str) -> Checked {
    if text == "." || text.starts_with("..") {
        return Err(Invalid::new("it may not be `.` nor begin with `..`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: fn(&str) -> Checked, good: &[&str], bad: &[(&str, &str)]) {
        for text in good {
            assert_eq!(rule(text), Ok(()), "{text}");
        }
        for (text, reason) in bad {
            let error = rule(text).expect_err(text).to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn labels_of_dns() {
        let (fits, long) = ("a".repeat(63), "a".repeat(64));
        check(
            dns_label,
            &["a", "0", "mw-web", "a--b", "1a", &fits],
            &[
                ("", "empty"),
                ("mw_web", "`_`"),
                ("Mw", "`M`"),
                ("-a", "begin and end"),
                ("a-", "begin and end"),
                ("a.b", "`.`"),
                ("é", "`é`"),
                (&long, "64 characters"),
            ],
        );
        check(dns_1035_label, &["a", "a0"], &[("0a", "begin with a letter"), ("a_", "`_`")]);
    }

    #[test]
    fn names_of_dns() {
        let (fits, long) = ("a".repeat(253), "a".repeat(254));
        check(
            dns_subdomain,
            &["a", "mw-web.eqiad.main", "0.1", &fits],
            &[
                ("", "empty"),
                ("a..b", "nothing before or after"),
                (".a", "nothing before or after"),
                ("a.", "nothing before or after"),
                ("a-.b", "begin and end"),
                ("a/b", "`/`"),
                (&long, "254 characters"),
            ],
        );
        check(
            path_segment,
            &["system:node", "A b"],
            &[("", "empty"), ("..", "`..`"), ("a/b", "`/`"), ("%", "`%`")],
        );
    }

    #[test]
    fn labels() {
        let (fits, long) = ("a".repeat(63), "a".repeat(64));
        let prefixed = format!("{}/{fits}", "a".repeat(253));
        check(
            label_key,
            &["app", "app.kubernetes.io/name", "A_b.c-d", "x/1", &prefixed],
            &[
                ("", "empty"),
                ("/name", "before the `/`: it is empty"),
                ("example.com/", "it is empty"),
                ("Example.com/a", "before the `/`: `E`"),
                ("a/b/c", "`/`"),
                ("-a", "begin and end"),
                ("a b", "` `"),
                (&long, "64 characters"),
            ],
        );
        check(
            label_value,
            &["", "main", "1.23.10-3", "A_B", &fits],
            &[("a:b", "`:`"), ("_a", "begin and end"), ("a.", "begin and end"), (&long, "64 characters")],
        );
    }

    #[test]
    fn ports_variables_and_keys() {
        check(
            port_name,
            &["http", "8080-tcp", "a", "abcdefghijklmno"],
            &[
                ("", "empty"),
                ("8080", "needs a letter"),
                ("http_1", "`_`"),
                ("a--b", "follow each other"),
                ("-a", "begin and end"),
                ("abcdefghijklmnop", "16 characters"),
            ],
        );
        check(
            environment_name,
            &["PHP__opcache__memory_consumption", "_", "a.b-c"],
            &[
                ("", "empty"),
                ("1A", "begin with a digit"),
                ("A=B", "`=`"),
                (".", "may not be"),
                ("..a", "may not be"),
            ],
        );
        check(
            config_map_key,
            &["00-main.conf", "config.json", "_"],
            &[("", "empty"), ("a/b", "`/`"), ("..", "may not be"), ("..data", "may not be")],
        );
    }
}
