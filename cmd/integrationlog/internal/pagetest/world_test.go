// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// batch is how many records are sent at a time.
const batch = 1000

// world is an all-in-one that runs, with a log that is known, and a browser.
type world struct {
	*browser.Browser

	all *harness.Installation
	// store stands between the page and Loki.
	store *harness.Proxy
	// log is all that is in the log.
	log ledger
	// now is the minute in which the log was filled.
	now     time.Time
	changes changes
	// url is the page's, without a path.
	url string
}

// newWorld starts everything and fills the log.
func newWorld(t *testing.T) *world {
	t.Helper()
	begun := time.Now()
	all := harness.NewInstallation(t, binaries.AllInOne(t))
	w := &world{all: all, now: begun.Truncate(time.Minute), url: fmt.Sprintf("http://localhost:%d", all.Ports.Page)}
	w.changes = changesBefore(w.now)
	all.Env["ZONEINFO"] = writeZones(t, w.changes)
	w.store = harness.NewProxy(t, all.Loki.URL)
	all.Configure("extensions::log_page::loki::endpoint: " + w.store.URL)
	process, _ := all.Run(t)
	w.Browser = browser.Start(t)

	minute := w.edge()
	w.send(t, slices.Concat(usual(w.now), crowdOf(w.now), edgesOf(minute), hostileOf(w.now), clocksOf(w.changes))...)
	w.requireStored(t)
	t.Logf("ready after %s, with %d activities", time.Since(begun).Round(time.Millisecond), len(w.log))
	t.Cleanup(func() {
		if !t.Failed() {
			process.Stop(t)
		}
	})
	return w
}

// edge is the minute that has activities at its edges.
func (w *world) edge() time.Time { return w.now.Add(-26 * time.Hour) }

// send has an integration emit activities as records of OTLP, and writes them down.
func (w *world) send(t *testing.T, activities ...activity.Activity) {
	t.Helper()
	for some := range slices.Chunk(activities, batch) {
		for i := range some {
			some[i].Observed = some[i].Time
		}
		require.NoError(t, w.all.SendOTLP(t.Context(), activity.NewLogs(activity.Scope{Name: "pagetest"}, some...)))
	}
	w.log = w.log.with(activities...)
}

// requireStored waits until Loki has what the ledger says, and requires that it is the same.
func (w *world) requireStored(t *testing.T) {
	t.Helper()
	perStream := w.log.count(func(a *activity.Activity) string { return fmt.Sprintf("{product=%q,status=%q}", a.Product, a.Status) })
	harness.Eventually(t, 40*time.Second, func(ctx context.Context) error {
		for selector, want := range perStream {
			if got, err := w.all.Loki.Count(ctx, selector); err != nil || got != want {
				return fmt.Errorf("loki has %d of %d activities of %s: %w", got, want, selector, err)
			}
		}
		return nil
	})
	lines := map[string]string{}
	for selector := range perStream {
		entries, err := w.all.Loki.Entries(t.Context(), selector)
		require.NoError(t, err)
		for _, entry := range entries {
			lines[entry.Labels["activity_id"]] = entry.Line
		}
	}
	require.Len(t, lines, len(w.log))
	for i := range w.log {
		require.Equal(t, w.log[i].Description, lines[w.log[i].ID])
	}
}

// address is that of a page with a filter.
func (w *world) address(path string, query url.Values) string {
	if len(query) == 0 {
		return w.url + path
	}
	return w.url + path + "?" + query.Encode()
}

// get asks for what no browser is needed for.
func (w *world) get(t *testing.T, path string, query url.Values) (status int, body []byte) {
	t.Helper()
	return getAddress(t, w.address(path, query))
}

func getAddress(t *testing.T, address string) (status int, body []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, body
}
