// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"

import (
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Subscription is the type of what concerns a whole subscription, and no single object.
const Subscription = "subscription"

// entity is an object that Zendesk's integration synchronises.
// Source: https://support.zendesk.com/hc/en-us/articles/4408819871130
type entity struct {
	// activityType is the kind of work.
	activityType string
	noun         string
	plural       string
	// becomes is what it should be synchronised to; empty where Salesforce is the target.
	becomes       string
	becomesPlural string
}

var entities = map[string]entity{
	"Case":    {activityType: "ticket_sync", noun: "case", plural: "cases"},
	"Account": {activityType: "account_sync", noun: "account", plural: "accounts", becomes: "an organization", becomesPlural: "organizations"},
	"Contact": {activityType: "contact_sync", noun: "contact", plural: "contacts", becomes: "a user", becomesPlural: "users"},
	"Lead":    {activityType: "lead_sync", noun: "lead", plural: "leads", becomes: "a user", becomesPlural: "users"},
}

// isTarget tells whether the integration writes such records; it only reads the others.
func (e entity) isTarget() bool { return e.becomes == "" }

func (e entity) evidence() activity.Evidence {
	if e.isTarget() {
		return activity.Observed
	}
	return activity.SourceChange
}

// status is debug where the outcome is not known, so that nobody takes it for a success.
func (e entity) status() activity.Status {
	if e.isTarget() {
		return activity.Info
	}
	return activity.Debug
}

// typeOfTopic returns the kind of work that a topic is about, as far as its name tells.
func typeOfTopic(topic string) string {
	name, ok := strings.CutSuffix(strings.TrimPrefix(topic, "/data/"), "ChangeEvent")
	if e, known := entities[name]; ok && known {
		return e.activityType
	}
	return Subscription
}
