//! The flags of Helm's commands as Helm reads them: what its library `pflag` does, told to clap.

use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Args as ClapArgs, Command, FromArgMatches};
use mwrender_core::helm::flags;
use std::error::Error as _;

/// Lets the flags of a command take what Helm's take: of several the last one wins, and booleans have values in Go's
/// spellings if they want.
pub(super) fn like_helm(command: Command) -> Command {
    command.args_override_self(true).mut_args(|flag| {
        if !matches!(flag.get_action(), ArgAction::SetTrue) {
            return flag;
        }
        flag.action(ArgAction::Set)
            .value_name("BOOL")
            .value_parser(flags::boolean)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .default_value("false")
            .hide_default_value(true)
    })
}

/// The items of one use of a flag, with commas between them.
#[derive(Clone, Debug)]
pub(crate) struct Items(Vec<String>);

impl Items {
    pub(super) fn parse(text: &str) -> Result<Items, String> {
        flags::list(text).map(Items)
    }

    /// The items of all uses.
    pub(crate) fn all(uses: &[Items]) -> Vec<String> {
        uses.iter().flat_map(|items| items.0.iter().cloned()).collect()
    }
}

/// What a flag takes.
#[derive(Clone, Copy)]
enum Kind {
    Switch,
    Text,
    Integer,
    Float,
    Duration,
    Pairs,
}

/// Flags of all commands of Helm's that speak of clusters and networks and mean nothing without them.
const GLOBAL: &[(&str, Kind)] = &[
    ("burst-limit", Kind::Integer),
    ("kube-apiserver", Kind::Text),
    ("kube-as-group", Kind::Text),
    ("kube-as-user", Kind::Text),
    ("kube-ca-file", Kind::Text),
    ("kube-insecure-skip-tls-verify", Kind::Switch),
    ("kube-tls-server-name", Kind::Text),
    ("kube-token", Kind::Text),
    ("qps", Kind::Float),
    ("registry-config", Kind::Text),
    ("repository-cache", Kind::Text),
    ("repository-config", Kind::Text),
];

/// Such flags of `helm template`.
const IGNORED: &[(&str, Kind)] = &[
    ("atomic", Kind::Switch),
    ("create-namespace", Kind::Switch),
    ("description", Kind::Text),
    ("devel", Kind::Switch),
    ("disable-openapi-validation", Kind::Switch),
    ("force", Kind::Switch),
    ("hide-notes", Kind::Switch),
    ("insecure-skip-tls-verify", Kind::Switch),
    ("keyring", Kind::Text),
    ("pass-credentials", Kind::Switch),
    ("password", Kind::Text),
    ("plain-http", Kind::Switch),
    ("render-subchart-notes", Kind::Switch),
    ("replace", Kind::Switch),
    ("skip-crds", Kind::Switch),
    ("take-ownership", Kind::Switch),
    ("timeout", Kind::Duration),
    ("username", Kind::Text),
    ("version", Kind::Text),
    ("wait", Kind::Switch),
    ("wait-for-jobs", Kind::Switch),
    ("labels", Kind::Pairs),
];

/// Flags that are read as Helm reads them, and then forgotten: those of all commands, or those of `helm template`.
#[derive(Debug)]
pub(crate) struct Forgotten<const GLOBALS: bool>;

/// The flags of all commands.
pub(crate) type Global = Forgotten<true>;

/// Those of `helm template`.
pub(crate) type Ignored = Forgotten<false>;

fn forgotten(command: Command, known: &[(&'static str, Kind)]) -> Command {
    command.args(known.iter().map(|(name, kind)| {
        let flag = Arg::new(*name).long(*name).hide(true);
        match kind {
            Kind::Switch => flag.action(ArgAction::SetTrue),
            Kind::Text => flag,
            Kind::Integer => flag.value_parser(flags::integer),
            Kind::Float => flag.value_parser(flags::float32),
            Kind::Duration => flag.value_parser(flags::duration),
            Kind::Pairs => flag.value_parser(flags::pairs),
        }
    }))
}

impl<const GLOBALS: bool> ClapArgs for Forgotten<GLOBALS> {
    fn augment_args(command: Command) -> Command {
        forgotten(command, if GLOBALS { GLOBAL } else { IGNORED })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const GLOBALS: bool> FromArgMatches for Forgotten<GLOBALS> {
    fn from_arg_matches(_: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Forgotten)
    }

    fn update_from_arg_matches(&mut self, _: &ArgMatches) -> Result<(), clap::Error> {
        Ok(())
    }
}

/// What Helm says about a command line that `command` could not read. `arguments` are all of the command line.
pub(crate) fn words(error: &clap::Error, command: &Command, arguments: &[String]) -> Option<String> {
    let context = |kind| error.get(kind).map(ToString::to_string);
    let flag = context(ContextKind::InvalidArg)?;
    match error.kind() {
        ErrorKind::UnknownArgument => Some(match flag.strip_prefix('-') {
            Some(short) if !short.starts_with('-') => {
                let letter = short.chars().next()?;
                // of several letters behind one dash, those from this one on
                let mut clusters = arguments.iter().filter(|a| a.starts_with('-') && !a.starts_with("--"));
                let found = clusters.find_map(|a| a.find(letter).map(|at| &a[at..]));
                let found = found.map_or_else(|| letter.to_string(), str::to_owned);
                format!("unknown shorthand flag: {} in -{found}", flags::quoted_rune(letter))
            }
            _ => format!("unknown flag: {flag}"),
        }),
        ErrorKind::ValueValidation => {
            let value = context(ContextKind::InvalidValue).unwrap_or_default();
            let why = error.source()?.to_string();
            Some(flags::invalid(&value, &spelled(&flag, command), &why))
        }
        // clap calls it a value that is not valid: there is none
        ErrorKind::InvalidValue => Some(match arguments.last() {
            Some(last) if last.starts_with("--") => format!("flag needs an argument: {last}"),
            Some(last) => {
                let letter = last.chars().last()?;
                format!("flag needs an argument: {} in {last}", flags::quoted_rune(letter))
            }
            None => return None,
        }),
        _ => None,
    }
}

/// A flag as Helm's messages have it, `-n, --namespace`, from clap's `--namespace <NAME>`.
fn spelled(flag: &str, command: &Command) -> String {
    let long = flag.trim_start_matches('-');
    let long = long.split([' ', '=', '[']).next().unwrap_or_default();
    if long == "labels" {
        // what is -l to Helm is --selector here
        return "-l, --labels".to_owned();
    }
    let known = command.get_arguments().find(|known| known.get_long() == Some(long));
    match known.and_then(Arg::get_short) {
        Some(short) => format!("-{short}, --{long}"),
        None => format!("--{long}"),
    }
}
