// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/grafana/loki/v3/pkg/logcli/client"
	"github.com/grafana/loki/v3/pkg/logproto"
	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

const million = 1_000_000

// filledDirectory names a directory to keep the million in, for runs within the hour;
// without it, each run stores them anew. A Loki that has just started reads all that is in its
// write-ahead log twice, as well: such a run compares, it does not measure.
const filledDirectory = "LOGPAGETEST_FILLED"

// startFilled starts a Loki that has a million activities of the week before a time, on
// disk but for those of the last hours.
func startFilled(b *testing.B) (loki, time.Time) {
	b.Helper()
	directory := cmp.Or(os.Getenv(filledDirectory), b.TempDir())
	l := startLoki(b, directory)
	marker := filepath.Join(directory, "filled")
	if text, err := os.ReadFile(marker); err == nil {
		now, err := time.Parse(time.RFC3339, string(text))
		require.NoError(b, err)
		require.Less(b, time.Since(now), 50*time.Minute, "the oldest are no longer shown: remove %s", directory)
		return l, now
	}
	now, started := time.Now().Truncate(time.Second), time.Now()
	last := now.Add(-2 * time.Hour)
	batch := make([]logpagetest.Activity, 0, 4000)
	flushed := false
	for a := range many(million, now) {
		if batch = append(batch, a); len(batch) == cap(batch) {
			slices.SortStableFunc(batch, func(a, b logpagetest.Activity) int {
				return cmp.Or(cmp.Compare(a.Product, b.Product), cmp.Compare(a.Account, b.Account))
			})
			l.push(b, batch...)
			batch = batch[:0]
		}
		if !flushed && a.Time.After(last) {
			flushed = true
			l.post(b, "/flush", nil)
		}
	}
	l.push(b, batch...)
	l.awaitForgotten(b)
	b.Logf("a million activities stored in %s", time.Since(started))
	require.NoError(b, os.WriteFile(marker, []byte(now.Format(time.RFC3339)), 0o600))
	return l, now
}

// awaitForgotten waits until Loki has in memory only what is not on disk yet: until its next
// sweep, which comes every half a minute, it reads what was flushed just now twice.
func (l loki) awaitForgotten(b *testing.B) {
	b.Helper()
	const ofLastHours = 200
	require.Eventually(b, func() bool {
		response, err := http.Get(string(l) + "/metrics")
		require.NoError(b, err)
		defer response.Body.Close()
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			var chunks float64
			if n, _ := fmt.Sscanf(lines.Text(), "loki_ingester_memory_chunks %g", &chunks); n == 1 {
				return chunks < ofLastHours
			}
		}
		return false
	}, 3*time.Minute, time.Second)
}

// measure runs a benchmark and tells the processor time of Loki besides, which does not
// depend on what else the machine does.
func (l loki) measure(b *testing.B, name string, f func(b *testing.B)) {
	b.Helper()
	pid, ok := pids.Load(l)
	require.True(b, ok)
	b.Run(name, func(b *testing.B) {
		before := cpu(b, pid.(int))
		for b.Loop() {
			f(b)
		}
		b.ReportMetric((cpu(b, pid.(int))-before)*1000/float64(b.N), "loki-cpu-ms/op")
	})
}

func cpu(b *testing.B, pid int) float64 {
	b.Helper()
	p, err := process.NewProcess(int32(pid))
	require.NoError(b, err)
	times, err := p.Times()
	require.NoError(b, err)
	return times.User + times.System
}

func logcli(l loki) client.Client {
	return &client.DefaultClient{Address: string(l), NoCache: true, BackoffConfig: client.BackoffConfig{MinBackoff: 1, MaxBackoff: 1}}
}

type filterCase struct {
	name   string
	filter logpagetest.Filter
}

func filterCases(now time.Time) []filterCase {
	week := logpagetest.Filter{Start: now.Add(-167 * time.Hour), End: now}
	with := func(change func(*logpagetest.Filter)) logpagetest.Filter {
		filter := week
		change(&filter)
		return filter
	}
	return []filterCase{
		{"first page", week},
		{"product", with(func(f *logpagetest.Filter) { f.Products = []string{"zis"} })},
		{"rare product", with(func(f *logpagetest.Filter) { f.Products = []string{"sunshine-conversations"} })},
		{"status", with(func(f *logpagetest.Filter) { f.Statuses = []string{"error"} })},
		{"end", with(func(f *logpagetest.Filter) { f.End = now.Add(-3 * 24 * time.Hour) })},
		{"type", with(func(f *logpagetest.Filter) { f.Types = []string{"delivery_failure"} })},
		{"integration", with(func(f *logpagetest.Filter) { f.Integrations = []string{"flow_run 7"} })},
		{"account", with(func(f *logpagetest.Filter) { f.Accounts = []string{"64f1c7a2b9e0d40012ab34cd"} })},
		{"object", with(func(f *logpagetest.Filter) { f.ObjectType, f.ObjectID = "ticket", "123456" })},
		{"error", with(func(f *logpagetest.Filter) { f.ErrorType, f.ErrorCode = "conflict", "UNABLE_TO_LOCK_ROW" })},
		{"search", with(func(f *logpagetest.Filter) { f.Search = "LOCKED" })},
		{"search of one", with(func(f *logpagetest.Filter) { f.Search = "wasserm" })},
		{"search of one beyond ASCII", with(func(f *logpagetest.Filter) { f.Search = needle })},
		{"search of none", with(func(f *logpagetest.Filter) { f.Search = "no such text" })},
		{"search of none in Cyrillic", with(func(f *logpagetest.Filter) { f.Search = "режим" })},
	}
}

