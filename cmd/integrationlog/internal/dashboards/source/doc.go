// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package source asks Loki and Prometheus what Grafana's data sources ask them. Loki is
// one that runs; Prometheus is its own storage, engine and rules, fed with what was
// scraped.
package source // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"

import (
	"cmp"
	"slices"
	"time"
)

// Result is what a query returned: lines, or numbers.
type Result struct {
	Entries []Entry
	Series  []Series
}

// Empty tells whether there is nothing to show.
func (r Result) Empty() bool { return len(r.Entries) == 0 && len(r.Series) == 0 }

// Entry is a line with its labels and everything else that is known of it.
type Entry struct {
	Time   time.Time
	Line   string
	Labels map[string]string
}

// Series is a row of numbers: one, for a query of a moment.
type Series struct {
	Labels map[string]string
	Points []Point
}

// Point is a number at a time.
type Point struct {
	Time  time.Time
	Value float64
}

// Sum adds up the numbers of a series.
func (s Series) Sum() float64 {
	var sum float64
	for _, p := range s.Points {
		sum += p.Value
	}
	return sum
}

// Last is the last number of a series.
func (s Series) Last() float64 { return s.Points[len(s.Points)-1].Value }

// Max is the largest number of a series.
func (s Series) Max() float64 {
	return slices.MaxFunc(s.Points, func(a, b Point) int { return cmp.Compare(a.Value, b.Value) }).Value
}
