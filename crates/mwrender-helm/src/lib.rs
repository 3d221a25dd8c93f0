//! Helm charts, without their templates: what a chart is, and which values each of its parts gets.
//!
//! In reading order: [`version`] (versions and constraints).

pub mod version;
