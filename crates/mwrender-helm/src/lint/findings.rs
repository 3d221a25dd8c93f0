//! What was found, and what of it `helm lint` finds, too.

use mwrender_diagnostic::{Diagnostic, Severity};

/// What is wrong, or looks wrong, with a chart.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// All that was found, in the order of severity, then of places.
    pub found: Vec<Diagnostic>,
    /// The greatest severity of what `helm lint` finds, too: it fails on errors, and on warnings if it is strict.
    pub helm: Option<Severity>,
}

impl Findings {
    /// Adds what `helm lint` finds, too, with its severity.
    pub(super) fn helms(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        for diagnostic in found {
            self.helm = self.helm.max(Some(diagnostic.severity));
            self.found.push(diagnostic);
        }
    }

    /// Adds what `helm lint` does not find. None of it is an error, since that is what it fails on.
    pub(super) fn ours(&mut self, found: impl IntoIterator<Item = Diagnostic>) {
        self.found.extend(found.into_iter().map(|diagnostic| Diagnostic {
            severity: diagnostic.severity.min(Severity::Warning),
            ..diagnostic
        }));
    }

    /// Adds all that was found somewhere.
    pub(super) fn merge(&mut self, inner: Findings) {
        self.helm = self.helm.max(inner.helm);
        self.found.extend(inner.found);
    }

    /// Adds what was found where `helm lint` does not get to, and why not.
    pub(super) fn unreached(&mut self, inner: Findings, why: &str) {
        self.ours(inner.found.into_iter().map(|diagnostic| match diagnostic.severity {
            Severity::Error => diagnostic.note(why),
            _ => diagnostic,
        }));
    }

    /// Whether there is an error.
    pub(super) fn has_errors(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Sorts what was found, and drops what was found twice.
    pub(super) fn sorted(mut self) -> Findings {
        let place = |d: &Diagnostic| d.primary_span().map(|span| span.start);
        self.found.sort_by(|a, b| {
            let by_place = b.severity.cmp(&a.severity).then(place(a).cmp(&place(b)));
            by_place.then(a.id.cmp(b.id)).then_with(|| a.headline.cmp(&b.headline))
        });
        self.found.dedup_by(|a, b| (a.id, &a.headline, place(a)) == (b.id, &b.headline, place(b)));
        self
    }
}
