{{- define "lang.inner" -}}<{{ .v }}>{{- end -}}
{{- define "lang.rec" -}}{{ if gt (int .) 0 }}{{ . }} {{ include "lang.rec" (sub (int .) 1) }}{{ end }}{{- end -}}
{{- define "lang.args" -}}{{ range $i, $a := . }}{{ $i }}={{ $a }};{{ end }}{{- end -}}
