//! What the command line may say.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Render layered Kubernetes configuration, and tell what a change does before it is merged.
#[derive(Debug, Parser)]
#[command(name = "mwrender", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Exit status: 0 nothing to report, 1 error, 2 differences, 3 differences that need an infrastructure window.")]
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
    #[arg(long, global = true, value_name = "FILE", default_value = "mwrender.yaml", help_heading = "Project")]
    pub(crate) file: PathBuf,
    /// Lay a directory over a path as deployed, file by file; repeatable, later ones win
    #[arg(long, global = true, value_name = "PATH=DIR", value_parser = mount, help_heading = "Project")]
    pub(crate) mount: Vec<(String, PathBuf)>,
    /// Only this environment; repeatable
    #[arg(short, long, global = true, value_name = "NAME", help_heading = "Project")]
    pub(crate) environment: Vec<String>,
    /// Only releases that fit, as in helmfile: name=main,namespace=mw-web; repeatable
    #[arg(short = 'l', long, global = true, value_name = "LABEL=VALUE", help_heading = "Project")]
    pub(crate) selector: Vec<String>,
    /// How many threads to use
    #[arg(short, long, global = true, value_name = "N", help_heading = "Project")]
    pub(crate) jobs: Option<usize>,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Project")]
    pub(crate) color: Color,
}

fn mount(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((path, directory)) if path.starts_with('/') => Ok((path.to_string(), PathBuf::from(directory))),
        _ => Err("expected PATH=DIR with an absolute PATH, such as /etc/helmfile-defaults=DIR".to_string()),
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
    /// Compare what would be rendered with what is deployed, and tell the cause of each changed line
    Diff(Diff),
    /// Check or accept the golden files
    Golden(Golden),
}

/// List the releases of the project.
#[derive(Debug, ClapArgs)]
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
  mwrender diff -e eqiad -l namespace=mw-web --deployed rendered/ --summary")]
pub(crate) struct Diff {
    /// The deployed state: a directory or file of manifests, - for stdin, git:REF for the project as of that
    /// revision, or mount:PATH=DIR for this project with another mount
    #[arg(long, value_name = "SPEC")]
    pub(crate) deployed: Option<String>,
    /// Only the verdict, no lines
    #[arg(long)]
    pub(crate) summary: bool,
    /// Only objects of this kind, or this very one; repeatable
    #[arg(long, value_name = "KIND[/NAME]")]
    pub(crate) show_only: Vec<String>,
    /// Lines of context
    #[arg(short = 'C', long, value_name = "N", default_value_t = 3)]
    pub(crate) context: usize,
    /// Show values of private layers
    #[arg(long)]
    pub(crate) show_secrets: bool,
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

/// Check or accept the golden files.
#[derive(Debug, ClapArgs)]
pub(crate) struct Golden {
    /// What to do with them
    #[command(subcommand)]
    pub(crate) action: GoldenAction,
}

/// What to do with the golden files.
#[derive(Debug, Subcommand)]
pub(crate) enum GoldenAction {
    /// Fail if a file differs from what is rendered, is missing, or is of no release
    Check,
    /// Write what is rendered; refused where CI=true
    Accept,
}
