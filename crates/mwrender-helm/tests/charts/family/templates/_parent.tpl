{{ define "who" }}family{{ end }}
{{ define "family.note" }}from {{ .Template.Name }}{{ end }}
