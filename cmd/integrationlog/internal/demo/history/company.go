// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import (
	"slices"
	"time"
)

const (
	// span is how far the history reaches back. Older than 7 days nothing gets into the log:
	// the margin lets a demo run for some hours before its first lines leave it.
	span = 7*24*time.Hour - 6*time.Hour
	// changesSpan is how far Salesforce's changes reach back: it keeps them for 72 hours.
	changesSpan = 71 * time.Hour
	// filesDelay is how long after its hour an event log file comes, at the earliest.
	filesDelay = 3 * time.Hour
)

// Company is the company whose integrations these are.
type Company struct {
	seed uint64
	// now is when the history ends, begin when it begins, and firstHour the whole hour of
	// that. Their zone is that of the office.
	now, begin, firstHour time.Time
	sources               []*source
	// Webhooks are those of its Zendesk account.
	Webhooks []Webhook
}

// source is something that happens again and again.
type source struct {
	name string
	// perDay is how often it happens on a working day.
	perDay float64
	curve  *curve
	// from and to bound when it happened, as far as the vendor still or already tells.
	from, to time.Time
	// past is only in the history.
	past bool
	dice dice
	// happen returns the events of one occurrence that begins at a time. The first is of that
	// time; others may follow much later.
	happen func(d dice, at time.Time) []Event
}

// New returns a company. The zone of now is the zone of its working hours.
func New(seed uint64, now time.Time) *Company {
	now = now.Truncate(time.Millisecond)
	c := &Company{seed: seed, now: now, begin: now.Add(-span), firstHour: now.Add(-span).Truncate(time.Hour)}
	c.addShops()
	c.addBots()
	c.addActions()
	c.addFlows()
	c.addWebhooks()
	c.addChannels()
	c.addSalesforce()
	return c
}

// add adds a source, with the whole history unless it says otherwise.
func (c *Company) add(s source) {
	s.dice = newDice(c.seed, s.name)
	if s.from.IsZero() {
		s.from = c.begin
	}
	if s.to.IsZero() {
		s.to = c.now
	}
	c.sources = append(c.sources, &s)
}

// Week returns the history, the oldest first.
func (c *Company) Week() []Event {
	var events []Event
	for _, s := range c.sources {
		events = append(events, s.history(c)...)
	}
	events = append(events, c.incidents()...)
	slices.SortStableFunc(events, func(a, b Event) int { return a.At.Compare(b.At) })
	return events
}

// history walks over whole hours, so that two histories that end in the same hour are the
// same as far as both reach.
func (s *source) history(c *Company) []Event {
	var events []Event
	for hour := c.firstHour; hour.Before(c.now); hour = hour.Add(time.Hour) {
		for range s.dice.count(s.perDay * s.curve.share(hour)) {
			at := hour.Add(s.dice.between(0, time.Hour-time.Millisecond))
			for _, event := range s.happen(s.dice, at) {
				if event.within(s.from, s.to) {
					events = append(events, event)
				}
			}
		}
	}
	return events
}

// within tells whether an event, and all lines of it, are within a time.
func (e *Event) within(from, to time.Time) bool {
	return !slices.ContainsFunc(append(slices.Clone(e.Logged), e.At), func(at time.Time) bool {
		return at.Before(from) || !at.Before(to)
	})
}

// firstTicket is the number of the first ticket of the history.
const firstTicket = 35000

// ticket returns the number of a ticket that is worked on at a time: what happens at about
// the same time is often about the same ticket.
func (c *Company) ticket(d dice, at time.Time) int {
	const perHour = 6
	return firstTicket + max(0, int(at.Sub(c.firstHour).Hours()*perHour)) - d.IntN(perHour)
}

// subdomain is that of the company's Zendesk account.
const subdomain = "acme"

// person is a customer. None of them exists.
type person struct{ first, last, email string }

var persons = []person{
	{"Ada", "Example", "ada@example.com"},
	{"Grace", "Sample", "grace@example.com"},
	{"Alan", "Specimen", "alan@example.com"},
	{"Edsger", "Muster", "edsger@example.com"},
	{"Barbara", "Beispiel", "barbara@example.com"},
	{"Margaret", "Ejemplo", "margaret@example.com"},
}
