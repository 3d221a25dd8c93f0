{{- define "web.image" -}}
{{ include "common.images.image" (dict "imageRoot" .Values.image "global" .Values.global "chart" .Chart) }}
{{- end -}}
{{- define "web.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
    {{ default (include "common.names.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
    {{ default "default" .Values.serviceAccount.name }}
{{- end -}}
{{- end -}}
{{- define "web.validateValues" -}}
{{- $messages := list -}}
{{- $messages := append $messages (include "web.validateValues.ing" .) -}}
{{- $messages := append $messages (include "web.validateValues.auth" .) -}}
{{- $messages := without $messages "" -}}
{{- $message := join "\n" $messages -}}
{{- if $message -}}
{{-   printf "\nVALUES VALIDATION:\n%s" $message | fail -}}
{{- end -}}
{{- end -}}
{{- define "web.validateValues.ing" -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hostname) -}}
web: ingress.hostname
    You must set a hostname.
{{- end -}}
{{- end -}}
{{- define "web.validateValues.auth" -}}
{{- if eq (.Values.auth.username | toString) "root" -}}
web: auth.username
    Not "root" please.
{{- end -}}
{{- end -}}