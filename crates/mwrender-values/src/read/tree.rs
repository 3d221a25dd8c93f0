//! Events to trees.

use super::events::{Event, Failure, FailureKind, Style, events};
use super::resolve::{Resolved, Tagged, go_utf8, resolve, resolve_tagged};
use super::{Document, MAX_DEPTH, Read, lines};
use crate::value::{Data, Entry, Map, Number, NumberKind, Text, Value};
use mwrender_diagnostic::{Diagnostic, Pos, Span};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// How many nodes aliases may stand for in one text, 64 bytes of a string counting as one more.
///
/// Close to where Go stops (396,000). Here an alias costs nothing, but whoever walks the tree pays for each.
const ALIAS_BUDGET: usize = 400_000;

/// The tag of the merge key.
const MERGE_TAG: &str = "tag:yaml.org,2002:merge";

/// A node with what is known about it besides its value.
#[derive(Clone)]
struct Node {
    value: Value,
    /// How many nodes it is when all aliases are expanded, long strings counting for more.
    weight: usize,
    /// How many nodes Go makes of it.
    nodes: usize,
    /// How many collections it nests.
    height: usize,
    /// Whether an alias put it here.
    is_alias: bool,
    /// The bytes of a scalar or alias in the source, else its first byte.
    span: Range<usize>,
    /// For scalars: whether it is the merge key.
    is_merge_key: bool,
}

/// A collection that has not ended.
struct Frame {
    anchor: usize,
    at: usize,
    weight: usize,
    nodes: usize,
    height: usize,
    kind: Kind,
}

impl Frame {
    /// Whether it waits for what is merged.
    fn merges(&self) -> bool {
        matches!(self.kind, Kind::Map { key: Some(Key::Merge(_)), .. })
    }
}

enum Kind {
    List { items: Vec<Value> },
    Map { map: Map, key: Option<Key>, merged: Option<HashSet<Arc<str>>> },
}

enum Key {
    Merge(Range<usize>),
    Name { name: Arc<str>, span: Range<usize> },
}

/// Builds the documents of one text.
pub(super) struct Builder<'t> {
    text: &'t str,
    base: Pos,
    read: Read,
    frames: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    /// Nodes that came through aliases so far.
    aliased: usize,
    /// What there is to know when events come from the parser that is as Go's.
    go: Option<GoCount>,
}

/// What is counted when a document is read as Go does.
struct GoCount {
    /// Nodes so far, and those of them that came through aliases.
    decoded: usize,
    aliased: usize,
    /// Whether there was a key that is refused when all is decoded, if it is still there then.
    has_late_key: bool,
}

