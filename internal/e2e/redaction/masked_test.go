// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package redaction

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// requireText sends a text as description, as error.message and as raw payload.
func requireText(t *testing.T, p pipeline, text, want string) {
	t.Helper()
	record := records(p.send(t, newLogs(activity.Activity{
		ID: "1", Product: activity.Actions, Description: text, Payload: text,
		Error: &activity.Failure{Type: activity.ErrorOther, Message: text},
	})))[0]
	require.Equal(t, want, record.Body().Str())
	require.Equal(t, want, attribute(t, record, activity.ErrorMessageKey))
	require.Equal(t, want, attribute(t, record, activity.PayloadKey))
}

func TestPersonalDataIsMasked(t *testing.T) {
	tests := map[string]string{
		// E-mail addresses.
		"Email jane.doe@example.com has already been taken":  "Email **** has already been taken",
		"<jane+test@mail.example.co.uk> bounced":             "<****> bounced",
		"user jürgen@exämple.de, and o'brien@example.org":    "user ****, and o'****",
		"search?query=email%3Ajane%40example.com&page=2":     "search?query=****&page=2",
		"33612345678@s.whatsapp.net is not a user":           "**** is not a user",
		"login as https://jane:p4ss@example.com/api refused": "login as https****example.com/api refused",

		// Card numbers.
		"card 4111111111111111 was declined":      "card **** was declined",
		"card 4111 1111 1111 1111 was declined":   "card **** was declined",
		"card 5500-0000-0000-0004 was declined":   "card **** was declined",
		"card 2223000048400011 was declined":      "card **** was declined",
		"Amex 378282246310005, 3782 822463 10005": "Amex ****, ****",
		"Diners 3056 930902 5904":                 "Diners ****",
		"JCB 3530111333300000 (6011000990139424)": "JCB **** (****)",

		// Phone numbers.
		"+33612345678 has unsubscribed":                   "**** has unsubscribed",
		"to +33 6 12 34 56 78: undeliverable":             "to ****: undeliverable",
		"to +1 (555) 123-4567 or (555) 123-4567":          "to **** or ****",
		"call +49 30 12345678, 555-123-4567":              "call ****, ****",
		"rappeler le 06 12 34 56 78 ou le 06.12.34.56.78": "rappeler le **** ou le ****",
		"Phone number 33612345678 is not valid":           "P**** is not valid",
		`{"phone":"33612345678","id":5}`:                  `{"p****","id":5}`,
		"téléphone: 0612345678":                           "télép****",
		"tel:0612345678":                                  "****",
	}
	p := newPipeline(t)
	for text, want := range tests {
		t.Run(text, func(t *testing.T) { requireText(t, p, text, want) })
	}
}

func TestTokensAreMasked(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dGhpc2lzbm90YXNpZ25hdHVyZQ"
	tests := map[string]string{
		"Authorization: Bearer abc123def456 is expired":                   "Authorization: B**** is expired",
		"bearer QWERTYUIOPASDFGHJKLZ was refused":                         "b**** was refused",
		"Bearer " + jwt + " has expired":                                  "B**** has expired",
		"the token " + jwt + " has expired":                               "the token **** has expired",
		"Authorization: Basic amFuZTpzZWNyZXRzZWNyZXQ= was refused":       "Authorization: B**** was refused",
		"basic dXNlcjpwYXNz":                                              "b****",
		"shpat_0123456789abcdef0123456789abcdef is not valid":             "**** is not valid",
		"shpss_0123456789abcdef0123456789abcdef, shptka_0123456789":       "****, ****",
		"session 00D000000000001AAA!NOT.A.SESSION_0123456789 expired":     "session **** expired",
		"xoxb-123456789012-abcdefghij":                                    "****",
		"jane@example.com/token:notARealToken0123456789notARealToken0123": "****/t****",
		"POST /hook?access_token=s3cr3t-value&x=1 failed":                 "POST /hook?access_t****&x=1 failed",
		`{"client_secret": "0123456789abcdef", "name": "x"}`:              `{"client_s****", "name": "x"}`,
		"X-Api-Key: 0123456789abcdef was refused":                         "X-A**** was refused",
		"API_KEY=0123456789abcdef, apiKey: 0123456789abcdef":              "A****, a****",
		"password=hunter2hunter2&user=1":                                  "p****&user=1",
	}
	p := newPipeline(t)
	for text, want := range tests {
		t.Run(text, func(t *testing.T) { requireText(t, p, text, want) })
	}
}

func TestSentencesAreLeftAlone(t *testing.T) {
	tests := []string{
		"Order #1001 created",
		"Fulfillment of order #1001: in_transit",
		"Fulfillment of order #9999.1 updated: success",
		"Return #1001-R1 of order #1001 requested",
		"Customer 7293847592038 created",
		"Customer 820982911946154508 created",
		"Order 9007199254740993 of gid://shopify/Order/820982911946154508",
		"Ticket 35436 was sent to the case 5003000000D8cuI (5003000000D8cuIQAR)",
		"User 361234567890, article 18429471523602",
		"Invocation 01HAN7ZK9V4SX2T6B3M5Q8R0YC of 01GZ3NDEKTSV4RRFFQ69G5FAV",
		"b1946ac9-2492-4d23-94f7-5ed9b3d5a1d2 12345678-1234-1234-1234-123456789012",
		"external action failed due to status code: 404",
		"Message limit of 30000 per conversation reached.",
		"JSON path not found: $.input.ticket_event.ticket.id",
		"2026-01-02T03:04:05.123456789+02:00 and 2026-01-02 03:04:05 +0000 UTC",
		"10.0.0.1:8080 answered 503 in 1234.567 ms, v1.2.3, 12,345,678.90 EUR",
		"Bearer authentication failed", "Basic authentication failed", "Basic plan",
		"Invalid token: expired", "token is missing", "Password is required", "the secret: wrong",
		"iPhone 15.1 2026", "the phone number is missing",
		"Session expired or invalid (INVALID_SESSION_ID)",
		"mention @jane and user@localhost, lodash@4.17.21",
		"****", "\x00", "日本語の説明",
	}
	p := newPipeline(t)
	for _, text := range tests {
		t.Run(text, func(t *testing.T) { requireText(t, p, text, text) })
	}
}
