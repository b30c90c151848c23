// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/webhook"
)

const fakeSecret = "canary-secret"

// fake is a vendor that sends its secret, and {"id": "1", "type": "order"}.
type fake struct{ secrets *webhook.SecretVerifier }

func (f fake) Verify(header http.Header, _ []byte) bool {
	return f.secrets.Verify(webhook.Authorization(header))
}

func (fake) Parse(_ http.Header, body []byte, received time.Time) (webhook.Delivery, error) {
	var m struct {
		ID   string `json:"id"`
		Type string `json:"type"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return webhook.Delivery{}, errors.New("the body is not what the fake vendor sends")
	}
	if m.Type == "unwanted" {
		return webhook.Delivery{Ignored: 1}, nil
	}
	delivery := webhook.Delivery{Activities: []activity.Activity{{
		Product: activity.Shopify, Type: m.Type, ID: m.ID, Description: "Something happened", Status: activity.Info, Observed: received,
	}}}
	if m.Type != "order" {
		delivery.Unknown = 1
	}
	return delivery, nil
}

func (fake) Reply(outcome webhook.Outcome) int { return webhook.DefaultReply(outcome) }

func subject(testing.TB) Subject {
	source := fake{webhook.NewSecretVerifier([]configopaque.String{fakeSecret})}
	newConfig := func() component.Config {
		config := webhook.NewDefaultConfig("/fake")
		return &config
	}
	create := func(_ context.Context, settings receiver.Settings, config component.Config, next consumer.Logs) (receiver.Logs, error) {
		return webhook.NewReceiver(settings, config.(*webhook.Config), "fake", source, next)
	}
	config := newConfig()
	return Subject{
		Factory: receiver.NewFactory(component.MustNewType("fake"), newConfig, receiver.WithLogs(create, component.StabilityLevelAlpha)),
		Config:  config,
		Shared:  config.(*webhook.Config),
	}
}

func fakeRequest(body string) Request {
	return Request{
		Header: http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + fakeSecret}},
		Body:   []byte(body),
	}
}
