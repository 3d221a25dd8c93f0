//! Origins through functions: whoever changes a value finds it named on each line that changes.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use mwrender_gotemplate::{Funcs, Function, MissingKey, Piece, Run, Set, Tracks};
use mwrender_helm::functions::functions;
use serde_json::{Value as Json, json};

use crate::sprig::placed;

/// The functions, and one that includes a template as Helm does.
fn shared() -> &'static Arc<Funcs> {
    static FUNCS: OnceLock<Arc<Funcs>> = OnceLock::new();
    FUNCS.get_or_init(|| {
        let mut funcs = functions();
        let signature = "func(string, interface {}) string";
        let part = Function::new("part", signature, &[], |context, args| {
            Ok(context.execute(args[0].as_str().unwrap_or_default(), &args[1])?)
        });
        funcs.add(part.tracks(Tracks::Own));
        Arc::new(funcs)
    })
}

/// What the templates include.
const PARTS: &str = "{{define \"t\"}}  {{.name}} a\n{{if .on}}on {{.text}}\n{{end}}last{{.csv}}{{end}}";

fn data() -> Json {
    json!({
        "name": "appName", "on": true, "off": false, "n": 3, "f": 2.5, "text": "one\ntwo", "empty": "", "none": null,
        "csv": "c,a,b", "key": "k", "sep": ",", "pad": "  x ", "pat": "[a-c]", "path": "/a/../b/c.txt", "num": "012",
        "list": ["b", "a", "", "b"], "nums": [3, 1, 2], "lists": [["x"], ["y", "z"]], "empties": [],
        "map": {"k": "v", "l": 2, "deep": {"x": "y", "e": ""}}, "more": {"k": "", "m": "n", "deep": {"x": "z", "w": "q"}},
        "b64": "SGVsbG8="
    })
}

