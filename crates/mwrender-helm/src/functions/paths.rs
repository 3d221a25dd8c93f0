//! Paths with `/`, as Go's `path` and, on Linux, `path/filepath` see them.

use mwrender_gotemplate::{Funcs, Tracks, Value};

use super::args::{add_all, bytes};
use super::strings::whole;

pub(super) fn add(funcs: &mut Funcs) {
    let one = "func(string) string";
    for name in ["base", "osBase"] {
        add_all(funcs, Tracks::Own, one, &[(name, |c, a| Ok(whole(c, &a[0], base(bytes(&a[0])))))]);
    }
    for name in ["dir", "osDir"] {
        add_all(funcs, Tracks::Own, one, &[(name, |c, a| Ok(whole(c, &a[0], dir(bytes(&a[0])))))]);
    }
    for name in ["clean", "osClean"] {
        add_all(funcs, Tracks::Own, one, &[(name, |c, a| Ok(whole(c, &a[0], clean(bytes(&a[0])))))]);
    }
    for name in ["ext", "osExt"] {
        add_all(funcs, Tracks::Own, one, &[(name, |c, a| Ok(whole(c, &a[0], ext(bytes(&a[0])))))]);
    }
    for name in ["isAbs", "osIsAbs"] {
        add_all(
            funcs,
            Tracks::Operands,
            "func(string) bool",
            &[(name, |_, a| Ok(Value::from(bytes(&a[0]).starts_with(b"/"))))],
        );
    }
}

/// The shortest path that means the same.
fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|b| *b == b'/') {
        match part {
            b"" | b"." => {}
            b".." => match parts.last() {
                Some(last) if *last != b".." => {
                    parts.pop();
                }
                None if rooted => {}
                _ => parts.push(part),
            },
            _ => parts.push(part),
        }
    }
    let mut out = if rooted { b"/".to_vec() } else { Vec::new() };
    out.extend(parts.join(&b'/'));
    if out.is_empty() { b".".to_vec() } else { out }
}

fn dir(path: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|b| *b == b'/').map_or(0, |at| at + 1);
    clean(&path[..end])
}

fn base(path: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|b| *b != b'/').map_or(0, |at| at + 1);
    match (path, &path[..end]) {
        (b"", _) => b".".to_vec(),
        (_, b"") => b"/".to_vec(),
        (_, rest) => rest.rsplit(|b| *b == b'/').next().unwrap_or_default().to_vec(),
    }
}

fn ext(path: &[u8]) -> Vec<u8> {
    let name = path.rsplit(|b| *b == b'/').next().unwrap_or_default();
    name.iter().rposition(|b| *b == b'.').map_or_else(Vec::new, |at| name[at..].to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_apart() {
        assert_eq!(clean(b"a//b/../c/."), b"a/c");
        assert_eq!(
            (clean(b"/../a"), clean(b""), clean(b"../.."), clean(b"a/..")),
            (b"/a".to_vec(), b".".to_vec(), b"../..".to_vec(), b".".to_vec())
        );
        assert_eq!((base(b"a/b/"), base(b"//"), base(b"")), (b"b".to_vec(), b"/".to_vec(), b".".to_vec()));
        assert_eq!((dir(b"a/b"), dir(b"/a"), dir(b"a")), (b"a".to_vec(), b"/".to_vec(), b".".to_vec()));
        assert_eq!((ext(b"a.b/c"), ext(b"a.tar.gz")), (Vec::new(), b".gz".to_vec()));
    }
}
