//! One suggestion by edit distance, or none.

/// The candidate that is most like a word, if one is alike enough to be meant.
pub(super) fn similar<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let distances = candidates.into_iter().filter(|candidate| *candidate != word).map(|candidate| {
        let other = candidate.to_lowercase();
        // a word that the other one begins with is meant, too: `replicas` and `replicaCount`
        let (short, long) = if lower.len() < other.len() { (&*lower, &*other) } else { (&*other, &*lower) };
        let stem = short.trim_end_matches('s');
        let begins = stem.len() >= 4 && long.starts_with(stem);
        (strsim::osa_distance(&lower, &other), begins, candidate)
    });
    let alike = distances.filter(|(distance, begins, candidate)| {
        *begins || distance * 3 <= candidate.chars().count().max(word.chars().count())
    });
    alike.min_by_key(|(distance, ..)| *distance).map(|(.., candidate)| candidate)
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
