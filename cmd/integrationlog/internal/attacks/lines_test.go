// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// forged would be a line of its own, in colours, if somebody wrote it as it is.
const forged = "x\n2026-01-01T00:00:00.000Z\terror\tFORGED\r\nFORGED\x1b[31mFORGED\x1b]0;FORGED\x07\u2028FORGED\u0085FORGED\x00\u202e"

// unprintable is what has no place in a log that people look at in a terminal.
var unprintable = regexp.MustCompile("[\x00-\x08\x0b-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e]")

// smuggledLines have newlines and escape sequences wherever text can be: none of them may
// begin a line in the programs' own output or metrics, or a label's value in two lines.
func smuggledLines(t *testing.T, w *world) {
	t.Helper()
	escaped := url.QueryEscape(forged)
	w.each(t, func(t *testing.T, p *program) {
		t.Helper()
		for _, l := range p.listeners() {
			for _, target := range []string{"/" + url.PathEscape(forged), "/?q=" + escaped, "/api/v1/activities?" + escaped + "=" + escaped, "/loki/api/v1/query_range?query=" + escaped} {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.address()+target, http.NoBody)
				require.NoError(t, err)
				request.Header = http.Header{"User-Agent": {"a\tFORGED"}, "Referer": {escaped}, "X-Forwarded-For": {escaped}, "Traceparent": {escaped}}
				_, _, err = do(request)
				require.NoError(t, err)
			}
		}
		for _, product := range harness.PushedProducts {
			for _, body := range [][]byte{hostileEntry(t, forged, forged), []byte(forged), []byte(`{"` + forged)} {
				_, err := p.Push(t.Context(), product.Product, "FORGED", body)
				require.NoError(t, err)
			}
			_, err := p.Push(t.Context(), product.Product, product.Secret, []byte(`{"message":"`+forged))
			require.NoError(t, err)
			id := fmt.Sprintf("lines-%s-%s", p.name, product.Product)
			body := hostileEntry(t, id, time.Now().UTC().Format(time.RFC3339))
			if product.Product == activity.SunshineConversations {
				body = hostileEvent(t, id)
			}
			answer, err := p.Push(t.Context(), product.Product, product.Secret, body)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, answer.Code, answer.Body)
			w.ledger[awaitEnding(t, w.loki, id)] = true
		}
		smuggleByWebhook(t, p, w)
		id := "lines-" + p.name
		require.NoError(t, p.SendOTLP(t.Context(), oneRecord(id, func(resource pcommon.Map, record plog.LogRecord) {
			resource.PutStr("service.name", forged)
			resource.PutStr("service.namespace", forged)
			resource.PutStr("integration.account", forged)
			resource.PutStr(forged, forged)
			for _, name := range []string{"product", "status", "activity.type", "integration.name", "error.type", "error.code", "error.message", forged} {
				record.Attributes().PutStr(name, forged)
			}
			record.SetSeverityText(forged)
			record.SetEventName(forged)
			record.Body().SetStr(forged)
		})))
		w.ledger[id] = true
		p.AwaitEmptyQueue(t, storedWithin)

		requireCleanLines(t, p)
		for _, read := range []func() (harness.Metrics, error){
			func() (harness.Metrics, error) { return p.Metrics(t.Context()) },
			func() (harness.Metrics, error) { return p.ActivityMetrics(t.Context()) },
		} {
			_, err := read()
			require.NoError(t, err, "the metrics can be read")
		}
	})
	for _, name := range []string{"product", "status", "service_name", "service_namespace"} {
		for _, value := range valuesOf(t, w.loki, name) {
			assert.NotRegexp(t, unprintable, value, name)
			assert.NotContains(t, value, "\n", name)
		}
	}
}

