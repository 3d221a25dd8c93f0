//! Documents that a schema refers to.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::{Arc, Mutex};

use referencing::{Retrieve, Uri};
use serde_json::Value;

use super::draft::{Draft, disown, known, spell};
use super::references::against_draft;
use super::{Invalid, Syntax};

/// Where documents come from that a schema refers to and that are no drafts.
pub trait Load {
    /// The document at an address without a fragment.
    ///
    /// # Errors
    /// There is none: why, which becomes [`Invalid::Load`].
    fn load(&self, address: &str) -> Result<Value, String>;
}

/// So many documents are loaded for a schema: each may refer to a further one.
const MOST: usize = 250;

/// What was loaded. For other addresses it gives a schema that allows all, and remembers them: a reference counts only
/// where a check may come to it.
#[derive(Clone, Default)]
pub(super) struct Documents {
    loaded: HashMap<String, Value>,
    missing: Arc<Mutex<Vec<String>>>,
}

impl Documents {
    /// Loads the document at an address, which must be a schema of its draft as a whole.
    pub(super) fn load(
        &mut self,
        address: &str,
        load: &dyn Load,
        syntax: &dyn Syntax,
    ) -> Result<(), Invalid> {
        if self.loaded.contains_key(address) {
            return Err(Invalid::Load(address.to_owned(), "it is not found where it was put".to_owned()));
        }
        if self.loaded.len() == MOST {
            return Err(Invalid::Load(
                address.to_owned(),
                format!("a schema refers to more than {MOST} documents"),
            ));
        }
        let loaded = load.load(address).map_err(|why| Invalid::Load(address.to_owned(), why))?;
        let document = checked(loaded, address, load, syntax)?;
        self.loaded.insert(address.to_owned(), document);
        Ok(())
    }

    /// The addresses that were asked for since the last call, and at which something would have to be loaded.
    pub(super) fn take_missing(&self) -> Vec<String> {
        self.missing.lock().map(|mut missing| std::mem::take(&mut *missing)).unwrap_or_default()
    }
}

impl Retrieve for Documents {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn StdError + Send + Sync>> {
        let address = uri.as_str().trim_end_matches('#');
        if let Some(document) = self.loaded.get(address) {
            return Ok(document.clone());
        }
        // so does Helm with what it does not want to fetch
        if !address.starts_with("urn:")
            && let Ok(mut missing) = self.missing.lock()
        {
            missing.push(address.to_owned());
        }
        Ok(Value::Bool(true))
    }
}

/// A document, with the names of drafts as the drafts spell them.
///
/// # Errors
/// It is no schema of its draft.
pub(super) fn checked(
    mut document: Value,
    address: &str,
    load: &dyn Load,
    syntax: &dyn Syntax,
) -> Result<Value, Invalid> {
    known(&mut document, load)?;
    let draft = Draft::of(&document);
    let found = against_draft(&document, draft, syntax)?;
    if !found.is_empty() {
        return Err(Invalid::Violations(format!("{address}#"), draft, found));
    }
    disown(&mut document);
    spell(&mut document);
    Ok(document)
}
