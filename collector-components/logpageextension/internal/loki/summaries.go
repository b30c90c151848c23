// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// Products returns every product with activities in the time of the filter.
func (r *Reader) Products(ctx context.Context, filter activities.Filter) ([]activities.ProductCount, error) {
	return r.products(ctx, timeOf(filter, r.now()))
}

func (r *Reader) products(ctx context.Context, within span) ([]activities.ProductCount, error) {
	byProduct := make(map[string]activities.ProductCount)
	err := r.tallied(ctx, within, func(_ int64, labels map[string]string, n int) {
		product := byProduct[labels[productName]]
		product.Product = labels[productName]
		product.Activities += n
		if labels[statusName] == string(activity.Error) {
			product.Errors += n
		}
		byProduct[product.Product] = product
	})
	if err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(byProduct), func(a, b activities.ProductCount) int {
		return cmp.Compare(a.Product, b.Product)
	}), nil
}

// Values returns what occurs in the time of the filter.
func (r *Reader) Values(ctx context.Context, filter activities.Filter) (activities.Values, error) {
	types, integrations, accounts := make(set), make(set), make(set)
	err := r.tallied(ctx, timeOf(filter, r.now()), func(_ int64, labels map[string]string, _ int) {
		types.add(labels[typeName])
		integrations.add(labels[integrationName])
		accounts.add(labels[accountName])
	})
	if err != nil {
		return activities.Values{}, err
	}
	return activities.Values{Types: types.sorted(), Integrations: integrations.sorted(), Accounts: accounts.sorted()}, nil
}

// set is a set of values, none of them empty.
type set map[string]struct{}

func (s set) add(value string) {
	if value != "" {
		s[value] = struct{}{}
	}
}

func (s set) sorted() []string { return slices.Sorted(maps.Keys(s)) }
