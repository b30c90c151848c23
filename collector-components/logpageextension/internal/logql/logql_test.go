// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logql

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestQuery(t *testing.T) {
	streams := Select(Choice{Name: "service_namespace", Values: []string{"integrations"}})
	for want, got := range map[string]Query{
		`{service_namespace="integrations"}`: streams,
		`{a="x", b=~"y|z\\.1"}`: Select(
			Choice{Name: "a", Values: []string{"x"}}, Choice{Name: "none"}, Choice{Name: "b", Values: []string{"y", "z.1"}}),
		`{service_namespace="integrations"} | kind="a" or kind="b" | id="1"`: streams.Where(
			Choice{Name: "kind", Values: []string{"a", "b"}}, Choice{Name: "none"}, Choice{Name: "id", Values: []string{"1"}}),
		`{service_namespace="integrations"} | pattern "<searched_line>" | searched_line=~"(?i).*1\\.5 \"` + "`" + `.*" or note=~"(?i).*1\\.5 \"` + "`" + `.*" | drop searched_line`:                                                                                                                                                          streams.WhereLineOr("note", "1.5 \"`"),
		`{service_namespace="integrations"} | pattern "<searched_line>" | searched_line=~"(?i).*chec.*" or note=~"(?i).*chec.*" | searched_line=~"(?is).*échec.*" or note=~"(?is).*échec.*" | drop searched_line`:                                                                                                                            streams.WhereLineOr("note", "échec"),
		`{service_namespace="integrations"} | pattern "<searched_line>" | searched_line=~".*ре.*" or note=~".*ре.*" or searched_line=~".*рЕ.*" or note=~".*рЕ.*" or searched_line=~".*Ре.*" or note=~".*Ре.*" or searched_line=~".*РЕ.*" or note=~".*РЕ.*" | searched_line=~"(?is).*режим.*" or note=~"(?is).*режим.*" | drop searched_line`: streams.WhereLineOr("note", "режим"),
		`{service_namespace="integrations"} | pattern "<searched_line>" | searched_line=~".*é.*" or note=~".*é.*" or searched_line=~".*É.*" or note=~".*É.*" | searched_line=~"(?is).*é.*" or note=~"(?is).*é.*" | drop searched_line`:                                                                                                       streams.WhereLineOr("note", "é"),
		`{service_namespace="integrations"} | id=~"(?s)a\\+\\x{a}.*"`:       streams.WherePrefix("id", "a+\n"),
		`{service_namespace="integrations"} | id=~"(?s)a\\x{0}b\\x{d}.*"`:   streams.WherePrefix("id", "a\x00b\r"),
		`{service_namespace="integrations"} | id="a\ufffdb"`:                streams.Where(Choice{Name: "id", Values: []string{"a\xffb"}}),
		`{service_namespace="integrations"} | id="\"} or {a=\"b\" #\n\x00"`: streams.Where(Choice{Name: "id", Values: []string{"\"} or {a=\"b\" #\n\x00"}}),
	} {
		assert.Equal(t, strings.ReplaceAll(want, `\ufffd`, "\uFFFD"), got.String())
	}
}

func TestCount(t *testing.T) {
	query := Select(Choice{Name: "a", Values: []string{"x"}})
	assert.Equal(t, `sum by (b, c) (count_over_time({a="x"} [60000ms]))`, query.Count([]string{"b", "c"}, time.Minute, 0))
	assert.Equal(t, `sum by (b) (count_over_time({a="x"} [1ms] offset 7ns))`, query.Count([]string{"b"}, time.Millisecond, 7))
}

func TestNamesOfFields(t *testing.T) {
	for _, name := range []string{"a", "_b", "activity_id", "A9"} {
		assert.True(t, IsFieldName(name), name)
	}
	for _, name := range []string{"", "9a", "a.b", "a b", "é", "a\n", `a="x" or b`} {
		assert.False(t, IsFieldName(name), name)
	}
}

// The pattern is taken out of the query, and matched as Loki does: anchored.
func TestDivideComparesAsStringsDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.StringOfN(rapid.SampledFrom([]rune("ab\n.*éж\U0010FFFF\uFFFD")), 0, 6, -1)
		value, separator := texts.Draw(t, "value"), texts.Draw(t, "separator")
		less, others := Query{}.Divide("id", separator)
		want := value >= separator
		assert.Equal(t, want, patternOf(t, others.String(), ` | id=~`).MatchString(value), others)
		assert.Equal(t, want, patternOf(t, less.String(), ` | id!~`).MatchString(value), less)

		_, others = Query{}.Divide(Line, separator)
		quoted, _ := strings.CutPrefix(others.String(), ` |~ `)
		pattern, err := strconv.Unquote(quoted)
		require.NoError(t, err)
		assert.Equal(t, want, regexp.MustCompile(pattern).MatchString(value), others)
	})
}

func patternOf(t require.TestingT, query, prefix string) *regexp.Regexp {
	quoted, ok := strings.CutPrefix(query, prefix)
	require.True(t, ok, query)
	pattern, err := strconv.Unquote(quoted)
	require.NoError(t, err)
	return regexp.MustCompile("^(?:" + pattern + ")$")
}

func TestTheLongestSeparatorIsAPattern(t *testing.T) {
	for _, r := range []string{"a", "é", "\U0010FFFE"} {
		separator := strings.Repeat(r, MaxSeparator)
		_, others := Query{}.Divide("id", separator)
		pattern := patternOf(t, others.String(), ` | id=~`)
		assert.True(t, pattern.MatchString(separator))
		assert.False(t, pattern.MatchString(separator[:len(separator)-len(r)]))
	}
}

func TestSeparator(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.StringOfN(rapid.SampledFrom([]rune("abéж")), 0, 6, -1)
		low, high := texts.Draw(t, "low"), texts.Draw(t, "high")
		low, high = min(low, high), max(low, high)
		if low == high {
			high += "a"
		}
		separator := Separator(low, high)
		assert.Greater(t, separator, low)
		assert.LessOrEqual(t, separator, high)
		assert.True(t, strings.HasPrefix(high, separator))
	})
}

// What is looked for first must leave nothing out that the whole text is in.
func TestBeginnings(t *testing.T) {
	runes := rapid.StringOfN(rapid.SampledFrom([]rune("жЖéÉσςΣßſ日İı\u212aå\u212b")), 1, 3, -1)
	rapid.Check(t, func(t *rapid.T) {
		text, within := runes.Draw(t, "text"), runes.Draw(t, "within")
		if !regexp.MustCompile("(?is)" + regexp.QuoteMeta(text)).MatchString(within) {
			return
		}
		assert.True(t, slices.ContainsFunc(beginnings(text), func(begun string) bool { return strings.Contains(within, begun) }), "%q in %q", text, within)
	})
	assert.ElementsMatch(t, []string{"σж", "σЖ", "Σж", "ΣЖ", "ςж", "ςЖ"}, beginnings("σжx"))
}
