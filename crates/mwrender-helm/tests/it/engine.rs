//! Charts to text: orders, shared values, and what templates see. What is expected is what Helm 3.19.5 gave.

use mwrender_diagnostic::{Pos, SourceMap};
use mwrender_gotemplate::How;
use mwrender_helm::engine::{FaultKind, Seed};
use mwrender_helm::{Capabilities, Fault, File, Options, Program, Release, Rendered, Settled, load, settle};
use mwrender_values::{NullHandling, read};

const CHART: &str = "{apiVersion: v2, name: c, version: 1.2.3, keywords: [a, b]}";

/// A chart, its program, and the texts they came from.
struct Case {
    settled: Settled,
    program: Program,
    sources: SourceMap,
}

impl Case {
    fn new(files: &[(&str, &str)], given: &str) -> Result<Case, Box<Fault>> {
        let files = files.iter().map(|(name, text)| File::new(*name, text.as_bytes()));
        let chart = File::new("Chart.yaml", CHART.as_bytes());
        let mut sources = SourceMap::default();
        let loaded = load::folder(std::iter::once(chart).chain(files).collect(), "c", &mut sources);
        let id = sources.add("given.yaml", given);
        let given = read::read(given, sources.get(id).start()).expect("YAML").into_value();
        let settled =
            settle(&loaded.expect("a chart").chart, &given, NullHandling::default()).expect("values");
        Ok(Case { program: Program::compile(&settled.charts)?, settled, sources })
    }

    fn render(&self, options: Options) -> Result<Rendered, Box<Fault>> {
        self.program.render(&self.settled, &Release::new("r", "ns"), &Capabilities::default(), options)
    }

    fn place(&self, at: Pos) -> String {
        self.sources.location(at).map(|l| l.to_string()).unwrap_or_default()
    }
}

pub(crate) fn render(files: &[(&str, &str)], given: &str) -> Result<Vec<(String, String)>, Box<Fault>> {
    let rendered = Case::new(files, given)?.render(Options::default())?;
    let text = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    Ok(rendered.files.iter().map(|f| (f.path.to_string(), text(&f.text))).collect())
}

/// What one template gives.
fn one(template: &str, given: &str) -> String {
    match render(&[("templates/t.yaml", template)], given) {
        Ok(files) => files[0].1.clone(),
        Err(fault) => fault.text.clone(),
    }
}

