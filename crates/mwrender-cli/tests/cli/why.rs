//! `why`.

use crate::harness::Project;

#[test]
fn key() {
    let project = Project::new();
    project.run("why replicas").expect(0).snapshot("why_key");
    project.run("why greeting -e east").expect(0).snapshot("why_key_layers");
    project.run("why config -e east -l namespace=shop").expect(0).snapshot("why_map");
    project.run("why greting").fails().snapshot("why_unknown_key");
    project.run("why port --set port=1 -l namespace=batch").expect(0).snapshot("why_set");
    project.write("values/shop/values-canary.yaml", "greeting: null\n");
    project.run("why greeting -l name=canary -e east").expect(0).snapshot("why_null");
}

#[test]
fn line_of_values() {
    let project = Project::new();
    project.run("why /etc/puppet/common.yaml:5 -e east").expect(0).snapshot("why_values_line");
    project.run("why values/shop/values.yaml:1").expect(0).snapshot("why_values_file");
    project.run("why /etc/puppet/common.yaml:1").fails().snapshot("why_comment_line");
    project.run("why /etc/puppet/common.yaml:99").fails().snapshot("why_no_such_line");
    project.run("why values/shop/valeus.yaml:1").fails().snapshot("why_unknown_file");
}

#[test]
fn line_of_a_rendered_file() {
    let project = Project::accepted();
    let line_of = |text: &str| {
        let golden = project.read("golden/east/shop/canary.yaml");
        1 + golden.lines().position(|l| l.contains(text)).unwrap_or_else(|| panic!("{text}"))
    };
    let why = |text: &str| project.run(&format!("why golden/east/shop/canary.yaml:{}", line_of(text)));
    why("192.0.2.2:11211").expect(0).snapshot("why_rendered_value");
    why("replicas: 1").expect(0).snapshot("why_rendered_setting");
    why("checksum/greeting").expect(0).snapshot("why_rendered_hash");
    why("kind: Service").expect(0).snapshot("why_rendered_text");
    project.run("why golden/east/shop/canary.yaml:9999").fails().snapshot("why_rendered_beyond");
    // a file that is not as rendered any more
    project.edit("puppet/common.yaml", "  - 192.0.2.1\n", "");
    why("192.0.2.2:11211").expect(0).snapshot("why_rendered_stale");
}
