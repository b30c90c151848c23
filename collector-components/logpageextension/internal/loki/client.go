// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

const (
	// maxAnswer bounds an answer: some thousand records of a usual size. Where records are
	// larger, fewer are asked for.
	maxAnswer = 32 << 20
	// maxRequests is how many are under way at a time; with maxAnswer it bounds the memory,
	// and it keeps other users of Loki from waiting behind this one.
	maxRequests = 8
	// busyRetries is how often a query is asked again that Loki had no room for.
	busyRetries = 3
	busyWait    = 200 * time.Millisecond
)

// client asks Loki.
type client struct {
	http    *http.Client
	baseURL *url.URL
	slots   *semaphore.Weighted
}

// errTooLarge means that an answer is larger than maxAnswer, or than Loki can pass on
// between its own parts.
var errTooLarge = errors.New("the answer is too large")

// ask sends a query and returns the answer. It tries again while Loki is busy.
func (c *client) ask(ctx context.Context, path string, form url.Values) ([]byte, error) {
	if err := c.slots.Acquire(ctx, 1); err != nil {
		return nil, failed(ctx, err)
	}
	defer c.slots.Release(1)
	for attempt := 0; ; attempt++ {
		body, err := c.askOnce(ctx, path, form)
		var answered *answerError
		if !errors.As(err, &answered) || answered.status != http.StatusTooManyRequests || attempt == busyRetries {
			return body, err
		}
		select {
		case <-time.After(busyWait << attempt):
		case <-ctx.Done():
			return nil, failed(ctx, err)
		}
	}
}

func (c *client) askOnce(ctx context.Context, path string, form url.Values) ([]byte, error) {
	// A query may be longer than what an address may be.
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.baseURL.JoinPath(path).String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, failed(ctx, err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set(lokiapi.CategorizeLabels, lokiapi.CategorizeLabelsValue)
	// Loki keeps that nothing was found, and would not see a late record.
	req.Header.Set("Cache-Control", "no-cache")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, failed(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, refusal(ctx, resp)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, failed(ctx, fmt.Errorf("the answer broke off: %w", err))
	}
	if len(body) > maxAnswer {
		return nil, errTooLarge
	}
	return body, nil
}

// nanoseconds writes a time as Loki takes it.
func nanoseconds(ns int64) string { return strconv.FormatInt(ns, 10) }
