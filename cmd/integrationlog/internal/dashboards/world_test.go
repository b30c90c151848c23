// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/prometheus/config"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// scrapeInterval is how often config/prometheus/prometheus.yaml scrapes.
const scrapeInterval = 15 * time.Second

// phases are for how long each of the three scrapes is what Prometheus sees: long enough
// for alerts to be sure, and the last so short that they still fire.
var phases = []time.Duration{30 * time.Minute, 20 * time.Minute, 5 * time.Minute}

// world is an all-in-one that runs, with what all products have sent to it, and with a
// Prometheus that has scraped it.
type world struct {
	loki       source.Loki
	prometheus *source.Prometheus
	// now is the moment at which all dashboards are looked at.
	now time.Time
	// feeds are what was sent: before the first scrape, before the second and before the
	// third.
	feeds []feed
	// scrapes are what all targets said after each feed, and lastScrape is when Prometheus has
	// seen the last of them last.
	scrapes    [][]source.Scrape
	lastScrape time.Time
	// entries are all that is in Loki, found by the plainest of queries.
	entries []source.Entry
}

// newWorld starts everything and feeds it. What was scraped is real; when, is not: three
// scrapes, with activities between them, are laid out over an hour, each repeated every
// 15 seconds for some minutes, so that rates and windows have something to look at. Only
// the age of the processes is that of the hour. The activities' own times are some minutes
// before now.
func newWorld(t *testing.T) *world {
	t.Helper()
	all := harness.NewInstallation(t, binaries.AllInOne(t))
	v := startVendors(t, all)
	hurryCompactor(t, all)
	begun := time.Now()
	w := &world{loki: source.Loki{URL: all.Loki.URL}, feeds: []feed{history(v, begun)}}
	process, _ := all.Run(t)
	awaitStored(t, all.Loki, w.feeds...)
	requireJobs(t, "integration-log", "integration-log-collector", "loki")
	w.scrapes = append(w.scrapes, scrape(t, all))
	for n := 1; n <= 2; n++ {
		w.feeds = append(w.feeds, happen(t, v, n, time.Now()), trouble(t, v, n, time.Now()))
		awaitStored(t, all.Loki, w.feeds...)
		if n == 2 {
			w.feeds = append(w.feeds, failures(t, v, time.Now()))
			awaitStored(t, all.Loki, w.feeds...)
			awaitCompactor(t, all)
		}
		w.scrapes = append(w.scrapes, scrape(t, all))
	}
	w.now = time.Now().Truncate(time.Millisecond) // a browser has no finer clock
	entries, err := all.Loki.Entries(t.Context(), everything)
	require.NoError(t, err)
	for _, entry := range entries {
		w.entries = append(w.entries, source.Entry(entry))
	}
	w.layOut(t, w.now.Truncate(scrapeInterval))
	t.Logf("ready after %s, with %d activities", time.Since(begun).Round(time.Millisecond), len(entries))
	t.Cleanup(func() {
		if !t.Failed() {
			process.Stop(t)
		}
	})
	return w
}

// scrape scrapes the three targets of config/prometheus/prometheus.yaml, at the ports
// that they have here, once all is counted: what is in Loki already counts as sent when
// Loki's answer is back.
func scrape(t *testing.T, all *harness.Installation) []source.Scrape {
	t.Helper()
	all.AwaitEmptyQueue(t, 10*time.Second)
	var scrapes []source.Scrape
	for _, target := range []struct{ job, instance, address string }{
		{"integration-log", "localhost:9464", fmt.Sprintf("http://127.0.0.1:%d/metrics", all.Ports.Metrics)},
		{"integration-log-collector", "localhost:8888", all.TelemetryURL()},
		{"loki", "localhost:3100", all.Loki.URL + "/metrics"},
	} {
		var found source.Scrape
		harness.Eventually(t, 10*time.Second, func(ctx context.Context) (err error) {
			found, err = source.Read(ctx, target.job, target.instance, target.address)
			return err
		})
		scrapes = append(scrapes, found)
	}
	return scrapes
}

// layOut stores the scrapes one after the other, up to the last.
func (w *world) layOut(t *testing.T, last time.Time) {
	t.Helper()
	rules, err := filepath.Glob(filepath.Join(harness.Repository(), "config", "prometheus", "rules", "*.yaml"))
	require.NoError(t, err)
	p, err := source.Open(t.TempDir(), rules...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, p.Close()) })
	// The processes are a scrape older than the first: so a window that has their whole life
	// in it has just as many scrapes as one that has what was counted later, and the one
	// before it.
	end := last.Add(-laidOut())
	at, began := end, end.Add(-scrapeInterval)
	store := func(scrapes []source.Scrape) {
		moved := make([]source.Scrape, len(scrapes))
		for i, scrape := range scrapes {
			moved[i] = scrape.Of(began, at)
		}
		require.NoError(t, p.Store(t.Context(), at, moved...))
	}
	for i, length := range phases {
		for end = end.Add(length); at.Before(end); at = at.Add(scrapeInterval) {
			store(w.scrapes[i])
		}
	}
	store(w.scrapes[len(phases)-1])
	w.prometheus, w.lastScrape = p, last
}

// scrapedAgo is the same world, but Prometheus has seen all of it so much earlier.
func (w *world) scrapedAgo(t *testing.T, ago time.Duration) *world {
	t.Helper()
	other := *w
	other.layOut(t, w.lastScrape.Add(-ago))
	return &other
}

// laidOut is how long it is from the first scrape to the last.
func laidOut() time.Duration {
	var sum time.Duration
	for _, length := range phases {
		sum += length
	}
	return sum
}

// requireJobs requires that Prometheus is told to scrape what these tests scrape, as often
// and under the same names.
func requireJobs(t *testing.T, jobs ...string) {
	t.Helper()
	loaded, err := config.LoadFile(filepath.Join(harness.Repository(), "config", "prometheus", "prometheus.yaml"), false, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	assert.Equal(t, scrapeInterval, time.Duration(loaded.GlobalConfig.ScrapeInterval))
	var names []string
	for _, scrape := range loaded.ScrapeConfigs {
		names = append(names, scrape.JobName)
	}
	assert.ElementsMatch(t, jobs, names)
}

// last is the time range of a length up to now.
func (w *world) last(length time.Duration) grafana.Range {
	return grafana.Range{From: w.now.Add(-length), To: w.now}
}

// sent counts what was sent from one feed up to, and without, another.
func (w *world) sent(from, to int) (recent, late counts) {
	recent, late = counts{}, counts{}
	for _, f := range w.feeds[from:to] {
		for k, n := range f.recent {
			recent[k] += n
		}
		for k, n := range f.late {
			late[k] += n
		}
	}
	return recent, late
}
