// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package logpagetest gives tests beside a real Loki, which live in another module, what
// the log page reads the log with, and a log in memory to compare it with.
package logpagetest // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"

import (
	"net/http"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"
)

// The contract of what reads the log.
type (
	// Reader reads the log.
	Reader = activities.Reader
	// Activity is one line of the log.
	Activity = activities.Activity
	// Position is the place of an activity.
	Position = activities.Position
	// Filter chooses activities.
	Filter = activities.Filter
	// Field is something that an activity may lack.
	Field = activities.Field
	// Slice is which of them a page shows.
	Slice = activities.Slice
	// Page is a slice of the log.
	Page = activities.Page
	// Group is the same failure, met several times.
	Group = activities.Group
	// Bar is one of a chart.
	Bar = activities.Bar
	// Ledger is a log in memory.
	Ledger = activitiestest.Log
)

// NewReader returns the reader of the Loki at a base URL.
func NewReader(client *http.Client, baseURL string) (Reader, error) {
	return loki.New(client, baseURL)
}

// NewLedger returns a log in memory that keeps the same contract.
func NewLedger(now func() time.Time, all ...Activity) *Ledger { return activitiestest.New(now, all...) }

// Chooses tells whether a filter chooses an activity.
func Chooses(filter Filter, activity Activity) bool { return activitiestest.Chooses(filter, activity) }

// WithAttributes fills in the attributes of an activity as Loki gives them.
func WithAttributes(activity Activity) Activity { return activitiestest.WithAttributes(activity) }

// Fields are what an activity may lack.
func Fields() []Field { return activities.Fields() }

// Query is the LogQL query of a filter.
func Query(filter Filter) string { return loki.Query(filter) }

// Divide returns the two queries by which a query is divided at a separator.
func Divide(name, separator string) (less, others string) {
	first, second := logql.Select(logql.Choice{Name: "service_namespace", Values: []string{"integrations"}}).Divide(name, separator)
	return first.String(), second.String()
}
