//! Literal blocks, which most bytes of a manifest are in.

use super::{GiveUp, Reader, Result};
use crate::value::{Data, Text, Value};
use std::ops::Range;
use std::sync::Arc;

/// What becomes of the line breaks at the end of a block.
#[derive(Clone, Copy, PartialEq)]
enum Chomp {
    /// `|-`: all go.
    Strip,
    /// `|`: one stays.
    Clip,
    /// `|+`: all stay.
    Keep,
}

impl Reader<'_> {
    /// Reads the block whose `|` is at `at` in a map or list that is indented by `column`, and goes to the
    /// next line after it.
    pub(super) fn literal(&mut self, at: usize, column: usize) -> Result<Value> {
        let (mut chomp, mut given, mut header) = (Chomp::Clip, None, at + 1);
        loop {
            match self.byte(header) {
                Some(sign @ (b'+' | b'-')) if chomp == Chomp::Clip => {
                    chomp = if sign == b'+' { Chomp::Keep } else { Chomp::Strip };
                }
                Some(digit @ b'1'..=b'9') if given.is_none() => given = Some(usize::from(digit - b'0')),
                Some(b'\n') => break,
                _ => return Err(GiveUp),
            }
            header += 1;
        }
        let indent = match given {
            Some(more) => column + more,
            None => self.block_indent(header + 1)?,
        };
        if indent <= column {
            return Err(GiveUp);
        }
        self.block.clear();
        self.starts.clear();
        let mut origin = None;
        let mut line = header + 1;
        // how many of the starts belong to lines with content and the blank ones before them
        let mut lines = 0;
        let mut is_cut_off = false;
        while line < self.bytes.len() {
            let spaces = self.bytes[line..].iter().take(indent).take_while(|b| **b == b' ').count();
            let content = line + spaces;
            match self.byte(content) {
                // the general parser has views on a last line of blanks alone
                None => return Err(GiveUp),
                Some(b'\n') => {
                    self.starts.push(self.pos(content));
                    line = content + 1;
                    continue;
                }
                Some(b'\t') if spaces < indent => return Err(GiveUp),
                Some(_) if spaces < indent => break,
                Some(_) => {}
            }
            origin.get_or_insert(content);
            for _ in lines..self.starts.len() {
                self.block.push('\n');
            }
            self.starts.push(self.pos(content));
            lines = self.starts.len();
            let end = self.line_end(content);
            if end == self.bytes.len() {
                if self.bytes[content..].iter().all(|b| matches!(b, b' ' | b'\t')) {
                    return Err(GiveUp);
                }
                self.push_line(content..end);
                is_cut_off = true;
                line = end;
            } else {
                self.push_line(content..end + 1);
                line = end + 1;
            }
        }
        if chomp == Chomp::Strip && !is_cut_off {
            self.block.pop();
        }
        if chomp == Chomp::Keep {
            for _ in lines..self.starts.len() {
                self.block.push('\n');
            }
        } else {
            self.starts.truncate(lines);
        }
        let origin = origin.ok_or(GiveUp)?;
        let value = if self.skims {
            self.nothing(origin)
        } else {
            let text = Text { text: Arc::from(&*self.block), lines: Some(Arc::from(&*self.starts)) };
            Value::new(Data::String(text), self.pos(origin))
        };
        self.next_content(line)?;
        self.not_deeper(column)?;
        Ok(value)
    }

    fn push_line(&mut self, span: Range<usize>) {
        if !self.skims {
            self.block.push_str(&self.text[span]);
        }
    }

    /// How much the first line with content from the line at `line` on is indented; blank lines above it may
    /// not be more so.
    fn block_indent(&self, mut line: usize) -> Result<usize> {
        let mut widest = 0;
        loop {
            let indent = self.spaces(line);
            match self.byte(line + indent) {
                None | Some(b'\t') => return Err(GiveUp),
                Some(b'\n') => {
                    widest = widest.max(indent);
                    line += indent + 1;
                }
                Some(_) if widest > indent => return Err(GiveUp),
                Some(_) => return Ok(indent),
            }
        }
    }
}
