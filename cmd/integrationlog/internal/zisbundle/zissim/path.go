// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zissim // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle/zissim"

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
)

var (
	pathStep    = regexp.MustCompile(`^(?:\.([^.\[\]{}\s]+)|\[['"]([^'"]+)['"]\]|\[(\d{1,6})\])`)
	placeholder = regexp.MustCompile(`\{\{\s*(\$[^{}]*?)\s*\}\}`)
)

func notFound(path string) error {
	return &runtimeError{cause: "JSON path not found: " + path}
}

// at follows a reference path. One that leads nowhere is an error of the state.
func at(data any, path string) (any, error) {
	rest, found := strings.CutPrefix(path, "$")
	if !found {
		return nil, notFound(path)
	}
	for rest != "" {
		match := pathStep.FindStringSubmatch(rest)
		if match == nil {
			return nil, notFound(path)
		}
		rest = rest[len(match[0]):]
		var exists bool
		if index := match[3]; index != "" {
			data, exists = item(data, index)
		} else {
			var members map[string]any
			members, _ = data.(map[string]any)
			data, exists = members[match[1]+match[2]]
		}
		if !exists {
			return nil, notFound(path)
		}
	}
	return data, nil
}

func item(data any, index string) (any, bool) {
	items, _ := data.([]any)
	i, err := strconv.Atoi(index)
	if err != nil || i >= len(items) {
		return nil, false
	}
	return items[i], true
}

// put stores a result at a path; without one it replaces all that the flow holds.
func put(data any, path string, value any) (any, error) {
	if path == "" || path == "$" {
		return value, nil
	}
	rest, found := strings.CutPrefix(path, "$.")
	if !found {
		return data, fmt.Errorf("the result path %q is none", path)
	}
	return putAt(data, strings.Split(rest, "."), value)
}

func putAt(data any, names []string, value any) (any, error) {
	if len(names) == 0 {
		return value, nil
	}
	members, ok := data.(map[string]any)
	if !ok && data != nil {
		return data, fmt.Errorf("a result cannot be stored at %q: there is no object", names[0])
	}
	inner, err := putAt(members[names[0]], names[1:], value)
	if err != nil {
		return data, err
	}
	changed := maps.Clone(members)
	if changed == nil {
		changed = map[string]any{}
	}
	changed[names[0]] = inner
	return changed, nil
}

// fill resolves a path, or the placeholders in a text.
func fill(text string, data any) (any, error) {
	if text == "$" || strings.HasPrefix(text, "$.") {
		return at(data, text)
	}
	var failed error
	filled := placeholder.ReplaceAllStringFunc(text, func(found string) string {
		value, err := at(data, placeholder.FindStringSubmatch(found)[1])
		if err != nil {
			failed = err
		}
		return plain(value)
	})
	return filled, failed
}

func plain(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	raw, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(raw)
}

// render fills a template: members whose names end in ".$", and, in the definition of
// an action, placeholders in any text.
func render(template, data any, everywhere bool) (any, error) {
	switch t := template.(type) {
	case map[string]any:
		rendered := make(map[string]any, len(t))
		for name, value := range t {
			bare, dynamic := strings.CutSuffix(name, ".$")
			text, isText := value.(string)
			var err error
			if dynamic && isText {
				rendered[bare], err = fill(text, data)
			} else {
				rendered[name], err = render(value, data, everywhere)
			}
			if err != nil {
				return nil, err
			}
		}
		return rendered, nil
	case []any:
		rendered := make([]any, 0, len(t))
		for _, value := range t {
			one, err := render(value, data, everywhere)
			if err != nil {
				return nil, err
			}
			rendered = append(rendered, one)
		}
		return rendered, nil
	case string:
		if everywhere && strings.Contains(t, "{{") {
			return fill(t, data)
		}
	}
	return template, nil
}
