// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// All is the value that stands for every value.
const All = "$__all"

// Variable is a variable with the values that are chosen.
type Variable struct {
	Definition

	// Values are what is chosen: one of them unless it is multi, or All.
	Values []string
	// Options are what one can choose from.
	Options []string
}

// Variables are those of a dashboard.
type Variables []*Variable

// NewVariables returns the variables of a dashboard as they are when it is opened.
func NewVariables(definitions []Definition) (Variables, error) {
	var variables Variables
	for i := range definitions {
		v := &Variable{Definition: definitions[i]}
		values, err := v.initial()
		if err != nil {
			return nil, fmt.Errorf("variable %s: %w", v.Name, err)
		}
		v.Values = values
		if v.Type == "custom" {
			v.Options = v.listed()
		}
		variables = append(variables, v)
	}
	return variables, nil
}

// initial returns the current value. What is not chosen yet is everything, where that can
// be chosen.
func (v *Variable) initial() ([]string, error) {
	var values []string
	if err := json.Unmarshal(v.Current.Value, &values); err != nil {
		var value string
		if len(v.Current.Value) > 0 {
			if err := json.Unmarshal(v.Current.Value, &value); err != nil {
				return nil, err
			}
		}
		values = []string{value}
	}
	if len(values) > 1 || len(values) == 1 && values[0] != "" {
		return values, nil
	}
	switch {
	case v.IncludeAll:
		return []string{All}, nil
	case v.Type == "textbox" || v.Type == "constant":
		query, err := v.Text()
		return []string{query}, err
	case v.Type == "custom":
		return v.listed()[:1], nil
	default:
		return values, nil
	}
}

// Text returns the query, where it is a text.
func (v *Variable) Text() (string, error) {
	if len(v.Query) == 0 {
		return "", nil
	}
	var text string
	err := json.Unmarshal(v.Query, &text)
	return text, err
}

var (
	listItem  = regexp.MustCompile(`(?:\\,|[^,])+`)
	labelled  = regexp.MustCompile(`^\s*(.+)\s:\s(.+)$`)
	unescaped = strings.NewReplacer(`\,`, `,`)
)

// listed returns the values of a custom variable: a, b, or label : a, label : b.
func (v *Variable) listed() []string {
	query, err := v.Text()
	if err != nil {
		return nil
	}
	var values []string
	for _, item := range listItem.FindAllString(query, -1) {
		item = unescaped.Replace(item)
		if parts := labelled.FindStringSubmatch(item); parts != nil {
			item = parts[2]
		}
		values = append(values, strings.TrimSpace(item))
	}
	return values
}

// Get returns the variable of a name, or nil.
func (vs Variables) Get(name string) *Variable {
	for _, v := range vs {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// With returns a copy in which a variable has other values. One that is not there is an
// error.
func (vs Variables) With(name string, values ...string) (Variables, error) {
	changed := make(Variables, len(vs))
	found := false
	for i, v := range vs {
		changed[i] = v
		if v.Name == name {
			other := *v
			other.Values = values
			changed[i] = &other
			found = true
		}
	}
	if !found {
		return nil, fmt.Errorf("there is no variable %s", name)
	}
	return changed, nil
}

// FromURL returns a copy with the values that the address of a dashboard tells:
// var-product=zis&var-product=actions. A parameter without a variable is an error.
func (vs Variables) FromURL(query url.Values) (Variables, error) {
	changed := vs
	for key, values := range query {
		name, ok := strings.CutPrefix(key, "var-")
		if !ok {
			continue
		}
		for i, value := range values {
			if v := vs.Get(name); v != nil && v.IncludeAll && (value == "All" || value == v.AllValue) {
				values[i] = All
			}
		}
		var err error
		if changed, err = changed.With(name, values...); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// WithOptions returns a copy in which a variable offers other options. What was chosen and
// is no longer offered is given up: for everything where nothing is offered, else for the
// first that is.
func (vs Variables) WithOptions(name string, options ...string) (Variables, error) {
	v := vs.Get(name)
	if v == nil {
		return nil, fmt.Errorf("there is no variable %s", name)
	}
	values := slices.DeleteFunc(slices.Clone(v.Values), func(value string) bool { return !slices.Contains(options, value) })
	switch {
	case v.IncludeAll && (v.isAll() || len(options) == 0):
		values = []string{All}
	case len(values) == 0 && len(options) > 0:
		values = options[:1]
	}
	changed, err := vs.With(name, values...)
	if err == nil {
		changed.Get(name).Options = options
	}
	return changed, err
}

// isAll tells whether everything is chosen.
func (v *Variable) isAll() bool { return len(v.Values) > 0 && v.Values[0] == All }

// chosen returns the values, and whether they are a list.
func (v *Variable) chosen() (values []string, list bool) {
	switch {
	case v.isAll():
		return v.Options, true
	case v.Multi:
		return v.Values, true
	case len(v.Values) == 0:
		return []string{""}, false
	default:
		return v.Values[:1], false
	}
}
