// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/grafana/loki/v3/pkg/logql/syntax"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

// run lets Loki's own parser and engine tell whether a query takes an entry.
func run(t *testing.T, query string, stream map[string]string, line string, metadata map[string]string) (taken bool, after string) {
	t.Helper()
	written, err := syntax.ParseLogSelector(query, true)
	require.NoError(t, err, query)
	// Loki's frontend hands on what it writes itself.
	expression, err := syntax.ParseLogSelector(written.String(), true)
	require.NoError(t, err, written.String())
	for _, matcher := range expression.Matchers() {
		if !matcher.Matches(stream[matcher.Name]) {
			return false, ""
		}
	}
	pipeline, err := expression.Pipeline()
	require.NoError(t, err, query)
	result, out, taken := pipeline.ForStream(labels.FromMap(stream)).ProcessString(0, line, labels.FromMap(metadata))
	if taken {
		require.Empty(t, out.Parsed().Map(), query)
	}
	return taken, result
}

// fold makes texts equal that differ in case only, as regular expressions see it.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, text)
}

// FuzzQuery shows that a filter takes what it says and nothing else, whatever its texts.
func FuzzQuery(f *testing.F) {
	f.Add("échec", "un ÉCHEC", "", "order", "order_x", "shopify")
	f.Add("`", "a `b`", "x", "a|b", "a", "zis")
	f.Add(`"} or {product="`, `x "} or {product="`, "", "", "", "zis")
	f.Add("a\nB", "A\nb", "", "x.y", "xzy", `"`)
	f.Add("РЕЖИМ", "line\nрежим", "режим", `\`, `\`, "`")
	f.Add("locked", "", "LOCKED\n", "#", "# ", "\x00")
	f.Add("A\rb", "a\rB", "a\x00b", "a\rb", "ab", "\r")
	f.Add("a\x00`B", "", "x\na\x00`b", "a\x00b", "a\x00b", "a\x00b")
	f.Add(".*", "nothing", "[.*]", "{{.}}", "{{.}}", "<_>")
	f.Fuzz(func(t *testing.T, search, line, message, wanted, kind, product string) {
		for _, text := range []string{search, line, message, wanted, kind, product} {
			// Loki's store has no other texts. K and ſ are cases of k and s, which Loki's fast
			// search does not know.
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\u212Aſ\uFFFD") {
				return
			}
		}
		stream := map[string]string{"service_namespace": "integrations", "product": product, "status": "error"}
		metadata := map[string]string{"activity_type": kind, "error_message": message, "activity_id": "1"}
		filter := logpagetest.Filter{
			Search: search, Types: []string{wanted, "another"}, Products: []string{product, "another|one"}, Statuses: []string{"info", "error"},
		}
		want := (wanted == kind || kind == "another") &&
			(search == "" || strings.Contains(fold(line), fold(search)) || strings.Contains(fold(message), fold(search)))
		taken, after := run(t, logpagetest.Query(filter), stream, line, metadata)
		require.Equal(t, want, taken, logpagetest.Query(filter))
		if taken {
			require.Equal(t, line, after)
		}
		// Values that are alone are compared in another way.
		filter = logpagetest.Filter{Types: []string{wanted}, Products: []string{product}, ErrorCode: wanted}
		taken, _ = run(t, logpagetest.Query(filter), stream, line, map[string]string{"activity_type": kind, "error_code": wanted})
		require.Equal(t, wanted == kind, taken, logpagetest.Query(filter))
		stream["product"] = product + "x"
		taken, _ = run(t, logpagetest.Query(filter), stream, line, metadata)
		require.False(t, taken && product != "", logpagetest.Query(filter))
	})
}

// FuzzDivide shows that of the two parts of a query each entry is in one, by the order of
// strings.
func FuzzDivide(f *testing.F) {
	f.Add("b", "a")
	f.Add("é\n", "é")
	f.Add("\U0010FFFF", "z")
	f.Add("a.b", "a.b.c")
	f.Fuzz(func(t *testing.T, separator, value string) {
		if !utf8.ValidString(separator) || !utf8.ValidString(value) || len(separator) > 64 || separator == "" || strings.ContainsRune(separator+value, '\uFFFD') {
			return
		}
		stream := map[string]string{"service_namespace": "integrations"}
		for name, line := range map[string]string{"activity_id": "", "": value} {
			less, others := logpagetest.Divide(name, separator)
			isLess, _ := run(t, less, stream, line, map[string]string{"activity_id": value})
			isOther, _ := run(t, others, stream, line, map[string]string{"activity_id": value})
			require.Equal(t, value < separator, isLess, less)
			require.Equal(t, value >= separator, isOther, others)
		}
	})
}
