//! Where marshalled text goes: into a string, or into pieces with the origins of the values they show.

use mwrender_diagnostic::Pos;
use mwrender_gotemplate::{Context, How, Kind, Origin, TextBuilder, Value};
use mwrender_values::emit::Sink;

/// A sink that is told which value the text belongs to.
pub(in crate::functions) trait Output: Sink {
    /// How many bytes were written.
    fn length(&self) -> usize;

    /// What follows belongs to this value, until [`back`](Output::back).
    fn value(&mut self, value: &Value) -> Around;

    /// What follows belongs to the value around the last one again; it gets what `value` returned.
    fn back(&mut self, around: Around);

    /// The places of the lines of a string, to be given to the emitter.
    fn lines(&mut self, value: &Value) -> Option<Vec<Pos>>;
}

/// The origins of the value around another.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::functions) struct Around {
    origin: Origin,
    /// All that was computed on the way there, such as the choice of `ternary`.
    computed: Origin,
}

/// Writes to a string, for executions that do not track origins.
#[derive(Default)]
pub(in crate::functions) struct Plain(String);

impl Plain {
    /// The string; without the line break at its end if it is to be trimmed.
    pub(in crate::functions) fn finish(mut self, trim: bool) -> Value {
        if trim && self.0.ends_with('\n') {
            self.0.pop();
        }
        Value::from(self.0)
    }
}

impl Sink for Plain {
    fn text(&mut self, text: &str) {
        self.0.push_str(text);
    }
}

impl Output for Plain {
    fn length(&self) -> usize {
        self.0.len()
    }

    fn value(&mut self, _: &Value) -> Around {
        Around::default()
    }

    fn back(&mut self, _: Around) {}

    fn lines(&mut self, _: &Value) -> Option<Vec<Pos>> {
        None
    }
}

/// Writes pieces with origins.
pub(in crate::functions) struct Pieces<'c, 'a> {
    context: &'c Context<'a>,
    builder: TextBuilder,
    length: usize,
    /// The text since the origin changed.
    pending: String,
    pending_origin: Origin,
    now: Around,
    /// The origins of the lines of the current string.
    lines: Vec<Origin>,
}

impl<'c, 'a> Pieces<'c, 'a> {
    pub(in crate::functions) fn new(context: &'c Context<'a>) -> Self {
        Pieces {
            context,
            builder: context.text(),
            length: 0,
            pending: String::new(),
            pending_origin: Origin::NONE,
            now: Around::default(),
            lines: Vec::new(),
        }
    }

    /// The string; without the line break at its end if it is to be trimmed.
    pub(in crate::functions) fn finish(mut self, trim: bool) -> Value {
        if trim && self.pending.ends_with('\n') {
            self.pending.pop();
        }
        self.flush();
        self.builder.finish()
    }

    fn flush(&mut self) {
        if !self.pending.is_empty() {
            self.builder.push(self.pending.as_bytes(), self.pending_origin);
            self.pending.clear();
        }
    }

    fn turn(&mut self, origin: Origin) {
        self.now.origin = origin;
    }
}

impl Sink for Pieces<'_, '_> {
    fn text(&mut self, text: &str) {
        self.length += text.len();
        if self.pending_origin != self.now.origin {
            self.flush();
            self.pending_origin = self.now.origin;
        }
        self.pending.push_str(text);
    }

    fn line(&mut self, line: Pos) {
        if let Some(origin) = self.lines.get(line.raw() as usize) {
            self.turn(*origin);
        }
    }
}

impl Output for Pieces<'_, '_> {
    fn length(&self) -> usize {
        self.length
    }

    fn value(&mut self, value: &Value) -> Around {
        let around = self.now;
        let own = match value.kind() {
            Kind::List(_) | Kind::Map(_) | Kind::Object(_) => {
                // a container that was computed stands for what its content depends on besides
                if !value.origin().is_none() && value.origin().number().is_none() {
                    self.now.computed = self.context.join(How::Direct, [self.now.computed, value.origin()]);
                }
                value.origin()
            }
            Kind::Text(_) => self.context.origin_of(value),
            _ => value.origin(),
        };
        if !own.is_none() {
            let computed = self.now.computed;
            self.turn(if computed.is_none() { own } else { self.context.join(How::Direct, [own, computed]) });
        }
        around
    }

    fn back(&mut self, around: Around) {
        self.turn(around.origin);
        self.now = around;
    }

    fn lines(&mut self, value: &Value) -> Option<Vec<Pos>> {
        self.lines.clear();
        let (Kind::Text(text), Some(bytes)) = (value.kind(), value.as_bytes()) else { return None };
        if text.pieces().len() < 2 || !bytes.contains(&b'\n') {
            return None;
        }
        // any part may decide how the whole is quoted
        let all = self.context.join(How::Operand, [self.context.origin_of(value)]);
        let mut start = 0;
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let own = self.context.origin_of_part(value, start..start + line.len());
            self.lines.push(self.context.join(How::Direct, [own, all, self.now.computed]));
            start += line.len();
        }
        Some((0..self.lines.len()).map(|k| Pos::from_raw(k as u32)).collect())
    }
}
