// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

const (
	// bombs is how many requests have how many records, each with labels of its own.
	bombs, recordsOfBomb = 3, 500
	// maxProducts is the shipped bound of products that have labels of their own.
	maxProducts = 25
	// maxTypes is the shipped bound of types that have labels of their own, for each product,
	// beside those that are known of it and the name that all others share.
	maxTypes = 20
	// maxStreams is what docs/configuration and the loki_limits processor promise of one
	// program: the statuses times the services and products.
	maxStreams = 4 * (2*maxProducts + 15)
	// knownProducts are those of the log, and the name that all others share.
	knownProducts = 8
)

// labelBombs are records that invent products, services and statuses, each of which would be a
// stream in Loki and series in Prometheus. They are all kept, under few labels.
func labelBombs(t *testing.T, w *world) {
	t.Helper()
	w.each(t, func(t *testing.T, p *program) {
		t.Helper()
		for bomb := range bombs {
			logs := plog.NewLogs()
			for n := range recordsOfBomb {
				id := fmt.Sprintf("bomb-%s-%d-%d", p.name, bomb, n)
				one := oneRecord(id, nil).ResourceLogs().At(0)
				one.Resource().Attributes().PutStr("service.name", "service-"+id)
				one.Resource().Attributes().PutStr("service.namespace", "namespace-"+id)
				attributes := one.ScopeLogs().At(0).LogRecords().At(0).Attributes()
				attributes.PutStr("product", "product-"+id)
				attributes.PutStr("status", "status-"+id)
				attributes.PutStr("activity.type", "type-"+id)
				attributes.PutStr("attribute-"+id, id)
				one.MoveTo(logs.ResourceLogs().AppendEmpty())
				w.ledger[id] = true
			}
			require.NoError(t, p.SendOTLP(t.Context(), logs))
		}
		p.AwaitEmptyQueue(t, storedWithin)

		metrics, err := p.ActivityMetrics(t.Context())
		require.NoError(t, err)
		products, types := map[string]bool{}, map[string]map[string]bool{}
		for _, series := range metrics["integration_activities_total"].GetMetric() {
			var product, kind string
			for _, label := range series.GetLabel() {
				switch label.GetName() {
				case "product":
					product = label.GetValue()
				case "activity_type":
					kind = label.GetValue()
				}
			}
			products[product] = true
			if types[product] == nil {
				types[product] = map[string]bool{}
			}
			types[product][kind] = true
		}
		assert.LessOrEqual(t, len(products), maxProducts+knownProducts)
		for product, kinds := range types {
			known := append(activity.Product(product).Types(), activity.OtherType)
			assert.LessOrEqual(t, len(kinds), maxTypes+len(known), product)
		}
	})
	assert.LessOrEqual(t, streams(t, w), len(w.programs)*maxStreams)
	assert.LessOrEqual(t, len(valuesOf(t, w.loki, "status")), 4)
	status, names, err := get(t.Context(), w.loki.URL+"/loki/api/v1/labels?since=24h")
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	assert.NotContains(t, names, "bomb", "no attribute becomes a label")
}

// streams returns how many Loki has.
func streams(t *testing.T, w *world) int {
	t.Helper()
	status, body, err := get(t.Context(), fmt.Sprintf("%s/loki/api/v1/series?since=%s&match[]=%%7Bproduct=~%%22.%%2B%%22%%7D", w.loki.URL, 24*time.Hour))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, body)
	var series struct {
		Data []map[string]string `json:"data"`
	}
	require.NoError(t, json.Unmarshal([]byte(body), &series))
	require.NotEmpty(t, series.Data)
	return len(series.Data)
}
