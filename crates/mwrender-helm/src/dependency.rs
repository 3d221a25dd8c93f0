//! What `Chart.yaml` says of a chart that it depends on.

use crate::decode::{Decoder, Field, types};
use crate::error::{Error, quoted};
use crate::metadata::{clean, invalid};
use mwrender_values::Value;

/// A chart that another one depends on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// A constraint on its version.
    pub version: String,
    /// Where it can be had.
    pub repository: String,
    /// Paths to booleans in the values, between commas: the first one that is there says whether it takes part.
    pub condition: String,
    /// Names below `tags` in the values of the outermost chart that say whether it takes part, if the file
    /// has a list of them.
    pub tags: Option<Vec<String>>,
    /// Whether it takes part.
    pub enabled: bool,
    /// What becomes values of the depending chart: names below `exports`, or maps with `child` and `parent`.
    pub import_values: Vec<Value>,
    /// Another name for it.
    pub alias: String,
}

/// The Go type of `dependencies`.
pub(crate) const LIST: &str = "[]*chart.Dependency";

const FIELDS: [&str; 8] =
    ["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"];

impl Dependency {
    /// An item of the `dependencies` of a Go struct, read over what another file said in its place.
    pub(crate) fn read(
        decoder: &mut Decoder,
        owner: &str,
        value: &Value,
        before: Option<Dependency>,
    ) -> Option<Dependency> {
        let mut dependency = before.unwrap_or_default();
        let field = Field { owner, path: "dependencies" };
        if !decoder.is_object(value, field, "chart.Dependency") {
            return (!value.is_null()).then_some(dependency);
        }
        decoder.fields(value, &FIELDS, |decoder, name, value| {
            let path = format!("dependencies.{name}");
            let field = Field { owner: "Dependency", path: &path };
            let d = &mut dependency;
            match name {
                "name" => decoder.text(value, field, &mut d.name),
                "version" => decoder.text(value, field, &mut d.version),
                "repository" => decoder.text(value, field, &mut d.repository),
                "condition" => decoder.text(value, field, &mut d.condition),
                "tags" => {
                    let mut tags = d.tags.take().unwrap_or_default();
                    decoder.texts(value, field, &mut tags);
                    d.tags = (!value.is_null()).then_some(tags);
                }
                "enabled" => decoder.flag(value, field, &mut d.enabled),
                "import-values" => {
                    decoder.list(value, field, types::ANY, &mut d.import_values, |_, item, _| item.clone());
                }
                _ => decoder.text(value, field, &mut d.alias),
            }
        });
        Some(dependency)
    }

    /// The name that it goes by: its alias, if it has one.
    pub fn key(&self) -> &str {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }

    pub(crate) fn validate(&mut self) -> Result<(), Error> {
        for text in [&mut self.name, &mut self.version, &mut self.repository, &mut self.condition] {
            clean(text);
        }
        self.tags.iter_mut().flatten().for_each(clean);
        if !self.alias.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            let name = quoted(&self.name);
            return Err(invalid(format!("dependency {name} has disallowed characters in the alias")));
        }
        Ok(())
    }
}
