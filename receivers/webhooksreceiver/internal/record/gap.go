// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/record"

import (
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

// Gap makes an activity of a time of which Zendesk keeps nothing any more: a log that has
// a hole must say so. webhook is nil where it is all of them, and end is zero while there
// is none.
func Gap(account string, webhook *zendesk.Webhook, start, end, observed time.Time) activity.Activity {
	from := start.UTC().Format(time.RFC3339)
	a := activity.Activity{
		ID:       "gap/" + from,
		Product:  activity.Webhooks,
		Type:     TypeGap,
		Evidence: activity.Observed,
		Account:  account,
		Time:     observed,
		Observed: observed,
		Status:   activity.Warning,
		Attributes: []attribute.KeyValue{
			attribute.String(GapStartKey, from),
		},
	}
	whose := "of webhooks"
	if webhook != nil {
		whose = "of " + titleOf(*webhook)
		a.ID = "gap/" + webhook.ID + "/" + from
		a.IntegrationName = webhook.Label()
		a.Attributes = append(a.Attributes, attribute.String(WebhookIDKey, webhook.ID))
	}
	if end.IsZero() {
		a.ID += "/open"
		a.Description = "Invocations " + whose + " since " + from + " are missing, and more of them as long as they are not read: that is for more than 7 days now, and Zendesk keeps them no longer"
		return a
	}
	to := end.UTC().Format(time.RFC3339)
	a.Attributes = append(a.Attributes, attribute.String(GapEndKey, to))
	a.Description = "Invocations " + whose + " from " + from + " to " + to + " are missing: they were not read for more than 7 days, and Zendesk keeps them no longer"
	return a
}
