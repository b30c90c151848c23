// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"

import (
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// shopify is about what failed in the shop. Of warnings, only those that somebody has to do
// something about.
func shopify(a *activities.Activity) string {
	topic := a.Attributes["shopify_topic"]
	if a.Status != string(activity.Error) {
		switch topic {
		case "app/uninstalled":
			return "advice.shopify.uninstalled"
		case "disputes/create":
			return "advice.shopify.dispute"
		case "bulk_operations/finish":
			return "advice.shopify.bulk"
		default:
			return ""
		}
	}
	switch topic {
	case "order_transactions/create":
		return "advice.shopify.payment"
	case "customers/merge":
		return "advice.shopify.merge"
	case "bulk_operations/finish":
		return "advice.shopify.bulk"
	}
	if a.Type == "fulfillment" {
		return "advice.shopify.fulfillment"
	}
	return ""
}
