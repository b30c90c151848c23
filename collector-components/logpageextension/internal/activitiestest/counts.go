// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitiestest // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

const day = 24 * time.Hour

// Products implements [activities.Reader].
func (l *Log) Products(ctx context.Context, filter activities.Filter) ([]activities.ProductCount, error) {
	chosen, err := l.chosen(ctx, activities.Filter{Start: filter.Start, End: filter.End})
	if err != nil {
		return nil, err
	}
	counts := map[string]activities.ProductCount{}
	for i := range chosen {
		count := counts[chosen[i].Product]
		count.Product = chosen[i].Product
		count.Activities++
		if chosen[i].Status == "error" {
			count.Errors++
		}
		counts[count.Product] = count
	}
	return slices.SortedFunc(maps.Values(counts), func(a, b activities.ProductCount) int {
		return cmp.Compare(a.Product, b.Product)
	}), nil
}

// Values implements [activities.Reader].
func (l *Log) Values(ctx context.Context, filter activities.Filter) (activities.Values, error) {
	chosen, err := l.chosen(ctx, activities.Filter{Start: filter.Start, End: filter.End})
	if err != nil {
		return activities.Values{}, err
	}
	types, integrations, accounts := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range chosen {
		types[chosen[i].Type], integrations[chosen[i].Integration], accounts[chosen[i].Account] = true, true, true
	}
	return activities.Values{Types: named(types), Integrations: named(integrations), Accounts: named(accounts)}, nil
}

func named(values map[string]bool) []string {
	delete(values, "")
	return slices.Sorted(maps.Keys(values))
}

// Volume implements [activities.Reader].
func (l *Log) Volume(ctx context.Context, filter activities.Filter, step time.Duration) ([]activities.Bar, error) {
	chosen, err := l.chosen(ctx, filter)
	if err != nil {
		return nil, err
	}
	var bars []activities.Bar
	for start := filter.Start; start.Before(filter.End); start = start.Add(step) {
		bars = append(bars, activities.Bar{Start: start, ByStatus: map[string]int{}})
	}
	for i := range chosen {
		bars[chosen[i].Time.Sub(filter.Start)/step].ByStatus[chosen[i].Status]++
	}
	return bars, nil
}

// Groups implements [activities.Reader].
func (l *Log) Groups(ctx context.Context, filter activities.Filter, limit int) (groups []activities.Group, more bool, err error) {
	chosen, err := l.chosen(ctx, filter)
	if err != nil {
		return nil, false, err
	}
	type key struct {
		product, status, activityType, integration, errorType, errorCode string
		httpStatusCode                                                   int
	}
	byKey := map[key]int{}
	for _, a := range chosen {
		if a.Status != "error" && a.Status != "warning" {
			continue
		}
		k := key{a.Product, a.Status, a.Type, a.Integration, a.ErrorType, a.ErrorCode, a.HTTPStatusCode}
		i, known := byKey[k]
		if !known {
			i = len(groups)
			byKey[k] = i
			groups = append(groups, activities.Group{
				Product: a.Product, Status: a.Status, Type: a.Type, Integration: a.Integration,
				ErrorType: a.ErrorType, ErrorCode: a.ErrorCode, HTTPStatusCode: a.HTTPStatusCode, Latest: a,
			})
		}
		groups[i].Count++
	}
	slices.SortStableFunc(groups, func(a, b activities.Group) int { return cmp.Compare(b.Count, a.Count) })
	if len(groups) > limit {
		return groups[:limit], true, nil
	}
	return groups, false, nil
}

// Sources implements [activities.Reader].
func (l *Log) Sources(ctx context.Context) ([]activities.Source, error) {
	now := l.now()
	chosen, err := l.chosen(ctx, activities.Filter{Start: now.Add(-7 * day)})
	if err != nil {
		return nil, err
	}
	sources := map[string]activities.Source{}
	for _, a := range chosen {
		source := sources[a.Product]
		source.Product, source.First = a.Product, a.Time
		if source.Last.IsZero() {
			source.Last = a.Time
		}
		if source.LastSuccess.IsZero() && a.Status == "info" {
			source.LastSuccess = a.Time
		}
		if now.Sub(a.Time) < day {
			source.Activities++
			if a.Status == "error" {
				source.Errors++
			}
		}
		sources[a.Product] = source
	}
	return slices.SortedFunc(maps.Values(sources), func(a, b activities.Source) int {
		return cmp.Compare(a.Product, b.Product)
	}), nil
}
