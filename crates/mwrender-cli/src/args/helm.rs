//! The commands that are Helm's: `template` and `lint`.

use super::ReportFormat;
use clap::Args as ClapArgs;
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
