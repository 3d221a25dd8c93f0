//! Which pods restart, why, and which do not although they should.

use super::{Style, cells, count, pods, wrap};
use mwrender_core::cell::Cell;
use mwrender_core::diff::{PodChange, Report, Silent};
use mwrender_core::differences::impact::Replicas;
use mwrender_core::differences::pods::Reading;
use std::collections::HashSet;
use std::fmt::Write;

/// How many causes of one field are shown.
const CAUSES: usize = 3;

/// Pods that restart for the same reasons: the reasons, whether they are spurious, and how many where.
struct Group<'a> {
    chains: Vec<String>,
    spurious: bool,
    pods: Vec<(&'a Cell, Replicas)>,
}

pub(super) fn restarts(out: &mut String, report: &Report, style: Style) {
    let found = &report.verdict.restarts;
    if found.is_empty() {
        let _ = writeln!(out, "no pods restart");
    } else {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for restart in found {
            let chains: Vec<String> = restart.restarts.changes.iter().flat_map(chains).collect();
            let spurious = restart.restarts.spurious;
            let at = groups.iter().position(|g| g.chains == chains && g.spurious == spurious);
            let at = at.unwrap_or_else(|| {
                groups.push(Group { chains, spurious, pods: Vec::new() });
                groups.len() - 1
            });
            groups[at].pods.push((&restart.cell, restart.restarts.replicas));
        }
        let releases: HashSet<&Cell> = found.iter().map(|r| &r.cell).collect();
        let head = format!("pods restart in {}{}:", count(releases.len(), "release"), total(report));
        // writing to a String cannot fail
        let _ = writeln!(out, "{}", style.yellow(&head));
        for group in &groups {
            for chain in &group.chains {
                let _ = writeln!(out, "  {chain}");
            }
            if group.spurious {
                let what = "spurious: nothing that the containers read changes";
                let _ = writeln!(out, "  {}", style.yellow(what));
            }
            out.push_str(&wrap(&numbers(&group.pods), 98, "    "));
        }
        let others = report.cells.iter().filter(|c| !releases.contains(&c.cell)).count();
        if others > 0 {
            let _ = writeln!(
                out,
                "no restart in {} that change{}",
                count(others, "other release"),
                if others == 1 { "s" } else { "" }
            );
        }
    }
    silent(out, report, style);
}

/// A service and its releases with their numbers of pods.
type Service<'a> = (&'a str, Vec<String>);

