// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package products // import "github.com/integrationlog/integrationlog/internal/products"

import (
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

// tellMetrics sets the products of the exporters of metrics: those that are on, or where
// an exporter names its products itself, those of them that are not off.
func tellMetrics(conf *confmap.Conf, on, off []any) error {
	exporters, _ := conf.Get("exporters").(map[string]any)
	for id, settings := range exporters {
		if kind, _, _ := strings.Cut(id, "/"); kind != metrics {
			continue
		}
		products := on
		own, _ := settings.(map[string]any)
		if named, ok := own["products"].([]any); ok {
			products = slices.DeleteFunc(slices.Clone(named), func(product any) bool { return slices.Contains(off, product) })
		}
		changed := map[string]any{"exporters": map[string]any{id: map[string]any{"products": products}}}
		if err := conf.Merge(confmap.NewFromStringMap(changed)); err != nil {
			return err
		}
	}
	return nil
}
