//! The YAML parser behind a door of its own: nothing else in this crate names `granit_parser`.
//!
//! Few people maintain it, so replacing it must stay a matter of this file.

use granit_parser::{ErrorKind, Event as Raw, Options, Parser, ScalarStyle, StructureStyle};
use std::borrow::Cow;
use std::ops::Range;

/// What a text consists of, in its order.
#[derive(Clone, Debug)]
pub(super) enum Event<'t> {
    /// A document begins.
    DocumentStart,
    /// A scalar as it reads after unquoting and unfolding.
    Scalar { text: Cow<'t, str>, style: Style, tag: Option<String>, anchor: usize },
    /// A list begins.
    ListStart { anchor: usize, block: bool },
    /// A list ends.
    ListEnd,
    /// A map begins; keys and values follow in turn.
    MapStart { anchor: usize, block: bool },
    /// A map ends.
    MapEnd,
    /// An alias of the node with this anchor.
    Alias { anchor: usize },
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Without quotes.
    Plain,
    /// `'...'`
    Single,
    /// `"..."`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// Why the parser gave up, and at which byte.
#[derive(Debug)]
pub(super) struct Failure {
    /// The byte offset.
    pub(super) at: usize,
    /// In words.
    pub(super) message: String,
    /// What kind of failure needs its own diagnostic.
    pub(super) kind: FailureKind,
}

/// Failures that get a diagnostic of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// Anything else.
    Syntax,
    /// A tab where only spaces may indent.
    Tab,
    /// More nested collections than the limit.
    Nesting,
    /// A quoted scalar that goes on where it should not.
    Quote,
    /// An alias without an anchor.
    Anchor,
}

/// The events of a text with the bytes that each comes from.
pub(super) fn events(
    text: &str,
    max_depth: usize,
) -> impl Iterator<Item = Result<(Event<'_>, Range<usize>), Failure>> {
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.flow_nesting_limit = max_depth;
    options.block_nesting_limit = max_depth;
    Parser::new_from_str_with_options(text, options).filter_map(move |item| match item {
        Ok((raw, span)) => {
            let start = span.start.byte_offset().unwrap_or_default();
            let end = span.end.byte_offset().unwrap_or(start);
            Some(Ok((event(raw)?, start..end.max(start))))
        }
        Err(error) => Some(Err(Failure {
            at: error.marker().byte_offset().unwrap_or(text.len()).min(text.len()),
            message: words(error.kind()).map_or_else(|| error.info(), str::to_string),
            kind: match error.kind() {
                ErrorKind::RecursionLimitExceeded => FailureKind::Nesting,
                ErrorKind::TabNotAllowed
                | ErrorKind::TabInBlockIndentation
                | ErrorKind::TabAtBlockScalarStart
                | ErrorKind::TabInIndentation
                | ErrorKind::TabInPlainScalar => FailureKind::Tab,
                ErrorKind::InvalidQuotedScalarIndent | ErrorKind::DocumentIndicatorInQuotedScalar => {
                    FailureKind::Quote
                }
                ErrorKind::UnknownAnchor => FailureKind::Anchor,
                _ => FailureKind::Syntax,
            },
        })),
    })
}

/// What is wrong, for the faults that people make; the parser's own words speak of how it works.
fn words(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => "a list or map in brackets is not closed",
        ErrorKind::UnclosedQuotedScalar => "a quote is not closed",
        ErrorKind::UnexpectedEof
        | ErrorKind::UnexpectedEofBlockSequence
        | ErrorKind::UnexpectedEofBlockMapping => "the text ends in the midst of something",
        ErrorKind::ExpectedFlowSequenceSeparator => "a comma or `]` is missing",
        ErrorKind::ExpectedFlowMappingSeparator => "a comma or `}` is missing",
        ErrorKind::MisplacedFlowCollectionEnd => "a bracket is closed that was not opened",
        ErrorKind::MismatchedFlowCollectionEnd { .. } => "a bracket is closed with the other kind of bracket",
        ErrorKind::ExpectedBlockMappingKey => {
            "a key is needed here, as above: the indentation or a colon may be wrong"
        }
        ErrorKind::ExpectedBlockSequenceEntry => "an item with `-` is needed here, as above",
        ErrorKind::InvalidIndentation | ErrorKind::InvalidFlowScalarIndent => {
            "this is indented less than what it belongs to"
        }
        ErrorKind::InvalidQuotedScalarIndent | ErrorKind::DocumentIndicatorInQuotedScalar => {
            "a text in quotes goes on where it should have ended"
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => "a key without a colon",
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            "a colon where no key can be: quote the text, or check the lines above"
        }
        ErrorKind::MappingKeyNotAllowed => "a key where none can be",
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => {
            "an item with `-` where none can be"
        }
        ErrorKind::UnexpectedEndOfPlainScalar => "a text without quotes ends where it cannot",
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "something follows a closed quote"
        }
        ErrorKind::UnknownQuotedScalarEscape => "an escape that does not exist",
        ErrorKind::InvalidBlockScalarHeader => "something follows `|` or `>`",
        ErrorKind::UndeclaredTagHandle => "a tag that is not declared",
        _ => return None,
    })
}

/// Our event for the parser's, if we want to hear of it.
fn event(raw: Raw<'_>) -> Option<Event<'_>> {
    Some(match raw {
        Raw::DocumentStart(..) => Event::DocumentStart,
        Raw::Scalar(text, style, anchor, tag) => Event::Scalar {
            text,
            style: match style {
                ScalarStyle::Plain => Style::Plain,
                ScalarStyle::SingleQuoted => Style::Single,
                ScalarStyle::DoubleQuoted => Style::Double,
                ScalarStyle::Literal => Style::Literal,
                ScalarStyle::Folded => Style::Folded,
            },
            tag: tag.map(|t| format!("{}{}", t.handle(), t.suffix())),
            anchor,
        },
        Raw::SequenceStart(style, anchor, _) => {
            Event::ListStart { anchor, block: style == StructureStyle::Block }
        }
        Raw::SequenceEnd => Event::ListEnd,
        Raw::MappingStart(style, anchor, _) => {
            Event::MapStart { anchor, block: style == StructureStyle::Block }
        }
        Raw::MappingEnd => Event::MapEnd,
        Raw::Alias(anchor) => Event::Alias { anchor },
        _ => return None,
    })
}
