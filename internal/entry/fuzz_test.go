// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// FuzzParse makes records of any body with any content type.
func FuzzParse(f *testing.F) {
	for _, body := range []string{
		`{"message":"m"}`, `[{"message":"m"},{}]`, "{\"message\":\"m\"}\n{\"message\":\"n\"}",
		`{"id":"1","timestamp":1795685400,"level":"error","message":"m","fields":{"name":"n","inputs":{"a":1},"status_code":"404","order":{"number":[1]},"error":{"Cause":"c","code":7}}}`,
	} {
		f.Add("application/json", []byte(body))
		f.Add("application/x-ndjson", []byte(body))
	}
	s := testSource(func(c *Config) { c.IncludeFields = []string{"order", "order.number", "inputs.a"} })
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		before := bytes.Clone(body)
		header := http.Header{"Content-Type": {contentType}}
		got, err := s.Parse(header, body, received)
		require.Equal(t, before, body, "the body is not ours to change")
		for reason := range got.Unreadable {
			require.Contains(t, []string{notJSON, notAnObject, noMessage}, reason)
		}
		if err != nil {
			require.Empty(t, got.Activities)
			return
		}
		webhooktest.RequireValid(t, activity.NewLogs(activity.Scope{Name: "fuzz"}, got.Activities...), "product", "activity.type", "activity.evidence")
		again, err := s.Parse(header, body, received.Add(time.Second))
		require.NoError(t, err)
		for i, a := range got.Activities {
			require.Equal(t, a.ID, again.Activities[i].ID, "the same on every redelivery")
			require.True(t, a.ID != "" || a.Time.IsZero(), "an id wherever a time tells posts apart")
		}
	})
}

// FuzzTime: a time is one that a record can have, or none.
func FuzzTime(f *testing.F) {
	for _, text := range []string{"2026-11-26T09:30:00Z", "1795685400.5", "1795685400123", "-1", "NaN", "0x1p30", "2026-11-26 09:30:00 UTC"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if at := timeOf(text); !at.IsZero() {
			require.True(t, activity.Representable(at))
			require.Positive(t, at.UnixNano())
		}
	})
}
