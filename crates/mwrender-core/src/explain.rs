//! What each diagnostic means: a paragraph for each id.

use mwrender_helm::lint::EXPLANATIONS as LINT;
use mwrender_schema::EXPLANATIONS as SCHEMA;

/// All ids with their paragraphs, sorted.
///
/// ```
/// let all = mwrender_core::explain::all();
/// assert!(all.iter().any(|(id, _)| *id == "duplicate-key"));
/// ```
pub fn all() -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<_> =
        OWN.iter().chain(SCHEMA).chain(LINT).chain(crate::checks::EXPLANATIONS).copied().collect();
    all.sort_unstable();
    all.dedup_by_key(|(id, _)| *id);
    all
}

/// Those of reading, layers, templates and states.
const OWN: &[(&str, &str)] = &[
    (
        "alias-budget",
        "Aliases (`*name`) expand to far more than the file holds, as in a billion-laughs file. Nothing is read. Write the values out, or alias less.",
    ),
    (
        "alias-cycle",
        "An alias stands within the very node that its anchor names, so it would contain itself. Take it out.",
    ),
    (
        "bad-mount",
        "The project file mounts a path from something that is not there or is no directory. Relative directories are those beside the project file; on a deployment server the real path is there. `--mount PATH=DIR` lays another directory over it.",
    ),
    (
        "bad-window",
        "A window of the project file is not one: a weekday, a time such as 14:00, an IANA time zone such as Europe/London or a date such as 2026-12-25 cannot be read, or its owner is that of no watch rule. Nothing is compared until it is mended: a window that is misread would allow what it should not.",
    ),
    (
        "boolean-key",
        "A key such as `on`, `y` or `no` is a boolean in YAML 1.1, which is what Helm reads: the key is really `true` or `false`. Quote it.",
    ),
    (
        "catalog-content",
        "A catalog manages a file of a mount in a way that does not tell its content: the host computes or assembles it, only its owner and mode are managed, or puppet removes what it does not know. The file that is there now counts, if there is one.",
    ),
    (
        "catalog-failed",
        "A puppet catalog did not compile, so there is nothing to compare: this is an error, never `no difference`. Puppet's own message is quoted where the text has it.",
    ),
    (
        "catalog-log",
        "Puppet wrote an error before the catalog, and the catalog nevertheless. It may lack something.",
    ),
    (
        "catalog-no-files",
        "A catalog has no file under the path that it is mounted on. Most likely it is the catalog of another host, or the mount is another path.",
    ),
    (
        "catalog-source",
        "A catalog names a file that the host fetches from elsewhere (`source`), so its content is not in the catalog. The file that is there now counts, if there is one; a change to the source cannot be seen.",
    ),
    (
        "catalog-syntax",
        "A catalog is not JSON, or cannot be unpacked. It may be cut off. Log lines of puppet's around it do no harm.",
    ),
    (
        "duplicate-key",
        "A map has the same key twice. The last one counts, as in Helm, and the first is lost in silence there. Remove one of them.",
    ),
    (
        "duplicate-object",
        "Two manifests have the same group, kind, namespace and name. Only one of them can be in the cluster: applying one undoes the other. In a deployed state it is not known which one is deployed.",
    ),
    (
        "infinite-number",
        "`.inf` and `.nan` are numbers in YAML, but JSON, which Kubernetes and Helm turn values into, has none such. Quote it if a text is meant.",
    ),
    (
        "layer-not-a-map",
        "A values file must hold a map of keys and values at the top. This one holds something else.",
    ),
    ("link-loop", "A path goes through more than 40 symbolic links, most likely in a circle."),
    (
        "link-outside",
        "A symbolic link leads out of the tree that is mounted there. Links are followed inside their mount; an absolute target must lie under a mounted path.",
    ),
    (
        "map-replaced",
        "A layer has a map where another one has a scalar or a list. The higher layer wins whole, and every key of the map is lost. This is rarely meant.",
    ),
    (
        "merge-order",
        "A merge key (`<<`) stands after a key that it also has. Go's reader, which Helm uses, merges in the document's order, so the merged value replaces the one that is written out.",
    ),
    ("missing-file", "A file that is named somewhere is not there."),
    (
        "missing-layer",
        "A layer of a release is declared required, and its file is not there. Create the file, declare the layer `presence: optional`, or mount the directory that has it.",
    ),
    (
        "missing-project",
        "There is no project file. `mwrender` looks for mwrender.yaml in the current directory; `--file` names another one.",
    ),
    (
        "nesting-too-deep",
        "Lists and maps lie within each other more than 250 deep. No manifest needs more than 20; the file is broken or meant to break its reader.",
    ),
    (
        "not-a-catalog",
        "A file was given as a puppet catalog, and is something else. Write one with `puppet catalog compile HOST --render-as rich_data_json`, or take the one of a catalog compiler or of PuppetDB, for one host.",
    ),
    (
        "not-an-object",
        "A document of a manifest has no `apiVersion`, `kind` and `metadata.name`, so it is not an object of Kubernetes'.",
    ),
    ("not-utf8", "A file has bytes that are not UTF-8. YAML is read as UTF-8 only."),
    (
        "pcc-catalog",
        "A catalog that the catalog compiler's output should have is not there: the host was not compiled, or the file was removed since.",
    ),
    (
        "pcc-host",
        "The catalog compiler's output has several hosts and none is named, or it does not have the one that is named.",
    ),
    (
        "pcc-layout",
        "A directory does not have the form of a catalog compiler's output: build.json with the hosts by state, and a directory for each host with `prod.HOST.pson.gz` and `change.HOST.pson.gz`.",
    ),
    (
        "project-file",
        "The project file does not have the form it must have: a key is unknown or missing, or a value is of another type.",
    ),
    (
        "second-document",
        "A file that must hold one document has another one behind a line of `---`. Helm reads the first document of a values file and drops the others in silence. Join them, or make each a layer.",
    ),
    (
        "helm-chart",
        "A Helm chart cannot be used: a file of it is missing or broken, it is a library for other charts, it needs charts that are not below `charts/`, or another version of Kubernetes.",
    ),
    (
        "set-syntax",
        "A setting on the command line does not follow Helm's grammar: KEY=VALUE, with dots between names, [0] for items, {a,b} for lists, and a backslash before a character that would mean something.",
    ),
    (
        "stale-line",
        "The line of the rendered file is not rendered any more, so there is nothing to tell about it. Render again, or see `mwrender diff`.",
    ),
    (
        "template-error",
        "A template failed: a filter was given the wrong kind of value, or the chart itself said so with `fail` or `required`. Of a Helm chart, Helm's words come first; behind them are the line that failed, what included it, and where the values on it were set. `nil pointer evaluating interface {}.x` says that what `.x` is asked of is not there.",
    ),
    (
        "template-fuel",
        "A template took more than 50 million steps. It most likely does not end: a recursion, or a loop over a range that is far too large.",
    ),
    (
        "template-not-found",
        "A template includes or imports another one that the chart does not have. Names are relative to the directory of charts, such as `mediawiki/_httpd.j2`.",
    ),
    (
        "template-limit",
        "Templates of a Helm chart took more steps or more stack than they may: most likely one includes itself without end, or a map holds itself.",
    ),
    (
        "template-refused",
        "A template of a Helm chart called `fail` or `required`: the chart's author does not allow what the values say. The message is the author's.",
    ),
    (
        "template-syntax",
        "A template does not parse: a tag is not closed, or an expression is not one. A file in `templates/` of a Helm chart is no template, or calls a function that Helm does not have. Helm reads all files before it renders one, so the chart renders nothing.",
    ),
    (
        "undefined-value",
        "A template prints or uses a value that no layer sets. Give it a default in the chart's values.yaml, or in the template with `| default(...)`. A layer may also have set it to null, which deletes the chart's default.",
    ),
    ("unknown-chart", "A service names a chart that is not in the directory of charts."),
    ("unknown-environment", "The project file declares no environment of this name."),
    ("unknown-function", "A template uses a filter, function, test or method that does not exist."),
    (
        "unknown-kubernetes-version",
        "The project file names a version of Kubernetes for which there are no definitions in the directory of schemas.",
    ),
    (
        "unknown-label",
        "Selectors know the labels name (or release), namespace, service, chart and environment.",
    ),
    (
        "unknown-layer",
        "A layer was named that no release has: neither a file as deployed, nor a pattern of such files, nor an owner of a watch rule.",
    ),
    ("unknown-layers", "A service names a list of layers that the project file does not declare."),
    ("unknown-release", "No release of the project fits the selector."),
    (
        "useless-mount",
        "A directory that is laid over a mount has no file that any release reads or any rule watches, so the files below it are all that counts and nothing changes. Most likely it is the directory above or below the one that is meant.",
    ),
    (
        "watch-pattern",
        "A pattern of paths is not one. `*` stands for anything within a name, `**` for any number of directories, `?` for one character, `[ab]` for one of some and `{a,b}` for one of several words.",
    ),
    (
        "unreadable-file",
        "A file of a layer is there and cannot be read: who runs mwrender may not read it, or it is too large.",
    ),
    ("wrong-shape", "A file does not have the form that it must have."),
    (
        "yaml-key",
        "A list, a map or null is the key of a map. Keys must be texts; numbers and booleans become texts.",
    ),
    ("yaml-merge", "A merge key (`<<`) is given something other than a map or a list of maps."),
    (
        "yaml-syntax",
        "A file is not YAML. The place is where the reader could not go on; the mistake may be a little before it.",
    ),
    ("yaml-tab", "A tab stands where only spaces may indent."),
    ("yaml-tag", "A value is not what its tag says, such as `!!int abc`."),
];
