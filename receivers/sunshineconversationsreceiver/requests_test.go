// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// TestRequests posts each fixture and compares the records with the expected ones.
func TestRequests(t *testing.T) {
	for _, directory := range webhooktest.Fixtures(t, "requests") {
		name := filepath.Base(directory)
		t.Run(name, func(t *testing.T) {
			webhooktest.Start(t, subject(t), nil).CheckGolden(t, directory, fixture(t, name))
		})
	}
}

// TestDeliveriesAreLeftOut: only failures are logged until something else is configured.
func TestDeliveriesAreLeftOut(t *testing.T) {
	r := webhooktest.Start(t, subjectOf(testConfig()), nil)
	for _, name := range []string{"delivery_channel", "delivery_user", "v1.1_delivery_user", "v1_delivery_success"} {
		require.Equal(t, http.StatusOK, r.Post(t, fixture(t, name)).Code)
	}
	require.Zero(t, r.Sink.LogRecordCount())
	require.EqualValues(t, 4, r.Sum(t, "otelcol_webhook_ignored_activities"))

	require.Equal(t, http.StatusOK, r.Post(t, fixture(t, "batch_of_several_users")).Code)
	require.Equal(t, 3, r.Sink.LogRecordCount())
	require.EqualValues(t, 4+3, r.Sum(t, "otelcol_webhook_ignored_activities"))
}

func TestUnknownFailuresAreCounted(t *testing.T) {
	r := webhooktest.Start(t, subject(t), nil)
	for _, name := range []string{"unknown_failure", "unknown_with_error", "client_remove_unknown_reason_with_error", "delivery_failure"} {
		require.Equal(t, http.StatusOK, r.Post(t, fixture(t, name)).Code)
	}
	require.Equal(t, 4, r.Sink.LogRecordCount())
	require.EqualValues(t, 3, r.Sum(t, "otelcol_webhook_unknown_activities"))
}

// TestOtherEventsAreIgnored posts every event of the specification that tells of no
// trouble. Source: https://github.com/zendesk/sunshine-conversations-api-spec/blob/master/openapi.yaml
func TestOtherEventsAreIgnored(t *testing.T) {
	r := webhooktest.Start(t, subject(t), nil)
	types := []string{
		"client:add", "client:remove", "client:update", "conversation:create", "conversation:join", "conversation:leave",
		"conversation:message", "conversation:postback", "conversation:read", "conversation:referral", "conversation:remove",
		"conversation:typing", "passthrough:messaging", "switchboard:acceptControl", "switchboard:offerControl",
		"switchboard:passControl", "switchboard:releaseControl", "user:merge", "user:remove", "user:update",
		"an:event:of:tomorrow",
	}
	for _, name := range types {
		event := `{"id":"1","type":"` + name + `","payload":{"reason":"api","error":null}}`
		require.Equal(t, http.StatusOK, r.Post(t, batch(t, event)).Code, name)
	}
	for _, trigger := range []string{"message:appUser", "message:appMaker", "conversation:read", "link:success", "link:match", "postback", "merge:appUser"} {
		require.Equal(t, http.StatusOK, r.Post(t, newRequest([]byte(`{"trigger":"`+trigger+`","messages":[]}`))).Code, trigger)
	}
	require.Zero(t, r.Sink.LogRecordCount())
	require.EqualValues(t, len(types)+7, r.Sum(t, "otelcol_webhook_ignored_activities"))
}

// TestNothingTellsRedeliveriesApart: an old event without a time and a message has
// nothing by which it could be known again, so every post is an activity of its own.
func TestNothingTellsRedeliveriesApart(t *testing.T) {
	r := webhooktest.Start(t, subject(t), nil)
	body := `{"trigger":"link:failure","app":{"_id":"65f1c0de9a3b7c0012d4e501"},"appUser":{"_id":"66aa5e71a1b2c3d400000131"},"channel":"messenger","error":{"code":"bad_request"}}`
	ids := map[string]bool{}
	for range 3 {
		require.Equal(t, http.StatusOK, r.Post(t, newRequest([]byte(body))).Code)
	}
	for _, record := range webhooktest.Records(r.Sink.AllLogs()...) {
		id, ok := record.Attributes().Get("activity.id")
		require.True(t, ok)
		ids[id.Str()] = true
	}
	require.Len(t, ids, 3)
}
