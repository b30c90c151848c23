// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// deliveryWithin covers the longest pause between two attempts of the exporter, 30 s.
const deliveryWithin = 90 * time.Second

// installGateway returns the plain collector with the shipped gateway configuration
// and changes to it, beside a Loki at url that loki reads. At Zendesk it has an account, and
// at Salesforce an organization, in which nothing happens.
func installGateway(t *testing.T, url string, loki *harness.Loki, changes ...string) *harness.Installation {
	t.Helper()
	gateway := harness.NewGateway(t, binaries.Collector(t), url, loki, changes...)
	addZendesk(t, gateway)
	addSalesforce(t, gateway)
	return gateway
}

// installBehindProxy returns a gateway with a proxy between it and a Loki that runs.
func installBehindProxy(t *testing.T, changes ...string) (*harness.Installation, *harness.Proxy, *harness.LokiAlone) {
	t.Helper()
	loki := harness.NewLokiAlone(t, binaries.AllInOne(t))
	loki.Run(t)
	proxy := harness.NewProxy(t, loki.URL)
	return installGateway(t, proxy.URL, loki.Loki, changes...), proxy, loki
}

// What is fetched goes the same way as what is posted.
func TestGatewayFetches(t *testing.T) {
	loki := harness.NewLokiAlone(t, binaries.AllInOne(t))
	loki.Run(t)
	gateway := installGateway(t, loki.URL, loki.Loki)
	account := addZendesk(t, gateway)
	webhook := account.AddWebhook(zendesk.Webhook{Name: "Notify ERP"})
	for n, s := range statuses {
		at := time.Now().Add(-time.Duration(n) * 15 * time.Hour)
		account.add(webhook, zendesk.Invocation{Status: s.status, StatusCode: s.code, CompletedAt: at})
	}
	collector, _ := gateway.Run(t)
	account.requireInLoki(t, loki.Loki, 30*time.Second)
	require.NoError(t, gateway.Healthy(t.Context()))
	collector.Stop(t)
	account.requireNothingNew(t, gateway, webhook)
}

// While Loki is away webhooks are acknowledged: they are on disk, and outlive the
// collector too.
func TestLokiStoppedForAWhile(t *testing.T) {
	loki := harness.NewLokiAlone(t, binaries.AllInOne(t))
	running := loki.Run(t)
	gateway := installGateway(t, loki.URL, loki.Loki)
	collector, _ := gateway.Run(t)

	webhooks := orders("before", 200, time.Now())
	sendAll(t, gateway.Shop, webhooks)
	requireOnce(t, loki.Loki, deliveryWithin, webhooks)

	running.Stop(t)
	without := orders("without", 500, time.Now())
	sendAll(t, gateway.Shop, without)
	collector.Kill()
	collector, _ = gateway.Run(t)
	killed := orders("killed", 500, time.Now())
	sendAll(t, gateway.Shop, killed)
	collector.Stop(t)
	gateway.Run(t)
	stopped := orders("stopped", 500, time.Now())
	sendAll(t, gateway.Shop, stopped)
	require.NoError(t, gateway.Healthy(t.Context()), "webhooks are accepted, so nothing is wrong yet")

	loki.Run(t)
	webhooks = append(append(append(webhooks, without...), killed...), stopped...)
	requireOnce(t, loki.Loki, deliveryWithin, webhooks)
	gateway.AwaitEmptyQueue(t, deliveryWithin)
	requireOnce(t, loki.Loki, deliveryWithin, webhooks)
}

// A full queue is told to the sender, and costs nothing.
func TestQueueFull(t *testing.T) {
	gateway, proxy, loki := installBehindProxy(t,
		"exporters::otlp_http/loki::sending_queue: {queue_size: 200000, batch: {min_size: 1000, max_size: 100000}}",
		"exporters::otlp_http/loki::retry_on_failure: {initial_interval: 100ms, max_interval: 1s}")
	gateway.Run(t)
	proxy.SwitchOff()

	load := harness.StartLoad(t.Context(), gateway.Shop, harness.LoadSettings{Connections: 8}, func(n int) harness.Webhook {
		return order(fmt.Sprintf("full-%06d", n), time.Now())
	})
	harness.Eventually(t, 30*time.Second, func(context.Context) error {
		if load.Ledger.Answers(http.StatusServiceUnavailable) < 50 {
			return fmt.Errorf("too few refusals: %s", load.Ledger)
		}
		return nil
	})
	answer, err := gateway.Shop.Send(t.Context(), order("refused", time.Now()))
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, answer.Code)
	seconds, err := strconv.Atoi(answer.RetryAfter)
	require.NoError(t, err, "Retry-After")
	assert.Positive(t, seconds)
	accepted, _ := load.Ledger.IDs()
	assert.NotEmpty(t, accepted, "some fitted into the queue")

	proxy.LetThrough()
	require.NoError(t, load.Stop(deliveryWithin))
	t.Logf("ledger: %s", load.Ledger)
	gateway.AwaitEmptyQueue(t, deliveryWithin)
	accepted, unanswered := load.Ledger.IDs()
	require.Empty(t, unanswered)
	require.NoError(t, stored(t.Context(), loki.Loki, accepted, nil))
}

