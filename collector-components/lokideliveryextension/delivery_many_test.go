// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// hostile are ids that mean something in LogQL, in a regular expression or in a form.
func hostile() []string {
	ids := []string{
		`"`, `\`, `\"`, "`", `'`, `a"}`, `"} | json`, `a\`, `\\`, `\n`, "a\nb", "a\r\nb", "\t", "\x00", "\x7f",
		".", ".*", ".+", "a|b", "(", ")", "[a-z]", "{2}", "^", "$", "^a$", "?", "a?", "+", "*", `\d+`, `\Q`, `\E`, `\Qa\E`,
		"(?i)a", "(?s:.)", "%", "%2e", "%%", "&x=1", "a=b&c=d", "#", "/", "//", "{}", "{{.}}", "$1", "${env:HOME}",
		" ", " a ", "a b", "ä", "日本語", "🦊", "e\u0301", "\u200b", "\u202e", "\ufeff", "\u2028", "\U0010ffff", "gid://shopify/Order/1",
		"0", "-1", "true", "null", strings.Repeat("x", 3000), strings.Repeat(`\`, 1000), strings.Repeat("🦊", 500),
	}
	for i := range ids {
		ids = append(ids, ids[i]+"x", "x"+ids[i])
	}
	return ids
}

func TestHostileIDsAreFound(t *testing.T) {
	loki := newFakeLoki(t)
	p := start(t, loki, options{exporter: noQueue})
	firstNano := beforeThisProcess().UnixNano()
	var all []entry
	for i, id := range hostile() {
		// Several share a time, so that only the id tells them apart.
		all = append(all, entry{product: string(activity.Shopify), id: id, time: firstNano + int64(i%3)})
	}
	half := len(all) / 2
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all[:half]...)))
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all...)))
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all...)))
	loki.hasOnce(t, all)
	assert.Equal(t, int64(half+len(all)), p.counted(t, "repeated_records"))

	// A query matches what it was made for and no other id.
	sent := map[string]bool{}
	for _, e := range all {
		sent[e.id] = true
	}
	for _, q := range loki.asked() {
		for _, strange := range []string{"", "b", "a", "y", "aa", "x", "xx", "é", "1", "11", "hello", "j"} {
			assert.Equal(t, sent[strange] && q.ids.MatchString(strange), q.ids.MatchString(strange), "%q", strange)
		}
	}
}

// A large push is looked up by bounded queries.
func TestManyRecordsInDoubt(t *testing.T) {
	for name, test := range map[string]struct {
		n, length int
		apart     time.Duration
	}{
		"ten thousand at once":         {10_000, 10, 1},
		"ten thousand over a week":     {10_000, 10, 7 * 24 * time.Hour / 10_000},
		"a thousand of a second":       {1_000, 40, 0},
		"long ids":                     {300, 2_000, time.Millisecond},
		"ids that have to be quoted":   {300, 0, time.Millisecond},
		"a few over the whole of time": {3, 10, 20_000 * 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			loki := newFakeLoki(t)
			p := start(t, loki, options{exporter: noQueue})
			newest := beforeThisProcess()
			all := make([]entry, test.n)
			for i := range all {
				id := fmt.Sprintf("%d-%s", i, strings.Repeat("x", test.length))
				if test.length == 0 {
					id = fmt.Sprintf("%d-%s", i, strings.Repeat(`\"🦊.`, 200))
				}
				all[i] = entry{product: string(activity.Shopify), id: id, time: newest.Add(-time.Duration(i) * test.apart).UnixNano()}
			}
			if test.n == 3 {
				all[1].time, all[2].time = 1, newest.UnixNano()/2
			}
			require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all[:test.n/2]...)))
			before := len(loki.asked())
			require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all...)))
			loki.hasOnce(t, all)
			assert.Equal(t, int64(test.n/2), p.counted(t, "repeated_records"))
			t.Log("queries:", len(loki.asked())-before)
		})
	}
}

// Thousands of activities may share a time.
func TestManyRecordsOfOneTime(t *testing.T) {
	loki := newFakeLoki(t)
	p := start(t, loki, options{exporter: noQueue})
	second := beforeThisProcess().Truncate(time.Second)
	all := make([]entry, 3_000)
	for i := range all {
		all[i] = entry{product: string(activity.Shopify), id: fmt.Sprint(i), time: second.UnixNano()}
	}
	for range 2 {
		for batch := 0; batch < len(all); batch += 1_500 {
			require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all[batch:batch+1_500]...)))
		}
	}
	loki.hasOnce(t, all)
	assert.Equal(t, int64(len(all)), p.counted(t, "repeated_records"))
}

// Every form in which the exporter can send is read, and written again.
func TestEncodingsAndCompressions(t *testing.T) {
	for _, encoding := range []string{"proto", "json"} {
		for _, compression := range []string{"none", "gzip", "zstd"} {
			t.Run(encoding+" "+compression, func(t *testing.T) {
				loki := newFakeLoki(t)
				p := start(t, loki, options{exporter: map[string]any{
					"encoding": encoding, "compression": compression, "sending_queue": map[string]any{"enabled": false},
				}})
				all := entries("old", 100, beforeThisProcess())
				require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all[:60]...)))
				require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all...)))
				require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(all...)))
				loki.hasOnce(t, all)
				assert.Equal(t, int64(160), p.counted(t, "repeated_records"))
			})
		}
	}
}

// What is not repeated arrives whole.
func TestOtherPartsOfAPushSurvive(t *testing.T) {
	loki := newFakeLoki(t)
	got := make(chan plog.Logs, 10)
	loki.handler = tap(loki.handler, got)
	p := start(t, loki, options{exporter: noQueue})
	old := entries("old", 3, beforeThisProcess())
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(old[0])))
	<-got

	logs := logsOf(old...)
	logs.ResourceLogs().At(0).Resource().Attributes().PutStr(activity.AccountKey, "acme.myshopify.com")
	logs.ResourceLogs().At(0).SetSchemaUrl("https://opentelemetry.io/schemas/1.38.0")
	logs.ResourceLogs().At(0).ScopeLogs().At(0).Scope().SetName("shopify")
	record := records(logs)[1]
	record.SetSeverityNumber(plog.SeverityNumberError)
	record.SetSeverityText("error")
	record.SetTraceID(pcommon.TraceID{1})
	record.Attributes().PutEmptyMap("nested").PutInt("exact", 9007199254740993)
	want := plog.NewLogs()
	logs.CopyTo(want)
	want.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().RemoveIf(func(r plog.LogRecord) bool { return entryOf(r) == old[0] })

	require.NoError(t, p.ConsumeLogs(t.Context(), logs))
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(want)
	require.NoError(t, err)
	arrived, err := (&plog.JSONMarshaler{}).MarshalLogs(<-got)
	require.NoError(t, err)
	assert.JSONEq(t, string(text), string(arrived))
}
