//! What the command line may say.

#![expect(clippy::doc_markdown, reason = "these comments are the help texts, which have no Markdown")]
#![allow(rustdoc::broken_intra_doc_links, reason = "as above")]
#![expect(clippy::struct_excessive_bools, reason = "flags are booleans")]

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use mwrender_core::MountSource;
use std::path::PathBuf;

/// Render layered Kubernetes configuration, and tell what a change does before it is merged.
#[derive(Debug, Parser)]
#[command(name = "mwrender", version, max_term_width = 100, arg_required_else_help = true)]
#[command(
    after_help = "Exit status: 0 nothing to report, 1 error, 2 differences, 3 differences that need an infrastructure window, and none is open."
)]
pub(crate) struct Args {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Options of all commands
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Options of all commands.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Common {
    /// The project file
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "mwrender.yaml",
        help_heading = "Project"
    )]
    pub(crate) file: PathBuf,
    /// Lay a directory, or git:REF:DIR, over a path as deployed, file by file; repeatable, later ones win
    #[arg(long, global = true, value_name = "PATH=DIR", value_parser = mount, help_heading = "Project")]
    pub(crate) mount: Vec<(String, MountSource)>,
    /// Only this environment; repeatable
    #[arg(short, long, global = true, value_name = "NAME", help_heading = "Project")]
    pub(crate) environment: Vec<String>,
    /// Only releases that fit, as in helmfile: name=main,namespace=mw-web; repeatable
    #[arg(short = 'l', long, global = true, value_name = "LABEL=VALUE", help_heading = "Project")]
    pub(crate) selector: Vec<String>,
    /// Set a value in all selected releases, with Helm's grammar; repeatable
    #[arg(long, global = true, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set: Vec<String>,
    /// Set a value to a string; repeatable
    #[arg(long, global = true, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set_string: Vec<String>,
    /// Set a value to JSON, the way to say 0.5; repeatable
    #[arg(long, global = true, value_name = "KEY=JSON", help_heading = "Values")]
    pub(crate) set_json: Vec<String>,
    /// Set a value to the content of a file; repeatable
    #[arg(long, global = true, value_name = "KEY=FILE", help_heading = "Values")]
    pub(crate) set_file: Vec<String>,
    /// How many threads to use
    #[arg(short, long, global = true, value_name = "N", value_parser = jobs, help_heading = "Project")]
    pub(crate) jobs: Option<usize>,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Project")]
    pub(crate) color: Color,
}

fn mount(text: &str) -> Result<(String, MountSource), String> {
    match text.split_once('=') {
        Some((path, source)) if path.starts_with('/') => {
            Ok((path.to_string(), MountSource::parse(source).map_err(|e| e.to_string())?))
        }
        _ => Err("expected PATH=DIR with an absolute PATH, such as /etc/helmfile-defaults=DIR".to_string()),
    }
}

fn jobs(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("expected a number of threads, at least 1".to_string()),
    }
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the releases of the project
    List(List),
    /// Render manifests
    Render(Render),
    /// Render a Helm chart: what helm template prints, with errors that say where values come from
    Template(Box<Template>),
    /// Compare what would be rendered with what is deployed, and tell the cause of each changed line
    Diff(Diff),
    /// Print the values of releases, layers merged
    Values(Values),
    /// Tell which layers set a value, or where a line of a rendered file came from
    Why(Why),
    /// Tell which releases and objects a file or a value reaches
    Affected(Affected),
    /// Check files, values and manifests; report every fault at the line to edit
    Validate(Validate),
    /// Check a Helm chart: what helm lint checks, and values that are misspelt, missing or never read
    Lint(Lint),
    /// Check or accept the golden files, which are rendered without private layers
    Golden(Golden),
    /// Explain a diagnostic by its id, or list them all
    Explain(Explain),
    /// Print a completion script for a shell
    Completions(Completions),
}

impl Command {
    /// Whether it was asked to print JSON.
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Command::List(List { output })
            | Command::Diff(Diff { output, .. })
            | Command::Values(Values { output, .. })
            | Command::Why(Why { output, .. })
            | Command::Affected(Affected { output, .. })
            | Command::Golden(Golden { action: GoldenAction::Check(GoldenCheck { output }) }) => {
                *output == Format::Json
            }
            Command::Validate(Validate { output }) | Command::Lint(Lint { output, .. }) => {
                *output == ReportFormat::Json
            }
            Command::Render(_)
            | Command::Template(_)
            | Command::Golden(Golden { action: GoldenAction::Accept })
            | Command::Explain(_)
            | Command::Completions(_) => false,
        }
    }
}

/// List the releases of the project.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender list
  mwrender list -e eqiad -l chart=mcrouter
  mwrender list -l namespace=mw-web -o json")]
