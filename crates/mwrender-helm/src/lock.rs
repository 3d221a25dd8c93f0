//! `Chart.lock` and `requirements.lock`: nothing counts of them but that they can be read.

use crate::decode::{self, Decoder, Field};
use crate::dependency::{self, Dependency};
use crate::error::Error;
use mwrender_values::{Data, Value};

/// Reads a lock file as Go does.
///
/// # Errors
/// Something does not fit, or the time is none.
pub(crate) fn check(value: &Value) -> Result<(), Error> {
    match value.data {
        Data::Null => return Ok(()),
        Data::Map(_) => {}
        _ => return Err(decode::wrong_document(value, "chart.Lock")),
    }
    let mut decoder = Decoder::default();
    decoder.fields(value, &["generated", "digest", "dependencies"], |decoder, name, value| {
        let field = Field { owner: "Lock", path: name };
        match name {
            "generated" => decoder.time(value),
            "digest" => decoder.text(value, field, &mut String::new()),
            _ => {
                decoder.list(value, field, dependency::LIST, &mut Vec::new(), |decoder, item, before| {
                    Dependency::read(decoder, "Lock", item, before.flatten())
                });
            }
        }
    });
    decoder.finish()
}
