// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/problem"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// all returns the activities that a query chooses, as the reader has them.
func all(t *testing.T, log *activitiestest.Log, query string) []activities.Activity {
	t.Helper()
	values, err := url.ParseQuery(query)
	require.NoError(t, err)
	view, problems := state.Parse(values, time.UTC)
	require.Empty(t, problems)
	var chosen []activities.Activity
	for a, err := range log.All(t.Context(), view.Filter(now)) {
		require.NoError(t, err)
		chosen = append(chosen, a)
	}
	return chosen
}

func positions(read []activity) []string {
	all := make([]string, 0, len(read))
	for _, a := range read {
		all = append(all, a.Position)
	}
	return all
}

func TestEveryFilterChoosesAsInThePage(t *testing.T) {
	log := week()
	api := newAPI(t, log)
	for _, query := range []string{
		"", "product=shopify", "product=shopify&product=zis", "status=error", "status=error&status=warning&product=zis", "type=ticket_sync",
		"integration=jira_sync", "account=nordlicht", "q=LOCKED", "error_type=conflict", "error_code=UNABLE_TO_LOCK_ROW", "http_status_code=429",
		"without=error_code&status=warning", "without=integration&without=http_status_code", "object_type=ticket&q=jira",
		"start=2026-11-25T00:00:00Z&end=2026-11-26T00:00:00Z", "start=2026-11-25T01:00&end=2026-11-26T01:00&tz=Europe/Berlin", "last=24h",
		"last=6h&activity=1-2&lang=fr&products=all&wait=1&tz=",
	} {
		want := all(t, log, query)
		require.NotEmpty(t, want, query)
		read := getJSON[page](t, api, "activities?limit=1000&"+query)
		require.Len(t, read.Activities, min(len(want), 1000), query)
		for i, got := range read.Activities {
			assert.Equal(t, newActivity(want[i], time.UTC).Position, got.Position)
		}
	}
}

func TestAnActivityHasAllThatIsKnown(t *testing.T) {
	at := time.Date(2026, 11, 27, 10, 0, 0, 123456789, time.UTC)
	log := activitiestest.New(nowIs, activities.Activity{
		Time: at, Product: "zis", Status: "error", Description: "<b>Ärger</b> \"1\"", Type: "flow_run", Evidence: "reported", Integration: "i", Account: "a",
		ID: "1", ObjectType: "ticket", ObjectID: "7", ErrorType: "timeout", ErrorCode: "E", ErrorMessage: "m", HTTPStatusCode: 504, Attributes: map[string]string{"zis_flow": "f"},
	}, activities.Activity{Time: at.Add(-time.Second), Product: "own", Status: "info", Description: "d"})
	read := getJSON[page](t, newAPI(t, log), "activities?tz=Asia/Kolkata")
	require.Len(t, read.Activities, 2)
	full := read.Activities[0]
	assert.Equal(t, "2026-11-27T15:30:00.123456789+05:30", full.Time.Format(time.RFC3339Nano))
	full.Time, full.Position = time.Time{}, ""
	assert.Equal(t, activity{
		Product: "zis", Status: "error", Description: "<b>Ärger</b> \"1\"", Type: "flow_run", Evidence: "reported", Integration: "i", Account: "a", ID: "1",
		ObjectType: "ticket", ObjectID: "7", ErrorType: "timeout", ErrorCode: "E", ErrorMessage: "m", HTTPStatusCode: 504, Attributes: map[string]string{"zis_flow": "f"},
	}, full)

	_, body := get(t, newAPI(t, log), "activities")
	assert.NotContains(t, string(body), "<b>", "nothing that a browser could take for HTML")
	assert.Equal(t, 1, strings.Count(string(body), "error_type"), "what is not known is left out")
}

func TestPagesHaveNeitherDoubleNorGap(t *testing.T) {
	at := now.Add(-time.Hour)
	var same []activities.Activity
	for i := range 95 {
		same = append(same, activities.Activity{Time: at, Product: "zis", Status: "info", Description: "d", ID: string(rune('A' + i))})
	}
	log := activitiestest.New(nowIs, same...)
	api := newAPI(t, log)

	var older []string
	read := getJSON[page](t, api, "activities?limit=10")
	assert.Empty(t, read.Newer)
	for {
		older = append(older, positions(read.Activities)...)
		if read.Older == "" {
			break
		}
		log.Add(activities.Activity{Time: now, Product: "zis", Status: "info", Description: "d", ID: string(read.Older)})
		read = getJSON[page](t, api, "activities?limit=10&older="+url.QueryEscape(string(read.Older)))
		require.NotEmpty(t, read.Newer)
	}
	assert.Len(t, older, 95)
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(older))), 95)

	newer := positions(read.Activities)
	for read.Newer != "" {
		read = getJSON[page](t, api, "activities?limit=10&newer="+url.QueryEscape(string(read.Newer)))
		newer = append(positions(read.Activities), newer...)
	}
	assert.Len(t, newer, 95+9)
	assert.Equal(t, older, newer[9:], "and back again")
}

