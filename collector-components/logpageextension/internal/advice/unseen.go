// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"

import "github.com/integrationlog/integrationlog/internal/activity"

// Unseen returns the keys of what cannot be seen of a product, the weightiest first. They
// are the short form of what docs/products says of each; a product that somebody added has
// none.
func Unseen(product string) []string { return unseen[activity.Product(product)] }

// WithoutSuccesses returns the key of why the log may have no success of a product although
// all goes well; it is empty for a product whose successes are logged as its failures are.
func WithoutSuccesses(product string) string { return withoutSuccesses[activity.Product(product)] }

var withoutSuccesses = map[activity.Product]string{
	activity.SunshineConversations: "sources.success_unpublished",
	activity.BotBuilder:            "sources.success_optional",
}

var unseen = map[activity.Product][]string{
	activity.Salesforce: {
		"unseen.salesforce.reason",
		"unseen.salesforce.sync",
		"unseen.salesforce.author",
		"unseen.salesforce.deletions",
		"unseen.salesforce.past",
		"unseen.salesforce.reverse",
	},
	activity.Shopify: {
		"unseen.shopify.zendesk",
		"unseen.shopify.subscription",
		"unseen.shopify.dropped",
		"unseen.shopify.others",
	},
	activity.SunshineConversations: {
		"unseen.sunshine-conversations.good",
		"unseen.sunshine-conversations.away",
		"unseen.sunshine-conversations.refused",
		"unseen.sunshine-conversations.channels",
	},
	activity.Webhooks: {
		"unseen.webhooks.content",
		"unseen.webhooks.effect",
		"unseen.webhooks.deleted",
		"unseen.webhooks.attempts",
	},
	activity.ZIS: {
		"unseen.zis.not_started",
		"unseen.zis.uncaught",
		"unseen.zis.posted",
		"unseen.zis.others",
	},
	activity.BotBuilder: {
		"unseen.bot-builder.reason",
		"unseen.bot-builder.steps",
		"unseen.bot-builder.time",
	},
	activity.Actions: {
		"unseen.actions.failed",
		"unseen.actions.suggested",
		"unseen.actions.posted",
		"unseen.actions.time",
	},
}
