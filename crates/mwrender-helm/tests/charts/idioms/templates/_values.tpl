{{- /* The effective text of a value that may hold templates. */ -}}
{{- define "idioms.render" -}}
{{- $text := typeIs "string" .value | ternary .value (.value | toYaml) -}}
{{- if contains "{{" (toJson .value) -}}
  {{- if .scope -}}
    {{- tpl (cat "{{- with $.Scope -}}" $text "{{- end }}") (merge (dict "Scope" .scope) .ctx) -}}
  {{- else -}}
    {{- tpl $text .ctx -}}
  {{- end -}}
{{- else -}}
{{- $text -}}
{{- end -}}
{{- end -}}
{{- define "idioms.merge" -}}
{{- $all := dict -}}
{{- range .values -}}
{{- $all = include "idioms.render" (dict "value" . "ctx" $.ctx) | fromYaml | merge $all -}}
{{- end -}}
{{ $all | toYaml }}
{{- end -}}
{{- define "idioms.lookup" -}}
{{- $at := .ctx.Values -}}
{{- $found := "" -}}
{{- range splitList "." .key -}}
  {{- if not $at -}}{{- printf "there is no %q in the values" $.key | fail -}}{{- end -}}
  {{- $found = index $at . -}}
  {{- $at = $found -}}
{{- end -}}
{{- printf "%v" (default "" $found) -}}
{{- end -}}
{{- define "idioms.password" -}}
{{- $given := include "idioms.lookup" (dict "key" .key "ctx" .ctx) -}}
{{- $there := (lookup "v1" "Secret" .ctx.Release.Namespace .name).data -}}
{{- if $there -}}
{{- index $there .key -}}
{{- else if $given -}}
{{- tpl ($given | toString) .ctx | b64enc | quote -}}
{{- else if .ctx.Release.IsUpgrade -}}
{{- $message := printf "\n\nVALUES: '%s' must not be empty:\n    --set %s=..." .key .key -}}
{{- printf "%s\n%s" $message (join "" (list "" "and again")) | fail -}}
{{- else -}}
{{- print "fixed" | b64enc | quote -}}
{{- end -}}
{{- end -}}
