// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"

import (
	"context"
	"errors"
	"time"

	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
)

// fallbackPause is how often at most everything is read from its beginning: each time
// costs the organization's allocation of deliveries.
const fallbackPause = time.Hour

// Stream is one topic's. It is used by one goroutine.
type Stream struct {
	settings Settings
	position position
	pauses   *pauses
	// firstPause is shorter in tests over the wire.
	firstPause time.Duration
	// checked tells that the topic can be subscribed.
	checked bool
	// silent tells that the last session ended because nothing came.
	silent bool
	// failing tells that the last report was of a failure.
	failing bool
	// explained tells that the operator was told that nothing comes.
	explained bool
	// unsaved tells that the last position could not be saved.
	unsaved  bool
	fallback time.Time
}

// New returns a stream that does not run yet.
func New(settings Settings) *Stream {
	return newStream(settings, firstPause)
}

func newStream(settings Settings, first time.Duration) *Stream {
	settings.setDefaults()
	return &Stream{settings: settings, pauses: newPauses(first), firstPause: first}
}

// Run keeps the topic subscribed until the context ends, and returns nil then. The only
// error is that of a position that cannot be read, or kept.
func (s *Stream) Run(ctx context.Context) error {
	if err := s.load(ctx); err != nil {
		s.fail(err)
		return err
	}
	for ctx.Err() == nil {
		s.once(ctx)
	}
	return nil
}

// once subscribes, until that ends, and waits for as long as it should before the next time.
func (s *Stream) once(ctx context.Context) {
	healthy, err := s.session(ctx)
	if ctx.Err() != nil {
		return
	}
	kind := kindOf(err)
	if healthy && (kind == pubsub.Transient || kind == pubsub.Authentication) {
		// Streams end now and then, at the latest with the session of their token. It is a
		// failure if the next one does not begin.
		s.settings.Logger.Info("A stream ended and is begun anew", zap.String("topic", s.settings.Topic), zap.Error(err))
	} else {
		s.fail(err)
	}
	wait := s.pauses.after(err)
	if kind == pubsub.ReplayLost && len(s.position.ReplayID) > 0 {
		wait = max(wait, time.Until(s.fallback.Add(fallbackPause)))
		if !s.fallBack(ctx) {
			return
		}
	}
	sleep(ctx, wait)
}

// fallBack makes the next session read everything from its beginning, after the log was
// told what may be missing.
func (s *Stream) fallBack(ctx context.Context) bool {
	if s.position.LostAt.IsZero() {
		s.position.LostAt = time.Now().UTC()
	}
	if !s.retry(ctx, func() error { return s.keep(ctx) }) {
		return false
	}
	lost := s.settings.Lost(cdcrecord.Gap{
		Topic: s.settings.Topic, ReplayID: s.position.ReplayID, Since: s.position.CompleteUntil, Detected: s.position.LostAt,
	})
	if !s.deliver(ctx, []activity.Activity{lost}) {
		return false
	}
	s.settings.Logger.Warn(lost.Description, zap.String("topic", s.settings.Topic))
	s.position.ReplayID, s.position.Earliest, s.position.LostAt, s.fallback = nil, true, time.Time{}, time.Now()
	s.save(ctx)
	return true
}

// deliver returns false if the context ends before the pipeline took the activities.
func (s *Stream) deliver(ctx context.Context, activities []activity.Activity) bool {
	if len(activities) == 0 {
		return true
	}
	return s.retry(ctx, func() error { return s.settings.Deliver(ctx, activities) })
}

// retry does something until it works. What is at hand stays there meanwhile: to let it
// come again would cost deliveries. It returns false if the context ends before.
func (s *Stream) retry(ctx context.Context, do func() error) bool {
	var pauses *pauses
	for {
		err := do()
		if err == nil {
			if pauses != nil {
				s.succeed()
			}
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		if pauses == nil {
			pauses = newPauses(s.firstPause)
		}
		s.fail(err)
		if !sleep(ctx, pauses.after(err)) {
			return false
		}
	}
}

// fail reports a failure. Each one is logged at the level of debugging, so that an outage
// does not fill the collector's own log.
func (s *Stream) fail(err error) {
	if kindOf(err) == pubsub.Refused {
		s.checked = false
	}
	fields := []zap.Field{zap.String("topic", s.settings.Topic), zap.Error(err)}
	if s.failing {
		s.settings.Logger.Debug("A topic still cannot be read", fields...)
	} else {
		s.settings.Logger.Warn("A topic cannot be read at the moment", fields...)
	}
	s.failing = true
	s.settings.Report(Status{Topic: s.settings.Topic, Err: err})
}

// succeed reports that all is well.
func (s *Stream) succeed() {
	if s.failing {
		s.settings.Logger.Info("A topic can be read again", zap.String("topic", s.settings.Topic))
	}
	s.failing = false
	s.settings.Report(Status{Topic: s.settings.Topic})
}

// errSilent ends a stream that is open and brings nothing, not even what tells that it is.
var errSilent = errors.New("the stream brought nothing, not even a sign of life; the connection may be dead")
