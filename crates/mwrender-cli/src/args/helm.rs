//! The commands that are Helm's: `template` and `lint`.

use super::ReportFormat;
use super::pflag::{Global, Ignored, Items};
use clap::Args as ClapArgs;
use mwrender_core::helm::{flags, post_render};
use std::path::PathBuf;

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
    /// The values and the namespace
    #[command(flatten)]
    pub(crate) given: Given,
    /// The version of Kubernetes that templates see
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,
    /// An API version that templates see besides the usual ones; repeatable
    #[arg(short, long, value_name = "VERSION", value_parser = Items::parse)]
    pub(crate) api_versions: Vec<Items>,
    /// Print the files of crds/ too
    #[arg(long)]
    pub(crate) include_crds: bool,
    /// Only what these templates of the chart make, such as templates/service.yaml; patterns; repeatable
    #[arg(short, long, value_name = "TEMPLATE")]
    pub(crate) show_only: Vec<String>,
    /// Write files into this directory instead of stdout
    #[arg(long, value_name = "DIR")]
    pub(crate) output_dir: Option<String>,
    /// With --output-dir, write into a directory with the name of the release there
    #[arg(long)]
    pub(crate) release_name: bool,
    /// Do not print hooks
    #[arg(long)]
    pub(crate) no_hooks: bool,
    /// Do not print hooks that are tests
    #[arg(long)]
    pub(crate) skip_tests: bool,
    /// Let templates see an upgrade instead of an installation
    #[arg(long)]
    pub(crate) is_upgrade: bool,
    /// A template for the release's name
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) name_template: Option<String>,
    /// Take no NAME; the name is release-name
    #[arg(short, long)]
    pub(crate) generate_name: bool,
    /// Do not check the values against values.schema.json
    #[arg(long)]
    pub(crate) skip_schema_validation: bool,
    /// Print what was rendered even if it is not YAML
    #[arg(long)]
    pub(crate) debug: bool,
    /// A program that gets the manifests, without hooks, and prints what takes their place
    #[arg(long, value_name = "PROGRAM", value_parser = PostRendererFlag::find)]
    pub(crate) post_renderer: Option<PostRendererFlag>,
    /// An argument of the post-renderer; repeatable
    #[arg(long, value_name = "ARGUMENT", allow_hyphen_values = true)]
    pub(crate) post_renderer_args: Vec<String>,
    /// Flags that are refused
    #[command(flatten)]
    pub(crate) refused: Refused,
    /// Flags that mean nothing here
    #[command(flatten)]
    pub(crate) ignored: Ignored,
    /// More of them
    #[command(flatten)]
    pub(crate) global: Global,
}

/// What a chart is rendered with, whatever for.
#[derive(Debug, ClapArgs)]
pub(crate) struct Given {
    /// Take values from a YAML file, - for stdin; repeatable, later ones win
    #[arg(short = 'f', long, value_name = "FILE", value_parser = Items::parse, help_heading = "Values")]
    pub(crate) values: Vec<Items>,
    /// Set a value to a string in which no character means anything; repeatable
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Values")]
    pub(crate) set_literal: Vec<String>,
    /// The namespace of the release; by default that of $HELM_NAMESPACE, else of the kubeconfig, else default
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Where the namespace comes from by default
    #[command(flatten)]
    pub(crate) kube: Kube,
}

/// A program, unless the flag is empty.
#[derive(Clone, Debug)]
pub(crate) struct PostRendererFlag(pub(crate) Option<PathBuf>);

impl PostRendererFlag {
    fn find(name: &str) -> Result<PostRendererFlag, String> {
        post_render::find(name).map(PostRendererFlag)
    }
}

/// Flags of helm template that need a network or a cluster, at least for some charts.
#[derive(Debug, ClapArgs)]
pub(crate) struct Refused {
    #[arg(long, hide = true)]
    pub(crate) repo: Option<String>,
    #[arg(long, hide = true)]
    pub(crate) dependency_update: bool,
    #[arg(long, hide = true)]
    pub(crate) validate: bool,
    #[arg(long, hide = true)]
    pub(crate) verify: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "client")]
    pub(crate) dry_run: Option<String>,
    #[arg(long, hide = true)]
    pub(crate) enable_dns: bool,
    #[arg(long, hide = true)]
    pub(crate) ca_file: Option<String>,
    #[arg(long, hide = true)]
    pub(crate) cert_file: Option<String>,
    #[arg(long, hide = true)]
    pub(crate) key_file: Option<String>,
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

/// Check a Helm chart.
///
/// What helm lint fails on is an error here, with the place to edit, and nothing else is: the exit status is that of helm
/// lint. Besides: functions that do not exist, values that templates read and no layer sets, values that are set and
/// never read, numbers that print as 1e+06, keys such as y that are booleans, definitions that replace each other, and
/// functions that give another result each time. With --strict, warnings that helm lint has too fail as well; with
/// --strict=all, those that only mwrender finds do.
#[derive(Debug, ClapArgs)]
#[command(after_help = "\
Examples:
  mwrender lint chart
  mwrender lint chart -f chart/ci/values.yaml --set replicas=2 --kube-version 1.31
  mwrender lint chart --strict --quiet -o concise
  mwrender lint chart --with-subcharts -o sarif")]
pub(crate) struct Lint {
    /// The charts: directories or .tgz files; by default the current directory
    #[arg(value_name = "CHART")]
    pub(crate) charts: Vec<String>,
    /// The values and the namespace
    #[command(flatten)]
    pub(crate) given: Given,
    /// The version of Kubernetes that templates see, and whose deprecations count
    #[arg(long, value_name = "VERSION")]
    pub(crate) kube_version: Option<String>,
    /// Fail on warnings too: on those of helm lint, or on all
    #[arg(
        long,
        value_name = "BOOL|all",
        value_parser = Strict::parse,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        default_value = "false",
        hide_default_value = true
    )]
    pub(crate) strict: Strict,
    /// Only errors and warnings, no notes
    #[arg(long)]
    pub(crate) quiet: bool,
    /// Check the charts below charts/ by themselves too
    #[arg(long)]
    pub(crate) with_subcharts: bool,
    /// Check the values against values.schema.json of the chart only, not of charts below it, as helm lint
    #[arg(long)]
    pub(crate) skip_schema_validation: bool,
    /// How to print
    #[arg(short, long, value_name = "FORMAT", default_value = "human")]
    pub(crate) output: ReportFormat,
    /// Without meaning
    #[arg(long, hide = true)]
    pub(crate) debug: bool,
    /// Flags that mean nothing here
    #[command(flatten)]
    pub(crate) global: Global,
}

/// On which warnings `lint` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strict {
    /// None.
    No,
    /// Those that helm lint has, too.
    Helm,
    /// All.
    All,
}

impl Strict {
    fn parse(text: &str) -> Result<Strict, String> {
        match text {
            "all" => Ok(Strict::All),
            text => flags::boolean(text).map(|is_strict| if is_strict { Strict::Helm } else { Strict::No }),
        }
    }
}
