// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

// recently is the time in which a source's activities are counted.
const recently = 24 * time.Hour

// Sources returns each product that the log has.
func (r *Reader) Sources(ctx context.Context) ([]activities.Source, error) {
	now := r.now()
	whole := timeOf(activities.Filter{}, now)
	products, err := r.labelledProducts(ctx, whole)
	if err != nil {
		return nil, err
	}
	sources := make([]activities.Source, len(products))
	var counted []activities.ProductCount
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxRequests)
	group.Go(func() (err error) {
		counted, err = r.products(ctx, span{now.Add(-recently).UnixNano(), whole.end})
		return err
	})
	for i, product := range products {
		source := &sources[i]
		source.Product = product
		group.Go(func() error { return r.timeOfFirst(ctx, product, nil, whole, forward, &source.First) })
		group.Go(func() error { return r.timeOfFirst(ctx, product, nil, whole, backward, &source.Last) })
		group.Go(func() error {
			return r.timeOfFirst(ctx, product, []string{string(activity.Info)}, whole, backward, &source.LastSuccess)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i := range sources {
		for _, product := range counted {
			if product.Product == sources[i].Product {
				sources[i].Activities, sources[i].Errors = product.Activities, product.Errors
			}
		}
	}
	// Loki has the labels of a stream for longer than its records.
	return slices.DeleteFunc(sources, func(source activities.Source) bool { return source.First.IsZero() }), nil
}

// labelledProducts are the products that Loki has streams of, sorted.
func (r *Reader) labelledProducts(ctx context.Context, within span) ([]string, error) {
	body, err := r.client.ask(ctx, lokiapi.SeriesPath, url.Values{
		"match[]": {queryOf(activities.Filter{}).String()},
		"start":   {nanoseconds(within.start)},
		"end":     {nanoseconds(within.end)},
	})
	if err != nil {
		return nil, err
	}
	streams, err := lokiapi.LabelSets(body)
	if err != nil {
		return nil, refused(err)
	}
	var products []string
	for _, labels := range streams {
		products = append(products, labels[productName])
	}
	slices.Sort(products)
	return slices.Compact(products), nil
}

// timeOfFirst stores the time of a product's first activity in a direction.
func (r *Reader) timeOfFirst(ctx context.Context, product string, statuses []string, within span, d direction, at *time.Time) error {
	filter := activities.Filter{Products: []string{product}, Statuses: statuses}
	found, err := r.collect(ctx, queryOf(filter), within, d, nil, 1)
	if err == nil && len(found) > 0 {
		*at = time.Unix(0, found[0].time).UTC()
	}
	return err
}