/// How many pods where: `6 pods: shop/main in west`, `pods in eqiad: mw-web main 352, canary 11; mw-debug next 1`.
fn numbers(found: &[(&Cell, Replicas)]) -> String {
    if let [(cell, replicas)] = found {
        return format!("{}: {}", pods(*replicas), cells([*cell]));
    }
    let told = |replicas: &Replicas| match replicas {
        Replicas::Fixed(n) => n.to_string(),
        Replicas::AtLeast(n) => format!("at least {n} (minReplicas)"),
        Replicas::PerNode => "one on each node".to_string(),
    };
    // by the environments in which a release has these pods, then by service
    let mut groups: Vec<(Vec<&str>, Vec<Service<'_>>)> = Vec::new();
    let mut seen: HashSet<(&str, &str, String)> = HashSet::new();
    for (cell, replicas) in found {
        let number = told(replicas);
        if !seen.insert((&cell.namespace, &cell.release, number.clone())) {
            continue;
        }
        let same = |(other, count): &&(&Cell, Replicas)| {
            other.namespace == cell.namespace && other.release == cell.release && told(count) == number
        };
        let environments: Vec<&str> = found.iter().filter(same).map(|(c, _)| &*c.environment).collect();
        let release = format!("{} {number}", cell.release);
        let at = groups.iter().position(|(e, _)| *e == environments).unwrap_or_else(|| {
            groups.push((environments, Vec::new()));
            groups.len() - 1
        });
        match groups[at].1.iter_mut().find(|(s, _)| *s == cell.namespace) {
            Some((_, releases)) => releases.push(release),
            None => groups[at].1.push((&cell.namespace, vec![release])),
        }
    }
    let texts: Vec<String> = groups
        .iter()
        .map(|(environments, services)| {
            let services: Vec<String> =
                services.iter().map(|(name, releases)| format!("{name} {}", releases.join(", "))).collect();
            let each = if environments.len() > 1 { " each" } else { "" };
            format!("pods in {}{each}: {}", environments.join(" and "), services.join("; "))
        })
        .collect();
    texts.join("; ")
}

/// All pods together: `, 1432 pods or more in all`.
fn total(report: &Report) -> String {
    let (mut sum, mut least, mut nodes) = (0, false, false);
    for restart in &report.verdict.restarts {
        match restart.restarts.replicas {
            Replicas::Fixed(n) => sum += n,
            Replicas::AtLeast(n) => {
                sum += n;
                least = true;
            }
            Replicas::PerNode => nodes = true,
        }
    }
    if report.verdict.restarts.len() == 1 {
        return String::new();
    }
    let pods = count(usize::try_from(sum).unwrap_or(usize::MAX), "pod");
    match (sum, nodes) {
        (0, _) => String::new(),
        (_, false) => format!(", {}{pods} in all", if least { "at least " } else { "" }),
        (_, true) => format!(", {}{pods} in all and one on each node", if least { "at least " } else { "" }),
    }
}

/// `checksum/sites <- mw.sites[3].content <- /etc/helmfile-defaults/mediawiki/httpd.yaml:812`
fn chains(change: &PodChange) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for cause in change.causes.iter().take(CAUSES) {
        let mut text = change.field.clone();
        if !cause.path.is_empty() {
            let missing = if cause.missing { " (not set)" } else { "" };
            let _ = write!(text, " <- {}{missing}", cause.path);
        }
        let _ = write!(text, " <- {}", cause.place);
        if !found.contains(&text) {
            found.push(text);
        }
    }
    if change.causes.len() > CAUSES {
        found.push(format!("{} <- {}", change.field, count(change.causes.len() - CAUSES, "more value")));
    }
    if let Some(place) = &change.template {
        found.push(format!("{} <- changed template {place}", change.field));
    }
    if found.is_empty() {
        found.push(change.field.clone());
    }
    found
}

/// What running pods do not notice.
fn silent(out: &mut String, report: &Report, style: Style) {
    let mut groups: Vec<(String, &Silent, Vec<&Cell>)> = Vec::new();
    for (cell, silent) in &report.verdict.silent {
        let why = why(silent);
        match groups.iter_mut().find(|(w, s, _)| *w == why && s.object.kind == silent.object.kind) {
            Some((_, _, cells)) => cells.push(cell),
            None => groups.push((why, silent, vec![cell])),
        }
    }
    for (why, first, found) in groups {
        let name = match found.len() {
            1 => first.object.name.clone(),
            n => format!("{} and {} more", first.object.name, n - 1),
        };
        let head = format!("SILENT {} {name}: running pods do not notice {why}", first.object.kind);
        let wrapped = wrap(&head, 100, "");
        let _ = writeln!(out, "{}", style.yellow(wrapped.trim_end()));
        out.push_str(&wrap(&cells(found.iter().copied()), 98, "    "));
    }
}

/// `config.json, which is mounted by subPath in container app`
fn why(silent: &Silent) -> String {
    let reasons: Vec<String> = [
        (Reading::SubPath, "mounted by subPath"),
        (Reading::Environment, "read into the environment at start"),
        (Reading::Init, "read before the start"),
        (Reading::Directory, "mounted as a directory, without a declared hot reload,"),
    ]
    .into_iter()
    .filter_map(|(reading, told)| {
        let containers: Vec<&str> =
            silent.readers.iter().filter(|r| r.reading == reading).map(|r| &*r.container).collect();
        (!containers.is_empty()).then(|| format!("{told} in {}", containers.join(", ")))
    })
    .collect();
    format!("{}, which is {}", silent.entries.join(", "), reasons.join(", and "))
}
