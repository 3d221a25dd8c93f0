//! The name of the release.

use super::{Failure, TemplateOptions};
use mwrender_gotemplate::{Run, Set, Value};
use mwrender_helm::functions::sprig;
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// The name and the chart that the arguments mean.
pub(super) fn name_and_chart(options: &TemplateOptions) -> Result<(String, String), Failure> {
    let template = options.name_template.as_ref().filter(|template| !template.is_empty());
    match &options.arguments[..] {
        [] => Err(Failure::new(
            "\"helm template\" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]",
        )),
        [chart] => match template {
            Some(template) => Ok((evaluated(template)?, chart.clone())),
            // --generate-name changes nothing: there is a name
            None => Ok(("release-name".to_owned(), chart.clone())),
        },
        [_, _] if options.generate_name => {
            Err(Failure::new("cannot set --generate-name and also specify a name"))
        }
        [_, _] if template.is_some() => {
            Err(Failure::new("cannot set --name-template and also specify a name"))
        }
        [name, chart] => Ok((name.clone(), chart.clone())),
        [_, _, rest @ ..] => {
            let rest = rest.join(", ");
            Err(Failure::new(format!("expected at most two arguments, unexpected arguments: {rest}")))
        }
    }
}

fn evaluated(template: &str) -> Result<String, Failure> {
    let mut set = Set::new(sprig(variable));
    let fault = |error: mwrender_gotemplate::Error| Failure::new(error.to_string());
    set.parse("name-template", template).map_err(fault)?;
    let mut run = Run::new().fuel(1_000_000);
    let output = set.execute("name-template", &Value::NIL, &mut run).map_err(fault)?;
    Ok(String::from_utf8_lossy(&output.text).into_owned())
}

fn variable(name: &[u8]) -> Option<Vec<u8>> {
    std::env::var_os(OsStr::from_bytes(name)).map(OsStringExt::into_vec)
}

/// Whether a release may have the name.
pub(super) fn validate(name: &str) -> Result<(), Failure> {
    let label = |label: &str| {
        let ends = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let bytes = label.as_bytes();
        ends(bytes.first()) && ends(bytes.last()) && bytes.iter().all(|b| inner(*b))
    };
    if name.is_empty() {
        return Err(Failure::new("release name \"\": no name provided"));
    }
    if name.len() <= 53 && name.split('.').all(label) {
        return Ok(());
    }
    let pattern = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
    Err(Failure::new(format!(
        "release name {}: invalid release name, must match regex {pattern} and the length must not be longer than 53",
        mwrender_helm::engine::quoted(name)
    )))
}
