// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package confirmation // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"

import (
	"context"
	"crypto/sha256"
	"errors"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

// Kind is what a record is at Zendesk.
type Kind string

// What Zendesk's integration makes of accounts, contacts and leads.
const (
	Organization Kind = "organization"
	User         Kind = "user"
)

// Found is what Zendesk has for a record.
type Found struct {
	ID        string
	UpdatedAt time.Time
}

// Zendesk looks records up.
type Zendesk interface {
	// Find returns what has the records' ids for its external id. It fails with
	// [ErrBudget] where it has to leave requests to others for now.
	Find(ctx context.Context, kind Kind, ids []sfid.Short) (map[sfid.Short]Found, error)
}

// ErrBudget means that no request is left for now.
var ErrBudget = errors.New("the budget of requests to Zendesk is used up for now")

// Change is a change of a record that should be synchronised.
type Change struct {
	// Entity is Account, Contact or Lead; others are not looked up.
	Entity string
	// RecordID has 15 or 18 characters.
	RecordID string
	At       time.Time
}

// entity is what is known of a kind of record.
type entity struct {
	activityType string
	kind         Kind
	// taken is what Zendesk refuses to have twice.
	taken string
}

var entities = map[string]entity{
	"Account": {"account_sync", Organization, "name"},
	"Contact": {"contact_sync", User, "e-mail address"},
	"Lead":    {"lead_sync", User, "e-mail address"},
}

// pending is a change whose outcome is not known yet.
type pending struct {
	Entity string     `json:"e"`
	ID     sfid.Short `json:"i"`
	At     time.Time  `json:"t"`
	// Next is when it is looked up.
	Next time.Time `json:"n"`
	// Decided is the outcome; nil as long as there is none.
	Decided *decision `json:"d,omitempty"`
}

// decision is an outcome, with all that its activity says. It is stored before the activity
// is handed over: after a restart the same is, even if Zendesk says something else by then.
type decision struct {
	Confirmed bool          `json:"c,omitempty"`
	ObjectID  string        `json:"o,omitempty"`
	UpdatedAt time.Time     `json:"u,omitzero"`
	Timeout   time.Duration `json:"w,omitempty"`
	Asked     time.Time     `json:"a"`
}

// activity is what the log gets.
func (p *pending) activity(account string) activity.Activity {
	d := p.Decided
	found := Found{ID: d.ObjectID, UpdatedAt: d.UpdatedAt}
	if d.Confirmed {
		return confirmed(account, p, found, d.Asked)
	}
	return notConfirmed(account, p, found, d.Timeout, d.Asked)
}

// key tells changes apart. A change that comes again has the same.
type key [12]byte

func (p *pending) key() key {
	sum := sha256.Sum256([]byte(p.name()))
	return key(sum[:len(key{})])
}

func (p *pending) name() string {
	return p.Entity + "/" + p.ID.String() + "/" + strconv.FormatInt(p.At.UnixMilli(), 10)
}

// newPending returns what has to be remembered of a change, and whether anything has.
func newPending(c *Change) (pending, bool) {
	_, known := entities[c.Entity]
	id, isID := sfid.Parse(c.RecordID)
	return pending{Entity: c.Entity, ID: id, At: c.At.UTC().Truncate(time.Millisecond)}, known && isID && !c.At.IsZero()
}