/// Calls of each function, on values of the data.
const CALLS: &str = r#"
abbrev (int .n) .text | abbrev 5 .name | abbrev 8 (part "t" .) | abbrevboth 5 10 (part "t" .) | abbrevboth (int .n) (int .n) .name
trim .pad | trim (part "t" .) | upper .text | upper (part "t" .) | lower .name | lower (part "t" .)
title .text | title (part "t" .) | untitle .name | swapcase .name | nospace .pad | nospace (part "t" .) | initials .text
snakecase .name | kebabcase .name | camelcase .key | camelcase (part "t" .)
trimAll .sep .csv | trimAll " " .pad | trimall "a" .name | trimPrefix .key .name | trimPrefix "one" .text
trimSuffix "b" .csv | trimSuffix .sep (part "t" .) | trimSuffix "b" (part "t" .) | trimPrefix "  " (part "t" .)
trunc 2 .csv | trunc (int .n) .name | trunc -2 .csv | trunc 9 (part "t" .) | trunc -9 (part "t" .)
substr 1 (int .n) .name | substr 1 3 .text | substr -1 2 .text | substr 2 -1 (part "t" .) | substr 3 12 (part "t" .)
repeat 2 .text | repeat (int .n) .key | repeat 2 (part "t" .) | indent 2 .text | indent (int .n) .name | indent 2 (part "t" .)
nindent 2 .text | nindent 2 (part "t" .) | nindent (int .n) .csv | nindent 2 .empty
replace "a" "b" .name | replace .sep "-" .csv | replace "," .key .csv | replace "\n" "+" (part "t" .)
replace "a" "\n" (part "t" .) | replace .key .sep (part "t" .) | replace "" "-" .key | replace "one" "" .text
contains "a" .name | contains .key .name | contains "on" (part "t" .) | hasPrefix .key .name | hasSuffix "b" .csv
plural "one" "many" (int .n) | plural .name .text 1 | quote .text | quote .name .none .n | quote .map | quote (part "t" .)
squote .text .none | squote .list | squote (part "t" .) | cat .name .none .text .n | cat (part "t" .) .list
toString .text | toString .map | toString .n | toString (part "t" .) | toStrings .list | toStrings .n | toStrings .nums
join "," .list | join .sep .nums | join "\n" .list | join "-" .text | join "," (list .name .none (part "t" .))
splitList .sep .csv | splitList "\n" (part "t" .) | split .sep .csv | (split "," .csv)._1 | splitn "," (int .n) .csv
splitn .sep 2 .csv | b64enc .text | b64dec .b64 | b32enc .text | b32dec .name | b64enc (part "t" .)
base .path | dir .path | clean .path | ext .path | isAbs .path | osBase .path | osDir .path | osClean .path | osExt .path
osIsAbs .path | base (part "t" .)
list .name .n .none | list .list .map | tuple .name .on | first .list | last .list | first .empties | first (list .name)
rest .list | initial .list | reverse .list | reverse .nums | compact .list | uniq .list | first (compact .list)
last (uniq .list) | without .list .key "a" | without .list .empty | first (without .list "b") | has .key .list | has "a" .list
append .list .name | push .list .text | prepend .list .name | concat .list .nums | concat .lists .empties | concat .list (list .text)
chunk 2 .list | chunk (int .n) .list | first (chunk 1 .nums) | slice .list 1 | slice .list 0 .n | slice .nums 1 2 | sortAlpha .list
sortAlpha .nums | first (sortAlpha .list) | sortAlpha .name | sortAlpha (splitList "," .csv)
dict "a" .name "b" .text | dict .key .n | (dict "a" .name).a | get .map "k" | get .map .key | get .map "none" | hasKey .map .key
hasKey .map "k" | set (dict) "a" .name | set (dict "a" 1) .key .text | unset (dict "k" 1 "l" 2) .key | pluck "k" .map .more
pluck .key .map .more | keys .map | keys .map .more | values .map | pick .map "k" "l" | pick .map .key | omit .map "k"
omit .map .key | dig "deep" "x" .name .map | dig "deep" .key "d" .map | dig "k2" .name .map | merge (dict) .map .more
merge (dict "k" .empty) .map | merge (dict "k" .name) .map | (merge (dict "k" .empty) .map).k | (merge (dict "k" .name) .more).k
mergeOverwrite (dict "k" .name) .map | mergeOverwrite (dict) .map .more | (mergeOverwrite (dict "k" .name) .more).k
deepCopy .map | deepCopy .list | (deepCopy .map).deep.x | deepCopy .text
typeOf .n | kindOf .list | typeIs "string" .name | typeIs .key .name | typeIsLike "string" .name | kindIs "map" .map | deepEqual .list .nums
deepEqual .name .text | deepEqual .map (dict "k" .name) | empty .name | empty .list | default .name .empty | default "d" .name
default .text .none | default "d" .list | coalesce .empty .none .name | coalesce .empty .off .n | ternary .name .text .on
ternary "a" "b" .off | all .on .name .n | all .on .empty | any .off .empty .n | any .off .none | hello
int .n | int .num | int64 .f | float64 .n | float64 .num | toDecimal .num | atoi .num | add .n 1 | add .n .f .num | sub .n .f | div .n 2
mod .n 2 | mul .n .f | max .n .f | min .n .f 1 | biggest .n 2 | add1 .n | addf .n .f | subf .n .f | mulf .n .f | divf .n .f | add1f .f | maxf .n .f
minf .n .f | round .f 0 | floor .f | ceil .f | until (int .n) | untilStep 0 (int .n) 1 | seq (int .n) | seq 1 2 (int .n)
regexMatch .pat .csv | regexMatch "^a" .name | regexFind .pat .csv | regexFind "o.*" (part "t" .) | regexFindAll .pat .csv -1
regexFindAll "[a-z]" .name (int .n) | regexSplit .sep .csv -1 | regexSplit "," .csv (int .n) | regexReplaceAll .pat .csv .sep
regexReplaceAll "(a)" .name "<${1}>" | regexReplaceAll "n" (part "t" .) "\n" | regexReplaceAllLiteral "a" .csv .key
regexReplaceAllLiteral .pat .name "$1" | regexQuoteMeta .path | wrap 5 .text | wrap (int .n) .csv | wrapWith 4 .sep .text | wrap 4 (part "t" .)
"#;

