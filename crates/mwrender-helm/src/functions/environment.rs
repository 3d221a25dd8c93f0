//! `env`, `expandenv` and a plain `fail`, which templates of charts do not get: a chart that reads its surroundings
//! would render differently on each machine.

use mwrender_gotemplate::{Failure, Funcs, Function, Value};

/// Adds them; `variable` gives what the environment holds.
pub(super) fn add(
    funcs: &mut Funcs,
    variable: impl Fn(&[u8]) -> Option<Vec<u8>> + Clone + Send + Sync + 'static,
) {
    let named = variable.clone();
    funcs.add(Function::new("env", "func(string) string", &[], move |_, args| {
        Ok(Value::from(named(bytes(&args[0])).unwrap_or_default()))
    }));
    funcs.add(Function::new("expandenv", "func(string) string", &[], move |_, args| {
        Ok(Value::from(expanded(bytes(&args[0]), &variable)))
    }));
    funcs.add(Function::new("fail", "func(string) (string, error)", &[], |_, args| {
        Err(Failure::from(String::from_utf8_lossy(bytes(&args[0])).into_owned()))
    }));
}

fn bytes(value: &Value) -> &[u8] {
    value.as_bytes().unwrap_or_default()
}

/// Go's `os.ExpandEnv`: `$name`, `${name}`, and the shell's special variables of one character.
fn expanded(text: &[u8], variable: &impl Fn(&[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.iter().position(|b| *b == b'$').filter(|at| at + 1 < rest.len()) {
        out.extend_from_slice(&rest[..at]);
        let (name, length) = name_of(&rest[at + 1..]);
        match name {
            Some(name) => out.extend(variable(name).unwrap_or_default()),
            // a bad `${` is dropped, and a dollar before nothing special stays
            None if length == 0 => out.push(b'$'),
            None => {}
        }
        rest = &rest[at + 1 + length..];
    }
    out.extend_from_slice(rest);
    out
}

/// The name behind a dollar, and how many bytes it takes.
fn name_of(text: &[u8]) -> (Option<&[u8]>, usize) {
    let is_name = |b: u8| b == b'_' || b.is_ascii_alphanumeric();
    let is_special = |b: u8| b"*#$@!?-0123456789".contains(&b);
    if text[0] == b'{' {
        if text.len() > 2 && is_special(text[1]) && text[2] == b'}' {
            return (Some(&text[1..2]), 3);
        }
        return match text.iter().position(|b| *b == b'}') {
            Some(1) => (None, 2),
            Some(end) => (Some(&text[1..end]), end + 1),
            None => (None, 1),
        };
    }
    if is_special(text[0]) {
        return (Some(&text[..1]), 1);
    }
    let length = text.iter().take_while(|b| is_name(**b)).count();
    (Some(&text[..length]).filter(|name| !name.is_empty()), length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_where_go_ends_them() {
        for (text, name, length) in [
            ("a_1-b", Some("a_1"), 3),
            ("{a b}c", Some("a b"), 5),
            ("{}", None, 2),
            ("{a", None, 1),
            ("{*}", Some("*"), 3),
            ("12", Some("1"), 1),
            (" ", None, 0),
        ] {
            assert_eq!(name_of(text.as_bytes()), (name.map(str::as_bytes), length), "{text}");
        }
        let variable = |name: &[u8]| (name == b"d").then(|| b"D".to_vec());
        assert_eq!(expanded(b"a$ b$", &variable), b"a$ b$");
        assert_eq!(expanded(b"a${}b$d${d}$e.${c", &variable), b"abDD.c");
    }
}
