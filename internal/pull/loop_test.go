// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pull

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/internal/pull/internal/metadatatest"
)

const interval = time.Minute

// fixture is a loop with all that it reports.
type fixture struct {
	*Loop
	component.Host
	telemetry *componenttest.Telemetry
	logs      *observer.ObservedLogs

	mu       sync.Mutex
	statuses []componentstatus.Status
	polls    []time.Duration
	start    time.Time
	poll     func(ctx context.Context, n int) error
}

func newFixture(t *testing.T, poll func(ctx context.Context, n int) error) *fixture {
	t.Helper()
	core, logs := observer.New(zap.InfoLevel)
	f := &fixture{Host: componenttest.NewNopHost(), telemetry: componenttest.NewTelemetry(), logs: logs, poll: poll, start: time.Now()}
	settings := receivertest.NewNopSettings(component.MustNewType("zendesk_webhooks"))
	settings.ID = component.MustNewID("zendesk_webhooks")
	settings.TelemetrySettings = f.telemetry.NewTelemetrySettings()
	settings.Logger = zap.New(core)
	f.Loop = f.newLoop(t, settings)
	return f
}

func (f *fixture) newLoop(t *testing.T, settings receiver.Settings) *Loop {
	t.Helper()
	loop, err := New(Settings{Receiver: settings, Transport: "http", Interval: interval, Poll: f.run})
	require.NoError(t, err)
	return loop
}

func (f *fixture) run(ctx context.Context) error {
	f.mu.Lock()
	f.polls = append(f.polls, time.Since(f.start))
	n := len(f.polls)
	f.mu.Unlock()
	return f.poll(ctx, n)
}

func (f *fixture) Report(event *componentstatus.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.statuses = append(f.statuses, event.Status())
}

func (f *fixture) times() []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]time.Duration(nil), f.polls...)
}

func (f *fixture) reported() []componentstatus.Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]componentstatus.Status(nil), f.statuses...)
}

func (f *fixture) stop(t *testing.T) {
	t.Helper()
	require.NoError(t, f.Shutdown(context.WithoutCancel(t.Context())))
	require.NoError(t, f.telemetry.Shutdown(context.WithoutCancel(t.Context())))
}

func TestLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(context.Context, int) error { return nil })
		require.NoError(t, f.Loop.Start(t.Context(), f))
		synctest.Wait()
		assert.Equal(t, []time.Duration{0}, f.times(), "the first comes at once")
		time.Sleep(100 * interval)
		times := f.times()
		f.stop(t)
		assert.InDelta(t, 100, len(times), 10)
		different := map[time.Duration]bool{}
		for i := range times[1:] {
			gap := times[i+1] - times[i]
			assert.InDelta(t, interval, gap, float64(interval)*jitter)
			different[gap] = true
		}
		assert.Greater(t, len(different), 50, "they are spread")
		assert.Empty(t, f.reported())
		assert.Zero(t, f.logs.Len())
		time.Sleep(10 * interval)
		assert.Len(t, f.times(), len(times), "none after the end")
	})
}

// The first poll is not part of the start, which a slow vendor must not hold up.
func TestStartDoesNotWait(t *testing.T) {
	f := newFixture(t, func(ctx context.Context, _ int) error {
		<-ctx.Done()
		return ctx.Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, f.Loop.Start(ctx, f))
	cancel() // the start's context ends with the start
	f.stop(t)
	require.NoError(t, f.Shutdown(t.Context()), "again")
	assert.Zero(t, f.logs.Len())
	assert.Empty(t, f.reported())
}

func TestShutdownWithoutStart(t *testing.T) {
	newFixture(t, nil).stop(t)
}

func TestShutdownIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		f := newFixture(t, func(context.Context, int) error {
			<-release
			return nil
		})
		require.NoError(t, f.Loop.Start(t.Context(), f))
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, f.Shutdown(ctx), context.DeadlineExceeded)
		close(release)
		f.stop(t)
	})
}

