// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"

import (
	"bytes"
	"context"
	"encoding/hex"
	"maps"
	"time"

	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
)

// saveTimeout bounds the writing of a position, which outlives the stream's context.
const saveTimeout = 10 * time.Second

// PositionKey is the key under which the position in a topic is kept.
func PositionKey(topic string) string { return "pubsub:" + topic }

// position is how far a stream has come.
type position struct {
	// ReplayID is opaque: its bytes are kept as they are. It is empty before the first event.
	ReplayID []byte `json:"replay_id,omitempty"`
	// Earliest says that without a replay id everything is read that Salesforce has, even
	// if the first start was to begin with the latest.
	Earliest bool `json:"earliest,omitempty"`
	// CompleteUntil is until when everything was read and taken by the pipeline; zero where
	// that is not known.
	CompleteUntil time.Time `json:"complete_until,omitzero"`
	// Subscribed is when the topic was subscribed first.
	Subscribed time.Time `json:"subscribed"`
	// Delivered tells whether an event has ever come.
	Delivered bool `json:"delivered,omitempty"`
	// LostAt is when Salesforce said that it does not know the replay id, until everything
	// is read again. It is saved before the log is told, which is told the same after a
	// restart.
	LostAt time.Time `json:"lost_at,omitzero"`
	// Undated is when events came first that do not tell their time, by their replay id. It
	// is saved before they are handed over: when they come again, they have the same.
	Undated map[string]time.Time `json:"undated,omitempty"`
}

// maxUndated is how many events without a time are remembered; more than one answer has.
const maxUndated = 200

// request is the first of a subscription.
func (p *position) request(topic string, latest bool) *pubsubapi.FetchRequest {
	r := &pubsubapi.FetchRequest{TopicName: topic, NumRequested: maxCredit}
	switch {
	case len(p.ReplayID) > 0:
		r.ReplayPreset, r.ReplayId = pubsubapi.ReplayPreset_CUSTOM, p.ReplayID
	case latest && !p.Earliest:
		r.ReplayPreset = pubsubapi.ReplayPreset_LATEST
	default:
		r.ReplayPreset = pubsubapi.ReplayPreset_EARLIEST
	}
	return r
}

// moveTo notes that everything up to a replay id was taken, and tells whether that is news.
func (p *position) moveTo(replayID []byte, completeUntil time.Time) bool {
	if len(replayID) == 0 {
		return false
	}
	p.ReplayID, p.Earliest, p.LostAt = bytes.Clone(replayID), false, time.Time{}
	if completeUntil.After(p.CompleteUntil) {
		p.CompleteUntil = completeUntil
	}
	return true
}

// date gives an event's activities a time that have none, and tells whether that is news.
func (p *position) date(activities []activity.Activity, replayID []byte, received time.Time) (isNew bool) {
	for i := range activities {
		if !activities[i].Time.IsZero() {
			continue
		}
		id := hex.EncodeToString(replayID)
		at, known := p.Undated[id]
		if !known {
			at, isNew = received, true
			p.remember(id, at)
		}
		activities[i].Time = at
	}
	return isNew
}

// remember notes when an event came first. Those are forgotten that Salesforce no longer
// has, and where there are too many those that came first.
func (p *position) remember(id string, at time.Time) {
	maps.DeleteFunc(p.Undated, func(_ string, first time.Time) bool { return at.Sub(first) > 2*cdcrecord.Retention })
	for len(p.Undated) >= maxUndated {
		oldest := ""
		for known, first := range p.Undated {
			if oldest == "" || first.Before(p.Undated[oldest]) {
				oldest = known
			}
		}
		delete(p.Undated, oldest)
	}
	if p.Undated == nil {
		p.Undated = map[string]time.Time{}
	}
	p.Undated[id] = at
}

// load reads the position of an earlier run. What cannot be understood is an error and no
// fresh start.
func (s *Stream) load(ctx context.Context) error {
	found, err := s.settings.Positions.Load(ctx, PositionKey(s.settings.Topic), &s.position)
	if err != nil || found {
		return err
	}
	s.position = position{Subscribed: time.Now().UTC()}
	return s.settings.Positions.Save(ctx, PositionKey(s.settings.Topic), s.position)
}

// save writes the position. Where that fails, the stream goes on, and tries it with the
// next: a restart would then only repeat what has the same ids.
func (s *Stream) save(ctx context.Context) {
	err := s.keep(ctx)
	if err != nil && !s.unsaved {
		s.settings.Logger.Error("The position in a topic cannot be saved; after a restart events will be read again",
			zap.String("topic", s.settings.Topic), zap.Error(err))
	}
	s.unsaved = err != nil
}

// keep writes the position, even if the stream's context has ended.
func (s *Stream) keep(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	return s.settings.Positions.Save(ctx, PositionKey(s.settings.Topic), s.position)
}