pub(crate) struct List {
    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: Format,
}

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// For programs
    Json,
}

/// Render manifests.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender render -e eqiad -l namespace=mw-web,name=main
  mwrender render --output-dir /tmp/rendered
  mwrender render --mount /etc/helmfile-defaults=values/examples/memcached-server-replaced")]
pub(crate) struct Render {
    /// Write one file for each release into this directory, laid out as golden is, instead of stdout
    #[arg(long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,
    /// Do not check what was rendered against Kubernetes' schemas
    #[arg(long)]
    pub(crate) no_validate: bool,
}

/// Render a Helm chart.
///
/// The flags, the output and the exit status are those of helm template; an error begins with Helm's words.
/// What needs a network or a cluster is refused.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender template chart
  mwrender template main chart -f chart/ci/values.yaml --set replicas=2 -n web
  mwrender template main chart --show-only templates/service.yaml --kube-version 1.31
  mwrender template main chart --output-dir /tmp/rendered --include-crds")]
#[expect(clippy::struct_field_names, reason = "the fields are named as Helm's flags")]
pub(crate) struct Template {
    /// The release's name, unless it is release-name, and the chart: a directory or a .tgz
    #[arg(value_name = "[NAME] CHART")]
    pub(crate) arguments: Vec<String>,
    /// Take values from a YAML file, - for stdin; repeatable, later ones win
    #[arg(short = 'f', long, value_name = "FILE", value_delimiter = ',', help_heading = "Values")]
    pub(crate) values: Vec<String>,
    /// Set a value to a string in which no character means anything; repeatable
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set_literal: Vec<String>,
    /// The namespace of the release; by default that of $HELM_NAMESPACE, else of the kubeconfig, else default
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Where the namespace comes from by default
    #[command(flatten)]
    pub(crate) kube: Kube,
    /// The version of Kubernetes that templates see
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,
    /// An API version that templates see besides the usual ones; repeatable
    #[arg(short, long, value_name = "VERSION", value_delimiter = ',')]
    pub(crate) api_versions: Vec<String>,
    /// Print the files of crds/ too
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) include_crds: bool,
    /// Only what these templates of the chart make, such as templates/service.yaml; patterns; repeatable
    #[arg(short, long, value_name = "TEMPLATE")]
    pub(crate) show_only: Vec<String>,
    /// Write files into this directory instead of stdout
    #[arg(long, value_name = "DIR")]
    pub(crate) output_dir: Option<PathBuf>,
    /// With --output-dir, write into a directory with the name of the release there
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) release_name: bool,
    /// Do not print hooks
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) no_hooks: bool,
    /// Do not print hooks that are tests
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) skip_tests: bool,
    /// Let templates see an upgrade instead of an installation
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) is_upgrade: bool,
    /// A template for the release's name
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) name_template: Option<String>,
    /// Take no NAME; the name is release-name
    #[arg(short, long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) generate_name: bool,
    /// Do not check the values against values.schema.json
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) skip_schema_validation: bool,
    /// Print what was rendered even if it is not YAML
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", hide_default_value = true, value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) debug: bool,
    /// Flags that are refused, or mean nothing here
    #[command(flatten)]
    pub(crate) other: OtherFlags,
}

/// Flags of helm template that need a network or a cluster, and those that mean nothing without them.
#[derive(Debug, ClapArgs)]
pub(crate) struct OtherFlags {
    #[arg(long, hide = true)]
    pub(crate) repo: Option<String>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) dependency_update: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) validate: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) verify: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "client")]
    pub(crate) dry_run: Option<String>,
    #[arg(long, hide = true)]
    pub(crate) post_renderer: Option<String>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value = "false", value_parser = switch, action = clap::ArgAction::Set)]
    pub(crate) enable_dns: bool,
    /// Without meaning: switches
    #[arg(
        long,
        hide = true,
        aliases = [
            "create-namespace", "devel", "disable-openapi-validation", "force", "hide-notes",
            "insecure-skip-tls-verify", "pass-credentials", "plain-http", "render-subchart-notes", "replace",
            "skip-crds", "take-ownership", "wait", "wait-for-jobs", "kube-insecure-skip-tls-verify",
        ],
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub(crate) atomic: Vec<String>,
    /// Without meaning: with a value
    #[arg(
        long,
        hide = true,
        aliases = [
            "ca-file", "cert-file", "key-file", "keyring", "labels", "password", "post-renderer-args", "timeout",
            "username", "version", "burst-limit", "kube-apiserver", "kube-as-group", "kube-as-user", "kube-ca-file",
            "kube-tls-server-name", "kube-token", "qps", "registry-config",
            "repository-cache", "repository-config",
        ]
    )]
    pub(crate) description: Vec<String>,
}

