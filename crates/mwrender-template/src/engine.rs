//! The interface of every template engine: text, and for each piece of it the template and the values it came from.

use mwrender_diagnostic::{Diagnostic, Pos, SourceId, SourceMap};
use mwrender_values::Value;
use std::ops::Range;
use std::sync::Arc;

/// A template file of a chart, as loaded.
#[derive(Clone, Debug)]
pub struct TemplateFile {
    /// The name by which templates refer to each other, such as `mediawiki/deployment.yaml.j2`.
    pub name: Arc<str>,
    /// Its text.
    pub source: SourceId,
    /// Whether it is rendered in its own right (partials are not).
    pub rendered: bool,
}

/// Compiles charts.
pub trait Engine: Send + Sync {
    /// Compiles the files of a chart, once for all its releases.
    ///
    /// # Errors
    /// A template does not parse; the diagnostic says where.
    fn compile(
        &self,
        files: &[TemplateFile],
        sources: &SourceMap,
    ) -> Result<Box<dyn Program>, Box<Diagnostic>>;
}

/// A compiled chart. It renders from several threads at once.
///
/// `context` is a map everywhere: `values`, `release`, `environment`, `chart`.
pub trait Program: Send + Sync {
    /// Renders all templates plainly, in output order.
    fn render(&self, context: &Value) -> Vec<Rendered>;

    /// Renders a template plainly, and others only if it cannot be rendered without them.
    ///
    /// # Errors
    /// The template fails: an undefined value, a wrong type, a call of `fail`, no end in sight. Or there is none of
    /// that name.
    fn render_one(&self, template: &str, context: &Value) -> Result<String, Box<Diagnostic>>;

    /// Renders a template with the origin of each piece. Those that cannot be rendered without each other come
    /// together.
    ///
    /// # Errors
    /// As [`Program::render_one`].
    fn track(&self, template: &str, context: &Value) -> Result<Vec<(Arc<str>, Tracked)>, Box<Diagnostic>>;
}

/// What became of a template.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The template's name.
    pub template: Arc<str>,
    /// Its text, or why there is none.
    pub text: Result<String, Box<Diagnostic>>,
}

/// How a piece of output depends on a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum How {
    /// The piece is the value.
    Direct,
    /// The piece was computed from the value and perhaps others.
    Operand,
    /// The value decided whether, or how often, the piece is there.
    Conditional,
    /// The piece is a hash over a text that depends on the value.
    Hash,
}

impl How {
    /// The lower-case word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            How::Direct => "direct",
            How::Operand => "operand",
            How::Conditional => "conditional",
            How::Hash => "hash",
        }
    }
}

/// What it is about a value that a piece depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The value.
    Value,
    /// Its key in the mapping around it.
    Key,
    /// That the mapping has no such key.
    Missing(Arc<str>),
}

/// A value that a piece of output depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cause {
    /// Where the value starts.
    pub origin: Pos,
    /// Where the very line starts, in a text of several lines; else the same as `origin`.
    pub line: Pos,
    /// The value, its key, or its absence.
    pub part: Part,
    /// How the piece depends on it.
    pub how: How,
}

/// A rendered text and where each piece of it came from.
#[derive(Clone, Debug, Default)]
pub struct Tracked {
    /// The text.
    pub text: String,
    /// Its pieces, in order and without gaps: each reaches to the start of the next.
    pub pieces: Vec<Piece>,
    /// Whether the text is the plain one, as [`Tracked::against`] found. If not, origins are those of a similar text.
    pub exact: bool,
    pub(crate) chains: Vec<Vec<Pos>>,
    pub(crate) causes: Vec<Vec<Cause>>,
}

/// A run of output with one origin.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// The byte at which it starts.
    pub start: u32,
    chain: u32,
    causes: u32,
}

impl Tracked {
    /// The same beside the plain text.
    #[must_use]
    pub fn against(self, plain: &str) -> Tracked {
        Tracked { exact: self.text == plain, ..self }
    }

    /// The template positions of a piece: the outermost include first, the line that wrote it last.
    pub fn chain(&self, piece: Piece) -> &[Pos] {
        &self.chains[piece.chain as usize]
    }

    /// The values that a piece depends on.
    pub fn causes(&self, piece: Piece) -> &[Cause] {
        &self.causes[piece.causes as usize]
    }

    /// The pieces that overlap a range of bytes.
    pub fn pieces_in(&self, range: Range<u32>) -> impl Iterator<Item = Piece> + '_ {
        let first = self.pieces.partition_point(|p| p.start <= range.start).saturating_sub(1);
        self.pieces[first..]
            .iter()
            .copied()
            .take_while(move |p| p.start < range.end || p.start <= range.start)
    }
}

/// Collects pieces, storing each chain and each set of causes once.
#[derive(Debug, Default)]
pub struct Pieces {
    found: Vec<Piece>,
    chains: Vec<Vec<Pos>>,
    causes: Vec<Vec<Cause>>,
}

impl Pieces {
    /// Stores a chain, and gives its number.
    pub fn chain(&mut self, chain: Vec<Pos>) -> u32 {
        self.chains.push(chain);
        self.chains.len() as u32 - 1
    }

    /// Stores a set of causes, and gives its number.
    pub fn causes(&mut self, causes: Vec<Cause>) -> u32 {
        self.causes.push(causes);
        self.causes.len() as u32 - 1
    }

    /// Says that from byte `start` on the text has the chain and the causes with these numbers.
    pub fn push(&mut self, start: usize, chain: u32, causes: u32) {
        match self.found.last_mut() {
            Some(last) if last.start == start as u32 => (last.chain, last.causes) = (chain, causes),
            Some(last) if last.chain == chain && last.causes == causes => {}
            _ => self.found.push(Piece { start: start as u32, chain, causes }),
        }
    }

    /// The finished table.
    pub fn finish(self, text: String) -> Tracked {
        Tracked { text, pieces: self.found, exact: false, chains: self.chains, causes: self.causes }
    }
}
