//! What to do next, in order, from a template of the project file.

use super::{Report, verdict::Flag};
use crate::error::Error;
use crate::session::Session;
use crate::state::State;
use crate::window::{Occurrence, Standing};
use mwrender_diagnostic::{Diagnostic, Pos, SourceId, Span};
use mwrender_diff::Change;
use mwrender_diff::impact::Replicas;
use mwrender_template::{Engine, Program, TemplateFile};
use mwrender_values::{Data, Value};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// What to do where the project does not say so.
const DEFAULT: &str = "\
{% if flagged %}
{% for text in advice %}
{{ text }}
{% else %}
{% if window and window.open %}
merge now: the window {{ window.open.text }} is open
{% elif window and window.next %}
merge in the next window, {{ window.next.text }}
{% else %}
merge in an infrastructure window
{% endif %}
run `mwrender diff` again: what is merged must be all that differs
{% for stage in stages %}
deploy {% if stage.name %}the {{ stage.name }} that change{% else %}the releases that change{% endif %}

{% for group in stage.groups %}
  {{ group.namespace }} in {{ group.environment }}: {{ group.text }}
{% endfor %}
{% endfor %}
{% endfor %}
{% endif %}
";

/// A step of what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub text: String,
    /// The commands that do it, or what it is about, line by line.
    pub commands: Vec<String>,
}

/// The compiled template of a project.
pub(crate) struct NextSteps {
    program: Box<dyn Program>,
    source: SourceId,
    /// Where each line of it stands in the project file.
    lines: Vec<Pos>,
}

impl std::fmt::Debug for NextSteps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NextSteps").finish_non_exhaustive()
    }
}

impl NextSteps {
    /// Compiles the template of a project file, or the one that does for any project.
    pub(crate) fn compile(session: &mut Session, project: SourceId) -> Result<NextSteps, Error> {
        let declared = session.value(project).and_then(|v| v.get("next")).cloned();
        let (text, lines) = match declared.as_ref().map(|v| &v.data) {
            Some(Data::String(text)) => {
                (text.text.to_string(), text.lines.as_ref().map(|l| l.to_vec()).unwrap_or_default())
            }
            _ => (DEFAULT.to_string(), Vec::new()),
        };
        let source = session.add_text("next", text.into_bytes(), false)?;
        let files = [TemplateFile { name: Arc::from("next"), source, rendered: true }];
        let compiled = session.engine.compile(&files, session.sources());
        match compiled {
            Ok(program) => Ok(NextSteps { program, source, lines }),
            Err(fault) => Err(relocate(session, source, &lines, *fault).into()),
        }
    }
}

/// Moves a fault in the template to where it stands in the project file.
fn relocate(session: &Session, source: SourceId, lines: &[Pos], mut fault: Diagnostic) -> Diagnostic {
    for annotation in &mut fault.annotations {
        let start = annotation.span.start;
        if session.sources().find(start) != Some(source) {
            continue;
        }
        let location = session.sources().location(start);
        if let Some(to) = location.and_then(|l| Some((lines.get(l.line as usize - 1)?, l.column))) {
            annotation.span = Span::new(to.0.offset(to.1 - 1), annotation.span.len);
        }
    }
    fault
}

/// What to do about a report. A line of the template's text is a step, lines that begin with a space are its commands.
///
/// # Errors
/// The template fails.
pub fn steps(session: &Session, state: &State, report: &Report) -> Result<Vec<Step>, Error> {
    if report.is_empty() {
        return Ok(Vec::new());
    }
    let next = &state.next;
    let context = context(session, state, report)?;
    let text = next.program.render_one("next", &context).map_err(|fault| {
        let mut fault = relocate(session, next.source, &next.lines, *fault);
        if fault.id == "undefined-value" {
            // these values are no layer's: what to set is nothing to say
            fault.headline = "the template of what to do uses a value that is not defined".to_string();
            fault.help =
                vec!["`mwrender diff -o json` and schemas/project.schema.json tell what there is".into()];
        }
        Error::from(fault)
    })?;
    let mut steps: Vec<Step> = Vec::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        match steps.last_mut() {
            Some(step) if line.starts_with([' ', '\t']) => step.commands.push(line.trim().to_string()),
            _ => steps.push(Step { text: line.trim().to_string(), commands: Vec::new() }),
        }
    }
    Ok(steps)
}

