// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package collectorcomponents

import (
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"
)

// What a record is called in Prometheus is what it is called in Loki, however bad it is.
func TestMetricsAndLogAgreeOnLabels(t *testing.T) {
	now := time.Now()
	for _, c := range lokilimitstest.Cases(now) {
		if c.Dropped {
			continue // Loki has no labels for it
		}
		t.Run(c.Name, func(t *testing.T) {
			assert.ElementsMatch(t, labelsInLoki(t, c.Logs(now)), labelsInPrometheus(t, c.Logs(now)))
		})
	}
}

// labelsInLoki returns the pairs of product and status of what loki_limits passes on.
func labelsInLoki(t *testing.T, logs plog.Logs) [][2]string {
	t.Helper()
	factory, sink := lokilimitsprocessor.NewFactory(), &consumertest.LogsSink{}
	processor, err := factory.CreateLogs(t.Context(), processortest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig(), sink)
	require.NoError(t, err)
	require.NoError(t, processor.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, processor.ConsumeLogs(t.Context(), logs))
	require.NoError(t, processor.Shutdown(t.Context()))
	var pairs [][2]string
	for _, passed := range sink.AllLogs() {
		for _, resource := range passed.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					product, _ := record.Attributes().Get(activity.ProductKey)
					status, _ := record.Attributes().Get(activity.StatusKey)
					pairs = append(pairs, [2]string{product.AsString(), status.AsString()})
				}
			}
		}
	}
	return unique(pairs)
}

// counted finds the series of which activities were counted.
var counted = regexp.MustCompile(`(?m)^integration_(?:activities|late_activities)_total\{(?:activity_type="(?:[^"\\]|\\.)*",)?product="((?:[^"\\]|\\.)*)",status="(\w+)"\} [1-9]`)

// labelsInPrometheus returns the pairs of product and status that are counted.
func labelsInPrometheus(t *testing.T, logs plog.Logs) [][2]string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())

	factory := activitymetricsexporter.NewFactory()
	cfg := factory.CreateDefaultConfig().(*activitymetricsexporter.Config)
	cfg.ServerConfig.NetAddr.Endpoint = address
	exporter, err := factory.CreateLogs(t.Context(), exportertest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	require.NoError(t, exporter.Start(t.Context(), componenttest.NewNopHost()))
	require.NoError(t, exporter.ConsumeLogs(t.Context(), logs))

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/metrics", http.NoBody)
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	page, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.NoError(t, exporter.Shutdown(t.Context()))

	var pairs [][2]string
	for _, match := range counted.FindAllStringSubmatch(string(page), -1) {
		product, err := strconv.Unquote(`"` + match[1] + `"`) // Prometheus escapes as Go does
		require.NoError(t, err)
		pairs = append(pairs, [2]string{product, match[2]})
	}
	return unique(pairs)
}

func unique(pairs [][2]string) [][2]string {
	seen := map[[2]string]bool{}
	var list [][2]string
	for _, pair := range pairs {
		if !seen[pair] {
			list = append(list, pair)
		}
		seen[pair] = true
	}
	return list
}
