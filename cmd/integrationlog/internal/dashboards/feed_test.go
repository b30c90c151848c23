// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package dashboards

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/senders"
)

// oddText is what somebody may look for, and what breaks a query that is put together
// without care.
const oddText = "a \"quote\", it's `code` \\d+ {x} [y] (z|w) $5 & 100%"

// notStored are activities of Shopify that do not get into the log: once a round one that
// is too old, and one that Loki refuses.
const notStored = 3

// everything is the plainest of queries.
const everything = `{service_namespace="integrations"}`

// key is what activities are counted by.
type key struct{ product, status string }

// counts are how many activities there are.
type counts map[key]int

// of adds up the counts that a status matches; an empty one matches all.
func (c counts) of(product, status string) int {
	sum := 0
	for k, n := range c {
		if k.product == product && (status == "" || k.status == status) {
			sum += n
		}
	}
	return sum
}

// feed is what was sent in one go: what happened within the hour, and what is older.
type feed struct{ recent, late counts }

func newFeed() feed { return feed{counts{}, counts{}} }

func (f feed) add(product activity.Product, status string) { f.recent[key{string(product), status}]++ }

// history is what has happened before the start: it is read at once, hours late.
func history(v *vendors, now time.Time) feed {
	f := newFeed()
	v.failedCall(now)
	f.late[key{"salesforce", "error"}]++
	return f
}

// happen makes the n-th round of activities of all products, between five and ten minutes
// ago: what is seen later than that is a delay, of which the alerts know. Shopify and
// actions have no errors, and Salesforce had its only one long ago.
func happen(t *testing.T, v *vendors, n int, now time.Time) feed {
	t.Helper()
	f := newFeed()
	at := func(i int) time.Time { return now.Add(-5*time.Minute - time.Duration(i)*10*time.Second) }
	fields := func(i int, more map[string]any) map[string]any {
		all := map[string]any{"subdomain": "acme", "object": map[string]any{"type": "ticket", "id": 35000 + i}}
		maps.Copy(all, more)
		return all
	}
	post := func(product activity.Product, i int, level, message string, more map[string]any) {
		id := fmt.Sprintf("%s-%d-%d", product, n, i)
		v.entry(t, product, at(i), senders.Entry{ID: id, Level: level, Message: message, Fields: fields(i%4, more)})
		f.add(product, level)
	}
	for i := range 12 * n {
		level, code := "info", 200
		if i%4 == 3 {
			level, code = "error", []int{404, 504, 422}[i/4%3]
		}
		post(activity.ZIS, i, level, "Order sent", map[string]any{"integration_key": "acme_erp", "flow": "order_sync", "state": "SendOrder", "status_code": code})
	}
	for i, level := range []string{"info", "info", "warning"} {
		post(activity.Actions, i, level, "The refund was made", map[string]any{"action": "Create refund", "mode": []string{"run", "test"}[i%2]})
	}
	for i, level := range []string{"info", "error", "debug"} {
		post(activity.BotBuilder, i, level, "The order was looked up", map[string]any{"bot": "Order bot", "api_call": "Get order", "status_code": 504})
	}
	if n == 1 {
		// An odd name, which is part of the id, and a customer who has the id of a ticket.
		odd := senders.Entry{ID: "odd", Level: "warning", Message: oddText, Fields: fields(1, map[string]any{
			"bot": oddText, "object": map[string]any{"type": "customer", "id": 35001},
		})}
		v.entry(t, activity.BotBuilder, at(9), odd)
		f.add(activity.BotBuilder, odd.Level)
	}
	for i, sample := range []int{0, 1, 3, 4} { // a customer, two of orders, a fulfillment
		v.shopify(t, 8*n+sample, at(i))
		f.add(activity.Shopify, "info")
	}
	v.push(t, activity.SunshineConversations, deliveryFailure(n, at(1)))
	f.add(activity.SunshineConversations, "error")
	if n == 2 { // they are asked for every ten seconds, and the first time it fails
		v.failPoll()
		v.invocation("success", 200, now)
		v.invocation("server error", 502, now)
		f.add(activity.Webhooks, "info")
		f.add(activity.Webhooks, "error")
	}
	_, err := v.org.PubSub.Publish("Case", salesforce.CaseOfTicket(4710+n, at(2), v.org.Settings().UserID))
	require.NoError(t, err)
	f.add(activity.Salesforce, "info")
	return f
}

