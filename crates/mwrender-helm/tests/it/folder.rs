//! A chart in a folder: what `.helmignore` leaves out, and the objects. Recorded from `helm template` of Helm 3.19.5.

use mwrender_diagnostic::SourceMap;
use mwrender_helm::{Capabilities, Charts, File, Release, load, settle};
use mwrender_values::emit::json::{JsonStyle, to_string};
use mwrender_values::{NullHandling, Value};

fn folder() -> load::Loaded {
    let chart = "apiVersion: v2\nname: hc\nversion: 1.0.0\nappVersion: 1.10\nkubeVersion: \">=1.20\"\n";
    let ignore = "*.bak\nci/\n/docs/*.md\nREADM[A-F]\n\\.dot\n";
    let mut files = vec![
        File::new("Chart.yaml", chart.as_bytes()),
        File::new(".helmignore", ignore.as_bytes()),
        File::new("templates/o.yaml", b"x"),
    ];
    let others =
        "ci/x/f docs/a.md docs/b.txt a.b/f a/f x.bak README templates/.hidden templates/sub/.kept .dot";
    files.extend(others.split(' ').map(|name| File::new(name, b"1\n")));
    load::folder(files, "hc", &mut SourceMap::default()).expect("a chart")
}

#[test]
fn ignored_files() {
    let chart = folder().chart;
    let names = |files: &[File]| files.iter().map(|f| f.name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&chart.files), [".helmignore", "a/f", "a.b/f", "docs/b.txt"]);
    assert_eq!(names(&chart.templates), ["templates/o.yaml", "templates/sub/.kept"]);
}

#[test]
fn objects() {
    let chart = folder().chart;
    let settled = settle(&chart, &Value::empty_map(mwrender_diagnostic::Pos::NONE), NullHandling::default())
        .expect("values");
    let metadata = settled.charts.metadata(Charts::ROOT);
    let texts = [&metadata.name, &metadata.version, &metadata.app_version, &metadata.kube_version];
    assert_eq!(texts, ["hc", "1.0.0", "1.1", ">=1.20"]);
    let release = r#"{"IsInstall":true,"IsUpgrade":false,"Name":"r","Namespace":"default","Revision":1,"Service":"Helm"}"#;
    let style = JsonStyle { sorted: true, ..JsonStyle::default() };
    assert_eq!(to_string(&Release::new("r", "default").to_value(), style), release);
    let capabilities = Capabilities::default();
    assert_eq!(capabilities.api_versions.len(), 57);
    assert!(capabilities.has("apps/v1") && !capabilities.has("apps/v1/Deployment"));
    assert!(capabilities.check(&chart.metadata).is_ok());
    let metadata = mwrender_helm::Metadata { kube_version: "<1.30".into(), ..chart.metadata.clone() };
    let fault = capabilities.check(&metadata).expect_err("another version").text;
    assert_eq!(fault, "chart requires kubeVersion: <1.30 which is incompatible with Kubernetes v1.34.0");
}
