// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

// Skip is why an event is no activity.
type Skip string

// The reasons, for a metric.
const (
	// NotSkipped events are activities.
	NotSkipped Skip = ""
	// OtherObject: Zendesk does not synchronise such records.
	OtherObject Skip = "other_object"
	// OtherUser: a case that somebody else than the integration changed.
	OtherUser Skip = "other_user"
	// OtherOrigin: a case that the user of the integration changed in another way.
	OtherOrigin Skip = "other_origin"
	// NotMapped: no field changed that is synchronised.
	NotMapped Skip = "not_mapped"
)

// Delivery is how an event came.
type Delivery struct {
	Topic    string
	EventID  string
	SchemaID string
	ReplayID []byte
	Received time.Time
}

// maxFieldNames bounds the list of the fields that changed.
const maxFieldNames = 50

// Activities returns one activity for each record of an event, or why there is none.
func (r *Rules) Activities(event *changeevent.Event, d *Delivery) ([]activity.Activity, Skip) {
	e, known := entities[event.Entity]
	if !known {
		return nil, OtherObject
	}
	if skip := r.skipCase(event, e); skip != NotSkipped {
		return nil, skip
	}
	c := &change{Event: event, entity: e, delivery: d, fields: r.relevant(event.Entity, event.Changed)}
	if !e.isTarget() {
		c.outcome = r.outcomeOf(event)
	}
	if event.Type == changeevent.Update && c.outcome == nil && !event.Incomplete && len(c.fields) == 0 && r.isMapped(event.Entity) {
		return nil, NotMapped
	}
	if e.isTarget() {
		c.ticket = digits(event.Values[r.settings.TicketField])
	}
	records := event.RecordIDs
	if len(records) == 0 {
		records = []string{""}
	}
	activities := make([]activity.Activity, 0, len(records))
	attributes := c.attributes()
	for _, record := range records {
		activities = append(activities, r.activity(c, record, attributes))
	}
	return activities, NotSkipped
}

func (r *Rules) isMapped(entity string) bool {
	_, ok := r.mapped[strings.ToLower(entity)]
	return ok
}

// skipCase tells cases that the integration made from all others. A gap may lack what
// tells them apart, and then counts: its sentence says what is not known.
func (r *Rules) skipCase(event *changeevent.Event, e entity) Skip {
	if !e.isTarget() {
		return NotSkipped
	}
	isGap := event.Type.IsGap()
	if len(r.users) == 0 && len(r.origins) == 0 {
		return OtherUser
	}
	if len(r.users) > 0 && !r.isUser(event.CommitUser) && (!isGap || event.CommitUser != "") {
		return OtherUser
	}
	if len(r.origins) > 0 && !r.isOrigin(event.Origin) && (!isGap || event.Origin != "") {
		return OtherOrigin
	}
	return NotSkipped
}

func (r *Rules) isUser(id string) bool {
	user, ok := sfid.Parse(id)
	if ok {
		_, ok = r.users[user]
	}
	return ok
}

func (r *Rules) isOrigin(origin string) bool {
	for _, pattern := range r.origins {
		if pattern.MatchString(origin) {
			return true
		}
	}
	return false
}

// change is an event with what the rules have found out about it.
type change struct {
	*changeevent.Event

	entity   entity
	delivery *Delivery
	// fields are those of the fields that changed that count.
	fields []string
	// outcome is nil where none is known.
	outcome *outcome
	ticket  string
}

func (r *Rules) activity(c *change, record string, attributes []attribute.KeyValue) activity.Activity {
	a := activity.Activity{
		ID:          r.id(c, record),
		Product:     activity.Salesforce,
		Type:        c.entity.activityType,
		Evidence:    c.entity.evidence(),
		Account:     r.settings.Account,
		Time:        c.CommitTime,
		Observed:    c.delivery.Received,
		Status:      c.entity.status(),
		Description: c.describe(record),
		ObjectType:  c.entity.noun,
		Attributes:  attributes,
	}
	if isWildcard(record) {
		a.Attributes = slices.Concat(attributes, []attribute.KeyValue{attribute.String("salesforce.record.pattern", record)})
	} else {
		a.ObjectID = record
	}
	switch {
	case c.Type.IsGap():
		a.Status = activity.Warning
	case c.outcome != nil:
		a.Evidence = activity.Reported
		a.Status = c.outcome.status
		a.Error = c.outcome.failure()
	}
	return a
}

