// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package label // import "github.com/integrationlog/integrationlog/internal/label"

import (
	"strings"
	"sync"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// stream is what tells streams of the store apart, but for the status.
type stream struct {
	namespace, service, product string
}

// Admission bounds how many services and products have labels of their own. Loki refuses
// new streams for good once it has too many, so that whoever invents products would cost
// all others. Those of the Integration log do not count. It is safe for concurrent use.
type Admission struct {
	limit int

	mu       sync.RWMutex
	services map[stream]struct{}
	products map[stream]struct{}
}

// NewAdmission returns an admission that lets in as many services, and as many products,
// as limit says: those that come first.
func NewAdmission(limit int) *Admission {
	return &Admission{limit: limit, services: map[stream]struct{}{}, products: map[stream]struct{}{}}
}

// Resource returns the labels of a resource, whose service has become [Other] where it
// was not admitted.
func (a *Admission) Resource(r Resource) (labels Resource, admitted bool) {
	known := r.Namespace == activity.ServiceNamespace && activity.Product(r.Service).IsKnown()
	if known || a.admits(a.services, stream{namespace: r.Namespace, service: r.Service}) {
		return r, true
	}
	r.Service, r.Namespace = Other, activity.ServiceNamespace
	return r, false
}

// Product tells whether a product may be a label beside those of its resource, which has
// been admitted. Otherwise its label is [Other].
func (a *Admission) Product(r Resource, product string) (label string, admitted bool) {
	known := r.Namespace == activity.ServiceNamespace && r.Service == product && activity.Product(product).IsKnown()
	if known || product == Other || a.admits(a.products, stream{r.Namespace, r.Service, product}) {
		return product, true
	}
	return Other, false
}

func (a *Admission) admits(seen map[stream]struct{}, st stream) bool {
	a.mu.RLock()
	_, ok := seen[st]
	full := len(seen) >= a.limit
	a.mu.RUnlock()
	if ok || full {
		return ok
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(seen) < a.limit {
		// Clones, so that they do not keep a whole request in memory.
		st = stream{strings.Clone(st.namespace), strings.Clone(st.service), strings.Clone(st.product)}
		seen[st] = struct{}{}
	}
	_, ok = seen[st]
	return ok
}
