// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// Where an answer of Loki's was lost, Loki is asked for the ids of what was sent. Ids that
// would break out of that question are found like any other, so that each is stored once.
func TestIDsThatBreakOut(t *testing.T) {
	loki := harness.NewLokiAlone(t, binaries.AllInOne(t))
	loki.Run(t)
	proxy := harness.NewProxy(t, loki.URL)
	gateway := harness.NewGateway(t, binaries.Collector(t), proxy.URL, loki.Loki,
		"exporters::otlp_http/loki::retry_on_failure: {initial_interval: 100ms, max_interval: 200ms}")
	gateway.Args = append(gateway.Args, "--config", "file:"+filepath.Join(harness.Repository(), "config", "products.yaml"))
	gateway.Run(t)

	proxy.AnswerPushes(http.StatusInternalServerError)
	proxy.Deceive(http.StatusInternalServerError) // although Loki has stored it
	wanted := map[string]bool{}
	for _, id := range hostileQueries {
		require.NoError(t, gateway.SendOTLP(t.Context(), oneRecord(id, nil)))
		wanted[id] = true
	}
	harness.Eventually(t, storedWithin, func(ctx context.Context) error { return loki.HasOnce(ctx, everything, idLabel, wanted, nil) })
	require.Positive(t, proxy.Refused())
	gateway.AwaitEmptyQueue(t, storedWithin)
	metrics, err := gateway.Metrics(t.Context())
	require.NoError(t, err)
	require.InDelta(t, len(hostileQueries), metrics.Sum("otelcol_loki_delivery_repeated_records"), 0, "each was known again by its id")
	require.NoError(t, loki.HasOnce(t.Context(), everything, idLabel, wanted, nil))
}