#[test]
fn later_and_shallower_files_are_executed_last() {
    let files = [
        ("templates/_h.tpl", r#"{{ define "who" }}parent{{ end }}"#),
        ("templates/a.yaml", r#"a {{ template "who" }} {{ template "dup" }}"#),
        ("templates/b.yaml", r#"{{ define "dup" }}b{{ end }}b"#),
        ("templates/c.yaml", r#"{{ define "dup" }}c{{ end }}{{ define "blank" }} {{ end }}"#),
        ("templates/d.yaml", r#"{{ define "blank" }}full{{ end }}{{ template "blank" }}"#),
        ("charts/s/Chart.yaml", "{apiVersion: v2, name: s, version: 1.0.0}"),
        ("charts/s/templates/_h.tpl", r#"{{ define "who" }}child{{ end }}"#),
        (
            "charts/s/templates/x.yaml",
            r#"{{ template "who" }} {{ .Template.Name }} {{ .Template.BasePath }}"#,
        ),
    ];
    let files = render(&files, "").unwrap();
    let expected = [
        ("c/charts/s/templates/x.yaml", "parent c/charts/s/templates/x.yaml c/charts/s/templates"),
        ("c/templates/a.yaml", "a parent b"),
        ("c/templates/b.yaml", "b"),
        ("c/templates/c.yaml", ""),
        ("c/templates/d.yaml", "full"),
    ];
    assert_eq!(files, expected.map(|(path, text)| (path.to_owned(), text.to_owned())));
}

#[test]
fn what_templates_see() {
    assert_eq!(
        one("{{ .Release }}", ""),
        "map[IsInstall:true IsUpgrade:false Name:r Namespace:ns Revision:1 Service:Helm]"
    );
    assert_eq!(one("{{ .Chart }}", ""), "{{c  [] 1.2.3  [a b] []  v2    false map[]  [] } true}");
    assert_eq!(one("{{ .Chart.Name }}{{ .Chart.Metadata.Version }}{{ .Chart.IsRoot }}", ""), "c1.2.3true");
    let kube = "{{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.GitVersion }}";
    assert_eq!(one(kube, ""), "v1.34.0 v1.34.0");
    assert_eq!(one(r#"{{ printf "%s" .Capabilities.KubeVersion }}"#, ""), "{v1.34.0 1 34}");
    assert_eq!(one(r#"{{ .Capabilities.APIVersions.Has "apps/v1" }}"#, ""), "true");
    assert_eq!(one("{{ .Values.a }}{{ .Values.b.c }}", "{a: 1000000, b: {c: null}}"), "1e+06");
    assert_eq!(one("{{ .Values.a.Table }}{{ .Values.YAML }}", "{a: {Table: 1}}"), "1a:\n  Table: 1\n");
    let wrong = |at: &str, node: &str, message: &str| {
        format!(
            "template: c/templates/t.yaml:1:{at}: executing \"c/templates/t.yaml\" at <{node}>: {message}"
        )
    };
    let foo = "can't evaluate field Foo in type ";
    assert_eq!(one("{{ .Chart.Foo }}", ""), wrong("9", ".Chart.Foo", &format!("{foo}interface {{}}")));
    assert_eq!(
        one("{{ .Capabilities.KubeVersion.Foo }}", ""),
        wrong("16", ".Capabilities.KubeVersion.Foo", &format!("{foo}chartutil.KubeVersion"))
    );
    assert_eq!(
        one(r#"{{ .Values.Table "a.b" }}"#, ""),
        wrong("10", ".Values.Table", r#"error calling Table: "a" is not a table"#)
    );
    assert_eq!(
        one(r#"{{ .Values.PathValue "a.b" }}"#, ""),
        wrong("10", ".Values.PathValue", r#"error calling PathValue: "b" is not a value"#)
    );
}

#[test]
fn what_went_through_a_function_has_no_methods_of_pointers() {
    let kube = ".Capabilities.KubeVersion";
    let prints = |template: &str, expected: &str| assert_eq!(one(template, ""), expected, "{template}");
    prints(&format!("{{{{ with {kube} }}}}{{{{ . }}}}{{{{ end }}}}"), "v1.34.0");
    prints(&format!("{{{{ default 1 {kube} }}}}"), "{v1.34.0 1 34}");
    prints(&format!("{{{{ (default 1 {kube}).Version }}}}"), "v1.34.0");
    prints(&format!("{{{{ or 0 {kube} }}}}|{{{{ or 0 {kube} | default 1 }}}}"), "v1.34.0|{v1.34.0 1 34}");
    prints(&format!("{{{{ range list {kube} }}}}{{{{ . }}}}{{{{ end }}}}"), "{v1.34.0 1 34}");
    let parts = format!(r#"{{{{ $d := dict "k" {kube} }}}}{{{{ $d.k }}}}|{{{{ index $d "k" }}}}"#);
    prints(&parts, "{v1.34.0 1 34}|{v1.34.0 1 34}");
    let within = r#"{{ define "x" }}{{ . }}{{ end }}"#;
    let call = format!(r#"{{{{ template "x" {kube} }}}}|{{{{ include "x" {kube} }}}}"#);
    prints(&format!("{within}{call}"), "v1.34.0|{v1.34.0 1 34}");
    let text = one(&format!("{{{{ (default 1 {kube}).String }}}}"), "");
    assert!(text.ends_with("can't evaluate field String in type chartutil.KubeVersion"), "{text}");
}

#[test]
fn structs_within_others_keep_their_order_in_json() {
    let chart = "{apiVersion: v2, name: c, version: 1.0.0, maintainers: [{url: u, name: nn, email: e}], \
                 dependencies: [{version: 1.x, alias: a, name: d}], annotations: {b: x, a: z}}";
    let json = |template: &str| {
        let files = [
            ("Chart.yaml", chart),
            ("charts/d/Chart.yaml", "{apiVersion: v2, name: d, version: 1.0.0}"),
            ("templates/t.yaml", template),
        ]
        .map(|(name, text)| File::new(name, text.as_bytes()));
        let loaded = load::folder(files.to_vec(), "c", &mut SourceMap::default()).expect("a chart");
        let nothing = read::read("", Pos::NONE).expect("YAML").into_value();
        let settled = settle(&loaded.chart, &nothing, NullHandling::default()).expect("values");
        let program = Program::compile(&settled.charts).expect("a program");
        let release = Release::new("r", "ns");
        let rendered = program.render(&settled, &release, &Capabilities::default(), Options::default());
        String::from_utf8(rendered.expect("a text").files[0].text.clone()).expect("a text")
    };
    let chart = r#"{"name":"c","version":"1.0.0","maintainers":[{"name":"nn","email":"e","url":"u"}],"apiVersion":"v2","annotations":{"a":"z","b":"x"},"dependencies":[{"name":"a","version":"1.x","repository":"","enabled":true,"alias":"a"}],"IsRoot":true}"#;
    assert_eq!(json("{{ toJson .Chart }}"), chart);
    assert_eq!(json("{{ list .Chart | toJson }}"), format!("[{chart}]"));
    let kube = r#"{"KubeVersion":{"Version":"v1.34.0","Major":"1","Minor":"34"},"APIVersions":["v1","a"#;
    assert_eq!(json("{{ toJson .Capabilities | trunc 84 }}"), kube);
}

#[test]
fn structs_are_compared_as_go_does() {
    let kube = ".Capabilities.KubeVersion";
    assert_eq!(one(&format!("{{{{ eq (default 1 {kube}) (first (list {kube})) }}}}"), ""), "true");
    assert_eq!(one(&format!("{{{{ eq {kube} .Capabilities.HelmVersion }}}}"), ""), "false");
    assert_eq!(one("{{ eq .Capabilities .Capabilities }}", ""), "true");
    let refused = |template: &str, words: &str| {
        let text = one(template, "");
        assert!(text.contains(words), "{template}: {text}");
    };
    refused("{{ eq .Chart .Chart }}", "error calling eq: non-comparable type {{c ");
    refused(
        r#"{{ eq (semver "1") .Chart }}"#,
        "error calling eq: non-comparable types 1.0.0: *semver.Version, struct",
    );
    refused("{{ len .Capabilities }}", "error calling len: len of type chartutil.Capabilities");
    refused("{{ index .Capabilities 1 }}", "can't index item of type chartutil.Capabilities");
}

#[test]
fn files() {
    let template = r#"{{ .Files.Get "a.txt" }}|{{ .Files.Get "none" }}|{{ .Files.GetBytes "a.txt" }}|{{ .Files.Lines "a.txt" }}
{{ (.Files.Glob "conf/*").AsConfig }}
{{ (.Files.Glob "**.ini").AsSecrets }}
{{ range $name, $data := .Files.Glob "conf/**" }}{{ $name }}={{ $data }};{{ end }}"#;
    let files = [
        ("templates/t.yaml", template),
        ("a.txt", "x\ny\n"),
        ("conf/a.ini", "[a]\n"),
        ("conf/deep/b.ini", "b"),
    ];
    let expected = "x\ny\n||[120 10 121 10]|[x y]\na.ini: |\n  [a]\na.ini: W2FdCg==\nb.ini: Yg==\n\
                    conf/a.ini=[91 97 93 10];conf/deep/b.ini=[98];";
    assert_eq!(render(&files, "").unwrap()[0].1, expected);
}

#[test]
fn templates_within_templates() {
    assert_eq!(one(r#"{{ tpl "{{ .Values.a }}<no value>{{ .Values.b }}" . }}"#, "a: 1"), "1");
    assert_eq!(one(r#"{{ tpl "{{ tpl \" \" . }}x" . }}"#, ""), " x");
    assert_eq!(one(r#"{{ tpl "{{ define \"in\" }}i{{ end }}{{ include \"in\" . }}" . }}"#, ""), "i");
    let at = "template: c/templates/t.yaml:1:3: executing \"c/templates/t.yaml\" at <tpl \"{{ .a.b }}\" .>: error calling tpl: ";
    assert_eq!(
        one(r#"{{ tpl "{{ .a.b }}" . }}"#, ""),
        format!(
            "{at}error during tpl function execution for \"{{{{ .a.b }}}}\": template: gotpl:1:5: executing \"gotpl\" \
             at <.a.b>: nil pointer evaluating interface {{}}.b"
        )
    );
    let none = r#"{{ include "none" . }}"#;
    assert!(one(none, "").ends_with(
        r#"error calling include: template: no template "none" associated with template "gotpl""#
    ));
    assert_eq!(one(r#"{{ fail "a: b %d" }}"#, ""), "execution error at (c/templates/t.yaml:1:3): a: b %d");
    assert_eq!(
        one(
            r#"{{ define "x" }}{{ required "set it" .Values.a }}{{ end }}
 {{ include "x" . }}"#,
            ""
        ),
        "execution error at (c/templates/t.yaml:2:4): set it"
    );
    assert_eq!(one("{{ foo }}", ""), "parse error at (c/templates/t.yaml:1): function \"foo\" not defined");
}

#[test]
fn a_template_may_be_within_itself_a_thousand_times() {
    let test = || {
        let options = Options { stack: 240 << 20, ..Options::default() };
        let text = |n: u32| {
            let text = format!(
                r#"{{{{ define "r" }}}}{{{{ if lt (len .) {n} }}}}{{{{ include "r" (printf "%sx" .) }}}}{{{{ else }}}}{{{{ . }}}}{{{{ end }}}}{{{{ end }}}}{{{{ include "r" "" }}}}"#
            );
            Case::new(&[("templates/t.yaml", &text)], "").unwrap().render(options)
        };
        assert_eq!(text(1000).unwrap().files[0].text.len(), 1000);
        let fault = text(1001).unwrap_err();
        let last = "rendering template has a nested reference name: r: unable to execute template";
        assert!(fault.text.ends_with(last), "{}", fault.text);
        assert_eq!(fault.frames.len(), 1002);
        // with less stack it is an error, too
        let small = Options { stack: 256 << 10, ..options };
        let case = Case::new(
            &[("templates/t.yaml", r#"{{ define "r" }}{{ include "r" . }}{{ end }}{{ include "r" . }}"#)],
            "",
        );
        assert_eq!(case.unwrap().render(small).unwrap_err().kind, FaultKind::Depth);
    };
    std::thread::Builder::new().stack_size(256 << 20).spawn(test).unwrap().join().unwrap();
}

#[test]
fn work_is_limited() {
    let case = Case::new(
        &[("templates/t.yaml", "{{ range .Values.k }}{{ range $.Values.k }}x{{ end }}{{ end }}")],
        "k: [1, 2, 3]",
    );
    let case = case.unwrap();
    assert_eq!(case.render(Options { fuel: 10, ..Options::default() }).unwrap_err().kind, FaultKind::Fuel);
    assert!(case.render(Options { fuel: 1000, ..Options::default() }).is_ok());
}

#[test]
fn one_seed_gives_one_text() {
    let random =
        "{{ randAlphaNum 9 }} {{ uuidv4 }} {{ randInt 1 99 }} {{ shuffle \"abcdef\" }} {{ bcrypt \"x\" }}
{{ encryptAES \"k\" \"x\" }} {{ genPrivateKey \"ecdsa\" }} {{ (genCA \"c\" 9).Cert }} {{ now }}";
    let files =
        [("templates/a.yaml", "{{ if .Values.draw }}{{ uuidv4 }}{{ end }}"), ("templates/b.yaml", random)];
    let texts = |files: &[(&str, &str)], given, seed: Option<u8>, track| -> Vec<Vec<u8>> {
        let seed = seed.map(|byte| Seed([byte; 32]));
        let case = Case::new(files, given).unwrap();
        let rendered = case.render(Options { seed, track, ..Options::default() }).unwrap();
        rendered.files.iter().map(|file| file.text.clone()).collect()
    };
    let first = texts(&files, "draw: true", Some(1), false);
    assert!(first[1].len() > 1000, "{first:?}");
    assert_eq!(first, texts(&files, "draw: true", Some(1), true));
    // what another file draws does not count
    assert_eq!(first[1], texts(&files, "draw: false", Some(1), false)[1]);
    let with = |seed| texts(&files[..1], "draw: true", seed, false);
    assert_eq!(with(Some(1))[0], first[0]);
    assert_ne!(with(Some(1)), with(Some(2)));
    assert_ne!(with(None), with(None));
}

#[test]
fn pieces_know_where_they_come_from() {
    let files = [
        ("templates/_h.tpl", "{{ define \"port\" }}\nport: {{ .Values.port }}{{ end }}"),
        ("templates/t.yaml", "a: {{ .Values.none }}{{ .Values.a }}\n{{- include \"port\" . }}\n"),
        ("values.yaml", "a: 1\nport: 80\n"),
    ];
    let case = Case::new(&files, "\nport: 81\n").unwrap();
    let rendered = case.render(Options { track: true, ..Options::default() }).unwrap();
    let file = &rendered.files[0];
    assert_eq!(file.text, b"a: 1\nport: 81\n");
    let at = |text: &str| {
        let start = String::from_utf8_lossy(&file.text).find(text).unwrap();
        let piece = file.pieces_in(start..start + text.len()).find(|p| !p.range().is_empty()).unwrap();
        let causes: Vec<(String, How)> =
            rendered.causes(piece).into_iter().map(|(at, how)| (case.place(at), how)).collect();
        let places: Vec<String> = rendered.places(piece).into_iter().map(|at| case.place(at)).collect();
        (causes, places)
    };
    let port = ("given.yaml:2".to_owned(), How::Direct);
    assert_eq!(
        at("81"),
        (vec![port], vec!["c/templates/_h.tpl:2".to_owned(), "c/templates/t.yaml:2".to_owned()])
    );
    let a = ("c/values.yaml:1".to_owned(), How::Direct);
    assert_eq!(at("1\n"), (vec![a], vec!["c/templates/t.yaml:1".to_owned()]));
}

#[test]
fn errors_name_the_values() {
    let files = [("templates/t.yaml", "x\n{{ .Values.a.b.c }}"), ("values.yaml", "a:\n  b: text\n")];
    let case = Case::new(&files, "").unwrap();
    let fault = case.render(Options::default()).unwrap_err();
    assert_eq!(fault.message, "can't evaluate field c in type interface {}");
    assert_eq!(fault.origins.iter().map(|at| case.place(*at)).collect::<Vec<_>>(), ["c/values.yaml:2"]);
    let frames: Vec<String> = fault.frames.iter().map(|f| case.place(f.at)).collect();
    assert_eq!(frames, ["c/templates/t.yaml:2"]);
}
