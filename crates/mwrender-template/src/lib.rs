//! Charts in minijinja, rendered with the origin of each piece of output.
//!
//! An [`engine::Engine`] compiles the templates of a chart into a [`engine::Program`]. A program renders a template
//! plainly, which is what gets applied, or *tracked*: the same text together with where each piece of it came
//! from. Every engine answers in the same shape: text plus pieces (byte range, template positions, causes).
//!
//! In reading order: [`engine`] (the interface), [`jinja`] (the engine over minijinja), [`filters`].
//! Not here: reading files, and what a chart's text means.

pub mod engine;
pub mod filters;
pub mod jinja;

pub use engine::{Cause, Engine, How, Part, Pieces, Program, Rendered, TemplateFile, Tracked};
pub use jinja::JinjaEngine;
