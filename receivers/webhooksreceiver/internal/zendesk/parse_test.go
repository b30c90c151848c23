// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseWebhooks(t *testing.T) {
	page, err := parseWebhooks([]byte(`{"meta":{"has_more":false},"webhooks":[
		{"id":"W1","name":" Notify ERP ","endpoint":"https://me:pw@Hooks.ERP.example:8443/secret?key=x","http_method":"post"},
		{"id":"W2","name":"jane@example.com","endpoint":"https://{{host}}/x","http_method":"not a method"},
		{"id":"W3"},{"id":5},{"id":""},{"id":"../W"},{"id":"a b"},"x",null,[]]}`))
	require.NoError(t, err)
	assert.Equal(t, []Webhook{{ID: "W1", Name: "Notify ERP", Method: "POST", Host: "hooks.erp.example"}, {ID: "W2"}, {ID: "W3"}}, page.Items)
	assert.Len(t, page.Unreadable, 7)
	assert.Empty(t, page.Next)
}

// What holds personal data or a secret is no name: attributes are not masked.
func TestPersonalNames(t *testing.T) {
	for _, name := range []string{"Call +49 170 1234567", "ERP Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "Card 4111 1111 1111 1111", "jane@example.com"} {
		page, err := parseWebhooks([]byte(`{"webhooks":[{"id":"W1","name":"` + name + `"}]}`))
		require.NoError(t, err)
		assert.Equal(t, []Webhook{{ID: "W1"}}, page.Items)
		assert.Equal(t, "W1", page.Items[0].Label())
	}
	assert.Equal(t, "Notify ERP", Webhook{ID: "W1", Name: "Notify ERP"}.Label())
}

func TestHostOf(t *testing.T) {
	for endpoint, want := range map[string]string{
		"https://hooks.erp.example/x": "hooks.erp.example", "https://[2001:db8::1]:8443/x": "2001:db8::1", "": "", "::": "", "hooks.erp.example/x": "",
		"https://{{ticket.host}}/": "", "https://" + strings.Repeat("a", 300) + "/": "", "https://a%2Fb/": "", "mailto:jane@example.com": "",
	} {
		assert.Equal(t, want, hostOf(endpoint), endpoint)
	}
}

func TestParseInvocations(t *testing.T) {
	page, err := parseInvocations([]byte(`{"meta":{"has_more":true,"after_cursor":"c"},"invocations":[
		{"id":"I1","status_code":403,"status":"terminated","latest_completed_at":"2023-09-18T23:38:14Z","event_type":"x"},
		{"id":"I2","status":"circuit broken","latest_completed_at":"2023-09-18T23:37:26.5+02:00"},
		{"id":"I3","status":"success","status_code":"200","latest_completed_at":"2023-09-18T23:38:14Z"},
		{"id":"I4","status":"success","status_code":7,"latest_completed_at":"2023-09-18T23:38:14Z"},
		{"id":"I5","status":"success"},{"id":"I6","latest_completed_at":"2023-09-18T23:38:14Z"},{"id":"I7","status":"a/b","latest_completed_at":"2023-09-18T23:38:14Z"},
		{"id":"I8","status":"success","latest_completed_at":"0001-01-01T00:00:00Z"}]}`))
	require.NoError(t, err)
	at := time.Date(2023, 9, 18, 23, 38, 14, 0, time.UTC)
	assert.Equal(t, []Invocation{
		{ID: "I1", Status: "terminated", CompletedAt: "2023-09-18T23:38:14Z", Time: at, StatusCode: 403},
		{ID: "I2", Status: "circuit broken", CompletedAt: "2023-09-18T23:37:26.5+02:00", Time: time.Date(2023, 9, 18, 21, 37, 26, 500000000, time.UTC)},
		{ID: "I3", Status: "success", CompletedAt: "2023-09-18T23:38:14Z", Time: at},
		{ID: "I4", Status: "success", CompletedAt: "2023-09-18T23:38:14Z", Time: at},
	}, page.Items)
	assert.Len(t, page.Unreadable, 4)
	assert.Equal(t, "c", page.Next)
}

func TestParseAttempts(t *testing.T) {
	page, err := parseAttempts([]byte(`{"attempts":[{"id":"W1","status":"terminated","status_code":403,"completed_at":"2023-09-18T23:38:14Z","request":{"payload":"x"}},{"status":5},{}]}`))
	require.NoError(t, err)
	assert.Equal(t, []Attempt{{Status: "terminated", StatusCode: 403, Time: time.Date(2023, 9, 18, 23, 38, 14, 0, time.UTC)}}, page.Items)
	assert.Len(t, page.Unreadable, 2)
}

// Of the link to the next page nothing but the cursor counts.
func TestCursor(t *testing.T) {
	for meta, want := range map[string]string{
		`"meta":{"has_more":true,"after_cursor":"a=="},"links":{"next":"https://evil.example/?page[after]=b"}`: "a==",
		`"meta":{"has_more":true},"links":{"next":"https://evil.example:443/x?page[after]=MDFI%3D"}`:           "MDFI=",
		`"meta":{"has_more":true},"links":{"next":"https://evil.example/x?page%5Bafter%5D=b"}`:                 "b",
		`"meta":{"has_more":false,"after_cursor":"a"},"links":{"next":"https://evil.example/?page[after]=b"}`:  "",
		`"meta":null,"links":null`: "",
	} {
		page, err := parseInvocations([]byte("{" + meta + `,"invocations":[]}`))
		require.NoError(t, err)
		assert.Equal(t, want, page.Next)
	}
}

func TestBadPages(t *testing.T) {
	for content, want := range map[string]error{
		"":                       errSyntax,
		"<html>canary</html>":    errSyntax,
		`{"invocations":[{"id":`: errSyntax,
		`{"invocations":[]}{}`:   errSyntax,
		`{}`:                     errShape,
		`[]`:                     errShape,
		`null`:                   errShape,
		`{"invocations":null}`:   errShape,
		`{"invocations":{}}`:     errShape,
		`{"webhooks":[]}`:        errShape,
		// more, and no way to it: it must not pass for the last page
		`{"meta":{"has_more":true},"invocations":[]}`:                                                      errShape,
		`{"meta":{"has_more":true},"links":{"next":"https://acme.zendesk.example/x"},"invocations":[]}`:    errShape,
		`{"meta":{"has_more":true},"links":{"next":"%"},"invocations":[]}`:                                 errShape,
		`{"meta":{"has_more":true,"after_cursor":""},"links":{"next":"?page[after]="},"invocations":[{}]}`: errShape,
	} {
		_, err := parseInvocations([]byte(content))
		require.ErrorIs(t, err, want, content)
		assert.True(t, IsBadAnswer(err))
	}
}
