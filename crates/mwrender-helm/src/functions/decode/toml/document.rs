//! The lines of a document, and the values on them.

use mwrender_gotemplate::{Context, Map, Value};

use super::scanner::{Fault, Result, Scanner, is_blank, is_break};
use super::tables::{Node, Tables};
use super::{key, number, quoted, quoted_char, string};
use crate::functions::chars;

/// Reads a document.
pub(super) struct Reader<'c, 'a, 't> {
    context: &'c Context<'a>,
    scanner: Scanner<'t>,
    tables: Tables,
    /// The line of the key that was read last, which is named where a key cannot be what it should be.
    line: usize,
}

impl<'c, 'a, 't> Reader<'c, 'a, 't> {
    pub(super) fn new(context: &'c Context<'a>, bytes: &'t [u8]) -> Reader<'c, 'a, 't> {
        Reader { context, scanner: Scanner::new(bytes), tables: Tables::new(), line: 0 }
    }

    /// The key that is named with an error.
    pub(super) fn last_key(&self) -> String {
        self.tables.last_key()
    }

    /// What was read.
    ///
    /// # Errors
    /// Tables that nest too deeply.
    pub(super) fn value_of_all(&self) -> Result<Map> {
        self.tables.value(self.context).map_err(Fault::Failure)
    }

    /// Reads the text to its end.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(super) fn document(&mut self) -> Result<()> {
        loop {
            match self.scanner.next()? {
                None => return Ok(()),
                c if is_blank(c) || is_break(c) => continue,
                Some('#') => {
                    self.comment()?;
                    continue;
                }
                Some('[') => self.header()?,
                Some(_) => {
                    self.scanner.back();
                    self.entry()?;
                }
            }
            self.end_of_line()?;
        }
    }

    fn comment(&mut self) -> Result<()> {
        self.scanner.skip(|c| c.is_some() && !is_break(c))
    }

    fn end_of_line(&mut self) -> Result<()> {
        self.scanner.skip(is_blank)?;
        match self.scanner.next()? {
            Some('#') => self.comment(),
            c if c.is_none() || is_break(c) => {
                self.scanner.back();
                Ok(())
            }
            found => {
                let found = quoted_char(found);
                let wanted = "expected a top-level item to end with a newline, comment, or EOF";
                Err(self.scanner.fault(format!("{wanted}, but got {found} instead")))
            }
        }
    }

    /// Reads `[key]` or `[[key]]` from behind its first bracket.
    fn header(&mut self) -> Result<()> {
        let is_array = self.scanner.accept('[')?;
        let key = key::of_table(&mut self.scanner)?;
        if is_array {
            let found = self.scanner.next()?;
            if found != Some(']') {
                let found = quoted_char(found);
                let what = format!("expected end of table array name delimiter ']', but got {found} instead");
                return Err(self.scanner.fault(what));
            }
        }
        self.line = self.scanner.line;
        let entered = self.tables.header(&key, is_array);
        self.checked(entered)
    }

    /// A fault of the key that was read last.
    fn checked<T>(&self, result: std::result::Result<T, String>) -> Result<T> {
        result.map_err(|what| Fault::Text { line: self.line, what })
    }

    fn entry(&mut self) -> Result<()> {
        let key = key::of_value(&mut self.scanner)?;
        self.line = self.scanner.line;
        let named = self.tables.name(&key);
        let outer = self.checked(named)?;
        let value = self.value(false)?;
        let set = self.tables.set(value);
        self.checked(set)?;
        self.tables.leave(outer);
        Ok(())
    }

    /// Reads a value of a key or of an array.
    fn value(&mut self, is_element: bool) -> Result<Node> {
        self.scanner.skip(is_blank)?;
        self.scanner.begin();
        let first = self.scanner.next()?;
        let value = match first {
            Some('[') => return self.array(),
            Some('{') => return self.inline_table(is_element),
            Some(quote @ ('"' | '\'')) => Value::from(self.string(quote)?),
            Some('.') => return Err(self.scanner.fault(number::NO_DIGIT)),
            Some('0'..='9') => {
                self.scanner.back();
                number::unsigned(&mut self.scanner)?
            }
            Some('+' | '-') => {
                self.scanner.back();
                number::signed(&mut self.scanner)?
            }
            Some('i' | 'n') if self.is_number_word()? => number::word(&self.scanner)?,
            Some(c) if chars::is_letter(c) => {
                self.scanner.back();
                Value::from(self.boolean()?)
            }
            None => return Err(self.scanner.fault("unexpected EOF; expected value")),
            found => {
                let what = format!("expected value but found {} instead", quoted_char(found));
                let is_line = found == Some('\n');
                return Err(if is_line { self.scanner.above(what) } else { self.scanner.fault(what) });
            }
        };
        Ok(self.tables.leaf(value))
    }

