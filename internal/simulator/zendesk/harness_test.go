// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// now is the time at the account.
var now = time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)

// answer is what came of a request.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) decode(t *testing.T, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(a.body), into), a.body)
}

func start(t *testing.T, settings Settings) *Account {
	t.Helper()
	if settings.Now == nil {
		settings.Now = func() time.Time { return now }
	}
	account, err := Start(settings)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, account.Close()) })
	return account
}

func send(t *testing.T, request *http.Request) answer {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return answer{response.StatusCode, response.Header, string(body)}
}

// get sends a GET with a valid token. Parameters are pairs of a name and a value.
func (a *Account) get(t *testing.T, path string, parameters ...string) answer {
	t.Helper()
	return a.getWith(t, "Bearer "+a.Token(), path, parameters...)
}

func (a *Account) getWith(t *testing.T, credential, path string, parameters ...string) answer {
	t.Helper()
	query := url.Values{}
	for i := 0; i < len(parameters); i += 2 {
		query.Set(parameters[i], parameters[i+1])
	}
	request, err := http.NewRequest(http.MethodGet, a.URL+path+"?"+query.Encode(), http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Authorization", credential)
	return send(t, request)
}

func (a *Account) post(t *testing.T, contentType, body string) answer {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, a.URL+"/oauth/tokens", strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", contentType)
	return send(t, request)
}

// pageAnswer is an answer of the webhooks API.
type pageAnswer struct {
	Meta struct {
		HasMore      bool   `json:"has_more"`
		AfterCursor  string `json:"after_cursor"`
		BeforeCursor string `json:"before_cursor"`
	} `json:"meta"`
	Links       map[string]string `json:"links"`
	Webhooks    []Webhook         `json:"webhooks"`
	Invocations []map[string]any  `json:"invocations"`
	Attempts    []map[string]any  `json:"attempts"`
}

func (a *Account) page(t *testing.T, path string, parameters ...string) pageAnswer {
	t.Helper()
	got := a.get(t, path, parameters...)
	require.Equal(t, http.StatusOK, got.status, got.body)
	var page pageAnswer
	got.decode(t, &page)
	return page
}
