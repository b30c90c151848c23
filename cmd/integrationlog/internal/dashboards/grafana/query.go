// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Query is a query as it reaches a data source.
type Query struct {
	// Expr has no variables any more.
	Expr string
	// Instant makes it one of a moment: the end of the range.
	Instant bool
	Range   Range
	Step    time.Duration
	Legend  string
	// Limit and Forward are of lines of Loki. A limit of 0 leaves it to Loki.
	Limit   int
	Forward bool
}

// LokiQuery returns a target of a panel as the Loki data source asks it.
func (s *Scope) LokiQuery(p *Panel, t *Target) (Query, error) {
	expr, err := s.Interpolate(t.Expr, Loki)
	if err != nil {
		return Query{}, err
	}
	interval, err := p.interval(s.Range, time.Millisecond)
	if err != nil {
		return Query{}, err
	}
	step, err := ParseInterval(t.Step)
	if err != nil {
		return Query{}, fmt.Errorf("step of %s: %w", t.RefID, err)
	}
	if step == 0 {
		step = max(interval, s.Range.Length()/safePoints).Round(time.Millisecond)
	}
	query := Query{
		Range: s.Range, Step: step, Legend: t.LegendFormat, Limit: t.MaxLines, Forward: t.Direction == "forward",
	}
	switch t.QueryType {
	case "instant":
		query.Instant = true
	case "range", "":
	default:
		return Query{}, fmt.Errorf("%s has the query type %s", t.RefID, t.QueryType)
	}
	auto := formatInterval(step)
	if query.Instant {
		auto = seconds(s.Range.Length()) + "s"
	}
	query.Expr = strings.ReplaceAll(builtIns(expr, interval, s.Range.Length()), "$__auto", auto)
	return query, nil
}

// PrometheusQuery returns a target of a panel as the Prometheus data source asks it.
func (s *Scope) PrometheusQuery(p *Panel, t *Target) (Query, error) {
	expr, err := s.Interpolate(t.Expr, Prometheus)
	if err != nil {
		return Query{}, err
	}
	interval, err := p.interval(s.Range, scrapeInterval)
	if err != nil {
		return Query{}, err
	}
	own, err := ParseInterval(t.Interval)
	if err != nil {
		return Query{}, fmt.Errorf("interval of %s: %w", t.RefID, err)
	}
	step, scrape := interval, scrapeInterval
	if own > 0 {
		step, scrape = own, own
	}
	step = max(step, roundInterval(s.Range.Length()/safePoints))
	window := max(interval+scrape, 4*scrape)
	expr = builtIns(expr, step, s.Range.Length())
	expr = replaceBuiltIn(expr, "__rate_interval_ms", strconv.FormatInt(window.Milliseconds(), 10))
	expr = replaceBuiltIn(expr, "__rate_interval", window.String())
	query := Query{Expr: expr, Range: s.Range, Step: step, Legend: t.LegendFormat, Instant: t.Instant}
	if t.Instant && t.Range {
		return Query{}, fmt.Errorf("%s asks twice, for a range and for a moment", t.RefID)
	}
	if !t.Instant { // the server begins and ends at multiples of the step
		query.Range = Range{s.Range.From.Truncate(step), s.Range.To.Truncate(step)}
	}
	return query, nil
}

func seconds(d time.Duration) string { return strconv.Itoa(int(math.Round(d.Seconds()))) }

// builtIns replaces what the servers of both data sources replace. The longer names come
// first, because they begin with the shorter ones.
func builtIns(expr string, interval, length time.Duration) string {
	for _, v := range []struct{ name, value string }{
		{"__interval_ms", strconv.FormatInt(interval.Milliseconds(), 10)},
		{"__interval", formatInterval(interval)},
		{"__range_ms", strconv.FormatInt(length.Milliseconds(), 10)},
		{"__range_s", seconds(length)},
		{"__range", seconds(length) + "s"},
	} {
		expr = replaceBuiltIn(expr, v.name, v.value)
	}
	return expr
}

func replaceBuiltIn(expr, name, value string) string {
	return strings.NewReplacer("$"+name, value, "${"+name+"}", value).Replace(expr)
}

var legendLabel = regexp.MustCompile(`\{\{\s*(.+?)\s*\}\}`)

// LegendOf returns the name of a series: {{label}} is the value of that label. Without a
// format it is all labels.
func LegendOf(format string, labels map[string]string) string {
	if format == "" || format == "__auto" {
		return fmt.Sprint(labels)
	}
	return legendLabel.ReplaceAllStringFunc(format, func(match string) string {
		return labels[legendLabel.FindStringSubmatch(match)[1]]
	})
}