    /// Takes the rest of `inf` or `nan`, whichever letters of both it has; takes some letters if it is neither.
    fn is_number_word(&mut self) -> Result<bool> {
        let scanner = &mut self.scanner;
        if scanner.accept('n')? && scanner.accept('f')? {
            return Ok(true);
        }
        Ok(scanner.accept('a')? && scanner.accept('n')?)
    }

    fn boolean(&mut self) -> Result<bool> {
        self.scanner.begin();
        self.scanner.skip(|c| c.is_some_and(chars::is_letter))?;
        match self.scanner.token() {
            "true" => Ok(true),
            "false" => Ok(false),
            other => {
                let what = format!("expected value but found {} instead", quoted(other));
                Err(self.scanner.fault(what))
            }
        }
    }

    /// Reads a string from behind its first quote.
    fn string(&mut self, quote: char) -> Result<String> {
        let scanner = &mut self.scanner;
        let mut is_long = false;
        if scanner.accept(quote)? {
            is_long = scanner.accept(quote)?;
            if !is_long {
                scanner.back();
            }
        }
        match (quote, is_long) {
            ('"', false) => string::basic(scanner),
            ('"', true) => string::long_basic(scanner),
            (_, false) => string::literal(scanner),
            (_, true) => string::long_literal(scanner),
        }
    }

    fn check_depth(&self) -> Result<()> {
        self.context.check_depth().map_err(Fault::Failure)
    }

    /// Reads an array from behind its bracket.
    fn array(&mut self) -> Result<Node> {
        self.check_depth()?;
        self.tables.set_kind(true);
        let mut items = Vec::new();
        loop {
            match self.next_in_array()? {
                Some(',') => return Err(self.scanner.fault("unexpected comma")),
                Some(']') => return Ok(self.tables.array(items)),
                _ => self.scanner.back(),
            }
            items.push(self.value(true)?);
            match self.next_in_array()? {
                Some(',') => {}
                Some(']') => return Ok(self.tables.array(items)),
                found => {
                    let found = or_end(found);
                    let wanted = "expected a comma (',') or array terminator (']')";
                    return Err(self.scanner.fault(format!("{wanted}, but got {found}")));
                }
            }
        }
    }

    /// Takes the next character of an array that is no blank, line break or comment.
    fn next_in_array(&mut self) -> Result<Option<char>> {
        loop {
            match self.scanner.next()? {
                c if is_blank(c) || is_break(c) => {}
                Some('#') => self.comment()?,
                found => return Ok(found),
            }
        }
    }

    /// Reads an inline table from behind its brace.
    ///
    /// Its keys are set in the document, where the rules for keys hold, and in a table of its own, which is what
    /// counts in an array and where the key may be defined again.
    fn inline_table(&mut self, is_element: bool) -> Result<Node> {
        self.check_depth()?;
        let own = self.tables.table();
        let opened = self.tables.open(is_element);
        let outer = self.checked(opened)?;
        let inside = self.tables.place();
        loop {
            match self.next_in_table()? {
                Some(',') => return Err(self.scanner.fault("unexpected comma")),
                Some('}') => break,
                _ => self.scanner.back(),
            }
            let key = key::of_value(&mut self.scanner)?;
            self.line = self.scanner.line;
            let named = self.tables.name(&key);
            self.checked(named)?;
            let value = self.value(false)?;
            let set = self.tables.set(value).and_then(|()| self.tables.put(own, &key, value));
            self.checked(set)?;
            // the key is named until the next one
            self.tables.leave_but_key(&inside);
            match self.next_in_table()? {
                Some(',') => {
                    self.scanner.skip(is_blank)?;
                    if self.scanner.peek()? == Some('}') {
                        return Err(self.scanner.fault("trailing comma not allowed in inline tables"));
                    }
                }
                Some('}') => break,
                found => {
                    let found = or_end(found);
                    let wanted = "expected a comma or an inline table terminator '}'";
                    return Err(self.scanner.fault(format!("{wanted}, but got {found} instead")));
                }
            }
        }
        self.tables.leave(outer);
        Ok(own)
    }

    /// Takes the next character of an inline table that is no blank or comment.
    fn next_in_table(&mut self) -> Result<Option<char>> {
        loop {
            match self.scanner.next()? {
                c if is_blank(c) => {}
                c if is_break(c) => {
                    return Err(self.scanner.above("newlines not allowed within inline tables"));
                }
                Some('#') => self.comment()?,
                found => return Ok(found),
            }
        }
    }
}

/// A character as the library shows it where the text may end: as it is.
fn or_end(c: Option<char>) -> String {
    c.map_or_else(|| "end of file".to_owned(), |c| format!("'{c}'"))
}
