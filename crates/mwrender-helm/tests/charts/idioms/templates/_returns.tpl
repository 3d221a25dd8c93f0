{{- /* Functions that give values back, as JSON under "r"; a loop of one turn is what return breaks out of. */ -}}
{{- define "fn.kind" -}}
{{- $value := index .a 0 -}}
{{- range $_ := list 1 -}}
{{- if kindIs "invalid" $value -}}{{- dict "r" (coalesce nil) | toJson -}}{{- break -}}{{- end -}}
{{- if typeIs "float64" $value -}}{{- dict "r" (list "number" (eq (floor $value) $value)) | toJson -}}{{- break -}}{{- end -}}
{{- dict "r" (list (kindOf $value) (printf "%T" $value)) | toJson -}}{{- break -}}
{{- end -}}
{{- end -}}
{{- define "fn.scale" -}}
{{- $scales := dict "" 1.0 "m" 0.001 "k" (1000 | int) "Ki" (1024 | int) "Mi" (1048576 | int) "Gi" (1073741824 | int) -}}
{{- $unit := regexFind "(m|k|Ki|Mi|Gi)$" (index .a 0) -}}
{{- dict "r" (get $scales $unit | float64) | toJson -}}
{{- end -}}
{{- define "fn.quantity" -}}
{{- $text := index .a 0 -}}
{{- range $_ := list 1 -}}
{{- if typeIs "float64" $text -}}{{- dict "r" (mulf $text 1000.0) | toJson -}}{{- break -}}{{- end -}}
{{- if not (regexMatch `^[0-9]+(\.[0-9]{0,6})?(m|k|Ki|Mi|Gi)?$` $text) -}}
{{- fail (printf "no quantity: %q is a %T" $text $text) -}}
{{- end -}}
{{- $scale := get (include "fn.scale" (dict "a" (list $text)) | fromJson) "r" -}}
{{- $number := regexReplaceAll "[a-zA-Z]+$" $text "" | float64 -}}
{{- dict "r" (int64 (ceil (mulf (mulf $number 1000.0) $scale))) | toJson -}}
{{- end -}}
{{- end -}}
{{- define "fn.order" -}}
{{- $graph := .graph -}}
{{- if empty $graph -}}
  {{- $_ := set . "out" list -}}
{{- else -}}
  {{- $free := list -}}
  {{- range $node, $needs := $graph -}}
    {{- if empty $needs -}}{{- $free = append $free $node -}}{{- end -}}
  {{- end -}}
  {{- if empty $free -}}{{- fail (printf "a circle:\n%s" (toYaml $graph)) -}}{{- end -}}
  {{- $_ := unset $graph (first $free) -}}
  {{- range $node, $needs := $graph -}}{{- $_ := set $graph $node (without $needs (first $free)) -}}{{- end -}}
  {{- $rest := dict "graph" $graph "out" list -}}
  {{- include "fn.order" $rest -}}
  {{- $_ = set . "out" (concat (list (first $free)) $rest.out) -}}
{{- end -}}
{{- end -}}
{{- define "fn.patch" -}}
{{- $doc := dict "" (fromJson (toJson .doc)) -}}
{{- range .patch -}}
  {{- $at := $doc -}}
  {{- $above := $doc -}}
  {{- $keys := splitList "/" (required "a patch needs a path" .path) -}}
  {{- range $key := initial $keys -}}
    {{- $above = $at -}}
    {{- $at = index $at $key -}}
  {{- end -}}
  {{- $last := last $keys -}}
  {{- if kindIs "slice" $at -}}
    {{- $n := atoi $last -}}
    {{- if ge $n (len $at) -}}{{- fail (cat "no item" $last "in" (toJson $at)) -}}{{- end -}}
    {{- $behind := slice $at (add $n 1) (len $at) -}}
    {{- $_ := set $above (index (initial $keys | reverse) 0) (concat (append (slice $at 0 $n) .value) $behind) -}}
  {{- else if eq .op "remove" -}}
    {{- $_ := unset $at $last -}}
  {{- else if has .op (list "add" "replace") -}}
    {{- $_ := set $at $last .value -}}
  {{- else -}}
    {{- fail (cat "patch has an unknown op" .op) -}}
  {{- end -}}
{{- end -}}
{{- get $doc "" | toJson -}}
{{- end -}}
{{- define "fn.manifests" -}}
{{- range $manifest := get (include (index . 0) (dict "a" (list (index . 1))) | fromJson) "r" -}}
{{- if ne (toJson $manifest) "null" }}
---
{{ toYaml (unset (unset $manifest "status") "creationTimestamp") }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- define "idioms.pods" -}}
{{- $dot := index .a 0 -}}
{{- $values := $dot.Values -}}
{{- $mounts := list (mustMergeOverwrite (dict "name" "" "mountPath" "") (dict "name" "config" "mountPath" "/etc/app" "readOnly" true)) -}}
{{- range $_, $mount := $values.extra -}}
{{- $mounts = concat (default (list) $mounts) (list (mustMergeOverwrite (dict "name" "" "mountPath" "") $mount)) -}}
{{- end -}}
{{- dict "r" (list
  (mustMergeOverwrite (dict "metadata" (dict "creationTimestamp" (coalesce nil)) "spec" (dict "containers" (coalesce nil)) "status" (dict))
    (dict "apiVersion" "v1" "kind" "Pod" "metadata" (dict "name" $dot.Release.Name "labels" (merge (dict) (dict "a" "b") $values.podLabels))
      "spec" (dict "containers" (list (dict "name" $dot.Chart.Name "volumeMounts" $mounts "limits" $values.limits "replicas" ($values.replicas | int))))))
  (coalesce nil)
  (dict "kind" "Zeta" "status" 1 "values" (sha256sum (toYaml $values)))) | toJson -}}
{{- end -}}
