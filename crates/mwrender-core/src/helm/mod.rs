//! `helm template`: a chart on disk, values and settings to manifests, with Helm's output and Helm's errors.
//!
//! Each step and each message is Helm's. What we add is a diagnostic behind the message of an error.

pub mod kubeconfig;
pub mod lint;
mod name;
mod network;
pub(crate) mod pipeline;
pub mod post_render;
mod read;
mod registry;
mod tell;

use mwrender_diagnostic::{Diagnostic, SourceMap};
use mwrender_helm::engine::{Options, Rendered};
pub use mwrender_helm::flags;
pub use mwrender_helm::manifests::Choice;
use mwrender_helm::manifests::{Manifests, Printed};
use mwrender_helm::{Capabilities, Chart, File, KubeVersion, Program, Release, settle};
use mwrender_values::NullHandling;
use mwrender_values::set::SetKind;
use network::Network;
use post_render::PostRenderer;
pub use registry::Registry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to render, in the words of `helm template`.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Helm's")]
#[derive(Clone, Debug, Default)]
pub struct TemplateOptions {
    /// `[NAME] CHART`.
    pub arguments: Vec<String>,
    /// `--values`: files, the lowest first; `-` is standard input.
    pub values: Vec<String>,
    /// `--set` and its kin, in any order.
    pub settings: Vec<(SetKind, String)>,
    /// `--namespace`, or what the environment says.
    pub namespace: String,
    /// `--kube-version`.
    pub kube_version: Option<String>,
    /// `--api-versions`.
    pub api_versions: Vec<String>,
    /// `--is-upgrade`.
    pub is_upgrade: bool,
    /// `--name-template`.
    pub name_template: Option<String>,
    /// `--generate-name`.
    pub generate_name: bool,
    /// What is printed of what was rendered.
    pub choice: Choice,
    /// `--output-dir`, and whether `--release-name` adds a folder to it.
    pub output: Option<(PathBuf, bool)>,
    /// `--skip-schema-validation`.
    pub skip_schema: bool,
    /// `--debug`: what was rendered is printed even if it is no YAML.
    pub debug: bool,
    /// `--post-renderer` and `--post-renderer-args`.
    pub post_renderer: Option<PostRenderer>,
    /// What would need a network where the chart is not here, or is not all here.
    pub fetch: Fetch,
    /// Files for connections to registries.
    pub registry: Registry,
}

/// Flags of Helm's that fetch what is missing.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of Helm's")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fetch {
    /// `--repo`: the chart, unless it is a path.
    pub chart: bool,
    /// `--dependency-update`: charts that it depends on.
    pub dependencies: bool,
    /// `--verify`: nothing, but a signature is checked.
    pub verify: bool,
    /// `--enable-dns`: addresses of hosts, if a template asks for them.
    pub addresses: bool,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Templated {
    /// What goes to standard output.
    pub output: Vec<u8>,
    /// What Helm says on standard error before the error.
    pub log: Vec<String>,
    /// Why there is no output, or not all.
    pub failure: Option<Failure>,
    /// The texts that diagnostics speak of.
    pub sources: SourceMap,
}

/// An error.
#[derive(Debug)]
pub struct Failure {
    /// Helm's words behind `Error: `.
    pub text: String,
    /// The same with places.
    pub diagnostics: Vec<Diagnostic>,
}

impl Failure {
    fn new(text: impl Into<String>) -> Failure {
        Failure { text: text.into(), diagnostics: Vec::new() }
    }
}

impl From<mwrender_helm::Error> for Failure {
    fn from(error: mwrender_helm::Error) -> Failure {
        Failure { text: error.text, diagnostics: error.diagnostics }
    }
}

/// The reason as Go says it: `no such file or directory`.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}

/// Stack for templates: enough for Helm's limit of a thousand within each other.
const STACK: usize = 512 << 20;

/// What is needed besides, for reading, parsing and functions.
const RESERVE: usize = 8 << 20;

/// Runs something that may render, on a thread with enough stack for the templates.
///
/// # Errors
/// The system has no memory for the thread.
pub fn with_stack<T: Send>(run: impl FnOnce(Options) -> T + Send) -> Result<T, std::io::Error> {
    let options = Options { stack: STACK, ..Options::default() };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK + RESERVE);
        let thread = thread.spawn_scoped(scope, || run(options))?;
        thread.join().or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Renders a chart.
