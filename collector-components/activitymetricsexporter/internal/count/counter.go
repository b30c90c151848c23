// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package count counts activities into Prometheus metrics.
package count // import "github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter/internal/count"

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/label"
)

// Settings of a [Counter].
type Settings struct {
	// Products are those whose series are there before their first activity.
	Products []string
	// LateAfter is how long before it was seen an activity may have happened and still be
	// counted as one of now.
	LateAfter time.Duration
	// MaxProducts bounds the products beside those of the log, MaxActivityTypes the types
	// of each beside those that are known of it.
	MaxProducts, MaxActivityTypes int
	// MaxActivities is how many activities are remembered; it must be more than 0.
	MaxActivities int
}

// Result tells what was particular about some of the records that were counted.
type Result struct {
	// Repeated is how many were not counted, because their activity was counted before.
	Repeated int64
	// OtherProduct and OtherType are how many had to be counted under a shared name.
	OtherProduct, OtherType int64
}

// Counter counts activities. It is safe for concurrent use.
type Counter struct {
	settings  Settings
	admission *label.Admission
	metrics   *metrics
	now       func() time.Time

	mu       sync.Mutex
	counted  *memory
	products map[string]*product
}

// New returns a counter whose metrics are registered at the registry. It fails if the
// settings have no sensible reading.
func New(registry prometheus.Registerer, settings Settings) (*Counter, error) {
	counted, err := newMemory(settings.MaxActivities)
	if err != nil {
		return nil, err
	}
	c := &Counter{
		settings:  settings,
		admission: label.NewAdmission(settings.MaxProducts),
		metrics:   newMetrics(),
		now:       time.Now,
		counted:   counted,
		products:  map[string]*product{},
	}
	for _, slug := range settings.Products {
		types := activity.Product(slug).Types()
		if len(types) == 0 {
			types = []string{activity.OtherType}
		}
		c.products[slug] = c.metrics.product(slug, types)
	}
	return c, c.metrics.register(registry)
}

// Count counts each record of the logs, unless its activity was counted before.
func (c *Counter) Count(logs plog.Logs) (result Result) {
	now := pcommon.NewTimestampFromTime(c.now())
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resourceLogs := range logs.ResourceLogs().All() {
		resource, admitted := c.admission.Resource(label.OfResource(resourceLogs.Resource()))
		for _, scopeLogs := range resourceLogs.ScopeLogs().All() {
			for _, record := range scopeLogs.LogRecords().All() {
				c.count(record, resource, admitted, now, &result)
			}
		}
	}
	return result
}

func (c *Counter) count(record plog.LogRecord, resource label.Resource, serviceAdmitted bool, now pcommon.Timestamp, result *Result) {
	said := resource.ProductOf(record)
	slug, admitted := c.admission.Product(resource, said)
	if c.counted.before(said, label.ID(record)) {
		result.Repeated++
		return
	}
	if !admitted || !serviceAdmitted {
		result.OtherProduct++
	}
	p := c.productOf(slug)
	happened, seen := times(record, now)
	delay := time.Duration(seen - happened) //nolint:gosec // neither is after now
	p.delay.Observe(delay.Seconds())

	_, status := resource.StatusOf(record)
	if delay > c.settings.LateAfter {
		p.late[status].Inc()
		return
	}
	counters, own := p.ofType(label.Of(record.Attributes(), activity.TypeKey), c.settings.MaxActivityTypes)
	if !own {
		result.OtherType++
	}
	counters[status].Inc()
	if status == activity.Error {
		p.failed(label.Of(record.Attributes(), activity.ErrorTypeKey))
	}
	p.happened(status, happened)
}

func (c *Counter) productOf(slug string) *product {
	p, ok := c.products[slug]
	if !ok {
		p = c.metrics.product(slug, activity.Product(slug).Types())
		c.products[slug] = p
	}
	return p
}

// times returns when an activity happened and when it was seen. Neither lies in the future:
// a clock that is ahead would hide for as long that an integration has fallen silent.
func times(record plog.LogRecord, now pcommon.Timestamp) (happened, seen pcommon.Timestamp) {
	seen = now
	if observed := record.ObservedTimestamp(); observed != 0 {
		seen = min(observed, now)
	}
	happened = seen
	if timestamp := record.Timestamp(); timestamp != 0 {
		happened = min(timestamp, seen)
	}
	return happened, seen
}
