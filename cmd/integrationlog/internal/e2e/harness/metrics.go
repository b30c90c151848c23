// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// Metrics is one reading of a /metrics page.
type Metrics map[string]*dto.MetricFamily

// ReadMetrics reads the page at url.
func ReadMetrics(ctx context.Context, url string) (Metrics, error) {
	response, err := do(ctx, http.MethodGet, url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	return parser.TextToMetricFamilies(response.Body)
}

// Sum adds up the counters and gauges of a name that have all of the labels.
func (m Metrics) Sum(name string, labels ...Label) float64 {
	var sum float64
	for _, metric := range m.With(name, labels...) {
		sum += metric.GetCounter().GetValue() + metric.GetGauge().GetValue() + metric.GetUntyped().GetValue()
	}
	return sum
}

// With returns the series of a name that have all of the labels.
func (m Metrics) With(name string, labels ...Label) []*dto.Metric {
	var series []*dto.Metric
	for _, metric := range m[name].GetMetric() {
		if hasLabels(metric, labels) {
			series = append(series, metric)
		}
	}
	return series
}

// Label is a label of a metric.
type Label struct{ Name, Value string }

func hasLabels(metric *dto.Metric, wanted []Label) bool {
	for _, w := range wanted {
		found := false
		for _, label := range metric.GetLabel() {
			found = found || label.GetName() == w.Name && label.GetValue() == w.Value
		}
		if !found {
			return false
		}
	}
	return true
}

// Idle returns nil once no exporter has anything left to send.
func (m Metrics) Idle() error {
	const queue = "otelcol_exporter_queue_size"
	if _, ok := m[queue]; !ok {
		return fmt.Errorf("no metric %s", queue)
	}
	if size := m.Sum(queue); size != 0 {
		return fmt.Errorf("%s is %v", queue, size)
	}
	return nil
}

// telling are the metrics that tell where records are that are missed.
var telling = regexp.MustCompile(`^otelcol_(?:exporter|loki_delivery|pull|receiver|processor)_`)

// showMetrics logs what the process that runs counts of receivers, queue and
// delivery: where records are that are missed.
func (i *Installation) showMetrics(tb testing.TB) {
	tb.Helper()
	// The test's own context has ended.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	response, err := do(ctx, http.MethodGet, i.TelemetryURL())
	if err != nil {
		tb.Logf("no metrics: %v", err)
		return
	}
	text, err := body(response)
	if err != nil {
		tb.Logf("no metrics: %v", err)
		return
	}
	var told []string
	for line := range strings.Lines(string(text)) {
		if telling.MatchString(line) {
			told = append(told, line)
		}
	}
	tb.Logf("metrics:\n%s", strings.Join(told, ""))
}
