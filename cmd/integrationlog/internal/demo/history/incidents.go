// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import (
	"net/http"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
)

// Incident is a time at which something went badly wrong.
type Incident struct {
	// Name says what happened, to a person.
	Name string
	At   time.Time
	Long time.Duration
	// Query finds it in Loki.
	Query string

	events func(d dice, from time.Time) []Event
}

// Incidents are what went badly wrong, the latest first: each on a working day of its own,
// and at a time that all of the log has by now.
func (c *Company) Incidents() []Incident {
	storm := workingDaysAgo(c.now, 0, 14, 20, filesDelay+2*time.Hour)
	year, month, day := storm.Date()
	before := time.Date(year, month, day, 0, 0, 0, 0, storm.Location())
	return []Incident{
		{
			Name: "Salesforce: records locked by a batch job (UNABLE_TO_LOCK_ROW)", At: storm, Long: 35 * time.Minute,
			Query: `{product="salesforce"} | error_code="UNABLE_TO_LOCK_ROW"`, events: c.lockStorm,
		},
		{
			Name: "WhatsApp: the token was revoked", At: workingDaysAgo(before, 0, 10, 5, 0), Long: 150 * time.Minute,
			Query: `{product="sunshine-conversations"} | sunco_channel_error_code="190"`, events: revokedToken,
		},
		{
			Name: "Webhook " + stock + ": throttled (429), then circuit broken", At: workingDaysAgo(before, 1, 16, 0, 0), Long: 50 * time.Minute,
			Query: `{product="webhooks"} | webhooks_status=~"throttled|circuit broken"`, events: c.throttled,
		},
	}
}

// incidents are the events of all of them.
func (c *Company) incidents() []Event {
	var events []Event
	for _, incident := range c.Incidents() {
		for _, event := range incident.events(newDice(c.seed, incident.Name), incident.At) {
			if event.within(c.begin, c.now) {
				events = append(events, event)
			}
		}
	}
	return events
}

// lockStorm: a batch job keeps records locked. Calls fail by the minute, and so does the
// flow that writes notes.
func (c *Company) lockStorm(d dice, from time.Time) []Event {
	o := &org{calls: 1_000_000}
	var events []Event
	for at := from; at.Before(from.Add(35 * time.Minute)); at = at.Add(d.between(4*time.Second, 24*time.Second)) {
		locked := recordid.New(recordid.Account, 200+d.IntN(12))
		events = append(events, o.failed(d, at, "Case", http.MethodPatch,
			"UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record or 1 records: "+locked))
		if d.chance(0.2) {
			events = append(events, c.entry(d, at.Add(time.Second), caseNotes, caseNotes.failures[0]))
		}
	}
	return events
}

// revokedToken: nothing gets to WhatsApp any more until somebody connects it anew.
func revokedToken(d dice, from time.Time) []Event {
	var events []Event
	for at := from; at.Before(from.Add(150 * time.Minute)); at = at.Add(d.between(20*time.Second, 130*time.Second)) {
		events = append(events, revoked.event(d, at))
	}
	return events
}

// throttled: the warehouse answers 429, then Zendesk does not call it any more, except to
// see whether it is back.
func (c *Company) throttled(d dice, from time.Time) []Event {
	w := &c.Webhooks[slices.IndexFunc(c.Webhooks, func(w Webhook) bool { return w.Name == stock })]
	var events []Event
	for at := from; at.Before(from.Add(50 * time.Minute)); at = at.Add(d.between(8*time.Second, 40*time.Second)) {
		status, code := "throttled", http.StatusTooManyRequests
		if at.After(from.Add(18 * time.Minute)) {
			status, code = "circuit broken", 0
		}
		events = append(events, w.state(ulid(d, at), at, status, code))
	}
	return events
}
