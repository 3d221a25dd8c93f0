//! Calls of functions that give something else each time, or ask the cluster.

use super::templates::Template;
use mwrender_diagnostic::Diagnostic;
use mwrender_gotemplate::ast::{Expr, List, Node, Pipe, Span};

/// Functions whose results are random or depend on the time.
const RANDOM: [&str; 20] = [
    "ago",
    "bcrypt",
    "encryptAES",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
    "now",
    "randAlpha",
    "randAlphaNum",
    "randAscii",
    "randBytes",
    "randInt",
    "randNumeric",
    "shuffle",
    "uuidv4",
];

/// What asks for a cluster.
const CLUSTER: [&str; 2] = ["lookup", "getHostByName"];

/// What gives a list in no order, unless one of these takes it.
const UNORDERED: [&str; 2] = ["keys", "values"];
const ORDERING: [&str; 12] =
    ["sortAlpha", "len", "has", "mustHas", "empty", "not", "eq", "ne", "gt", "lt", "ge", "max"];

struct Calls<'t> {
    template: &'t Template<'t>,
    /// The functions in the action that is looked at.
    within: Vec<(String, Span)>,
    declares: bool,
    sorts: bool,
    found: Vec<Diagnostic>,
}

pub(super) fn check(templates: &[Template<'_>]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for template in templates.iter().filter(|t| t.is_own() && !t.is_notes()) {
        let sorts = memchr::memmem::find(&template.file.data, b"sortAlpha").is_some();
        let mut calls = Calls { template, within: Vec::new(), declares: false, sorts, found: Vec::new() };
        for tree in template.trees() {
            calls.list(&tree.root);
        }
        found.append(&mut calls.found);
    }
    found
}

impl Calls<'_> {
    fn list(&mut self, list: &List) {
        for node in &list.nodes {
            match node {
                Node::Action(action) => self.action(&action.pipe),
                Node::Branch(branch) => {
                    self.action(&branch.pipe);
                    self.list(&branch.list);
                    branch.otherwise.iter().for_each(|list| self.list(list));
                }
                Node::Template(call) => call.pipe.iter().for_each(|pipe| self.action(pipe)),
                Node::Text(_) | Node::Break(_) | Node::Continue(_) => {}
            }
        }
    }

    fn action(&mut self, pipe: &Pipe) {
        self.within.clear();
        self.declares = !pipe.decl.is_empty();
        self.pipe(pipe);
        let within = std::mem::take(&mut self.within);
        let ordered = within.iter().any(|(name, _)| ORDERING.contains(&&**name));
        for (name, span) in &within {
            let place = self.template.span(*span);
            let name = &**name;
            if RANDOM.contains(&name) {
                let headline = format!("`{name}` gives another result in each render");
                let note = "each render differs from what is deployed, so each upgrade changes the object";
                self.found
                    .push(Diagnostic::warning("not-deterministic", headline).primary(place, "").note(note));
            } else if CLUSTER.contains(&name) {
                let headline = format!("`{name}` asks the cluster, and finds nothing where there is none");
                self.found.push(Diagnostic::note_only("asks-cluster", headline).primary(place, ""));
            } else if UNORDERED.contains(&name) && !ordered && !(self.declares && self.sorts) {
                let headline = format!("Helm gives the result of `{name}` in another order each time");
                let help = if name == "keys" {
                    "sort it with `sortAlpha`"
                } else {
                    "go through the map itself, which is in the order of its keys"
                };
                self.found
                    .push(Diagnostic::warning("not-deterministic", headline).primary(place, "").help(help));
            }
        }
    }

    fn pipe(&mut self, pipe: &Pipe) {
        for expr in pipe.commands.iter().flat_map(|command| &command.args) {
            self.expr(expr);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Function { span, .. } => {
                let source = self.template.trees().first().map(|tree| tree.source.clone());
                let name = source.map_or_else(String::new, |source| source.name_at(*span).to_owned());
                self.within.push((name, *span));
            }
            Expr::Chain(chain) => self.expr(&chain.base),
            Expr::Pipe(pipe) => self.pipe(pipe),
            _ => {}
        }
    }
}
