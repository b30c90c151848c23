// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// hostileQueries would end the string that they are put into, and go on in LogQL.
var hostileQueries = []string{
	`"} or {product=~".+`,
	`"} | json`,
	`" or product=~".+`,
	"`} or {product=~`.+",
	"` or product=~`.+`",
	`\" or product!=\"`,
	`\`,
	`.*`,
	`.+|.*`,
	`(?i).*`,
	`|= "" != ""`,
	`{{.product}} {{__line__}}`,
	`}[5m])) or sum(count_over_time({product=~".+"}[1h]`,
	`# comment`,
	`' OR '1'='1`,
	`$__range ${product} %s %d %!s(MISSING)`,
	`ünïcode “quotes” „und“ ´so´ ｛ｆｕｌｌｗｉｄｔｈ｝`,
}

// The parameters of the page's API that choose by a text, and where a record has it.
var textParameters = map[string]string{
	"type": "activity.type", "integration": "integration.name", "account": "integration.account", "object_type": "activity.object.type",
	"object_id": "activity.object.id", "error_type": "error.type", "error_code": "error.code", "q": "",
}

// The others, which have a form of their own.
var otherParameters = []string{
	"product", "status", "http_status_code", "without", "start", "end", "last", "tz", "older", "newer", "limit", "lang", "activity", "format", "products", "wait",
	"start_date", "start_time", "end_date", "end_time", "page", "unknown",
}

// views are all that the page answers, but for what it sends as it happens.
var views = []string{
	"/", "/chart", "/choices", "/kinds", "/pane", "/details", "/timeline", "/errors", "/sources", "/tail", "/api/v1/activities", "/api/v1/products", "/api/v1/export",
}

// tailEvents sends what happens until who reads it goes away.
const tailEvents = "/tail/events"

// queriesThatBreakOut stand in every field of a record and in every parameter of the page and
// its API. Each finds what has that very text, and nothing else.
func queriesThatBreakOut(t *testing.T, w *world) {
	t.Helper()
	all := w.programs[0]
	require.True(t, all.hasLoki())
	for n, text := range hostileQueries {
		id := fmt.Sprintf("hostile-%d", n)
		require.NoError(t, all.SendOTLP(t.Context(), oneRecord(id, func(resource pcommon.Map, record plog.LogRecord) {
			resource.PutStr("integration.account", text)
			for _, attribute := range textParameters {
				if attribute != "" && attribute != "integration.account" {
					record.Attributes().PutStr(attribute, text)
				}
			}
			record.Body().SetStr("It says " + text + " and ends")
		})))
		w.ledger[id] = true
	}
	harness.Eventually(t, storedWithin, func(ctx context.Context) error { return w.loki.HasOnce(ctx, everything, idLabel, w.ledger, nil) })

	for n, text := range hostileQueries {
		for parameter := range textParameters {
			found := search(t, all, url.Values{"product": {"zis"}, parameter: {text}})
			assert.Contains(t, found, fmt.Sprintf("hostile-%d", n), "%s=%s", parameter, text)
			for _, id := range found {
				assert.True(t, parameter == "q" && saysToo(id, text) || id == fmt.Sprintf("hostile-%d", n), "%s=%s found %s", parameter, text, id)
			}
		}
		for _, parameter := range otherParameters {
			values := url.Values{"account": {"nobody's"}, parameter: {text}}
			status, body, err := get(t.Context(), pageURL(all, "/api/v1/activities?"+values.Encode()))
			require.NoError(t, err)
			assert.Contains(t, []int{http.StatusOK, http.StatusBadRequest}, status, "%s=%s: %s", parameter, text, body)
			if status == http.StatusOK {
				assert.Empty(t, search(t, all, values), "%s=%s", parameter, text)
			}
		}
	}
	requireNoServerErrors(t, all)
}

// saysToo tells whether the description of a hostile record has a text too, whatever its case.
func saysToo(id, text string) bool {
	for n, other := range hostileQueries {
		if id == fmt.Sprintf("hostile-%d", n) {
			return strings.Contains(strings.ToLower("It says "+other+" and ends"), strings.ToLower(text))
		}
	}
	return false
}

// requireNoServerErrors requires that no view of the page fails for what it is asked: with all
// parameters that choose by a text, which it takes, and with all others, of which it says that
// they cannot be.
func requireNoServerErrors(t *testing.T, all *program) {
	t.Helper()
	for _, view := range views {
		status, body, err := get(t.Context(), pageURL(all, view+"?activity=nobody's"))
		require.NoError(t, err)
		known := []int{http.StatusOK, http.StatusBadRequest}
		if view == "/details" || view == "/pane" {
			known = append(known, http.StatusNotFound) // there is no such activity
		}
		require.Contains(t, known, status, "%s: %.300s", view, body)
		for _, text := range hostileQueries {
			choosing, others := url.Values{"format": {"csv"}}, url.Values{}
			for parameter := range textParameters {
				choosing.Set(parameter, text)
			}
			for _, parameter := range otherParameters {
				others.Set(parameter, text)
			}
			for _, values := range []url.Values{choosing, others} {
				status, body, err := get(t.Context(), pageURL(all, view+"?"+values.Encode()))
				require.NoError(t, err)
				assert.Contains(t, known, status, "%s: %.300s", view, body)
			}
		}
	}
	for _, text := range hostileQueries {
		values := url.Values{}
		for parameter := range textParameters {
			values.Set(parameter, text)
		}
		assert.Contains(t, []int{http.StatusOK, http.StatusBadRequest}, statusOf(t, pageURL(all, tailEvents+"?"+values.Encode()), text), text)
	}
}

// statusOf returns how an answer begins that need not end. The header goes on from where a
// text says.
func statusOf(t *testing.T, address, lastEventID string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Last-Event-ID", lastEventID)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

func pageURL(p *program, path string) string {
	return fmt.Sprintf("http://127.0.0.1:%d%s", p.Ports.Page, path)
}

// search returns the ids that the API finds.
func search(t *testing.T, p *program, values url.Values) []string {
	t.Helper()
	status, body, err := get(t.Context(), pageURL(p, "/api/v1/activities?"+values.Encode()))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, "%v: %s", values, body)
	var page struct {
		Activities []struct {
			ID string `json:"id"`
		} `json:"activities"`
	}
	require.NoError(t, json.Unmarshal([]byte(body), &page))
	ids := make([]string, 0, len(page.Activities))
	for _, activity := range page.Activities {
		ids = append(ids, activity.ID)
	}
	return ids
}
