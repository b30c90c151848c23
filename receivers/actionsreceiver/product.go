// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package actionsreceiver // import "github.com/integrationlog/integrationlog/receivers/actionsreceiver"

import (
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/entry"
)

// The types of activities: Zendesk's log has both runs and tests.
// Source: https://support.zendesk.com/hc/zh-cn/articles/4408819871130
const (
	actionRun  = "action_run"
	actionTest = "action_test"
)

// What an action or a flow can tell of itself.
const (
	action = "action"
	flow   = "flow"
	step   = "step"
	mode   = "mode"
	test   = "test"
)

// product returns what is particular to custom actions and action flows.
func product() entry.Product {
	return entry.Product{
		Slug:   activity.Actions,
		Prefix: "actions",
		Fields: []entry.Field{
			{Path: action, Kind: entry.Name, Attribute: "actions.action"},
			{Path: flow, Kind: entry.Name, Attribute: "actions.flow"},
			{Path: step, Kind: entry.Name, Attribute: "actions.step"},
			{Path: "run_id", Kind: entry.ID, Attribute: "actions.run.id"},
			{Path: "trigger", Kind: entry.Name, Attribute: "actions.trigger"},
			{Path: "inputs", Kind: entry.Keys, Attribute: "actions.inputs"},
			{Path: "outcome", Kind: entry.Outcome, Attribute: "actions.outcome"},
			{Path: mode, Kind: entry.Word},
			{Path: test, Kind: entry.Word},
		},
		Complete: complete,
	}
}

func complete(e *entry.Entry, a *activity.Activity) {
	noun := "action flow"
	a.IntegrationName = e.Get(flow)
	if a.IntegrationName == "" {
		noun = "action"
		a.IntegrationName = e.Get(action)
	}
	who := entry.Called("A"+noun[1:], a.IntegrationName)
	a.Type = actionRun
	if strings.EqualFold(e.Get(mode), "test") || strings.EqualFold(e.Get(test), "true") {
		a.Type = actionTest
		who = "Test"
		if a.IntegrationName != "" {
			who = entry.Called("Test of "+noun, a.IntegrationName)
		}
	}
	a.Description = entry.Describe(a, who, entry.Called("step", stepOf(e)))
}

// stepOf names the step of a flow; an action within a flow is one.
func stepOf(e *entry.Entry) string {
	if name := e.Get(step); name != "" || e.Get(flow) == "" {
		return name
	}
	return e.Get(action)
}
