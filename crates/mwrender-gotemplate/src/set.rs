//! Sets of templates that can call each other by name.

use std::collections::HashMap;
use std::sync::Arc;

use crate::ast::Tree;
use crate::error::Error;
use crate::exec::{self, Output, Run};
use crate::func::Funcs;
use crate::parse;
use crate::source::Source;
use crate::value::Value;

/// What a key that a map does not have stands for: Go's option `missingkey`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingKey {
    /// Nothing (`missingkey=default`): a field of it is nothing again.
    #[default]
    Invalid,
    /// The zero value of the map's element type (`missingkey=zero`), which Helm uses.
    Zero,
    /// An error (`missingkey=error`).
    Error,
}

/// The Go release whose behaviour counts where releases differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum GoVersion {
    /// No ranging over integers.
    Go1_23,
    /// The reference.
    #[default]
    Go1_24,
    /// `incompatible types for comparison` names the types.
    Go1_26,
}

/// Parsed templates. They may be executed many times, and by several threads at once.
///
/// A clone costs little: it has the same templates, and what is parsed into one of the two, the other does not see.
#[derive(Clone, Debug)]
pub struct Set {
    label: Box<str>,
    funcs: Arc<Funcs>,
    missing_key: MissingKey,
    version: GoVersion,
    parentheses: usize,
    layer: Arc<Layer>,
}

/// Templates, and those below that they replace.
#[derive(Debug, Default)]
struct Layer {
    below: Option<Arc<Layer>>,
    trees: HashMap<Box<str>, Tree>,
}

impl Set {
    /// A set without templates that may call these functions.
    pub fn new(funcs: impl Into<Arc<Funcs>>) -> Set {
        Set {
            label: Box::default(),
            funcs: funcs.into(),
            missing_key: MissingKey::default(),
            version: GoVersion::default(),
            parentheses: usize::MAX,
            layer: Arc::default(),
        }
    }

    /// The same with the name that the message about an unknown template shows; Helm's is `gotpl`.
    #[must_use]
    pub fn named(mut self, name: &str) -> Set {
        self.label = name.into();
        self
    }

    /// The same with another rule for missing keys.
    #[must_use]
    pub fn missing_key(mut self, rule: MissingKey) -> Set {
        self.missing_key = rule;
        self
    }

    /// The same behaving as another release of Go.
    #[must_use]
    pub fn go_version(mut self, version: GoVersion) -> Set {
        self.version = version;
        self
    }

    /// The same refusing parentheses that nest more deeply; Go sets 10,000 since 1.25. The stack limits them, too.
    #[must_use]
    pub fn parentheses(mut self, depth: usize) -> Set {
        self.parentheses = depth;
        self
    }

    /// The functions.
    pub fn funcs(&self) -> &Arc<Funcs> {
        &self.funcs
    }

    /// Parses a text and adds its template under `name`, and those that it defines. A template replaces an
    /// older one of its name unless it is blank.
    pub fn parse(&mut self, name: &str, text: impl AsRef<[u8]>) -> Result<(), Error> {
        self.add(name, text.as_ref(), false)
    }

    /// The same, but even if the text is blank its template replaces an older one of its name: Go does so
    /// where the template is executed itself and not looked up by its name.
    pub fn replace(&mut self, name: &str, text: impl AsRef<[u8]>) -> Result<(), Error> {
        self.add(name, text.as_ref(), true)
    }

    fn add(&mut self, name: &str, text: &[u8], replaces: bool) -> Result<(), Error> {
        let source = Source::new(name, text);
        for tree in parse::parse(&source, &self.funcs, self.parentheses)? {
            let stays = !(replaces && *tree.name == *name);
            if stays && tree.root.is_blank(&source) && self.tree(&tree.name).is_some() {
                continue;
            }
            self.own_layer().trees.insert(tree.name.clone(), tree);
        }
        Ok(())
    }

    /// A layer that no other set has.
    fn own_layer(&mut self) -> &mut Layer {
        if Arc::get_mut(&mut self.layer).is_none() {
            let below = Some(Arc::clone(&self.layer));
            self.layer = Arc::new(Layer { below, trees: HashMap::new() });
        }
        Arc::get_mut(&mut self.layer).expect("it was made just now, or is not shared")
    }

    /// Whether there is a template of the name.
    pub fn contains(&self, name: &str) -> bool {
        self.tree(name).is_some()
    }

    /// The names of all templates, sorted.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut layer = Some(&self.layer);
        while let Some(at) = layer {
            names.extend(at.trees.keys().map(|k| &**k));
            layer = at.below.as_ref();
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    /// A template written back as Go writes it.
    pub fn print(&self, name: &str) -> Option<Vec<u8>> {
        self.tree(name).map(Tree::print)
    }

    /// The text that a template was parsed from.
    pub fn source(&self, name: &str) -> Option<&Source> {
        self.tree(name).map(|t| &t.source)
    }

    /// Executes a template.
    pub fn execute(&self, name: &str, data: &Value, run: &mut Run) -> Result<Output, Error> {
        exec::execute(self, name, data, run)
    }

    /// The parsed template of a name.
    pub fn tree(&self, name: &str) -> Option<&Tree> {
        let mut layer = &self.layer;
        loop {
            if let Some(tree) = layer.trees.get(name) {
                return Some(tree);
            }
            layer = layer.below.as_ref()?;
        }
    }

    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    pub(crate) fn missing(&self) -> MissingKey {
        self.missing_key
    }

    pub(crate) fn version(&self) -> GoVersion {
        self.version
    }
}
