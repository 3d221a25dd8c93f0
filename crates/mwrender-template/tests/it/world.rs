//! A small chart with layers of values, and what a tracked render of it says, as text.

use mwrender_diagnostic::{Diagnostic, Pos, SourceMap};
use mwrender_template::{Cause, Engine, How, JinjaEngine, Part, Program, TemplateFile, Tracked};
use mwrender_values::path::{Path, walk};
use mwrender_values::{Data, Entry, Map, Value, coalesce, read};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// Files of a chart. Those whose names begin with `_` are partials.
pub(crate) struct World {
    pub(crate) sources: SourceMap,
    pub(crate) program: Box<dyn Program>,
}

impl World {
    /// Compiles templates given as name and text.
    pub(crate) fn new(templates: &[(&str, &str)]) -> Result<World, (Box<Diagnostic>, SourceMap)> {
        let mut sources = SourceMap::default();
        let files: Vec<TemplateFile> = templates
            .iter()
            .map(|(name, text)| TemplateFile {
                name: Arc::from(*name),
                source: sources.add(*name, *text),
                rendered: !name.starts_with('_'),
            })
            .collect();
        match JinjaEngine.compile(&files, &sources) {
            Ok(program) => Ok(World { sources, program }),
            Err(fault) => Err((fault, sources)),
        }
    }

    /// The context of a render: `values` from layers given as name and text, the lowest first.
    pub(crate) fn context(&mut self, layers: &[(&str, &str)]) -> Context {
        let layers: Vec<Value> = layers
            .iter()
            .map(|(name, text)| {
                let id = self.sources.add(*name, *text);
                read::read(text, self.sources.get(id).start()).expect("the layer is YAML").into_value()
            })
            .collect();
        Context::new(coalesce::merge(&layers).value)
    }

    /// Renders a template plainly and with origins.
    pub(crate) fn render(&self, template: &str, context: &Context) -> Result<Tracked, Box<Diagnostic>> {
        let plain = self.program.render_one(template, &context.value)?;
        let tracked = self.program.track(template, &context.value);
        let mut tracked = tracked.unwrap_or_else(|fault| {
            let text = mwrender_diagnostic::print::full(&fault, &self.sources, false);
            panic!("it renders plainly, but not with origins: {text}")
        });
        // what every tracked render promises
        let (name, tracked) = tracked.pop().expect("the template is there");
        assert_eq!(*name, *template);
        let tracked = tracked.against(&plain);
        assert!(tracked.pieces.first().is_none_or(|p| p.start == 0), "the first piece starts the text");
        assert!(tracked.pieces.is_sorted_by(|a, b| a.start < b.start), "pieces are in order");
        for piece in &tracked.pieces {
            assert!(tracked.text.is_char_boundary(piece.start as usize), "pieces start at characters");
        }
        Ok(tracked)
    }
}

/// What a render is given, and where its values are.
pub(crate) struct Context {
    pub(crate) value: Value,
    paths: HashMap<Pos, Path>,
    keys: HashMap<Pos, Path>,
}

impl Context {
    pub(crate) fn new(values: Value) -> Context {
        let (mut paths, mut keys) = (HashMap::new(), HashMap::new());
        walk(&values, &mut |path, key, value| {
            paths.entry(value.origin).or_insert_with(|| path.clone());
            if key.is_some() {
                keys.entry(key).or_insert_with(|| path.clone());
            }
        });
        let release = Map::from_iter([(
            Arc::from("name"),
            Entry { key_origin: Pos::NONE, value: Value::string("main") },
        )]);
        let map = Map::from_iter([
            (Arc::from("values"), Entry { key_origin: Pos::NONE, value: values }),
            (
                Arc::from("release"),
                Entry { key_origin: Pos::NONE, value: Value::new(Data::Map(Arc::new(release)), Pos::NONE) },
            ),
        ]);
        Context { value: Value::new(Data::Map(Arc::new(map)), Pos::NONE), paths, keys }
    }

    pub(crate) fn values(&self) -> &Value {
        self.value.get("values").expect("every context has values")
    }

    /// Where the value that a cause is about is among the values.
    pub(crate) fn path(&self, cause: &Cause) -> Option<Path> {
        match &cause.part {
            Part::Value => self.paths.get(&cause.origin).cloned(),
            Part::Key => self.keys.get(&cause.origin).cloned(),
            Part::Missing(key) => self.paths.get(&cause.origin).map(|p| p.clone().key(key.clone())),
        }
    }
}

/// The lines of a text, each with its bytes.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (std::ops::Range<u32>, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len() as u32;
        (start..at, line.trim_end_matches('\n'))
    })
}

/// All causes of a range of a tracked text, each once.
pub(crate) fn causes(tracked: &Tracked, range: std::ops::Range<u32>) -> Vec<Cause> {
    let mut found: Vec<Cause> = Vec::new();
    for piece in tracked.pieces_in(range) {
        for cause in tracked.causes(piece) {
            if !found.contains(cause) {
                found.push(cause.clone());
            }
        }
    }
    found
}

/// A cause as `file:line path`, with what is unusual about it.
pub(crate) fn describe(cause: &Cause, world: &World, context: &Context) -> String {
    let mut out = String::new();
    if cause.how != How::Direct {
        let _ = write!(out, "{} ", cause.how.as_str());
    }
    match &cause.part {
        Part::Value => {}
        Part::Key => out.push_str("key "),
        Part::Missing(_) => out.push_str("missing "),
    }
    match world.sources.location(cause.line) {
        Some(place) => {
            let _ = write!(out, "{place} ");
        }
        None => out.push_str("? "),
    }
    let path = context.path(cause).map_or("?".to_string(), |p| p.to_string());
    out.push_str(if path.is_empty() { "values" } else { &path });
    let value = context.path(cause).and_then(|p| p.lookup(context.values()).cloned());
    if let Some(loser) = value.filter(|v| v.as_map().is_none()).and_then(|v| v.losers().next().cloned())
        && let Some(place) = world.sources.location(loser.origin)
    {
        let _ = write!(out, " over {place}");
    }
    out
}

/// Each line of a tracked text with its template positions and causes.
pub(crate) fn report(tracked: &Tracked, world: &World, context: &Context) -> String {
    let mut out = String::new();
    if !tracked.exact {
        out.push_str("INEXACT\n");
    }
    let rows: Vec<(String, String, String)> = lines(&tracked.text)
        .map(|(range, line)| {
            let mut places: Vec<String> = Vec::new();
            for piece in tracked.pieces_in(range.clone()) {
                let text_end = range.end.min(
                    tracked.pieces.iter().map(|p| p.start).find(|s| *s > piece.start).unwrap_or(u32::MAX),
                );
                let visible = &tracked.text[piece.start.max(range.start) as usize..text_end as usize];
                let chain: Vec<String> = tracked
                    .chain(piece)
                    .iter()
                    .filter_map(|p| world.sources.location(*p))
                    .map(|l| l.to_string())
                    .collect();
                let place = chain.join(" > ");
                if !visible.trim().is_empty() && !place.is_empty() && !places.contains(&place) {
                    places.push(place);
                }
            }
            let mut causes: Vec<String> =
                causes(tracked, range).iter().map(|c| describe(c, world, context)).collect();
            let mut seen = std::collections::HashSet::new();
            causes.retain(|c| seen.insert(c.clone()));
            (line.to_string(), places.join(", "), causes.join("; "))
        })
        .collect();
    for (line, places, causes) in rows {
        let row = format!("{line} <- {places} | {causes}");
        out.push_str(row.trim_end_matches([' ', '|']));
        out.push('\n');
    }
    out
}
