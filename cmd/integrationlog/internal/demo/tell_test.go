// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"math"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"
	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestWarningsAreShownOnceAndInWords(t *testing.T) {
	var shown []string
	w := newWarnings(func(line string) { shown = append(shown, line) })
	for _, part := range []string{
		"{\"level\":\"info\",\"msg\":\"Everything is ready.\"}\n{\"level\":\"warn\",\"msg\":\"The poll failed\",\"otelcol.component.id\":\"salesforce\",\"err",
		"or\":\"no such host\"}\n",
		"{\"level\":\"warn\",\"msg\":\"The poll failed\",\"otelcol.component.id\":\"salesforce\",\"error\":\"again\"}\n",
		"{\"level\":\"warn\",\"msg\":\"noise\",\"otelcol.component.id\":\"embedded_loki\"}\n",
		"{\"level\":\"warn\",\"msg\":\"[core] [Channel #48] grpc: addrConn.createTransport failed to connect\"}\n",
		"{\"level\":\"error\",\"msg\":\"noise\",\"otelcol.component.id\":\"embedded_loki\",\"err\":\"rpc error: context canceled\"}\n",
		"{\"level\":\"error\",\"msg\":\"Failed to start extension\",\"otelcol.component.id\":\"embedded_loki\",\"error\":\"port taken\"}\n{\"level\":\"warn\",\"msg\":\"alone\"}\n\n",
		"{\"level\":5}\nplain 1\nplain 2\nplain 3\nplain 4\nplain 5\nhalf a line",
	} {
		n, err := w.Write([]byte(part))
		require.NoError(t, err)
		assert.Equal(t, len(part), n)
	}
	assert.Equal(t, []string{
		"Warning of the collector: salesforce: The poll failed: no such host",
		"Warning of the collector: alone",
	}, shown)
	assert.Equal(t, ":\n  plain 1\n  plain 2\n  plain 3\n  plain 4\n  plain 5", w.last())
	assert.Empty(t, newWarnings(nil).last())
}

func TestOnATerminalProgressHasOneLine(t *testing.T) {
	var out strings.Builder
	s := &screen{out: &out, terminal: true, end: func() {}}
	s.progress("1 of %d", 3)
	s.progress("2 of %d", 3)
	s.line("a line")
	s.done()
	s.line("the end")
	assert.Equal(t, "1 of 3\r\x1b[K2 of 3\r\x1b[Ka line\n2 of 3\r\x1b[Kthe end\n", out.String())
}

func TestElsewhereProgressIsWrittenNowAndThen(t *testing.T) {
	var out strings.Builder
	s := newScreen(&out, func() {})
	for range 100 {
		s.progress("%d%%", 50)
	}
	s.done()
	s.line("the end")
	assert.Equal(t, "50%\nthe end\n", out.String())
}

// failing is a file that cannot be written.
type failing struct {
	err   error
	tried int
}

func (f *failing) Write([]byte) (int, error) {
	f.tried++
	return 0, f.err
}

func TestTheDemoEndsWhenItCanTellNothing(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"nobody reads": {&os.PathError{Op: "write", Path: "|1", Err: syscall.EPIPE}, ""},
		"full disk":    {syscall.ENOSPC, "what the demo tells cannot be written: no space left on device"},
	} {
		t.Run(name, func(t *testing.T) {
			ended := 0
			out := &failing{err: test.err}
			s := newScreen(out, func() { ended++ })
			require.NoError(t, s.failure())
			s.line("a line")
			s.progress("progress")
			s.done()
			assert.Equal(t, 1, ended)
			assert.Equal(t, 1, out.tried)
			if test.want == "" {
				require.NoError(t, s.failure())
			} else {
				require.EqualError(t, s.failure(), test.want)
			}
		})
	}
}

func TestLedger(t *testing.T) {
	var l ledger
	now := time.Now()
	expected := func(now time.Time) int {
		_, n := l.found(nil, now)
		return n
	}
	entry := history.Entry{Of: activity.ZIS}
	l.add(history.Event{What: entry, Logged: []time.Time{now, now.Add(-window + time.Minute), now.Add(-window - time.Minute)}})
	assert.Equal(t, 3, l.sent())
	assert.Equal(t, 2, expected(now))
	assert.Equal(t, 1, expected(now.Add(2*time.Minute)), "what leaves the log is not expected there")
	assert.Equal(t, 3, l.sent())

	l.add(history.Event{What: history.Change{}, Logged: []time.Time{now, now}})
	for name, test := range map[string]struct {
		logged map[activity.Product]int
		want   int
	}{
		"all":               {map[activity.Product]int{activity.ZIS: 2, activity.Salesforce: 2}, 4},
		"one missing":       {map[activity.Product]int{activity.ZIS: 2, activity.Salesforce: 1}, 3},
		"masked by another": {map[activity.Product]int{activity.ZIS: 3, activity.Salesforce: 1, "custom": 7}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			l := ledger{times: map[activity.Product][]time.Time{activity.ZIS: {now, now}, activity.Salesforce: {now, now}}}
			count, expected := l.found(test.logged, now)
			assert.Equal(t, test.want, count)
			assert.Equal(t, 4, expected)
		})
	}
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	for text, options := range map[string]Options{
		"--rate -1":      {Rate: -1},
		"--rate 6001":    {Rate: 6001},
		"--duration -1s": {Duration: -time.Second},
	} {
		require.ErrorContains(t, Run(t.Context(), options), text)
	}
	for _, rate := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		require.EqualError(t, Run(t.Context(), Options{Rate: rate}), fmt.Sprintf("--rate %v: must be from 0 to 6000 activities a minute", rate))
	}
	for _, rate := range []float64{0, 1e-300, 20, maxRate} {
		require.NoError(t, (&Options{Rate: rate}).Validate())
	}
}

func TestNumbersAreWrittenAsPeopleReadThem(t *testing.T) {
	assert.Equal(t, "5,771", number(5771))
	assert.Equal(t, "1 activity", plural(1, "activity", "activities"))
	assert.Equal(t, "1,000 activities", plural(1000, "activity", "activities"))
}
