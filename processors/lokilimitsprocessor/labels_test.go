// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"
)

// labelled returns a good record of a service and a product; an empty one is left out.
func labelled(namespace, service, product, status string) plog.Logs {
	logs := lokilimitstest.Good(noon, "id")
	put := func(attributes interface {
		PutStr(key, value string)
		Remove(key string) bool
	}, key, value string,
	) {
		attributes.Remove(key)
		if value != "" {
			attributes.PutStr(key, value)
		}
	}
	resource := logs.ResourceLogs().At(0)
	put(resource.Resource().Attributes(), activity.ServiceNamespaceKey, namespace)
	put(resource.Resource().Attributes(), activity.ServiceNameKey, service)
	record := resource.ScopeLogs().At(0).LogRecords().At(0)
	put(record.Attributes(), activity.ProductKey, product)
	put(record.Attributes(), activity.StatusKey, status)
	return logs
}

func TestLabels(t *testing.T) {
	tests := []struct {
		name                                string
		namespace, service, product, status string
		change                              func(plog.ResourceLogs)
		want                                [4]string
		metadata                            map[string]string
	}{
		{
			name: "as they are", namespace: "integrations", service: "shopify", product: "shopify", status: "error",
			want: [4]string{"integrations", "shopify", "shopify", "error"},
		},
		{
			name: "all missing",
			want: [4]string{"integrations", "unknown_service", "unknown", "info"},
		},
		{
			name: "product missing", service: "my-app",
			want: [4]string{"integrations", "my-app", "my-app", "info"},
		},
		{
			name: "service is what an SDK calls it", service: "unknown_service:node",
			want: [4]string{"integrations", "unknown_service:node", "unknown", "info"},
		},
		{
			name: "severity of an error", status: "",
			change: func(rl plog.ResourceLogs) {
				rl.ScopeLogs().At(0).LogRecords().At(0).SetSeverityNumber(plog.SeverityNumberFatal2)
			},
			want: [4]string{"integrations", "unknown_service", "unknown", "error"},
		},
		{
			name: "unknown status, severity of a warning", product: "zis", status: "wobbly",
			change: func(rl plog.ResourceLogs) {
				rl.ScopeLogs().At(0).LogRecords().At(0).SetSeverityNumber(plog.SeverityNumberWarn)
			},
			want:     [4]string{"integrations", "unknown_service", "zis", "warning"},
			metadata: map[string]string{"loki_limits_original_status": "wobbly"},
		},
		{
			name: "severity of debugging", product: "zis",
			change: func(rl plog.ResourceLogs) {
				rl.ScopeLogs().At(0).LogRecords().At(0).SetSeverityNumber(plog.SeverityNumberTrace)
			},
			want: [4]string{"integrations", "unknown_service", "zis", "debug"},
		},
		{
			name: "on the resource",
			change: func(rl plog.ResourceLogs) {
				rl.Resource().Attributes().PutStr("product", "zis")
				rl.Resource().Attributes().PutStr("status", "warning")
			},
			want: [4]string{"integrations", "unknown_service", "zis", "warning"},
		},
		{
			name: "another on the resource", product: "shopify", status: "error",
			change: func(rl plog.ResourceLogs) {
				rl.Resource().Attributes().PutStr("product", "zis")
				rl.Resource().Attributes().PutStr("status", "warning")
			},
			want:     [4]string{"integrations", "unknown_service", "shopify", "error"},
			metadata: map[string]string{"loki_limits_resource_product": "zis", "loki_limits_resource_status": "warning"},
		},
		{
			name: "with U+FFFD", product: "zis\uFFFD", service: "app\xff",
			want:     [4]string{"integrations", "app?", "zis?", "info"},
			metadata: map[string]string{"loki_limits_original_product": "zis\uFFFD", "loki_limits_original_service_name": "app\uFFFD"},
		},
		{
			name: "number and list",
			change: func(rl plog.ResourceLogs) {
				rl.Resource().Attributes().PutInt("service.name", 7)
				rl.ScopeLogs().At(0).LogRecords().At(0).Attributes().PutEmptySlice("product").AppendEmpty().SetBool(true)
			},
			want: [4]string{"integrations", "7", "[true]", "info"},
		},
		{
			name: "map",
			change: func(rl plog.ResourceLogs) {
				rl.ScopeLogs().At(0).LogRecords().At(0).Attributes().PutEmptyMap("product").PutStr("k", "v")
			},
			want: [4]string{"integrations", "unknown_service", `{"k":"v"}`, "info"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			logs := labelled(tt.namespace, tt.service, tt.product, tt.status)
			if tt.change != nil {
				tt.change(logs.ResourceLogs().At(0))
			}

			entry, metadata := entry(t, newBench(t).process(t, logs))

			require.Equal(t, map[string]string{
				"service_namespace": tt.want[0], "service_name": tt.want[1], "product": tt.want[2], "status": tt.want[3],
			}, entry.Labels)
			for name, value := range tt.metadata {
				require.Equal(t, value, metadata[name])
			}
			if tt.metadata == nil {
				for name := range metadata {
					require.NotContains(t, name, "loki_limits")
				}
			}
		})
	}
}

