{{- define "common.label" -}}
{{ . | quote }}
{{- end -}}