impl GoCount {
    /// Whether Go takes the aliases so far for an attack.
    fn is_excessive(&self) -> bool {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        if self.aliased <= 100 || self.decoded <= 1000 {
            return false;
        }
        #[expect(clippy::cast_precision_loss, reason = "there are not so many")]
        let (aliased, decoded) = (self.aliased as f64, self.decoded as f64);
        let allowed = 0.99 - 0.89 * ((decoded - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
        aliased / decoded > allowed
    }
}

/// What Go would say of a document: at which event, and why.
pub(super) struct GoFault {
    pub(super) event: usize,
    pub(super) fault: Box<Diagnostic>,
}

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

impl<'t> Builder<'t> {
    fn new(text: &'t str, base: Pos) -> Self {
        Builder {
            text,
            base,
            read: Read::default(),
            frames: Vec::new(),
            anchors: HashMap::new(),
            aliased: 0,
            go: None,
        }
    }

    /// Reads the document that events are, as Go does: what JSON does not have stays, and it is told whether there was
    /// a key that is only refused when all is decoded.
    pub(super) fn read_as_go(
        text: &'t str,
        base: Pos,
        events: Vec<(Event<'t>, Range<usize>)>,
    ) -> std::result::Result<(Read, bool), GoFault> {
        let mut builder = Builder::new(text, base);
        // the document is a node too
        builder.go = Some(GoCount { decoded: 1, aliased: 0, has_late_key: false });
        for (number, (event, span)) in events.into_iter().enumerate() {
            builder.event(event, span).map_err(|fault| GoFault { event: number, fault })?;
        }
        Ok((builder.read, builder.go.is_some_and(|go| go.has_late_key)))
    }

    /// Reads all documents.
    pub(super) fn read(text: &'t str, base: Pos) -> Result<Read> {
        let mut builder = Builder::new(text, base);
        for item in events(text, MAX_DEPTH) {
            let (event, span) = item.map_err(|failure| Box::new(builder.failure(&failure)))?;
            builder.event(event, span)?;
        }
        Ok(builder.read)
    }

    fn event(&mut self, event: Event<'t>, span: Range<usize>) -> Result<()> {
        if !matches!(event, Event::ListEnd | Event::MapEnd) {
            self.count(0, &span)?;
        }
        // Go looks at what is merged before it decodes it
        if self.go.is_some() && matches!(event, Event::Scalar { .. }) {
            self.check_merged(&span)?;
        }
        match event {
            Event::DocumentStart => {
                self.anchors.clear();
                Ok(())
            }
            Event::Scalar { text, style, tag, anchor } => {
                let span = if span.is_empty() && style == Style::Plain {
                    let at = self.indicator(span.start);
                    at..at
                } else {
                    span
                };
                let node = self.scalar(text, style, tag.as_deref(), span)?;
                self.keep(anchor, &node);
                self.add(node)
            }
            Event::Alias { anchor } => {
                let node = self.alias(anchor, span)?;
                self.add(node)
            }
            Event::ListStart { anchor, block } => {
                self.check_indentation(block, span.start)?;
                let names_dash = !block || self.go.is_some();
                let span = if names_dash { span } else { self.dash(span.start)..span.end };
                self.open(anchor, &span, Kind::List { items: Vec::new() })
            }
            Event::MapStart { anchor, block } => {
                self.check_indentation(block, span.start)?;
                self.open(anchor, &span, Kind::Map { map: Map::default(), key: None, merged: None })
            }
            Event::ListEnd | Event::MapEnd => self.close(),
        }
    }

    fn pos(&self, at: usize) -> Pos {
        self.base.offset(at as u32)
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.pos(range.start), (range.end - range.start) as u32)
    }

    fn failure(&self, failure: &Failure) -> Diagnostic {
        let span = Span::new(self.pos(failure.at), 1);
        match failure.kind {
            FailureKind::Nesting => too_deep(span),
            FailureKind::Tab => {
                // the parser may name the end of the line before
                let rest = self.text.get(failure.at..).unwrap_or_default();
                let ahead =
                    rest.find(|c: char| c == '\t' || !(c.is_ascii_whitespace() || rest.starts_with(c)));
                let here = ahead.filter(|n| rest[*n..].starts_with('\t')).map(|n| failure.at + n);
                tab(here
                    .or_else(|| self.indenting_tab(failure.at))
                    .map_or(span, |at| Span::new(self.pos(at), 1)))
            }
            FailureKind::Anchor => {
                let rest = self.text.get(failure.at..).unwrap_or_default();
                let alias = &rest
                    [..rest.find(|c: char| c.is_whitespace() || ",[]{}".contains(c)).unwrap_or(rest.len())];
                Diagnostic::error("unknown-anchor", format!("no anchor above `{alias}` has that name"))
                    .primary(Span::new(span.start, alias.len().max(1) as u32), "")
            }
            FailureKind::Quote => {
                Diagnostic::error("yaml-syntax", format!("not valid YAML: {}", failure.message))
                    .primary(span, "")
                    .help("a quote that was opened above does not end there")
            }
            FailureKind::Syntax => match self.indenting_tab(failure.at) {
                Some(at) => tab(Span::new(self.pos(at), 1)),
                None => self.syntax(failure, span),
            },
        }
    }

    fn syntax(&self, failure: &Failure, span: Span) -> Diagnostic {
        let fault = Diagnostic::error("yaml-syntax", format!("not valid YAML: {}", failure.message));
        // the innermost bracket that is open, if the failure is not where it stands
        let open = self.frames.last().map(|f| f.at).filter(|at| self.text[*at..].starts_with(['[', '{']));
        match open.filter(|at| *at != failure.at) {
            Some(at) => fault
                .primary(span, "")
                .secondary(Span::new(self.pos(at), 1), "within this bracket, which may not be closed"),
            None => fault.primary(span, ""),
        }
    }

    /// The tab that indents the line of a failure: the likely cause, whatever the parser stumbled over.
    fn indenting_tab(&self, at: usize) -> Option<usize> {
        let start = self.text.get(..at)?.rfind('\n').map_or(0, |n| n + 1);
        let line = &self.text[start..];
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        line[..blank].find('\t').map(|n| start + n)
    }

    /// The first dash of a list in block style.
    ///
    /// For a list that is not indented under its key, the general parser names the first item instead.
    fn dash(&self, at: usize) -> usize {
        if !matches!(self.frames.last(), Some(Frame { kind: Kind::Map { key: Some(_), .. }, .. })) {
            return at;
        }
        let end = self.end_before(at);
        if self.text[..end].ends_with('-') { end - 1 } else { at }
    }

    /// The indicator (`:`, `-`) that a value which is not there would follow.
    ///
    /// The general parser names whatever comes next, which may be far below.
    fn indicator(&self, at: usize) -> usize {
        let end = self.end_before(at);
        let is_known = self.text[at..].starts_with(':') || !self.text[..end].ends_with([':', '-']);
        if is_known { at } else { end - 1 }
    }

    /// Where the text before a place ends, without the blanks, line breaks and comments there.
    fn end_before(&self, at: usize) -> usize {
        // what is further away does not matter, and looking for it in a line of megabytes takes long
        let mut window = at.saturating_sub(4096);
        while !self.text.is_char_boundary(window) {
            window -= 1;
        }
        let trim = |text: &str| text.trim_end_matches([' ', '\n', '\r']).len();
        let text = &self.text[window..at];
        let mut end = trim(text);
        loop {
            let line = text[..end].rfind('\n').map_or(0, |n| n + 1);
            let Some(comment) = text[line..end].find('#').map(|n| line + n) else { break };
            if comment > 0 && !text[..comment].ends_with([' ', '\t', '\n']) {
                break;
            }
            end = trim(&text[..comment]);
        }
        window + end
    }

    /// Refuses tabs before a list or map in block style, as Go does.
    fn check_indentation(&self, block: bool, at: usize) -> Result<()> {
        if !block || self.go.is_some() {
            return Ok(());
        }
        let line = self.text[..at].rfind(['\n', '\r']).map_or(0, |n| n + 1);
        let before = &self.text[line..at];
        let rest = before.trim_start_matches([' ', '\t', '-', '?', ':']).len();
        match before[..before.len() - rest].find('\t') {
            Some(n) => Err(Box::new(tab(Span::new(self.pos(line + n), 1)))),
            None => Ok(()),
        }
    }

    /// The text of a block scalar without the line break that the file does not have.
    ///
    /// YAML 1.2 gives a last line that is cut off by the end of the file a line break all the same; Go does not.
    fn without_missing_break(&self, text: Cow<'t, str>, style: Style, span: &Range<usize>) -> Cow<'t, str> {
        let block = matches!(style, Style::Literal | Style::Folded);
        if !block || !text.ends_with('\n') || self.text.ends_with(['\n', '\r']) || span.end < self.text.len()
        {
            return text;
        }
        let last = self.text.rfind(['\n', '\r']).map_or(0, |n| n + 1);
        let first = self.text[..span.start].rfind(['\n', '\r']).map_or(0, |n| n + 1);
        // a last line of indentation alone is no line of the scalar
        let blank = self.text.len() - last <= span.start - first;
        let only_line =
            text == "\n" && !self.text[span.start..last.max(span.start + 1) - 1].contains(['\n', '\r']);
        if blank && !only_line {
            return text;
        }
        let mut text = text.into_owned();
        text.pop();
        Cow::Owned(text)
    }

    /// Whether the header of a block scalar, whose content is at `at`, gives its indentation.
    ///
    /// Without it, Go refuses a first line that begins with a tab.
    fn says_indentation(&self, at: usize) -> bool {
        let before = self.text[..at].trim_end();
        let header = &before[before.rfind(['\n', '\r']).map_or(0, |n| n + 1)..];
        let header = header.find(" #").map_or(header, |n| &header[..n]).trim_end();
        header.rfind(['|', '>']).is_some_and(|n| header[n..].contains(|c: char| c.is_ascii_digit()))
    }

    fn scalar(
        &self,
        text: Cow<'t, str>,
        style: Style,
        tag: Option<&str>,
        span: Range<usize>,
    ) -> Result<Node> {
        let is_go = self.go.is_some();
        let text = if is_go { text } else { self.without_missing_break(text, style, &span) };
        if !is_go
            && matches!(style, Style::Literal | Style::Folded)
            && self.text[span.start..].starts_with('\t')
            && !self.says_indentation(span.start)
        {
            return Err(Box::new(tab(Span::new(self.pos(span.start), 1))));
        }
        let mut is_merge_key = style == Style::Plain && tag.is_none() && text == "<<";
        let mut binary = None;
        let resolved = match tag {
            None if style == Style::Plain => resolve(&text),
            None => Resolved::String,
            Some(tag) => {
                is_merge_key = text == "<<" && (tag == MERGE_TAG || tag == "!");
                match resolve_tagged(tag, &text) {
                    Ok(Tagged::As(resolved)) => resolved,
                    Ok(Tagged::Binary(decoded)) => {
                        binary = Some(go_utf8(&decoded));
                        Resolved::String
                    }
                    Err(why) => {
                        let why = if is_go { cannot_decode(tag, &text) } else { why };
                        let fault = Diagnostic::error("yaml-tag", why).primary(self.span(&span), "");
                        return Err(Box::new(fault));
                    }
                }
            }
        };
        let weight = 1 + text.len() / 64;
        let data = match resolved {
            Resolved::Null => Data::Null,
            Resolved::Bool(b) => Data::Bool(b),
            Resolved::Number(kind) => {
                Data::Number(Number { kind, spelling: Arc::from(&*text), int64: false })
            }
            Resolved::String => match binary {
                Some(decoded) => Data::String(Text { text: Arc::from(decoded), lines: None }),
                None => Data::String(Text {
                    lines: lines::line_starts(self.text, self.base, &span, style, &text),
                    text: Arc::from(&*text),
                }),
            },
        };
        let value = Value::new(data, self.pos(span.start));
        Ok(Node { value, weight, nodes: 1, height: 0, is_alias: false, span, is_merge_key })
    }

    fn keep(&mut self, anchor: usize, node: &Node) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
    }

    fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<Node> {
        let Some(node) = self.anchors.get(&anchor) else {
            let is_list = |f: &Frame| f.anchor == anchor && matches!(f.kind, Kind::List { .. });
            if self.go.is_some() && self.is_merged() && self.frames.iter().any(is_list) {
                return Err(Box::new(self.no_map(&span)));
            }
            let fault = Diagnostic::error(
                "alias-cycle",
                format!("`{}` stands within itself", &self.text[span.clone()]),
            )
            .primary(self.span(&span), "");
            return Err(Box::new(fault));
        };
        let node = node.clone();
        self.count(node.nodes, &span)?;
        self.aliased += node.weight;
        if self.go.is_none() && self.aliased > ALIAS_BUDGET {
            return Err(Box::new(self.too_many_aliased(&span)));
        }
        if self.frames.len() + node.height > MAX_DEPTH {
            return Err(Box::new(too_deep(self.span(&span))));
        }
        Ok(Node { is_alias: true, is_merge_key: false, nodes: node.nodes + 1, span, ..node })
    }

    /// Refuses a scalar where a map is merged.
    fn check_merged(&self, span: &Range<usize>) -> Result<()> {
        if self.frames.last().is_some_and(Frame::merges) { Err(Box::new(self.no_map(span))) } else { Ok(()) }
    }

    /// Whether what comes next is merged, on its own or in a list.
    fn is_merged(&self) -> bool {
        let mut frames = self.frames.iter().rev();
        match frames.next() {
            Some(Frame { kind: Kind::List { .. }, .. }) => frames.next().is_some_and(Frame::merges),
            frame => frame.is_some_and(Frame::merges),
        }
    }

    fn no_map(&self, span: &Range<usize>) -> Diagnostic {
        let fault = Diagnostic::error("yaml-merge", "`<<` needs a map or a list of maps");
        fault.primary(self.span(span), "")
    }

    fn too_many_aliased(&self, span: &Range<usize>) -> Diagnostic {
        Diagnostic::error("alias-budget", "the aliases of this file expand to too many values")
            .primary(self.span(span), "the alias that is one too many")
            .note(format!("all aliases together may stand for {ALIAS_BUDGET} values"))
    }

    /// Counts a node and those that an alias stands for, as Go does.
    fn count(&mut self, aliased: usize, span: &Range<usize>) -> Result<()> {
        let Some(go) = &mut self.go else { return Ok(()) };
        go.decoded += if aliased > 0 { aliased } else { 1 };
        go.aliased += aliased;
        if go.is_excessive() { Err(Box::new(self.too_many_aliased(span))) } else { Ok(()) }
    }

    fn open(&mut self, anchor: usize, span: &Range<usize>, kind: Kind) -> Result<()> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(Box::new(too_deep(Span::new(self.pos(span.start), 1))));
        }
        self.frames.push(Frame { anchor, at: span.start, weight: 1, nodes: 1, height: 0, kind });
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let data = match frame.kind {
            Kind::List { items } => Data::List(Arc::new(items)),
            Kind::Map { map, .. } => Data::Map(Arc::new(map)),
        };
        let node = Node {
            value: Value::new(data, self.pos(frame.at)),
            weight: frame.weight,
            nodes: frame.nodes,
            height: frame.height + 1,
            is_alias: false,
            span: frame.at..frame.at,
            is_merge_key: false,
        };
        self.keep(frame.anchor, &node);
        self.add(node)
    }

