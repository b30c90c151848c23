// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"

import (
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// Known returns the key of how it is known of an activity; it is empty for what did not
// come from a receiver of the Integration log, where no more than the evidence can be told.
func Known(a *activities.Activity) string {
	evidence := activity.Evidence(a.Evidence)
	switch product := activity.Product(a.Product); {
	case product == activity.Salesforce:
		return knownOfSalesforce(a, evidence)
	case evidence == known[product].evidence && evidence != "":
		return known[product].key
	default:
		return ""
	}
}

// known are the products of which everything is known in one way.
var known = map[activity.Product]struct {
	evidence activity.Evidence
	key      string
}{
	activity.Shopify:               {activity.SourceChange, "known.shopify"},
	activity.SunshineConversations: {activity.Observed, "known.sunshine-conversations"},
	activity.Webhooks:              {activity.Observed, "known.webhooks"},
	activity.ZIS:                   {activity.Reported, "known.zis"},
	activity.BotBuilder:            {activity.Reported, "known.bot-builder"},
	activity.Actions:               {activity.Reported, "known.actions"},
}

func knownOfSalesforce(a *activities.Activity, evidence activity.Evidence) string {
	switch {
	case evidence == activity.Reported:
		return "known.salesforce.package"
	case evidence == activity.SourceChange:
		return "known.salesforce.change"
	case evidence != activity.Observed:
		return ""
	case a.Attributes["salesforce_event_log_file_type"] != "":
		return "known.salesforce.call"
	case a.Attributes["salesforce_changed_at"] != "":
		return "known.salesforce.confirmation"
	case a.Type == "ticket_sync" && a.ErrorCode == "":
		return "known.salesforce.case"
	default:
		return ""
	}
}
