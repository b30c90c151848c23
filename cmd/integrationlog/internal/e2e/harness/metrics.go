// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"context"
	"fmt"
	"net/http"

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
	for _, metric := range m[name].GetMetric() {
		if hasLabels(metric, labels) {
			sum += metric.GetCounter().GetValue() + metric.GetGauge().GetValue() + metric.GetUntyped().GetValue()
		}
	}
	return sum
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
