{{/* any extension is a template */ -}}
echo: {{ .Chart.Name }}
