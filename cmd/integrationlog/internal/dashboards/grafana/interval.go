// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"

import (
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/common/model"
)

const (
	// scrapeInterval is that of the Prometheus data source, where it does not say another.
	scrapeInterval = 15 * time.Second
	// safePoints is how many steps a query has at most.
	safePoints = 11000
	// screenWidth and columns make the points of a panel that does not say how many: one a
	// pixel.
	screenWidth = 1440
	columns     = 24
	day         = 24 * time.Hour
)

// rounded are the intervals that are chosen from, with the first length that is too long
// for each.
var rounded = []struct{ below, interval time.Duration }{
	{10 * time.Millisecond, time.Millisecond},
	{15 * time.Millisecond, 10 * time.Millisecond},
	{35 * time.Millisecond, 20 * time.Millisecond},
	{75 * time.Millisecond, 50 * time.Millisecond},
	{150 * time.Millisecond, 100 * time.Millisecond},
	{350 * time.Millisecond, 200 * time.Millisecond},
	{750 * time.Millisecond, 500 * time.Millisecond},
	{1500 * time.Millisecond, time.Second},
	{3500 * time.Millisecond, 2 * time.Second},
	{7500 * time.Millisecond, 5 * time.Second},
	{12500 * time.Millisecond, 10 * time.Second},
	{17500 * time.Millisecond, 15 * time.Second},
	{25 * time.Second, 20 * time.Second},
	{45 * time.Second, 30 * time.Second},
	{90 * time.Second, time.Minute},
	{210 * time.Second, 2 * time.Minute},
	{450 * time.Second, 5 * time.Minute},
	{750 * time.Second, 10 * time.Minute},
	{1050 * time.Second, 15 * time.Minute},
	{25 * time.Minute, 20 * time.Minute},
	{45 * time.Minute, 30 * time.Minute},
	{90 * time.Minute, time.Hour},
	{150 * time.Minute, 2 * time.Hour},
	{270 * time.Minute, 3 * time.Hour},
	{9 * time.Hour, 6 * time.Hour},
	{day, 12 * time.Hour},
	{7 * day, day},
	{21 * day, 7 * day},
	{42 * day, 30 * day},
}

func roundInterval(length time.Duration) time.Duration {
	for _, r := range rounded {
		if length < r.below {
			return r.interval
		}
	}
	return 365 * day
}

// ParseInterval parses an interval such as 15s or 1m. Without a unit it is seconds, as
// Grafana takes it. What is empty is 0.
func ParseInterval(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	if _, err := strconv.Atoi(text); err == nil {
		text += "s"
	}
	duration, err := model.ParseDuration(text)
	return time.Duration(duration), err
}

// formatInterval writes an interval in its largest unit, and without what is left over.
func formatInterval(d time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{365 * day, "y"}, {day, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}, {time.Millisecond, "ms"}} {
		if d >= unit.length {
			return fmt.Sprintf("%d%s", d/unit.length, unit.name)
		}
	}
	return "1ms"
}

// points is how many points a panel has room for.
func (p *Panel) points() int {
	switch {
	case p.MaxDataPoints > 0:
		return p.MaxDataPoints
	case p.GridPos.W > 0:
		return p.GridPos.W * screenWidth / columns
	default:
		return screenWidth
	}
}

// interval is what a panel asks its data sources for: its length by its points, and no
// less than the panel says or, where it says nothing, the data source.
func (p *Panel) interval(r Range, least time.Duration) (time.Duration, error) {
	own, err := ParseInterval(p.Interval)
	if err != nil {
		return 0, fmt.Errorf("interval of panel %q: %w", p.Title, err)
	}
	if own > 0 {
		least = own
	}
	return max(least, roundInterval(r.Length()/time.Duration(p.points()))), nil
}
