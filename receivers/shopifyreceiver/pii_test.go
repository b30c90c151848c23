// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
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
		var body any
		require.NoError(t, json.Unmarshal(loadDelivery(t, directory).body, &body))
		marked += requireMarked(t, directory, body)
	}
	require.Greater(t, marked, 500)
}

func requireMarked(t *testing.T, path string, value any) (marked int) {
	t.Helper()
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			at := path + "." + key
			if text, ok := member.(string); ok && personal.MatchString(key) {
				require.Regexp(t, canary, text, at)
				marked++
			}
			marked += requireMarked(t, at, member)
		}
	case []any:
		for i, member := range value {
			marked += requireMarked(t, fmt.Sprintf("%s[%d]", path, i), member)
		}
	}
	return marked
}

// TestNothingPersonalGetsOut posts all fixtures in every way in which a request can
// end, and looks for the canaries in everything that comes out of the receiver.
func TestNothingPersonalGetsOut(t *testing.T) {
	sink := new(consumertest.LogsSink)
	refused := consumererror.NewPermanent(errors.New("the pipeline's own words"))
	tests := map[string]struct {
		next   consumer.Logs
		change func(delivery) delivery
		code   int
	}{
		"accepted":     {sink, func(d delivery) delivery { return d.signed(testSecret) }, http.StatusOK},
		"delayed":      {consumertest.NewErr(errors.New("queue is full")), func(d delivery) delivery { return d.signed(testSecret) }, http.StatusServiceUnavailable},
		"refused":      {consumertest.NewErr(refused), func(d delivery) delivery { return d.signed(testSecret) }, http.StatusOK},
		"unauthorized": {sink, func(d delivery) delivery { return d.signed("another") }, http.StatusUnauthorized},
		"malformed": {sink, func(d delivery) delivery {
			d.body = d.body[:len(d.body)*9/10]
			return d.signed(testSecret)
		}, http.StatusBadRequest},
		"no topic": {sink, func(d delivery) delivery {
			for name := range d.header {
				if strings.HasSuffix(strings.ToLower(name), "topic") {
					d.header[name] = []string{""}
				}
			}
			return d.signed(testSecret)
		}, http.StatusBadRequest},
		"media type": {sink, func(d delivery) delivery {
			for name := range d.header {
				if strings.EqualFold(name, "Content-Type") {
					d.header[name] = []string{"application/xml"}
				}
			}
			return d.signed(testSecret)
		}, http.StatusUnsupportedMediaType},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			sink.Reset()
			r := start(t, testConfig(t), test.next)
			for _, directory := range fixtures(t) {
				got := r.post(t, test.change(loadDelivery(t, directory)))
				require.Equal(t, test.code, got.code, directory)
				require.NotRegexp(t, canary, fmt.Sprint(got), directory)
			}
			if name == "accepted" {
				require.Equal(t, len(fixtures(t)), sink.LogRecordCount())
			} else {
				require.Zero(t, sink.LogRecordCount())
			}
			for _, logs := range sink.AllLogs() {
				require.NotRegexp(t, canary, text(t, logs))
			}
			require.NotEmpty(t, r.said())
			require.NotRegexp(t, canary, r.said())
		})
	}
}

// TestIncludePayload also shows that the scan would find a canary in a record.
func TestIncludePayload(t *testing.T) {
	config := testConfig(t)
	config.IncludePayload = true
	r := start(t, config, nil)
	d := loadDelivery(t, filepath.Join("testdata", "deliveries", "orders_create"))

	require.Equal(t, http.StatusOK, r.post(t, d.signed(testSecret)).code)
	payload, ok := theRecord(r.sink.AllLogs()[0]).Attributes().Get("activity.payload")
	require.True(t, ok)
	require.Equal(t, string(d.body), payload.Str())
	require.Regexp(t, canary, text(t, r.sink.AllLogs()[0]))
	require.NotRegexp(t, canary, r.said())
}

func text(t *testing.T, logs plog.Logs) string {
	t.Helper()
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	return string(text)
}
