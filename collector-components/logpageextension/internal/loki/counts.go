// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"
	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

const (
	// maxGroups bounds what is counted apart.
	maxGroups = 50_000
	// shortestSplit is the time in which Loki must be able to count, however many groups
	// there are.
	shortestSplit = time.Minute
)

var errTooManyGroups = fmt.Errorf("there are more than %d different groups", maxGroups)

// counts are numbers of entries by the values of some labels.
type counts struct {
	names []string
	of    map[string]*count
}

type count struct {
	labels map[string]string
	n      int
}

func newCounts(names []string) *counts { return &counts{names: names, of: make(map[string]*count)} }

// labelsID tells some labels from others.
func labelsID(names []string, labels map[string]string) string {
	var id strings.Builder
	for _, name := range names {
		fmt.Fprintf(&id, "%d:%s", len(labels[name]), labels[name])
	}
	return id.String()
}

func (c *counts) id(labels map[string]string) string { return labelsID(c.names, labels) }

// add counts n more entries with these labels.
func (c *counts) add(labels map[string]string, n int) error {
	id := c.id(labels)
	found, ok := c.of[id]
	if !ok {
		if len(c.of) == maxGroups {
			return refused(errTooManyGroups)
		}
		own := make(map[string]string, len(c.names))
		for _, name := range c.names {
			own[name] = labels[name]
		}
		found = &count{labels: own}
		c.of[id] = found
	}
	found.n += n
	return nil
}

// count counts the entries of a query by labels.
func (r *Reader) count(ctx context.Context, query logql.Query, within span, by ...string) (*counts, error) {
	total := newCounts(by)
	return total, r.countInto(ctx, query, within, total)
}

// countInto adds to counts. What Loki has too many series for, and what is longer than a
// query may be, is counted in two parts.
func (r *Reader) countInto(ctx context.Context, query logql.Query, within span, total *counts) error {
	within.start = max(within.start, r.limits.oldest(r.now()))
	if within.start >= within.end {
		return nil
	}
	whole, sliver := within.milliseconds()
	if err := r.countSliver(ctx, query, sliver, total); err != nil || whole.length() <= 0 {
		return err
	}
	if whole.length() > r.limits.maxLength() {
		return r.countHalves(ctx, query, whole, total)
	}
	text := query.Count(total.names, whole.length(), 0)
	// Loki counts what is after the beginning of a window, and what is at its end.
	series, err := r.samples(ctx, lokiapi.QueryPath, url.Values{"query": {text}, "time": {nanoseconds(whole.end - 1)}})
	if err != nil {
		r.limits.learn(err, whole.length())
		switch {
		case tooManySeries(err) && whole.length() > shortestSplit, whole.length() > r.limits.maxLength():
			return r.countHalves(ctx, query, whole, total)
		case isTooOld(err) && whole.start < r.limits.oldest(r.now()):
			return r.countInto(ctx, query, whole, total)
		default:
			return err
		}
	}
	for _, one := range series {
		for _, point := range one.Points {
			if err := total.add(one.Labels, int(math.Round(point.Value))); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Reader) countHalves(ctx context.Context, query logql.Query, within span, total *counts) error {
	middle := within.start + (within.end-within.start)/2
	if err := r.countInto(ctx, query, span{within.start, middle}, total); err != nil {
		return err
	}
	return r.countInto(ctx, query, span{middle, within.end}, total)
}

// milliseconds divides a span into one of whole milliseconds, since LogQL counts in no
// smaller ones, and what is left of it.
func (s span) milliseconds() (whole, sliver span) {
	middle := s.end - (s.end-s.start)%int64(time.Millisecond)
	return span{s.start, middle}, span{middle, s.end}
}

// countSliver counts less than a millisecond by reading it.
func (r *Reader) countSliver(ctx context.Context, query logql.Query, within span, total *counts) error {
	for behind := (*bound)(nil); within.start < within.end; {
		c := &collector{direction: forward, behind: behind, want: exportPage}
		if err := r.scan(ctx, query, within, c); err != nil {
			return err
		}
		for i := range c.records {
			if err := total.add(c.records[i].attributes, 1); err != nil {
				return err
			}
		}
		if !c.full() {
			break
		}
		behind = &bound{key: c.records[len(c.records)-1].key}
	}
	return nil
}

// samples asks a metric query.
func (r *Reader) samples(ctx context.Context, path string, form url.Values) ([]lokiapi.Series, error) {
	body, err := r.client.ask(ctx, path, form)
	if errors.Is(err, errTooLarge) {
		return nil, refused(err)
	}
	if err != nil {
		return nil, err
	}
	series, warnings, err := lokiapi.Samples(body)
	if err == nil {
		err = whole(warnings)
	}
	if err != nil {
		return nil, refused(err)
	}
	return series, nil
}
