//! Diagnostics as text: [`full`] with the lines they speak of, [`concise`] in one line, [`json`].

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceId, SourceMap};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use std::fmt::Write;

/// The longest line that a snippet shows whole: puppet writes some of 30,000 characters.
const LONGEST_LINE: usize = 300;

/// The message with its lines, as rustc prints it.
///
/// Text from private sources is never shown, only its place.
pub fn full(diagnostic: &Diagnostic, sources: &SourceMap, colour: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.headline.as_str()).id(diagnostic.id);
    let mut group = annotate_snippets::Group::with_title(title);
    let mut order: Vec<SourceId> = Vec::new();
    for annotation in &diagnostic.annotations {
        if let Some(id) = sources.find(annotation.span.start)
            && !order.contains(&id)
        {
            order.push(id);
        }
    }
    let shown = |a: &&crate::Annotation| {
        let Some(source) = sources.find(a.span.start).map(|id| sources.get(id)) else { return false };
        let location = sources.location(a.span.start);
        let line = location.as_ref().and_then(|l| source.line(l.line)).unwrap_or_default();
        !source.is_private() && line.len() <= LONGEST_LINE
    };
    let (visible, hidden): (Vec<_>, Vec<_>) = diagnostic.annotations.iter().partition(shown);
    // what the message is about comes first, even where only its place can be told
    let (first, last): (Vec<_>, Vec<_>) = hidden.into_iter().partition(|a| a.primary);
    for annotation in first {
        group = place(group, annotation, sources);
    }
    for id in order {
        let source = sources.get(id);
        let base = source.start().raw();
        let visible: Vec<_> = visible.iter().filter(|a| sources.find(a.span.start) == Some(id)).collect();
        if !visible.is_empty() {
            let mut snippet = Snippet::source(&**source.text()).path(&**source.name());
            for annotation in visible {
                let start = (annotation.span.start.raw() - base) as usize;
                let end = line_end(source.text(), start, start + annotation.span.len as usize);
                let kind = if annotation.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
                snippet = snippet.annotation(kind.span(start..end).label(annotation.label.as_str()));
            }
            group = group.element(snippet);
        }
    }
    for annotation in last {
        group = place(group, annotation, sources);
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// A place whose line is not shown, with its label.
fn place<'a>(
    mut group: annotate_snippets::Group<'a>,
    annotation: &'a crate::Annotation,
    sources: &SourceMap,
) -> annotate_snippets::Group<'a> {
    if let Some(location) = sources.location(annotation.span.start) {
        let place = Origin::path(location.file.to_string()).line(location.line as usize);
        group = group.element(place.char_column(location.column as usize));
        if !annotation.label.is_empty() {
            group = group.element(Level::NOTE.message(annotation.label.as_str()));
        }
    }
    group
}

/// A span reaches to the end of its first line at most: a snippet of a whole mapping helps nobody.
fn line_end(text: &str, start: usize, end: usize) -> usize {
    // a place in a text that is not as it was read, such as one that is not UTF-8, may be within a character
    let mut end = end.min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let stop = text[start..end].find(['\n', '\r']).map_or(end, |n| start + n);
    if stop == start && stop < text.len() && !text[start..].starts_with(['\n', '\r']) {
        start + text[start..].chars().next().map_or(0, char::len_utf8)
    } else {
        stop
    }
}

/// The message in one line: `path:line:column: severity[id]: headline`.
pub fn concise(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let mut out = String::new();
    let span = diagnostic.primary_span().or_else(|| diagnostic.annotations.first().map(|a| a.span));
    if let Some(location) = span.and_then(|s| sources.location(s.start)) {
        // writing to a String cannot fail
        let _ = write!(out, "{}:{}:{}: ", location.file, location.line, location.column);
    }
    let _ = write!(out, "{}[{}]: {}", diagnostic.severity.as_str(), diagnostic.id, diagnostic.headline);
    out
}

/// The message as a JSON object with its places as file, line and column.
pub fn json(diagnostic: &Diagnostic, sources: &SourceMap) -> serde_json::Value {
    let places: Vec<_> = diagnostic
        .annotations
        .iter()
        .filter_map(|a| {
            let location = sources.location(a.span.start)?;
            Some(serde_json::json!({
                "file": &*location.file,
                "line": location.line,
                "column": location.column,
                "label": a.label,
                "primary": a.primary,
            }))
        })
        .collect();
    serde_json::json!({
        "id": diagnostic.id,
        "severity": diagnostic.severity.as_str(),
        "headline": diagnostic.headline,
        "places": places,
        "notes": diagnostic.notes,
        "help": diagnostic.help,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    #[test]
    fn full_shows_lines_and_hides_private_ones() {
        let mut sources = SourceMap::default();
        let open = sources.add("values.yaml", "a: 1\nreplica: 4\n");
        let secret = sources.add_private("private.yaml", "password: hunter2\n");
        let fault = Diagnostic::error("unknown-key", "`replica` is not in the schema")
            .primary(Span::new(sources.pos(open, 5), 7), "unknown key")
            .secondary(Span::new(sources.pos(secret, 0), 8), "also set here")
            .note("a fact")
            .help("did you mean `replicas`?");
        let text = full(&fault, &sources, false);
        assert!(text.starts_with("error[unknown-key]: `replica` is not in the schema\n"), "{text}");
        assert!(text.contains("--> values.yaml:2:1") && text.contains("2 | replica: 4"), "{text}");
        assert!(text.contains("private.yaml:1:1") && !text.contains("hunter2"), "{text}");
        assert!(text.contains("help: did you mean `replicas`?"), "{text}");
    }
}
