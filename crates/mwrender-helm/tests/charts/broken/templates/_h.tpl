{{- define "broken.outer" -}}
{{ include "broken.middle" (dict "root" . "k" 1) }}
{{- end -}}
{{- define "broken.middle" -}}
line
{{ template "broken.inner" .root }}
{{- end -}}
{{- define "broken.inner" -}}
{{ .Values.map.missing.deeper }}
{{- end -}}
{{- define "broken.fails" -}}
{{ include "broken.fails2" . }}
{{- end -}}
{{- define "broken.fails2" -}}
{{ fail (printf "no %s here" .Values.text) }}
{{- end -}}
{{- define "broken.forever" -}}
{{ include "broken.forever" . }}
{{- end -}}