// hostileEntry is an entry as flows, bots and actions post it, with a hostile text wherever
// any text may stand.
func hostileEntry(t *testing.T, id, at string) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"id": id, "timestamp": at, "product": forged, "service": forged, "level": forged, "message": forged, "fields": map[string]string{forged: forged},
		"subdomain": forged, "account_id": forged, "object": map[string]string{"type": forged, "id": forged}, "error": forged, "outcome": forged,
	})
	require.NoError(t, err)
	return body
}

// hostileEvent is a webhook of Sunshine Conversations with a hostile text wherever any may stand.
func hostileEvent(t *testing.T, id string) []byte {
	t.Helper()
	text, err := json.Marshal(forged)
	require.NoError(t, err)
	event := harness.SunCoFailure(id, time.Now())
	for _, harmless := range []string{`"whatsapp"`, `"uncategorized_error"`, `"It failed"`} {
		require.Contains(t, event, harmless)
		event = strings.ReplaceAll(event, harmless, string(text))
	}
	return harness.SunCoBatch(event)
}

// smuggleByWebhook sends signed webhooks of Shopify with hostile texts: in each header, as far
// as HTTP takes them there, and in the body.
func smuggleByWebhook(t *testing.T, p *program, w *world) {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"id": 820982911946154508, "name": forged, "total_price": forged, "currency": forged, "financial_status": forged, "gateway": forged, forged: forged,
	})
	require.NoError(t, err)
	for n, header := range []string{"", "X-Shopify-Topic", "X-Shopify-Shop-Domain", "X-Shopify-Webhook-Id", "X-Shopify-Triggered-At"} {
		order := harness.NewOrder(fmt.Sprintf("lines-shopify-%d-%s", n, p.name), time.Now())
		order.Body = body
		request, err := p.Shop.Request(t.Context(), order)
		require.NoError(t, err)
		if header != "" {
			request.Header.Set(header, "a\tFORGED\u2028and\u0085FORGED\u202e"+order.ID)
		}
		answer, err := p.Shop.Do(request)
		require.NoError(t, err)
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest}, answer.Code, header)
		if header == "" {
			require.Equal(t, http.StatusOK, answer.Code)
		}
		if answer.Code == http.StatusOK {
			w.ledger[awaitEnding(t, w.loki, order.ID)] = true
		}
	}
}

// awaitEnding waits for an entry whose id ends so, and returns all of that: before it are an
// account and an integration, which are hostile.
func awaitEnding(t *testing.T, loki *harness.Loki, end string) (id string) {
	t.Helper()
	harness.Eventually(t, storedWithin, func(ctx context.Context) error {
		entries, err := loki.Entries(ctx, everything)
		for _, entry := range entries {
			if strings.HasSuffix(entry.Labels[idLabel], end) {
				id = entry.Labels[idLabel]
				return nil
			}
		}
		return errors.Join(err, fmt.Errorf("%s is not there", end))
	})
	return id
}

// requireCleanLines requires that each line of a program's output is one that it wrote.
func requireCleanLines(t *testing.T, p *program) {
	t.Helper()
	own := regexp.MustCompile(`^20\d\d-\d\d-\d\dT[\d:.]+Z?\S*\t(?:debug|info|warn|error)\t`)
	for line := range strings.Lines(p.process.Stderr.String()) {
		line = strings.TrimSuffix(line, "\n")
		if !own.MatchString(line) {
			assert.NotContains(t, line, "FORGED", "a line that is none of its own")
		}
		assert.NotRegexp(t, unprintable, line)
		assert.False(t, strings.HasPrefix(line, "2026-01-01T00:00:00.000Z"), line)
	}
}

// valuesOf returns the values of a label in Loki.
func valuesOf(t *testing.T, loki *harness.Loki, label string) []string {
	t.Helper()
	status, body, err := get(t.Context(), fmt.Sprintf("%s/loki/api/v1/label/%s/values?since=%s", loki.URL, label, 24*time.Hour))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, body)
	var values struct {
		Data []string `json:"data"`
	}
	require.NoError(t, json.Unmarshal([]byte(body), &values))
	return values.Data
}
