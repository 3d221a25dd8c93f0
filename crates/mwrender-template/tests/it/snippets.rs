//! Templates for the laws: each uses some feature of the language on the values of [`crate::model`].

/// Partials that the snippets use.
pub(crate) const PARTIALS: &[(&str, &str)] = &[
    ("_inc.j2", "inc {{ values.s }} {{ values.n }}\n"),
    ("_uses_set.j2", "uses {{ outer }}\n"),
    (
        "_lib.j2",
        "{% macro greet(who, times=1) %}\nhello {{ who }} {{ times }}\n{% endmacro %}\n\
         {% macro twice(n) %}{{ n * 2 }}{% endmacro %}\n\
         {% macro own() %}own {{ values.t }}{% endmacro %}\n{% set const = 7 %}\n",
    ),
    (
        "_base.j2",
        "head {{ values.s }}\n{% block body %}\nbase {{ values.n }}\n{% endblock %}\ntail {{ values.m }}\n",
    ),
    (
        "_yaml.j2",
        "x: {{ values.n }}\nwhy: {{ values.s }}\nboth: {{ values.s }}-{{ values.t }}\nlist:\n{% for w in values.lst %}\n  - {{ w }}\n{% endfor %}\n",
    ),
];

/// Name and text.
pub(crate) const SNIPPETS: &[(&str, &str)] = &[
    ("string", "s={{ values.s }} t={{ values.t }}\n"),
    ("int", "n={{ values.n }} m={{ values.m }}\n"),
    ("bool", "f={{ values.f }}\n"),
    ("index", "{{ values[\"s\"] }} {{ values.obj[\"deep\"].k }}\n"),
    ("computed-index", "{{ values.obj[\"why\" if values.f else \"x\"] }}\n"),
    ("list-index", "{% if values.lst %}\n{{ values.lst[0] }} {{ values.lst[-1] }}\n{% endif %}\n"),
    ("upper", "{{ values.s | upper }}\n"),
    ("chain", "{{ values.s | upper | replace(\"A\", values.t) }}\n"),
    ("concat", "{{ values.s ~ \":\" ~ values.n }}\n"),
    ("plus", "{{ values.s + values.t }}\n"),
    ("arithmetic", "{{ values.n + values.m * 2 - 1 }} {{ values.n // 2 }} {{ -values.n }}\n"),
    ("comparison", "{{ values.n > values.m }} {{ values.s == values.t }} {{ values.n == 1 }}\n"),
    ("slice", "{{ values.s[:1] }}\n"),
    ("list-slice", "{{ values.lst[1:] | join(\",\") }}\n"),
    ("ternary", "{{ values.s if values.f else values.t }}\n"),
    ("ternary-int", "{{ 1 if values.f else 2 }} {{ values.n if values.g else values.m }}\n"),
    ("and-or", "{{ values.f and values.g }} {{ values.n or values.m }} {{ values.s and values.t }}\n"),
    ("not", "{{ not values.f }}\n"),
    ("default", "{{ values.opt | default(values.s) }}\n"),
    ("default-int", "{{ values.opt | default(values.n) }}\n"),
    ("default-false", "{{ values.n | default(values.s, true) }}\n"),
    ("format", "{{ \"%s-%d\" | format(values.s, values.n) }}\n"),
    ("method", "{{ values.s.upper() }} {{ values.s.startswith(values.t) }}\n"),
    ("length", "{{ values.lst | length }} {{ values.s | length }}\n"),
    ("join", "{{ values.lst | join(\",\") }}\n"),
    ("join-ints", "{{ values.nums | join(values.s) }}\n"),
    ("sort", "{{ values.lst | sort | join(\",\") }}\n"),
    ("sort-first", "{{ values.nums | sort | first | default(\"none\") }}\n"),
    ("min-max", "{{ values.nums | max | default(0) }} {{ values.nums | sum }}\n"),
    ("map-attribute", "{{ values.items | map(attribute=\"name\") | join(\" \") }}\n"),
    ("map-attribute-int", "{{ values.items | map(attribute=\"port\") | join(\" \") }}\n"),
    ("map-filter", "{{ values.lst | map(\"upper\") | join(\" \") }}\n"),
    ("selectattr", "{{ values.items | selectattr(\"on\") | map(attribute=\"name\") | join(\" \") }}\n"),
    ("selectattr-for", "{% for i in values.items | selectattr(\"on\") %}\n- {{ i.port }}\n{% endfor %}\n"),
    ("select", "{{ values.lst | select(\"equalto\", values.s) | list | length }}\n"),
    ("reject", "{{ values.nums | reject(\"odd\") | join(\" \") }}\n"),
    ("unique", "{{ values.lst | unique | join(\" \") }}\n"),
    ("reverse", "{{ values.lst | reverse | join(\" \") }} {{ values.s | reverse }}\n"),
    ("batch", "{% for b in values.nums | batch(2) %}\n- {{ b | join(\"+\") }}\n{% endfor %}\n"),
    (
        "groupby",
        "{% for g in values.items | groupby(\"name\") %}\n{{ g.grouper }}: {{ g.list | length }}\n{% endfor %}\n",
    ),
    ("zip", "{% for a, b in values.lst | zip(values.nums) %}\n{{ a }}={{ b }}\n{% endfor %}\n"),
    ("split", "{% for p in values.s | split(\"-\") %}\npart {{ p }}\n{% endfor %}\n"),
    ("set", "{% set x = values.s %}\nx={{ x }}\n"),
    ("set-int", "{% set x = values.n %}\nx={{ x }} {{ x + 1 }}\n"),
    (
        "set-computed",
        "{% set x = values.s | upper %}\n{% set y = x ~ values.n %}\ny={{ y | lower }} {{ x }}\n",
    ),
    (
        "set-bool",
        "{% set both = values.f and values.g %}\n{% if both %}\nboth\n{% else %}\nnot both\n{% endif %}\n",
    ),
    ("set-in-if", "{% set x = 1 %}\n{% if values.f %}\n{% set x = 2 %}\n{% endif %}\nx={{ x }}\n"),
    (
        "set-in-if-text",
        "{% set x = \"a\" %}\n{% if values.f %}\n{% set x = \"b\" %}\n{% else %}\n{% set x = values.s %}\n{% endif %}\nx={{ x }}\n",
    ),
    (
        "set-list-in-if",
        "{% set ports = [\"envoy\"] %}\n{% if values.f %}\n{% set ports = ports + [\"php\", values.s] %}\n{% endif %}\n{% if values.g %}\n{% set ports = ports + [\"mcr\"] %}\n{% endif %}\n{% for p in ports %}\n- {{ p }}\n{% endfor %}\n",
    ),
    (
        "set-shadowed-in-for",
        "{% set x = values.n %}\n{% for i in values.nums %}\n{% set x = i %}\nin {{ x }}\n{% endfor %}\nout {{ x }}\n",
    ),
    (
        "for-shadows",
        "{% set i = values.n %}\n{% for i in values.nums %}\nin {{ i }}\n{% endfor %}\nout {{ i }}\n",
    ),
    ("set-two", "{% set a, b = [values.n, values.m] %}\na={{ a }}\nb={{ b }}\n"),
    ("set-block", "{% set v %}v={{ values.s }} {{ values.n }}{% endset %}\n{{ v }}\n{{ v | upper }}\n"),
    ("set-block-filter", "{% set v | upper %}v={{ values.s }}{% endset %}\n{{ v }}\n"),
    (
        "set-block-compare",
        "{% set v %}{{ values.s }}{% endset %}\n{% if v == \"aa\" %}\nis aa\n{% endif %}\n{{ v == values.t }} {{ v | length }}\n",
    ),
    (
        "set-block-in-if",
        "{% if values.f %}\n{% set v %}yes{% endset %}\n{% else %}\n{% set v %}no{% endset %}\n{% endif %}\nv={{ v }}\n",
    ),
    (
        "namespace",
        "{% set ns = namespace(found=false, n=0) %}\n{% for i in values.items %}\n{% if i.on %}\n{% set ns.found = true %}\n{% set ns.n = ns.n + i.port %}\n{% endif %}\n{% endfor %}\nfound {{ ns.found }}\nn {{ ns.n }}\n",
    ),
    (
        "namespace-text",
        "{% set ns = namespace(last=\"\") %}\n{% for w in values.lst %}\n{% set ns.last = w %}\n{% endfor %}\nlast {{ ns.last }}\n",
    ),
    ("for", "{% for w in values.lst %}\n- {{ w }}\n{% endfor %}\n"),
    ("for-int", "{% for i in values.nums %}\n- {{ i }}\n{% endfor %}\n"),
    ("for-raw", "{% for i in values.nums %}\n- item\n{% endfor %}\n"),
    (
        "for-items",
        "{% for k, v in values.obj | items %}\n{{ k }}: {{ v if v is not mapping else \"map\" }}\n{% endfor %}\n",
    ),
    ("for-dictsort", "{% for k, v in values.obj.deep | dictsort %}\n{{ k }}: {{ v }}\n{% endfor %}\n"),
    ("for-keys", "{% for k in values.obj %}\n{{ k }}\n{% endfor %}\n"),
    (
        "for-if",
        "{% for i in values.items if i.on %}\n{{ loop.index }} {{ i.name }} {{ i.port }}\n{% endfor %}\n",
    ),
    (
        "for-if-else",
        "{% for w in values.lst if w == values.s %}\nsame {{ w }}\n{% else %}\nnone like {{ values.t }}\n{% endfor %}\n",
    ),
    (
        "for-loop",
        "{% for w in values.lst %}\n{{ loop.index }}/{{ loop.length }} {{ w }}{{ \",\" if not loop.last }} {{ loop.previtem | default(\"first\") }}\n{% endfor %}\n",
    ),
    (
        "for-changed",
        "{% for w in values.lst %}\n{% if loop.changed(w) %}\nnew {{ w }}\n{% endif %}\n{% endfor %}\n",
    ),
    ("for-cycle", "{% for w in values.lst %}\n{{ loop.cycle(values.s, values.t) }} {{ w }}\n{% endfor %}\n"),
    (
        "for-nested",
        "{% for a in values.lst %}\n{% for b in values.nums %}\n{{ a }}{{ b }}\n{% endfor %}\n{% endfor %}\n",
    ),
    ("for-literal", "{% for x in [values.s, values.n, 3] %}\n- {{ x }}\n{% endfor %}\n"),
    ("for-range", "{% for i in range(values.n) %}\n{{ i }}\n{% endfor %}\n"),
    (
        "for-sorted",
        "{% for x in values.lst | sort %}\n- {{ x }}\n{% endfor %}\n{% for x in values.nums | sort(reverse=true) %}\n+ {{ x }}\n{% endfor %}\n",
    ),
    (
        "for-break",
        "{% for w in values.lst %}\n{% if w == \"bb\" %}{% break %}{% endif %}\n- {{ w }}\n{% endfor %}\n",
    ),
    (
        "for-break-raw",
        "{% for i in values.items %}\n{% if i.on %}{% break %}{% endif %}\n- item\n{% endfor %}\n",
    ),
    (
        "for-continue",
        "{% for i in values.items %}\n{% if not i.on %}{% continue %}{% endif %}\n- {{ i.name }}\n{% endfor %}\n",
    ),
    (
        "for-recursive",
        "{% for i in [[values.s, values.n], values.t] recursive %}\n{% if i is string or i is number %}\nleaf {{ i }}\n{% else %}\n{{ loop(i) }}{% endif %}\n{% endfor %}\n",
    ),
    ("for-computed", "{% for w in values.s | upper %}\n{{ w }}\n{% endfor %}\n"),
    (
        "macro",
        "{% macro m(a, b=2) %}\n<{{ a }} {{ b }}>\n{% endmacro %}\n{{ m(values.s) }}{{ m(values.n, values.m) }}{{ m(b=values.f, a=values.t) }}",
    ),
    (
        "macro-computed",
        "{% macro m(a) %}<{{ a }}>{% endmacro %}\n{{ m(values.n + 1) }}\n{{ m(values.s ~ values.t) }}\n{{ m(values.s | upper) }}\n{{ m(values.f and values.g) }}\n",
    ),
    (
        "macro-computes",
        "{% macro m(a, b) %}{{ a + b }} {{ a == b }} {{ a[:1] if a is string }}{% endmacro %}\n{{ m(values.n, values.m) }}\n{{ m(values.n - 1, values.n) }}\n{{ m(values.s, values.t) }}\n",
    ),
    (
        "macro-if",
        "{% macro m(a) %}{% if a %}yes{% else %}no{% endif %}{% endmacro %}\n{{ m(values.f) }}\n{{ m(values.n) }}\n{{ m(values.n == 1) }}\n",
    ),
    (
        "macro-list",
        "{% macro m(l) %}{% for x in l %}[{{ x }}]{% endfor %}{% endmacro %}\n{{ m(values.lst) }}\n{{ m([values.n, values.s]) }}\n{{ m(values.nums) }}\n",
    ),
    (
        "macro-default",
        "{% macro m(a=values.s, b=values.n) %}{{ a }} {{ b }}{% endmacro %}\n{{ m() }}\n{{ m(values.t) }}\n",
    ),
    (
        "macro-nested",
        "{% macro a(x) %}a{{ x }}{% endmacro %}\n{% macro b(x) %}b{{ a(x + 1) }}{{ x }}{% endmacro %}\n{{ b(values.n) }}\n",
    ),
    (
        "macro-concat",
        "{% macro m(a) %}<{{ a }}>{% endmacro %}\n{{ \"p-\" ~ m(values.s) ~ values.n }}\n{{ m(values.t) | upper }}\n{{ m(values.s) | length }}\n",
    ),
    (
        "macro-result-compared",
        "{% macro m(a) %}{{ a }}{% endmacro %}\n{{ m(values.s) == \"aa\" }}\n{% if m(values.t) == \"bb\" %}\nbb\n{% endif %}\n{{ m(values.s)[:1] }}\n",
    ),
    (
        "macro-empty-result",
        "{% macro m(a) %}{% if a %}x{% endif %}{% endmacro %}\n{% if m(values.f) %}\nfull\n{% else %}\nempty\n{% endif %}\n",
    ),
    (
        "macro-in-for",
        "{% macro m(i) %}{{ i.name }}:{{ i.port }}{% endmacro %}\n{% for i in values.items %}\n{{ m(i) }}\n{% endfor %}\n",
    ),
    (
        "macro-shadows",
        "{% set a = values.n %}\n{% macro m(a) %}{{ a }}{% endmacro %}\n{{ m(values.m) }}\n{{ a }}\n",
    ),
    (
        "macro-set",
        "{% macro m(a) %}{% set y = a + 1 %}{{ y }}{% endmacro %}\n{% set y = values.m %}\n{{ m(values.n) }}\n{{ y }}\n",
    ),
    (
        "macro-recursive",
        "{% macro m(n) %}{% if n > 0 %}{{ n }},{{ m(n - 1) }}{% endif %}{% endmacro %}\n{{ m(values.n) }}\n",
    ),
    (
        "call-block",
        "{% macro m(a) %}[{{ a }} {{ caller() }}]{% endmacro %}\n{% call m(values.n) %}body {{ values.s }}{% endcall %}\n\n",
    ),
    (
        "call-block-arguments",
        "{% macro m(a) %}[{{ caller(a + 1) }}]{% endmacro %}\n{% call(x) m(values.n) %}got {{ x }}{% endcall %}\n\n",
    ),
    ("filter-block", "{% filter upper %}\na {{ values.s }} {{ values.n }}\n{% endfilter %}\n"),
    ("with", "{% with x = values.s, y = values.n %}\n{{ x }} {{ y }} {{ y + 1 }}\n{% endwith %}\n"),
    (
        "with-shadows",
        "{% set x = values.n %}\n{% with x = values.m %}\nin {{ x }}\n{% endwith %}\nout {{ x }}\n",
    ),
    ("include", "{% include \"_inc.j2\" %}\n"),
    ("include-computed", "{% include \"_inc.j2\" if values.f else \"_yaml.j2\" %}\n"),
    ("include-set", "{% set outer = values.n %}\n{% include \"_uses_set.j2\" %}\n"),
    ("include-in-for", "{% for outer in values.nums %}\n{% include \"_uses_set.j2\" %}\n{% endfor %}\n"),
    (
        "import",
        "{% import \"_lib.j2\" as lib %}\n{{ lib.greet(values.s) }}{{ lib.greet(values.n, values.m) }}{{ lib.twice(values.n) }}\n{{ lib.own() }}\n",
    ),
    (
        "from-import",
        "{% from \"_lib.j2\" import greet, twice as double, own %}\n{{ greet(values.t, times=values.n) }}{{ double(values.m) }}\n{{ own() }}\n",
    ),
    (
        "extends",
        "{% extends \"_base.j2\" %}\n{% block body %}\n{{ super() }}mine {{ values.t }}\n{% endblock %}\n",
    ),
    ("if", "{% if values.f %}\nf\n{% endif %}\n"),
    (
        "elif",
        "{% if values.f %}\na\n{% elif values.n == 1 %}\nb\n{% elif values.g %}\nc {{ values.s }}\n{% else %}\nd\n{% endif %}\n",
    ),
    (
        "if-in-line",
        "x={% if values.f %}on{% else %}off{% endif %} y={% if values.g -%} {{ values.s }} {%- endif %}\n",
    ),
    (
        "if-nested",
        "{% if values.f %}\n{% if values.g %}\nboth\n{% else %}\nonly f\n{% endif %}\n{% endif %}\n",
    ),
    ("if-missing", "{% if values.opt %}\nopt {{ values.opt }}\n{% else %}\nno opt\n{% endif %}\n"),
    ("if-defined", "{% if values.opt is defined %}\nopt\n{% endif %}\n"),
    (
        "whitespace",
        "a\n{%- if values.f -%}\n  b\n{%- endif %}\n{{- values.s -}}\n   c\n  x{%+ if values.g %}d{% endif +%}\ne\n",
    ),
    ("raw", "{% raw %}{{ x }}{% y %}{% endraw %}{{ values.s }}\n"),
    ("comment", "a {# values.n {{ x }} #}{{ values.s }}\n{# whole line #}\nb\n"),
    ("multi-line", "text: |\n  {{ values.text | indent(2) }}\nend\n"),
    (
        "multi-line-nindent",
        "text: |{{ values.text | nindent(4) }}\nend {{ values.text | trim | indent(1) }}\n",
    ),
    ("multi-line-direct", "{{ values.text }}\n"),
    ("multi-line-lines", "{% for l in values.text | lines %}\nl {{ l }}\n{% endfor %}\n"),
    ("in", "{{ \"y\" if values.s in values.lst else \"n\" }} {{ \"name\" in values.obj }}\n"),
    ("tests", "{{ values.n is odd }} {{ values.lst is sequence }} {{ values.s is eq(values.t) }}\n"),
    ("toyaml", "{{ values.obj | toyaml }}\n"),
    (
        "toyaml-indent",
        "a:\n  {{ values.obj | toyaml | indent(2) }}\nb:{{ values.items | toyaml | nindent(2) }}\n",
    ),
    ("tojson", "{{ values.obj | tojson }}\n{{ values.items | tojson(indent=2) }}\n"),
    ("tojson-scalars", "{{ values.s | tojson }} {{ values.n | tojson }} {{ values.f | tojson }}\n"),
    (
        "toyaml-literal",
        "{{ {\"k\": values.n, \"l\": values.s, \"t\": values.text, \"o\": values.obj.deep} | toyaml }}\n",
    ),
    (
        "toyaml-literal-computed",
        "{{ {\"k\": values.n + 1, \"l\": values.s ~ values.t, \"c\": 1 if values.f else 2} | toyaml }}\n",
    ),
    (
        "tojson-set",
        "{% set cfg = {\"n\": values.n, \"list\": values.lst + [values.s], \"flag\": values.f} %}\n{{ cfg | tojson(indent=2) }}\n",
    ),
    (
        "set-map-field",
        "{% set cfg = {\"n\": values.n, \"s\": values.s, \"m\": values.m} %}\n{{ cfg.n }}\n{{ cfg.s }}\n{{ cfg.m + 1 }}\n",
    ),
    (
        "literal-key",
        "{% set k = values.s %}\n{% set n = values.n %}\n{{ {k: 1, n: 2, values.t: 3} | tojson }}\n{{ {k: {n: [k, n + 1]}} | toyaml }}\n",
    ),
    (
        "literal-selects",
        "{{ {\"a\": values.s if values.f else values.t, \"b\": [values.n if values.g else 7]} | toyaml }}\n",
    ),
    (
        "literal-compared",
        "{% set cfg = {\"s\": values.s, \"l\": values.lst} %}\n{{ cfg.s == \"aa\" }} {{ cfg == {\"s\": \"aa\", \"l\": []} }} {{ (cfg | tojson) == \"x\" }} {{ cfg.l | length }}\n{% if \"aa\" in cfg.l %}\nin\n{% endif %}\n",
    ),
    (
        "indent-twice",
        "{% set a %}a {{ values.s }}\nb {{ values.t }}{% endset %}\n{{ a | trim | indent(2) }}\n{% set b %}\n{{ a }}\n{% if values.f %}\nextra {{ values.n }}\n{% endif %}\n{% endset %}\nx:{{ b | trim | nindent(4) }}\n",
    ),
    (
        "two-captures",
        "{% set a %}{{ values.s }}{% endset %}\n{% set b %}{{ a }}{{ values.t }}{% endset %}\n{{ b | sha256 }}\n{{ a ~ b }}\n{% if b == a ~ a %}\nsame\n{% endif %}\n",
    ),
    ("toyaml-concat", "{{ (values.obj.deep | toyaml) ~ \"\\n\" ~ (values.lst | tojson) }}\n"),
    (
        "filter-block-arguments",
        "{% filter indent(values.n) %}\na\nb\n{% endfilter %}\n{% set v | indent(values.m) %}\nx\ny\n{% endset %}\n{{ v }}\n",
    ),
    ("dict", "{{ dict(a=values.n, b=values.s) | tojson }}\n"),
    ("spread", "{{ dict(values.obj.deep, z=values.n) | toyaml }}\n"),
    ("sha256", "sum: {{ values.obj | toyaml | sha256 }}\nsum: {{ values.s | sha256 }}\n"),
    (
        "sha256-block",
        "{% set v %}{% include \"_yaml.j2\" %}{% if values.f %}f{% endif %}{% for i in values.nums %}x{% endfor %}{% endset %}\nsum: {{ v | sha256 }}\n",
    ),
    (
        "fromyaml",
        "{% set v %}{% include \"_yaml.j2\" %}{% endset %}\n{% set v = v | fromyaml %}\n{{ v | tojson(indent=1) }}\n{{ v.x }} {{ v.why }} {{ v.both }}\n",
    ),
    ("fromyaml-toyaml", "{% set v %}{% include \"_yaml.j2\" %}{% endset %}\n{{ v | fromyaml | toyaml }}\n"),
    (
        "fromyaml-if",
        "{% set v %}a: 1\n{% if values.f %}\nb: 2\nc: {d: 3}\n{% endif %}\n{% for i in values.nums %}\nk{{ loop.index }}: {{ i }}\n{% endfor %}\n{% endset %}\n{{ v | fromyaml | toyaml }}\n{{ v | fromyaml | length }}\n",
    ),
    (
        "fromyaml-loop",
        "{% set v %}{% for w in values.lst %}\n- {n: {{ w }}, p: {{ values.n }}}\n{% endfor %}\n{% endset %}\n{% for i in v | fromyaml %}\n{{ i.n }} {{ i.p + 1 }}\n{% endfor %}\n",
    ),
    (
        "fromjson",
        "{{ (values.obj | tojson | fromjson).deep.k }} {{ (values.obj | tojson | fromjson).x + 1 }}\n",
    ),
    ("b64", "{{ values.s | b64encode }} {{ values.obj | tojson | b64encode }}\n"),
    ("quote", "{{ values.s | quote }} {{ values.n | quote }} {{ values.f | quote }}\n"),
    ("trunc", "{{ values.s | trunc(1) }} {{ values.s | trunc(values.n) }}\n"),
    ("pad2", "{{ (values.n | pad2) ~ \"-\" ~ values.s ~ \".conf\" }}\n"),
    ("dns-label", "{{ values.s | dns_label }} {{ values.s | regex_escape }}\n"),
    ("cpu", "{{ (values.n / 3) | cpu }} {{ (values.n * 1000000) | memory }}\n"),
    ("required", "{{ values.s | required(\"no s\") }} {{ values.n | required(\"no n\") }}\n"),
    (
        "int-filter",
        "{{ values.n | int + 1 }} {{ values.n | float }} {{ values.n | string }} {{ values.f | string }}\n",
    ),
    (
        "map-in-for",
        "{% for i in values.items %}\n{% set m = {\"n\": i.name, \"p\": i.port} %}\n{{ m | tojson }}\n{% endfor %}\n",
    ),
    (
        "conditional-key",
        "a: {{ values.s }}\n{% if values.f %}\nb: {{ values.n }}\n{% endif %}\nc: {{ values.t }}\n",
    ),
    (
        "attr",
        "{{ values.obj | attr(\"x\") }} {{ values.obj.deep | attr(values.obj.deep.k) | default(\"none\") }}\n",
    ),
    ("lookup", "{{ {\"aa\": 1, \"bb\": 2}[values.s] | default(3) }} {{ [10, 20, 30, 40][values.n] }}\n"),
    ("first-last", "{{ values.lst | first | default(\"e\") }} {{ values.nums | last | default(\"e\") }}\n"),
    ("list-filter", "{{ values.nums | list | tojson }} {{ values.obj | items | list | length }}\n"),
    ("do", "{% do namespace(x=values.s) %}\n{{ values.t }}\n"),
    (
        "loop-variable-set",
        "{% for i in values.items %}\n{% set label = i.name ~ i.port %}\n{% if label != \"aa1\" %}\n{{ label }}\n{% endif %}\n{% endfor %}\n",
    ),
    (
        "set-from-loop",
        "{% for i in values.nums %}\n{% set d = i * 10 %}\n{{ d }}\n{{ d + values.n }}\n{% endfor %}\n",
    ),
    ("length-condition", "{% if values.lst | length > 1 %}\nmany\n{% endif %}\n"),
    ("chained-condition", "{% if values.items | selectattr(\"on\") | list %}\nsome on\n{% endif %}\n"),
    ("string-tests", "{% if values.s is startingwith(\"a\") %}\nhas a\n{% endif %}\n"),
];
