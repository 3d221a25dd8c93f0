{{/* name */}}
{{- define "legacy.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "legacy.env" -}}
{{- range $k, $v := .config }}
- name: {{ $k | upper | replace "." "_" }}
  value: {{ $v | toString | quote }}
{{- end }}
{{- end -}}