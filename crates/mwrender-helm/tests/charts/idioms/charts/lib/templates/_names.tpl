{{- define "lib.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $release := regexReplaceAll "(-?[^a-z\\d\\-])+-?" (lower .Release.Name) "-" -}}
{{- contains $name $release | ternary $release (printf "%s-%s" $release $name) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- define "lib.labels" -}}
{{- $own := dict "app" (include "lib.fullname" .ctx) "chart" (printf "%s-%s" .ctx.Chart.Name .ctx.Chart.Version | replace "+" "_") -}}
{{- with .ctx.Chart.AppVersion -}}{{- $_ := set $own "version" . -}}{{- end -}}
{{- $_ := set $own "ingress" (semverCompare "<1.26-0" .ctx.Capabilities.KubeVersion.Version | ternary "v1beta1" "v1") -}}
{{ template "idioms.merge" (dict "values" (list .custom .ctx.Values.global.labels $own) "ctx" .ctx) }}
{{- end -}}
