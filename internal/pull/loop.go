// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pull // import "github.com/integrationlog/integrationlog/internal/pull"

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"golang.org/x/time/rate"
)

const (
	// jitter is by how much an interval is shorter or longer, so that several receivers
	// do not come all at once.
	jitter = 0.1
	// A failed poll is tried again after firstPause, at first, and after maxPause at last.
	firstPause = 5 * time.Second
	maxPause   = 5 * time.Minute
)

var errPanicked = errors.New("the poll panicked")

// Settings tell what a loop does.
type Settings struct {
	// Receiver is the receiver whose loop it is.
	Receiver receiver.Settings
	// Transport is that of the source, for the collector's own metrics.
	Transport string
	// Interval is the time between two polls.
	Interval time.Duration
	// Poll polls once. It returns soon when its context ends. An error is tried again
	// with a back-off, not before the time that a Delay method of it asks for; one that
	// is marked with [Permanent] ends the loop.
	Poll func(ctx context.Context) error
}

// Loop polls until it is shut down.
type Loop struct {
	settings  Settings
	metrics   *metrics
	obsreport *receiverhelper.ObsReport
	health    *health
	// checkpoint is the time up to which everything was read, in nanoseconds since
	// 1970; 0 if that is not known.
	checkpoint atomic.Int64
	// refused limits how often the log tells of refusals; the metric counts them all.
	refused rate.Sometimes

	cancel context.CancelFunc
	run    sync.WaitGroup
}

// New returns a loop that does not run yet.
func New(settings Settings) (*Loop, error) {
	obsreport, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID: settings.Receiver.ID, Transport: settings.Transport, ReceiverCreateSettings: settings.Receiver,
	})
	if err != nil {
		return nil, err
	}
	l := &Loop{
		settings: settings, obsreport: obsreport, health: &health{logger: settings.Receiver.Logger},
		refused: rate.Sometimes{First: 1, Interval: time.Minute},
	}
	l.metrics, err = newMetrics(settings.Receiver.TelemetrySettings, settings.Receiver.ID)
	return l, err
}

// Start begins to poll, in the background and at once.
func (l *Loop) Start(ctx context.Context, host component.Host) error {
	if err := l.metrics.observe(&l.checkpoint); err != nil {
		return err
	}
	l.health.start(host)
	ctx, l.cancel = context.WithCancel(context.WithoutCancel(ctx))
	l.run.Go(func() { l.loop(ctx) })
	return nil
}

// Shutdown ends the poll that is under way and waits for it, until ctx ends. It is safe
// without Start, and may be called again.
func (l *Loop) Shutdown(ctx context.Context) error {
	l.metrics.stop()
	if l.cancel == nil {
		return nil
	}
	l.cancel()
	l.health.stop()
	done := make(chan struct{})
	go func() {
		l.run.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// SetCheckpoint says up to which time everything was read and taken by the pipeline.
func (l *Loop) SetCheckpoint(at time.Time) { l.checkpoint.Store(at.UnixNano()) }

func (l *Loop) loop(ctx context.Context) {
	pause := newPause()
	for {
		err := l.poll(ctx)
		if ctx.Err() != nil {
			return
		}
		l.metrics.polled(ctx, err)
		l.health.report(err)
		var wait time.Duration
		switch {
		case err == nil:
			pause.Reset()
			wait = spread(l.settings.Interval)
		case IsPermanent(err):
			return
		default:
			// a little more than what was asked for, so that not all come at that moment
			delay := delayOf(err)
			wait = max(pause.NextBackOff(), delay+time.Duration(rand.Float64()*jitter*float64(delay))) //nolint:gosec // no secret
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

// poll polls once. A defect costs a poll and not the collector.
func (l *Loop) poll(ctx context.Context) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanicked, cause, debug.Stack())
		}
	}()
	return l.settings.Poll(ctx)
}

func newPause() *backoff.ExponentialBackOff {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval, pause.Multiplier = firstPause, maxPause, 2
	return pause
}

// spread returns about d.
func spread(d time.Duration) time.Duration {
	return d + time.Duration((2*rand.Float64()-1)*jitter*float64(d)) //nolint:gosec // no secret
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
