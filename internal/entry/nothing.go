// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import "strings"

// saysNothing knows what a template writes where there is nothing to say.
func saysNothing(text string) bool {
	switch strings.ToLower(text) {
	case "", "0", "false", "null", "nil", "none", "undefined", "nan", "n/a", "-", "{}", "[]", "[object object]":
		return true
	default:
		return isPlaceholder(text)
	}
}

// tellsNothingApart tells an id that many entries can have: one that says nothing, is made
// of such parts or of zeros, or has a placeholder in it that nobody has filled in.
func tellsNothingApart(id string) bool {
	if saysNothing(id) || holdsPlaceholder(id) {
		return true
	}
	for part := range strings.FieldsFuncSeq(id, func(r rune) bool { return strings.ContainsRune(" :/_.,;|-", r) }) {
		if strings.Trim(part, "0") != "" && !saysNothing(part) {
			return false
		}
	}
	return true
}

// isPlaceholder tells a placeholder of a template that nobody has filled in.
func isPlaceholder(text string) bool {
	return strings.HasPrefix(text, "{{") && strings.HasSuffix(text, "}}")
}

// holdsPlaceholder finds one within a text.
func holdsPlaceholder(text string) bool {
	_, rest, found := strings.Cut(text, "{{")
	return found && strings.Contains(rest, "}}")
}
