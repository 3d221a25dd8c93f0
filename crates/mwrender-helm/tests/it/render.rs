//! What a recorded case gives with us, in the form in which Helm's answer was recorded.

use mwrender_diagnostic::SourceMap;
use mwrender_helm::metadata::Maintainer;
use mwrender_helm::{ChartId, Charts, Dependency, File, Metadata, Settled, load, settle};
use mwrender_values::emit::json;
use mwrender_values::{NullHandling, Value, read};
use serde_json::{Value as Json, json};

/// As Go writes JSON, where numbers are concerned; the order of keys is not compared.
const GO_JSON: json::JsonStyle =
    json::JsonStyle { indent: 0, sorted: true, go_escapes: false, raw_html: false, canonical_numbers: true };

fn go(value: &Value) -> Json {
    serde_json::from_str(&json::to_string(value, GO_JSON)).expect("what was written as JSON")
}

/// Loads the chart of a case and settles its values: `charts` or `error`, and `log`.
pub(crate) fn render(case: &Json, nulls: NullHandling) -> Json {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let files = case["files"].as_array().into_iter().flatten();
    let files: Vec<File> = files.map(|f| File::new(text(&f[0]), text(&f[1]).as_bytes())).collect();
    let mut sources = SourceMap::default();
    let loaded = match load::files_as_they_are(files, "chart", &mut sources) {
        Ok(loaded) => loaded,
        Err(error) => return json!({ "error": error.text, "log": "" }),
    };
    let mut log = loaded.warnings;
    let given = text(&case["values"]);
    let id = sources.add("given.yaml", given.as_str());
    let given = read::read(&given, sources.get(id).start()).expect("YAML").into_value();
    match settle(&loaded.chart, &given, nulls) {
        Err(error) => json!({ "error": error.text, "log": "" }),
        Ok(settled) => {
            log.extend(settled.warnings.iter().cloned());
            let mut charts = Vec::new();
            walk(&settled, Charts::ROOT, &settled.values, &mut charts);
            json!({ "charts": charts, "log": log.join("\n") })
        }
    }
}

fn walk(settled: &Settled, id: ChartId, values: &Value, out: &mut Vec<Json>) {
    let charts = &settled.charts;
    let chart = metadata(&charts.metadata(id));
    out.push(json!({ "path": charts.full_path(id), "chart": chart, "values": go(values) }));
    let mut below = charts.get(id).dependencies.clone();
    below.sort_by_key(|id| charts.get(*id).name.clone());
    for id in below {
        walk(settled, id, &charts.values_below(id, values), out);
    }
}

/// What Go's JSON has of `Chart.yaml`.
fn metadata(m: &Metadata) -> Json {
    let maintainer = |m: &Maintainer| given(json!({ "name": m.name, "email": m.email, "url": m.url }), &[]);
    let dependency = |d: &Dependency| {
        let imports: Vec<Json> = d.import_values.iter().map(go).collect();
        let object = json!({
            "name": d.name, "version": d.version, "repository": d.repository, "condition": d.condition,
            "tags": d.tags, "enabled": d.enabled, "import-values": imports, "alias": d.alias,
        });
        given(object, &["name", "repository"])
    };
    let object = json!({
        "name": m.name, "home": m.home, "sources": m.sources, "version": m.version, "description": m.description,
        "keywords": m.keywords, "maintainers": m.maintainers.iter().flatten().map(maintainer).collect::<Vec<_>>(),
        "icon": m.icon, "apiVersion": m.api_version, "condition": m.condition, "tags": m.tags,
        "appVersion": m.app_version, "deprecated": m.deprecated, "annotations": m.annotations,
        "kubeVersion": m.kube_version, "type": m.kind,
        "dependencies": m.dependencies.iter().flatten().map(dependency).collect::<Vec<_>>(),
    });
    given(object, &[])
}

/// The fields of an object that are not empty, and some in any case.
fn given(mut object: Json, always: &[&str]) -> Json {
    let empty = [json!(""), json!(false), json!([]), json!({}), Json::Null];
    if let Some(map) = object.as_object_mut() {
        map.retain(|name, value| always.contains(&name.as_str()) || !empty.contains(value));
    }
    object
}

/// Charts and values of an answer, and its warnings in an order of their own: Helm's is that of Go's maps.
pub(crate) fn normal(answer: &Json) -> Json {
    let mut log: Vec<&str> = answer["log"].as_str().unwrap_or_default().lines().collect();
    log.sort_unstable();
    let mut charts = answer["charts"].clone();
    for chart in charts.as_array_mut().into_iter().flatten() {
        if chart["values"].is_null() {
            chart["values"] = json!({});
        }
    }
    json!({ "charts": charts, "error": answer["error"], "log": log })
}
