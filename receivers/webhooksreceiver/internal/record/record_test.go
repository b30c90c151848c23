// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

var (
	noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	hook = zendesk.Webhook{ID: "W1", Name: "Notify ERP", Method: "POST", Host: "hooks.erp.example"}
)

func of(status string, code int) activity.Activity {
	return Invocation("acme", hook, zendesk.Invocation{ID: "I1", Status: status, CompletedAt: "2026-11-26T11:59:00Z", Time: noon, StatusCode: code}, Attempts{}, noon)
}

func TestStatuses(t *testing.T) {
	tests := []struct {
		status    string
		code      int
		want      activity.Status
		errorType activity.ErrorType
		text      string
	}{
		{"success", 200, activity.Info, "", `Webhook "Notify ERP" succeeded: 200 OK`},
		{"SUCCESS", 0, activity.Info, "", `Webhook "Notify ERP" succeeded`},
		{"accepted", 0, activity.Info, "", `Webhook "Notify ERP" accepted`},
		{"throttled", 429, activity.Warning, "", `Webhook "Notify ERP" throttled: 429 Too Many Requests`},
		{"terminated", 403, activity.Error, activity.ErrorAuthorization, `Webhook "Notify ERP" failed: 403 Forbidden (terminated)`},
		{"terminated", 0, activity.Error, activity.ErrorOther, `Webhook "Notify ERP" failed: terminated`},
		{"failed", 0, activity.Error, activity.ErrorOther, `Webhook "Notify ERP" failed`},
		{"failed", 500, activity.Error, activity.ErrorRemoteOutage, `Webhook "Notify ERP" failed: 500 Internal Server Error`},
		{"circuit broken", 0, activity.Error, activity.ErrorRemoteOutage, `Webhook "Notify ERP" failed: circuit broken`},
		{"circuit_broken", 0, activity.Error, activity.ErrorRemoteOutage, `Webhook "Notify ERP" failed: circuit_broken`},
		{"timeout", 0, activity.Error, activity.ErrorTimeout, `Webhook "Notify ERP" failed: timeout`},
		{"timeout", 503, activity.Error, activity.ErrorTimeout, `Webhook "Notify ERP" failed: 503 Service Unavailable (timeout)`},
		{"client error", 404, activity.Error, activity.ErrorNotFound, `Webhook "Notify ERP" failed: 404 Not Found (client error)`},
		{"client error", 0, activity.Error, activity.ErrorValidation, `Webhook "Notify ERP" failed: client error`},
		{"server error", 599, activity.Error, activity.ErrorRemoteOutage, `Webhook "Notify ERP" failed: 599 (server error)`},
		{"unknown", 0, "unknown", "", `Webhook "Notify ERP": unknown`},
		{"parked", 200, "parked", "", `Webhook "Notify ERP": parked (200 OK)`},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			a := of(test.status, test.code)
			assert.Equal(t, test.want, a.Status)
			assert.Equal(t, test.text, a.Description)
			assert.Equal(t, test.want == activity.Error, Failed(test.status))
			if test.errorType == "" {
				assert.Nil(t, a.Error)
			} else {
				assert.Equal(t, test.errorType, a.Error.Type)
			}
		})
	}
}

func TestID(t *testing.T) {
	assert.Equal(t, "W1/I1/2026-11-26T11:59:00Z/circuit broken", of("circuit broken", 0).ID)
}

func TestWithoutName(t *testing.T) {
	nameless := zendesk.Webhook{ID: "W1"}
	for _, a := range []activity.Activity{
		Invocation("acme", nameless, zendesk.Invocation{ID: "I1", Status: "success", Time: noon}, Attempts{}, noon),
		Gap("acme", &nameless, noon.Add(-time.Hour), noon, noon),
	} {
		assert.Equal(t, "W1", a.IntegrationName)
		assert.Contains(t, a.Description, "Webhook W1 ")
	}
}

func TestGap(t *testing.T) {
	a := Gap("acme", nil, noon.Add(-time.Hour), noon, noon)
	assert.Equal(t, "gap/2026-11-26T11:00:00Z", a.ID)
	assert.Equal(t, activity.Warning, a.Status)
	b := Gap("acme", &hook, noon.Add(-time.Hour), noon, noon)
	assert.Equal(t, "gap/W1/2026-11-26T11:00:00Z", b.ID)
	assert.Equal(t, "Notify ERP", b.IntegrationName)
	assert.Contains(t, b.Description, `of Webhook "Notify ERP" from`)
	c := Gap("acme", &hook, noon.Add(-time.Hour), time.Time{}, noon)
	assert.Equal(t, "gap/W1/2026-11-26T11:00:00Z/open", c.ID)
	assert.Contains(t, c.Description, `of Webhook "Notify ERP" since 2026-11-26T11:00:00Z are missing, and more`)
	for _, kv := range c.Attributes {
		assert.NotEqual(t, attribute.Key(GapEndKey), kv.Key)
	}
}
