// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// FuzzParse makes records of any body.
func FuzzParse(f *testing.F) {
	for _, request := range allFixtures(f) {
		f.Add(request.Body)
	}
	config := testConfig()
	config.IncludeDeliveries = true
	s := newSource(config)
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		got, err := s.Parse(nil, body, time.Unix(1_795_600_800, 0))
		require.Equal(t, before, body, "the body is not ours to change")
		if err != nil {
			require.Empty(t, got.Activities)
			return
		}
		require.LessOrEqual(t, got.Unknown, len(got.Activities))
		for reason := range got.Unreadable {
			require.Contains(t, []string{"not_an_object", "no_type", "no_id"}, reason)
		}
		if len(got.Activities) > 0 {
			requireValid(t, activity.NewLogs(activity.Scope{Name: "fuzz"}, got.Activities...))
		}
	})
}

// FuzzHandler posts anything, with a valid secret, to the receiver that runs.
func FuzzHandler(f *testing.F) {
	for _, request := range allFixtures(f) {
		f.Add(request.Body)
	}
	r := webhooktest.Start(f, subject(f), nil)
	f.Fuzz(func(t *testing.T, body []byte) {
		r.Sink.Reset()
		reply := r.Post(t, newRequest(body))
		require.Contains(t, []int{http.StatusOK, http.StatusBadRequest}, reply.Code)
		if reply.Code != http.StatusOK {
			require.Zero(t, r.Sink.LogRecordCount())
			require.Equal(t, http.StatusText(reply.Code)+"\n", reply.Body)
		}
		for _, logs := range r.Sink.AllLogs() {
			requireValid(t, logs)
		}
	})
}