pub fn template(options: &TemplateOptions) -> Templated {
    let done = with_stack(|limits| {
        let mut work = Templated::default();
        let failure = work.run(options, limits).err();
        work.failure = failure;
        work
    });
    done.unwrap_or_else(|error| Templated {
        failure: Some(Failure::new(format!("no thread to render on: {error}"))),
        ..Templated::default()
    })
}

/// What `--kube-version` makes of Helm's usual capabilities.
fn capabilities(kube_version: Option<&str>) -> Result<Capabilities, Failure> {
    let mut capabilities = Capabilities::default();
    if let Some(version) = kube_version.filter(|version| !version.is_empty()) {
        capabilities.kube_version = KubeVersion::parse(version)
            .map_err(|fault| Failure::new(format!("invalid kube version '{version}': {fault}")))?;
    }
    Ok(capabilities)
}

/// Behind the errors of what was rendered.
const DEBUG_HINT: &str = "\n\nUse --debug flag to render out invalid YAML";

impl Templated {
    fn run(&mut self, options: &TemplateOptions, limits: Options) -> Result<(), Failure> {
        let mut capabilities = capabilities(options.kube_version.as_deref())?;
        capabilities.api_versions.extend(options.api_versions.iter().cloned());
        options.registry.check()?;
        let (name, path) = name::name_and_chart(options)?;
        let path = read::locate(&path, options.fetch)?;
        let given = read::values(&options.values, &options.settings, &mut self.sources)?;
        let loaded = read::chart(&path, &mut self.sources);
        let (loaded, followed) = loaded?;
        self.log.extend(followed);
        self.log.extend(loaded.warnings);
        let chart = loaded.chart;
        self.check(&chart, options.fetch)?;
        name::validate(&name)?;
        let settled = settle(&chart, &given, NullHandling::default())?;
        self.log.extend(settled.warnings.iter().cloned());
        if !options.skip_schema {
            mwrender_helm::schema::check(&settled, &Network).map_err(|mismatch| Failure {
                diagnostics: mismatch.diagnostics(),
                text: mismatch.message.trim_end().to_owned(),
            })?;
        }
        let release = Release {
            is_upgrade: options.is_upgrade,
            is_install: !options.is_upgrade,
            ..Release::new(name.as_str(), options.namespace.as_str())
        };
        let context = tell::Context { settled: &settled, given: &given, path: &path };
        let hint = if options.debug { "" } else { DEBUG_HINT };
        let hinted = |failure: Failure| Failure { text: format!("{}{hint}", failure.text), ..failure };
        let (rendered, manifests) =
            self.render(&context, &release, &capabilities, options, limits).map_err(hinted)?;
        let folder = options.output.as_ref().map(|(folder, with_name)| Folder {
            crds: folder,
            others: if *with_name { folder.join(&release.name) } else { folder.clone() },
        });
        let crds = settled.charts.crds();
        let (hooks, others): (Vec<_>, Vec<_>) = options
            .choice
            .documents(&crds, &rendered, &manifests)
            .into_iter()
            .partition(|printed| printed.is_hook);
        let mut text = Vec::new();
        match &folder {
            Some(folder) => self.write(folder, &others).map_err(hinted)?,
            None => others.iter().for_each(|printed| printed.write(&mut text)),
        }
        if let Some(renderer) = &options.post_renderer {
            text = renderer.run(&text).map_err(|why| hinted(Failure::new(why)))?;
        }
        let Some(folder) = &folder else {
            self.output = options.choice.print(&text, &hooks).map_err(Failure::new)?;
            return Ok(());
        };
        self.write(folder, &hooks)?;
        // where files are written, there is nothing that `--show-only` could find
        self.output.extend_from_slice(&options.choice.print(&text, &[]).map_err(Failure::new)?);
        Ok(())
    }

