//! From a chart and the given values to the charts that take part and what each of them gets.

use crate::chart::Chart;
use crate::charts::Charts;
use crate::coalesce::{Coalescer, Log, Mode};
use crate::dependencies::Settler;
use crate::error::Error;
use crate::tree::Table;
use mwrender_diagnostic::Diagnostic;
use mwrender_values::coalesce::Deleted;
use mwrender_values::{NullHandling, Value};
use std::sync::Arc;

/// The charts of a render and their values.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The charts that take part.
    pub charts: Charts,
    /// `.Values` of the outermost chart; those of a subchart are below its name
    /// ([`Charts::values_below`]).
    ///
    /// Maps that are one map to Helm, which a template can change in both places at once, are the same `Arc`; other
    /// maps are not, unless they are in lists.
    pub values: Value,
    /// What Helm prints on standard error, without the time.
    pub warnings: Vec<String>,
    /// The same with places.
    pub diagnostics: Vec<Diagnostic>,
    /// Defaults that nulls deleted.
    pub deleted: Vec<Deleted>,
}

/// Finds out which charts take part and which values each gets, as Helm does before it renders.
///
/// `given` are the merged layers ([`mwrender_values::coalesce::merge`]): files and `--set`.
///
/// ```
/// use mwrender_diagnostic::SourceMap;
/// use mwrender_helm::{Charts, File, load, settle};
/// use mwrender_values::{emit::json, read::read};
/// let file = |name, text: &str| File::new(name, text.as_bytes());
/// let files = vec![
///     file("Chart.yaml", "{apiVersion: v2, name: web, version: 1.0.0}"),
///     file("values.yaml", "cache: {size: 2}"),
///     file("charts/cache/Chart.yaml", "{apiVersion: v2, name: cache, version: 1.0.0}"),
///     file("charts/cache/values.yaml", "{size: 1, port: 11211}"),
/// ];
/// let mut sources = SourceMap::default();
/// let chart = load::folder(files, "web", &mut sources).unwrap().chart;
/// let given = read("cache: {port: 1}", Default::default()).unwrap().into_value();
/// let settled = settle(&chart, &given, Default::default()).unwrap();
/// let text = json::to_string(&settled.values, Default::default());
/// assert_eq!(text, r#"{"cache":{"port":1,"size":2,"global":{}}}"#);
/// let size = settled.values.get("cache").unwrap().get("size").unwrap();
/// assert_eq!(sources.location(size.origin).unwrap().to_string(), "web/values.yaml:1");
/// assert_eq!(size.losers().count(), 1);
/// ```
///
/// # Errors
/// What is given for a subchart is not a map.
pub fn settle(chart: &Arc<Chart>, given: &Value, nulls: NullHandling) -> Result<Settled, Error> {
    let charts = Charts::new(chart, nulls);
    let mut settler = Settler { charts, log: Log::default(), complete: false };
    settler.enable(Charts::ROOT, given, "")?;
    settler.import(Charts::ROOT)?;
    let Settler { charts, log, .. } = settler;
    let values = Table::copy(given);
    let mut coalescer = Coalescer::new(&charts, Mode::Coalesce, log);
    coalescer.chart(Charts::ROOT, &values, "")?;
    let values = coalescer.value(&values)?;
    let Log { warnings, diagnostics, deleted } = coalescer.log;
    Ok(Settled { charts, values, warnings, diagnostics, deleted })
}

/// As [`settle`], and once more: `helm lint` lays the values over the defaults twice, so that a null which stayed the
/// first time deletes a default the second time.
///
/// # Errors
/// As [`settle`].
pub(crate) fn settle_twice(chart: &Arc<Chart>, given: &Value, nulls: NullHandling) -> Result<Settled, Error> {
    let settled = settle(chart, given, nulls)?;
    let values = Table::copy(&settled.values);
    let mut coalescer = Coalescer::new(&settled.charts, Mode::Coalesce, Log::default());
    coalescer.chart(Charts::ROOT, &values, "")?;
    let values = coalescer.value(&values)?;
    Ok(Settled { values, ..settled })
}

/// What was given, over `values.yaml` alone, which knows nothing of subcharts; and what remains of what was given.
///
/// `helm lint` lays maps over each other in place: below the first level, what was given has the defaults of
/// `values.yaml` then, and no nulls that deleted some.
///
/// # Errors
/// The values are too deep.
pub(crate) fn over_file(
    chart: &Arc<Chart>,
    given: &Value,
    file: &Value,
    nulls: NullHandling,
) -> Result<(Value, Value), Error> {
    let charts = Charts::new(chart, nulls);
    let mut coalescer = Coalescer::new(&charts, Mode::Coalesce, Log::default());
    let given = Table::copy(given);
    let values = given.shallow();
    coalescer.tables(&values, &Table::copy(file), "", Mode::Coalesce);
    Ok((coalescer.value(&values)?, coalescer.value(&given)?))
}

/// The charts that take part with values that are known in full, such as those of [`settle`] with some of them
/// changed.
///
/// ```
/// use mwrender_diagnostic::SourceMap;
/// use mwrender_helm::{Charts, File, load, settle, with_values};
/// use mwrender_values::read::read;
/// let file = |name, text: &str| File::new(name, text.as_bytes());
/// let files = vec![
///     file("Chart.yaml", "{apiVersion: v2, name: web, version: 1.0.0, dependencies: [{name: cache, condition: on}]}"),
///     file("charts/cache/Chart.yaml", "{apiVersion: v2, name: cache, version: 1.0.0}"),
/// ];
/// let chart = load::folder(files, "web", &mut SourceMap::default()).unwrap().chart;
/// let parts = |values| {
///     let values = read(values, Default::default()).unwrap().into_value();
///     with_values(&chart, &values, Default::default()).unwrap().charts.below(Charts::ROOT).len()
/// };
/// assert_eq!((parts("on: true"), parts("on: false")), (2, 1));
/// ```
///
/// # Errors
/// As [`settle`].
pub fn with_values(chart: &Arc<Chart>, values: &Value, nulls: NullHandling) -> Result<Settled, Error> {
    let charts = Charts::new(chart, nulls);
    let mut settler = Settler { charts, log: Log::default(), complete: true };
    settler.enable(Charts::ROOT, values, "")?;
    Ok(Settled {
        charts: settler.charts,
        values: values.clone(),
        warnings: Vec::new(),
        diagnostics: Vec::new(),
        deleted: Vec::new(),
    })
}
