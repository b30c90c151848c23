// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/internal/apiclient"
)

const (
	pageSize = 100
	// maxPage bounds a page, and maxAttempts the attempts of one invocation, which hold
	// what was sent and answered.
	maxPage     = 16 << 20
	maxAttempts = 4 << 20
	// maxPages bounds a list of webhooks, of which an account has some hundred.
	maxPages = 100
)

// ErrCursorLoop is a list whose pages lead back to one that was read already.
var ErrCursorLoop = errors.New("the pages of the list lead back to one that was read already")

// Client calls the API.
type Client struct {
	api    *apiclient.Client
	budget budget
}

// New returns a client.
func New(api *apiclient.Client) *Client { return &Client{api: api} }

// Webhooks lists all webhooks.
func (c *Client) Webhooks(ctx context.Context) (webhooks []Webhook, unreadable Unreadable, err error) {
	cursors := Cursors{}
	for cursor := ""; ; {
		query := url.Values{"page[size]": {strconv.Itoa(pageSize)}}
		if cursor != "" {
			query.Set("page[after]", cursor)
		}
		content, err := c.get(ctx, "/api/v2/webhooks", query, maxPage)
		if err != nil {
			return nil, nil, err
		}
		page, err := parseWebhooks(content)
		if err != nil {
			return nil, nil, err
		}
		webhooks = append(webhooks, page.Items...)
		unreadable = append(unreadable, page.Unreadable...)
		cursor = page.Next
		if cursor == "" {
			return webhooks, unreadable, nil
		}
		if !cursors.Add(cursor) || len(cursors) > maxPages {
			return nil, nil, ErrCursorLoop
		}
	}
}

// Invocations returns a page of the invocations that were completed since from, the
// oldest first.
func (c *Client) Invocations(ctx context.Context, webhookID string, from time.Time, cursor string) (Page[Invocation], error) {
	query := url.Values{
		"filter[from_ts]": {from.UTC().Format(time.RFC3339)},
		"sort":            {"latest_completed_at"},
		"page[size]":      {strconv.Itoa(pageSize)},
	}
	if cursor != "" {
		query.Set("page[after]", cursor)
	}
	content, err := c.get(ctx, "/api/v2/webhooks/"+url.PathEscape(webhookID)+"/invocations", query, maxPage)
	if err != nil {
		return Page[Invocation]{}, err
	}
	return parseInvocations(content)
}

// Attempts returns the attempts of an invocation, and the answer as it came.
func (c *Client) Attempts(ctx context.Context, webhookID, invocationID string) (attempts []Attempt, raw []byte, err error) {
	path := "/api/v2/webhooks/" + url.PathEscape(webhookID) + "/invocations/" + url.PathEscape(invocationID) + "/attempts"
	content, err := c.get(ctx, path, nil, maxAttempts)
	if err != nil {
		return nil, nil, err
	}
	page, err := parseAttempts(content)
	return page.Items, content, err
}

// Spare tells whether the limit of requests leaves room for one that is not needed.
func (c *Client) Spare() bool { return c.budget.spare(time.Now()) }

func (c *Client) get(ctx context.Context, path string, query url.Values, bound int64) ([]byte, error) {
	if err := c.budget.wait(ctx, time.Now()); err != nil {
		return nil, err
	}
	response, err := c.api.Do(ctx, apiclient.Request{Path: path, Query: query, MaxBody: bound})
	if err != nil {
		if status, ok := errors.AsType[*apiclient.StatusError](err); ok {
			now := time.Now()
			c.budget.observe(status.Header, now)
			if status.Code == http.StatusTooManyRequests || status.Code == http.StatusServiceUnavailable {
				c.budget.pause(now.Add(status.RetryAfter))
			}
		}
		return nil, err
	}
	defer response.Body.Close()
	c.budget.observe(response.Header, time.Now())
	return io.ReadAll(response.Body)
}

// Cursors are those of a list that were followed.
type Cursors map[string]struct{}

// Add returns false for one that was followed already.
func (c Cursors) Add(cursor string) bool {
	if _, ok := c[cursor]; ok {
		return false
	}
	c[cursor] = struct{}{}
	return true
}

// IsBadAnswer tells whether an error says that an answer came and could not be used.
func IsBadAnswer(err error) bool {
	return errors.Is(err, errSyntax) || errors.Is(err, errShape) || errors.Is(err, ErrCursorLoop) ||
		errors.Is(err, apiclient.ErrTooLarge) || errors.Is(err, io.ErrUnexpectedEOF)
}
