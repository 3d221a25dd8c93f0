//! The engine over minijinja.
//!
//! The plain render is the truth. For the origins of a text its template is evaluated a second time by `trace`,
//! with values that know what they depend on. If that gives another text, the result says so: tracking never changes
//! what is applied.

mod error;
pub(crate) mod object;
mod trace;

use crate::engine::{Engine, Program, Rendered, TemplateFile, Tracked};
use minijinja::syntax::SyntaxConfig;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value as Jinja,
};
use mwrender_diagnostic::{Diagnostic, Pos, SourceMap, Span};
use mwrender_values::Value;
use std::sync::{Arc, OnceLock};
use trace::Tree;

/// How many instructions one template may take: a chart of 10,000 lines takes about a million.
pub(crate) const FUEL: u64 = 50_000_000;

/// The engine over minijinja: `*.j2` templates.
#[derive(Clone, Copy, Debug, Default)]
pub struct JinjaEngine;

impl Engine for JinjaEngine {
    fn compile(
        &self,
        files: &[TemplateFile],
        sources: &SourceMap,
    ) -> Result<Box<dyn Program>, Box<Diagnostic>> {
        let mut env = environment();
        env.set_formatter(|out, state, value| {
            check_defined(state, value)?;
            print(out, value)
        });
        let texts: Vec<_> = files
            .iter()
            .map(|file| {
                let source = sources.get(file.source);
                (file.name.clone(), source.text().clone(), source.start())
            })
            .collect();
        for (name, text, _) in &texts {
            if let Err(e) = env.add_template_owned(name.to_string(), text.to_string()) {
                return Err(Box::new(error::diagnostic(&e, &error::Templates { files: &texts }, None)));
            }
        }
        let templates: Vec<_> = files.iter().filter(|f| f.rendered).map(|f| f.name.clone()).collect();
        let endless = templates.iter().map(|_| OnceLock::new()).collect();
        Ok(Box::new(Chart { env, templates, texts, tree: OnceLock::new(), endless }))
    }
}

/// A compiled chart.
struct Chart {
    env: Environment<'static>,
    templates: Vec<Arc<str>>,
    /// The names, texts and first bytes of its files.
    texts: Vec<(Arc<str>, Arc<str>, Pos)>,
    /// The templates as [`trace`] reads them, made when the first origin is asked for.
    tree: OnceLock<Result<Tree, Box<Diagnostic>>>,
    /// By template: what to say of one that did not end. It is not tried again for the next release.
    endless: Vec<OnceLock<Box<Diagnostic>>>,
}

impl Program for Chart {
    fn render(&self, context: &Value) -> Vec<Rendered> {
        let one = |(number, name): (usize, &Arc<str>)| Rendered {
            template: Arc::clone(name),
            text: self.text(number, context),
        };
        self.templates.iter().enumerate().map(one).collect()
    }

    fn render_one(&self, template: &str, context: &Value) -> Result<String, Box<Diagnostic>> {
        self.text(self.number(template)?, context)
    }

    fn track(&self, template: &str, context: &Value) -> Result<Vec<(Arc<str>, Tracked)>, Box<Diagnostic>> {
        let name = &self.templates[self.number(template)?];
        let tracked = trace::trace(self.tree()?, &self.env, name, context)
            .map_err(|fault| Box::new(error::diagnostic(&fault.error, &self.places(), fault.missing)))?;
        Ok(vec![(Arc::clone(name), tracked)])
    }
}

impl Chart {
    fn number(&self, template: &str) -> Result<usize, Box<Diagnostic>> {
        self.templates.iter().position(|t| **t == *template).ok_or_else(|| {
            Box::new(Diagnostic::error("unknown-template", format!("there is no template `{template}`")))
        })
    }

    fn text(&self, template: usize, context: &Value) -> Result<String, Box<Diagnostic>> {
        let name = &self.templates[template];
        if let Some(known) = self.endless[template].get() {
            return Err(known.clone());
        }
        self.env.get_template(name).and_then(|t| t.render(object::to_jinja(context))).map_err(|e| {
            // a traced run knows which value was asked for in vain
            let missing = error::is_undefined(&e)
                .then(|| self.tree().ok())
                .flatten()
                .and_then(|tree| trace::trace(tree, &self.env, name, context).err()?.missing);
            let diagnostic = Box::new(error::diagnostic(&e, &self.places(), missing));
            if diagnostic.id == error::ENDLESS {
                let _ = self.endless[template].set(diagnostic.clone());
            }
            diagnostic
        })
    }

    fn places(&self) -> error::Templates<'_> {
        error::Templates { files: &self.texts }
    }

    fn tree(&self) -> Result<&Tree, Box<Diagnostic>> {
        let made = self.tree.get_or_init(|| {
            Tree::new(&self.texts, &syntax())
                .map_err(|e| Box::new(error::diagnostic(&e, &self.places(), None)))
        });
        made.as_ref().map_err(Clone::clone)
    }
}

fn syntax() -> SyntaxConfig {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .expect("the default delimiters are valid")
}

fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_syntax(syntax());
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
