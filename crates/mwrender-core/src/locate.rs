//! From a place in rendered text to the template and the values it came from.

use mwrender_diagnostic::{Diagnostic, SourceMap, Span};
use mwrender_template::{How, Tracked};

/// Replaces places in rendered text by the values and template lines they came from. Other places stay.
pub(crate) fn relocate(sources: &SourceMap, tracked: &Tracked, text: &str, diagnostic: &mut Diagnostic) {
    let places = std::mem::take(&mut diagnostic.annotations);
    for place in places {
        let Some(start) = place.span.start.local_offset() else {
            diagnostic.annotations.push(place);
            continue;
        };
        let end = (start + place.span.len.max(1)).min(text.len() as u32);
        if !tracked.exact {
            diagnostic.notes.push("origins of this template are approximate".to_string());
        }
        let mut best = None;
        let mut chain = Vec::new();
        for piece in tracked.pieces_in(start..end) {
            if chain.is_empty() {
                chain = tracked.chain(piece).to_vec();
            }
            let causes = tracked.causes(piece).iter();
            best = best.or_else(|| {
                causes
                    .filter(|c| c.how != How::Conditional && sources.find(c.line).is_some())
                    .min_by_key(|c| c.how)
                    .cloned()
            });
        }
        let template = chain.last().copied();
        match (best, template) {
            (Some(cause), template) => {
                let span = Span::new(cause.line, place.span.len);
                let annotation = mwrender_diagnostic::Annotation { span, ..place };
                diagnostic.annotations.push(annotation);
                if let Some(template) = template {
                    *diagnostic = diagnostic.clone().secondary(Span::new(template, 2), "printed here");
                }
            }
            (None, Some(template)) => {
                let annotation = mwrender_diagnostic::Annotation { span: Span::new(template, 1), ..place };
                diagnostic.annotations.push(annotation);
            }
            (None, None) => {}
        }
        let line = text[..start as usize].matches('\n').count();
        if let Some(line) = text.lines().nth(line) {
            let shown: String = line.trim().chars().take(80).collect();
            if !shown.is_empty() && place.primary && !touches_secret(sources, tracked, start..end) {
                diagnostic.notes.push(format!("the rendered line is `{shown}`"));
            }
        }
    }
}

fn touches_secret(sources: &SourceMap, tracked: &Tracked, range: std::ops::Range<u32>) -> bool {
    tracked.pieces_in(range).any(|p| tracked.causes(p).iter().any(|c| sources.is_private(c.origin)))
}
