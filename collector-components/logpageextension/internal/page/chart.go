// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"context"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// The chart's own units: the browser stretches them to the width that there is.
const (
	chartWidth  = 1000
	chartHeight = 100
	// barShare is how much of its place a bar fills.
	barShare = 0.82
	// leastHeight keeps one error among a thousand activities visible.
	leastHeight = 1.5
	// maxBars is how many bars there are at most.
	maxBars = 60
)

// stack is the order of the statuses from the bottom up: errors stand on the line, where
// their heights can be compared.
var stack = []string{"error", "warning", "info", "debug"}

// steps are how long a bar may be. Beyond the last, it is whole days.
var steps = []time.Duration{
	5 * time.Second, 10 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

func stepFor(length time.Duration) time.Duration {
	for _, step := range steps {
		if length <= maxBars*step {
			return step
		}
	}
	const day = 24 * time.Hour
	perBar := length / maxBars
	return perBar.Truncate(day) + day
}

// chart is the volume by status over time.
type chart struct {
	*visit
	Ready   bool
	Problem *problem
	Bars    []bar
	Totals  []total
	// Highest is the top of the scale; StartText, MiddleText and EndText stand below it.
	Highest                        int
	StartText, MiddleText, EndText string
	Description                    string
	Total                          int
}

// bar is one of the chart.
type bar struct {
	Start, End          time.Time
	X, Width            float64
	Place               float64
	Parts               []barPart
	Total               int
	Text, Address, When string
}

// barPart is the part of a bar that is one status.
type barPart struct {
	Status, Text string
	Y, Height    float64
	Count        int
}

// total is how much there is of a status, and a link to it.
type total struct {
	Status, Text, Count, Address string
	Chosen                       bool
}

func (v *visit) beginChart(filter activities.Filter) pending[[]activities.Bar] {
	step := stepFor(filter.End.Sub(filter.Start))
	return begin(v.ctx, func(ctx context.Context) ([]activities.Bar, error) {
		return v.page.reader.Volume(ctx, filter, step)
	})
}

func (v *visit) chart(filter activities.Filter, read part[[]activities.Bar]) *chart {
	c := &chart{visit: v, Ready: read.Ready && read.Err == nil, Problem: v.problemOf(read.Err)}
	if !c.Ready {
		return c
	}
	step := stepFor(filter.End.Sub(filter.Start))
	totals := map[string]int{}
	for _, b := range read.Value {
		sum := 0
		for status, count := range b.ByStatus {
			totals[knownStatus(status)] += count
			sum += count
		}
		c.Total += sum
		c.Highest = max(c.Highest, sum)
	}
	for i, b := range read.Value {
		c.Bars = append(c.Bars, c.bar(i, len(read.Value), b, filter.End, step))
	}
	for _, status := range state.Statuses() {
		c.Totals = append(c.Totals, c.total(status, totals[status]))
	}
	middle := filter.Start.Add(filter.End.Sub(filter.Start) / 2)
	c.StartText, c.MiddleText, c.EndText = v.short(filter.Start, step), v.short(middle, step), v.short(shownEnd(filter.Start, filter.End), step)
	c.Description = v.rangeText(filter.Start, filter.End)
	return c
}

func (c *chart) bar(i, of int, read activities.Bar, end time.Time, step time.Duration) bar {
	place := chartWidth / float64(of)
	b := bar{Start: read.Start, End: read.Start.Add(step), Place: place, Width: place * barShare, X: float64(i)*place + place*(1-barShare)/2}
	if b.End.After(end) {
		b.End = end
	}
	top := float64(chartHeight)
	for _, status := range stack {
		count := 0
		for read, n := range read.ByStatus {
			if knownStatus(read) == status {
				count += n
			}
		}
		if count == 0 {
			continue
		}
		height := max(leastHeight, chartHeight*float64(count)/float64(c.Highest))
		top = max(0, top-height)
		b.Parts = append(b.Parts, barPart{Status: status, Text: c.Status(status), Y: top, Height: height, Count: count})
		b.Total += count
	}
	b.When = c.rangeText(b.Start, b.End)
	b.Text = b.When
	for _, part := range b.Parts {
		b.Text += "\n" + part.Text + ": " + c.Number(part.Count)
	}
	b.Address = c.Link(c.View.Between(b.Start, b.End))
	return b
}

// Left is where the place of the bar begins, of which all can be clicked.
func (b bar) Left() float64 { return b.X - b.Place*(1-barShare)/2 }

// Of returns how much of a status a bar has.
func (b bar) Of(status string) int {
	for _, part := range b.Parts {
		if part.Status == status {
			return part.Count
		}
	}
	return 0
}

// Columns are the statuses of the table.
func (*chart) Columns() []string { return state.Statuses() }

// Width and Height are the chart's own units.
func (*chart) Width() int { return chartWidth }

// Height is how high the chart is.
func (*chart) Height() int { return chartHeight }

// total leads to the activities of one status, or back to all where only that is shown.
func (c *chart) total(status string, count int) total {
	view := c.View.First()
	chosen := slices.Equal(view.Statuses, []string{status})
	view.Statuses = []string{status}
	if chosen {
		view.Statuses = nil
	}
	return total{Status: status, Text: c.Status(status), Count: c.Number(count), Address: c.Link(view), Chosen: chosen}
}

// short writes a time as short as a chart with such steps needs it.
func (v *visit) short(t time.Time, step time.Duration) string {
	switch {
	case step >= 24*time.Hour:
		return v.Date(v.In(t))
	case step < time.Minute:
		return v.Time(v.In(t))
	case step < 30*time.Minute:
		return v.Minute(v.In(t))
	default:
		return v.DateMinute(v.In(t).Truncate(time.Minute))
	}
}

// chartPart answers the script with the chart.
func (*page) chartPart(v *visit) response {
	filter := v.View.Filter(v.Now)
	c := v.chart(filter, v.beginChart(filter).within(v.ctx))
	return response{status: statusOf(c.Problem), template: "chart", data: c}
}