func TestLongLabelKeepsItsOriginal(t *testing.T) {
	long := strings.Repeat("p", 500)
	entry, metadata := entry(t, newBench(t).process(t, labelled("integrations", "app", long, "info")))
	require.LessOrEqual(t, len(entry.Labels["product"]), 128)
	require.Contains(t, entry.Labels["product"], "ppp… [")
	require.Equal(t, long, metadata["loki_limits_original_product"])
}

func TestProductsBeyondTheLimitShareAStream(t *testing.T) {
	b := newBench(t, func(c *Config) { c.MaxProducts = 2 })
	send := func(service, product string) (map[string]string, map[string]string) {
		entry, metadata := entry(t, b.process(t, labelled("integrations", service, product, "info")))
		return entry.Labels, metadata
	}

	for _, product := range []string{"p1", "p2", "p1", "p2"} {
		labels, _ := send("app", product)
		require.Equal(t, product, labels["product"])
	}
	labels, metadata := send("app", "p3")
	require.Equal(t, "other", labels["product"])
	require.Equal(t, "app", labels["service_name"])
	require.Equal(t, "p3", metadata["loki_limits_original_product"])
	require.Equal(t, map[string]int64{"too_many_products": 1}, b.counted(t, "changed_records"))

	labels, _ = send("app", "p1")
	require.Equal(t, "p1", labels["product"], "who came first stays")
	for _, known := range []string{"salesforce", "shopify", "bot-builder", "actions", "webhooks", "zis", "sunshine-conversations"} {
		labels, _ = send(known, known)
		require.Equal(t, known, labels["product"], "those of the Integration log always have their own")
	}

	send("app2", "other")
	labels, metadata = send("app3", "p1")
	require.Equal(t, "other", labels["service_name"])
	require.Equal(t, "other", labels["product"])
	require.Equal(t, "app3", metadata["loki_limits_original_service_name"])
}

// Whatever is sent, the number of streams has a bound that the README tells.
func TestStreamsAreBounded(t *testing.T) {
	const limit = 5
	b := newBench(t, func(c *Config) { c.MaxProducts = limit })
	streams := map[string]bool{}
	for i := range 15 {
		for j := range 15 {
			for _, namespace := range []string{"integrations", fmt.Sprint("n", i+j)} {
				for _, service := range []string{"shopify", fmt.Sprint("s", i), "unknown_service"} {
					logs := labelled(namespace, service, fmt.Sprint("p", j), fmt.Sprint("status", j))
					entry, _ := entry(t, b.process(t, logs))
					streams[fmt.Sprint(entry.Labels)] = true
				}
			}
		}
	}
	require.LessOrEqual(t, len(streams), 4*(2*limit+15))
}
