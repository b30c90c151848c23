// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package translate makes activities of what the Pub/Sub API delivers.
package translate // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/translate"

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/schema"
)

// errDefect is the reason that the log gets for a fault of this program.
var errDefect = errors.New("this program has a fault; its own log has the details")

// errMissing is the reason where Salesforce does not know the schema of its own event.
var errMissing = errors.New("its schema is not known to Salesforce")

// missingPatience is how long a schema that is said not to exist is waited for. It may be
// new, and not known everywhere yet; it must not stop the topic for good.
const missingPatience = 10 * time.Minute

// Translator reads the events of a topic. It is used by one goroutine.
type Translator struct {
	Topic   string
	Schemas *schema.Cache
	Rules   *cdcrecord.Rules
	Logger  *zap.Logger
	// Skipped, where it is set, is told why an event is no activity.
	Skipped func(reason cdcrecord.Skip)

	// missing is the schema that was said not to exist last, and since when.
	missing      string
	missingSince time.Time
}

// Result is what an event became.
type Result struct {
	// Activities are none for an event that is not of interest.
	Activities []activity.Activity
	// CommitTime is when the change was made; zero where that is not known.
	CommitTime time.Time
}

// Event translates an event. One that cannot be read becomes an activity that says so.
// Only a schema that cannot be fetched yet is an error: with it, the event can be read later.
func (t *Translator) Event(ctx context.Context, delivered *pubsubapi.ConsumerEvent, received time.Time) (result Result, err error) {
	d := &cdcrecord.Delivery{
		Topic:    t.Topic,
		EventID:  delivered.GetEvent().GetId(),
		SchemaID: delivered.GetEvent().GetSchemaId(),
		ReplayID: delivered.GetReplayId(),
		Received: received,
	}
	// It would come again after every start, and stop all that come after it.
	defer func() {
		if cause := recover(); cause != nil {
			t.Logger.Error("An event could not be read because of a fault of this program",
				zap.String("topic", t.Topic), zap.String("event", d.EventID), zap.Any("cause", cause), zap.Stack("stack"))
			result, err = t.unreadable(d, errDefect), nil
		}
	}()
	s, err := t.Schemas.Get(ctx, d.SchemaID)
	switch {
	case errors.Is(err, schema.ErrUnusable):
		return t.unreadable(d, err), nil
	case t.isGone(d.SchemaID, err):
		return t.unreadable(d, errMissing), nil
	case err != nil:
		return Result{}, err
	}
	event, err := s.Decode(delivered.GetEvent().GetPayload(), t.Rules.Keep()...)
	if err != nil {
		return t.unreadable(d, err), nil
	}
	return t.readable(&event, d), nil
}

// isGone tells whether a schema has been missing for so long that it will not come.
func (t *Translator) isGone(id string, err error) bool {
	failure, ok := errors.AsType[*pubsub.Error](err)
	if !ok || !failure.IsMissing() {
		return false
	}
	if t.missing != id {
		t.missing, t.missingSince = id, time.Now()
	}
	return time.Since(t.missingSince) >= missingPatience
}

func (t *Translator) unreadable(d *cdcrecord.Delivery, reason error) Result {
	return Result{Activities: []activity.Activity{t.Rules.Unreadable(d, reason)}}
}

func (t *Translator) readable(event *changeevent.Event, d *cdcrecord.Delivery) Result {
	activities, skip := t.Rules.Activities(event, d)
	if skip != cdcrecord.NotSkipped && t.Skipped != nil {
		t.Skipped(skip)
	}
	return Result{Activities: activities, CommitTime: event.CommitTime}
}
