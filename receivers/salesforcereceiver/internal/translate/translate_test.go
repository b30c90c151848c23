// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package translate

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/schema"
)

var (
	errUnavailable = errors.New("schema.api.unavailable")
	at             = time.UnixMilli(1795600801237).UTC()
)

type fixture struct {
	*Translator

	err     error
	skipped []cdcrecord.Skip
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	rules, err := cdcrecord.New(cdcrecord.Settings{Account: "00D5g00000AbCdEEAV"})
	require.NoError(t, err)
	f := new(fixture)
	cache, err := schema.NewCache(4, func(_ context.Context, id string) (string, error) {
		switch id {
		case "none":
			return `"string"`, nil
		case "case":
			return changeevent.Case.JSON, nil
		}
		return changeevent.Lead.JSON, f.err
	})
	require.NoError(t, err)
	f.Translator = &Translator{
		Topic: "/data/LeadChangeEvent", Schemas: cache, Rules: rules, Logger: zap.NewNop(),
		Skipped: func(reason cdcrecord.Skip) { f.skipped = append(f.skipped, reason) },
	}
	return f
}

func delivered(t *testing.T, schemaID string, s *changeevent.Schema) *pubsubapi.ConsumerEvent {
	t.Helper()
	payload, err := s.Encode(changeevent.Change{Type: changeevent.Create, RecordIDs: []string{"00Q5g00000AbCdE"}, CommitTime: at, TransactionKey: "tx", SequenceNumber: 1})
	require.NoError(t, err)
	return &pubsubapi.ConsumerEvent{Event: &pubsubapi.ProducerEvent{Id: "e", SchemaId: schemaID, Payload: payload}, ReplayId: []byte{1}}
}

func TestEvent(t *testing.T) {
	f := newFixture(t)
	result, err := f.Event(t.Context(), delivered(t, "s", changeevent.Lead), at.Add(time.Second))
	require.NoError(t, err)
	require.Equal(t, at, result.CommitTime)
	require.Len(t, result.Activities, 1)
	require.Equal(t, "00D5g00000AbCdEEAV/Lead/tx/1/CREATE/00Q5g00000AbCdE", result.Activities[0].ID)
	require.Equal(t, at.Add(time.Second), result.Activities[0].Observed)
	require.Empty(t, f.skipped)
}

func TestSkipped(t *testing.T) {
	f := newFixture(t)
	e := delivered(t, "case", changeevent.Case)
	for range 2 {
		result, err := f.Event(t.Context(), e, at)
		require.NoError(t, err)
		require.Equal(t, Result{CommitTime: at}, result)
		f.Skipped = nil // nobody need be told
	}
	require.Equal(t, []cdcrecord.Skip{cdcrecord.OtherUser}, f.skipped)
}

// TestUnreadable: it becomes a warning, and what comes after it is read.
func TestUnreadable(t *testing.T) {
	f := newFixture(t)
	broken := delivered(t, "s", changeevent.Lead)
	broken.Event.Payload = broken.GetEvent().GetPayload()[:20]
	for want, e := range map[string]*pubsubapi.ConsumerEvent{
		"An event of /data/LeadChangeEvent cannot be read, so it is not known what changed: the payload does not fit its schema": broken,
		"An event of /data/LeadChangeEvent cannot be read, so it is not known what changed: no event can be read with its schema: " +
			"the schema is not one of change events: its first field is not ChangeEventHeader": delivered(t, "none", changeevent.Lead),
		"An event of /data/LeadChangeEvent cannot be read, so it is not known what changed: no event can be read with its schema: " +
			"the event does not name one": {},
	} {
		result, err := f.Event(t.Context(), e, at)
		require.NoError(t, err)
		require.Len(t, result.Activities, 1)
		require.Equal(t, want, result.Activities[0].Description)
		require.Equal(t, "unreadable_event", result.Activities[0].Error.Code)
	}
}

// Only a schema that is not there yet is to be tried again.
func TestSchemaUnavailable(t *testing.T) {
	f := newFixture(t)
	f.err = errUnavailable
	_, err := f.Event(t.Context(), delivered(t, "s", changeevent.Lead), at)
	require.ErrorIs(t, err, errUnavailable)
	f.err = nil
	_, err = f.Event(t.Context(), delivered(t, "s", changeevent.Lead), at)
	require.NoError(t, err)
}

// TestMissingSchema: it is waited for, and then costs its own events and no others.
func TestMissingSchema(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.err = &pubsub.Error{Kind: pubsub.Refused, Code: "schema.validation.failed"}
		for range 2 {
			_, err := f.Event(t.Context(), delivered(t, "s", changeevent.Lead), at)
			require.ErrorIs(t, err, f.err)
			time.Sleep(missingPatience / 2)
		}
		for range 2 {
			result, err := f.Event(t.Context(), delivered(t, "s", changeevent.Lead), at)
			require.NoError(t, err)
			require.Contains(t, result.Activities[0].Description, errMissing.Error())
		}
		_, err := f.Event(t.Context(), delivered(t, "other", changeevent.Lead), at)
		require.ErrorIs(t, err, f.err, "each is waited for")
		f.err = &pubsub.Error{Kind: pubsub.Refused, Code: "schema.meta.permission"}
		time.Sleep(missingPatience)
		_, err = f.Event(t.Context(), delivered(t, "other", changeevent.Lead), at)
		require.ErrorIs(t, err, f.err, "somebody can give the permission")
	})
}

// A fault of the program costs one event, and neither the collector nor what comes after it.
func TestFault(t *testing.T) {
	f := newFixture(t)
	f.Skipped = func(cdcrecord.Skip) { panic("fault") }
	result, err := f.Event(t.Context(), delivered(t, "case", changeevent.Case), at)
	require.NoError(t, err)
	require.Len(t, result.Activities, 1)
	require.ErrorContains(t, errDefect, result.Activities[0].Error.Message)
}