/// Flags of Helm's that choose a cluster, of which mwrender only takes the namespace.
#[derive(Debug, ClapArgs)]
pub(crate) struct Kube {
    /// The kubeconfig whose current context gives the namespace; by default $KUBECONFIG, else ~/.kube/config
    #[arg(long, value_name = "FILE")]
    pub(crate) kubeconfig: Option<String>,
    /// The context of the kubeconfig; by default $HELM_KUBECONTEXT, else its current one
    #[arg(long, value_name = "NAME")]
    pub(crate) kube_context: Option<String>,
}

/// A boolean in all the spellings that Helm's flags take.
fn switch(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("expected true or false".to_owned()),
    }
}

/// Compare with what is deployed.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender diff --mount /etc/helmfile-defaults=values/examples/memcached-server-replaced
  mwrender diff --deployed git:HEAD
  mwrender diff --base catalog:prod.json --proposed catalog:change.json
  mwrender diff --base . --mount /etc/helmfile-defaults=values/examples/redirect-added
  mwrender diff --base git:HEAD --without puppet --summary
  mwrender diff -e eqiad -l namespace=mw-web --deployed rendered/ --summary")]
pub(crate) struct Diff {
    /// The deployed state: a directory or file of manifests, - for stdin, git:REF for the project as of that
    /// revision, git:REF:PATH for a directory of it (a project, or manifests), or mount:PATH=DIR for this project with
    /// another mount, where DIR may be git:REF:PATH
    #[arg(long, value_name = "SPEC")]
    pub(crate) deployed: Option<String>,
    /// What is merged today: then what was pending (deployed to base) is told apart from what the change introduces
    /// (base to proposed), and the exit status speaks of the latter. git:REF[:PATH], mount:PATH=DIR, catalog:FILE
    /// (puppet's catalog in JSON), pcc:DIR[:HOST] (a catalog compiler's output), or . for the project without --mount
    #[arg(long, value_name = "SPEC")]
    pub(crate) base: Option<String>,
    /// What the change makes of it, in the same words; by default the project with --mount
    #[arg(long, value_name = "SPEC")]
    pub(crate) proposed: Option<String>,
    /// Let pending differences count for the exit status too
    #[arg(long, value_name = "WHAT", requires = "base")]
    pub(crate) fail_on: Option<FailOn>,
    /// Tell what would change without a layer: it is left at base. A file as deployed, a pattern of such, or an owner of
    /// a watch rule; repeatable. The share of each owner in the whole change is told, too
    #[arg(long, value_name = "LAYER", requires = "base", conflicts_with = "only")]
    pub(crate) without: Vec<String>,
    /// Tell what would change if only this layer did; repeatable
    #[arg(long, value_name = "LAYER", requires = "base")]
    pub(crate) only: Vec<String>,
    /// Ask the project's windows about this time, in RFC 3339, instead of now: a flagged change exits with 2 inside a
    /// window that serves it, and with 3 outside
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Only the verdict, no lines
    #[arg(long)]
    pub(crate) summary: bool,
    /// Only objects of this kind, or this very one; repeatable
    #[arg(long, value_name = "KIND[/NAME]")]
    pub(crate) show_only: Vec<String>,
    /// Lines of context
    #[arg(short = 'C', long, value_name = "N", default_value_t = 3)]
    pub(crate) context: usize,
    /// Show values of private layers, and what Secrets held; against golden there are none
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// Key the fingerprints of hashes over secrets with this file, to compare them with those of other runs
    #[arg(long, value_name = "FILE")]
    pub(crate) fingerprint_key: Option<PathBuf>,
    /// Exit with 0 whatever differs
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// Exit as helmfile does: 0 no differences, 2 differences, 1 errors
    #[arg(long, conflicts_with = "exit_zero")]
    pub(crate) detailed_exitcode: bool,
    /// Do not check what was rendered against Kubernetes' schemas
    #[arg(long)]
    pub(crate) no_validate: bool,
    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: Format,
}

/// Print the values of releases.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender values -e eqiad -l namespace=mw-web,name=main
  mwrender values -e eqiad -l namespace=mw-web,name=main --key cache.mcrouter --show-origin
  mwrender values -l namespace=mw-web --key replicas -o json")]
pub(crate) struct Values {
    /// Only what is under this key
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Print each value with the file and line that set it
    #[arg(long)]
    pub(crate) show_origin: bool,
    /// Show values of private layers
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: Format,
}

/// Tell which layers set a value, or where a line came from.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender why replicas -l namespace=mw-web
  mwrender why /etc/helmfile-defaults/mediawiki/mcrouter_pools.yaml:14
  mwrender why golden/eqiad/mw-web/main.yaml:120
  mwrender why mesh.certmanager.domains -e eqiad -o json")]
