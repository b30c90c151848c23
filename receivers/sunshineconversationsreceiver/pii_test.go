// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

var (
	// canary marks every personal or secret value of the fixtures, the secret that lets
	// them in included. The number is a phone's, the rest what WhatsApp makes of it.
	canary = regexp.MustCompile(`(?i)canary|436605550143|NDM2NjA1NTUwMTQz|gBEGQ2YFVQ`)

	// personal are the names under which Sunshine Conversations sends what is personal.
	personal = regexp.MustCompile(`^(externalId|userId|email|givenName|surname|avatarUrl|displayName|phoneNumber|city|From|FromCity|` +
		`text|destinationId|zendeskId|authorId|pushNotificationToken)$`)

	// freeText marks what a vendor's message quotes and what the redaction processor
	// masks behind the receiver: it may stand in messages, and nowhere else.
	freeText = regexp.MustCompile(`free-text|xoxb-|shpat_|sk_live|AKIA|ghp_|[dj]1234567|00D0`)
)

// bareDigits may be a phone number, and no part of a token.
var bareDigits = regexp.MustCompile(`(?:^|[ :(+])\d{7,}(?:$|[ :),.])`)

func TestFixturesHaveCanaries(t *testing.T) {
	marked := 0
	for name, request := range allFixtures(t) {
		// of an author who is no agent the own id, which tells nothing, is kept
		body := strings.ReplaceAll(string(request.Body), `"userId": "66aa5e71a1b2c3d400000101"`, `"userId": "canary"`)
		t.Run(name, func(t *testing.T) { marked += webhooktest.RequireMarked(t, []byte(body), personal, canary) })
	}
	require.Greater(t, marked, 150)
}

// TestNothingPersonalGetsOut looks for the marks in everything that comes out.
func TestNothingPersonalGetsOut(t *testing.T) {
	webhooktest.Canaries{
		New: subject, Requests: allFixtures(t), Forge: forged, Mark: canary, ForGood: http.StatusBadRequest,
		Endings: map[string]webhooktest.Ending{
			"media type": {
				Change: func(q webhooktest.Request) webhooktest.Request { return q.With("Content-Type", "application/xml") },
				Code:   http.StatusBadRequest,
			},
			"unreadable": {
				Change: func(q webhooktest.Request) webhooktest.Request { return without(q, "events", "trigger") },
				Code:   http.StatusBadRequest,
			},
		},
	}.Check(t)
}

// without renames members, so that nothing is left that the receiver knows.
func without(q webhooktest.Request, names ...string) webhooktest.Request {
	body := string(q.Body)
	for _, name := range names {
		body = strings.Replace(body, `"`+name+`"`, `"canary"`, 1)
	}
	return webhooktest.Request{Header: q.Header, Body: []byte(body)}
}

// TestFreeTextStaysInMessages: what a vendor wrote stands only where the redaction
// processor looks, and what that could not tell from an id is masked already.
func TestFreeTextStaysInMessages(t *testing.T) {
	r := webhooktest.Start(t, subject(t), nil)
	for _, request := range allFixtures(t) {
		require.Equal(t, http.StatusOK, r.Post(t, request).Code)
	}
	found := map[string]bool{}
	for _, logs := range r.Sink.AllLogs() {
		for _, record := range webhooktest.Records(logs) {
			for _, kind := range freeText.FindAllString(record.Body().Str(), -1) {
				found[kind] = true
			}
			require.NotRegexp(t, bareDigits, record.Body().Str())
			for key, value := range record.Attributes().All() {
				if key == "error.message" {
					require.NotRegexp(t, bareDigits, value.Str())
				} else {
					require.NotRegexp(t, freeText, value.AsString(), key)
				}
			}
		}
		masked := webhooktest.Text(t, webhooktest.BehindRedaction(t, logs))
		require.NotRegexp(t, freeText, masked)
	}
	require.Len(t, found, 9, "there is something of each kind to find: %v", found)
	require.NotRegexp(t, freeText, r.Said(t))
}

// TestIncludePayload also shows that the scan would find a canary in a record.
func TestIncludePayload(t *testing.T) {
	config := testConfig()
	config.IncludePayload = true
	r := webhooktest.Start(t, subjectOf(config), nil)
	for _, name := range []string{"batch_of_several_users", "v1.1_delivery_failure"} {
		request := fixture(t, name)
		require.Equal(t, http.StatusOK, r.Post(t, request).Code)
		for _, record := range webhooktest.Records(r.Sink.AllLogs()...) {
			payload, ok := record.Attributes().Get("activity.payload")
			require.True(t, ok)
			require.Contains(t, string(request.Body), payload.Str())
			require.Regexp(t, canary, payload.Str())
			require.Contains(t, payload.Str(), lastOfID(record.Attributes()), "each its own")
		}
		require.NotRegexp(t, canary, r.Said(t))
		r.Sink.Reset()
	}
}

// lastOfID is the event's id, or the time that stands for it.
func lastOfID(attributes pcommon.Map) string {
	id, _ := attributes.Get("activity.id")
	return id.Str()[strings.LastIndexByte(id.Str(), '/')+1:]
}
