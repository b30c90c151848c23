// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver"

import (
	"net/http"
	"time"

	"github.com/integrationlog/integrationlog/internal/webhook"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/record"
)

// keyHeader holds a webhook's shared secret as it is.
// Source: https://developer.zendesk.com/api-reference/conversations/#tag/Webhooks
const keyHeader = "X-API-Key"

// source is what is particular to Sunshine Conversations.
type source struct {
	config   *Config
	verifier *webhook.SecretVerifier
}

var _ webhook.Source = (*source)(nil)

func newSource(config *Config) *source {
	return &source{config: config, verifier: webhook.NewSecretVerifier(config.Secrets.List())}
}

// Verify checks the shared secret. There is no signature, so the body is only as true
// as the way here is safe.
func (s *source) Verify(header http.Header, _ []byte) bool {
	return s.verifier.Verify(webhook.Header(header, keyHeader))
}

// Parse makes one activity of each event that belongs into the log.
func (s *source) Parse(_ http.Header, body []byte, received time.Time) (webhook.Delivery, error) {
	var r event.Request
	err := r.Parse(body)
	delivery := webhook.Delivery{Unreadable: r.Unreadable}
	if err != nil {
		return delivery, err
	}
	for i := range r.Events {
		e := &r.Events[i]
		kind, known, wanted := record.Lookup(e)
		if !wanted || kind.Type == record.Delivery && !s.config.IncludeDeliveries {
			delivery.Ignored++
			continue
		}
		if !known {
			delivery.Unknown++
		}
		a := record.New(&r, e, kind, received)
		if s.config.IncludePayload {
			a.Payload = string(e.Raw)
		}
		delivery.Activities = append(delivery.Activities, a)
	}
	return delivery, nil
}

// Reply knows that Sunshine Conversations never retries 400, 401, 403, 404 and 406, and
// everything else that is no 2xx up to 5 times in 15 minutes; failures have no other
// consequence. So what may succeed later gets none of the five, and what cannot gets one.
// Source: https://developer.zendesk.com/api-reference/conversations/#tag/Webhooks
func (s *source) Reply(outcome webhook.Outcome) int {
	switch outcome {
	case webhook.UnsupportedMediaType:
		return http.StatusBadRequest
	case webhook.TooLarge:
		return http.StatusNotAcceptable
	case webhook.CutOff:
		return http.StatusRequestTimeout
	default:
		return webhook.DefaultReply(outcome)
	}
}
