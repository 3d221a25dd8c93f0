//! What to do next, from the project file's template and stages.

use crate::harness::Project;

const NEXT: &str = "\
stages:
  file: /etc/puppet/stages.yaml
  first: [canaries]
next: |
  {% if flagged %}
  tell {{ flags[0].owner }} of {{ flags[0].file }}
  {% endif %}
  {% for stage in stages %}
  deploy {{ stage.name or 'the rest' }}
  {% for group in stage.groups %}
    deploy {{ group.namespace }} {{ group.environment }} {{ group.releases | join(' ') }} # {{ group.pods }} pods
  {% endfor %}
  {% endfor %}
  {% if gone %}
  remove {{ gone | join(', ') }}
  {% endif %}
";

fn with(text: &str) -> Project {
    let project = Project::accepted();
    let file = project.read("mwrender.yaml");
    project.write("mwrender.yaml", file + text);
    project.write(
        "puppet/stages.yaml",
        "- {namespace: shop, releases: {main: {}, canary: {stage: canaries}}}\n",
    );
    project
}

#[test]
fn stages_in_order() {
    let project = with(NEXT);
    project.run("diff").expect(0);
    project.edit("values/global.yaml", "web:1", "web:2");
    project.run("diff --summary").expect(2).snapshot("next_stages");
    // only what really changes
    project.edit("values/global.yaml", "web:2", "web:1");
    project.edit("values/shop/values-canary.yaml", "hello, canary", "goodbye");
    let run = project.run("diff --summary").expect(2).has("1. deploy canaries");
    assert!(!run.stdout.contains("deploy the rest"), "{run}");
    project.edit("puppet/common.yaml", "hello", "good day");
    let run = project.run("diff --summary").expect(3).has("1. tell puppet of /etc/puppet/common.yaml");
    run.has("3. deploy the rest");
    project.edit("mwrender.yaml", "      canary: {set: {replicas: 1}}\n", "");
    project.run("diff --summary").expect(3).has("remove east/shop/canary, west/shop/canary");
    // without the file there are no stages
    project.remove("puppet/stages.yaml");
    project.run("diff --summary").expect(3).has("2. deploy the rest");
}

#[test]
fn without_a_template() {
    let project = Project::accepted();
    project.edit("mwrender.yaml", "  next: merge in a window, then deploy the canaries first\n", "");
    project.edit("puppet/common.yaml", "hello", "good day");
    project.run("diff --summary").expect(3).snapshot("next_default");
    let file = project.read("mwrender.yaml");
    project.write(
        "mwrender.yaml",
        file + "windows:\n- {days: [monday], from: \"9:00\", to: \"10:00\", zone: UTC}\n",
    );
    let at = |time: &str| project.run(&format!("diff --summary --at {time}"));
    at("2026-11-23T09:30:00Z")
        .expect(2)
        .has("1. merge now: the window Monday 2026-11-23 09:00 to 10:00 UTC is open");
    at("2026-11-23T10:30:00Z")
        .expect(3)
        .has("1. merge in the next window, Monday 2026-11-30 09:00 to 10:00 UTC");
}

#[test]
fn faults_of_the_template() {
    with("next: |\n  {% if flagged %}\n  a\n  {% endfor %}\n").run("list").fails().snapshot("next_syntax");
    let project = with("next: |\n  do\n    it: {{ stages.first.second }}\n");
    project.run("diff").expect(0);
    project.edit("puppet/common.yaml", "hello", "good day");
    project.run("diff").fails().snapshot("next_undefined");
}
