{{- define "web.name" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "web.labels" -}}
app: {{ include "web.name" . }}
env: {{ .Values.env | default "none" }}
{{- with .Values.labels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
{{- define "web.listener" -}}
- name: {{ .name }}
  port: {{ .listener.port | int }}
  {{- if .listener.timeout }}
  timeout: {{ .listener.timeout | quote }}
  {{- end }}
{{- end -}}