// trouble is what the collector's own dashboard shows: what comes late, what lies outside
// the log, and who has a wrong secret.
func trouble(t *testing.T, v *vendors, n int, now time.Time) feed {
	t.Helper()
	f := newFeed()
	v.shopify(t, 8*(n+100), now.Add(-2*time.Hour))
	f.late[key{"shopify", "info"}]++
	v.shopify(t, 8*(n+200), now.Add(-9*24*time.Hour))
	for range n {
		v.stranger(t)
	}
	return f
}

// failures are what becomes of records that do not get into Loki at once: one that it
// refuses for good, one that it takes later, and one that it gets from elsewhere and
// discards. The first is not in the log.
func failures(t *testing.T, v *vendors, now time.Time) feed {
	t.Helper()
	f := newFeed()
	fail := func(status int64, n int, metric string) {
		v.gate.answer.Store(status)
		v.shopify(t, 8*n, now.Add(-3*time.Hour))
		harness.Eventually(t, 30*time.Second, func(ctx context.Context) error {
			metrics, err := v.all.Metrics(ctx)
			if err == nil && metrics.Sum(metric) == 0 {
				err = fmt.Errorf("%s is 0", metric)
			}
			return err
		})
		v.gate.answer.Store(0)
	}
	fail(http.StatusBadRequest, 300, "otelcol_loki_delivery_dead_letter_records")
	fail(http.StatusInternalServerError, 301, "otelcol_loki_delivery_transient_answers")
	f.late[key{"shopify", "info"}]++

	line := fmt.Sprintf(`{"streams":[{"stream":{"service_name":"x"},"values":[["%d","tomorrow"]]}]}`, now.Add(24*time.Hour).UnixNano())
	response, err := http.Post(v.all.Loki.URL+"/loki/api/v1/push", "application/json", strings.NewReader(line))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusBadRequest, response.StatusCode)
	return f
}

// deliveryFailure is a batch in which one of two events cannot be read.
func deliveryFailure(n int, at time.Time) []byte {
	return fmt.Appendf(nil, `{"app":{"id":"64b5c0d619a30a2e00de36b8"},"webhook":{"id":"64b5c0d619a30a2e00de36b9","version":"v2"},"events":["unreadable",
		{"id":"event-%d","createdAt":%q,"type":"conversation:message:delivery:failure","payload":{"conversation":{"id":"64b5c0d619a30a2e00de36c3"},
		"message":{"id":"64b5c0d619a30a2e00de36c4"},"destination":{"type":"whatsapp"},"isFinalEvent":true,"error":{"code":"uncategorized_error","message":"It failed"}}}]}`,
		n, at.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// awaitStored waits until Loki has just what was sent.
func awaitStored(t *testing.T, loki *harness.Loki, feeds ...feed) {
	t.Helper()
	want := counts{}
	for _, f := range feeds {
		for _, part := range []counts{f.recent, f.late} {
			for k, n := range part {
				want[k] += n
			}
		}
	}
	harness.Eventually(t, 40*time.Second, func(ctx context.Context) error {
		entries, err := loki.Entries(ctx, everything)
		if err != nil {
			return err
		}
		got := counts{}
		for _, entry := range entries {
			got[key{entry.Labels["product"], entry.Labels["status"]}]++
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			return fmt.Errorf("loki has %v of %v", got, want)
		}
		return nil
	})
}
