// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploggrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	otellog "go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const (
	// maxProducts is the default of loki_limits.
	maxProducts = 25
	// inventions is how many services or products a hostile sender invents.
	inventions = 60
)

// Whatever says how it went, the three places that tell it agree in the end, and all
// that the integration sent can be found again.
func TestSDKRecords(t *testing.T) {
	all := install(t)
	all.Run(t)
	happened := time.Now().Add(-10 * time.Minute)
	outcomes := map[string]struct {
		status, original string
		set              func(*otellog.Record)
	}{
		"status":              {status: "warning", set: func(r *otellog.Record) { r.AddAttributes(attribute.String("status", "warning")) }},
		"status-and-severity": {status: "info", set: withStatus("info", otellog.SeverityError)},
		"status-of-own":       {status: "error", original: "FAILED", set: withStatus("FAILED", otellog.SeverityInfo)},
		"severity":            {status: "warning", original: "14", set: func(r *otellog.Record) { r.SetSeverity(otellog.SeverityWarn2) }},
		"severity-text":       {status: "debug", original: "trace", set: func(r *otellog.Record) { r.SetSeverityText("trace") }},
		"http-status-code": {
			status: "error", original: "503",
			set: func(r *otellog.Record) { r.AddAttributes(attribute.Int("http.response.status_code", 503)) },
		},
		"nothing": {status: "info", set: func(*otellog.Record) {}},
	}
	numbers := map[string]string{"debug": "5", "info": "9", "warning": "13", "error": "17"}
	for protocol, newExporter := range exporters {
		t.Run(protocol, func(t *testing.T) {
			product := "returns-" + protocol
			var records []otellog.Record
			for id, outcome := range outcomes {
				record := newRecord(id, product, happened)
				record.AddAttributes(
					attribute.String("activity.type", "refund"), attribute.Int64("returns.items", 1<<53+1),
					attribute.Bool("returns.partial", true), attribute.StringSlice("returns.reasons", []string{"size", "colour"}),
				)
				outcome.set(&record)
				records = append(records, record)
			}
			send := func() {
				sendWithSDK(t, newExporter(t, all), service("returns-portal", attribute.String("integration.account", "acme")), records...)
			}
			send()
			found := byID(t, awaitEntries(t, all.Loki, `{product="`+product+`", service_name="returns-portal"}`, len(outcomes)))

			for id, outcome := range outcomes {
				entry := found[id]
				assert.Equal(t, "Refund "+id, entry.Line)
				assert.Equal(t, happened.UnixNano(), entry.Time.UnixNano(), id)
				assert.Equal(t, outcome.status, entry.Labels["status"], id)
				assert.Equal(t, outcome.status, entry.Labels["severity_text"], id)
				assert.Equal(t, numbers[outcome.status], entry.Labels["severity_number"], id)
				assert.Equal(t, outcome.original, entry.Labels["status_original"], id)
				assert.Equal(t, "integrations", entry.Labels["service_namespace"])
				assert.Equal(t, "acme", entry.Labels["integration_account"])
				assert.Equal(t, "refund", entry.Labels["activity_type"])
				assert.Equal(t, "9007199254740993", entry.Labels["returns_items"])
				assert.Equal(t, "true", entry.Labels["returns_partial"])
				assert.Equal(t, `["size","colour"]`, entry.Labels["returns_reasons"])
				assert.NotContains(t, entry.Labels, "observed_timestamp", "it differs with every repetition")
			}
			errorsOnly := awaitEntries(t, all.Loki, `{product="`+product+`", status="error"}`, 2)
			assert.ElementsMatch(t, []string{"status-of-own", "http-status-code"}, []string{
				errorsOnly[0].Labels["activity_id"], errorsOnly[1].Labels["activity_id"],
			})

			// What is sent once more, because its sender cannot know, is there once.
			send()
			all.AwaitEmptyQueue(t, 30*time.Second)
			awaitEntries(t, all.Loki, `{product="`+product+`"}`, len(outcomes))
		})
	}
}

func TestSDKRecordsWithoutAProduct(t *testing.T) {
	// Nor does the environment of the tests name a service.
	t.Setenv("OTEL_SERVICE_NAME", "")
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "")
	all := install(t)
	all.Run(t)
	tests := map[string]struct {
		resource []sdklog.LoggerProviderOption
		product  string
	}{
		"service":  {resource: service("returns-portal"), product: "returns-portal"},
		"nobody":   {resource: nil, product: "unknown"},
		"resource": {resource: service("returns-portal-2", attribute.String("product", "returns")), product: "returns"},
	}
	began := time.Now()
	for id, tt := range tests {
		sendWithSDK(t, exporters["http"](t, all), tt.resource, newRecord(id, "", time.Time{}))
	}
	found := byID(t, awaitEntries(t, all.Loki, `{service_name=~".+"}`, len(tests)))

	for id, tt := range tests {
		assert.Equal(t, tt.product, found[id].Labels["product"], id)
		assert.Equal(t, "info", found[id].Labels["status"], id)
		assert.WithinRange(t, found[id].Time, began, time.Now(), "without a time of its own, the time at which the SDK saw it")
	}
	assert.Equal(t, "returns-portal", found["service"].Labels["service_name"])
	assert.True(t, strings.HasPrefix(found["nobody"].Labels["service_name"], "unknown_service:"), "what the SDK calls it")
}

