// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/record"

import (
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"
)

// The values of activity.type.
const (
	DeliveryFailure    = "delivery_failure"
	SwitchboardFailure = "switchboard_failure"
	LinkFailure        = "link_failure"
	// Delivery is a delivery that succeeded.
	Delivery = "delivery"
	// Other is a failure of a kind that the receiver does not know.
	Other = "other"
)

// Kind tells what an event is about.
type Kind struct {
	// Type is the activity.type.
	Type   string
	status activity.Status
	// describe says in one sentence what happened.
	describe func(e *event.Event, f activity.Failure) string
}

// Lookup returns what is known of an event, and whether it belongs into the log at all.
// An event that is not known belongs there if it tells of a failure.
func Lookup(e *event.Event) (kind Kind, known, wanted bool) {
	name := e.Get(event.Type)
	if kind, known = kinds[name]; known {
		return kind, true, true
	}
	if kind, known = clientKinds[name+" "+e.Get(event.Reason)]; known {
		return kind, true, true
	}
	if !e.Failed && !strings.HasSuffix(name, ":failure") {
		return Kind{}, false, false
	}
	return Kind{familyOf(name), activity.Error, ofUnknown}, false, true
}

// kinds are the events by type (version 2) or trigger (the older versions). Only
// failures, and the deliveries that include_deliveries asks for, are there.
var kinds = map[string]Kind{
	"conversation:message:delivery:failure": {DeliveryFailure, activity.Error, ofDeliveryFailure},
	"conversation:message:delivery:channel": {Delivery, activity.Debug, ofDeliveryToChannel},
	"conversation:message:delivery:user":    {Delivery, activity.Debug, ofDeliveryToUser},
	"switchboard:acceptControl:failure":     {SwitchboardFailure, activity.Error, ofSwitchboard("accepted")},
	"switchboard:offerControl:failure":      {SwitchboardFailure, activity.Error, ofSwitchboard("offered")},
	"switchboard:passControl:failure":       {SwitchboardFailure, activity.Error, ofSwitchboard("passed on")},

	// version 1.1
	"message:delivery:failure":      {DeliveryFailure, activity.Error, ofDeliveryFailure},
	"message:delivery:channel":      {Delivery, activity.Debug, ofDeliveryToChannel},
	"message:delivery:user":         {Delivery, activity.Debug, ofDeliveryToUser},
	"notification:delivery:failure": {DeliveryFailure, activity.Error, ofDeliveryFailure},
	"notification:match:failure":    {DeliveryFailure, activity.Error, ofDeliveryFailure},
	"notification:delivery:channel": {Delivery, activity.Debug, ofDeliveryToChannel},
	"notification:delivery:user":    {Delivery, activity.Debug, ofDeliveryToUser},

	// version 1
	"delivery:failure": {DeliveryFailure, activity.Error, ofDeliveryFailure},
	"delivery:success": {Delivery, activity.Debug, ofDeliveryToChannel},
	"link:failure":     {LinkFailure, activity.Error, ofLinkFailure},
}

// clientKinds are the events of which only some reasons belong into the log.
var clientKinds = map[string]Kind{
	"client:remove linkFailed":    {LinkFailure, activity.Error, ofLinkFailure},
	"client:remove linkCancelled": {LinkFailure, activity.Warning, ofLinkCancelled},
	"client:update blocked":       {LinkFailure, activity.Warning, ofBlocked},
}

// familyOf tells by its name where a failure belongs that is not known.
func familyOf(name string) string {
	switch first, _, _ := strings.Cut(name, ":"); {
	case strings.Contains(name, ":delivery:"), first == "delivery":
		return DeliveryFailure
	case first == "switchboard":
		return SwitchboardFailure
	case first == "client", first == "link":
		return LinkFailure
	default:
		return Other
	}
}
