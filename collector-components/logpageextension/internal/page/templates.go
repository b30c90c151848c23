// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"embed"
	"html/template"
	"strconv"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
)

//go:embed templates/*.gohtml
var templateFiles embed.FS

// templates are read when the program starts: one of its own that it cannot read is a fault
// that the first test meets.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"inert": inert.Text,
	// coordinate writes a number of a drawing as short as its eye can tell.
	"coordinate": func(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) },
	"icon":       func(name, label string) icon { return icon{name, label} },
	"field":      newField,
	"both":       func(first, second any) pair { return pair{first, second} },
}).ParseFS(templateFiles, "templates/*.gohtml"))

// icon is a picture of those in icons.gohtml.
type icon struct{ Name, Label string }

// pair are two values for a template that needs two.
type pair struct{ First, Second any }

// field is a date or a time of day of the form.
type field struct {
	Form                     *form
	Name, Type, Label, Value string
}

func newField(f *form, name, kind, value string) field {
	return field{Form: f, Name: name, Type: kind, Label: f.T("filter." + name), Value: value}
}

// Error says what is wrong with the field.
func (f field) Error() string { return f.Form.Errors[f.Name] }
