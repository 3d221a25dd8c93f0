//! Charts and archives of charts.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use mwrender_diagnostic::SourceMap;
use mwrender_helm::{File, load};

use crate::{finish, render};

const NAMES: &[&str] = &[
    "Chart.yaml",
    "values.yaml",
    "values.schema.json",
    "templates/t.yaml",
    "templates/_h.tpl",
    "templates/NOTES.txt",
    ".helmignore",
    "crds/c.yaml",
    "requirements.yaml",
    "Chart.lock",
    "charts/s/Chart.yaml",
    "charts/s/values.yaml",
    "charts/s/templates/t.yaml",
    "charts/_x/Chart.yaml",
    "charts/.y",
    "README.md",
    "templates/../../x",
    "/etc/x",
    "../x",
    "charts/s.tgz",
    "templates\\w.yaml",
    "",
    "/",
    "C:/x",
    "charts/s/charts/t/Chart.yaml",
];

const TEXTS: &[&str] = &[
    "apiVersion: v2\n",
    "apiVersion: v1\n",
    "name: c\n",
    "name: s\n",
    "name: .\n",
    "version: 1.0.0\n",
    "version: x\n",
    "type: library\n",
    "dependencies:\n",
    "- {name: s, version: 1.0.0, alias: t, condition: s.on, tags: [a]}\n",
    "- name: s\n  import-values: [{child: a, parent: b}, data]\n",
    "- name: c\n",
    "annotations: {a: b}\n",
    "keywords: [1, null]\n",
    "kubeVersion: '>=1'\n",
    "s: {on: true, a: {b: 1}}\n",
    "s: null\n",
    "global: {x: 1}\n",
    "exports: {data: {y: 2}}\n",
    "tags: {a: false}\n",
    "- 1\n",
    "a: &x [*x]\n",
    "{{ .Values }}\n",
    "{{ include \"h\" . }}\n",
    "{{ define \"h\" }}x{{ template \"h\" }}{{ end }}\n",
    "{{ tpl \"{{ .Values.s }}\" . }}\n",
    "---\n",
    "kind: Pod\n",
    "apiVersion: v1\nkind: Job\nmetadata: {name: x, annotations: {helm.sh/hook: 'test,x', helm.sh/hook-weight: '9e9'}}\n",
    "{\"type\": \"object\", \"required\": [\"q\"]}",
    "{\"$ref\": \"#\"}",
    "{\"properties\": {\"s\": {\"$ref\": \"#/x\"}}}",
    "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"additionalProperties\": false}",
    "{",
    "[",
    "\0",
    "\u{feff}",
    "*.yaml\n",
    "!x\n",
    "a/**/b\n",
    "[z-a]\n",
    "é",
    "\t",
    " ",
];

/// The files that an input stands for: a byte for the name, one for the number of pieces, one for each piece.
fn files(input: &[u8]) -> Vec<(&'static str, String)> {
    let mut files = vec![("Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n".to_owned())];
    let mut bytes = input.iter().copied().map(usize::from);
    while let Some(name) = bytes.next() {
        let count = bytes.next().unwrap_or(0) % 6;
        let text = bytes.by_ref().take(count).map(|byte| TEXTS[byte % TEXTS.len()]).collect();
        files.push((NAMES[name % NAMES.len()], text));
    }
    files
}

#[test]
fn chart() {
    bolero::check!().for_each(|input: &[u8]| {
        let files = files(input);
        let _ = render(files.iter().map(|(name, text)| File::new(*name, text.as_bytes())).collect());
    });
}

/// Packs files; then changes some bytes of the archive before it is compressed.
fn pack(files: &[(&str, String)], changes: &[u8]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        let name = format!("c/{name}");
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(text.len() as u64);
        header.set_cksum();
        archive.extend_from_slice(header.as_bytes());
        archive.extend_from_slice(text.as_bytes());
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    for change in changes.chunks_exact(3) {
        let at = usize::from(change[0]) + (usize::from(change[1] & 0x0f) << 8);
        let length = archive.len();
        archive[at % length] = change[2];
    }
    // the sums of the headers are right again in half of the cases, so that what they say is looked at
    if changes.len().is_multiple_of(2) {
        let mut at = 0;
        for (_, text) in files {
            let header = tar::Header::from_byte_slice(&archive[at..at + 512]).clone();
            let mut header = header;
            header.set_cksum();
            archive[at..at + 512].copy_from_slice(header.as_bytes());
            at += 512 + text.len().next_multiple_of(512);
        }
    }
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&archive).expect("an archive");
    gzip.finish().expect("a gzip stream")
}

#[test]
fn archive() {
    bolero::check!().for_each(|input: &[u8]| {
        let mut sources = SourceMap::default();
        let packed = match input.split_first() {
            Some((first, rest)) if !first.is_ascii() => {
                let (changes, rest) = rest.split_at(rest.len().min(usize::from(first & 0x1f)));
                pack(&files(rest), changes)
            }
            _ => input.to_vec(),
        };
        if let Ok(loaded) = load::packed(&packed, "c.tgz", &mut sources) {
            let _ = finish(&loaded.chart);
        }
    });
}
