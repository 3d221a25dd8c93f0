//! One suggestion by edit distance, or none.

/// The candidate that is most like `word`, if one is alike enough to be meant.
///
/// ```
/// use mwrender_schema::suggest::similar;
/// assert_eq!(similar("replica", ["replicas", "selector"]), Some("replicas"));
/// assert_eq!(similar("imagepullpolicy", ["imagePullPolicy", "image"]), Some("imagePullPolicy"));
/// assert_eq!(similar("paused", ["replicas", "selector"]), None);
/// ```
pub fn similar<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        // a third of the letters may differ: `port` is not `path`
        .filter(|(distance, candidate)| distance * 3 <= candidate.chars().count().max(word.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
