//! `mwrender lint`.

use crate::harness::Project;

/// A chart with a fault of each severity.
fn chart() -> Project {
    let project = Project::new();
    project
        .write("chart/Chart.yaml", "{apiVersion: v2, name: web, version: 1.0.0}\n")
        .write("chart/values.yaml", "replicaCount: 2\nlimit: 5000000\n# host: web.example\n")
        .write("chart/templates/_helpers.tpl", "{{ define \"web.name\" }}{{ .Chart.Name }}{{ end }}\n")
        .write(
            "chart/templates/config.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ include \"web.name\" . }}\ndata:\n  replicas: \
             \"{{ .Values.replicas }}\"\n  limit: \"{{ .Values.limit }}\"\n  host: {{ .Values.host | default \"none\" }}\n  \
             key: {{ randAlphaNum 8 }}\n",
        );
    project
}

#[test]
fn findings() {
    let project = chart();
    project.run("lint chart").expect(0).snapshot("lint");
    project.run("lint chart --strict=all --quiet -o concise").expect(1).snapshot("lint_strict");
    project
        .run("lint chart --set replicas=1 --set-string limit=5000000 --quiet -o concise")
        .expect(0)
        .snapshot("lint_set");
}

#[test]
fn every_form_tells_the_findings() {
    let project = chart();
    project.write("chart/templates/a.yaml", "a: {{ qoute .Values.limit }}\n");
    for form in ["json", "junit", "sarif", "github", "gitlab"] {
        let run = project.run(&format!("lint chart -o {form}")).expect(1);
        run.has("unknown-function").has("qoute").snapshot(&format!("lint_{form}"));
    }
}

#[test]
fn a_layer_that_is_misspelt() {
    let project = chart();
    project.write("layer.yaml", "replicasCount: 3\non: 1\n");
    project.run("lint chart -f layer.yaml --quiet -o concise").expect(0).snapshot("lint_layer");
}

#[test]
fn charts_below_and_beside() {
    let project = chart();
    project
        .write("chart/charts/cache/Chart.yaml", "{apiVersion: v2, name: cache, version: 1.0.0}\n")
        .write("chart/charts/cache/templates/a.yaml", "{{ .Values.none.such }}\n")
        .write("other/Chart.yaml", "{apiVersion: v2, name: other, version: none}\n");
    project.run("lint chart other --with-subcharts -o concise").expect(1).snapshot("lint_subcharts");
}

#[test]
fn what_cannot_be_looked_at() {
    let project = chart();
    for (arguments, text) in [
        ("lint nowhere", "nowhere"),
        ("lint chart -f nowhere.yaml", "nowhere.yaml"),
        ("lint chart --set a", "no value"),
        ("lint chart --kube-version one", "one"),
        ("lint puppet", "Chart.yaml"),
    ] {
        project.run(arguments).expect(1).has(text);
    }
}

/// `--strict` fails on warnings that helm lint has, too.
#[test]
fn strict_as_helm_or_on_all() {
    let project = chart();
    for strict in ["--strict", "--strict=true", "--strict=false", ""] {
        project.run(&format!("lint chart {strict} -o concise")).expect(0).has("warning[unset-value]");
    }
    project.run("lint chart --strict=much").expect(1).has("strict");
    project.write("chart/templates/b.yaml", "kind: Pod\nmetadata: {name: B}\n");
    project.run("lint chart -o concise").expect(0).has("warning[invalid-name]");
    project.run("lint chart --strict -o concise").expect(1).has("warning[invalid-name]");
    project.run("lint chart --strict --strict=0 -o concise").expect(0);
}

/// As helm lint, it takes Helm's global flags, and `--skip-schema-validation` leaves the charts below unchecked only.
#[test]
fn flags_of_helm() {
    let project = chart();
    let below = "chart/charts/cache/";
    project
        .write(&format!("{below}Chart.yaml"), "{apiVersion: v2, name: cache, version: 1.0.0}\n")
        .write(&format!("{below}values.schema.json"), "{\"required\": [\"size\"]}\n")
        .write(
            "chart/Chart.yaml",
            "{apiVersion: v2, name: web, version: 1.0.0, dependencies: [{name: cache, version: 1.0.0}]}\n",
        );
    project.run("lint chart -o concise").expect(1).has("values-schema");
    project.run("lint chart --skip-schema-validation --kube-token a --qps 1 --debug -o concise").expect(0);
    project.write("chart/values.schema.json", "{\"required\": [\"size\"]}\n");
    project.run("lint chart --skip-schema-validation -o concise").expect(1).has("values-schema");
    project.run("lint chart --wait").expect(1).has("--wait");
}

/// One chart that is none hides no other.
#[test]
fn a_path_without_a_chart() {
    let project = chart();
    project.write("other/Chart.yaml", "{apiVersion: v2, name: other, version: none}\n");
    project.run("lint nowhere chart.tgz other -o concise").expect(1).snapshot("lint_nowhere");
}
