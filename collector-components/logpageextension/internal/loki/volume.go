// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"
)

// maxBars bounds a chart. Loki has a bound of 11,000 points.
const maxBars = 5000

// Volume counts the filter's activities in steps that begin at its start, and of which those
// between meet to the millisecond, see [meet]. It is fastest
// where the start is a whole hour, and the step is of whole hours: then it need not read
// again what was counted before.
func (r *Reader) Volume(ctx context.Context, filter activities.Filter, step time.Duration) ([]activities.Bar, error) {
	within := timeOf(filter, r.now())
	if step < time.Millisecond || step%time.Millisecond != 0 || within.length()/step >= maxBars {
		return nil, fmt.Errorf("a step must be of whole milliseconds, and at most %d of them in %s: it is %s", maxBars, within.length(), step)
	}
	c := newChart(within, step)
	if isTallied(filter) && step%time.Hour == 0 && within.start%int64(time.Hour) == 0 {
		return c.bars, r.tallied(ctx, within, func(start int64, labels map[string]string, n int) {
			if choosesLabels(filter, labels) {
				c.bars[(start-within.start)/c.step].ByStatus[labels[statusName]] += n
			}
		})
	}
	oldest := r.limits.oldest(r.now())
	err := r.draw(ctx, queryOf(filter), c, oldest)
	if isTooOld(err) && oldest < r.limits.oldest(r.now()) {
		return r.Volume(ctx, filter, step)
	}
	return c.bars, err
}

type chart struct {
	within span
	step   int64
	bars   []activities.Bar
}

func newChart(within span, step time.Duration) *chart {
	c := &chart{within: within, step: step.Nanoseconds()}
	for start := within.start; start < within.end; start += c.step {
		c.bars = append(c.bars, activities.Bar{Start: time.Unix(0, start).UTC(), ByStatus: make(map[string]int)})
	}
	return c
}

// draw counts the bars: the first and the last each on its own, since they begin and end
// to the nanosecond, and may be shorter than a step. The first is that which reaches back
// as far as Loki counts.
func (r *Reader) draw(ctx context.Context, query logql.Query, c *chart, oldest int64) error {
	last := len(c.bars) - 1
	if last < 0 {
		return nil
	}
	first := 0
	for first < last && c.bars[first+1].Start.UnixNano() < oldest {
		first++
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return r.drawOne(ctx, query, c, first) })
	if first < last {
		group.Go(func() error { return r.drawOne(ctx, query, c, last) })
	}
	group.Go(func() error {
		between := steps{start: c.within.start, step: time.Duration(c.step), n: len(c.bars)}.part(first+1, last)
		return r.steps(ctx, query, between, []string{statusName}, func(at int, labels map[string]string, n int) error {
			c.bars[first+1+at].ByStatus[labels[statusName]] += n
			return nil
		})
	})
	return group.Wait()
}

func (r *Reader) drawOne(ctx context.Context, query logql.Query, c *chart, at int) error {
	within := c.within
	if at > 0 {
		within.start = meet(c.bars[at].Start.UnixNano())
	}
	if at < len(c.bars)-1 {
		within.end = meet(c.bars[at+1].Start.UnixNano())
	}
	counted, err := r.count(ctx, query, within, statusName)
	for _, found := range counted.of {
		c.bars[at].ByStatus[found.labels[statusName]] += found.n
	}
	return err
}
