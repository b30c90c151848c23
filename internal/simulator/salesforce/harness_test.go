// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// answer is what came of a request, even if the rest was cut off.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) decode(t *testing.T, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(a.body), into), a.body)
}

func start(t *testing.T, settings Settings) *Org {
	t.Helper()
	org, err := Start(settings)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, org.Close()) })
	return org
}

// send sends a request on a connection of its own.
func send(t *testing.T, request *http.Request) (answer, error) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(body)}, err
}

// get sends a GET with a token.
func get(t *testing.T, address, token string) answer {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, address, http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	got, err := send(t, request)
	require.NoError(t, err)
	return got
}

func post(t *testing.T, address string, form url.Values) answer {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := send(t, request)
	require.NoError(t, err)
	return got
}

func query(t *testing.T, org *Org, soql string) answer {
	t.Helper()
	return get(t, org.URL+"/services/data/v67.0/query?q="+url.QueryEscape(soql), org.Token())
}
