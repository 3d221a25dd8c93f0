//! The command line, run as users run it: the real binary on a small project in a temporary directory. Status,
//! stdout and stderr of a run are one snapshot.

mod bad_input;
mod commands;
mod deployed;
mod diff;
mod effects;
mod golden;
mod harness;
mod helm;
mod help;
mod lint;
mod next;
mod parts;
mod pcc;
mod reports;
mod repository;
mod schemas;
mod secrets;
mod states;
mod why;
mod windows;
