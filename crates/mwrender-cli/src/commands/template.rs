//! `mwrender template`.

use crate::args::{Common, Items, Refused, Template};
use crate::namespace;
use crate::output;
use mwrender_core::TemplateOptions;
use mwrender_core::diagnostic::print;
use mwrender_core::helm::post_render::PostRenderer;
use mwrender_core::helm::{Choice, Fetch, Registry, flags};
use std::io;

pub(super) fn run(common: &Common, options: &Template) -> anyhow::Result<u8> {
    if let Some(refusal) = refusal(common, &options.refused) {
        output::say(&format!("Error: {refusal}"));
        return Ok(output::ERROR);
    }
    let options = TemplateOptions {
        arguments: options.arguments.clone(),
        values: Items::all(&options.given.values),
        settings: super::settings(common, &options.given.set_literal),
        namespace: namespace::of(options.given.namespace.as_deref(), &options.given.kube),
        kube_version: options.kube_version.clone(),
        api_versions: Items::all(&options.api_versions),
        is_upgrade: options.is_upgrade,
        name_template: options.name_template.clone(),
        generate_name: options.generate_name,
        choice: Choice {
            crds: options.include_crds,
            no_hooks: options.no_hooks,
            skip_tests: options.skip_tests,
            show_only: options.show_only.clone(),
        },
        output: options
            .output_dir
            .as_ref()
            .filter(|folder| !folder.is_empty())
            .map(|folder| (folder.into(), options.release_name)),
        skip_schema: options.skip_schema_validation,
        debug: options.debug,
        post_renderer: options
            .post_renderer
            .clone()
            .and_then(|found| found.0)
            .map(|program| PostRenderer { program, arguments: options.post_renderer_args.clone() }),
        fetch: Fetch {
            chart: options.refused.repo.as_ref().is_some_and(|repo| !repo.is_empty()),
            dependencies: options.refused.dependency_update,
            verify: options.refused.verify,
            addresses: options.refused.enable_dns,
        },
        registry: Registry {
            ca_file: options.refused.ca_file.clone(),
            cert_file: options.refused.cert_file.clone(),
            key_file: options.refused.key_file.clone(),
        },
    };
    let done = mwrender_core::helm::template(&options);
    for line in &done.log {
        output::say(line);
    }
    output::write_bytes(&done.output)?;
    let Some(failure) = done.failure else { return Ok(output::NOTHING) };
    output::say(&format!("Error: {}", failure.text));
    for diagnostic in &failure.diagnostics {
        let coloured = output::coloured(common.color, &io::stderr());
        output::say(&format!("\n{}", print::full(diagnostic, &done.sources, coloured)));
    }
    Ok(output::ERROR)
}

/// Why flags cannot be honoured.
fn refusal(common: &Common, given: &Refused) -> Option<String> {
    let refused = |flag: &str, what: &str| Some(format!("{flag} {what}"));
    let cluster = "needs a cluster, and mwrender asks none: leave it out";
    // Helm's -l is --labels, which mean nothing here
    for labels in &common.selector {
        if let Err(why) = flags::pairs(labels) {
            return Some(flags::invalid(labels, "-l, --labels", &why));
        }
    }
    match given.dry_run.as_deref() {
        None | Some("" | "client" | "none" | "true" | "false") => {}
        Some("server") => return refused("--dry-run=server", cluster),
        Some(_) => {
            let text =
                "Invalid dry-run flag. Flag must one of the following: false, true, none, client, server";
            return Some(text.to_owned());
        }
    }
    if given.validate {
        return refused("--validate", cluster);
    }
    None
}
