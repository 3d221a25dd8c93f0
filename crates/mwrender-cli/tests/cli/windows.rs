//! When a flagged change may be merged.

use crate::harness::Project;

const WINDOWS: &str = "\
windows:
- name: infrastructure
  days: [tuesday, thursday]
  from: \"14:00\"
  to: \"15:00\"
  zone: Europe/London
  except: [2026-11-26]
";

fn with_windows(windows: &str) -> Project {
    let project = Project::accepted();
    project.edit("puppet/common.yaml", "hello", "good day");
    let file = project.read("mwrender.yaml");
    project.write("mwrender.yaml", file + windows);
    project
}

#[test]
fn inside_and_outside() {
    let project = with_windows(WINDOWS);
    let at = |time: &str| project.run(&format!("diff --summary -e west --at {time}"));
    at("2026-11-24T14:30:00Z").expect(2).snapshot("window_open");
    at("2026-11-24T15:00:00Z").expect(3).snapshot("window_next");
    // in summer London is an hour ahead
    at("2026-06-23T14:30:00Z").expect(3);
    at("2026-06-23T13:30:00Z").expect(2);
    project.run("diff --summary -e west --at 2026-11-24T15:00:00Z --detailed-exitcode").expect(2);
    project.run("diff --summary -e west --at 2026-11-24T15:00:00Z --exit-zero").expect(0);
    project.run("diff --summary -e west --at tomorrow").fails().snapshot("window_bad_time");
    project
        .run("diff -o json --show-only Service -e west --base . --at 2026-11-24T15:00:00Z")
        .expect(0)
        .has("\"window\": null");
}

#[test]
fn without_windows_no_time_is_right() {
    let project = Project::accepted();
    project.edit("puppet/common.yaml", "hello", "good day");
    project.run("diff --summary --at 2026-11-24T14:30:00Z").expect(3);
}

#[test]
fn what_nobody_watches_a_window_for() {
    let project = with_windows(WINDOWS);
    project.edit("puppet/common.yaml", "good day", "hello");
    project.edit("puppet/site-east.yaml", "east.example", "east.test");
    let run = project.run("diff --summary --at 2026-11-25T00:00:00Z").expect(2);
    assert!(!run.stdout.contains("window is open"), "{run}");
}

#[test]
fn windows_serve_owners() {
    let project = with_windows(&format!("{WINDOWS}  owners: [puppet]\n"));
    project.run("diff --summary -e west --at 2026-11-24T14:30:00Z").expect(2);
    let always = "\
windows:
- days: [monday]
  from: \"22:00\"
  to: \"02:00\"
  zone: UTC
  owners: [site team]
";
    // the site team's files are bound to no window
    with_windows(always).run("diff --summary").fails().snapshot("window_bad_owner");
}

#[test]
fn not_windows() {
    let broken = "\
windows:
- days: [tuseday, friday]
  from: \"14:00\"
  to: \"26:00\"
  zone: Europe/Londn
  except: [2026-12-25, christmas, 2027-01-02/2026-12-30]
- days: []
  from: \"14:00\"
  to: \"14:00\"
  zone: UTC
";
    with_windows(broken).run("list").fails().snapshot("window_bad");
    with_windows("windows:\n- {days: [monday], from: 1, to: 2}\n").run("list").fails();
}
