//! The engine over minijinja.
//!
//! The plain render is the truth. For a tracked one the templates are rewritten (`instrument`) and rendered
//! again with markers in the text, which `decode` turns into pieces. If the text without markers is not the
//! plain one, the result says so: the tracking of a template never changes what is applied.

mod decode;
pub(crate) mod decode_text;
mod error;
mod instrument;
pub(crate) mod marked;
mod marker;
pub(crate) mod object;
pub(crate) mod run;
mod track;
mod wrap;

pub(crate) use marker::{has_markers, is_marker};

use crate::engine::{Engine, Program, TemplateFile, Tracked};
use instrument::Site;
use minijinja::syntax::SyntaxConfig;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value as Jinja,
};
use mwrender_diagnostic::{Diagnostic, SourceMap, Span};
use mwrender_values::Value;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// How many instructions one template may take: a chart of 10,000 lines takes about a million.
const FUEL: u64 = 50_000_000;

/// The engine over minijinja: `*.j2` templates.
#[derive(Clone, Copy, Debug, Default)]
pub struct JinjaEngine;

impl Engine for JinjaEngine {
    fn compile(
        &self,
        files: &[TemplateFile],
        sources: &SourceMap,
    ) -> Result<Box<dyn Program>, Box<Diagnostic>> {
        let mut env = environment(true);
        env.set_formatter(|out, state, value| {
            check_defined(state, value)?;
            print(out, value)
        });
        let mut texts = Vec::new();
        let mut starts = HashMap::new();
        for file in files {
            let source = sources.get(file.source);
            starts.insert(file.name.to_string(), source.start());
            if let Err(e) = env.add_template_owned(file.name.to_string(), source.text().to_string()) {
                return Err(Box::new(error::diagnostic(&e, &starts, None)));
            }
            texts.push((file.name.clone(), source.text().clone(), source.start()));
        }
        let templates = files.iter().filter(|f| f.rendered).map(|f| f.name.clone()).collect();
        Ok(Box::new(Chart { env, templates, texts, starts, tracked: OnceLock::new() }))
    }
}

/// The environment with rewritten templates, and the places in them.
type Instrumented = (Environment<'static>, Arc<Vec<Site>>);

/// A compiled chart.
struct Chart {
    env: Environment<'static>,
    templates: Vec<Arc<str>>,
    texts: Vec<(Arc<str>, Arc<str>, mwrender_diagnostic::Pos)>,
    starts: HashMap<String, mwrender_diagnostic::Pos>,
    tracked: OnceLock<Result<Instrumented, Box<Diagnostic>>>,
}

impl Program for Chart {
    fn templates(&self) -> &[Arc<str>] {
        &self.templates
    }

    fn render(&self, template: usize, context: &Value) -> Result<String, Box<Diagnostic>> {
        let name = &self.templates[template];
        self.env.get_template(name).and_then(|t| t.render(object::to_jinja(context, false))).map_err(|e| {
            // once more with tracking: it knows which value was asked for in vain
            let missing = self.tracked().ok().and_then(|(env, sites)| {
                run::start(sites);
                let _ = env.get_template(name).and_then(|t| t.render(object::to_jinja(context, true)));
                run::finish().last_missing()
            });
            Box::new(error::diagnostic(&e, &self.starts, missing))
        })
    }

    fn render_tracked(
        &self,
        template: usize,
        context: &Value,
        plain: &str,
    ) -> Result<Tracked, Box<Diagnostic>> {
        let (env, sites) = self.tracked()?;
        let name = &self.templates[template];
        run::start(sites);
        let result = env.get_template(name).and_then(|t| t.render(object::to_jinja(context, true)));
        let run = run::finish();
        let marked = result.map_err(|e| Box::new(error::diagnostic(&e, &self.starts, None)))?;
        let mut tracked = decode::decode(&marked, &run);
        tracked.exact = tracked.text == plain;
        Ok(tracked)
    }
}

impl Chart {
    /// The environment with instrumented templates, made when the first origin is asked for.
    fn tracked(&self) -> Result<&Instrumented, Box<Diagnostic>> {
        let made = self.tracked.get_or_init(|| {
            let mut env = environment(false);
            let mut sites = Vec::new();
            let mut rewritten = Vec::new();
            for (name, text, base) in &self.texts {
                let text = instrument::instrument(text, *base, syntax(true), &mut sites)
                    .map_err(|e| Box::new(error::diagnostic(&e, &self.starts, None)))?;
                rewritten.push((name.to_string(), text));
            }
            let sites = Arc::new(sites);
            track::add_functions(&mut env, &sites);
            wrap::wrap_filters(&mut env);
            env.set_formatter(track::format);
            for (name, text) in rewritten {
                env.add_template_owned(name, text)
                    .map_err(|e| Box::new(error::diagnostic(&e, &self.starts, None)))?;
            }
            Ok((env, sites))
        });
        made.as_ref().map_err(Clone::clone)
    }
}

fn syntax(trim: bool) -> SyntaxConfig {
    SyntaxConfig::builder()
        .trim_blocks(trim)
        .lstrip_blocks(trim)
        .keep_trailing_newline(true)
        .build()
        .expect("the default delimiters are valid")
}

/// What plain and tracked environments have in common.
fn environment(trim: bool) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_syntax(syntax(trim));
    env.set_auto_escape_callback(|_| AutoEscape::None);
    env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    env.set_debug(true);
    env.set_fuel(Some(FUEL));
    crate::filters::add(&mut env);
    env
}

fn check_defined(state: &State, value: &Jinja) -> Result<(), Error> {
    let lenient =
        matches!(state.undefined_behavior(), UndefinedBehavior::Lenient | UndefinedBehavior::Chainable);
    if value.is_undefined() && !lenient { Err(Error::from(ErrorKind::UndefinedError)) } else { Ok(()) }
}

/// Prints a scalar as YAML and JSON spell it; lists and maps are an error.
fn print(out: &mut Output, value: &Jinja) -> Result<(), Error> {
    let written = match value.as_str() {
        Some(text) => out.write_str(text),
        None => match crate::filters::scalar_text(value) {
            Some(text) => out.write_str(&text),
            None => {
                let what = format!("cannot print a {} directly: use `toyaml` or `tojson`", value.kind());
                return Err(Error::new(ErrorKind::InvalidOperation, what));
            }
        },
    };
    written.map_err(Error::from)
}

/// A span of one byte, for places known only by their start.
fn point(pos: mwrender_diagnostic::Pos) -> Span {
    Span::new(pos, 1)
}
