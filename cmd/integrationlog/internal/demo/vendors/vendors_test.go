// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package vendors

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

var now = time.Date(2026, 11, 27, 9, 12, 33, 0, time.UTC)

// taker is where all webhooks go to.
func taker(t *testing.T) *endpoint.Server {
	t.Helper()
	server, err := endpoint.Start(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return server
}

func start(t *testing.T, company *history.Company, webhooks string) *Vendors {
	t.Helper()
	v, err := Start(company, webhooks)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, v.Close()) })
	return v
}

func TestAHistoryIsPlayed(t *testing.T) {
	server := taker(t)
	company := history.New(1, now)
	v := start(t, company, server.URL)
	week := company.Week()
	pushed, err := v.Keep(week)
	require.NoError(t, err)
	want := map[string]int{}
	for _, event := range pushed[:min(len(pushed), 400)] {
		want["/"+string(event.What.Product())]++
		require.NoError(t, v.Push(t.Context(), event))
	}
	require.Len(t, want, 5)
	for path, n := range want {
		assert.Len(t, server.Requests(path), n, path)
	}
	// What is not pushed is kept.
	lines := strings.Count(allLogFiles(t, v), "\n\"RestApi\"")
	changes, invocations, calls := 0, 0, 0
	for _, event := range week {
		switch event.What.(type) {
		case history.Change:
			changes++
		case history.Invocation:
			invocations++
		case history.Call:
			calls++
		}
	}
	assert.Equal(t, len(week), len(pushed)+changes+invocations+calls)
	assert.Equal(t, calls, lines)
	for _, n := range []int{changes, invocations, calls} {
		assert.Greater(t, n, 100)
	}
}

// allLogFiles reads what an organization has, as the receiver does.
func allLogFiles(t *testing.T, v *Vendors) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	post, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.org.URL+"/services/oauth2/token", strings.NewReader(
		"grant_type=client_credentials&client_id="+v.org.Settings().ClientID+"&client_secret="+v.org.Settings().ClientSecret))
	require.NoError(t, err)
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	token := between(read(t, client, post), `"access_token":"`, `"`)
	get := func(path string) string {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, v.org.URL+path, http.NoBody)
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+token)
		return read(t, client, request)
	}
	list := get("/services/data/v66.0/query?q=SELECT+Id,LogFile+FROM+EventLogFile+WHERE+Interval+=+%27Hourly%27")
	var all strings.Builder
	for _, part := range strings.Split(list, `"LogFile":"`)[1:] {
		path, _, _ := strings.Cut(part, `"`)
		all.WriteString(get(path))
	}
	return all.String()
}

func TestWhatIsNotTakenIsSentAgain(t *testing.T) {
	server := taker(t)
	v := start(t, history.New(1, now), server.URL)
	event := firstPushed(t, v)
	server.Inject(endpoint.Fault{Times: 1, Answer: endpoint.RetryAfter(0, endpoint.Status(http.StatusServiceUnavailable, "text/plain", "full"))})
	require.NoError(t, v.Push(t.Context(), event))
	assert.Len(t, server.Requests(""), 2)

	server.Inject(endpoint.Fault{Times: 1, Answer: endpoint.Status(http.StatusUnauthorized, "text/plain", "who?")})
	require.EqualError(t, v.Push(t.Context(), event), fmt.Sprintf("the receiver of %s answers 401 who?", event.What.Product()))
	assert.Len(t, server.Requests(""), 3)

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, v.Push(ended, event), context.Canceled)
}

func TestThingsHappenNow(t *testing.T) {
	server := taker(t)
	company := history.New(1, now)
	v := start(t, company, server.URL)
	live := company.Live()
	for range 300 {
		require.NoError(t, v.Happen(t.Context(), live.Next(now)))
	}
	assert.NotEmpty(t, server.Requests("/shopify"))
	require.Error(t, v.Happen(t.Context(), history.Event{At: now, What: history.Call{}}))
	require.Error(t, v.Push(t.Context(), history.Event{At: now, What: history.Call{}}))
}

func TestEveryProductIsOn(t *testing.T) {
	v := start(t, history.New(1, now), "http://127.0.0.1:0")
	environment := v.Environment()
	for _, variable := range []string{
		"SHOPIFY_WEBHOOK_SECRET", "SUNCO_WEBHOOK_SECRET", "BOT_BUILDER_TOKEN", "ACTIONS_TOKEN", "ZIS_TOKEN", "ZENDESK_URL", "ZENDESK_CLIENT_ID",
		"ZENDESK_CLIENT_SECRET", "SALESFORCE_LOGIN_URL", "SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET", "SALESFORCE_INTEGRATION_USERS", "SALESFORCE_PUBSUB_ENDPOINT",
	} {
		assert.NotEmpty(t, environment[variable], variable)
	}
	assert.Equal(t, environment[ZISToken], v.Secret(ZISToken))
}

func firstPushed(t *testing.T, v *Vendors) history.Event {
	t.Helper()
	pushed, err := v.Keep(history.New(1, now).Week())
	require.NoError(t, err)
	return pushed[0]
}
