// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	neturl "net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

const (
	// pageSize is the most that Loki gives at once.
	pageSize = 5000
	// week is how far back Loki shows records, and ahead how far in the future they
	// may lie: of a query that goes on for five minutes or more, Loki 3.7 leaves out what
	// lies ahead and is on disk.
	week  = 168 * time.Hour
	ahead = 4 * time.Minute
)

// Loki is a reader of Loki.
type Loki struct {
	// URL is where Loki listens.
	URL string
}

// NewLoki returns a reader of the Loki at url.
func NewLoki(url string) *Loki { return &Loki{URL: url} }

// Entry is one entry with its labels and its structured metadata.
type Entry struct {
	Time   time.Time
	Line   string
	Labels map[string]string
}

// Entries returns everything that the selector finds within the last week.
func (l *Loki) Entries(ctx context.Context, selector string) ([]Entry, error) {
	now := time.Now()
	return l.EntriesBetween(ctx, selector, now.Add(-week), now.Add(ahead))
}

// EntriesBetween returns everything that the selector finds from one time up to, and
// without, another. A page begins at the time at which the one before has ended, whose
// entries it then has all, and so none is missed at the edge of a page nor seen twice.
func (l *Loki) EntriesBetween(ctx context.Context, selector string, from, to time.Time) ([]Entry, error) {
	var entries []Entry
	for {
		page, err := l.page(ctx, selector, time.Unix(0, lokiapi.Since(from.UnixNano())), to)
		whole := len(page) < pageSize
		page = slices.DeleteFunc(page, func(e Entry) bool { return e.Time.Before(from) })
		if err != nil || whole {
			return append(entries, page...), err
		}
		last := from
		for _, entry := range page {
			last = later(last, entry.Time)
		}
		if last.Equal(from) {
			return nil, fmt.Errorf("more than %d entries at %s", pageSize, from)
		}
		from = last
		entries = append(entries, slices.DeleteFunc(page, func(e Entry) bool { return e.Time.Equal(last) })...)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (l *Loki) page(ctx context.Context, selector string, from, to time.Time) ([]Entry, error) {
	var result struct {
		Data struct {
			Result []struct {
				Stream map[string]string `json:"stream"`
				Values [][2]string       `json:"values"`
			} `json:"result"`
		} `json:"data"`
	}
	err := l.get(ctx, "/loki/api/v1/query_range", neturl.Values{
		"query": {selector}, "limit": {strconv.Itoa(pageSize)}, "direction": {"forward"},
		"start": {strconv.FormatInt(from.UnixNano(), 10)}, "end": {strconv.FormatInt(to.UnixNano(), 10)},
	}, &result)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, stream := range result.Data.Result {
		for _, value := range stream.Values {
			nanoseconds, err := strconv.ParseInt(value[0], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("time of an entry: %w", err)
			}
			entries = append(entries, Entry{Time: time.Unix(0, nanoseconds), Line: value[1], Labels: stream.Stream})
		}
	}
	return entries, nil
}

// Count returns what count_over_time says of the last week.
func (l *Loki) Count(ctx context.Context, selector string) (int, error) {
	var result struct {
		Data struct {
			Result []struct {
				Value [2]any `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	window := week + ahead
	err := l.get(ctx, "/loki/api/v1/query", neturl.Values{
		"query": {fmt.Sprintf("sum(count_over_time(%s[%ds]))", selector, int(window.Seconds()))},
		"time":  {strconv.FormatInt(time.Now().Add(ahead).UnixNano(), 10)},
	}, &result)
	if err != nil {
		return 0, err
	}
	if len(result.Data.Result) == 0 {
		return 0, nil
	}
	text, ok := result.Data.Result[0].Value[1].(string)
	if !ok {
		return 0, errors.New("a count that is no string")
	}
	return strconv.Atoi(text)
}

// LabelNames returns the names of all labels.
func (l *Loki) LabelNames(ctx context.Context) ([]string, error) {
	var result struct {
		Data []string `json:"data"`
	}
	err := l.get(ctx, "/loki/api/v1/labels", neturl.Values{"since": {week.String()}}, &result)
	return result.Data, err
}

// Ready returns nil once Loki says that it is ready.
func (l *Loki) Ready(ctx context.Context) error {
	code, err := get(ctx, l.URL+"/ready")
	if err == nil && code != http.StatusOK {
		err = fmt.Errorf("status %d", code)
	}
	return err
}

// Flush makes Loki write to disk all that it holds in memory. Loki answers before it
// has done so.
func (l *Loki) Flush(ctx context.Context) error {
	response, err := do(ctx, http.MethodPost, l.URL+"/flush")
	if err != nil {
		return err
	}
	_, err = body(response)
	return err
}

// FlushAll makes Loki write to disk all that it holds in memory, and waits until it has: it
// recognises no repetition of that by itself any more.
func (l *Loki) FlushAll(tb testing.TB, within time.Duration) {
	tb.Helper()
	require.NoError(tb, l.Flush(tb.Context()))
	Eventually(tb, within, func(ctx context.Context) error {
		metrics, err := ReadMetrics(ctx, l.URL+"/metrics")
		if err != nil {
			return err
		}
		flushed, held := metrics.Sum("loki_ingester_chunks_flushed_total"), metrics.Sum("loki_ingester_memory_chunks")
		if flushed == 0 || flushed < held {
			return fmt.Errorf("%v chunks flushed of %v", flushed, held)
		}
		return nil
	})
}

// LetGo makes Loki write to disk all that it holds, until it holds no stream any more: what it
// does by itself half an hour after the last record of a stream.
func (l *Loki) LetGo(tb testing.TB, within time.Duration) {
	tb.Helper()
	Eventually(tb, within, func(ctx context.Context) error {
		if err := l.Flush(ctx); err != nil {
			return err
		}
		metrics, err := ReadMetrics(ctx, l.URL+"/metrics")
		if err != nil {
			return err
		}
		if streams := metrics.Sum("loki_ingester_memory_streams"); streams > 0 {
			return fmt.Errorf("%v streams are in memory", streams)
		}
		return nil
	})
}

func (l *Loki) get(ctx context.Context, path string, values neturl.Values, into any) error {
	response, err := do(ctx, http.MethodGet, l.URL+path+"?"+values.Encode())
	if err != nil {
		return err
	}
	text, err := body(response)
	if err != nil {
		return fmt.Errorf("loki: %w", err)
	}
	return json.Unmarshal(text, into)
}