/// Where calls stand.
const CONTEXTS: [&str; 8] = [
    "r: {{ E }}\nend\n",
    "{{ if E }}yes: {{ E }}\n{{ else }}no\n{{ end }}end\n",
    "{{ range $i, $e := E }}{{ $i }}: {{ $e }}\n{{ else }}none\n{{ end }}end\n",
    "{{ $x := E }}a\nx: {{ $x }}\nend\n",
    "{{ $x := \"before\" }}{{ if .on }}{{ $x = E }}{{ end }}x: {{ $x }}\n",
    "{{ with E }}w: {{ . }}\n{{ end }}{{ range .list }}- {{ . }} {{ E }}\n{{ end }}",
    "{{ range .nums }}{{ . }} {{ E | toString | indent 2 }}\n{{ end }}",
    "{{ $d := dict }}{{ if .on }}{{ $_ := set $d \"e\" (E) }}{{ end }}d: {{ get $d \"e\" }}\n{{ len (list (E)) }}\n",
];

fn calls() -> Vec<String> {
    CALLS
        .lines()
        .flat_map(|line| line.split(" | "))
        .filter(|call| !call.is_empty())
        .map(str::to_owned)
        .collect()
}

fn paths(json: &Json, path: &str, all: &mut Vec<String>) {
    all.push(path.to_owned());
    match json {
        Json::Object(entries) => entries.iter().for_each(|(k, v)| paths(v, &format!("{path}.{k}"), all)),
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(i, v)| paths(v, &format!("{path}.{i}"), all));
        }
        _ => {}
    }
}

/// A template's output.
struct Rendered {
    /// The lines with their offsets.
    lines: Vec<(String, usize)>,
    pieces: Vec<Piece>,
    run: Run,
}

/// None where the template fails.
fn rendered(set: &Set, data: &Json) -> Option<Rendered> {
    let mut run = Run::new().fuel(1_000_000).track();
    let output = set.execute("t0", &placed(data, &mut 1), &mut run).ok()?;
    let mut start = 0;
    let lines = output.text.split(|b| *b == b'\n').map(|line| {
        let at = start;
        start += line.len() + 1;
        (String::from_utf8_lossy(line).into_owned(), at)
    });
    Some(Rendered { lines: lines.collect(), pieces: output.pieces, run })
}

impl Rendered {
    /// The paths of the values that took part in a line.
    fn causes<'n>(&self, line: usize, names: &'n [String]) -> BTreeSet<&'n str> {
        let start = self.lines[line].1;
        let end = self.lines.get(line + 1).map_or(usize::MAX, |next| next.1 - 1);
        let trace = self.run.trace().expect("it tracks");
        let touching = self.pieces.iter().filter(|piece| {
            let range = piece.range();
            if range.is_empty() {
                range.start >= start && range.end <= end
            } else {
                range.start <= end && range.end > start
            }
        });
        let causes = touching.flat_map(|piece| trace.causes(piece));
        causes.filter_map(|(origin, _)| Some(&*names[origin.number()? as usize - 1])).collect()
    }
}

