// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/metadata"
)

// TestConsumeContract runs the collector's own check of receivers. Shopify is
// simulated: it sends again what was not answered with 200.
func TestConsumeContract(t *testing.T) {
	config := testConfig(t)
	receivertest.CheckConsumeContract(receivertest.CheckConsumeContractParams{
		T:             t,
		Factory:       checkedFactory(),
		Signal:        pipeline.SignalLogs,
		Config:        config,
		Generator:     &generator{t: t, url: "http://" + config.Config.ServerConfig.NetAddr.Endpoint + config.Config.Path},
		GenerateCount: 1000,
	})
}

// checkedFactory is the receiver's factory, with an adapter before the checker's
// consumer.
func checkedFactory() receiver.Factory {
	factory := NewFactory()
	create := func(ctx context.Context, settings receiver.Settings, config component.Config, next consumer.Logs) (receiver.Logs, error) {
		return factory.CreateLogs(ctx, settings, config, checked{next})
	}
	return receiver.NewFactory(metadata.Type, factory.CreateDefaultConfig, receiver.WithLogs(create, metadata.LogsStability))
}

// checked gives each record the id that the checker looks for.
//
// Webhooks that arrive while one hand-over is under way share the next one. If the
// pipeline refuses that for good, the intake tries its members one by one, so that
// none pays for a neighbour. The checker has no notion of this: it counts every id
// of a refused hand-over as dropped, and fails when it sees one again. So a shared
// hand-over is refused here already, for good, and the checker decides on each of
// its members alone: once if the decision is final, and again after each retry.
type checked struct {
	consumer.Logs
}

var errShared = consumererror.NewPermanent(errors.New("one by one, please"))

func (c checked) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	if logs.LogRecordCount() > 1 {
		return errShared
	}
	attributes := theRecord(logs).Attributes()
	id, _ := attributes.Get(activity.IDKey)
	attributes.PutStr(receivertest.UniqueIDAttrName, id.Str())
	return c.Logs.ConsumeLogs(ctx, logs)
}

// generator is Shopify.
type generator struct {
	t      *testing.T
	url    string
	client *http.Client
	sent   atomic.Int64
}

var _ receivertest.Generator = (*generator)(nil)

func (g *generator) Start() {
	g.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
}

func (g *generator) Stop() {
	g.client.CloseIdleConnections()
}

// Generate delivers one webhook, as often as it takes.
func (g *generator) Generate() []receivertest.UniqueIDAttrVal {
	id := fmt.Sprint(g.sent.Add(1))
	d := newDelivery("orders/create", id, orderBody).signed(testSecret)
	for {
		switch code := g.post(d); code {
		case http.StatusOK:
			return []receivertest.UniqueIDAttrVal{receivertest.UniqueIDAttrVal("fern-and-flint.myshopify.com/orders/create/" + id)}
		case http.StatusServiceUnavailable:
		default:
			assert.Failf(g.t, "Shopify was answered with neither 200 nor 503", "code %d", code)
			return []receivertest.UniqueIDAttrVal{"failed"}
		}
	}
}

func (g *generator) post(d delivery) (code int) {
	request, err := http.NewRequestWithContext(g.t.Context(), http.MethodPost, g.url, bytes.NewReader(d.body))
	if err != nil {
		g.t.Error(err)
		return 0
	}
	request.Header = d.header
	response, err := g.client.Do(request)
	if err != nil {
		g.t.Error(err)
		return 0
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	assert.NoError(g.t, err)
	return response.StatusCode
}
