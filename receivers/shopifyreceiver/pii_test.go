// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// canary marks every personal or secret value of the fixtures, the secret that
// signs them included.
var canary = regexp.MustCompile(`(?i)canary|5550199123|203\.0\.113\.77`)

// personal are the keys under which Shopify sends what is personal or secret.
var personal = regexp.MustCompile(`^(.*email|email_address|phone|phone_number|first_name|last_name|address[12]|city|zip|province(_code)?|` +
	`country(_code|_name)?|latitude|longitude|browser_ip|client_ip|user_agent|session_hash|note|staff_note|customer_note|reason_notes|` +
	`return_reason_note|message|multipass_identifier|(.*_)?token|order_status_url|invoice_url|landing_site(_ref)?|referring_site|authorization|` +
	`tracking_(number|url)s?|credit_card_(bin|number|name)|shop_owner|tags|firstName)$`)

// TestFixturesHaveCanaries sees to it that the scan below can find something.
func TestFixturesHaveCanaries(t *testing.T) {
	marked := 0
	for _, directory := range fixtures(t) {
		marked += webhooktest.RequireMarked(t, load(t, directory).Body, personal, canary)
	}
	require.Greater(t, marked, 500)
}

// TestNothingPersonalGetsOut posts all fixtures in every way in which a request can
// end, and looks for the canaries in everything that comes out of the receiver.
func TestNothingPersonalGetsOut(t *testing.T) {
	requests := map[string]webhooktest.Request{}
	for _, directory := range fixtures(t) {
		requests[directory] = signed(load(t, directory))
	}
	webhooktest.Canaries{
		New:      func(testing.TB) webhooktest.Subject { return subject() },
		Requests: requests,
		Forge:    func(q webhooktest.Request) webhooktest.Request { return signedWith("another", q) },
		Sign:     signed,
		Mark:     canary,
		ForGood:  http.StatusOK,
		Records:  len(requests),
		Endings: map[string]webhooktest.Ending{
			"no topic": {Change: withoutTopic, Code: http.StatusBadRequest},
		},
	}.Check(t)
}

// withoutTopic empties the topic's header, whichever family it is of.
func withoutTopic(q webhooktest.Request) webhooktest.Request {
	for _, name := range []string{"X-Shopify-Topic", "Shopify-Topic"} {
		for given := range q.Header {
			if strings.EqualFold(given, name) {
				q = q.With(name, "")
			}
		}
	}
	return q
}

// TestIncludePayload also shows that the scan would find a canary in a record.
func TestIncludePayload(t *testing.T) {
	r := webhooktest.Start(t, subject(func(c *Config) { c.IncludePayload = true }), nil)
	q := load(t, filepath.Join("testdata", "deliveries", "orders_create"))

	require.Equal(t, http.StatusOK, r.Post(t, signed(q)).Code)
	payload, ok := theRecord(r.Sink.AllLogs()[0]).Attributes().Get("activity.payload")
	require.True(t, ok)
	require.Equal(t, string(q.Body), payload.Str())
	require.Regexp(t, canary, webhooktest.Text(t, r.Sink.AllLogs()[0]))
	require.NotRegexp(t, canary, r.Said(t))
}