/// What the template sees.
fn context(session: &Session, state: &State, report: &Report) -> Result<Value, Error> {
    let verdict = &report.verdict;
    let window = |o: &Occurrence| json!({"text": o.to_string(), "name": o.name(), "from": o.from(), "to": o.to(), "zone": o.zone()});
    let standing = verdict.window.as_ref().map(|standing| match standing {
        Standing::Inside(open) => json!({"open": window(open), "next": null}),
        Standing::Outside(next) => json!({"open": null, "next": next.as_ref().map(window)}),
    });
    let flag = |f: &Flag| json!({"file": &*f.file, "owner": f.owner, "window": f.window, "reason": f.reason, "next": f.next.trim(), "releases": f.cells.len()});
    let mut advice: Vec<&str> = Vec::new();
    for text in verdict.flags.iter().filter(|f| f.window).map(|f| f.next.trim()) {
        if !text.is_empty() && !advice.contains(&text) {
            advice.push(text);
        }
    }
    let gone: Vec<String> =
        report.cells.iter().filter(|c| c.change == Change::Removed).map(|c| c.cell.to_string()).collect();
    let whole = json!({
        "flagged": verdict.is_flagged(),
        "blocked": verdict.is_blocked(),
        "window": standing,
        "flags": verdict.flags.iter().map(flag).collect::<Vec<_>>(),
        "advice": advice,
        "stages": stages(session, state, report),
        "gone": gone,
        "environments": state.project.environments,
    });
    // JSON is YAML, and these are values without an origin
    let read =
        mwrender_values::read::read(&whole.to_string(), Pos::NONE).map_err(|fault| Error::from(*fault))?;
    Ok(read.into_value())
}

/// The releases that change, by stage, and in each by service and environment.
fn stages(session: &Session, state: &State, report: &Report) -> Vec<serde_json::Value> {
    let known =
        state.project.stages.as_ref().map(|s| read_stages(session, state, &s.file)).unwrap_or_default();
    let mut order: Vec<String> = state.project.stages.as_ref().map(|s| s.first.clone()).unwrap_or_default();
    let stage_of = |namespace: &str, release: &str| {
        known.get(&(namespace.to_string(), release.to_string())).cloned().unwrap_or_default()
    };
    let changed: Vec<_> = report.cells.iter().filter(|c| c.change != Change::Removed).collect();
    for cell in &changed {
        let stage = stage_of(&cell.cell.namespace, &cell.cell.release);
        if !stage.is_empty() && !order.contains(&stage) {
            order.push(stage);
        }
    }
    order.push(String::new());
    let mut found = Vec::new();
    for stage in order {
        let mut groups: Vec<(&str, &str, Vec<&str>, u64)> = Vec::new();
        for cell in &changed {
            let at = &cell.cell;
            if stage_of(&at.namespace, &at.release) != stage {
                continue;
            }
            let pods: u64 =
                cell.objects.iter().filter_map(|o| o.restarts.as_ref()).map(|r| pods(r.replicas)).sum();
            match groups.iter_mut().find(|(n, e, ..)| *n == at.namespace && *e == at.environment) {
                Some((.., releases, sum)) => {
                    releases.push(&at.release);
                    *sum += pods;
                }
                None => groups.push((&at.namespace, &at.environment, vec![&at.release], pods)),
            }
        }
        // one service after the other, in all its environments
        let services: Vec<&str> = groups.iter().map(|g| g.0).collect();
        let first = |name: &str| services.iter().position(|s| *s == name);
        let mut sorted: Vec<_> = groups.iter().collect();
        sorted.sort_by_key(|g| first(g.0));
        let groups: Vec<serde_json::Value> = sorted
            .into_iter()
            .map(|(namespace, environment, releases, pods)| {
                json!({"namespace": namespace, "environment": environment, "releases": releases, "text": releases.join(", "), "pods": pods})
            })
            .collect();
        if !groups.is_empty() {
            found.push(json!({"name": stage, "groups": groups}));
        }
    }
    found
}

/// How many pods restart, at least.
fn pods(replicas: Replicas) -> u64 {
    match replicas {
        Replicas::Fixed(n) | Replicas::AtLeast(n) => n,
        Replicas::PerNode => 1,
    }
}

/// The stage of each release that has one: a list of `{namespace, releases: {NAME: {stage}}}`, or as it was until
/// October 2024 `{namespace, release: NAME, canary: NAME}`.
fn read_stages(session: &Session, state: &State, file: &str) -> HashMap<(String, String), String> {
    let source = state.inputs.iter().find(|i| i.path == file).and_then(|i| i.source);
    let list = source.and_then(|s| session.value(s)).and_then(|v| v.as_list());
    let mut found = HashMap::new();
    for group in list.unwrap_or_default() {
        let Some(namespace) = group.get("namespace").and_then(Value::as_str) else { continue };
        if let Some(canary) = group.get("canary").and_then(Value::as_str) {
            found.insert((namespace.to_string(), canary.to_string()), "canaries".to_string());
        }
        for (name, release) in
            group.get("releases").and_then(Value::as_map).map(|m| m.iter()).into_iter().flatten()
        {
            if let Some(stage) = release.value.get("stage").and_then(Value::as_str) {
                found.insert((namespace.to_string(), name.to_string()), stage.to_string());
            }
        }
    }
    found
}
