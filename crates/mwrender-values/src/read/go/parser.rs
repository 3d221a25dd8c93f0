//! Tokens to events, as libyaml has it, for the first document of a text.

use super::input::Mark;
use super::scanner::{Kind, Scanner, Token};
use super::{Fault, Result};
use crate::read::events::{Event, Style};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// The prefix of the tags that `!!` stands for.
const CORE: &str = "tag:yaml.org,2002:";

/// What is expected next.
#[derive(Clone, Copy)]
enum State {
    BlockNode,
    DocumentContent,
    DocumentEnd,
    ListItem,
    FlatListItem,
    MapKey,
    MapValue,
    /// Which follows no comma.
    FlowListFirst,
    FlowListItem,
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    /// Which follows no comma either.
    FlowMapFirst,
    FlowMapKey,
    FlowMapValue,
    FlowMapNoValue,
}

/// An event with the bytes that it comes from; nothing at the end of the document.
type Found<'t> = Option<(Event<'t>, Range<usize>)>;

struct Parser<'t> {
    scanner: Scanner<'t>,
    state: State,
    states: Vec<State>,
    /// Where the collections began that have not ended.
    marks: Vec<Mark>,
    /// What the handles of tags stand for.
    handles: Vec<(String, String)>,
    anchors: HashMap<&'t str, usize>,
    anchor: usize,
}

/// The events of the first document of a text, or nothing if there is none.
pub(super) fn events(text: &[u8]) -> Result<Vec<(Event<'_>, Range<usize>)>> {
    let mut parser = Parser {
        scanner: Scanner::new(if text.is_empty() { b"\n" } else { text }),
        state: State::BlockNode,
        states: Vec::new(),
        marks: Vec::new(),
        handles: Vec::new(),
        anchors: HashMap::new(),
        anchor: 0,
    };
    let mut events = Vec::new();
    parser.scanner.take()?;
    if parser.start()? {
        while let Some(event) = parser.next()? {
            events.push(event);
        }
    }
    Ok(events)
}

impl<'t> Parser<'t> {
    /// Begins the document, if there is one.
    fn start(&mut self) -> Result<bool> {
        let Token { kind, .. } = self.scanner.peek()?;
        match kind {
            Kind::StreamEnd => return Ok(false),
            Kind::Version { .. } | Kind::TagDirective { .. } | Kind::DocumentStart => {
                self.directives()?;
                let Token { kind, start, .. } = self.scanner.peek()?;
                if !matches!(kind, Kind::DocumentStart) {
                    return Err(Fault::of_parser(*start, *start, "did not find expected <document start>"));
                }
                self.scanner.take()?;
                self.state = State::DocumentContent;
            }
            _ => {
                self.directives()?;
                self.state = State::BlockNode;
            }
        }
        self.states.push(State::DocumentEnd);
        Ok(true)
    }

