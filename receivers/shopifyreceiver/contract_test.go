// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"net/http"
	"testing"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// TestConsumeContract runs the collector's own check of receivers. Shopify is
// simulated: it sends again what was not answered with 200.
func TestConsumeContract(t *testing.T) {
	webhooktest.CheckConsumeContract(t, subject(), func(number string) webhooktest.Activity {
		return webhooktest.Activity{
			Request: signed(newRequest("orders/create", number, orderBody)),
			ID:      "fern-and-flint.myshopify.com/orders/create/" + number,
		}
	})
}

// TestReplies is the table of the README. What the pipeline refuses for good is
// answered with 200 although nothing of it is stored.
func TestReplies(t *testing.T) {
	order := newRequest("orders/create", "1", orderBody)
	webhooktest.ReplyTable{
		New: func(testing.TB) webhooktest.Subject {
			return subject(func(c *Config) { c.Topics = []string{"orders/create", "products/*"} })
		},
		Requests: map[webhooktest.Case]webhooktest.Request{
			webhooktest.Accepted:    signed(order),
			webhooktest.Filtered:    signed(newRequest("orders/paid", "1", orderBody)),
			webhooktest.UnknownType: signed(newRequest("products/update", "1", orderBody)),
			webhooktest.Malformed:   signed(newRequest("orders/create", "1", orderBody[:len(orderBody)-3])),
			webhooktest.WrongSecret: signedWith("another", order),
			webhooktest.NoSecret:    order,
		},
		Want: map[webhooktest.Case]int{
			webhooktest.Accepted:    http.StatusOK,
			webhooktest.Duplicate:   http.StatusOK,
			webhooktest.Filtered:    http.StatusOK,
			webhooktest.UnknownType: http.StatusOK,
			webhooktest.ForGood:     http.StatusOK,
			webhooktest.Malformed:   http.StatusBadRequest,
			webhooktest.WrongSecret: http.StatusUnauthorized,
			webhooktest.NoSecret:    http.StatusUnauthorized,
			webhooktest.TooLarge:    http.StatusRequestEntityTooLarge,
			webhooktest.MediaType:   http.StatusUnsupportedMediaType,
			webhooktest.NotRunning:  http.StatusServiceUnavailable,
			webhooktest.ForNow:      http.StatusServiceUnavailable,
			webhooktest.Deadline:    http.StatusServiceUnavailable,
		},
	}.Check(t)
}