// Whoever invents services or products gets so many streams and no more, loses nothing,
// and costs nobody else a label.
func TestSDKSenderThatInvents(t *testing.T) {
	inventors := map[string]struct {
		send     func(t *testing.T, all *harness.Installation, invention string)
		original string
	}{
		"services": {
			send: func(t *testing.T, all *harness.Installation, invention string) {
				t.Helper()
				sendWithSDK(t, exporters["http"](t, all), service(invention), newRecord(invention, "", time.Now()))
			},
			original: "loki_limits_original_service_name",
		},
		"products": {
			send: func(t *testing.T, all *harness.Installation, invention string) {
				t.Helper()
				sendWithSDK(t, exporters["grpc"](t, all), service("inventor"), newRecord(invention, invention, time.Now()))
			},
			original: "loki_limits_original_product",
		},
	}
	for name, inventor := range inventors {
		t.Run(name, func(t *testing.T) {
			all := install(t)
			all.Run(t)
			var invented []string
			for i := range inventions {
				invented = append(invented, fmt.Sprintf("invented-%02d", i))
				inventor.send(t, all, invented[i])
			}
			sendWithSDK(t, exporters["http"](t, all), service("zis"), newRecord("honest", "zis", time.Now()))
			require.NoError(t, sendOne(t.Context(), all.Shop, order("shop", time.Now())))

			awaitEntries(t, all.Loki, `{product="zis", service_name="zis"}`, 1)
			awaitEntries(t, all.Loki, everything, 1)
			found := byID(t, awaitEntries(t, all.Loki, `{product=~"invented-.+|other"}`, inventions))
			for _, invention := range invented[:maxProducts] {
				assert.Equal(t, invention, found[invention].Labels["product"], "who came first has a stream")
			}
			for _, invention := range invented[maxProducts:] {
				assert.Equal(t, "other", found[invention].Labels["product"])
				assert.Equal(t, invention, found[invention].Labels[inventor.original], "and who came later can be found")
				assert.Equal(t, "Refund "+invention, found[invention].Line)
			}
			metrics, err := all.Metrics(t.Context())
			require.NoError(t, err)
			changed := metrics.Sum("otelcol_loki_limits_changed_records", harness.Label{Name: "reason", Value: "too_many_products"})
			assert.InDelta(t, inventions-maxProducts, changed, 0)
			assert.Zero(t, metrics.Sum("otelcol_exporter_send_failed_log_records"))
		})
	}
}

// exporters are the SDK's, as an integration sets them up that has been told nothing
// but the address.
var exporters = map[string]func(*testing.T, *harness.Installation) sdklog.Exporter{
	"http": func(t *testing.T, all *harness.Installation) sdklog.Exporter {
		t.Helper()
		exporter, err := otlploghttp.New(t.Context(), otlploghttp.WithInsecure(),
			otlploghttp.WithEndpoint(fmt.Sprintf("localhost:%d", all.Ports.OTLPHTTP)))
		require.NoError(t, err)
		return exporter
	},
	"grpc": func(t *testing.T, all *harness.Installation) sdklog.Exporter {
		t.Helper()
		exporter, err := otlploggrpc.New(t.Context(), otlploggrpc.WithInsecure(),
			otlploggrpc.WithEndpoint(fmt.Sprintf("localhost:%d", all.Ports.OTLPGRPC)))
		require.NoError(t, err)
		return exporter
	},
}

// sendWithSDK emits the records as one process of an integration does. When it returns
// they have been accepted.
func sendWithSDK(t *testing.T, exporter sdklog.Exporter, options []sdklog.LoggerProviderOption, records ...otellog.Record) {
	t.Helper()
	options = append(options, sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)))
	provider := sdklog.NewLoggerProvider(options...)
	logger := provider.Logger("example.com/returns")
	for _, record := range records {
		logger.Emit(t.Context(), record)
	}
	require.NoError(t, provider.Shutdown(t.Context()))
}

// service returns the resource of a service.
func service(name string, attributes ...attribute.KeyValue) []sdklog.LoggerProviderOption {
	attributes = append(attributes, attribute.String("service.name", name))
	return []sdklog.LoggerProviderOption{sdklog.WithResource(resource.NewSchemaless(attributes...))}
}

// newRecord returns a record. Without a product or a time it says none.
func newRecord(id, product string, at time.Time) otellog.Record {
	var record otellog.Record
	record.SetEventName("integration.activity")
	record.SetTimestamp(at)
	record.SetBody(attribute.StringValue("Refund " + id))
	record.AddAttributes(attribute.String("activity.id", id))
	if product != "" {
		record.AddAttributes(attribute.String("product", product))
	}
	return record
}

func withStatus(status string, severity otellog.Severity) func(*otellog.Record) {
	return func(record *otellog.Record) {
		record.SetSeverity(severity)
		record.AddAttributes(attribute.String("status", status))
	}
}
