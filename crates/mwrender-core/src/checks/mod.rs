//! What no schema sees: whether the objects of a release, and the releases of an environment, fit together.
//!
//! Three questions, by what one must look at to answer them: [`values`] of a release, the [`objects`] of a
//! release, and all [`releases`] of an environment. What another release of the namespace may have (the pods that
//! a Service selects, a `ConfigMap`, the target of an autoscaler) is asked of the third. Names, labels and
//! quantities are `mwrender_schema::objects::check_names`'.
//!
//! # What is provided elsewhere
//! A pod may refer to what no release makes: a Secret that an operator writes, a claim made by hand. Its object
//! says so in the annotation [`PROVIDED_ELSEWHERE`]; nothing else is taken on trust but the service account
//! `default` and the config map `kube-root-ca.crt`, which every namespace has.
//!
//! ```
//! use mwrender_core::{checks, manifest::read_stream};
//! let text = "\
//! apiVersion: v1
//! kind: Pod
//! metadata: {name: web}
//! spec:
//!   containers:
//!   - name: httpd
//!     volumeMounts: [{name: site, mountPath: /etc/site}]
//!   volumes: [{name: sites, emptyDir: {}}]
//! ";
//! let stream = read_stream(text).unwrap();
//! let found = checks::objects(&stream.objects.iter().collect::<Vec<_>>());
//! assert_eq!(found[0].diagnostic.id, "unknown-volume");
//! assert_eq!(found[0].diagnostic.help, ["did you mean `sites`?"]);
//! ```

mod containers;
mod explanations;
mod identity;
mod listeners;
mod mcrouter;
mod namespace;
mod place;
mod pod;
mod pools;
mod ports;
mod references;
mod scale;
mod schedule;
mod selection;
mod selector;
mod volumes;

pub use explanations::EXPLANATIONS;

use crate::cell::Cell;
use mwrender_diagnostic::{Diagnostic, Span};
use mwrender_manifest::Object;
use mwrender_values::Value;
use rayon::prelude::*;

/// The annotation by which an object declares what others provide: `KIND/NAME`, separated by commas.
///
/// `*` as a name stands for all; `Pod/*` on a Service says that its pods are made by nobody here.
pub const PROVIDED_ELSEWHERE: &str = "mwrender/provided-elsewhere";

/// A fault in a rendered object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The release, by its number in the slice given to [`releases`]; 0 from [`objects`].
    pub release: usize,
    /// The object, by its number in the release.
    pub object: usize,
    /// What is wrong. Its places are in the text of the object's template, as the origins of its value are.
    pub diagnostic: Diagnostic,
    /// Places in other objects that took part.
    pub elsewhere: Vec<Elsewhere>,
}

/// A place in another object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The release, by its number.
    pub release: usize,
    /// The object, by its number in the release.
    pub object: usize,
    /// The place in the text of that object's template.
    pub span: Span,
    /// What it has to do with the matter.
    pub label: String,
}

/// A release with what was rendered of it.
#[derive(Clone, Debug)]
pub struct Release<'a> {
    /// Which one.
    pub cell: &'a Cell,
    /// Its objects.
    pub objects: Vec<&'a Object>,
}

impl Found {
    fn new(object: usize, diagnostic: Diagnostic) -> Found {
        Found { release: 0, object, diagnostic, elsewhere: Vec::new() }
    }

    fn beside(mut self, release: usize, object: usize, span: Span, label: impl Into<String>) -> Found {
        self.elsewhere.push(Elsewhere { release, object, span, label: label.into() });
        self
    }
}

/// What is wrong with the objects of one release, each by itself or with the others.
pub fn objects(objects: &[&Object]) -> Vec<Found> {
    let mut found = Vec::new();
    identity::within(objects, &mut found);
    for (number, object) in objects.iter().enumerate() {
        let mut keep = |diagnostic| found.push(Found::new(number, diagnostic));
        schedule::check(object, &mut keep);
        mcrouter::check(object, &mut keep);
        if let Some(pod) = pod::Pod::of(object) {
            selection::own(object, &pod, &mut keep);
            containers::check(&pod, &mut keep);
            volumes::check(&pod, &mut keep);
            ports::probes(&pod, &mut keep);
        }
    }
    found.sort_by_key(|f| f.object);
    found
}

/// What shows only when the releases of an environment are looked at together.
///
/// `matrix` are all cells of the project. Where `releases` has not all of a namespace's, what was not found may be
/// in one of the others: then it is a warning that says so, not an error.
pub fn releases(releases: &[Release<'_>], matrix: &[Cell]) -> Vec<Found> {
    let mut found = Vec::new();
    identity::across(releases, &mut found);
    found.par_extend(namespace::all(releases, matrix).par_iter().flat_map_iter(|namespace| {
        let mut found = Vec::new();
        selection::check(namespace, &mut found);
        references::check(namespace, &mut found);
        scale::check(namespace, &mut found);
        found
    }));
    found.sort_by_key(|f| (f.release, f.object));
    found
}

/// What is wrong with the values of a release: references from one part to another.
///
/// The places are the origins of the values. Charts may refuse to render what is reported here, so ask first.
pub fn values(values: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    listeners::check(values, &mut found);
    pools::check(values, &mut found);
    found
}
