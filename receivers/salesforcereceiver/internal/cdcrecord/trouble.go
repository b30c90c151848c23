// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"

import (
	"encoding/hex"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Retention is how long Salesforce keeps events.
// Source: https://developer.salesforce.com/docs/platform/pub-sub-api/guide/event-message-durability.html
const Retention = 72 * time.Hour

// maxReason bounds why an event cannot be read, which may quote its schema.
const maxReason = 512

// Unreadable returns the activity for an event that cannot be read. It is a warning and not
// an error: what failed is this log, and perhaps nothing else.
func (r *Rules) Unreadable(d *Delivery, reason error) activity.Activity {
	id := d.EventID
	if id == "" {
		id = hex.EncodeToString(d.ReplayID)
	}
	why := activity.Truncate(reason.Error(), maxReason)
	return activity.Activity{
		ID:          strings.Join([]string{r.settings.Account, "unreadable", activity.Truncate(id, 255)}, "/"),
		Product:     activity.Salesforce,
		Type:        typeOfTopic(d.Topic),
		Evidence:    activity.SourceChange,
		Account:     r.settings.Account,
		Observed:    d.Received,
		Status:      activity.Warning,
		Description: "An event of " + d.Topic + " cannot be read, so it is not known what changed: " + why,
		Error:       &activity.Failure{Type: activity.ErrorInternal, Code: "unreadable_event", Message: why},
		Attributes:  deliveryAttributes(d, 0),
	}
}

// Gap is what is not known about a time in which nothing could be read.
type Gap struct {
	Topic string
	// ReplayID is the event after which Salesforce could not go on.
	ReplayID []byte
	// Since is until when the log is complete; zero where that is not known.
	Since time.Time
	// Detected is when it was found out.
	Detected time.Time
}

// ReplayLost returns the activity that says what may be missing: Salesforce no longer knows
// the event after which it should go on, so everything that it still has is read again.
func (r *Rules) ReplayLost(g Gap) activity.Activity {
	oldest := g.Detected.Add(-Retention)
	sentence := "Salesforce cannot go on after the last event of " + g.Topic + " that was read"
	missing := "what it still has, of the last 72 hours, is read from its beginning; "
	switch {
	case g.Since.IsZero():
		missing += "what happened before " + date(oldest) + " may be missing in this log"
	case g.Since.Before(oldest):
		missing += "what happened between " + date(g.Since) + " and " + date(oldest) + " may be missing in this log"
	default:
		missing += "the log is complete until " + date(g.Since) + ", so nothing should be missing"
	}
	return activity.Activity{
		ID:          strings.Join([]string{r.settings.Account, "replay_lost", g.Topic, hex.EncodeToString(g.ReplayID)}, "/"),
		Product:     activity.Salesforce,
		Type:        typeOfTopic(g.Topic),
		Evidence:    activity.Observed,
		Account:     r.settings.Account,
		Time:        g.Detected,
		Observed:    g.Detected,
		Status:      activity.Warning,
		Description: sentence + "; " + missing,
		Error:       &activity.Failure{Type: activity.ErrorNotFound, Code: "replay_id_lost"},
		Attributes:  deliveryAttributes(&Delivery{Topic: g.Topic, ReplayID: g.ReplayID}, 0),
	}
}

func date(at time.Time) string { return at.UTC().Format(time.RFC3339) }
