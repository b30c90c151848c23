// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/exporter/otlphttpexporter"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"
	"github.com/integrationlog/integrationlog/internal/activity"
)

var (
	deliveryID = component.MustNewID("loki_delivery")
	queueID    = component.MustNewID("queue_storage")
	lokiID     = component.MustNewIDWithName("otlp_http", "loki")
)

// host has the extensions of a collector.
type host map[component.ID]component.Component

func (h host) GetExtensions() map[component.ID]component.Component { return h }

// backlog stands for queue_storage.
type backlog struct {
	component.StartFunc
	component.ShutdownFunc
	atomic.Bool
}

// Backlog tells whether records of an earlier process are on their way.
func (b *backlog) Backlog() bool { return b.Load() }

// options of a process under test, as in a configuration file.
type options struct {
	delivery map[string]any
	exporter map[string]any
	queue    component.Component
}

// process is an exporter with the extension before a Loki.
type process struct {
	exporter.Logs
	telemetry   *componenttest.Telemetry
	deadLetters string
	stop        func()
}

// noQueue makes ConsumeLogs return when Loki has the records.
var noQueue = map[string]any{"sending_queue": map[string]any{"enabled": false}}

// inMemory makes ConsumeLogs return at once; several pushes are under way at a time.
var inMemory = map[string]any{"sending_queue": map[string]any{
	"queue_size": 100_000, "sizer": "items", "num_consumers": 4,
	"batch": map[string]any{"flush_timeout": "5ms", "min_size": 10, "max_size": 50},
}}

func start(t *testing.T, loki *fakeLoki, o options) *process {
	t.Helper()
	p := &process{telemetry: componenttest.NewTelemetry(), deadLetters: filepath.Join(t.TempDir(), "dead-letter")}
	ext := newDelivery(t, p.telemetry.NewTelemetrySettings(), p.deadLetters, o.delivery)
	h := host{deliveryID: ext}
	if o.queue != nil {
		h[queueID] = o.queue
	}
	require.NoError(t, ext.Start(t.Context(), h))
	p.Logs = newExporter(t, h, loki.URL, o.exporter)
	p.stop = sync.OnceFunc(func() {
		require.NoError(t, p.Logs.Shutdown(context.WithoutCancel(t.Context())))
		require.NoError(t, ext.Shutdown(context.WithoutCancel(t.Context())))
	})
	t.Cleanup(func() {
		p.stop()
		require.NoError(t, p.telemetry.Shutdown(context.WithoutCancel(t.Context())))
	})
	return p
}

func newDelivery(tb testing.TB, telemetry component.TelemetrySettings, deadLetters string, settings map[string]any) extension.Extension {
	tb.Helper()
	factory := lokideliveryextension.NewFactory()
	cfg := factory.CreateDefaultConfig()
	unmarshal(tb, cfg, map[string]any{"dead_letter": map[string]any{"directory": deadLetters}}, settings)
	set := extensiontest.NewNopSettings(factory.Type())
	set.ID = deliveryID
	set.TelemetrySettings = telemetry
	ext, err := factory.Create(tb.Context(), set, cfg)
	require.NoError(tb, err)
	return ext
}

func newExporter(tb testing.TB, h component.Host, url string, settings map[string]any) exporter.Logs {
	tb.Helper()
	factory := otlphttpexporter.NewFactory()
	cfg := factory.CreateDefaultConfig()
	unmarshal(tb, cfg, map[string]any{
		"endpoint":    url + "/otlp",
		"headers":     map[string]any{tenantHeader: tenant},
		"middlewares": []any{map[string]any{"id": deliveryID.String()}},
		"timeout":     "5s",
		"retry_on_failure": map[string]any{
			"initial_interval": "5ms", "max_interval": "20ms", "max_elapsed_time": "0s",
		},
	}, settings)
	set := exportertest.NewNopSettings(factory.Type())
	set.ID = lokiID
	logs, err := factory.CreateLogs(tb.Context(), set, cfg)
	require.NoError(tb, err)
	require.NoError(tb, logs.Start(tb.Context(), h))
	return logs
}

