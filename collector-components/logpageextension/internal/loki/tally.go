// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"errors"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

const (
	// blockHours is how many hours are counted, and kept, together: as many as the
	// embedded Loki divides queries by.
	blockHours = 6
	blockSize  = int64(blockHours * time.Hour)
	// maxBlocks and maxBlockGroups bound what is kept: 16 days, and each with some hundred
	// bytes a group.
	maxBlocks      = 64
	maxBlockGroups = 1000
	// blockAge is how long counts are kept: long enough for who looks at one filter after the
	// other, and short, because late records change hours that are past.
	blockAge = 10 * time.Second
	// settled is how long ago a block must have ended to be kept. Before, records are
	// expected.
	settled = time.Hour
)

// talliedBy are the labels that a tally counts by.
var talliedBy = []string{productName, statusName, typeName, integrationName, accountName}

// tally keeps, for some seconds, how many activities of each kind each hour had. Loki reads
// every record to count it: what is counted of a week is asked for by several parts of a
// page at once, and again with its next filter.
type tally struct {
	blocks *lru.Cache[int64, *block]
	flight singleflight.Group
}

// block is the count of some hours. It does not change.
type block struct {
	counted time.Time
	groups  map[string]*hourly
}

// hourly is how many activities with these labels each hour of a block had.
type hourly struct {
	labels map[string]string
	hours  [blockHours]int
}

func newTally() (*tally, error) {
	blocks, err := lru.New[int64, *block](maxBlocks)
	if err != nil {
		return nil, err
	}
	return &tally{blocks: blocks}, nil
}

// tallied reports the number of activities by the labels of talliedBy, from their first
// possible time on: whole hours, and what a stretch of time has besides.
func (r *Reader) tallied(ctx context.Context, within span, report func(start int64, labels map[string]string, n int)) error {
	hour := int64(time.Hour)
	within.start = max(within.start, r.limits.oldest(r.now()))
	// An hour begins a millisecond early, so that of the first it cannot be the whole.
	hours := span{(within.start + int64(time.Millisecond) + hour - 1) / hour * hour, within.end / hour * hour}
	parts := []span{{within.start, meet(hours.start)}, {meet(hours.end), within.end}}
	var blocks []int64
	if hours.start >= hours.end {
		parts = []span{within}
	}
	for start := hours.start / blockSize * blockSize; start < hours.end; start += blockSize {
		blocks = append(blocks, start)
	}
	counted, found := make([]*counts, len(parts)), make([]*block, len(blocks))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(maxRequests)
	for i, part := range parts {
		group.Go(func() (err error) {
			counted[i], err = r.count(groupCtx, queryOf(activities.Filter{}), part, talliedBy...)
			return err
		})
	}
	for i, start := range blocks {
		group.Go(func() (err error) {
			found[i], err = r.block(groupCtx, start)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, start := range []int64{within.start, hours.end}[:len(parts)] {
		for _, c := range counted[i].of {
			report(start, c.labels, c.n)
		}
	}
	for i, start := range blocks {
		found[i].report(start, hours, report)
	}
	return nil
}

func (b *block) report(start int64, hours span, report func(start int64, labels map[string]string, n int)) {
	for _, group := range b.groups {
		for i, n := range group.hours {
			if at := start + int64(i)*int64(time.Hour); n > 0 && at >= hours.start && at < hours.end {
				report(at, group.labels, n)
			}
		}
	}
}

// block returns the counts of a block. Several that ask for the same wait for one.
func (r *Reader) block(ctx context.Context, start int64) (*block, error) {
	for {
		found, err, shared := r.tally.flight.Do(nanoseconds(start), func() (any, error) { return r.readBlock(ctx, start) })
		if err == nil {
			return found.(*block), nil
		}
		// It was another's request that was cancelled.
		if !shared || !errors.Is(err, context.Canceled) || ctx.Err() != nil {
			return nil, err
		}
	}
}

func (r *Reader) readBlock(ctx context.Context, start int64) (*block, error) {
	if known, ok := r.tally.blocks.Get(start); ok && r.now().Sub(known.counted) < blockAge {
		return known, nil
	}
	fresh := &block{counted: r.now(), groups: make(map[string]*hourly)}
	wanted := steps{start: start, step: time.Hour, n: blockHours}
	err := r.steps(ctx, queryOf(activities.Filter{}), wanted, talliedBy, fresh.add)
	if isTooOld(err) {
		// Hour by hour, of which those that are too old have none.
		fresh.groups = make(map[string]*hourly)
		err = r.singleSteps(ctx, queryOf(activities.Filter{}), wanted, talliedBy, fresh.add)
	}
	if err != nil {
		return nil, err
	}
	if ended := time.Unix(0, start+blockSize); r.now().Sub(ended) > settled && len(fresh.groups) <= maxBlockGroups {
		r.tally.blocks.Add(start, fresh)
	}
	return fresh, nil
}

func (b *block) add(hour int, labels map[string]string, n int) error {
	id := labelsID(talliedBy, labels)
	group, ok := b.groups[id]
	if !ok {
		if len(b.groups) == maxGroups {
			return refused(errTooManyGroups)
		}
		group = &hourly{labels: labels}
		b.groups[id] = group
	}
	group.hours[hour] += n
	return nil
}

// isTallied tells whether a filter chooses by no more than a tally counts by.
func isTallied(filter activities.Filter) bool {
	return filter.Search == "" && filter.ObjectType == "" && filter.ObjectID == "" && filter.ErrorType == "" && filter.ErrorCode == "" &&
		filter.HTTPStatusCode == 0 && len(filter.Without) == 0
}

// choosesLabels tells whether a filter chooses activities with the labels of a tally.
func choosesLabels(filter activities.Filter, labels map[string]string) bool {
	for name, wanted := range map[string][]string{
		productName: filter.Products, statusName: filter.Statuses, typeName: filter.Types,
		integrationName: filter.Integrations, accountName: filter.Accounts,
	} {
		if len(wanted) > 0 && !slices.Contains(wanted, labels[name]) {
			return false
		}
	}
	return true
}
