// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count // import "github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter/internal/count"

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// byStatus has a counter for each status.
type byStatus map[activity.Status]prometheus.Counter

// product has the series of a product.
type product struct {
	slug    string
	metrics *metrics
	types   map[string]byStatus
	// added is how many of the types came with activities.
	added  int
	errors map[activity.ErrorType]prometheus.Counter
	late   byStatus
	last   map[activity.Status]*last
	delay  prometheus.Observer
}

// last is when the newest activity happened.
type last struct {
	at    pcommon.Timestamp
	gauge prometheus.Gauge
}

// addType returns the counters of a new type; from then on they are there, with 0.
func (p *product) addType(name string) byStatus {
	counters := byStatus{}
	for _, status := range activity.Statuses() {
		counters[status] = p.metrics.activities.WithLabelValues(p.slug, string(status), name)
	}
	p.types[name] = counters
	return counters
}

// ofType returns the counters of a type, and whether they are its own: those of
// [activity.OtherType] stand for what is missing, which is no fault, and for what is
// beyond the bound.
func (p *product) ofType(name string, bound int) (counters byStatus, own bool) {
	own = true
	if _, known := p.types[name]; !known && name != "" && name != activity.OtherType {
		own = p.added < bound
	}
	if name == "" || !own {
		name = activity.OtherType
	}
	counters, known := p.types[name]
	if known {
		return counters, own
	}
	if name != activity.OtherType {
		p.added++
	}
	// A clone, so that it does not keep a whole request in memory.
	return p.addType(strings.Clone(name)), own
}

// failed counts a failure by its class.
func (p *product) failed(class string) {
	counter, known := p.errors[activity.ErrorType(class)]
	if !known {
		counter = p.errors[activity.ErrorOther]
	}
	counter.Inc()
}

// happened keeps when the newest activity happened: what comes in another order does not
// set it back.
func (p *product) happened(status activity.Status, at pcommon.Timestamp) {
	l, ok := p.last[status]
	if !ok {
		l = &last{gauge: p.metrics.last.WithLabelValues(p.slug, string(status))}
		p.last[status] = l
	}
	if at > l.at {
		l.at = at
		l.gauge.Set(float64(at) / 1e9)
	}
}