    fn directives(&mut self) -> Result<()> {
        let mut has_version = false;
        while matches!(self.scanner.peek()?.kind, Kind::Version { .. } | Kind::TagDirective { .. }) {
            let Token { kind, start, .. } = self.scanner.take()?;
            match kind {
                Kind::Version { is_known } => {
                    if has_version {
                        return Err(Fault::of_parser(start, start, "found duplicate %YAML directive"));
                    }
                    if !is_known {
                        return Err(Fault::of_parser(start, start, "found incompatible YAML document"));
                    }
                    has_version = true;
                }
                Kind::TagDirective { handle, prefix } => {
                    if self.handles.iter().any(|(known, _)| *known == handle) {
                        return Err(Fault::of_parser(start, start, "found duplicate %TAG directive"));
                    }
                    self.handles.push((handle, prefix));
                }
                _ => {}
            }
        }
        for (handle, prefix) in [("!", "!"), ("!!", CORE)] {
            if !self.handles.iter().any(|(known, _)| known == handle) {
                self.handles.push((handle.to_owned(), prefix.to_owned()));
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Found<'t>> {
        Ok(Some(match self.state {
            State::BlockNode => self.node(true, false)?,
            State::DocumentContent => {
                let Token { kind, start, .. } = self.scanner.peek()?;
                match kind {
                    Kind::Version { .. }
                    | Kind::TagDirective { .. }
                    | Kind::DocumentStart
                    | Kind::DocumentEnd
                    | Kind::StreamEnd => {
                        let start = *start;
                        self.pop();
                        Self::empty(start)
                    }
                    _ => self.node(true, false)?,
                }
            }
            State::DocumentEnd => {
                self.scanner.peek()?;
                return Ok(None);
            }
            State::ListItem => self.list_item()?,
            State::FlatListItem => self.flat_list_item()?,
            State::MapKey => self.map_key()?,
            State::MapValue => self.map_value()?,
            State::FlowListFirst => self.flow_list_item(true)?,
            State::FlowListItem => self.flow_list_item(false)?,
            State::FlowPairKey => self.flow_pair_key()?,
            State::FlowPairValue => self.flow_pair_value()?,
            State::FlowPairEnd => {
                self.state = State::FlowListItem;
                let at = self.scanner.peek()?.start.at;
                (Event::MapEnd, at..at)
            }
            State::FlowMapFirst => self.flow_map_key(true)?,
            State::FlowMapKey => self.flow_map_key(false)?,
            State::FlowMapValue => self.flow_map_value(false)?,
            State::FlowMapNoValue => self.flow_map_value(true)?,
        }))
    }

    fn pop(&mut self) {
        self.state = self.states.pop().unwrap_or(State::DocumentEnd);
    }

    /// A value that is not there.
    fn empty(at: Mark) -> (Event<'t>, Range<usize>) {
        (Event::Scalar { text: Cow::Borrowed(""), style: Style::Plain, tag: None, anchor: 0 }, at.at..at.at)
    }

    /// The end of a collection, whose token is taken.
    fn end(&mut self, event: Event<'t>) -> Result<(Event<'t>, Range<usize>)> {
        let Token { start, end, .. } = self.scanner.take()?;
        self.pop();
        self.marks.pop();
        Ok((event, start.at..end.at))
    }

    fn unexpected(&mut self, words: &'static str) -> Result<Fault> {
        let found = self.scanner.peek()?.start;
        let from = self.marks.last().copied().unwrap_or_default();
        Ok(Fault::of_parser(from, found, words))
    }

    /// A node, then the state on top.
    fn node_then(&mut self, next: State, block: bool, flat: bool) -> Result<(Event<'t>, Range<usize>)> {
        self.states.push(next);
        self.node(block, flat)
    }

    fn node(&mut self, block: bool, flat: bool) -> Result<(Event<'t>, Range<usize>)> {
        if let Kind::Alias(name) = self.scanner.peek()?.kind {
            let Token { start, end, .. } = self.scanner.take()?;
            self.pop();
            let Some(anchor) = self.anchors.get(name).copied() else {
                return Err(Fault::new(format!("unknown anchor '{name}' referenced")));
            };
            return Ok((Event::Alias { anchor }, start.at..end.at));
        }
        let first = self.scanner.peek()?.start;
        let (mut anchor, mut tag) = (None, None);
        let mut end = first;
        loop {
            match &self.scanner.peek()?.kind {
                Kind::Anchor(name) if anchor.is_none() => {
                    anchor = Some(*name);
                    end = self.scanner.take()?.end;
                }
                Kind::Tag { .. } if tag.is_none() => {
                    let token = self.scanner.take()?;
                    end = token.end;
                    if let Kind::Tag { handle, suffix } = token.kind {
                        tag = Some((handle, suffix, token.start));
                    }
                }
                _ => break,
            }
        }
        let tag = match tag {
            None => None,
            Some((handle, suffix, _)) if handle.is_empty() => Some(suffix),
            Some((handle, suffix, at)) => {
                let known = self.handles.iter().find(|(known, _)| *known == handle);
                let Some((_, prefix)) = known else {
                    return Err(Fault::of_parser(first, at, "found undefined tag handle"));
                };
                Some(format!("{prefix}{suffix}"))
            }
        };
        let tag = tag.filter(|tag| !tag.is_empty());
        let has_properties = anchor.is_some() || tag.is_some();
        let token = self.scanner.peek()?;
        let (start, token_end) = (token.start, token.end);
        let here = start.at..token_end.at;
        let kind = match &token.kind {
            Kind::Item if flat => {
                self.state = State::FlatListItem;
                return Ok((Event::ListStart { anchor: self.name(anchor), block: true }, here));
            }
            Kind::Scalar { .. } => {
                let Kind::Scalar { text, style, content } = self.scanner.take()?.kind else {
                    return Err(Fault::new("did not find expected node content"));
                };
                self.pop();
                let span = content..token_end.at.max(content);
                return Ok((Event::Scalar { text, style, tag, anchor: self.name(anchor) }, span));
            }
            Kind::FlowListStart => (false, false),
            Kind::FlowMapStart => (false, true),
            Kind::ListStart if block => (true, false),
            Kind::MapStart if block => (true, true),
            _ if has_properties => {
                self.pop();
                let event = Event::Scalar {
                    text: Cow::Borrowed(""),
                    style: Style::Plain,
                    tag,
                    anchor: self.name(anchor),
                };
                return Ok((event, end.at..end.at));
            }
            _ => return Err(Fault::of_parser(first, start, "did not find expected node content")),
        };
        let anchor = self.name(anchor);
        self.marks.push(start);
        self.scanner.take()?;
        let (block, is_map) = kind;
        self.state = match kind {
            (true, false) => State::ListItem,
            (true, true) => State::MapKey,
            (false, false) => State::FlowListFirst,
            (false, true) => State::FlowMapFirst,
        };
        let event =
            if is_map { Event::MapStart { anchor, block } } else { Event::ListStart { anchor, block } };
        Ok((event, here))
    }

    /// The number of an anchor, which from now on means this node.
    fn name(&mut self, anchor: Option<&'t str>) -> usize {
        let Some(name) = anchor else { return 0 };
        self.anchor += 1;
        self.anchors.insert(name, self.anchor);
        self.anchor
    }

    /// The end of the token that is next, which goes, and what follows it.
    fn after(&mut self) -> Result<(Mark, &Kind<'t>)> {
        let end = self.scanner.take()?.end;
        Ok((end, &self.scanner.peek()?.kind))
    }

    fn list_item(&mut self) -> Result<(Event<'t>, Range<usize>)> {
        match self.scanner.peek()?.kind {
            Kind::Item => match self.after()? {
                (end, Kind::Item | Kind::BlockEnd) => {
                    self.state = State::ListItem;
                    Ok(Self::empty(end))
                }
                _ => self.node_then(State::ListItem, true, false),
            },
            Kind::BlockEnd => self.end(Event::ListEnd),
            _ => Err(self.unexpected("did not find expected '-' indicator")?),
        }
    }

    /// An item of a list that is indented no more than the map that it is in.
    fn flat_list_item(&mut self) -> Result<(Event<'t>, Range<usize>)> {
        let Token { kind, start, .. } = self.scanner.peek()?;
        let start = start.at;
        if !matches!(kind, Kind::Item) {
            self.pop();
            return Ok((Event::ListEnd, start..start));
        }
        match self.after()? {
            (end, Kind::Item | Kind::Key | Kind::Value | Kind::BlockEnd) => {
                self.state = State::FlatListItem;
                Ok(Self::empty(end))
            }
            _ => self.node_then(State::FlatListItem, true, false),
        }
    }

    fn map_key(&mut self) -> Result<(Event<'t>, Range<usize>)> {
        match self.scanner.peek()?.kind {
            Kind::Key => match self.after()? {
                (end, Kind::Key | Kind::Value | Kind::BlockEnd) => {
                    self.state = State::MapValue;
                    Ok(Self::empty(end))
                }
                _ => self.node_then(State::MapValue, true, true),
            },
            Kind::BlockEnd => self.end(Event::MapEnd),
            _ => Err(self.unexpected("did not find expected key")?),
        }
    }

    fn map_value(&mut self) -> Result<(Event<'t>, Range<usize>)> {
        let Token { kind, start, .. } = self.scanner.peek()?;
        let start = *start;
        if !matches!(kind, Kind::Value) {
            self.state = State::MapKey;
            return Ok(Self::empty(start));
        }
        match self.after()? {
            (end, Kind::Key | Kind::Value | Kind::BlockEnd) => {
                self.state = State::MapKey;
                Ok(Self::empty(end))
            }
            _ => self.node_then(State::MapKey, true, true),
        }
    }

    fn flow_list_item(&mut self, is_first: bool) -> Result<(Event<'t>, Range<usize>)> {
        if !is_first && !matches!(self.scanner.peek()?.kind, Kind::FlowListEnd) {
            if !matches!(self.scanner.peek()?.kind, Kind::Comma) {
                return Err(self.unexpected("did not find expected ',' or ']'")?);
            }
            self.scanner.take()?;
        }
        match self.scanner.peek()?.kind {
            Kind::FlowListEnd => self.end(Event::ListEnd),
            Kind::Key => {
                let Token { start, end, .. } = self.scanner.take()?;
                self.state = State::FlowPairKey;
                Ok((Event::MapStart { anchor: 0, block: false }, start.at..end.at))
            }
            _ => self.node_then(State::FlowListItem, false, false),
        }
    }

    fn flow_pair_key(&mut self) -> Result<(Event<'t>, Range<usize>)> {
        if !matches!(self.scanner.peek()?.kind, Kind::Value | Kind::Comma | Kind::FlowListEnd) {
            return self.node_then(State::FlowPairValue, false, false);
        }
        // the token goes: that is how libyaml is
        let Token { end, .. } = self.scanner.take()?;
        self.state = State::FlowPairValue;
        Ok(Self::empty(end))
    }

    fn flow_pair_value(&mut self) -> Result<(Event<'t>, Range<usize>)> {
        if matches!(self.scanner.peek()?.kind, Kind::Value)
            && !matches!(self.after()?.1, Kind::Comma | Kind::FlowListEnd)
        {
            return self.node_then(State::FlowPairEnd, false, false);
        }
        self.state = State::FlowPairEnd;
        Ok(Self::empty(self.scanner.peek()?.start))
    }

    fn flow_map_key(&mut self, is_first: bool) -> Result<(Event<'t>, Range<usize>)> {
        if !is_first && !matches!(self.scanner.peek()?.kind, Kind::FlowMapEnd) {
            if !matches!(self.scanner.peek()?.kind, Kind::Comma) {
                return Err(self.unexpected("did not find expected ',' or '}'")?);
            }
            self.scanner.take()?;
        }
        match self.scanner.peek()?.kind {
            Kind::FlowMapEnd => self.end(Event::MapEnd),
            Kind::Key => {
                if !matches!(self.after()?.1, Kind::Value | Kind::Comma | Kind::FlowMapEnd) {
                    return self.node_then(State::FlowMapValue, false, false);
                }
                self.state = State::FlowMapValue;
                Ok(Self::empty(self.scanner.peek()?.start))
            }
            _ => self.node_then(State::FlowMapNoValue, false, false),
        }
    }

    fn flow_map_value(&mut self, is_missing: bool) -> Result<(Event<'t>, Range<usize>)> {
        if !is_missing
            && matches!(self.scanner.peek()?.kind, Kind::Value)
            && !matches!(self.after()?.1, Kind::Comma | Kind::FlowMapEnd)
        {
            return self.node_then(State::FlowMapKey, false, false);
        }
        self.state = State::FlowMapKey;
        Ok(Self::empty(self.scanner.peek()?.start))
    }
}

impl Fault {
    /// A fault found at a mark, in something that began at another.
    fn of_parser(from: Mark, at: Mark, words: &'static str) -> Fault {
        Fault::at_line(if at.line > 0 { at.line } else { from.line }, words)
    }
}