// unmarshal sets a configuration as a file would, later settings over earlier ones.
func unmarshal(tb testing.TB, cfg component.Config, settings ...map[string]any) {
	tb.Helper()
	all := confmap.New()
	for _, s := range settings {
		require.NoError(tb, all.Merge(confmap.NewFromStringMap(maps.Clone(s))))
	}
	require.NoError(tb, all.Unmarshal(cfg))
	require.NoError(tb, confmap.Validate(cfg))
}

// Times of records, as this process sees them.
func beforeThisProcess() time.Time { return time.Now().Add(-time.Hour) }
func afterItsStart() time.Time     { return time.Now().Add(5 * time.Minute) }

// entries makes n entries that follow each other by a nanosecond.
func entries(name string, n int, first time.Time) []entry {
	all := make([]entry, n)
	for i := range all {
		all[i] = entry{product: string(activity.Shopify), id: fmt.Sprintf("%s-%d", name, i), time: first.UnixNano() + int64(i)}
	}
	return all
}

func logsOf(wanted ...entry) plog.Logs {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr(activity.ServiceNameKey, string(activity.Shopify))
	all := resource.ScopeLogs().AppendEmpty().LogRecords()
	for _, e := range wanted {
		record := all.AppendEmpty()
		record.SetTimestamp(pcommon.Timestamp(e.time))
		record.Body().SetStr("Order #1001 created")
		record.Attributes().PutStr(activity.ProductKey, e.product)
		record.Attributes().PutStr(activity.IDKey, e.id)
	}
	return logs
}

func records(logs plog.Logs) []plog.LogRecord {
	var all []plog.LogRecord
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				all = append(all, record)
			}
		}
	}
	return all
}

func entryOf(record plog.LogRecord) entry {
	return entry{
		product: attribute(record, activity.ProductKey),
		id:      attribute(record, activity.IDKey),
		time:    int64(record.Timestamp()),
	}
}

func attribute(record plog.LogRecord, key string) string {
	value, ok := record.Attributes().Get(key)
	if !ok {
		return ""
	}
	return value.AsString()
}

// inDeadLetters returns what the dead-letter files hold; each line must be whole.
func inDeadLetters(tb testing.TB, directory string) []entry {
	tb.Helper()
	names, err := filepath.Glob(filepath.Join(directory, "*.jsonl"))
	require.NoError(tb, err)
	var all []entry
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(tb, err)
		for line := range bytes.Lines(text) {
			require.True(tb, bytes.HasSuffix(line, []byte("\n")), "half a line: %s", line)
			logs, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(line)
			require.NoError(tb, err)
			for _, record := range records(logs) {
				all = append(all, entryOf(record))
			}
		}
	}
	return all
}

// tap passes on to a channel what is pushed.
func tap(next http.Handler, got chan<- plog.Logs) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/v1/logs") {
			body, err := io.ReadAll(r.Body)
			if err == nil {
				r.Body = io.NopCloser(bytes.NewReader(body))
				if logs, err := readPush(r); err == nil {
					got <- logs
				}
				r.Body = io.NopCloser(bytes.NewReader(body))
			}
		}
		next.ServeHTTP(w, r)
	})
}

// counted returns the sum of a counter over its attributes, 0 if it does not exist yet.
func (p *process) counted(t *testing.T, name string) int64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, p.telemetry.Reader.Collect(context.WithoutCancel(t.Context()), &all))
	sum := int64(0)
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			if data, ok := m.Data.(metricdata.Sum[int64]); ok && m.Name == "otelcol_loki_delivery_"+name {
				for _, point := range data.DataPoints {
					sum += point.Value
				}
			}
		}
	}
	return sum
}
