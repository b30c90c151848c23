// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package messages // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"

import (
	"net/http"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Parameter is the name of the URL's parameter that chooses the language, whatever the
// browser asks for.
const Parameter = "lang"

// Language is one that the page speaks.
type Language struct {
	// Tag is its BCP 47 tag, such as pt-BR.
	Tag string
	// Name is what its speakers call it.
	Name string
}

// Languages returns the languages, in the order in which a menu shows them.
func Languages() []Language {
	return []Language{
		{Tag: "en", Name: "English"},
		{Tag: "fr", Name: "Français"},
		{Tag: "de", Name: "Deutsch"},
		{Tag: "es", Name: "Español"},
		{Tag: "pt-BR", Name: "Português (Brasil)"},
	}
}

// variant is a way to write: a language's texts with the dates of a region.
type variant struct {
	tag, texts language.Tag
	formats    formats
}

// variants are what is matched with what a browser asks for; the first is for those whose
// language is not spoken here.
var variants = []variant{
	{tag: language.English, texts: language.English, formats: english},
	{tag: language.BritishEnglish, texts: language.English, formats: british},
	{tag: language.French, texts: language.French, formats: french},
	{tag: language.German, texts: language.German, formats: german},
	{tag: language.Spanish, texts: language.Spanish, formats: spanish},
	{tag: language.BrazilianPortuguese, texts: language.BrazilianPortuguese, formats: portuguese},
}

var matcher = language.NewMatcher(tags())

func tags() []language.Tag {
	all := make([]language.Tag, 0, len(variants))
	for i := range variants {
		all = append(all, variants[i].tag)
	}
	return all
}

// For returns the printer of the language that a request asks for: by its parameter lang,
// else by its header Accept-Language, else English.
func For(r *http.Request) *Printer {
	return In(r.URL.Query().Get(Parameter), r.Header.Get("Accept-Language"))
}

// In returns the printer of the first of the wanted languages that is spoken here, else of
// English. Each is a tag or a list as in Accept-Language; what is neither is passed over.
func In(wanted ...string) *Printer {
	_, index := language.MatchStrings(matcher, wanted...)
	v := &variants[index]
	return &Printer{variant: v, printer: message.NewPrinter(v.texts, message.Catalog(texts.catalog))}
}
