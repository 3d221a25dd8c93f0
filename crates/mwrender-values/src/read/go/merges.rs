//! Lists that `<<` merges. go-yaml goes through them from their ends, so of several faults it names the last one.

use super::keys::children;
use super::{keys, words};
use crate::read::events::{Event, Style};
use crate::read::tree::{Builder, GoFault};
use mwrender_diagnostic::Pos;
use std::collections::HashSet;
use std::ops::Range;

type Events<'t> = [(Event<'t>, Range<usize>)];

const NO_MAP: &str = "yaml: map merge requires map or sequence of maps as the value";

/// What go-yaml says instead of the fault at an event, if that is within a list that is merged.
pub(super) fn fault(text: &str, events: &Events<'_>, at: usize) -> Option<String> {
    let root = events.iter().position(|(event, _)| !matches!(event, Event::DocumentStart))?;
    let anchor = |(event, _): &(Event<'_>, _)| match event {
        Event::MapStart { anchor, .. } => Some(*anchor),
        _ => None,
    };
    let maps = events.iter().filter_map(anchor).collect();
    within(text, events, &maps, root, at)
}

/// The same below the node that begins with an event.
fn within(text: &str, events: &Events<'_>, maps: &HashSet<usize>, node: usize, at: usize) -> Option<String> {
    let list = merged_list(events, node, at)?;
    let items = children(events, list);
    let broken = items.iter().position(|item| item.contains(&at))?;
    // the items behind it, from the last one to the first that is no map
    let mut others: Vec<_> = events[..=list].to_vec();
    let mut starts = Vec::new();
    let behind = items[broken..].iter().rev().take_while(|item| is_map(&events[item.start].0, maps));
    for item in behind.filter(|item| !item.contains(&at)) {
        starts.push(others.len());
        others.extend_from_slice(&events[item.clone()]);
    }
    let first_no_map = items[broken..].iter().rposition(|item| !is_map(&events[item.start].0, maps));
    match Builder::read_as_go(text, Pos::NONE, others.clone()) {
        // its anchor may be in an item before
        Err(GoFault { fault, .. }) if fault.id == "alias-cycle" => None,
        Err(GoFault { event, fault }) => {
            let item = starts.iter().rev().find(|start| **start <= event)?;
            let inner = within(text, &others, maps, *item, event);
            Some(inner.unwrap_or_else(|| match fault.id {
                "yaml-key" => keys::collection(&others, event),
                _ => words(&fault),
            }))
        }
        Ok(_) if first_no_map.is_some() => Some(NO_MAP.to_owned()),
        Ok(_) => within(text, events, maps, items[broken].start, at),
    }
}

/// The outermost list that is merged and has an event within it.
fn merged_list(events: &Events<'_>, node: usize, at: usize) -> Option<usize> {
    let children = children(events, node);
    let child = children.iter().position(|child| child.contains(&at))?;
    let start = children[child].start;
    let is_value = matches!(events[node].0, Event::MapStart { .. }) && child % 2 == 1;
    let is_merged = is_value
        && matches!(&events[children[child - 1].start].0,
            Event::Scalar { text, style: Style::Plain, tag: None, .. } if text == "<<");
    if is_merged && matches!(events[start].0, Event::ListStart { .. }) {
        return Some(start);
    }
    merged_list(events, start, at)
}

/// Whether a node is a map, or an alias of one.
fn is_map(event: &Event<'_>, maps: &HashSet<usize>) -> bool {
    match event {
        Event::MapStart { .. } => true,
        Event::Alias { anchor } => maps.contains(anchor),
        _ => false,
    }
}