// id tells a change of a record from every other of the organization. It has no topic: an
// event that comes by two of them is one activity.
func (r *Rules) id(c *change, record string) string {
	transaction := c.TransactionKey
	if transaction == "" {
		// Salesforce always has one; without it the event's own id has to do.
		transaction = "event-" + c.delivery.EventID
	}
	return strings.Join([]string{r.settings.Account, c.Entity, transaction, strconv.FormatInt(c.SequenceNumber, 10), string(c.Type), record}, "/")
}

// attributes are Salesforce's own; all records of an event share them.
func (c *change) attributes() []attribute.KeyValue {
	kvs := deliveryAttributes(c.delivery, 16)
	add := func(key, value string) {
		if value != "" {
			kvs = append(kvs, attribute.String(key, value))
		}
	}
	add("salesforce.entity", c.Entity)
	add("salesforce.change.type", string(c.Type))
	add("salesforce.change.origin", c.Origin)
	add("salesforce.changed_fields", strings.Join(c.Changed[:min(len(c.Changed), maxFieldNames)], ","))
	if len(c.Changed) > maxFieldNames {
		kvs = append(kvs, attribute.Int("salesforce.changed_fields.count", len(c.Changed)))
	}
	add("salesforce.commit.user", c.CommitUser)
	if c.CommitNumber != 0 {
		add("salesforce.commit.number", strconv.FormatInt(c.CommitNumber, 10))
	}
	add("salesforce.transaction.key", c.TransactionKey)
	if c.SequenceNumber != 0 {
		kvs = append(kvs, attribute.Int64("salesforce.transaction.sequence", c.SequenceNumber))
	}
	add("zendesk.ticket.id", c.ticket)
	if c.outcome != nil {
		add("salesforce.outcome.status", shortWord(c.outcome.word))
		add("salesforce.outcome.message", c.outcome.message)
	}
	return kvs
}

// maxWord bounds a word, in bytes.
const maxWord = 32

// shortWord returns a text that is a word of a picklist, and nothing for one that may be
// more, such as a message with personal data: attributes are not masked, as the body is.
func shortWord(text string) string {
	if len(text) > maxWord || strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) && !strings.ContainsRune(" _-", c) }) {
		return ""
	}
	return text
}

func deliveryAttributes(d *Delivery, more int) []attribute.KeyValue {
	kvs := make([]attribute.KeyValue, 0, 4+more)
	for _, kv := range [...]struct{ key, value string }{
		{"salesforce.topic", d.Topic},
		{"salesforce.event.id", activity.Truncate(d.EventID, 255)},
		{"salesforce.replay.id", hex.EncodeToString(d.ReplayID[:min(len(d.ReplayID), 64)])},
		{"salesforce.schema.id", activity.Truncate(d.SchemaID, 255)},
	} {
		if kv.value != "" {
			kvs = append(kvs, attribute.String(kv.key, kv.value))
		}
	}
	return kvs
}

// list joins at most limit names, and says how many more there are.
func list(names []string, limit int) string {
	text := strings.Join(names[:min(len(names), limit)], ", ")
	if more := len(names) - limit; more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

func isWildcard(record string) bool { return strings.HasSuffix(record, "*") }

// digits returns a ticket's number, or nothing if it is none.
func digits(text string) string {
	text = strings.TrimSuffix(strings.TrimSpace(text), ".0")
	if text == "" || len(text) > 19 || strings.Trim(text, "0123456789") != "" {
		return ""
	}
	return text
}
