//! Walks `tests/inputs`: each file has a stream and what comes of it.
//!
//! `-- stream --` is given, in which `␍` stands for a carriage return and `␉` for a tab. `-- => documents --` are the
//! lines on which documents begin and end, `-- => objects --` the objects in Helm's install order with the lines of
//! their documents, `-- => diagnostics --` what is said of the stream.

use crate::sections::{self, sections};
use mwrender_diagnostic::{Diagnostic, Pos, SourceMap, Span, print};
use mwrender_manifest::{Stream, documents, order, read_stream};
use std::fmt::Write;
use std::ops::Range;

fn lines(text: &str, range: &Range<usize>) -> String {
    let line = |at: usize| 1 + text[..at].matches('\n').count();
    format!("{}-{}", line(range.start), line(range.end.max(range.start + 1) - 1))
}

/// A diagnostic whose positions are local to the text, as people see it.
fn told(text: &str, mut diagnostic: Diagnostic) -> String {
    let mut sources = SourceMap::default();
    let id = sources.add("stream.yaml", text);
    let start: Pos = sources.get(id).start();
    for annotation in &mut diagnostic.annotations {
        let offset = annotation.span.start.local_offset().expect("positions are local");
        annotation.span = Span::new(start.offset(offset), annotation.span.len);
    }
    print::full(&diagnostic, &sources, false) + "\n"
}

fn objects(text: &str, stream: &Stream) -> String {
    let mut objects: Vec<_> = stream.objects.iter().collect();
    objects.sort_by_key(|o| order::rank(&o.key.kind));
    let mut out = String::new();
    for object in objects {
        let group = if object.key.group.is_empty() { "core" } else { &object.key.group };
        let place = lines(text, &object.range);
        writeln!(out, "{} of {group}, as {}, lines {place}", object.key, object.api_version)
            .expect("a String takes all");
    }
    out
}

fn run(case: &str) -> String {
    let (mut out, sections) = sections(case);
    let text = sections
        .iter()
        .find(|(name, _)| *name == "stream")
        .map(|(_, body)| body.replace('␍', "\r").replace('␉', "\t"))
        .expect("a case has a stream");
    let result = read_stream(&text);
    for (name, body) in sections {
        writeln!(out, "-- {name} --").expect("a String takes all");
        match name {
            "stream" => out.push_str(&body),
            "=> documents" => {
                for range in documents(&text) {
                    writeln!(out, "{}", lines(&text, &range)).expect("a String takes all");
                }
            }
            "=> objects" => out.push_str(&result.as_ref().map_or(String::new(), |s| objects(&text, s))),
            "=> diagnostics" => match &result {
                Ok(stream) => stream.diagnostics.iter().for_each(|d| out.push_str(&told(&text, d.clone()))),
                Err(fault) => out.push_str(&told(&text, (**fault).clone())),
            },
            _ => panic!("unknown section `{name}`"),
        }
    }
    out
}

#[test]
fn corpus() {
    sections::corpus(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/inputs"), 20, run);
}
