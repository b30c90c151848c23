// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Range is the time range of a dashboard.
type Range struct{ From, To time.Time }

// Length is how long it is.
func (r Range) Length() time.Duration { return r.To.Sub(r.From) }

// Scope is what a text is interpolated with.
type Scope struct {
	Variables Variables
	Range     Range
	// Row is the row of a table whose link is followed, or nil.
	Row Row
	// Value is the value in that row that has the link.
	Value Field
}

// Row is a row of a table, by the names of its fields.
type Row map[string]Field

// Field is one value of a row.
type Field struct {
	// Text is what is shown.
	Text string
	// Number is the value of a number, and the milliseconds since 1970 of a time.
	Number float64
}

// variable matches $name, [[name:format]] and ${name.path:format}.
var variable = regexp.MustCompile(`\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)((?:\.[^:^{}\[\]]+|\["[^"]*"\]|\['[^']*'\]|\[[^\]"']*\])*)(?::([^}]+))?\}`)

// leftToSource are replaced later, by the data source.
var leftToSource = map[string]bool{
	"__auto": true, "__interval": true, "__interval_ms": true, "__range": true, "__range_s": true, "__range_ms": true,
	"__rate_interval": true, "__rate_interval_ms": true,
}

// Interpolate replaces the variables in a text. A format in the text comes before the one
// that is given. A variable that nobody knows is an error; Grafana leaves it as it is.
func (s *Scope) Interpolate(text string, format Format) (string, error) {
	var failures []error
	result := variable.ReplaceAllStringFunc(text, func(match string) string {
		part := variable.FindStringSubmatch(match)
		name, path, wanted := part[1]+part[2]+part[4], part[5], part[3]+part[6]
		if leftToSource[name] && path == "" && wanted == "" {
			return match
		}
		replacement, err := s.replace(name, path, wanted, format)
		if err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", match, err))
		}
		return replacement
	})
	return result, errors.Join(failures...)
}

func (s *Scope) replace(name, path, wanted string, format Format) (string, error) {
	if wanted != "" {
		var err error
		if format, err = formatOf(wanted); err != nil {
			return "", err
		}
	}
	if v := s.Variables.Get(name); v != nil {
		if path != "" {
			return "", errors.New("paths in variables are not supported")
		}
		return s.write(v, wanted, format)
	}
	switch name {
	case "__url_time_range":
		return s.timeParameters(), nil
	case "__all_variables":
		return s.allParameters(), nil
	}
	value, err := s.builtIn(name, path)
	if err != nil {
		return "", err
	}
	return format([]string{value}, false, &Variable{Definition: Definition{Name: name}}), nil
}

// write writes the value of a variable. What stands for all is written as it is, in
// nearly all formats.
func (s *Scope) write(v *Variable, wanted string, format Format) (string, error) {
	values, list := v.chosen()
	if v.isAll() && v.AllValue != "" {
		switch wanted {
		case "text", "queryparam":
		case "percentencode":
			return PercentEncode(v.AllValue), nil
		default:
			return s.Interpolate(v.AllValue, Glob)
		}
	}
	return format(values, list, v), nil
}

// builtIn returns the value of what is no variable of the dashboard.
func (s *Scope) builtIn(name, path string) (string, error) {
	switch name {
	case "__from":
		return strconv.FormatInt(s.Range.From.UnixMilli(), 10), nil
	case "__to":
		return strconv.FormatInt(s.Range.To.UnixMilli(), 10), nil
	case "__timezone":
		return "UTC", nil
	case "__data", "__value":
		if s.Row != nil {
			return s.cell(name, path)
		}
	}
	return "", errors.New("there is no such variable")
}

// steps are the parts of a path such as .fields["Last error"].numeric
var steps = regexp.MustCompile(`\.([^.\[\]]+)|\["([^"]*)"\]|\['([^']*)'\]`)

// cell returns a value of the row. A field that the row does not have is empty.
func (s *Scope) cell(name, path string) (string, error) {
	var parts []string
	for _, part := range steps.FindAllStringSubmatch(path, -1) {
		parts = append(parts, part[1]+part[2]+part[3])
	}
	field := s.Value
	if name == "__data" {
		if len(parts) < 2 || parts[0] != "fields" {
			return "", errors.New("__data knows fields only")
		}
		field = s.Row[parts[1]]
		parts = parts[2:]
	}
	switch kind := strings.Join(parts, "."); kind {
	case "", "text":
		return field.Text, nil
	case "raw", "numeric":
		if field.Number != 0 {
			return strconv.FormatFloat(field.Number, 'f', -1, 64), nil
		}
		return field.Text, nil
	default:
		return "", fmt.Errorf("a value has no %s", kind)
	}
}

func (s *Scope) timeParameters() string {
	return fmt.Sprintf("from=%d&to=%d&timezone=browser", s.Range.From.UnixMilli(), s.Range.To.UnixMilli())
}

// allParameters returns all variables, but for empty texts, as parameters of an address.
func (s *Scope) allParameters() string {
	var all []string
	for _, v := range s.Variables {
		values, list := v.chosen()
		if v.SkipURLSync || !list && values[0] == "" {
			continue
		}
		all = append(all, queryParameter(values, list, v))
	}
	return strings.Join(all, "&")
}
