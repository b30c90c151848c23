// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// exportPage is how many activities All reads at a time.
const exportPage = 4000

// Reader reads the log from a Loki. It is safe for concurrent use.
type Reader struct {
	client *client
	limits *limits
	tally  *tally
	// now is the clock, for tests.
	now func() time.Time
}

var _ activities.Reader = (*Reader)(nil)

// New returns a reader of the Loki at a base URL such as http://localhost:3100, which may
// have a path. The client brings the tenant's header, authentication and the time limit.
func New(httpClient *http.Client, baseURL string) (*Reader, error) {
	base, err := url.Parse(baseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, errors.New("the address of Loki must be a URL such as http://localhost:3100")
	}
	if base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("the address of Loki at %s must have neither credentials nor a query: put credentials into auth or headers", base.Host)
	}
	counted, err := newTally()
	if err != nil {
		return nil, err
	}
	return &Reader{
		client: &client{http: httpClient, baseURL: base, slots: semaphore.NewWeighted(maxRequests)},
		limits: newLimits(),
		tally:  counted,
		now:    time.Now,
	}, nil
}

// Page returns a slice of the activities.
func (r *Reader) Page(ctx context.Context, filter activities.Filter, slice activities.Slice) (activities.Page, error) {
	position, d := slice.Older, backward
	if slice.Newer != "" {
		position, d = slice.Newer, forward
	}
	var behind, before *bound
	if position != "" {
		at, err := parsePosition(position)
		if err != nil {
			return activities.Page{}, err
		}
		behind, before = &bound{key: at}, &bound{key: at, inclusive: true}
	}
	var (
		found, other []record
		asked        = queryOf(filter)
		within       = timeOf(filter, r.now())
	)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		found, err = r.collect(ctx, asked, within, d, behind, slice.Limit+1)
		return err
	})
	if before != nil {
		group.Go(func() (err error) {
			other, err = r.collect(ctx, asked, within, d.opposite(), before, 1)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return activities.Page{}, err
	}
	more := len(found) > slice.Limit
	found = found[:min(len(found), slice.Limit)]
	page := activities.Page{HasOlder: more, HasNewer: len(other) > 0}
	if d == forward {
		slices.Reverse(found)
		page.HasOlder, page.HasNewer = page.HasNewer, page.HasOlder
	}
	page.Activities = toActivities(found)
	return page, nil
}

// All returns every activity of the filter, newest first.
func (r *Reader) All(ctx context.Context, filter activities.Filter) iter.Seq2[activities.Activity, error] {
	return func(yield func(activities.Activity, error) bool) {
		within := timeOf(filter, r.now())
		c := &collector{direction: backward, want: exportPage, window: firstWindow}
		for {
			if err := r.scan(ctx, queryOf(filter), within, c); err != nil {
				yield(activities.Activity{}, err)
				return
			}
			for i := range c.records {
				if !yield(c.records[i].activity(), nil) {
					return
				}
			}
			if !c.full() {
				return
			}
			c = &collector{direction: backward, want: exportPage, window: c.window, behind: &bound{key: c.records[exportPage-1].key}}
		}
	}
}

// Activity returns the one at a position.
func (r *Reader) Activity(ctx context.Context, position activities.Position) (found activities.Activity, ok bool, err error) {
	at, err := parsePosition(position)
	if err != nil {
		return activities.Activity{}, false, err
	}
	query := logql.Select(logql.Choice{Name: namespaceName, Values: []string{activity.ServiceNamespace}})
	if at.id != "" {
		query = query.WherePrefix(idName, at.id)
	}
	c := &collector{direction: forward, behind: &bound{key: at, inclusive: true}, want: 1}
	if err := r.scan(ctx, query, span{at.time, at.time + 1}, c); err != nil {
		return activities.Activity{}, false, err
	}
	if len(c.records) == 0 || c.records[0].key != at {
		return activities.Activity{}, false, nil
	}
	return c.records[0].activity(), true, nil
}

func (d direction) opposite() direction {
	if d == backward {
		return forward
	}
	return backward
}

// tooLong tells whether a query was refused because it covers more time than Loki has
// meanwhile been found to allow.
func (r *Reader) tooLong(err error, within span) bool {
	return err != nil && within.length() > r.limits.maxLength()
}
