// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pull

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/integrationlog/integrationlog/internal/pull/internal/metadatatest"
)

func twoRecords() plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	records.AppendEmpty().Body().SetStr("first")
	records.AppendEmpty().Body().SetStr("second")
	return logs
}

func newConsumer(t *testing.T, consume func(ctx context.Context, logs plog.Logs) error) consumer.Logs {
	t.Helper()
	next, err := consumer.NewLogs(consume)
	require.NoError(t, err)
	return next
}

func bodies(logs plog.Logs) (texts []string) {
	for _, record := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		texts = append(texts, record.Body().Str())
	}
	return texts
}

var ofReceiver = attribute.NewSet(attribute.String("receiver", "zendesk_webhooks"))

func TestDeliver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		f.health.start(f)
		start, attempts := time.Now(), 0
		next := newConsumer(t, func(_ context.Context, logs plog.Logs) error {
			attempts++
			assert.Equal(t, []string{"first", "second"}, bodies(logs), "an attempt does not see what the one before changed")
			logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().SetStr("changed")
			if attempts < 12 {
				return errors.New("the queue is full")
			}
			return nil
		})
		require.NoError(t, f.Deliver(t.Context(), next, twoRecords()))
		assert.Equal(t, 12, attempts)
		assert.Greater(t, time.Since(start), 2*time.Minute)
		assert.Less(t, time.Since(start), 12*maxRetry)
		assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, f.reported())
		assert.Equal(t, 2, f.logs.Len(), "once per change")
		metadatatest.AssertEqualPullDeliveredActivities(t, f.telemetry, []metricdata.DataPoint[int64]{{Value: 2, Attributes: ofReceiver}}, metricdatatest.IgnoreTimestamp())
		metadatatest.AssertEqualPullFailedPolls(t, f.telemetry, []metricdata.DataPoint[int64]{
			{Value: 1, Attributes: attribute.NewSet(attribute.String("receiver", "zendesk_webhooks"), attribute.String("reason", "pipeline"))},
		}, metricdatatest.IgnoreTimestamp())
		f.stop(t)
	})
}

// What is refused for good must not hold up what comes after it.
func TestDeliverRefusedForGood(t *testing.T) {
	f := newFixture(t, nil)
	attempts := 0
	next := newConsumer(t, func(context.Context, plog.Logs) error {
		attempts++
		return consumererror.NewPermanent(errors.New("malformed"))
	})
	for range 2 {
		require.NoError(t, f.Deliver(t.Context(), next, twoRecords()))
	}
	assert.Equal(t, 6, attempts, "together, and then one by one")
	assert.Equal(t, 1, f.logs.FilterMessageSnippet("refused").Len())
	metadatatest.AssertEqualPullRefusedActivities(t, f.telemetry, []metricdata.DataPoint[int64]{{Value: 4, Attributes: ofReceiver}}, metricdatatest.IgnoreTimestamp())
	f.stop(t)
}

// A record that is refused costs none of its neighbours.
func TestDeliverNeighbours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		var taken []string
		full := true
		next := newConsumer(t, func(_ context.Context, logs plog.Logs) error {
			assert.Equal(t, "the resource", logs.ResourceLogs().At(0).SchemaUrl())
			assert.Equal(t, "the scope", logs.ResourceLogs().At(0).ScopeLogs().At(0).Scope().Name())
			list := bodies(logs)
			if slices.Contains(list, "first") {
				return consumererror.NewPermanent(errors.New("malformed"))
			}
			if full {
				full = false
				return errors.New("the queue is full")
			}
			taken = append(taken, list...)
			return nil
		})
		logs := twoRecords()
		logs.ResourceLogs().At(0).SetSchemaUrl("the resource")
		logs.ResourceLogs().At(0).ScopeLogs().At(0).Scope().SetName("the scope")
		require.NoError(t, f.Deliver(t.Context(), next, logs))
		assert.Equal(t, []string{"second"}, taken)
		metadatatest.AssertEqualPullRefusedActivities(t, f.telemetry, []metricdata.DataPoint[int64]{{Value: 1, Attributes: ofReceiver}}, metricdatatest.IgnoreTimestamp())
		metadatatest.AssertEqualPullDeliveredActivities(t, f.telemetry, []metricdata.DataPoint[int64]{{Value: 1, Attributes: ofReceiver}}, metricdatatest.IgnoreTimestamp())

		ctx, cancel := context.WithCancel(t.Context())
		next = newConsumer(t, func(context.Context, plog.Logs) error {
			cancel()
			return consumererror.NewPermanent(errors.New("malformed"))
		})
		require.ErrorIs(t, f.Deliver(ctx, next, twoRecords()), context.Canceled, "the checkpoint stays")
		f.stop(t)
	})
}

// Where a pipeline branches, one branch that refuses does not speak for the others.
func TestDeliverToBranches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		attempts, taken := 0, 0
		next := newConsumer(t, func(_ context.Context, logs plog.Logs) error {
			attempts++
			refusal := consumererror.NewPermanent(errors.New("malformed"))
			if attempts < 5 {
				return errors.Join(refusal, errors.New("the queue is full"))
			}
			taken += logs.LogRecordCount()
			return refusal
		})
		logs := twoRecords()
		require.NoError(t, f.Deliver(t.Context(), next, logs))
		assert.Equal(t, 5+2, attempts)
		assert.GreaterOrEqual(t, taken, 2, "by the branch whose queue was full")
		f.stop(t)
	})
}

func TestDeliverEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		ctx, cancel := context.WithCancel(t.Context())
		next := newConsumer(t, func(context.Context, plog.Logs) error { return errors.New("the queue is full") })
		time.AfterFunc(10*time.Minute, cancel)
		require.ErrorIs(t, f.Deliver(ctx, next, twoRecords()), context.Canceled)

		started := make(chan struct{})
		ctx, cancel = context.WithCancel(t.Context())
		next = newConsumer(t, func(ctx context.Context, _ plog.Logs) error {
			close(started)
			time.Sleep(time.Second)
			return ctx.Err()
		})
		go func() {
			<-started
			cancel()
		}()
		require.NoError(t, f.Deliver(ctx, next, twoRecords()), "a hand-over that has begun is finished")
		require.ErrorIs(t, f.Deliver(ctx, next, twoRecords()), context.Canceled, "and none is begun")
		f.stop(t)
	})
}

func TestDeliverNothing(t *testing.T) {
	f := newFixture(t, nil)
	require.NoError(t, f.Deliver(t.Context(), nil, plog.NewLogs()))
	f.stop(t)
}
