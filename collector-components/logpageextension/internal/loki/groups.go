// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// newest is how many failures are read at once to find the newest of each group. Only of
// groups that are not among them it is asked for one by one.
const newest = 1000

// groupedBy are what the failures of a group have in common.
var groupedBy = []string{productName, statusName, typeName, integrationName, errorTypeName, errorCodeName, httpStatusName}

// Groups returns the filter's errors and warnings by what they have in common.
func (r *Reader) Groups(ctx context.Context, filter activities.Filter, limit int) (groups []activities.Group, more bool, err error) {
	filter.Statuses = failures(filter.Statuses)
	if len(filter.Statuses) == 0 {
		return nil, false, nil
	}
	within := timeOf(filter, r.now())
	var (
		counted *counts
		latest  []record
	)
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		counted, err = r.count(groupCtx, queryOf(filter), within, groupedBy...)
		return err
	})
	group.Go(func() (err error) {
		latest, err = r.collect(groupCtx, queryOf(filter), within, backward, nil, newest)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, false, err
	}
	top := counted.top()
	more = len(top) > limit
	top = top[:min(len(top), limit)]
	groups, err = r.withLatest(ctx, filter, within, counted, top, latest)
	return groups, more, err
}

// failures are those of the statuses that are no success; of none, all.
func failures(statuses []string) []string {
	bad := []string{string(activity.Error), string(activity.Warning)}
	if len(statuses) == 0 {
		return bad
	}
	return slices.DeleteFunc(bad, func(status string) bool { return !slices.Contains(statuses, status) })
}

// top returns what was counted, most frequent first.
func (c *counts) top() []*count {
	all := make([]*count, 0, len(c.of))
	for _, found := range c.of {
		all = append(all, found)
	}
	slices.SortFunc(all, func(a, b *count) int {
		order := cmp.Compare(b.n, a.n)
		for _, name := range c.names {
			order = cmp.Or(order, cmp.Compare(a.labels[name], b.labels[name]))
		}
		return order
	})
	return all
}

// withLatest makes groups, each with the newest of its failures.
func (r *Reader) withLatest(ctx context.Context, filter activities.Filter, within span, c *counts, top []*count, latest []record) ([]activities.Group, error) {
	newestOf := make(map[string]*record)
	for i := range slices.Backward(latest) {
		newestOf[c.id(latest[i].attributes)] = &latest[i]
	}
	groups := make([]activities.Group, len(top))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxRequests)
	for i, found := range top {
		groups[i] = toGroup(found)
		if known, ok := newestOf[c.id(found.labels)]; ok {
			groups[i].Latest = known.activity()
			continue
		}
		group.Go(func() error {
			records, err := r.collect(ctx, sameGroup(queryOf(filter), found), within, backward, nil, 1)
			if err == nil && len(records) > 0 {
				groups[i].Latest = records[0].activity()
			}
			return err
		})
	}
	return groups, group.Wait()
}

// sameGroup narrows a query to a group.
func sameGroup(query logql.Query, group *count) logql.Query {
	for _, name := range groupedBy {
		query = query.Where(logql.Choice{Name: name, Values: []string{group.labels[name]}})
	}
	return query
}

func toGroup(c *count) activities.Group {
	code, err := strconv.Atoi(c.labels[httpStatusName])
	if err != nil {
		code = 0
	}
	return activities.Group{
		Product:        c.labels[productName],
		Status:         c.labels[statusName],
		Type:           c.labels[typeName],
		Integration:    c.labels[integrationName],
		ErrorType:      c.labels[errorTypeName],
		ErrorCode:      c.labels[errorCodeName],
		HTTPStatusCode: code,
		Count:          c.n,
	}
}