    /// Puts a complete node where it belongs.
    fn add(&mut self, node: Node) -> Result<()> {
        let (text, base) = (self.text, self.base);
        if let Data::Number(Number { kind: NumberKind::Float(f), spelling, .. }) = &node.value.data
            && self.go.is_none()
            && !f.is_finite()
            && !self.expects_key()
        {
            let fault =
                Diagnostic::error("infinite-number", format!("`{spelling}` is not a number that JSON has"))
                    .primary(self.span(&node.span), "")
                    .help("put it in quotes if it is meant as a string");
            return Err(Box::new(fault));
        }
        let Some(frame) = self.frames.last_mut() else {
            self.read.documents.push(Document { value: node.value });
            return Ok(());
        };
        frame.weight = frame.weight.saturating_add(node.weight);
        frame.nodes = frame.nodes.saturating_add(node.nodes);
        frame.height = frame.height.max(node.height);
        match &mut frame.kind {
            Kind::List { items } => items.push(node.value),
            Kind::Map { map, key, merged } => match key.take() {
                None if node.is_merge_key => *key = Some(Key::Merge(node.span)),
                None => {
                    let name = self.key_name(&node)?;
                    let Some(Frame { kind: Kind::Map { key, .. }, .. }) = self.frames.last_mut() else {
                        return Ok(());
                    };
                    *key = Some(Key::Name { name, span: node.span });
                }
                Some(Key::Name { name, span }) => {
                    let key_origin = base.offset(span.start as u32);
                    let entry = Entry { key_origin, value: node.value };
                    match map.entry(name) {
                        indexmap::map::Entry::Vacant(vacant) => {
                            vacant.insert(entry);
                        }
                        indexmap::map::Entry::Occupied(mut occupied) => {
                            let was_merged = merged.as_mut().is_some_and(|m| m.remove(occupied.key()));
                            if !was_merged {
                                let here = Span::new(key_origin, (span.end - span.start) as u32);
                                let there = Span::new(occupied.get().key_origin, 1);
                                self.read.diagnostics.push(duplicate(
                                    text,
                                    base,
                                    occupied.key(),
                                    here,
                                    there,
                                ));
                            }
                            occupied.insert(entry);
                        }
                    }
                }
                Some(Key::Merge(span)) => {
                    let maps = match &node.value.data {
                        Data::Map(m) => vec![Arc::clone(m)],
                        Data::List(items) if !node.is_alias => {
                            items.iter().filter_map(Value::as_map).cloned().collect()
                        }
                        _ => Vec::new(),
                    };
                    let here = Span::new(base.offset(span.start as u32), 2);
                    let complete = match &node.value.data {
                        Data::List(items) => !node.is_alias && items.len() == maps.len(),
                        _ => !maps.is_empty(),
                    };
                    if !complete {
                        let fault = Diagnostic::error("yaml-merge", "`<<` needs a map or a list of maps")
                            .primary(here, format!("it has {}", node.value.kind_name()));
                        return Err(Box::new(fault));
                    }
                    let merged = merged.get_or_insert_default();
                    // of several maps the first one that has a key counts
                    let mut seen: HashSet<&str> = HashSet::new();
                    for (name, entry) in maps.iter().flat_map(|map| map.iter()) {
                        if !seen.insert(name) {
                            continue;
                        }
                        let old = map.insert(Arc::clone(name), entry.clone());
                        let was_explicit = merged.insert(Arc::clone(name));
                        if let (Some(old), true) = (old, was_explicit) {
                            self.read.diagnostics.push(merge_order(name, here, old.key_origin));
                        }
                    }
                }
            },
        }
        Ok(())
    }

