//! Named templates that several files define.

use super::templates::{Definition, Template, definitions, is_blank};
use mwrender_diagnostic::{Diagnostic, Severity, Span};

pub(super) fn check(templates: &[Template<'_>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, all) in definitions(templates) {
        let all: Vec<Definition<'_>> =
            all.into_iter().filter(|d| !is_blank(d.tree) && *name != *d.template.path).collect();
        let Some((last, earlier)) = all.split_last() else { continue };
        if !all.iter().any(|d| d.template.is_own()) {
            continue;
        }
        // a library that several charts have is the same in each
        let text = |d: &Definition<'_>| d.template.parsed.as_ref().ok().and_then(|set| set.print(name));
        let others: Vec<&Definition<'_>> = earlier.iter().filter(|d| text(d) != text(last)).collect();
        if others.is_empty() {
            continue;
        }
        let inner = others.iter().any(|d| d.template.chart == last.template.chart);
        let severity = if inner { Severity::Warning } else { Severity::Note };
        let mut diagnostic =
            Diagnostic::new("overridden-definition", severity, format!("`{name}` is defined more than once"))
                .primary(place(last), "this one counts");
        for other in others.into_iter().rev().take(4) {
            diagnostic = diagnostic.secondary(place(other), "this one is never used");
        }
        let why = "files that are less deep count, among those of one folder the one whose name comes first";
        found.push(diagnostic.note(why));
    }
    found
}

fn place(definition: &Definition<'_>) -> Span {
    let start = definition.tree.pos;
    let end = start + definition.tree.name.len() as u32 + 2;
    definition.template.span(mwrender_gotemplate::ast::Span { start, end })
}