func TestBackOffAndReports(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(_ context.Context, n int) error {
			switch {
			case n <= 10:
				return &url.Error{Op: "Get", URL: "https://acme.zendesk.com", Err: errors.New("no such host")}
			case n <= 12:
				return &asking{reason: "rate_limit"}
			default:
				return nil
			}
		})
		require.NoError(t, f.Loop.Start(t.Context(), f))
		time.Sleep(2 * time.Hour)
		times := f.times()
		assert.InDelta(t, firstPause, times[1], float64(firstPause)/2)
		for i := range times[1:12] {
			gap := times[i+1] - times[i]
			assert.GreaterOrEqual(t, gap, firstPause/2)
			assert.LessOrEqual(t, gap, maxPause*3/2)
		}
		assert.Greater(t, times[10]-times[9], 100*time.Second)
		assert.InDelta(t, interval, times[13]-times[12], float64(interval)*jitter, "back to normal at once")

		assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, f.reported())
		var messages []string
		for _, entry := range f.logs.All() {
			messages = append(messages, entry.Message)
		}
		const failing = "Polling fails, and is tried again; nothing more is said until that changes"
		assert.Equal(t, []string{failing, failing, "Polling succeeds again"}, messages)

		receiver := attribute.String("receiver", "zendesk_webhooks")
		metadatatest.AssertEqualPullFailedPolls(t, f.telemetry, []metricdata.DataPoint[int64]{
			{Value: 10, Attributes: attribute.NewSet(receiver, attribute.String("reason", "connection"))},
			{Value: 2, Attributes: attribute.NewSet(receiver, attribute.String("reason", "rate_limit"))},
		}, metricdatatest.IgnoreTimestamp())
		metadatatest.AssertEqualPullPolls(t, f.telemetry, []metricdata.DataPoint[int64]{
			{Value: int64(len(times)), Attributes: attribute.NewSet(receiver)},
		}, metricdatatest.IgnoreTimestamp())
		f.stop(t)
	})
}

// asking is an error that says how long to wait, and why.
type asking struct {
	delay  time.Duration
	reason string
}

func (*asking) Error() string          { return "asking" }
func (a *asking) Delay() time.Duration { return a.delay }
func (a *asking) Reason() string       { return a.reason }

func TestDelayIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(_ context.Context, n int) error {
			if n == 1 {
				return fmt.Errorf("wrapped: %w", &asking{delay: 20 * time.Minute})
			}
			return nil
		})
		require.NoError(t, f.Loop.Start(t.Context(), f))
		time.Sleep(23 * time.Minute)
		times := f.times()
		f.stop(t)
		require.GreaterOrEqual(t, len(times), 2)
		assert.GreaterOrEqual(t, times[1], 20*time.Minute)
		assert.LessOrEqual(t, times[1], 22*time.Minute)
	})
}

func TestPermanentEndsTheLoop(t *testing.T) {
	require.NoError(t, Permanent(nil))
	cause := errors.New("the checkpoint is damaged")
	require.ErrorIs(t, Permanent(cause), cause)
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(context.Context, int) error { return fmt.Errorf("wrapped: %w", Permanent(cause)) })
		require.NoError(t, f.Loop.Start(t.Context(), f))
		time.Sleep(time.Hour)
		assert.Len(t, f.times(), 1)
		assert.Equal(t, []componentstatus.Status{componentstatus.StatusPermanentError}, f.reported())
		f.stop(t)
	})
}

func TestPanicCostsOnePoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(_ context.Context, n int) error {
			if n == 1 {
				panic("a defect")
			}
			return nil
		})
		require.NoError(t, f.Loop.Start(t.Context(), f))
		time.Sleep(time.Minute)
		assert.Greater(t, len(f.times()), 1)
		assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, f.reported())
		f.stop(t)
	})
}

func TestReasons(t *testing.T) {
	tests := map[string]error{
		"other":         errors.New("x"),
		"timeout":       fmt.Errorf("x: %w", context.DeadlineExceeded),
		"connection":    &url.Error{Op: "Get", URL: "x", Err: errors.New("x")},
		"authorization": &asking{reason: "authorization"},
		"pipeline":      &pipelineError{err: errors.New("x")},
	}
	for want, err := range tests {
		assert.Equal(t, want, reasonOf(err))
	}
	assert.Equal(t, "other", reasonOf(&asking{reason: "a word of its own"}), "the set is bounded")
}

func TestCheckpointAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, func(context.Context, int) error { return nil })
		require.NoError(t, f.Loop.Start(t.Context(), f))
		_, err := f.telemetry.GetMetric("otelcol_pull_checkpoint_age")
		require.Error(t, err, "nothing is known yet")
		f.SetCheckpoint(time.Now().Add(-90 * time.Second))
		metadatatest.AssertEqualPullCheckpointAge(t, f.telemetry, []metricdata.DataPoint[float64]{
			{Value: 90, Attributes: attribute.NewSet(attribute.String("receiver", "zendesk_webhooks"))},
		}, metricdatatest.IgnoreTimestamp())
		f.stop(t)
	})
}
