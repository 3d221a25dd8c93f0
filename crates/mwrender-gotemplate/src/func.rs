//! Functions: their Go signatures, their bodies, and the table that templates find them in.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::builtins;
use crate::error::Failure;
use crate::exec::Context;
use crate::types::{IntKind, Shape, Type, UintKind};
use crate::value::Value;

/// What a function does: it gets the execution and its arguments, whose types are those of its signature.
pub type Body = dyn Fn(&mut Context<'_>, &[Value]) -> Result<Value, Failure> + Send + Sync;

/// How the origins of a result follow from the arguments. Only executions that track origins ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracks {
    /// The result depends on all that the arguments hold, also deep within containers. What the function
    /// returns with an origin of its own keeps it besides.
    Operands,
    /// The result depends on the arguments themselves, and not on what containers hold: `len`, `hasKey`.
    Shape,
    /// The result is a hash over all that the arguments hold.
    Hash,
    /// The function gives its result the right origins.
    Own,
}

/// Functions that the executor itself has to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Special {
    None,
    And,
    Or,
    Call,
}

/// A function or method with its Go signature.
pub struct Function {
    name: Box<str>,
    signature: Box<str>,
    pub(crate) params: Box<[&'static Type]>,
    pub(crate) variadic: bool,
    pub(crate) result: &'static Type,
    pub(crate) tracks: Tracks,
    pub(crate) special: Special,
    /// What Go says to a call, if no template may call it.
    pub(crate) refused: Option<Box<str>>,
    body: Box<Body>,
}

/// The types that signatures may mention without further ado.
static KNOWN: [&Type; 22] = [
    Type::ANY,
    Type::BOOL,
    Type::INT,
    &Type::new("int8", Shape::Int(IntKind::Int8)),
    &Type::new("int16", Shape::Int(IntKind::Int16)),
    &Type::new("int32", Shape::Int(IntKind::Int32)),
    Type::INT64,
    &Type::new("uint", Shape::Uint(UintKind::Uint)),
    Type::BYTE,
    &Type::new("uint16", Shape::Uint(UintKind::Uint16)),
    &Type::new("uint32", Shape::Uint(UintKind::Uint32)),
    &Type::new("uint64", Shape::Uint(UintKind::Uint64)),
    Type::FLOAT,
    &Type::new("complex128", Shape::Complex),
    Type::STRING,
    Type::LIST,
    Type::LISTS,
    Type::STRINGS,
    Type::INTS,
    Type::BYTES,
    Type::MAP,
    Type::STRING_MAP,
];

impl Function {
    /// A function with its signature as Go writes it, such as `func(string, ...interface {}) (string, error)`.
    /// Other types than the basic ones must be among `types`. What returns something else than a value and an error
    /// cannot be called.
    ///
    /// # Panics
    /// If the signature is none, or names a type that is not known: both are mistakes of the program.
    pub fn new(
        name: &str,
        signature: &str,
        types: &[&'static Type],
        body: impl Fn(&mut Context<'_>, &[Value]) -> Result<Value, Failure> + Send + Sync + 'static,
    ) -> Function {
        let (params, result) = signature
            .strip_prefix("func(")
            .and_then(|rest| rest.split_once(')'))
            .unwrap_or_else(|| panic!("`{signature}` of `{name}` is no signature"));
        let find = |ty: &str| -> &'static Type {
            let mut all = types.iter().copied().chain(KNOWN).chain([Type::REFLECT]);
            all.find(|t| t.name() == ty).unwrap_or_else(|| panic!("type `{ty}` of `{name}` is not known"))
        };
        let mut variadic = false;
        let params =
            params.split(", ").filter(|p| !p.is_empty()).map(|param| match param.strip_prefix("...") {
                Some(element) => {
                    variadic = true;
                    find(element)
                }
                None => find(param),
            });
        let params: Box<[&'static Type]> = params.collect();
        let result = result.trim().trim_start_matches('(').trim_end_matches(')');
        let results: Vec<&str> = result.split(", ").collect();
        let refused = match results[..] {
            [_] | [_, "error"] => None,
            [_, second] => {
                let text = "second return value should be error";
                Some(format!("invalid function signature for {name}: {text}; is {second}").into())
            }
            _ => {
                Some(format!("function {name} has {} return values; should be 1 or 2", results.len()).into())
            }
        };
        let result = results[0];
        Function {
            name: name.into(),
            signature: signature.into(),
            params,
            variadic,
            result: find(result),
            tracks: Tracks::Operands,
            special: Special::None,
            refused,
            body: Box::new(body),
        }
    }

    /// The same with another rule for origins.
    #[must_use]
    pub fn tracks(mut self, tracks: Tracks) -> Function {
        self.tracks = tracks;
        self
    }

    pub(crate) fn special(mut self, special: Special) -> Function {
        self.special = special;
        self
    }

    /// The name that messages show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The signature as Go writes it.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The number of parameters without the variadic one.
    pub(crate) fn fixed(&self) -> usize {
        self.params.len() - usize::from(self.variadic)
    }

    /// The type of an argument.
    pub(crate) fn param(&self, index: usize) -> &'static Type {
        self.params.get(index).or(self.params.last()).copied().unwrap_or(Type::ANY)
    }

    pub(crate) fn run(&self, context: &mut Context<'_>, args: &[Value]) -> Result<Value, Failure> {
        (self.body)(context, args)
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function")
            .field("name", &self.name)
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

/// The functions that templates may call: the language's own, and those of the embedding program.
#[derive(Debug)]
pub struct Funcs {
    index: HashMap<Box<str>, u32>,
    functions: Vec<Arc<Function>>,
}

impl Default for Funcs {
    fn default() -> Funcs {
        Funcs::new()
    }
}

impl Funcs {
    /// The language's own functions.
    pub fn new() -> Funcs {
        let mut funcs = Funcs { index: HashMap::new(), functions: Vec::new() };
        builtins::add(&mut funcs);
        funcs
    }

    /// Adds a function, or replaces the one of its name.
    pub fn add(&mut self, function: Function) {
        let next = self.functions.len() as u32;
        self.index.insert(function.name.clone(), next);
        self.functions.push(Arc::new(function));
    }

    /// Takes a function out.
    pub fn remove(&mut self, name: &str) {
        self.index.remove(name);
    }

    /// The function of a name.
    pub fn get(&self, name: &str) -> Option<&Arc<Function>> {
        self.index(name).map(|i| self.at(i))
    }

    /// All names, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.index.keys().map(|k| &**k).collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.index.contains_key(name)
    }

    pub(crate) fn index(&self, name: &str) -> Option<u32> {
        self.index.get(name).copied()
    }

    pub(crate) fn at(&self, index: u32) -> &Arc<Function> {
        &self.functions[index as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_read() {
        let f =
            Function::new("f", "func(int, ...interface {}) (map[string]interface {}, error)", &[], |_, _| {
                Ok(Value::NIL)
            });
        assert!(f.variadic);
        assert_eq!((f.fixed(), f.param(0).name(), f.param(7).name()), (1, "int", "interface {}"));
        assert_eq!(f.result.name(), "map[string]interface {}");
        let f = Function::new("g", "func() string", &[], |_, _| Ok(Value::NIL));
        assert_eq!((f.params.len(), f.result.name()), (0, "string"));
    }
}
