// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"

import (
	"strings"
	"sync"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// stream is what tells streams of the store apart, but for the status.
type stream struct {
	namespace, service, product string
}

// streams bounds how many streams there can be. Loki refuses new ones for good once
// it has too many, so that whoever invents products would cost all others. Those of
// the Integration log do not count.
type streams struct {
	limit int

	mu       sync.RWMutex
	services map[stream]struct{}
	products map[stream]struct{}
}

func newStreams(limit int) *streams {
	return &streams{limit: limit, services: map[stream]struct{}{}, products: map[stream]struct{}{}}
}

// admitsService tells whether a service may have streams of its own.
func (s *streams) admitsService(namespace, service string) bool {
	if namespace == activity.ServiceNamespace && isKnown(service) {
		return true
	}
	return s.admits(s.services, stream{namespace: namespace, service: service})
}

// admitsProduct tells whether a product of an admitted service may.
func (s *streams) admitsProduct(st stream) bool {
	if st.namespace == activity.ServiceNamespace && st.service == st.product && isKnown(st.product) {
		return true
	}
	return s.admits(s.products, st)
}

func (s *streams) admits(seen map[stream]struct{}, st stream) bool {
	s.mu.RLock()
	_, ok := seen[st]
	full := len(seen) >= s.limit
	s.mu.RUnlock()
	if ok || full {
		return ok
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(seen) < s.limit {
		// Clones, so that they do not keep a whole request in memory.
		st = stream{strings.Clone(st.namespace), strings.Clone(st.service), strings.Clone(st.product)}
		seen[st] = struct{}{}
	}
	_, ok = seen[st]
	return ok
}

// isKnown tells whether a product is one of the Integration log's.
func isKnown(product string) bool {
	switch activity.Product(product) {
	case activity.Salesforce, activity.Shopify, activity.BotBuilder, activity.Actions,
		activity.Webhooks, activity.ZIS, activity.SunshineConversations:
		return true
	default:
		return false
	}
}
