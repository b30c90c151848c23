// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/bench/pace"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/e2e/intakebench/wire"
)

// connections is how many webhooks may be under way at a time.
const connections = 128

// order is a payload of 1 KiB, with the number of the order in four places.
const order = `{"id":55500%011[1]d,"admin_graphql_api_id":"gid://shopify/Order/55500%011[1]d","created_at":"2026-11-03T10:00:00+01:00",` +
	`"currency":"EUR","email":"somebody@example.com","financial_status":"paid","fulfillment_status":null,"name":"#%[1]d","order_number":%[1]d,` +
	`"total_price":"94.80","updated_at":"2026-11-03T10:00:02+01:00","customer":{"id":7011223344556677889,"state":"enabled","tags":"regular"},` +
	`"line_items":[{"id":4433221100998877665,"name":"Teapot, cast iron","price":"89.90","quantity":1,"sku":"TEA-01","properties":[]}],"note":"%[2]s"}`

// failure is a payload about something that went wrong.
const failure = `{"id":38940%011[1]d,"order_id":820982911946154508,"kind":"sale","gateway":"bogus","status":"failure",` +
	`"message":"The card was declined","error_code":"card_declined","amount":"59.00","currency":"EUR","created_at":"2026-11-03T10:00:00+01:00"}`

var note = strings.Repeat("x", 450)

// runs counts the loads, so that no two webhooks of them have one id.
var runs atomic.Int64

// shop posts webhooks at a fixed rate and remembers which of them were acknowledged.
type shop struct {
	*harness.Shop
	run string
	// failures makes each so many-th webhook one about a failure; 0 for none.
	failures int
	accepted []bool
}

func newShop(to *harness.Shop, load pace.Load, failures int) *shop {
	return &shop{Shop: to, run: fmt.Sprintf("bench%d", runs.Add(1)), failures: failures, accepted: make([]bool, load.Count())}
}

// id is the id of delivery n.
func (s *shop) id(n int) string { return fmt.Sprintf("%s-%09d", s.run, n) }

// isFailure tells whether webhook n is about a failure.
func (s *shop) isFailure(n int) bool { return s.failures > 0 && n%s.failures == 0 }

// connect returns what posts over one connection, and opens another after an error.
func (s *shop) connect(b *testing.B) func() (pace.Send, error) {
	b.Helper()
	return func() (pace.Send, error) {
		var conn *wire.Conn
		b.Cleanup(func() {
			if conn != nil {
				_ = conn.Close()
			}
		})
		return func(n int, at time.Time) error {
			code, err := post(b.Context(), &conn, host(s.URL), s.request(n, at))
			if err == nil && code != http.StatusOK {
				err = fmt.Errorf("answered with %d", code)
			}
			s.accepted[n] = err == nil
			return err
		}, nil
	}
}

// post posts over the connection, which it opens where there is none.
func post(ctx context.Context, conn **wire.Conn, address string, request []byte) (code int, err error) {
	if *conn == nil {
		if *conn, err = wire.Dial(ctx, address); err != nil {
			*conn = nil
			return 0, err
		}
	}
	if code, err = (*conn).Post(request); err != nil {
		_ = (*conn).Close()
		*conn = nil
	}
	return code, err
}

// request is webhook n, signed.
func (s *shop) request(n int, at time.Time) []byte {
	topic, body := "orders/create", fmt.Appendf(nil, order, n, note)
	if s.isFailure(n) {
		topic, body = "order_transactions/create", fmt.Appendf(nil, failure, n)
	}
	return wire.Request(host(s.URL), "/shopify", fmt.Sprintf("Content-Type: application/json\r\n"+
		"X-Shopify-Hmac-Sha256: %s\r\nX-Shopify-Topic: %s\r\nX-Shopify-Shop-Domain: %s\r\nX-Shopify-Api-Version: 2026-10\r\n"+
		"X-Shopify-Webhook-Id: %s\r\nX-Shopify-Event-Id: 59d6d79c-595f-4e7e-bc6f-%012d\r\nX-Shopify-Triggered-At: %s\r\n",
		s.Sign(body), topic, s.Domain, s.id(n), n, at.UTC().Format(time.RFC3339Nano)), body)
}

// lookUpFor is for how long after its first push the all-in-one looks up every record.
const lookUpFor = 61 * time.Second

// warmUp waits until the all-in-one is in the state in which it is for most of the time.
func warmUp(b *testing.B, all *harness.Installation) {
	b.Helper()
	send(b, all, pace.Load{Rate: 10, For: time.Second, Connections: 1})
	all.AwaitEmptyQueue(b, within)
	rest(b.Context(), lookUpFor)
}

// send posts webhooks, all of which have to be acknowledged.
func send(b *testing.B, all *harness.Installation, load pace.Load) {
	b.Helper()
	result, err := pace.Run(b.Context(), load, newShop(all.Shop, load, 0).connect(b))
	require.NoError(b, err)
	require.Equal(b, load.Count(), result.Accepted, "%v", result.Error)
}
