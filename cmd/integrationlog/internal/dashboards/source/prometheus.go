// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package source // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/util/annotations"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
)

// evaluationInterval is how often Prometheus evaluates rules that do not say it.
const evaluationInterval = time.Minute

// Prometheus is a storage with an engine and rules, as Prometheus has them.
type Prometheus struct {
	db     *tsdb.DB
	engine *promql.Engine
	parser parser.Parser
	groups []*rules.Group
}

// Open opens an empty one that keeps its data in a directory and evaluates the rules of
// files. The caller ends with Close.
func Open(directory string, ruleFiles ...string) (*Prometheus, error) {
	quiet := slog.New(slog.DiscardHandler)
	db, err := tsdb.Open(directory, quiet, nil, tsdb.DefaultOptions(), nil)
	if err != nil {
		return nil, err
	}
	db.DisableCompactions()
	p := &Prometheus{db: db, parser: parser.NewParser(parser.Options{})}
	p.engine = promql.NewEngine(promql.EngineOpts{
		Logger: quiet, MaxSamples: 50_000_000, Timeout: 2 * time.Minute, EnableAtModifier: true, EnableNegativeOffset: true, Parser: p.parser,
	})
	manager := rules.NewManager(&rules.ManagerOptions{
		QueryFunc: rules.EngineQueryFunc(p.engine, db), Appendable: db, Queryable: db, Context: context.Background(), Logger: quiet, Parser: p.parser,
		NotifyFunc: func(context.Context, string, ...*rules.Alert) {},
	})
	groups, errs := manager.LoadGroups(evaluationInterval, labels.EmptyLabels(), "", nil, false, ruleFiles...)
	if len(errs) > 0 {
		return nil, errors.Join(append(errs, p.Close())...)
	}
	for _, group := range groups {
		p.groups = append(p.groups, group)
		for _, rule := range group.Rules() {
			if alert, ok := rule.(*rules.AlertingRule); ok {
				alert.SetRestored(true) // there is no earlier state to wait for
			}
		}
	}
	return p, nil
}

// Close closes it.
func (p *Prometheus) Close() error { return errors.Join(p.engine.Close(), p.db.Close()) }

// Store stores scrapes as if they were made at a time, which must not be before the last,
// and evaluates the rules whose time it is.
func (p *Prometheus) Store(ctx context.Context, at time.Time, scrapes ...Scrape) error {
	appender := p.db.Appender(ctx)
	for _, scrape := range scrapes {
		for _, s := range scrape.samples {
			if _, err := appender.Append(0, s.labels, at.UnixMilli(), s.value); err != nil {
				return errors.Join(fmt.Errorf("%s: %w", s.labels, err), appender.Rollback())
			}
		}
	}
	if err := appender.Commit(); err != nil {
		return err
	}
	var failed error
	for _, group := range p.groups {
		if at.Unix()%int64(group.Interval().Seconds()) != 0 {
			continue
		}
		group.Eval(ctx, at)
		for _, rule := range group.Rules() {
			if err := rule.LastError(); err != nil {
				failed = errors.Join(failed, fmt.Errorf("rule %s: %w", rule.Name(), err))
			}
		}
	}
	return failed
}

// Query asks as the data source does.
func (p *Prometheus) Query(ctx context.Context, q grafana.Query) (result Result, err error) {
	var query promql.Query
	if q.Instant {
		query, err = p.engine.NewInstantQuery(ctx, p.db, nil, q.Expr, q.Range.To)
	} else {
		query, err = p.engine.NewRangeQuery(ctx, p.db, nil, q.Expr, q.Range.From, q.Range.To, q.Step)
	}
	if err != nil {
		return Result{}, fmt.Errorf("%s: %w", q.Expr, err)
	}
	defer query.Close()
	answer := query.Exec(ctx)
	if answer.Err != nil {
		return Result{}, fmt.Errorf("%s: %w", q.Expr, answer.Err)
	}
	for _, warning := range answer.Warnings {
		// That a name does not end in _total is no more than a hint.
		if !errors.Is(warning, annotations.PromQLInfo) {
			err = errors.Join(err, fmt.Errorf("%s: %w", q.Expr, warning))
		}
	}
	switch value := answer.Value.(type) {
	case promql.Matrix:
		for _, series := range value {
			result.Series = append(result.Series, numbers(series))
		}
	case promql.Vector:
		for _, s := range value {
			result.Series = append(result.Series, Series{Labels: s.Metric.Map(), Points: []Point{{time.UnixMilli(s.T), s.F}}})
		}
	default:
		err = errors.Join(err, fmt.Errorf("%s is a %s", q.Expr, answer.Value.Type()))
	}
	return result, err
}

func numbers(found promql.Series) Series {
	series := Series{Labels: found.Metric.Map()}
	for _, point := range found.Floats {
		series.Points = append(series.Points, Point{time.UnixMilli(point.T), point.F})
	}
	return series
}

// LabelValues returns the values that a label has in the series of a selector, as
// label_values(selector, label) of a variable asks for them.
func (p *Prometheus) LabelValues(ctx context.Context, label, selector string, r grafana.Range) (values []string, err error) {
	matchers, err := p.parser.ParseMetricSelector(selector)
	if err != nil {
		return nil, err
	}
	querier, err := p.db.Querier(r.From.UnixMilli(), r.To.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, querier.Close()) }()
	values, _, err = querier.LabelValues(ctx, label, &storage.LabelHints{}, matchers...)
	return values, err
}
