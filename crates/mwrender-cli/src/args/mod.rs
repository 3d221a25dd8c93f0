//! What the command line may say.

#![expect(clippy::doc_markdown, reason = "these comments are the help texts, which have no Markdown")]
#![allow(rustdoc::broken_intra_doc_links, reason = "as above")]
#![expect(clippy::struct_excessive_bools, reason = "flags are booleans")]

mod helm;
mod pflag;

pub(crate) use helm::{Kube, Lint, Refused, Strict, Template};
pub(crate) use pflag::Items;

use clap::{Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use mwrender_core::MountSource;
use std::ffi::OsString;
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

/// The command line that is understood.
pub(crate) fn command() -> clap::Command {
    HELMS.iter().fold(Args::command(), |command, helms| command.mut_subcommand(helms, pflag::like_helm))
}

/// The commands whose flags are read as Helm reads them.
const HELMS: [&str; 2] = ["template", "lint"];

/// A command line that is not understood.
pub(crate) struct Misused {
    /// What clap says; also help and version, which are no errors.
    pub(crate) error: clap::Error,
    /// What Helm says, of `mwrender template`.
    pub(crate) helm: Option<String>,
}

/// Reads the command line.
///
/// # Errors
/// It is not understood, or asks for help.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Args, Misused> {
    let arguments: Vec<_> = arguments.collect();
    let mut command = command();
    let parsed = command.try_get_matches_from_mut(&arguments).and_then(|m| Args::from_arg_matches(&m));
    parsed.map_err(|error| {
        let arguments: Vec<_> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        let used = arguments.iter().skip(1).find_map(|word| command.find_subcommand(word));
        let helms = used.filter(|used| used.get_name() == "template");
        let helm = helms.and_then(|used| pflag::words(&error, used, &arguments));
        Misused { error, helm }
    })
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
