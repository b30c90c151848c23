// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisreceiver // import "github.com/integrationlog/integrationlog/receivers/zisreceiver"

import (
	"net/http"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/entry"
)

// flowRun is the one type of activity that a ZIS integration has.
const flowRun = "flow_run"

// What a flow can tell of itself. account_id, integration_key and subdomain are in the
// $ of every flow, one of the vendor's samples writes accountId.
// Source: https://developer.zendesk.com/api-reference/integration-services/trigger-events/introduction
const (
	flow           = "flow"
	state          = "state"
	integrationKey = "integration_key"
	accountID      = "account_id"
	otherAccountID = "accountId"
)

// notNow is the answer to what may succeed later. After a 429 or a server's error ZIS runs
// the whole flow again, with everything that it does; that a Catch prevents it is likely,
// but in no document. Nothing is said to follow from 424, and the entry is lost either way,
// because a flow makes no second attempt to post it.
// Source: https://developer.zendesk.com/documentation/integration-services/developer-guide/state-retry-error-handling
const notNow = http.StatusFailedDependency

// product returns what is particular to private ZIS integrations.
func product() entry.Product {
	return entry.Product{
		Slug:   activity.ZIS,
		Prefix: "zis",
		Fields: []entry.Field{
			{Path: flow, Kind: entry.Name, Attribute: "zis.flow"},
			{Path: state, Kind: entry.Name, Attribute: "zis.state"},
			{Path: integrationKey, Kind: entry.Name},
			{Path: accountID, Kind: entry.ID, Attribute: "zis.account.id"},
			{Path: otherAccountID, Kind: entry.ID, Attribute: "zis.account.id"},
			{Path: "event_ref", Kind: entry.ID, Attribute: "zis.event.ref"},
			{Path: "sequence_id", Kind: entry.ID, Attribute: "zis.sequence.id"},
		},
		Complete: complete,
		NotNow:   notNow,
	}
}

func complete(e *entry.Entry, a *activity.Activity) {
	a.Type = flowRun
	a.IntegrationName = e.Get(integrationKey)
	if a.Account == "" {
		a.Account = e.Get(otherAccountID)
	}
	classify(a, e.Level())
	a.Description = entry.Describe(a, entry.Called("Flow", e.Get(flow)), entry.Called("state", e.Get(state)))
}
