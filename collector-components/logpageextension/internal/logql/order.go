// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logql // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

// Line stands for the line of an entry where the name of a field is asked for.
const Line = ""

// MaxSeparator is the longest text, in runes, that [Query.Divide] can compare with: each
// is a level of its regular expression, and those have at most 1000.
const MaxSeparator = 256

var fieldName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// IsFieldName tells whether a query can name a field so.
func IsFieldName(name string) bool { return fieldName.MatchString(name) }

// Divide returns two queries that have every entry of this one once: those whose field, or
// line, is less than the separator, and the others. Texts are compared rune by rune, which
// for UTF-8 is the order of Go's strings. LogQL compares numbers only, so that this is done
// by a regular expression.
func (q Query) Divide(name, separator string) (less, others Query) {
	pattern := "(?s)" + atLeast(separator)
	less, others = q, q
	if name == Line {
		pattern = lokiapi.Quote("(?s)^" + atLeast(separator))
		less.stages += " !~ " + pattern
		others.stages += " |~ " + pattern
		return less, others
	}
	less.stages += " | " + name + "!~" + lokiapi.Quote(pattern)
	others.stages += " | " + name + "=~" + lokiapi.Quote(pattern)
	return less, others
}

// WherePrefix narrows the query to entries whose field begins with the text.
func (q Query) WherePrefix(name, prefix string) Query {
	q.stages += " | " + name + "=~" + lokiapi.Quote("(?s)"+quoteMeta(prefix)+".*")
	return q
}

// atLeast is the pattern of texts that are not less than the separator: a greater first
// rune and anything, or the same first rune and what is not less than the rest.
func atLeast(separator string) string {
	var pattern strings.Builder
	depth := 0
	for _, r := range separator {
		if r < unicode.MaxRune {
			depth++
			fmt.Fprintf(&pattern, `(?:[\x{%x}-\x{%x}].*|`, r+1, unicode.MaxRune)
		}
		pattern.WriteString(quoteMeta(string(r)))
	}
	return pattern.String() + ".*" + strings.Repeat(")", depth)
}

// Separator returns the shortest text that is greater than low and not greater than high,
// which must be greater than low.
func Separator(low, high string) string {
	for i, r := range high {
		end := i + utf8.RuneLen(r)
		if high[:end] > low {
			return high[:end]
		}
	}
	return high
}
