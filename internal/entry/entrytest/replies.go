// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// CheckReplies is the table of replies in the README, with the product's code for what may
// succeed later. Nothing is filtered, and no type is unknown: each entry is one of the
// product's, and is stored.
func CheckReplies(t *testing.T, factory receiver.Factory, notNow int) {
	t.Helper()
	accepted := newRequest(`{"id":"1","message":"Hello"}`)
	webhooktest.ReplyTable{
		New: subjects(factory),
		Requests: map[webhooktest.Case]webhooktest.Request{
			webhooktest.Accepted:    accepted,
			webhooktest.Malformed:   newRequest(`{"id":"1","message":"Hello"`),
			webhooktest.WrongSecret: forged(accepted),
			webhooktest.NoSecret:    accepted.With("Authorization"),
		},
		Want: map[webhooktest.Case]int{
			webhooktest.Accepted:    http.StatusOK,
			webhooktest.Duplicate:   http.StatusOK,
			webhooktest.Malformed:   http.StatusBadRequest,
			webhooktest.ForGood:     http.StatusBadRequest,
			webhooktest.WrongSecret: http.StatusUnauthorized,
			webhooktest.NoSecret:    http.StatusUnauthorized,
			webhooktest.TooLarge:    http.StatusRequestEntityTooLarge,
			webhooktest.MediaType:   http.StatusUnsupportedMediaType,
			webhooktest.NotRunning:  notNow,
			webhooktest.ForNow:      notNow,
			webhooktest.Deadline:    notNow,
		},
	}.Check(t)

	r := webhooktest.Start(t, subject(factory), nil)
	for name, body := range map[string]string{
		"nothing": "", "no message": `{"id":"1"}`, "empty message": `{"message":" "}`, "message that is no text": `{"message":{"a":1}}`,
		"no object": `"Hello"`, "empty list": "[]", "list of lists": `[["Hello"]]`, "form": "message=Hello",
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, http.StatusBadRequest, r.Post(t, newRequest(body)).Code)
			require.Zero(t, r.Sink.LogRecordCount())
		})
	}
}

// CheckConsumeContract runs the collector's own check of receivers.
func CheckConsumeContract(t *testing.T, factory receiver.Factory) {
	t.Helper()
	webhooktest.CheckConsumeContract(t, subject(factory), func(number string) webhooktest.Activity {
		return webhooktest.Activity{
			Request: newRequest(`{"id":"` + number + `","message":"Hello","fields":{"subdomain":"acme"}}`),
			ID:      "acme//" + number,
		}
	}, http.StatusBadRequest)
}
