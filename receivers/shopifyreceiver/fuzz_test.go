// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/http/httpguts"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// FuzzDelivery makes records of any headers with any body.
func FuzzDelivery(f *testing.F) {
	for _, directory := range fixtures(f) {
		q := load(f, directory)
		header := http.Header{}
		for name, values := range q.Header {
			header.Set(name, values[0])
		}
		_, events := header["Shopify-Topic"]
		prefix := "X-Shopify-"
		if events {
			prefix = "Shopify-"
		}
		f.Add(events, header.Get(prefix+"Topic"), header.Get(prefix+"Shop-Domain"), header.Get(prefix+"Webhook-Id"),
			header.Get(prefix+"Triggered-At"), header.Get(prefix+"Action"), q.Body)
	}
	config := createDefaultConfig().(*Config)
	config.Secrets = testSecret
	s := newSource(config)
	f.Fuzz(func(t *testing.T, events bool, topic, shop, id, at, other string, body []byte) {
		prefix := "X-Shopify-"
		if events {
			prefix = "Shopify-"
		}
		header := http.Header{}
		for name, value := range map[string]string{
			"Topic": topic, "Shop-Domain": shop, "Webhook-Id": id, "Triggered-At": at,
			"Action": other, "Name": other, "Handle": other, "Event-Id": other, "Api-Version": other, "Order-Id": other, "Resource-Id": other,
		} {
			header.Set(prefix+name, value)
		}
		got, err := s.Parse(header, body, time.Unix(1_793_696_403, 0))
		if err != nil {
			require.Empty(t, got.Activities)
			require.NotEmpty(t, err.Error())
			return
		}
		require.Len(t, got.Activities, 1)
		require.Zero(t, got.Ignored)
		requireValid(t, activity.NewLogs(activity.Scope{Name: "fuzz"}, got.Activities...))
	})
}

// FuzzHandler posts anything, with a valid signature, to the receiver that runs.
func FuzzHandler(f *testing.F) {
	for _, directory := range fixtures(f) {
		q := load(f, directory)
		f.Add("orders/create", "1", "application/json", q.Body)
	}
	f.Add("customer.tags_added", "", "application/xml", []byte("<a/>"))
	r := webhooktest.Start(f, subject(), nil)
	f.Fuzz(func(t *testing.T, topic, id, contentType string, body []byte) {
		for _, value := range []string{topic, id, contentType} {
			if !httpguts.ValidHeaderFieldValue(value) {
				t.Skip("no client can send this")
			}
		}
		r.Sink.Reset()
		q := signed(newRequest(topic, id, string(body)))
		q.Header["Content-Type"] = []string{contentType}
		got := r.Post(t, q)
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest, http.StatusUnsupportedMediaType}, got.Code)
		switch {
		case got.Code != http.StatusOK:
			require.Zero(t, r.Sink.LogRecordCount())
			require.Equal(t, http.StatusText(got.Code)+"\n", got.Body)
		case r.Sink.LogRecordCount() > 0: // it may have come before
			requireValid(t, r.Sink.AllLogs()[0])
		}
	})
}