    fn expects_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { kind: Kind::Map { key: None, .. }, .. }))
    }

    /// The text that a key becomes, as sigs.k8s.io/yaml converts it.
    fn key_name(&mut self, node: &Node) -> Result<Arc<str>> {
        let written = &self.text[node.span.clone()];
        Ok(match &node.value.data {
            Data::String(text) => Arc::clone(&text.text),
            Data::Bool(b) => {
                let name = if *b { "true" } else { "false" };
                if !node.is_alias && written != name {
                    let warning = Diagnostic::warning(
                        "boolean-key",
                        format!("`{written}` is read as the key `{name}`"),
                    )
                    .primary(self.span(&node.span), "a boolean in YAML 1.1")
                    .help(format!("write \"{written}\" in quotes"));
                    self.read.diagnostics.push(warning);
                }
                Arc::from(name)
            }
            Data::Number(number) => match number.kind {
                NumberKind::Int(i) => Arc::from(i.to_string()),
                NumberKind::Float(f) => Arc::from(crate::number::go_float32(f)),
                NumberKind::Uint(_) => self.late_key(node)?,
            },
            Data::Null => self.late_key(node)?,
            Data::List(_) | Data::Map(_) => return Err(Box::new(self.bad_key(node))),
        })
    }

    /// A name for a key that Go refuses when it has decoded all.
    fn late_key(&mut self, node: &Node) -> Result<Arc<str>> {
        match &mut self.go {
            Some(go) => go.has_late_key = true,
            None => return Err(Box::new(self.bad_key(node))),
        }
        Ok(Arc::from(""))
    }

    fn bad_key(&self, node: &Node) -> Diagnostic {
        let what = match node.value.data {
            Data::Number(_) => "a number beyond 64 bits with a sign",
            _ => node.value.kind_name(),
        };
        let span = if node.span.is_empty() {
            Span::new(self.pos(node.span.start), 1)
        } else {
            self.span(&node.span)
        };
        let fault = Diagnostic::error("yaml-key", format!("{what} cannot be a key")).primary(span, "");
        let is_scalar = !matches!(node.value.data, Data::List(_) | Data::Map(_));
        if is_scalar { fault.help("put it in quotes if it is meant as a string") } else { fault }
    }
}

