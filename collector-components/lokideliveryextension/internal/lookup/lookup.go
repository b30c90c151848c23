// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lookup // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/lookup"

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"golang.org/x/sync/errgroup"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/identity"
	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

const (
	// pushPath is what a push's path ends with.
	pushPath = "/otlp/v1/logs"
	// maxEntries is how many entries Loki returns at most, below its default limit of
	// 5000. An id has one entry, or a few if it was stored several times.
	maxEntries = 1000
	// maxAnswer bounds an answer: maxEntries ids of 4 KiB, escaped, and statistics.
	maxAnswer = 32 << 20
	// parallel queries; Loki may be far away.
	parallel = 4
	// activityID is the label that Loki makes of activity.id.
	activityID = "activity_id"
)

// RefusedError means that Loki, or a proxy before it, does not answer such questions.
type RefusedError struct {
	// Status is the HTTP status code; 0 if it is not even known where to ask.
	Status int
	Reason string
}

// Error tells what was answered.
func (e *RefusedError) Error() string {
	if e.Status == 0 {
		return e.Reason
	}
	return fmt.Sprintf("the query was answered with %d: %s", e.Status, e.Reason)
}

// Asker asks on the connection of a push: with its transport, and its headers.
type Asker struct {
	// Transport sends the queries.
	Transport http.RoundTripper
	// BaseURL is where Loki's query API is; if empty it is taken from the push.
	BaseURL string
}

// Stored returns the keys of the records that Loki has. push is the request by which
// they would be sent; its tenant and its credentials are used. An error other than
// [RefusedError] is transient.
func (a Asker) Stored(ctx context.Context, push *http.Request, keys []identity.Key) (map[identity.Key]struct{}, error) {
	target, err := a.target(push)
	if err != nil {
		return nil, err
	}
	stored := make(map[identity.Key]struct{})
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for _, q := range plan(keys) {
		group.Go(func() error {
			found, err := a.ask(ctx, target, push, q)
			mu.Lock()
			defer mu.Unlock()
			for _, key := range found {
				stored[key] = struct{}{}
			}
			return err
		})
	}
	return stored, group.Wait()
}

// target is the address of the query API.
func (a Asker) target(push *http.Request) (string, error) {
	if a.BaseURL != "" {
		return strings.TrimSuffix(a.BaseURL, "/") + lokiapi.QueryRangePath, nil
	}
	path, ok := strings.CutSuffix(push.URL.Path, pushPath)
	if !ok {
		return "", &RefusedError{Reason: fmt.Sprintf("records are pushed to %q, which does not end with %s: set query_endpoint to Loki's base URL",
			push.URL.Path, pushPath)}
	}
	target := *push.URL
	target.Path, target.RawPath, target.RawQuery = path+lokiapi.QueryRangePath, "", ""
	return target.String(), nil
}

// ask returns those of the query's keys that Loki has.
func (a Asker) ask(ctx context.Context, target string, push *http.Request, q query) ([]identity.Key, error) {
	entries, err := a.entries(ctx, target, push, q)
	if err != nil {
		return nil, err
	}
	if len(entries) >= maxEntries && len(q.keys) > 1 {
		// The answer may have been cut.
		var all []identity.Key
		for _, half := range q.halves() {
			found, err := a.ask(ctx, target, push, half)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
		return all, nil
	}
	return entries, nil
}

// entries sends one query.
func (a Asker) entries(ctx context.Context, target string, push *http.Request, q query) ([]identity.Key, error) {
	req, err := newRequest(ctx, target, push, q)
	if err != nil {
		return nil, err
	}
	if a.BaseURL == "" {
		req.Host = push.Host
	}
	resp, err := a.Transport.RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("cannot ask Loki what it has: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("the answer to a query broke off: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return nil, refusal(resp, body)
	}
	return parse(q.keys[0].Product, body)
}

func newRequest(ctx context.Context, target string, push *http.Request, q query) (*http.Request, error) {
	start, end := q.bounds()
	form := url.Values{
		"query":     {q.logQL()},
		"start":     {strconv.FormatInt(start, 10)},
		"end":       {strconv.FormatInt(end, 10)},
		"limit":     {strconv.Itoa(maxEntries)},
		"direction": {"forward"},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, strings.NewReader(form.Encode())) //nolint:gosec // the operator names the address
	if err != nil {
		return nil, err
	}
	req.Header = push.Header.Clone()
	for _, name := range []string{"Content-Encoding", "Content-Length", "Accept-Encoding"} {
		req.Header.Del(name)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	// Loki caches that nothing was found, and would say so again after the push.
	req.Header.Set("Cache-Control", "no-cache")
	return req, nil
}

// refusal tells a lasting answer from a transient one.
func refusal(resp *http.Response, body []byte) error {
	const limit = 300
	reason := lokiapi.Excerpt(string(body), resp, limit)
	switch code := resp.StatusCode; {
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly, code == http.StatusTooManyRequests, code >= 500, code < 300:
		return fmt.Errorf("cannot ask Loki what it has: it answered %d: %s", code, reason)
	default:
		return &RefusedError{Status: resp.StatusCode, Reason: reason}
	}
}

// parse returns the keys of the entries in an answer.
func parse(product string, body []byte) ([]identity.Key, error) {
	streams, _, err := lokiapi.Streams(body)
	if err != nil {
		return nil, err
	}
	var keys []identity.Key
	for _, stream := range streams {
		for _, entry := range stream.Entries {
			if entry.Time < 0 {
				return nil, fmt.Errorf("%w: an entry at %d", lokiapi.ErrNotLoki, entry.Time)
			}
			keys = append(keys, identity.Key{Product: product, ID: stream.Labels[activityID], Time: pcommon.Timestamp(uint64(entry.Time))})
		}
	}
	return keys, nil
}
