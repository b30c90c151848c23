// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
)

// event is one that a browser gets.
type event struct{ name, id, data string }

// watch reads events until its context ends. The channel is closed when the server hangs up.
func watch(ctx context.Context, t *testing.T, address, lastID string) <-chan event {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	require.NoError(t, err)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	answer, err := http.DefaultClient.Do(r) //nolint:bodyclose // whoever reads the events closes it
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.StatusCode)
	require.Equal(t, "text/event-stream", answer.Header.Get("Content-Type"))
	events := make(chan event)
	go func() {
		defer close(events)
		defer answer.Body.Close()
		readEvents(ctx, answer.Body, events)
	}()
	return events
}

func readEvents(ctx context.Context, body io.Reader, events chan<- event) {
	var e event
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "event":
			e.name = value
		case "id":
			e.id = value
		case "data":
			e.data = value
		case "":
			if e.name == "" {
				continue
			}
			select {
			case events <- e:
			case <-ctx.Done():
				return
			}
			e = event{}
		}
	}
}

// next returns the next event that is not only a sign of life.
func next(t *testing.T, events <-chan event) event {
	t.Helper()
	select {
	case e, more := <-events:
		require.True(t, more, "the server has hung up")
		if e.name == "running" {
			return next(t, events)
		}
		return e
	case <-time.After(10 * time.Second):
		require.Fail(t, "no event")
		return event{}
	}
}

// arrived returns how many rows an event has, and their HTML.
func arrived(t *testing.T, e event) (count int, rows string) {
	t.Helper()
	require.Equal(t, "activities", e.name)
	var data struct {
		Count int    `json:"count"`
		Rows  string `json:"rows"`
	}
	require.NoError(t, json.Unmarshal([]byte(e.data), &data))
	require.Equal(t, data.Count, strings.Count(data.Rows, "<tr "))
	return data.Count, data.Rows
}

func serve(t *testing.T, reader activities.Reader, settings Settings) string {
	t.Helper()
	settings.Now = clock
	server := httptest.NewServer(New(reader, settings))
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		server.Close()
	})
	return server.URL
}

func TestTailEvents(t *testing.T) {
	log := activitiestest.New(clock, locked("1", now.Add(-2*time.Hour)), locked("2", now.Add(-time.Minute)))
	page, err := log.Page(t.Context(), activities.Filter{}, activities.Slice{Limit: 2})
	require.NoError(t, err)
	newest, oldest := page.Activities[0].Position, page.Activities[1].Position
	address := serve(t, log, Settings{})

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	// What arrived between the page and the connection comes first.
	events := watch(ctx, t, address+"/tail/events?newer="+string(oldest), "")
	e := next(t, events)
	count, rows := arrived(t, e)
	require.Equal(t, 1, count)
	require.Contains(t, rows, string(newest))
	require.Equal(t, string(newest), e.id)

	another := locked("3", now.Add(-30*time.Second))
	another.Description = `</tr><script>alert(1)</script>`
	log.Add(another)
	count, rows = arrived(t, next(t, events))
	require.Equal(t, 1, count)
	require.NotContains(t, rows, "<script")
	require.Contains(t, rows, "&lt;script")

	// A filter holds for what arrives, and whoever was away gets what was missed.
	log.Add(locked("late", now.Add(-30*time.Minute)))
	filtered := watch(ctx, t, address+"/tail/events?product=shopify", string(newest))
	away := watch(ctx, t, address+"/tail/events", string(newest))
	count, rows = arrived(t, next(t, away))
	require.Equal(t, 2, count, "one is newer than what the viewer had last, one may have come late")
	require.NotContains(t, rows, string(newest))
	require.NotContains(t, rows, string(oldest), "what is older than Live looks back")
	order := locked("4", now)
	order.Product = "shopify"
	log.Add(locked("5", now), order)
	count, rows = arrived(t, next(t, filtered))
	require.Equal(t, 1, count)
	require.Contains(t, rows, "Shopify")
	count, _ = arrived(t, next(t, away))
	require.Equal(t, 2, count)

	log.Fail(&activities.UnavailableError{Reason: activities.Unreachable, Err: io.EOF})
	log.Add()
	e = next(t, away)
	require.Equal(t, "problem", e.name)
	require.Contains(t, e.data, "Loki, which keeps the log, does not answer.")
	_, more := <-away
	require.False(t, more, "the browser comes again by itself")
	cancel()
	for range events { // until the connection has ended
	}
	for range filtered { // until the connection has ended
	}
}