    fn check(&mut self, chart: &Arc<Chart>, fetch: Fetch) -> Result<(), Failure> {
        if fetch.addresses && asks_for_hosts(chart) {
            return Err(Failure::new(format!("--enable-dns {}", read::NO_NAMES)));
        }
        if chart.metadata.is_library() {
            return Err(Failure::new("library charts are not installable"));
        }
        if chart.metadata.deprecated {
            self.log.push("WARNING: This chart is deprecated".to_owned());
        }
        let missing = chart.missing();
        if !missing.is_empty() && fetch.dependencies {
            return Err(Failure::new(format!(
                "--dependency-update needs a network for {}, and mwrender renders local charts only: fetch first, then \
                 leave it out",
                missing.join(", ")
            )));
        }
        if !missing.is_empty() {
            let text = "An error occurred while checking for chart dependencies. You may need to run `helm dependency \
                        build` to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory";
            return Err(Failure::new(format!("{text}: {}", missing.join(", "))));
        }
        Ok(())
    }

    /// With `--debug`, Helm prints what there is of a release that failed, which is nothing, and looks for the templates of
    /// `--show-only` in it.
    fn debugged(&mut self, failure: Failure, options: &TemplateOptions) -> Failure {
        if !options.debug {
            return failure;
        }
        match options.choice.print(&[], &[]) {
            Ok(_) => {
                self.output.push(b'\n');
                failure
            }
            Err(text) => Failure { text, ..failure },
        }
    }

    fn render(
        &mut self,
        context: &tell::Context<'_>,
        release: &Release,
        capabilities: &Capabilities,
        options: &TemplateOptions,
        limits: Options,
    ) -> Result<(Rendered, Manifests), Failure> {
        let settled = context.settled;
        let metadata = &settled.charts.get(mwrender_helm::Charts::ROOT).chart.metadata;
        capabilities.check(metadata).map_err(|error| self.debugged(error.into(), options))?;
        let program = Program::compile(&settled.charts).map_err(|fault| {
            let failure = context.fault(&fault, &self.sources);
            self.debugged(failure, options)
        })?;
        let tracked = || {
            let limits = Options { track: true, ..limits };
            program.render(settled, release, capabilities, limits)
        };
        let rendered = program.render(settled, release, capabilities, limits).map_err(|fault| {
            // once more, to find out where the values on the line come from
            let told = tracked().err().filter(|told| told.text == fault.text).unwrap_or(fault);
            let failure = context.fault(&told, &self.sources);
            self.debugged(failure, options)
        })?;
        match Manifests::of(&rendered) {
            Ok(manifests) => {
                self.log.extend(manifests.warnings.iter().cloned());
                Ok((rendered, manifests))
            }
            Err(error) => {
                if options.debug {
                    self.output = rendered.as_it_is();
                }
                Err(context.manifest(*error, &rendered, tracked().ok().as_ref(), &mut self.sources))
            }
        }
    }

    /// Writes documents into files, those of one template into one.
    fn write(&mut self, folder: &Folder<'_>, documents: &[Printed<'_>]) -> Result<(), Failure> {
        let mut written = Vec::new();
        for printed in documents {
            let path = if printed.is_crd { folder.crds } else { &folder.others }.join(printed.path);
            let mut text = Vec::new();
            printed.write(&mut text);
            let append = written.contains(&path) || printed.is_hook && path.exists();
            write(&path, &text, append)
                .map_err(|error| Failure::new(format!("open {}: {error}", path.display())))?;
            self.output.extend_from_slice(format!("wrote {}\n", path.display()).as_bytes());
            written.push(path);
        }
        Ok(())
    }
}

/// Whether a template of a chart, or of one within it, names the function that looks hosts up.
fn asks_for_hosts(chart: &Chart) -> bool {
    let names = |file: &File| file.text().is_some_and(|text| text.contains("getHostByName"));
    chart.templates.iter().any(names) || chart.dependencies.iter().any(|below| asks_for_hosts(below))
}

/// Where files go.
struct Folder<'o> {
    /// The files of `crds/`.
    crds: &'o Path,
    /// All others.
    others: PathBuf,
}

fn write(path: &Path, text: &[u8], append: bool) -> std::io::Result<()> {
    use std::io::Write;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    let options = if append { options.append(true) } else { options.write(true).create(true).truncate(true) };
    options.open(path)?.write_all(text)
}
