//! What each finding means: a paragraph for each id.

/// The ids of [`lint`](super::lint()) with their paragraphs.
pub const EXPLANATIONS: &[(&str, &str)] = &[
    (
        "asks-cluster",
        "A template calls `lookup` or `getHostByName`. What they give depends on the cluster and is empty where manifests are only rendered, so what is rendered here is not what is installed. That may be meant.",
    ),
    (
        "boolean-word",
        "A value is written `yes`, `no`, `on`, `off`, `y` or `n`, which is a boolean in YAML 1.1, and a template prints it within a text, where it reads `true` or `false`. Norway's country code is the known example. Quote it.",
    ),
    (
        "chart-file",
        "`Chart.yaml` says something that it may not, or lacks what it must have: a name, a semantic version greater than 0.0.0-0, `apiVersion` v1 or v2, texts for versions, names for maintainers, whole URLs. `helm lint` fails on it.",
    ),
    ("chart-icon", "`Chart.yaml` has no `icon`. Nothing needs one but lists of charts that show pictures."),
    (
        "crd-install-hook",
        "A manifest has the hook `crd-install`, which Helm 3 ignores. Custom resource definitions belong into the folder `crds/` of the chart.",
    ),
    (
        "deprecated-api",
        "A manifest is of an API version that Kubernetes gives up, as of the version given with `--kube-version`. Once it is gone, the manifest cannot be installed.",
    ),
    (
        "illegal-indent",
        "The first line of a rendered document is indented. Helm looks at the beginning of lines where it takes a file apart, so the parts may not be those that are meant.",
    ),
    (
        "invalid-chart",
        "The files are no chart: `Chart.yaml` is missing or wrong, or a file cannot be read as what it is. Nothing was rendered.",
    ),
    (
        "invalid-manifest",
        "What a template renders is no YAML, or no object: `metadata` must be a map, and the document too, and so must the items of a List. Nothing but a comment may stand behind the `---` between documents, as a trim marker there makes it. A file that begins with `{` is a stream of JSON, behind whose first value YAML may follow. The place is the template line that made the text.",
    ),
    (
        "invalid-name",
        "The name of an object is not one that Kubernetes takes for its kind, or there is none.",
    ),
    (
        "list-annotation",
        "An item of a `List` has the annotation `helm.sh/resource-policy`. Helm reads annotations of documents only, so the annotation does nothing.",
    ),
    (
        "missing-dependency",
        "`Chart.yaml` lists a dependency that `charts/` does not have. Nothing can be rendered until `helm dependency build` has fetched it.",
    ),
    (
        "missing-selector",
        "A Deployment, ReplicaSet, DaemonSet or StatefulSet has no selector. Kubernetes refuses it.",
    ),
    (
        "no-values-file",
        "The chart has no `values.yaml`. It works, but nobody sees which values there are to set.",
    ),
    (
        "not-deterministic",
        "A template calls a function whose result is random, depends on the time or has no order in Helm. Each render is another one: each upgrade changes the object and restarts what depends on it, and no diff with what is deployed is ever empty. Let a layer give the value, or keep it in a Secret that is not rendered.",
    ),
    (
        "number-form",
        "Helm reads the numbers of values files as floats, and Go prints floats with an exponent from a million on: 1000000 becomes 1e+06. Most programs do not read that as an integer. Quote the number in the values, or print it with `int64`. `toYaml` prints integers as they are.",
    ),
    (
        "overridden-definition",
        "Several files define a template of one name, with different texts, and only one of them counts: that of the file that is less deep, and among files of one folder that of the one whose name comes first. Within one chart this is most likely a mistake. A chart may mean to replace a template of a chart below it.",
    ),
    (
        "release-time",
        "A template uses `.Release.Time`, which Helm 3 does not have. Use `now`, or better nothing that changes with the time.",
    ),
    (
        "template-extension",
        "A file below `templates/` has a name that `helm lint` refuses: it must end in .yaml, .yml, .tpl or .txt. Helm renders files of any name there.",
    ),
    (
        "template-limit",
        "A template took too many steps, or templates are too deep within each other. It most likely does not end.",
    ),
    (
        "template-refused",
        "The chart refuses these values: a template called `required` or `fail`. That is no fault of a chart that must be given values; give them with `--values` or `--set` to check the rest.",
    ),
    (
        "templates-not-a-directory",
        "The chart has a file of the name `templates` where the folder with its templates should be.",
    ),
    (
        "unlisted-dependency",
        "`charts/` has a chart that `Chart.yaml` does not list among its dependencies. Helm renders it nevertheless; `helm lint` fails.",
    ),
    (
        "unread-value",
        "A layer sets a value, and no template reads it. Most likely its name is misspelt, or what read it is gone. What the templates read is found by following all of them with all that their dot and variables may be. Not looked at: `global`, `tags`, `exports`, values for subcharts that are not there or switched off, keys that begin with `x-`, `_`, `.` or `$`, and anchors.",
    ),
    (
        "unset-value",
        "A template reads a value that neither the chart's values.yaml nor a layer sets. Without a test it prints nothing, or fails where something within it is read: a warning. Where it is tested first, it is a note, and none if values.yaml has the key in a comment. Nothing is said about what stands below such a test.",
    ),
    (
        "values-schema",
        "A value is not what the chart's values.schema.json asks for, or that is no schema, or refers to one that is not there: what it refers to on the network is fetched, as Helm does. Helm renders nothing then. `helm lint` fails on a byte order mark before it, too, and checks the values of a chart without those of the charts below it against its schema first, even with --skip-schema-validation. --skip-schema-validation, or helm.skip_schema_validation in mwrender.yaml, leaves schemas out.",
    ),
];
