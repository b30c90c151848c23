// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import (
	"regexp"
	"strings"
)

// A reference path that does not exist fails a state of ZIS. In jq it is only null. So
// whatever an entry takes from a flow it takes by jq, and paths are translated.

// steps of a reference path: .name, ["name"] or ['name'], [0].
var pathStep = regexp.MustCompile(`^(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\["([^"\\]+)"\]|\['([^'\\]+)'\]|\[([0-9]{1,9})\])`)

var placeholder = regexp.MustCompile(`\{\{\s*(\$[^{}]*?)\s*\}\}`)

// jqPath translates a reference path into jq that is null where the path leads nowhere.
func jqPath(path string) (string, bool) {
	rest, found := strings.CutPrefix(path, "$")
	if !found {
		return "", false
	}
	steps := []string{"."}
	for rest != "" {
		match := pathStep.FindStringSubmatch(rest)
		if match == nil {
			return "", false
		}
		if index := match[4]; index != "" {
			steps = append(steps, ".["+index+"]?")
		} else {
			steps = append(steps, ".["+quote(match[1]+match[2]+match[3])+"]?")
		}
		rest = rest[len(match[0]):]
	}
	return "((" + strings.Join(steps, " | ") + ") // null)", true
}

// jqText translates what a state says, with its {{$.placeholders}}, or a reference path
// as a whole. A path that cannot be translated stays as it is written.
func jqText(text string) string {
	if path, ok := jqPath(text); ok {
		return jqString(path)
	}
	var parts []string
	from := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		path, ok := jqPath(text[at[2]:at[3]])
		if !ok {
			continue
		}
		if at[0] > from {
			parts = append(parts, quote(text[from:at[0]]))
		}
		parts = append(parts, jqString(path))
		from = at[1]
	}
	if from < len(text) || len(parts) == 0 {
		parts = append(parts, quote(text[from:]))
	}
	return strings.Join(parts, " + ")
}

func jqString(path string) string {
	return `(` + path + ` | if . == null then "" else tostring end)`
}
