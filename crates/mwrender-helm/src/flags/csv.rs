//! One record of comma-separated values, as Go's `encoding/csv` reads it.

/// The fields of the first record of a text.
///
/// # Errors
/// Quotes stand where they cannot; the message has line and column, both from 1, columns in bytes.
pub(super) fn record(text: &str) -> Result<Vec<String>, String> {
    let mut lines = text.split_inclusive('\n').enumerate().map(|(number, line)| (number + 1, line));
    // empty lines are no records
    let Some((start, line)) = lines.find(|(_, line)| !without_end(line).is_empty()) else {
        return Err("EOF".to_owned());
    };
    let mut reader = Reader { lines, start, number: start, line: unified(line), at: 0 };
    let mut fields = Vec::new();
    loop {
        let (field, more) = if reader.rest().starts_with('"') { reader.quoted()? } else { reader.bare()? };
        fields.push(field);
        if !more {
            return Ok(fields);
        }
    }
}

struct Reader<'t, L: Iterator<Item = (usize, &'t str)>> {
    lines: L,
    /// The line on which the record starts.
    start: usize,
    number: usize,
    line: String,
    at: usize,
}

impl<'t, L: Iterator<Item = (usize, &'t str)>> Reader<'t, L> {
    fn rest(&self) -> &str {
        &self.line[self.at..]
    }

    fn fault(&self, column: usize, why: &str) -> String {
        let (start, line) = (self.start, self.number);
        let column = column + 1;
        if start == line {
            format!("parse error on line {line}, column {column}: {why}")
        } else {
            format!("record on line {start}; parse error on line {line}, column {column}: {why}")
        }
    }

    /// A field without quotes, and whether another one follows.
    fn bare(&mut self) -> Result<(String, bool), String> {
        let comma = self.rest().find(',');
        let field = comma.map_or(without_end(self.rest()), |comma| &self.rest()[..comma]).to_owned();
        if let Some(quote) = field.find('"') {
            return Err(self.fault(self.at + quote, "bare \" in non-quoted-field"));
        }
        self.at += field.len() + usize::from(comma.is_some());
        Ok((field, comma.is_some()))
    }

    /// A field in quotes, which may go over several lines, and whether another one follows.
    fn quoted(&mut self) -> Result<(String, bool), String> {
        self.at += 1;
        let mut field = String::new();
        loop {
            let Some(quote) = self.rest().find('"') else {
                field.push_str(self.rest());
                let Some((number, line)) = self.lines.next() else {
                    let end = self.line.len();
                    return Err(self.fault(end, "extraneous or missing \" in quoted-field"));
                };
                (self.number, self.line, self.at) = (number, unified(line), 0);
                continue;
            };
            field.push_str(&self.rest()[..quote]);
            self.at += quote + 1;
            match self.rest().bytes().next() {
                Some(b'"') => {
                    field.push('"');
                    self.at += 1;
                }
                Some(b',') => {
                    self.at += 1;
                    return Ok((field, true));
                }
                _ if without_end(self.rest()).is_empty() => return Ok((field, false)),
                _ => return Err(self.fault(self.at - 1, "extraneous or missing \" in quoted-field")),
            }
        }
    }
}

fn without_end(line: &str) -> &str {
    line.strip_suffix('\n').unwrap_or(line)
}

/// A line whose end is one character, and none where the text ends with a carriage return.
fn unified(line: &str) -> String {
    match line.strip_suffix("\r\n") {
        Some(rest) => format!("{rest}\n"),
        None if line.ends_with('\n') => line.to_owned(),
        None => line.strip_suffix('\r').unwrap_or(line).to_owned(),
    }
}