pub(crate) struct Why {
    /// A key such as cache.mcrouter.pools[0].name, or FILE:LINE of a values file or of a rendered file
    #[arg(value_name = "KEY|FILE:LINE")]
    pub(crate) what: String,
    /// Show values of private layers
    #[arg(long)]
    pub(crate) show_secrets: bool,
    /// Key the fingerprints of hashes over secrets with this file, to compare them with those of other runs
    #[arg(long, value_name = "FILE")]
    pub(crate) fingerprint_key: Option<PathBuf>,
    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: Format,
}

/// Tell which releases and objects a file or a value reaches.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender affected /etc/helmfile-defaults/mediawiki/logging.yaml
  mwrender affected values/global.yaml:12
  mwrender affected mesh.certmanager.domains")]
pub(crate) struct Affected {
    /// A values file, FILE:LINE, or a key
    #[arg(value_name = "FILE[:LINE]|KEY")]
    pub(crate) what: String,
    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: Format,
}

/// Check files, values and manifests.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender validate
  mwrender validate -e codfw -l namespace=mw-web
  mwrender validate --mount /etc/helmfile-defaults=values/examples/listener-enabled -o concise
  mwrender validate -o sarif")]
pub(crate) struct Validate {
    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: ReportFormat,
}

/// Check a Helm chart.
///
/// What helm lint fails on is an error here, with the place to edit. Besides: functions that do not exist, values that
/// templates read and no layer sets, values that are set and never read, numbers that print as 1e+06, keys such as y
/// that are booleans, definitions that replace each other, and functions that give another result each time.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender lint chart
  mwrender lint chart -f chart/ci/values.yaml --set replicas=2 --kube-version 1.31
  mwrender lint chart --quiet -o concise
  mwrender lint chart --with-subcharts -o sarif")]
pub(crate) struct Lint {
    /// The charts: directories or .tgz files; by default the current directory
    #[arg(value_name = "CHART")]
    pub(crate) charts: Vec<String>,
    /// Take values from a YAML file, - for stdin; repeatable, later ones win
    #[arg(short = 'f', long, value_name = "FILE", value_delimiter = ',', help_heading = "Values")]
    pub(crate) values: Vec<String>,
    /// Set a value to a string in which no character means anything; repeatable
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set_literal: Vec<String>,
    /// The namespace of the release; by default that of $HELM_NAMESPACE, else of the kubeconfig, else default
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Where the namespace comes from by default
    #[command(flatten)]
    pub(crate) kube: Kube,
    /// The version of Kubernetes that templates see, and whose deprecations count
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,
    /// Fail on warnings too
    #[arg(long)]
    pub(crate) strict: bool,
    /// Only errors and warnings, no notes
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Check the charts below charts/ by themselves too
    #[arg(long)]
    pub(crate) with_subcharts: bool,
    /// Without meaning: schemas are checked nevertheless, as by helm lint
    #[arg(long, hide = true)]
    pub(crate) skip_schema_validation: bool,
    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: ReportFormat,
}

/// A form of diagnostics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// With the lines they speak of
    Human,
    /// One line each
    Concise,
    /// For programs
    Json,
    /// JUnit's XML, for most build servers
    Junit,
    /// SARIF 2.1.0, for code scanners
    Sarif,
    /// GitHub's workflow commands: annotations of a change
    Github,
    /// GitLab's Code Quality report
    Gitlab,
}

/// Explain a diagnostic.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender explain
  mwrender explain unknown-key")]
pub(crate) struct Explain {
    /// The id, as in error[ID]
    pub(crate) id: Option<String>,
}

/// Print a completion script.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender completions bash
  mwrender completions fish")]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// What else counts for the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// What is merged and not deployed
    Pending,
}

/// Check or accept the golden files.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender golden check
  mwrender golden check -l namespace=mw-web -o json
  mwrender golden accept")]
pub(crate) struct Golden {
    /// What to do with them
    #[command(subcommand)]
    pub(crate) action: GoldenAction,
}

/// What to do with the golden files.
#[derive(Debug, Subcommand)]
pub(crate) enum GoldenAction {
    /// Fail if a file differs from what is rendered, is missing, or is of no release
    Check(GoldenCheck),
    /// Write what is rendered; refused where CI=true
    #[command(after_help = "\
Examples:
  mwrender golden accept
  mwrender golden accept -l namespace=mw-web")]
    Accept,
}

/// Check the golden files.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender golden check
  mwrender golden check -l namespace=mw-web -o json")]
pub(crate) struct GoldenCheck {
    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: Format,
}
