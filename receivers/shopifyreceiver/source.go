// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver"

import (
	"net/http"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/webhook"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/record"
)

// source is what is particular to Shopify.
type source struct {
	config   *Config
	verifier *webhook.HMACVerifier
}

var _ webhook.Source = (*source)(nil)

func newSource(config *Config) *source {
	return &source{config: config, verifier: webhook.NewHMACVerifier(config.Secrets.List())}
}

// Verify checks the signature, which covers the raw body and nothing else: the
// headers that name the topic and the shop are only as true as the secret is
// secret. Source: https://shopify.dev/docs/apps/build/webhooks/verify-deliveries
func (s *source) Verify(h http.Header, body []byte) bool {
	return s.verifier.Verify(s.config.Headers.SignatureOf(h), body)
}

// Parse makes one activity of a delivery.
func (s *source) Parse(h http.Header, body []byte, received time.Time) (webhook.Delivery, error) {
	delivery, err := s.config.Headers.Parse(h)
	if err != nil {
		return webhook.Delivery{}, err
	}
	var p payload.Payload
	if err := p.Parse(body); err != nil {
		return webhook.Delivery{}, err
	}
	if !s.wanted(delivery) {
		return webhook.Delivery{Ignored: 1}, nil
	}
	a, known := record.New(delivery, &p, received)
	if s.config.IncludePayload {
		a.Payload = string(body)
	}
	result := webhook.Delivery{Activities: []activity.Activity{a}}
	if !known {
		result.Unknown = 1
	}
	return result, nil
}

func (s *source) wanted(delivery header.Delivery) bool {
	if len(s.config.Topics) == 0 {
		return true
	}
	for _, topic := range s.config.Topics {
		if beginning, ok := strings.CutSuffix(topic, "*"); ok && strings.HasPrefix(delivery.Topic, beginning) || topic == delivery.Topic {
			return true
		}
	}
	return false
}

// Reply differs from the default in one case: what the pipeline refuses for good
// would be refused on every retry, and after eight failures in a row Shopify
// deletes the subscription. Source: https://shopify.dev/docs/apps/build/webhooks/subscribe/https
func (s *source) Reply(outcome webhook.Outcome) int {
	if outcome == webhook.Refused {
		return http.StatusOK
	}
	return webhook.DefaultReply(outcome)
}