// What a proxy in front of Loki answers, and Loki would not, is no reason to give up.
func TestProxyThatFails(t *testing.T) {
	gateway, proxy, loki := installBehindProxy(t,
		"exporters::otlp_http/loki::retry_on_failure: {initial_interval: 100ms, max_interval: 1s}")
	gateway.Run(t)

	var all []harness.Webhook
	// fail sends a hundred webhooks while the proxy fails, until it has done so twice.
	fail := func(t *testing.T, name string, begin func()) {
		t.Helper()
		before := proxy.Refused()
		begin()
		webhooks := orders(name, 100, time.Now())
		all = append(all, webhooks...)
		sendAll(t, gateway.Shop, webhooks)
		harness.Eventually(t, deliveryWithin, func(context.Context) error {
			if failures := proxy.Refused() - before; failures < 2 {
				return fmt.Errorf("%d requests have failed", failures)
			}
			return nil
		})
		proxy.LetThrough()
		gateway.AwaitEmptyQueue(t, deliveryWithin)
		requireOnce(t, loki.Loki, deliveryWithin, all)
	}
	for _, status := range []int{500, 401, 403, 404, 405, 408, 413, 429, 502, 503, 504} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			fail(t, strconv.Itoa(status), func() { proxy.Answer(status) })
		})
	}
	t.Run("no answer", func(t *testing.T) { fail(t, "none", proxy.SwitchOff) })
	for _, status := range []int{500, 502, 504} {
		t.Run(fmt.Sprintf("%d though it was stored", status), func(t *testing.T) {
			fail(t, fmt.Sprintf("stored-%d", status), func() { proxy.Deceive(status) })
		})
	}
	assert.Empty(t, filesIn(t, filepath.Join(gateway.Directory, "dead-letter")))
}

// What Loki has stored and the exporter does not know of is found by a look-up, also where it
// is the last of a chunk that Loki has written to disk meanwhile, at a whole second.
func TestStoredAndOnDiskBeforeTheNextAttempt(t *testing.T) {
	gateway, proxy, loki := installBehindProxy(t,
		"exporters::otlp_http/loki::retry_on_failure: {initial_interval: 2s, max_interval: 2s, randomization_factor: 0}")
	gateway.Run(t)
	at := time.Now().Truncate(time.Hour).Add(-30 * time.Minute) // well within a stream of Loki
	webhooks := []harness.Webhook{order("early", at.Add(-time.Millisecond)), order("late", at)}
	sendAll(t, gateway.Shop, webhooks[:1])
	requireOnce(t, loki.Loki, deliveryWithin, webhooks[:1])
	before := proxy.Refused()
	proxy.DeceiveAboutPushes(http.StatusInternalServerError)
	sendAll(t, gateway.Shop, webhooks[1:])
	harness.Eventually(t, deliveryWithin, func(context.Context) error {
		if proxy.Refused() == before {
			return errors.New("no request has failed")
		}
		return nil
	})
	proxy.SwitchOff() // look-ups, too
	requireOnce(t, loki.Loki, deliveryWithin, webhooks)
	loki.LetGo(t, deliveryWithin)
	proxy.LetThrough()
	gateway.AwaitEmptyQueue(t, deliveryWithin)
	metrics, err := harness.ReadMetrics(t.Context(), loki.URL+"/metrics")
	require.NoError(t, err)
	assert.Equal(t, 2, int(metrics.Sum("loki_distributor_lines_received_total")), "lines that Loki was sent")
	requireOnce(t, loki.Loki, deliveryWithin, webhooks)
}
