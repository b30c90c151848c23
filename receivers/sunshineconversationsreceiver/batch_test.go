// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// TestUnreadableEventsCostNoOther: of 100 events 3 cannot be understood.
func TestUnreadableEventsCostNoOther(t *testing.T) {
	r := webhooktest.Start(t, subject(t), nil)
	events := make([]string, 100)
	for i := range events {
		events[i] = failureEvent(i)
	}
	events[0] = `["canary"]`
	events[50] = `{"id":"canary","payload":{"error":{}}}`
	events[99] = `{"type":"conversation:message:delivery:failure","payload":{"error":{"code":"canary"}}}`
	request := batch(t, events...)

	require.Equal(t, http.StatusOK, r.Post(t, request).Code)
	require.Equal(t, 97, r.Sink.LogRecordCount())
	require.EqualValues(t, 3, r.Sum(t, "otelcol_webhook_unreadable_activities"))
	lines := r.Log.FilterMessageSnippet("could not be understood").All()
	require.Len(t, lines, 3, "one line for each reason")
	for _, reason := range []string{"not_an_object", "no_type", "no_id"} {
		require.EqualValues(t, 1, r.Sum(t, "otelcol_webhook_unreadable_activities", attribute.String("reason", reason)))
	}
	require.NotContains(t, r.Said(t), "canary")

	require.Equal(t, http.StatusOK, r.Post(t, request).Code, "sent again")
	require.Equal(t, 97, r.Sink.LogRecordCount(), "sent again")
	require.Len(t, r.Log.FilterMessageSnippet("could not be understood").All(), 3, "not logged again within the hour")
}

// TestNothingReadable: 400, which is never retried, and a log line that quotes nothing.
func TestNothingReadable(t *testing.T) {
	r := webhooktest.Start(t, subject(t), nil)
	require.Equal(t, http.StatusBadRequest, r.Post(t, batch(t, `"canary"`, `{"type":{}}`, `{"type":"client:update"}`)).Code)
	require.Zero(t, r.Sink.LogRecordCount())
	require.EqualValues(t, 3, r.Sum(t, "otelcol_webhook_unreadable_activities"))
	require.NotContains(t, r.Said(t), "canary")
}

// TestEventsAreKnownAgain: what is deduplicated is the event and not the request.
func TestEventsAreKnownAgain(t *testing.T) {
	r := webhooktest.Start(t, subject(t), nil)
	require.Equal(t, http.StatusOK, r.Post(t, batch(t, failureEvent(1), failureEvent(2))).Code)
	require.Equal(t, 2, r.Sink.LogRecordCount())
	// one of them again, among others and twice in one request
	require.Equal(t, http.StatusOK, r.Post(t, batch(t, failureEvent(3), failureEvent(2), failureEvent(3))).Code)
	require.Equal(t, 3, r.Sink.LogRecordCount())
	require.EqualValues(t, 2, r.Sum(t, "otelcol_webhook_duplicate_activities"))
}

// TestAnotherAppsEvent: two apps may have events of the same id.
func TestAnotherAppsEvent(t *testing.T) {
	r := webhooktest.Start(t, subject(t), nil)
	one := batch(t, failureEvent(1))
	other := newRequest([]byte(strings.Replace(string(one.Body), testAppID, "65f1c0de9a3b7c0012d4e599", 1)))
	require.Equal(t, http.StatusOK, r.Post(t, one).Code)
	require.Equal(t, http.StatusOK, r.Post(t, other).Code)
	require.Equal(t, 2, r.Sink.LogRecordCount())
}

// TestAFailedRequestIsRetriedWhole: the pipeline fails once; nothing is marked as seen,
// and the retry leaves each event once.
func TestAFailedRequestIsRetriedWhole(t *testing.T) {
	s := subject(t)
	next := &failsOnce{LogsSink: new(consumertest.LogsSink), err: errors.New("the queue is full")}
	r := webhooktest.Start(t, s, next)
	request := batch(t, failureEvent(1), failureEvent(2), failureEvent(3))
	require.Equal(t, http.StatusServiceUnavailable, r.Post(t, request).Code)
	require.Zero(t, next.LogRecordCount())
	require.Equal(t, http.StatusOK, r.Post(t, request).Code)
	require.Equal(t, http.StatusOK, r.Post(t, request).Code)
	require.Equal(t, 3, next.LogRecordCount())
}

// failsOnce is a pipeline that takes nothing the first time.
type failsOnce struct {
	*consumertest.LogsSink

	err error
}

func (f *failsOnce) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	if err := f.err; err != nil {
		f.err = nil
		return err
	}
	return f.LogsSink.ConsumeLogs(ctx, logs)
}
