//! `mwrender template`.

use crate::args::{Common, OtherFlags, Template};
use crate::namespace;
use crate::output;
use mwrender_core::TemplateOptions;
use mwrender_core::diagnostic::print;
use mwrender_core::helm::Choice;
use std::io;

pub(super) fn run(common: &Common, options: &Template) -> anyhow::Result<u8> {
    if let Some(refusal) = refusal(&options.other) {
        eprintln!("Error: {refusal}");
        return Ok(output::ERROR);
    }
    let options = TemplateOptions {
        arguments: options.arguments.clone(),
        values: options.values.clone(),
        settings: super::settings(common, &options.set_literal),
        namespace: namespace::of(options.namespace.as_deref(), &options.kube),
        kube_version: options.kube_version.clone(),
        api_versions: options.api_versions.clone(),
        is_upgrade: options.is_upgrade,
        name_template: options.name_template.clone(),
        generate_name: options.generate_name,
        choice: Choice {
            crds: options.include_crds,
            no_hooks: options.no_hooks,
            skip_tests: options.skip_tests,
            show_only: options.show_only.clone(),
        },
        output: options.output_dir.clone().map(|directory| (directory, options.release_name)),
        skip_schema: options.skip_schema_validation,
        debug: options.debug,
    };
    let done = mwrender_core::helm::template(&options);
    for line in &done.log {
        eprintln!("{line}");
    }
    output::write_bytes(&done.output)?;
    let Some(failure) = done.failure else { return Ok(output::NOTHING) };
    eprintln!("Error: {}", failure.text);
    for diagnostic in &failure.diagnostics {
        let coloured = output::coloured(common.color, &io::stderr());
        eprintln!("\n{}", print::full(diagnostic, &done.sources, coloured));
    }
    Ok(output::ERROR)
}

/// Why flags cannot be honoured.
fn refusal(flags: &OtherFlags) -> Option<String> {
    let refused = |flag: &str, what: &str| Some(format!("{flag} {what}"));
    let cluster = "needs a cluster, and mwrender asks none: leave it out";
    let network =
        "needs a network, and mwrender renders local charts only: fetch it first, then leave it out";
    match flags.dry_run.as_deref() {
        None | Some("client" | "none" | "true" | "false") => {}
        Some("server") => return refused("--dry-run=server", cluster),
        Some(_) => {
            let text =
                "Invalid dry-run flag. Flag must one of the following: false, true, none, client, server";
            return Some(text.to_owned());
        }
    }
    if flags.validate {
        return refused("--validate", cluster);
    }
    if flags.repo.is_some() {
        return refused("--repo", network);
    }
    if flags.dependency_update {
        return refused("--dependency-update", network);
    }
    if flags.enable_dns {
        return refused("--enable-dns", network);
    }
    if flags.verify {
        return refused(
            "--verify",
            "needs a keyring, which mwrender does not read: verify first, then leave it out",
        );
    }
    if flags.post_renderer.is_some() {
        return refused(
            "--post-renderer",
            "starts a program, which mwrender does not: pipe the output to it",
        );
    }
    None
}
