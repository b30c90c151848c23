// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package record makes activities of what Zendesk says about invocations of webhooks.
package record // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/record"

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

// The types of activities.
const (
	TypeInvocation = "webhook_invocation"
	TypeGap        = "webhook_log_gap"
)

// Attributes of the vendor's own. The others are OpenTelemetry's semantic conventions.
const (
	WebhookIDKey    = "webhooks.webhook.id"
	InvocationIDKey = "webhooks.invocation.id"
	StatusKey       = "webhooks.status"
	AttemptsKey     = "webhooks.attempts"
	GapStartKey     = "webhooks.gap.start"
	GapEndKey       = "webhooks.gap.end"
	serverKey       = "server.address"
	methodKey       = "http.request.method"
)

// Attempts is what is known of the attempts of an invocation.
type Attempts struct {
	// Count is how many there were until its state was reached; 0 is not known.
	Count int
	// Payload is set only where include_payload asks for it.
	Payload string
}

// Invocation makes an activity of one state of an invocation. The same state gives the
// same activity whenever it is read.
func Invocation(account string, webhook zendesk.Webhook, row zendesk.Invocation, attempts Attempts, observed time.Time) activity.Activity {
	a := activity.Activity{
		ID:              webhook.ID + "/" + row.ID + "/" + row.CompletedAt + "/" + row.Status,
		Product:         activity.Webhooks,
		Type:            TypeInvocation,
		Evidence:        activity.Observed,
		Account:         account,
		IntegrationName: webhook.Label(),
		Time:            row.Time,
		Observed:        observed,
		HTTPStatusCode:  row.StatusCode,
		Payload:         attempts.Payload,
		Attributes: []attribute.KeyValue{
			attribute.String(WebhookIDKey, webhook.ID),
			attribute.String(InvocationIDKey, row.ID),
			attribute.String(StatusKey, row.Status),
			attribute.String(methodKey, webhook.Method),
			attribute.String(serverKey, webhook.Host),
		},
	}
	if attempts.Count > 0 {
		a.Attributes = append(a.Attributes, attribute.Int(AttemptsKey, attempts.Count))
	}
	kind := kindOf(row.Status)
	a.Status = kind.status
	if a.Status == "" {
		a.Status = activity.Status(row.Status) // the severity processor may know the word
	}
	if kind.status == activity.Error {
		a.Error = &activity.Failure{Type: kind.errorType}
		if row.StatusCode != 0 && kind.errorType != activity.ErrorTimeout {
			a.Error.Type = activity.ErrorTypeOf(row.StatusCode)
		}
	}
	a.Description = describe(webhook, row, kind)
	return a
}

// Failed tells whether a state is a failure.
func Failed(status string) bool { return kindOf(status).status == activity.Error }

func describe(webhook zendesk.Webhook, row zendesk.Invocation, kind kind) string {
	text := titleOf(webhook)
	answer := ""
	if row.StatusCode != 0 {
		answer = strconv.Itoa(row.StatusCode)
		if name := http.StatusText(row.StatusCode); name != "" {
			answer += " " + name
		}
	}
	switch {
	case kind.status == activity.Error:
		return text + " failed" + detailsOf(row.Status, answer)
	case kind.verb != "" && answer != "":
		return text + " " + kind.verb + ": " + answer
	case kind.verb != "":
		return text + " " + kind.verb
	case answer != "":
		return text + ": " + row.Status + " (" + answer + ")"
	default:
		return text + ": " + row.Status
	}
}

// detailsOf tells of a failure what is more than that it is one.
func detailsOf(status, answer string) string {
	said := strings.EqualFold(status, "failed")
	switch {
	case said && answer == "":
		return ""
	case said:
		return ": " + answer
	case answer == "":
		return ": " + status
	default:
		return ": " + answer + " (" + status + ")"
	}
}

func titleOf(webhook zendesk.Webhook) string {
	if webhook.Name == "" {
		return "Webhook " + webhook.ID
	}
	return "Webhook " + strconv.Quote(webhook.Name)
}