func TestNothingFound(t *testing.T) {
	for _, target := range []string{"activities", "products"} {
		_, body := get(t, newAPI(t, activitiestest.New(nowIs)), target)
		assert.JSONEq(t, `{"`+target+`":[]}`, string(body))
	}
}

func TestProducts(t *testing.T) {
	read := getJSON[struct{ Products []product }](t, newAPI(t, week()), "products?last=7d&lang=fr")
	bySlug := map[string]product{}
	for _, p := range read.Products {
		bySlug[p.Product] = p
	}
	assert.Positive(t, bySlug["salesforce"].Errors)
	assert.Greater(t, bySlug["salesforce"].Activities, bySlug["salesforce"].Errors)
	assert.Zero(t, bySlug["shopify"].Errors)
	assert.Equal(t, "Salesforce", bySlug["salesforce"].Name)
	assert.NotEqual(t, "zis", bySlug["zis"].Name)
}

func TestEveryWrongParameterIsNamed(t *testing.T) {
	api := newAPI(t, week())
	for query, parameter := range map[string]string{
		"activities?statu=error":                                         "statu",
		"activities?Status=error":                                        "Status",
		"activities?status=failed":                                       "status",
		"activities?status=error&status=x":                               "status",
		"activities?limit=0":                                             "limit",
		"activities?limit=1001":                                          "limit",
		"activities?limit=ten":                                           "limit",
		"activities?limit=5&limit=6":                                     "limit",
		"activities?start=yesterday":                                     "start",
		"activities?start=2026-11-27":                                    "start",
		"activities?end=1764200000":                                      "end",
		"activities?end=9999-01-01T00:00:00Z":                            "end",
		"activities?start=2026-11-27T10:00:00Z&end=2026-11-27T10:00:00Z": "end",
		"activities?last=8d":                                             "last",
		"activities?last=1h&start=2026-11-27T10:00:00Z":                  "last",
		"activities?tz=Mars/Olympus":                                     "tz",
		"activities?tz=Local":                                            "tz",
		"activities?older=x":                                             "older",
		"activities?newer=x":                                             "newer",
		"activities?older=1-1&newer=1-1":                                 "newer",
		"activities?older=1-1&older=1-2":                                 "older",
		"activities?q=" + strings.Repeat("x", 201):                       "q",
		"activities?q=a&q=b":                                             "q",
		"activities?q=%00":                                               "q",
		"activities?object_id=1&object_id=2":                             "object_id",
		"activities?format=csv":                                          "format",
		"activities?start_date=2026-11-27":                               "start_date",
		"activities?%zz":                                                 "",
		"activities?a;b":                                                 "",
		"products?product=zis":                                           "product",
		"products?limit=3":                                               "limit",
		"export":                                                         "format",
		"export?format=xlsx":                                             "format",
		"export?format=csv&format=jsonl":                                 "format",
		"export?format=csv&limit=3":                                      "limit",
		"export?format=csv&older=1-1":                                    "older",
		"export?format=csv&status=x":                                     "status",
	} {
		answer, body := get(t, api, query)
		assert.Equal(t, http.StatusBadRequest, answer.StatusCode, query)
		assert.Equal(t, problem.ContentType, answer.Header.Get("Content-Type"))
		if parameter == "" {
			assert.NotContains(t, string(body), "parameter\"", query)
			continue
		}
		assert.Contains(t, string(body), "\"parameter\":\""+parameter+"\"", query)
		assert.NotContains(t, string(body), "problem.", "a text for %s", query)
	}
}

func TestAStoreThatCannotBeReadIsSaid(t *testing.T) {
	log := week()
	api := newAPI(t, log)
	for reason, want := range map[activities.Reason]int{
		activities.Unreachable: http.StatusServiceUnavailable, activities.TooSlow: http.StatusGatewayTimeout, activities.Refused: http.StatusBadGateway,
	} {
		log.Fail(&activities.UnavailableError{Reason: reason, Err: errors.New("dial tcp 10.0.0.7:3100: no route")})
		for _, target := range []string{"activities", "products", "export?format=csv", "export?format=jsonl"} {
			answer, body := get(t, api, target)
			assert.Equal(t, want, answer.StatusCode, target)
			assert.NotContains(t, string(body), "10.0.0.7", target)
			assert.NotContains(t, string(body), "problem."+string(reason), "a text for %s", reason)
			assert.NotEmpty(t, answer.Header.Get("Retry-After"), target)
			assert.Empty(t, answer.Header.Get("Content-Disposition"), target)
		}
	}
	log.Fail(errors.New("secret inner thing"))
	answer, body := get(t, api, "activities")
	assert.Equal(t, http.StatusInternalServerError, answer.StatusCode)
	assert.NotContains(t, string(body), "secret")
}

func TestWhatThereIsNot(t *testing.T) {
	api := newAPI(t, week())
	answer, body := get(t, api, "openapi.yaml")
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	assert.Equal(t, openAPI, body)
	for _, target := range []string{"/api/", "/api/v1/", "/api/v2/activities", "/api/v1/activities/1"} {
		assert.Equal(t, http.StatusNotFound, status(t, api, target), target)
	}
}
