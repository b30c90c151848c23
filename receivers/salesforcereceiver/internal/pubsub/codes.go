// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"

// What somebody has to do at Salesforce.
const (
	adviceTopic = "look whether the object is selected in Setup, Change Data Capture, or the channel exists, " +
		"and whether the user of the connection may see it"
	advicePermission = "the user of the connection needs View All Records on the object, or View All Data"
	adviceLogin      = "look whether the session of the connection is locked to an IP address (Setup, Session Settings), " +
		"and whether its user is active and has API Enabled"
	adviceAllocation = "all event deliveries of the organization's 24 hours are used up; " +
		"other subscribers (CometD, Pub/Sub API, event relays) share them"
)

// known are Salesforce's codes, without what all begin with.
// Source: https://developer.salesforce.com/docs/platform/pub-sub-api/guide/handling-errors.html
var known = map[string]struct {
	kind   Kind
	advice string
}{
	"service.unavailable":          {kind: Transient},
	"topic.api.unavailable":        {kind: Transient},
	"schema.api.unavailable":       {kind: Transient},
	"subscription.internal.error":  {kind: Transient},
	"service.auth.error":           {kind: Authentication, advice: adviceLogin},
	"service.auth.headers.invalid": {kind: Authentication, advice: "the instance URL or the organization id does not belong to the token"},

	"service.protection.triggered":              {kind: Throttled},
	"service.protection.stream.limit.triggered": {kind: Throttled},
	"concurrent.client.limit.exceeded":          {kind: Throttled, advice: "too many clients are subscribed to the organization's events"},
	"subscription.limit.exceeded":               {kind: Throttled, advice: adviceAllocation},

	"service.tenant.license":              {kind: Refused, advice: "the organization has no licence for this"},
	"topic.not.found":                     {kind: Refused, advice: adviceTopic},
	"topic.meta.permission":               {kind: Refused, advice: adviceTopic},
	"topic.validation.empty":              {kind: Refused, advice: adviceTopic},
	"schema.meta.permission":              {kind: Refused, advice: advicePermission},
	"schema.validation.failed":            {kind: Refused},
	"subscription.topic.cannot.subscribe": {kind: Refused, advice: advicePermission},
	codeCannotSubscribe:                   {kind: Refused, advice: advicePermission},

	"subscription.fetch.replayid.corrupted":         {kind: ReplayLost},
	"subscription.fetch.replayid.validation.failed": {kind: ReplayLost},

	// Faults of a client, which a new subscription begins without.
	"subscription.fetch.replay.repeated":          {kind: Transient},
	"subscription.fetch.overflow":                 {kind: Transient},
	"subscription.fetch.requested.events.invalid": {kind: Transient},
	"subscription.fetch.topic.mismatch":           {kind: Transient},
	"subscription.fetch.request.invalid":          {kind: Transient},
}

// codeCannotSubscribe is our own: the topic says so before anything is subscribed.
const codeCannotSubscribe = "can_subscribe is false"