/// The lines of each side without a counterpart, by the longest common subsequence.
fn unmatched<'r>(left: &'r Rendered, right: &'r Rendered) -> Vec<(&'r Rendered, usize)> {
    let (a, b) = (&left.lines, &right.lines);
    let mut longest = vec![vec![0u32; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i][j] = if a[i].0 == b[j].0 {
                longest[i + 1][j + 1] + 1
            } else {
                longest[i + 1][j].max(longest[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut only) = (0, 0, Vec::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i].0 == b[j].0 {
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || i < a.len() && longest[i + 1][j] >= longest[i][j + 1] {
            only.push((left, i));
            i += 1;
        } else {
            only.push((right, j));
            j += 1;
        }
    }
    only
}

/// Each scalar of the data changed in some ways: its path and the new data.
fn changes(json: &Json, path: &str, whole: &Json, all: &mut Vec<(String, Json)>) {
    let mut change = |to: Json| {
        let mut changed = whole.clone();
        let pointer = path.replace('.', "/");
        *changed.pointer_mut(&pointer).expect("a value") = to;
        all.push((path.to_owned(), changed));
    };
    match json {
        Json::Object(entries) => {
            for (k, v) in entries {
                changes(v, &format!("{path}.{k}"), whole, all);
            }
        }
        Json::Array(items) => {
            for (i, v) in items.iter().enumerate() {
                changes(v, &format!("{path}.{i}"), whole, all);
            }
        }
        Json::String(_) => ["changed", "", "two\nlines", "k"].into_iter().for_each(|s| change(json!(s))),
        Json::Bool(b) => change(json!(!b)),
        Json::Number(_) => [0, 1, 7].into_iter().for_each(|n| change(json!(n))),
        Json::Null => change(json!("no longer nil")),
    }
}

/// Changes each value of the data and looks at the lines that change; counts them, and what is wrong with them.
fn check(template: &str, names: &[String], all: &[(String, Json)], wrong: &mut Vec<String>) -> usize {
    let mut set = Set::new(Arc::clone(shared())).missing_key(MissingKey::Zero);
    set.parse("t0", format!("{PARTS}{template}")).unwrap_or_else(|e| panic!("{template}: {e}"));
    let Some(before) = rendered(&set, &data()) else { return 0 };
    let mut checked = 0;
    for (path, changed) in all {
        // what the template does not mention changes nothing
        let key = path[1..].split('.').next().unwrap_or_default();
        if !template.contains(&format!(".{key}")) && !template.contains("part") {
            continue;
        }
        // some functions have no use for some values
        let Some(after) = rendered(&set, changed) else { continue };
        for (side, line) in unmatched(&before, &after) {
            // of equal lines another one may be the one that changed
            let text = &side.lines[line].0;
            if side.lines.iter().filter(|(other, _)| other == text).count() > 1 {
                continue;
            }
            checked += 1;
            let causes = side.causes(line, names);
            if !causes.contains(&**path) {
                wrong.push(format!("{template}  {path}: line {text:?} names only {causes:?}"));
                return checked;
            }
        }
    }
    checked
}

#[test]
fn each_changed_line_names_what_changed() {
    let (mut names, mut all) = (Vec::new(), Vec::new());
    paths(&data(), "", &mut names);
    changes(&data(), "", &data(), &mut all);
    let (mut wrong, mut checked, mut idle) = (Vec::new(), 0, Vec::new());
    for call in calls() {
        let mut lines = 0;
        for context in CONTEXTS {
            lines += check(&context.replace('E', &call), &names, &all, &mut wrong);
        }
        if lines == 0 {
            idle.push(call);
        }
        checked += lines;
    }
    assert!(wrong.is_empty(), "{} of {checked}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked > 20_000, "{checked}");
    assert!(idle.is_empty(), "nothing depends on the values of {idle:?}");
}

#[test]
fn all_functions_are_looked_at() {
    let known = shared().names();
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect()
    };
    let called = words(CALLS);
    for name in include_str!("../sprig/names.txt").lines() {
        // the variants with `must` have the same body
        let must = name.strip_prefix("must").map(|rest| rest[..1].to_lowercase() + &rest[1..]);
        assert!(known.contains(&name), "{name} is no function");
        assert!(called.contains(&must.unwrap_or_else(|| name.to_owned())), "no law for {name}");
    }
}
