//! Cases with named sections, `-- name --`. Other crates' tests include this file by its path.

/// What stands before the first section, and the sections by name.
pub(crate) fn sections(case: &str) -> (String, Vec<(&str, String)>) {
    let mut intro = String::new();
    let mut sections: Vec<(&str, String)> = Vec::new();
    for line in case.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|l| l.strip_suffix(" --"));
        match (name, sections.last_mut()) {
            (Some(name), _) => sections.push((name, String::new())),
            (None, Some((_, body))) => body.push_str(line),
            (None, None) => intro.push_str(line),
        }
    }
    (intro, sections)
}

/// Runs each case of a folder through `run`, which gives the case with its results filled in. Cases that are not so
/// are told, or written if `MWRENDER_BLESS` is set.
#[allow(dead_code, reason = "not every test that includes this file keeps its results in the cases")]
pub(crate) fn corpus(folder: &str, least: usize, run: impl Fn(&str) -> String) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus is there") {
        let path = entry.expect("a readable folder").path();
        let text = std::fs::read_to_string(&path).expect("a readable case");
        let got = run(&text);
        count += 1;
        if got == text {
            continue;
        }
        if std::env::var_os("MWRENDER_BLESS").is_some() {
            std::fs::write(&path, got).expect("a writable case");
        } else {
            wrong.push(format!("{}:\n{got}", path.display()));
        }
    }
    assert!(count >= least, "only {count} cases were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