/// What Go says of a scalar that is not what its tag asks for.
fn cannot_decode(tag: &str, text: &str) -> String {
    let found = match resolve(text) {
        _ if tag.ends_with(":binary") => return "!!binary value contains invalid base64 data".to_owned(),
        Resolved::Null => "null",
        Resolved::Bool(_) => "bool",
        Resolved::Number(NumberKind::Float(_)) => "float",
        Resolved::Number(_) => "int",
        Resolved::String => "str",
    };
    let wanted = tag.rsplit(':').next().unwrap_or(tag);
    format!("cannot decode !!{found} `{text}` as a !!{wanted}")
}

fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(
        "nesting-too-deep",
        format!("more than {MAX_DEPTH} lists and maps lie within each other"),
    )
    .primary(span, "here it is one too many")
}

fn tab(span: Span) -> Diagnostic {
    Diagnostic::error("yaml-tab", "a tab where only spaces may indent")
        .primary(span, "this tab")
        .help("indent with spaces")
}

fn duplicate(text: &str, base: Pos, key: &str, here: Span, there: Span) -> Diagnostic {
    // the earlier key is as long as it is written there, which may be in quotes
    let at = there.start.raw().saturating_sub(base.raw()) as usize;
    let rest = text.get(at..).unwrap_or_default();
    let len = rest.find([':', '\n']).unwrap_or(rest.len()).min(here.len.max(1) as usize);
    Diagnostic::warning("duplicate-key", format!("`{key}` is given twice in one map"))
        .primary(here, "this one counts")
        .secondary(Span::new(there.start, len as u32), "this one is lost")
}

fn merge_order(key: &str, here: Span, there: Pos) -> Diagnostic {
    Diagnostic::warning("merge-order", format!("`<<` replaces `{key}`, which is given above it"))
        .primary(here, "Helm takes the merged value, because it comes later")
        .secondary(Span::new(there, key.len() as u32), "this one is lost")
        .help("move `<<` to the top of the map")
}
