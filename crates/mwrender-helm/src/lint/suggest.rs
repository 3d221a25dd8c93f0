//! One suggestion, or none.

use mwrender_schema::suggest;

/// The candidate that is most like a word, if one is alike enough to be meant.
pub(super) fn similar<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().filter(|candidate| *candidate != word).collect();
    suggest::similar(word, candidates.iter().copied())
        .or_else(|| candidates.into_iter().find(|candidate| one_begins_the_other(word, candidate)))
}

/// As `replicas` and `replicaCount`.
fn one_begins_the_other(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let stem = short.trim_end_matches('s');
    stem.len() >= 4 && long.starts_with(stem)
}

#[cfg(test)]
mod tests {
    use super::similar;

    #[test]
    fn one_that_is_alike_or_none() {
        assert_eq!(similar("replicas", ["image", "replicaCount"]), Some("replicaCount"));
        assert_eq!(similar("imagePullpolicy", ["imagePullPolicy", "image"]), Some("imagePullPolicy"));
        assert_eq!(similar("port", ["host", "paths"]), None);
    }
}
