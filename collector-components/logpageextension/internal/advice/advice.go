// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"

import (
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// Advice is what to do about an activity.
type Advice struct {
	// Key is that of its text in package messages.
	Key string
	// Link is the page on which the vendor writes about it, in English; empty where none is
	// known for sure.
	Link string
}

// For returns what to do about a failure or a warning; ok is false where nothing can be said
// that helps.
func For(a *activities.Activity) (advice Advice, ok bool) {
	if a.Status != string(activity.Error) && a.Status != string(activity.Warning) {
		return Advice{}, false
	}
	key := byProduct(a)
	if key == "" {
		key = byType[activity.ErrorType(a.ErrorType)]
	}
	if key == "" {
		return Advice{}, false
	}
	return Advice{Key: key, Link: links[key]}, true
}

// byProduct returns the key of what is known of the product's own errors, or nothing.
func byProduct(a *activities.Activity) string {
	switch activity.Product(a.Product) {
	case activity.Salesforce:
		return salesforce(a)
	case activity.Shopify:
		return shopify(a)
	case activity.SunshineConversations:
		return messaging(a)
	case activity.Webhooks:
		return webhooks(a)
	case activity.ZIS:
		return zis(a)
	case activity.BotBuilder, activity.Actions:
		return step(a)
	default:
		return ""
	}
}

// byType is said where no more is known than the class of the failure. There is nothing to
// say about other ones.
var byType = map[activity.ErrorType]string{
	activity.ErrorAuthorization: "advice.type.authorization",
	activity.ErrorRateLimit:     "advice.type.rate_limit",
	activity.ErrorValidation:    "advice.type.validation",
	activity.ErrorNotFound:      "advice.type.not_found",
	activity.ErrorConflict:      "advice.type.conflict",
	activity.ErrorTimeout:       "advice.type.timeout",
	activity.ErrorRemoteOutage:  "advice.type.remote_outage",
	activity.ErrorLimit:         "advice.type.limit",
	activity.ErrorInternal:      "advice.type.internal",
}
