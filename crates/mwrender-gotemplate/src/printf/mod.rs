//! Go's `fmt`: `print`, `println` and `printf` over [`Value`]s.

mod directive;
mod number;
mod value;

use crate::go::unicode::count;
use crate::stack::Stack;
use crate::value::{Fields, Kind, Object, Value};
use std::any::Any;
use std::rc::Rc;

/// What nested values may use of the stack while they are printed.
const STACK: usize = 192 * 1024;

/// One call prints no more than this, so that widths cannot fill the memory.
const LONGEST: usize = 1 << 26;

/// Why something cannot be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintError {
    /// A value nests too deeply, or holds itself.
    TooDeep,
    /// The text gets longer than 64 MiB.
    TooLong,
}

impl std::fmt::Display for PrintError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            PrintError::TooDeep => "value nests too deeply to be printed",
            PrintError::TooLong => "text is too long to be printed",
        })
    }
}

impl std::error::Error for PrintError {}

impl From<PrintError> for crate::error::Failure {
    fn from(error: PrintError) -> crate::error::Failure {
        error.to_string().into()
    }
}

/// Appends what `fmt.Sprint` of one value prints: the `%v` form.
pub fn print_into(out: &mut Vec<u8>, value: &Value) -> Result<(), PrintError> {
    if let Some(bytes) = value.as_bytes() {
        out.extend_from_slice(bytes);
        return Ok(());
    }
    let mut printer = Printer::new(std::mem::take(out));
    printer.print_arg(value, 'v');
    let failed = printer.failed;
    *out = printer.out;
    failed.map_or(Ok(()), Err)
}

/// `fmt.Sprint`: a space between two operands of which neither is a string.
pub fn print(args: &[Value]) -> Result<Vec<u8>, PrintError> {
    print_pieces(args).map(|(text, _)| text)
}

/// `fmt.Sprintln`: a space between all, and a line's end.
pub fn println(args: &[Value]) -> Result<Vec<u8>, PrintError> {
    println_pieces(args).map(|(text, _)| text)
}

/// `fmt.Sprintf`.
pub fn printf(format: &[u8], args: &[Value]) -> Result<Vec<u8>, PrintError> {
    printf_pieces(format, args).map(|(text, _)| text)
}

/// Which arguments (`first..last`) made which bytes; what lies between comes from no argument.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Made {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

type Pieces = Result<(Vec<u8>, Vec<Made>), PrintError>;

pub(crate) fn print_pieces(args: &[Value]) -> Pieces {
    let mut printer = Printer::new(Vec::new());
    let mut previous = false;
    for (i, arg) in args.iter().enumerate() {
        let string = arg.as_bytes().is_some();
        if i > 0 && !string && !previous {
            printer.out.push(b' ');
        }
        printer.print_made(arg, 'v', i, i + 1);
        previous = string;
    }
    printer.finish()
}

pub(crate) fn println_pieces(args: &[Value]) -> Pieces {
    let mut printer = Printer::new(Vec::new());
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            printer.out.push(b' ');
        }
        printer.print_made(arg, 'v', i, i + 1);
    }
    printer.out.push(b'\n');
    printer.finish()
}

pub(crate) fn printf_pieces(format: &[u8], args: &[Value]) -> Pieces {
    let mut printer = Printer::new(Vec::new());
    printer.directives(format, args);
    printer.finish()
}

/// The flags of a directive, as Go keeps them.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one character of the directive")]
struct Flags {
    width: Option<usize>,
    precision: Option<usize>,
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    /// `%+v`
    plus_v: bool,
    /// `%#v`
    sharp_v: bool,
}

/// What a pointer points to, as Go's functions that take it as text print it: without `&`.
pub(crate) fn pointed(value: &Value) -> Value {
    match value.kind() {
        Kind::Object(object) if object.fields().pointer => {
            Value::object(Pointed(Rc::clone(object))).with_origin(value.origin())
        }
        _ => value.clone(),
    }
}

struct Pointed(Rc<dyn Object>);

impl Object for Pointed {
    fn type_name(&self) -> &str {
        self.0.type_name().trim_start_matches('*')
    }

    fn string(&self) -> Option<String> {
        self.0.string().or_else(|| self.0.pointer_string())
    }