func TestTailEndsWhenThePageStops(t *testing.T) {
	stopping := make(chan struct{})
	log := activitiestest.New(clock, locked("1", now.Add(-time.Minute)))
	events := watch(t.Context(), t, serve(t, log, Settings{Stopping: stopping})+"/tail/events", "")
	next(t, events)
	close(stopping)
	for range events { // until the server has hung up
	}
}

// recovering is a log that cannot be read at first; then following begins, but the first
// page fails once more.
type recovering struct {
	*activitiestest.Log
	failed atomic.Bool
}

var errAway = &activities.UnavailableError{Reason: activities.Unreachable, Err: io.EOF}

func (r *recovering) Page(ctx context.Context, filter activities.Filter, slice activities.Slice) (activities.Page, error) {
	if r.failed.CompareAndSwap(false, true) {
		return activities.Page{}, errAway
	}
	return r.Log.Page(ctx, filter, slice)
}

func (r *recovering) Follow(ctx context.Context, _ activities.Filter) iter.Seq2[[]activities.Activity, error] {
	return func(yield func([]activities.Activity, error) bool) {
		if yield(nil, errAway) && yield(nil, nil) && yield(nil, nil) {
			<-ctx.Done()
		}
	}
}

// What was missed is sent as soon as the log can be read, and then the viewer is told that
// all is well.
func TestTailWhenTheLogCanBeReadAgain(t *testing.T) {
	log := &recovering{Log: activitiestest.New(clock, locked("1", now.Add(-time.Minute)))}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	events := watch(ctx, t, serve(t, log, Settings{})+"/tail/events", "")
	for _, want := range []string{"problem", "problem", "activities", "running"} {
		require.Equal(t, want, (<-events).name)
	}
	cancel()
	for range events { // until the connection has ended
	}
}

func TestTooManyTails(t *testing.T) {
	log := activitiestest.New(clock, locked("1", now.Add(-time.Minute)))
	address := serve(t, log, Settings{MaxTails: 1})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	events := watch(ctx, t, address+"/tail/events", "")
	next(t, events)

	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/tail/events", http.NoBody)
	require.NoError(t, err)
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	require.Equal(t, http.StatusServiceUnavailable, answer.StatusCode)
	require.NotEmpty(t, answer.Header.Get("Retry-After"))
	cancel()
	for range events { // until the connection has ended
	}
}

func TestTailPage(t *testing.T) {
	_, pages := newWeek(t)
	doc := get(t, pages, "/tail?product=shopify")
	section := doc.one("section", "id", "live")
	shown := doc.positions()
	require.Contains(t, attrOf(section, "data-events"), "tail/events?newer="+shown[len(shown)-1])
	require.Contains(t, attrOf(section, "data-events"), "product=shopify")
	require.Contains(t, doc.text(), "Without JavaScript")
	require.Contains(t, doc.text(), "an hour late")
	require.Empty(t, doc.with("input", "type", "date"), "what arrives is now")
	past := get(t, pages, "/tail?end=2026-11-21T00:00:00Z")
	require.Equal(t, get(t, pages, "/").positions(), past.positions())

	open := get(t, pages, "/tail?product=shopify&activity="+doc.positions()[0])
	require.Len(t, open.with("section", "id", "details"), 1)
	require.Equal(t, "./tail?product=shopify", open.link("Close details"))
}

// Whoever was away for long gets the newest, as many as the page shows.
func TestTailAfterALongTime(t *testing.T) {
	first := locked("first", now.Add(-time.Hour))
	log := activitiestest.New(clock, first)
	page, err := log.Page(t.Context(), activities.Filter{}, activities.Slice{Limit: 1})
	require.NoError(t, err)
	for i := range maxCaughtUp + 10 {
		log.Add(locked(strconv.Itoa(i), now.Add(-time.Minute).Add(time.Duration(i)*time.Millisecond)))
	}
	address := serve(t, log, Settings{})
	for _, last := range []string{string(page.Activities[0].Position), "not-a-place"} {
		ctx, cancel := context.WithCancel(t.Context())
		events := watch(ctx, t, address+"/tail/events", last)
		e := next(t, events)
		count, _ := arrived(t, e)
		require.Equal(t, maxCaughtUp, count)
		newest, err := log.Page(ctx, activities.Filter{}, activities.Slice{Limit: 1})
		require.NoError(t, err)
		require.Equal(t, string(newest.Activities[0].Position), e.id)
		cancel()
		for range events { // until the connection has ended
		}
	}
}
