// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

func TestTheStoreIsCounted(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		answer string
		want   map[activity.Product]int
		err    string
	}{
		"some":        {200, `{"data":{"result":[{"metric":{"product":"zis"},"value":[1764230400,"5771"]},{"metric":{"product":"shopify"},"value":[1764230400,"2"]}]}}`, map[activity.Product]int{activity.ZIS: 5771, activity.Shopify: 2}, ""},
		"nothing yet": {200, `{"data":{"result":[]}}`, map[activity.Product]int{}, ""},
		"not ready":   {503, "Ingester not ready", nil, "loki: the answer is 503 Service Unavailable"},
		"another":     {200, "<html>", nil, "loki: invalid character"},
		"no number":   {200, `{"data":{"result":[{"value":[1,2]}]}}`, nil, "invalid syntax"},
	} {
		t.Run(name, func(t *testing.T) {
			server, err := endpoint.Start(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.answer))
			}))
			require.NoError(t, err)
			defer func() { require.NoError(t, server.Close()) }()
			s := store{loki: server.URL, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
			count, err := s.count(t.Context(), everything)
			assert.Equal(t, test.want, count)
			if test.err == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.err)
			}
			requests := server.Requests("/loki/api/v1/query")
			require.Len(t, requests, 1)
			assert.Equal(t, `sum by (product) (count_over_time({service_namespace="integrations"} [604800s]))`, requests[0].Query.Get("query"))
		})
	}
	_, err := (&store{loki: "http://127.0.0.1:0", client: http.DefaultClient}).count(t.Context(), everything)
	require.Error(t, err)
	_, err = (&store{loki: "http://[", client: http.DefaultClient}).count(t.Context(), everything)
	require.Error(t, err)
}

// TestTheVendorsLinesAreKnown: the ids of ZIS are as the query that counts them has it.
func TestTheVendorsLinesAreKnown(t *testing.T) {
	_, pattern, found := strings.Cut(ofVendors, `activity_id=~".*/`)
	require.True(t, found)
	id := regexp.MustCompile("^" + strings.TrimSuffix(pattern, `"`) + "$")
	n := 0
	for _, event := range history.New(1, time.Now()).Week() {
		if entry, ok := event.What.(history.Entry); ok && entry.Of == activity.ZIS {
			n++
			require.Regexp(t, id, entry.Entry.ID)
		}
	}
	assert.Positive(t, n)
}

func TestThePageShowsSomething(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		answer string
		want   bool
	}{
		"something": {200, `{"activities":[{"id":"1"}]}`, true},
		"nothing":   {200, `{"activities":[]}`, false},
		"trouble":   {502, `{"title":"Loki is away"}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			server, err := endpoint.Start(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.answer))
			}))
			require.NoError(t, err)
			defer func() { require.NoError(t, server.Close()) }()
			s := store{page: server.URL, client: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}}
			assert.Equal(t, test.want, s.isShown(t.Context()))
		})
	}
}
