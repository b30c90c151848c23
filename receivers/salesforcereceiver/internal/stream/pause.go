// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
)

const (
	// What passes by itself is tried again soon.
	firstPause = time.Second
	maxPause   = time.Minute
	// What only time or a person can cure is not hammered at. Salesforce puts a change of
	// permissions into effect within 10 minutes.
	firstLongPause = 5 * time.Minute
	maxLongPause   = 30 * time.Minute
	// patientLogins is how many tokens in a row may be refused before it gets slow: a user
	// is locked who logs in too often.
	patientLogins = 3
	// jitter is by how much a pause that was asked for is longer.
	jitter = 0.1
)

// pauses tell how long to wait after a failure. They grow until one is forgotten.
type pauses struct {
	short, long *backoff.ExponentialBackOff
	logins      int
}

func newPauses(first time.Duration) *pauses {
	p := &pauses{short: backoff.NewExponentialBackOff(), long: backoff.NewExponentialBackOff()}
	p.short.InitialInterval, p.short.MaxInterval, p.short.Multiplier = first, maxPause, 2
	p.long.InitialInterval, p.long.MaxInterval, p.long.Multiplier, p.long.RandomizationFactor = firstLongPause, maxLongPause, 2, 0.2
	p.reset()
	return p
}

// reset is for when it works again.
func (p *pauses) reset() {
	p.short.Reset()
	p.long.Reset()
	p.logins = 0
}

// after returns how long to wait.
func (p *pauses) after(err error) time.Duration {
	pause := p.short
	switch kindOf(err) {
	case pubsub.Throttled, pubsub.Refused:
		pause = p.long
	case pubsub.Authentication:
		p.logins++
		if p.logins > patientLogins {
			pause = p.long
		}
	case pubsub.Transient, pubsub.ReplayLost:
	}
	wait := pause.NextBackOff()
	var asking interface{ Delay() time.Duration }
	if errors.As(err, &asking) {
		asked := asking.Delay()
		wait = max(wait, asked+time.Duration(rand.Float64()*jitter*float64(asked))) //nolint:gosec // no secret
	}
	return wait
}

func kindOf(err error) pubsub.Kind {
	if failure, ok := errors.AsType[*pubsub.Error](err); ok {
		return failure.Kind
	}
	return pubsub.Transient
}

// sleep returns false if ctx ends before.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