func BenchmarkMillion(b *testing.B) {
	l, now := startFilled(b)
	reader, cli := l.reader(b), logcli(l)
	cases := filterCases(now)
	for _, c := range cases {
		l.measure(b, "list/"+c.name, func(b *testing.B) {
			b.Helper()
			_, err := reader.Page(b.Context(), c.filter, logpagetest.Slice{Limit: 50})
			require.NoError(b, err)
		})
		l.measure(b, "list by logcli/"+c.name, func(b *testing.B) {
			b.Helper()
			_, err := cli.QueryRange(logpagetest.Query(c.filter), 50, c.filter.Start, c.filter.End, logproto.BACKWARD, 0, 0, true)
			require.NoError(b, err)
		})
	}
	week := cases[0].filter
	b.Run("next page", func(b *testing.B) {
		page, err := reader.Page(b.Context(), week, logpagetest.Slice{Limit: 50})
		require.NoError(b, err)
		for b.Loop() {
			_, err = reader.Page(b.Context(), week, logpagetest.Slice{Limit: 50, Older: page.Activities[49].Position})
			require.NoError(b, err)
		}
	})
	benchmarkCounts(b, l, week)
	benchmarkExport(b, reader, week)
}

func benchmarkCounts(b *testing.B, l loki, week logpagetest.Filter) {
	b.Helper()
	cli := logcli(l)
	hours := week
	hours.Start = hours.Start.Truncate(time.Hour).Add(time.Hour)
	object := week
	object.ObjectID = "123456"
	ask := map[string]func(context.Context, logpagetest.Reader) error{
		"products": func(ctx context.Context, r logpagetest.Reader) error { _, err := r.Products(ctx, week); return err },
		"values":   func(ctx context.Context, r logpagetest.Reader) error { _, err := r.Values(ctx, week); return err },
		"sources":  func(ctx context.Context, r logpagetest.Reader) error { _, err := r.Sources(ctx); return err },
		"groups": func(ctx context.Context, r logpagetest.Reader) error {
			_, _, err := r.Groups(ctx, week, 20)
			return err
		},
		"volume of whole hours": func(ctx context.Context, r logpagetest.Reader) error {
			_, err := r.Volume(ctx, hours, time.Hour)
			return err
		},
		"volume": func(ctx context.Context, r logpagetest.Reader) error {
			_, err := r.Volume(ctx, week, time.Hour)
			return err
		},
		"volume of an object": func(ctx context.Context, r logpagetest.Reader) error {
			_, err := r.Volume(ctx, object, time.Hour)
			return err
		},
	}
	ask["list, products, values and volume at once"] = func(ctx context.Context, r logpagetest.Reader) error {
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error { _, err := r.Page(ctx, week, logpagetest.Slice{Limit: 50}); return err })
		for _, name := range []string{"products", "values", "volume of whole hours"} {
			group.Go(func() error { return ask[name](ctx, r) })
		}
		return group.Wait()
	}
	for name, f := range ask {
		// A new reader has counted nothing yet.
		l.measure(b, "counts/"+name, func(b *testing.B) {
			b.Helper()
			require.NoError(b, f(b.Context(), l.reader(b)))
		})
	}
	kept := l.reader(b)
	l.measure(b, "counts/list, products, values and volume again", func(b *testing.B) {
		b.Helper()
		require.NoError(b, ask["list, products, values and volume at once"](b.Context(), kept))
	})
	for name, by := range map[string]string{"products": "product, status", "values": "activity_type, integration_name, integration_account"} {
		l.measure(b, "counts by logcli/"+name, func(b *testing.B) {
			b.Helper()
			_, err := cli.Query(fmt.Sprintf("sum by (%s) (count_over_time(%s[167h]))", by, logpagetest.Query(week)), 50, week.End, logproto.BACKWARD, true)
			require.NoError(b, err)
		})
	}
	for name, filter := range map[string]logpagetest.Filter{"volume": week, "volume of an object": object} {
		l.measure(b, "counts by logcli/"+name, func(b *testing.B) {
			b.Helper()
			query := fmt.Sprintf("sum by (status) (count_over_time(%s[1h]))", logpagetest.Query(filter))
			_, err := cli.QueryRange(query, 50, week.Start.Add(time.Hour), week.End, logproto.BACKWARD, time.Hour, 0, true)
			require.NoError(b, err)
		})
	}
}

// benchmarkExport reads all, and tells how much memory that takes at most. Loki is another
// process.
func benchmarkExport(b *testing.B, reader logpagetest.Reader, week logpagetest.Filter) {
	b.Helper()
	b.Run("export", func(b *testing.B) {
		highest := uint64(0)
		for b.Loop() {
			n := 0
			for _, err := range reader.All(b.Context(), week) {
				require.NoError(b, err)
				n++
				if n%1000 == 0 {
					var memory runtime.MemStats
					runtime.ReadMemStats(&memory)
					highest = max(highest, memory.HeapInuse)
				}
			}
			require.Equal(b, million, n)
		}
		b.ReportMetric(float64(highest)/(1<<20), "heap-MiB")
	})
}
