// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package logql writes queries in Loki's language, of quoted strings and fixed names only.
package logql // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

// Query chooses entries: a stream selector and the stages behind it.
type Query struct {
	selector string
	stages   string
}

// Select returns the query of all streams in which each label has one of its values.
func Select(labels ...Choice) Query {
	matchers := make([]string, 0, len(labels))
	for _, label := range labels {
		if len(label.Values) > 0 {
			matchers = append(matchers, label.matcher())
		}
	}
	return Query{selector: "{" + strings.Join(matchers, ", ") + "}"}
}

// Choice is a label, or a name of structured metadata, and the values it may have. No
// values choose all.
type Choice struct {
	Name   string
	Values []string
}

func (c Choice) matcher() string {
	if len(c.Values) == 1 {
		return c.Name + "=" + lokiapi.Quote(c.Values[0])
	}
	patterns := make([]string, len(c.Values))
	for i, value := range c.Values {
		patterns[i] = quoteMeta(value)
	}
	return c.Name + "=~" + lokiapi.Quote(strings.Join(patterns, "|"))
}

// String is the query in LogQL.
func (q Query) String() string { return q.selector + q.stages }

// Where narrows the query to entries with one of the values. It compares them one by one:
// Loki rewrites a|b to "contains a or contains b" where it stands behind the selector.
func (q Query) Where(choices ...Choice) Query {
	for _, choice := range choices {
		if len(choice.Values) == 0 {
			continue
		}
		comparisons := make([]string, len(choice.Values))
		for i, value := range choice.Values {
			comparisons[i] = choice.Name + "=" + lokiapi.Quote(value)
		}
		q.stages += " | " + strings.Join(comparisons, " or ")
	}
	return q
}

// lineField holds the line while it is searched: LogQL has no "or" between a filter of
// lines and one of fields.
const lineField = "searched_line"

// WhereLineOr narrows the query to entries with the text in the line or in a field,
// whatever its case.
func (q Query) WhereLineOr(name, text string) Query {
	q.stages += ` | pattern "<` + lineField + `>"`
	either := func(flags string, texts ...string) {
		comparisons := make([]string, 0, 2*len(texts))
		for _, text := range texts {
			pattern := lokiapi.Quote(flags + ".*" + quoteMeta(text) + ".*")
			comparisons = append(comparisons, lineField+"=~"+pattern, name+"=~"+pattern)
		}
		q.stages += " | " + strings.Join(comparisons, " or ")
	}
	// Loki takes an expression such as (?i).*text.* for a plain text, which it finds fast,
	// and in texts of several lines too. But it does not know all cases of what is not
	// ASCII: that is left to the library of expressions, in what may have it.
	plain := longestASCII(text)
	if plain != "" {
		either("(?i)", plain)
	} else {
		either("", beginnings(text)...)
	}
	if plain != text {
		either("(?is)", text)
	}
	q.stages += " | drop " + lineField
	return q
}

// beginnings returns the first two runes of a text in all cases that (?i) takes for the same.
func beginnings(text string) []string {
	found := []string{""}
	for i, r := range []rune(strings.ToValidUTF8(text, "\uFFFD")) {
		if i == 2 {
			break
		}
		var longer []string
		for _, begun := range found {
			longer = append(longer, begun+string(r))
			for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
				longer = append(longer, begun+string(other))
			}
		}
		found = longer
	}
	return found
}

// longestASCII returns the longest part of a text that is ASCII.
func longestASCII(text string) string {
	longest := ""
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
		if len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

// quoteMeta writes an expression of a text, with numbers for control characters. Loki's
// frontend writes queries anew, and puts some expressions between backquotes: there its parser
// refuses a character of zero bits, and drops each carriage return.
func quoteMeta(text string) string {
	var expression strings.Builder
	for _, r := range regexp.QuoteMeta(strings.ToValidUTF8(text, "\uFFFD")) {
		if unicode.IsControl(r) {
			fmt.Fprintf(&expression, `\x{%x}`, r)
		} else {
			expression.WriteRune(r)
		}
	}
	return expression.String()
}

// Count is the metric query that counts entries by labels in windows of so many
// milliseconds, each of which ends an offset before the time of its sample: at (t, t+range]
// as Loki counts.
func (q Query) Count(by []string, window, offset time.Duration) string {
	text := fmt.Sprintf("sum by (%s) (count_over_time(%s [%dms]", strings.Join(by, ", "), q, window.Milliseconds())
	if offset != 0 {
		text += fmt.Sprintf(" offset %dns", offset.Nanoseconds())
	}
	return text + "))"
}
