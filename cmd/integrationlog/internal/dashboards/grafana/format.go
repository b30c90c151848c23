// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Format writes the values of a variable. Several, or those of a variable of which one may
// choose several, are a list.
type Format func(values []string, list bool, v *Variable) string

// named are the formats that a text can ask for: ${variable:format}.
var named = map[string]Format{
	"raw":           joined(","),
	"csv":           joined(","),
	"pipe":          joined("|"),
	"glob":          Glob,
	"regex":         regexFormat,
	"doublequote":   quoted(`"`, `\"`),
	"singlequote":   quoted(`'`, `\'`),
	"json":          jsonFormat,
	"text":          textFormat,
	"percentencode": braced(PercentEncode),
	"uriencode":     URIEncoded,
	"queryparam":    queryParameter,
}

// formatOf returns the format of a name, which may have arguments: join:;. Grafana takes
// glob for what it does not know; here it is an error.
func formatOf(name string) (Format, error) {
	if format, ok := named[name]; ok {
		return format, nil
	}
	kind, argument, _ := strings.Cut(name, ":")
	switch kind {
	case "join":
		return joined(argument), nil
	case "date":
		return dateFormat(argument), nil
	default:
		return nil, fmt.Errorf("there is no format %s", name)
	}
}

// Glob is the format where nothing else is said: a, or {a,b}.
func Glob(values []string, list bool, _ *Variable) string {
	if list && len(values) > 1 {
		return "{" + strings.Join(values, ",") + "}"
	}
	return strings.Join(values, ",")
}

// URIEncoded is the format of links. It leaves alone what has a meaning in an address, so
// a value with & or # needs percentencode.
func URIEncoded(values []string, list bool, v *Variable) string {
	return braced(uriEncode)(values, list, v)
}

func joined(separator string) Format {
	return func(values []string, _ bool, _ *Variable) string { return strings.Join(values, separator) }
}

func quoted(quote, escaped string) Format {
	return func(values []string, _ bool, _ *Variable) string {
		all := make([]string, len(values))
		for i, value := range values {
			all[i] = quote + strings.ReplaceAll(value, quote, escaped) + quote
		}
		return strings.Join(all, ",")
	}
}

// braced encodes a value, or several in braces.
func braced(encode func(string) string) Format {
	return func(values []string, list bool, _ *Variable) string {
		text := strings.Join(values, ",")
		if list {
			text = "{" + text + "}"
		}
		return encode(text)
	}
}

var regexSpecial = regexp.MustCompile(`[\\^$*+?.()|[\]{}/]`)

func regexFormat(values []string, list bool, _ *Variable) string {
	escaped := make([]string, len(values))
	for i, value := range values {
		escaped[i] = regexSpecial.ReplaceAllString(value, `\$0`)
	}
	if list && len(values) != 1 {
		return "(" + strings.Join(escaped, "|") + ")"
	}
	return strings.Join(escaped, "")
}

func jsonFormat(values []string, list bool, _ *Variable) string {
	if !list {
		return strings.Join(values, "")
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(values); err != nil {
		return "" // texts are always JSON
	}
	return strings.TrimSpace(text.String())
}

func textFormat(values []string, _ bool, v *Variable) string {
	if v != nil && v.isAll() {
		return "All"
	}
	return strings.Join(values, " + ")
}

func queryParameter(values []string, _ bool, v *Variable) string {
	if v == nil || v.SkipURLSync {
		return ""
	}
	if v.isAll() {
		values = []string{All}
	}
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = "var-" + v.Name + "=" + searchEncode(value)
	}
	return strings.Join(all, "&")
}

func dateFormat(argument string) Format {
	return func(values []string, _ bool, _ *Variable) string {
		milliseconds, err := strconv.ParseInt(strings.Join(values, ""), 10, 64)
		if err != nil {
			return "NaN"
		}
		switch argument {
		case "ms":
			return strconv.FormatInt(milliseconds, 10)
		case "seconds":
			return strconv.FormatInt((milliseconds+500)/1000, 10)
		default:
			return time.UnixMilli(milliseconds).UTC().Format("2006-01-02T15:04:05.000Z")
		}
	}
}

// PercentEncode encodes everything but letters, digits, and -_.~
func PercentEncode(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// unencoded returns a function that decodes some characters of what is encoded.
func unencoded(characters string) func(string) string {
	var pairs []string
	for _, c := range characters {
		pairs = append(pairs, fmt.Sprintf("%%%02X", c), string(c))
	}
	return strings.NewReplacer(pairs...).Replace
}

var (
	addressCharacters = unencoded(";/?:@&=+$,#")
	searchCharacters  = unencoded("@:$,;")
)

func uriEncode(text string) string    { return addressCharacters(PercentEncode(text)) }
func searchEncode(text string) string { return searchCharacters(PercentEncode(text)) }
