// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package count // import "github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter/internal/count"

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// The labels. docs/metrics.md says what they hold.
const (
	productLabel      = "product"
	statusLabel       = "status"
	activityTypeLabel = "activity_type"
	errorTypeLabel    = "error_type"
)

// delayBuckets are from what a webhook takes to what a log file takes that comes once a
// day, and a week, which is as far back as a first poll reaches; in seconds.
var delayBuckets = []float64{1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800}

// metrics are what is served.
type metrics struct {
	activities, errors, late *prometheus.CounterVec
	last                     *prometheus.GaugeVec
	delay                    *prometheus.HistogramVec
}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	return &metrics{
		activities: counter("integration_activities_total",
			"Activities of integrations that were seen soon after they happened.", productLabel, statusLabel, activityTypeLabel),
		errors: counter("integration_errors_total",
			"Activities with status error that were seen soon after they happened, by the class of the failure.", productLabel, errorTypeLabel),
		late: counter("integration_late_activities_total",
			"Activities that were seen long after they happened. They are in no other counter.", productLabel, statusLabel),
		last: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "integration_last_activity_timestamp_seconds",
			Help: "When the newest activity happened, in seconds since 1970. Absent before the first one.",
		}, []string{productLabel, statusLabel}),
		delay: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "integration_activity_delay_seconds",
			Help:    "How long after it happened an activity was seen, late ones included.",
			Buckets: delayBuckets,
		}, []string{productLabel}),
	}
}

func (m *metrics) register(registry prometheus.Registerer) error {
	var errs []error
	for _, collector := range []prometheus.Collector{m.activities, m.errors, m.late, m.last, m.delay} {
		errs = append(errs, registry.Register(collector))
	}
	return errors.Join(errs...)
}

// product returns the series of a product; from then on its counters are there, with 0.
func (m *metrics) product(slug string, types []string) *product {
	p := &product{
		slug:    slug,
		metrics: m,
		types:   map[string]byStatus{},
		errors:  map[activity.ErrorType]prometheus.Counter{},
		late:    byStatus{},
		last:    map[activity.Status]*last{},
		delay:   m.delay.WithLabelValues(slug),
	}
	for _, name := range types {
		p.addType(name)
	}
	for _, class := range activity.ErrorTypes() {
		p.errors[class] = m.errors.WithLabelValues(slug, string(class))
	}
	for _, status := range activity.Statuses() {
		p.late[status] = m.late.WithLabelValues(slug, string(status))
	}
	return p
}
