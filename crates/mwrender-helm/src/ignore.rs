//! `.helmignore`: which files of a folder are not part of the chart.
//!
//! Not what `.gitignore` does: the first pattern that matches decides, `**` is an error, and a pattern that begins
//! with `!` ignores everything that it does *not* match. A pattern without `/` is held against the last step of a
//! name, one with `/` against the whole name. Archives are not filtered.

pub(crate) mod glob;

use crate::error::{Error, ErrorKind};

/// The patterns of a `.helmignore`, and Helm's own: hidden files of `templates/` are ignored.
#[derive(Clone, Debug)]
pub struct Ignore(Vec<Rule>);

#[derive(Clone, Debug)]
struct Rule {
    pattern: String,
    negated: bool,
    folders_only: bool,
    whole_name: bool,
}

impl Default for Ignore {
    fn default() -> Ignore {
        Ignore(vec![Rule::new("templates/.?*")])
    }
}

impl Rule {
    fn new(line: &str) -> Rule {
        let (negated, rest) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
        let (folders_only, rest) = rest.strip_suffix('/').map_or((false, rest), |rest| (true, rest));
        let pattern = rest.strip_prefix('/').unwrap_or(rest).to_owned();
        Rule { pattern, negated, folders_only, whole_name: rest.contains('/') }
    }

    fn matches(&self, name: &str) -> bool {
        let last = name.rsplit('/').next().unwrap_or(name);
        glob::matches(&self.pattern, if self.whole_name { name } else { last }).unwrap_or(false)
    }
}

impl Ignore {
    /// Reads a `.helmignore`.
    ///
    /// ```
    /// use mwrender_helm::ignore::Ignore;
    /// let ignore = Ignore::parse("# backups\n*.bak\nci/\n").unwrap();
    /// assert!(ignore.ignores("templates/a.bak", false) && ignore.ignores("ci", true));
    /// assert!(!ignore.ignores("ci", false));
    /// ```
    ///
    /// # Errors
    /// A pattern is none, or has `**`.
    pub fn parse(text: &str) -> Result<Ignore, Error> {
        let mut rules = Vec::new();
        for line in text.strip_prefix('\u{feff}').unwrap_or(text).lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.contains("**") {
                return Err(Error::new(ErrorKind::Ignore, "double-star (**) syntax is not supported"));
            }
            if glob::matches(line, "abc").is_none() {
                return Err(Error::new(ErrorKind::Ignore, "syntax error in pattern"));
            }
            rules.push(Rule::new(line));
        }
        rules.extend(Ignore::default().0);
        Ok(Ignore(rules))
    }

    /// Whether this very file or folder is ignored. What lies in an ignored folder is, too: see
    /// [`Ignore::ignores_within`].
    pub fn ignores(&self, name: &str, folder: bool) -> bool {
        for rule in &self.0 {
            let applies = !rule.folders_only || folder;
            if rule.negated {
                if !applies || !rule.matches(name) {
                    return true;
                }
            } else if applies && rule.matches(name) {
                return true;
            }
        }
        false
    }

    /// Whether a file is ignored, or a folder that it is in.
    pub fn ignores_within(&self, name: &str) -> bool {
        let folders = name.match_indices('/').map(|(at, _)| &name[..at]);
        folders.clone().any(|folder| self.ignores(folder, true)) || self.ignores(name, false)
    }
}
