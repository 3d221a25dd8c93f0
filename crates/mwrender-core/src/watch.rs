//! Watch rules: whose files a change comes from, and when it may be merged.

use crate::error::Error;
use crate::project::{HotReloadRule, WatchRule};
use globset::{Glob, GlobMatcher, GlobSet, GlobSetBuilder};
use mwrender_diagnostic::Diagnostic;

/// The rules of a project, ready to match.
#[derive(Debug)]
pub struct Watch {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    paths: GlobSet,
    except: GlobSet,
    releases: Option<GlobMatcher>,
    declared: WatchRule,
}

impl Watch {
    /// Compiles rules.
    ///
    /// # Errors
    /// A pattern is not one.
    pub fn new(rules: &[WatchRule]) -> Result<Watch, Error> {
        let compiled = rules
            .iter()
            .map(|rule| {
                let releases = rule.releases.as_ref().map(|r| glob(r)).transpose()?;
                Ok(Rule {
                    paths: set(&rule.paths)?,
                    except: set(&rule.except)?,
                    releases: releases.map(|g| g.compile_matcher()),
                    declared: rule.clone(),
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Watch { rules: compiled })
    }

    /// The rule for a file whose change reaches a release in `namespace`: the first one that matches.
    pub fn rule(&self, path: &str, namespace: &str) -> Option<usize> {
        self.rules.iter().position(|r| {
            r.paths.is_match(path)
                && !r.except.is_match(path)
                && r.releases.as_ref().is_none_or(|g| g.is_match(namespace))
        })
    }

    /// The rule for a file that no release reads: the first one that matches its path.
    pub fn rule_for_any(&self, path: &str) -> Option<usize> {
        self.rules.iter().position(|r| r.paths.is_match(path) && !r.except.is_match(path))
    }

    /// The rule with this number.
    pub fn get(&self, index: usize) -> &WatchRule {
        &self.rules[index].declared
    }
}

/// What running programs read again when it changes, ready to match.
#[derive(Debug, Default)]
pub struct HotReloads {
    rules: Vec<(GlobSet, Option<GlobSet>)>,
}

impl HotReloads {
    /// Compiles rules.
    ///
    /// # Errors
    /// A pattern is not one.
    pub fn new(rules: &[HotReloadRule]) -> Result<HotReloads, Error> {
        let rules = rules.iter().map(|rule| {
            let entries = (!rule.entries.is_empty()).then(|| set(&rule.entries)).transpose()?;
            Ok((set(&rule.objects)?, entries))
        });
        Ok(HotReloads { rules: rules.collect::<Result<_, Error>>()? })
    }

    /// Whether programs read an entry of the object of this name again.
    pub fn covers(&self, object: &str, entry: &str) -> bool {
        self.rules.iter().any(|(objects, entries)| {
            objects.is_match(object) && entries.as_ref().is_none_or(|e| e.is_match(entry))
        })
    }
}

pub(crate) fn glob(pattern: &str) -> Result<Glob, Error> {
    // `*` stays within a name, as in a shell
    globset::GlobBuilder::new(pattern).literal_separator(true).build().map_err(|e| {
        Diagnostic::error("watch-pattern", format!("`{pattern}` is not a pattern: {}", e.kind())).into()
    })
}

fn set(patterns: &[String]) -> Result<GlobSet, Error> {
    let mut builder = GlobSetBuilder::new();
    for pattern in patterns {
        builder.add(glob(pattern)?);
    }
    builder.build().map_err(|e| Diagnostic::error("watch-pattern", e.to_string()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(paths: &str, except: &str, releases: Option<&str>) -> WatchRule {
        WatchRule {
            paths: vec![paths.to_string()],
            except: if except.is_empty() { Vec::new() } else { vec![except.to_string()] },
            releases: releases.map(str::to_string),
            owner: String::new(),
            window: true,
            reason: String::new(),
            next: String::new(),
        }
    }

    #[test]
    fn hot_reloads() -> Result<(), Error> {
        let texts = |of: &[&str]| of.iter().map(|t| (*t).to_string()).collect();
        let rule = |objects: &[&str], entries: &[&str]| HotReloadRule {
            objects: texts(objects),
            entries: texts(entries),
            reason: String::new(),
        };
        let found = HotReloads::new(&[rule(&["*-mcrouter"], &["config.json"]), rule(&["mail"], &[])])?;
        assert!(found.covers("mw-web-main-mcrouter", "config.json"));
        assert!(!found.covers("mw-web-main-mcrouter", "other.json"));
        assert!(found.covers("mail", "anything"));
        assert!(!found.covers("mw-web-main-sites", "config.json"));
        assert!(HotReloads::new(&[rule(&["["], &[])]).is_err());
        Ok(())
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        let rules = [
            rule("/e/mediawiki/release/**", "", None),
            rule("/e/mediawiki/**", "/e/mediawiki/x.yaml", None),
            rule("/e/general-*.yaml", "", Some("mw-*")),
        ];
        let watch = Watch::new(&rules).unwrap_or(Watch { rules: Vec::new() });
        assert_eq!(watch.rule("/e/mediawiki/release/a/b.yaml", "mw-web"), Some(0));
        assert_eq!(watch.rule("/e/mediawiki/httpd.yaml", "shellbox"), Some(1));
        assert_eq!(watch.rule("/e/mediawiki/x.yaml", "mw-web"), None);
        assert_eq!(watch.rule("/e/general-eqiad.yaml", "mw-web"), Some(2));
        assert_eq!(watch.rule("/e/general-eqiad.yaml", "shellbox"), None);
        assert_eq!(watch.rule("/e/general-a/b.yaml", "mw-web"), None);
    }
}
