// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

// words are what the ledger's texts are made of, some of them meant to break a query.
var words = []string{
	"order", "Ticket", "ÉCHEC", "échec", "Ошибка", "РЕЖИМ", "режим", "line\nbreak", "`backtick`", `"quoted"`, `back\slash`,
	"a|b", ".*", "(", "[x]", "{}", "100%", "} or {", "#", "日本語", "\t", "$1", "{{.x}}", "<script>", "<_>", "\x01", "q" + strings.Repeat("x", 300),
}

func pick(random *rand.Rand, values ...string) string { return values[random.IntN(len(values))] }

// randomActivity is one of few values in each field, so that filters choose some.
func randomActivity(random *rand.Rand, at time.Time) logpagetest.Activity {
	sentence := make([]string, random.IntN(5))
	for i := range sentence {
		sentence[i] = pick(random, words...)
	}
	a := logpagetest.Activity{
		Time:        at,
		Product:     pick(random, "shopify", "zis", "bot-builder", "actions"),
		Status:      pick(random, "info", "info", "info", "warning", "error", "debug"),
		Description: strings.Join(sentence, " "),
		Type:        pick(random, "", "order", "order_x", "x_order", "flow.run", "flow-run"),
		Evidence:    pick(random, "reported", "observed"),
		Integration: pick(random, "", "a", "ab", "a|b", `"`, "`", "é", "line\nbreak"),
		Account:     pick(random, "one", "two", "one two"),
		ID:          fmt.Sprintf("id-%x", random.Uint64()),
		ObjectType:  pick(random, "", "ticket", "order"),
		ObjectID:    pick(random, "", "1", "11", "111"),
	}
	if random.IntN(10) == 0 {
		a.ID = "" // of another origin
	}
	if a.Status == "error" || a.Status == "warning" || random.IntN(20) == 0 {
		a.ErrorType = pick(random, "", "timeout", "conflict")
		a.ErrorCode = pick(random, "", "LOCKED", "LOCKED_2", "[x]")
		a.ErrorMessage = pick(random, words...) + " " + pick(random, words...)
		if random.IntN(2) == 0 {
			a.HTTPStatusCode = 400 + random.IntN(3)
		}
	}
	return logpagetest.WithAttributes(a)
}

// content is an activity without its position, so that it can be compared.
func content(a logpagetest.Activity) string {
	names := slices.Sorted(maps.Keys(a.Attributes))
	attributes := make([]string, len(names))
	for i, name := range names {
		attributes[i] = fmt.Sprintf("%s=%q", name, a.Attributes[name])
	}
	a.Position, a.Attributes = "", nil
	return fmt.Sprintf("%d %q %v", a.Time.UnixNano(), attributes, fields(a))
}

func fields(a logpagetest.Activity) string {
	return fmt.Sprintf("%q", []any{
		a.Product, a.Status, a.Description, a.Type, a.Evidence, a.Integration, a.Account, a.ID,
		a.ObjectType, a.ObjectID, a.ErrorType, a.ErrorCode, a.ErrorMessage, a.HTTPStatusCode,
	})
}

// contents are activities in an order that does not depend on positions; they have to be
// newest first.
func contents(t *testing.T, activities []logpagetest.Activity) []string {
	t.Helper()
	require.True(t, slices.IsSortedFunc(activities, func(a, b logpagetest.Activity) int { return b.Time.Compare(a.Time) }))
	list := make([]string, len(activities))
	for i, a := range activities {
		list[i] = content(a)
	}
	slices.Sort(list)
	return list
}

// all reads a log with All.
func all(t *testing.T, reader logpagetest.Reader, filter logpagetest.Filter) []logpagetest.Activity {
	t.Helper()
	var list []logpagetest.Activity
	for a, err := range reader.All(t.Context(), filter) {
		require.NoError(t, err)
		list = append(list, a)
	}
	return list
}

// pages reads a log page by page, to the end, and checks what each page says of others.
func pages(t *testing.T, reader logpagetest.Reader, filter logpagetest.Filter, limit int) []logpagetest.Activity {
	t.Helper()
	var list []logpagetest.Activity
	for slice := (logpagetest.Slice{Limit: limit}); ; {
		page, err := reader.Page(t.Context(), filter, slice)
		require.NoError(t, err)
		require.Equal(t, len(list) > 0, page.HasNewer)
		list = append(list, page.Activities...)
		if !page.HasOlder {
			return list
		}
		require.Len(t, page.Activities, limit)
		slice.Older = page.Activities[limit-1].Position
	}
}

// pagesBack reads a log page by page from a position to the newest.
func pagesBack(t *testing.T, reader logpagetest.Reader, filter logpagetest.Filter, from logpagetest.Position, limit int) []logpagetest.Activity {
	t.Helper()
	var list []logpagetest.Activity
	for slice := (logpagetest.Slice{Limit: limit, Newer: from}); ; {
		page, err := reader.Page(t.Context(), filter, slice)
		require.NoError(t, err)
		require.True(t, page.HasOlder)
		list = append(slices.Clone(page.Activities), list...)
		if !page.HasNewer {
			return list
		}
		require.Len(t, page.Activities, limit)
		slice.Newer = page.Activities[0].Position
	}
}

// same checks that two lists have the same activities, one of them newest first. It does
// not print a difference of thousands.
func same(t *testing.T, want, got []logpagetest.Activity) {
	t.Helper()
	wanted, found := contents(t, want), contents(t, got)
	for i := range min(len(wanted), len(found)) {
		if wanted[i] != found[i] {
			require.Fail(t, "differs", "%d of %d\nwant %s\ngot  %s", i, len(wanted), wanted[i], found[i])
		}
	}
	require.Len(t, found, len(wanted))
}

// randomFilter chooses by few fields, or by many.
func randomFilter(random *rand.Rand, start, end time.Time) logpagetest.Filter {
	filter := logpagetest.Filter{Start: start, End: end}
	some := func(values ...string) []string {
		if random.IntN(4) != 0 {
			return nil
		}
		random.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		return values[:1+random.IntN(len(values))]
	}
	filter.Products = some("shopify", "zis", "bot-builder", "actions", "none")
	filter.Statuses = some("info", "warning", "error", "debug")
	filter.Types = some("order", "order_x", "x_order", "flow.run")
	filter.Integrations = some("a", "ab", "a|b", `"`, "`", "é", "line\nbreak")
	filter.Accounts = some("one", "two", "one two")
	if random.IntN(3) == 0 {
		filter.Search = pick(random, words...)
		if random.IntN(2) == 0 {
			filter.Search = strings.ToUpper(filter.Search)
		}
	}
	filter.ObjectType = cmp.Or(strings.Join(some("ticket"), ""), "")
	filter.ObjectID = pick(random, "", "", "", "1", "11")
	filter.ErrorType = pick(random, "", "", "", "timeout")
	filter.ErrorCode = pick(random, "", "", "", "LOCKED", "[x]")
	if random.IntN(6) == 0 {
		filter.HTTPStatusCode = 400 + random.IntN(4)
	}
	if random.IntN(3) == 0 {
		fields := logpagetest.Fields()
		filter.Without = fields[random.IntN(len(fields)):][:1]
	}
	return filter
}