    fn fields(&self) -> Fields {
        Fields { pointer: false, ..self.0.fields() }
    }

    fn as_any(&self) -> &dyn Any {
        self.0.as_any()
    }
}

/// The state of one call.
struct Printer {
    out: Vec<u8>,
    flags: Flags,
    /// Set while a bad directive is reported: methods are not called then.
    erroring: bool,
    stack: Stack,
    failed: Option<PrintError>,
    /// How long the text may get.
    longest: usize,
    made: Vec<Made>,
}

impl Printer {
    fn new(out: Vec<u8>) -> Printer {
        let longest = out.len() + LONGEST;
        Printer {
            out,
            flags: Flags::default(),
            erroring: false,
            stack: Stack::new(STACK),
            failed: None,
            longest,
            made: Vec::new(),
        }
    }

    fn finish(self) -> Pieces {
        self.failed.map_or(Ok((self.out, self.made)), Err)
    }

    fn print_made(&mut self, arg: &Value, verb: char, first: usize, last: usize) {
        let start = self.out.len();
        self.print_arg(arg, verb);
        self.made.push(Made { start, end: self.out.len(), first, last });
    }

    fn pad_bytes(&mut self, n: usize) {
        let byte = if self.flags.zero && !self.flags.minus { b'0' } else { b' ' };
        self.out.resize(self.out.len() + n, byte);
    }

    fn pad(&mut self, text: &[u8]) {
        let missing = self.flags.width.map_or(0, |w| w.saturating_sub(count(text)));
        if !self.flags.minus {
            self.pad_bytes(missing);
        }
        self.out.extend_from_slice(text);
        if self.flags.minus {
            self.pad_bytes(missing);
        }
    }

    fn pad_without_zeros(&mut self, text: &[u8]) {
        let zero = std::mem::replace(&mut self.flags.zero, false);
        self.pad(text);
        self.flags.zero = zero;
    }
}

/// The type as messages of `fmt` show it.
fn type_name(value: &Value) -> &str {
    match value.kind() {
        Kind::Nil => "<nil>",
        _ => value.type_name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Type;
    use crate::value::{List, Map, Str};

    fn shown(format: &str, args: &[Value]) -> String {
        String::from_utf8(printf(format.as_bytes(), args).expect("shallow")).expect("UTF-8")
    }

    #[test]
    fn directives() {
        let list = Value::from(List::from(vec![Value::int(1), Value::NIL, "a".into()]));
        for (format, args, text) in [
            ("%s %d%%", vec!["x".into(), Value::int(5)], "x 5%"),
            ("%d", vec![Value::from(8080.0)], "%!d(float64=8080)"),
            ("%s", vec![], "%!s(MISSING)"),
            ("a", vec!["b".into()], "a%!(EXTRA string=b)"),
            ("%s", vec![list.clone()], "[%!s(int=1) <nil> a]"),
            ("%#v", vec![list], "[]interface {}{1, interface {}(nil), \"a\"}"),
            (
                "%5.1f|%-5d|%05d|%x",
                vec![1.25.into(), Value::int(3), Value::int(-3), "hi".into()],
                "  1.2|3    |-0003|6869",
            ),
            ("%[2]d %[1]d %[9]d", vec![Value::int(1), Value::int(2)], "2 1 %!d(BADINDEX)"),
            ("%*d", vec![Value::int(4), Value::int(7)], "   7"),
            ("%!", vec![], "%!!(MISSING)"),
            ("%", vec![], "%!(NOVERB)"),
        ] {
            assert_eq!(shown(format, &args), text, "{format}");
        }
    }

    #[test]
    fn a_map_in_itself_is_an_error() {
        let map = Map::new(Type::MAP);
        map.insert(Str::from("self"), Value::from(map.clone()));
        assert_eq!(print(&[Value::from(map.clone())]), Err(PrintError::TooDeep));
        map.remove(b"self");
    }

    #[test]
    fn widths_do_not_fill_the_memory() {
        let format = "%1000000d".repeat(500);
        let args = vec![Value::int(1); 500];
        assert_eq!(printf(format.as_bytes(), &args), Err(PrintError::TooLong));
        let list = Value::from(List::from(args));
        assert_eq!(printf(b"%1000000d", &[list]), Err(PrintError::TooLong));
    }
}
