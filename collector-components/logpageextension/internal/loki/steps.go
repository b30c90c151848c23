// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"
	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

// steps are so many stretches of time of the same length, one behind the other. They meet
// where [meet] says.
type steps struct {
	start int64
	step  time.Duration
	n     int
}

func (s steps) length() time.Duration { return time.Duration(s.n) * s.step }

// part is from one step to before another.
func (s steps) part(from, to int) steps {
	return steps{start: s.start + int64(from)*int64(s.step), step: s.step, n: to - from}
}

// meet is where steps meet that should meet at a time: less than a millisecond before.
// Loki counts in steps what is at their end, and their ends are whole milliseconds. So
// the last millisecond before belongs to the next step: for activities whose times are
// whole milliseconds, as those of most sources are, that is no difference.
func meet(at int64) int64 {
	const ms = int64(time.Millisecond)
	return (at+ms-1)/ms*ms - ms + 1
}

// longestStep is the longest that Loki is asked to count in. Where a step is as long as what
// Loki divides queries by, it loses some of what it counted; that is an hour by default.
const longestStep = 10 * time.Minute

// finer is into how many equal parts of whole milliseconds a step can be divided so that
// none is longer than Loki counts well; 0 if it cannot.
func finer(step time.Duration) int {
	least := int((step + longestStep - 1) / longestStep)
	for parts := least; parts <= 10*least; parts++ {
		if step.Milliseconds()%int64(parts) == 0 {
			return parts
		}
	}
	return 0
}

// steps counts the entries of a query in each step by labels.
func (r *Reader) steps(ctx context.Context, query logql.Query, wanted steps, by []string, report func(at int, labels map[string]string, n int) error) error {
	if wanted.n <= 0 {
		return nil
	}
	parts := finer(wanted.step)
	if wanted.n == 1 || parts == 0 {
		return r.singleSteps(ctx, query, wanted, by, report)
	}
	if wanted.length() > r.limits.maxLength() {
		return r.stepHalves(ctx, query, wanted, by, report)
	}
	series, err := r.stepSamples(ctx, query, steps{start: wanted.start, step: wanted.step / time.Duration(parts), n: wanted.n * parts}, by)
	if err != nil {
		r.limits.learn(err, wanted.length())
		if tooManySeries(err) || wanted.length() > r.limits.maxLength() {
			return r.stepHalves(ctx, query, wanted, by, report)
		}
		return err
	}
	return reportPoints(series, parts, wanted.n, report)
}

// reportPoints adds up the parts of each of so many steps.
func reportPoints(series []lokiapi.Series, parts, n int, report func(at int, labels map[string]string, n int) error) error {
	for _, one := range series {
		for _, point := range one.Points {
			at := int(math.Round(point.Time)) / parts
			if at < 0 || at >= n {
				continue
			}
			if err := report(at, one.Labels, int(math.Round(point.Value))); err != nil {
				return err
			}
		}
	}
	return nil
}

// stepSamples asks for the count of each step; the times of the points are numbers of
// steps. Loki counts at multiples of the step since 1970 only: an offset, of whole
// milliseconds, moves them to where they are wanted.
func (r *Reader) stepSamples(ctx context.Context, query logql.Query, wanted steps, by []string) ([]lokiapi.Series, error) {
	step := int64(wanted.step)
	end := meet(wanted.start+step) - 1
	first := (end + step - 1) / step * step
	series, err := r.samples(ctx, lokiapi.QueryRangePath, url.Values{
		"query": {query.Count(by, wanted.step, time.Duration(first-end))},
		"start": {nanoseconds(first)},
		"end":   {nanoseconds(first + int64(wanted.n-1)*step)},
		"step":  {fmt.Sprintf("%dms", wanted.step.Milliseconds())},
	})
	for _, one := range series {
		for i := range one.Points {
			one.Points[i].Time = (one.Points[i].Time*float64(time.Second) - float64(first)) / float64(step)
		}
	}
	return series, err
}

func (r *Reader) stepHalves(ctx context.Context, query logql.Query, wanted steps, by []string, report func(int, map[string]string, int) error) error {
	middle := wanted.n / 2
	if err := r.steps(ctx, query, wanted.part(0, middle), by, report); err != nil {
		return err
	}
	return r.steps(ctx, query, wanted.part(middle, wanted.n), by, func(at int, labels map[string]string, n int) error {
		return report(middle+at, labels, n)
	})
}

// singleSteps counts one step after the other.
func (r *Reader) singleSteps(ctx context.Context, query logql.Query, wanted steps, by []string, report func(int, map[string]string, int) error) error {
	for at := range wanted.n {
		start := wanted.start + int64(at)*int64(wanted.step)
		counted, err := r.count(ctx, query, span{meet(start), meet(start + int64(wanted.step))}, by...)
		if err != nil {
			return err
		}
		for _, found := range counted.of {
			if err := report(at, found.labels, found.n); err != nil {
				return err
			}
		}
	}
	return nil
}
