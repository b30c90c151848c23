// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/senders"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// vendors are the far ends of all products: two that are asked, and those that send.
type vendors struct {
	all     *harness.Installation
	org     *salesforce.Org
	account *zendesk.Account
	webhook string
	gate    *gate
}

// startVendors starts those that are asked, and switches their products on.
func startVendors(t *testing.T, all *harness.Installation) *vendors {
	t.Helper()
	org, err := salesforce.Start(salesforce.Settings{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, org.Close()) })
	account, err := zendesk.Start(zendesk.Settings{WebhookLimit: zendesk.NoLimit})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, account.Close()) })
	all.Env["SALESFORCE_LOGIN_URL"] = org.URL
	all.Env["SALESFORCE_CLIENT_ID"] = org.Settings().ClientID
	all.Env["SALESFORCE_CLIENT_SECRET"] = org.Settings().ClientSecret
	all.Env["SALESFORCE_INTEGRATION_USERS"] = org.Settings().UserID
	all.Env["SALESFORCE_PUBSUB_ENDPOINT"] = "http://" + org.PubSub.Address
	all.Env["ZENDESK_URL"] = account.URL
	all.Env["ZENDESK_CLIENT_ID"] = account.Settings().ClientID
	all.Env["ZENDESK_CLIENT_SECRET"] = account.Settings().ClientSecret
	gate := newGate(t, all.Loki.URL)
	all.Configure("receivers::zendesk_webhooks::poll_interval: 10s", "exporters::otlp_http/loki::endpoint: "+gate.url+"/otlp")
	webhook := account.AddWebhook(zendesk.Webhook{Name: "Notify ERP", Endpoint: "https://hooks.erp.example/orders"})
	return &vendors{all: all, org: org, account: account, webhook: webhook, gate: gate}
}

// entry has a product whose code runs at Zendesk post what it did.
func (v *vendors) entry(t *testing.T, product activity.Product, at time.Time, entry senders.Entry) {
	t.Helper()
	entry.Timestamp = at.UTC().Format(time.RFC3339Nano)
	body, err := json.Marshal(entry)
	require.NoError(t, err)
	v.push(t, product, body)
}

func (v *vendors) push(t *testing.T, product activity.Product, body []byte) {
	t.Helper()
	for _, pushed := range harness.PushedProducts {
		if pushed.Product == product {
			answer, err := v.all.Push(t.Context(), product, pushed.Secret, body)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, answer.Code, "%s: %s", product, answer.Body)
		}
	}
}

// shopify sends one of the numbered webhooks of a shop.
func (v *vendors) shopify(t *testing.T, n int, at time.Time) {
	t.Helper()
	sample := senders.ShopifySample(n, at)
	answer, err := v.all.Shop.Send(t.Context(), harness.Webhook{ID: sample.DeliveryID, Topic: sample.Topic, At: at, Body: sample.Body})
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, answer.Code)
}

// stranger sends a webhook with a wrong secret.
func (v *vendors) stranger(t *testing.T) {
	t.Helper()
	answer, err := v.all.Push(t.Context(), activity.ZIS, "guessed", []byte(`{"message":"x"}`))
	require.NoError(t, err)
	require.Equal(t, http.StatusUnauthorized, answer.Code)
}

// invocation adds a row to the log of Zendesk's webhook.
func (v *vendors) invocation(status string, code int, at time.Time) {
	v.account.AddInvocation(v.webhook, zendesk.Invocation{Status: status, StatusCode: code, CompletedAt: at})
}

// failPoll has the next question for rows of the webhook fail.
func (v *vendors) failPoll() {
	v.account.Inject(endpoint.Fault{Path: "/invocations", Times: 1, Answer: endpoint.Status(http.StatusInternalServerError, "text/plain", "it is broken")})
}

// failedCall adds an hourly log file of nine hours ago, which has just been written and has
// one call that failed.
func (v *vendors) failedCall(now time.Time) {
	hour := now.Add(-9 * time.Hour).Truncate(time.Hour)
	v.org.AddLogFile(salesforce.LogFile{
		EventType: "RestApi", Hourly: true, Sequence: 1, LogDate: hour, CreatedDate: now.Add(-10 * time.Minute),
		Content: salesforce.CSV(salesforce.RestAPIColumns, v.org.RestCall(1, hour.Add(time.Minute), http.StatusBadRequest, "DUPLICATES_DETECTED: it is there already")),
	})
}
