// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// CheckShapes posts the same entries as objects, as a list, and in lines: the records are the
// same. What cannot be understood costs its neighbours nothing, and is counted.
func CheckShapes(t *testing.T, factory receiver.Factory) {
	t.Helper()
	entries := objects(t)
	require.Greater(t, len(entries), 1)
	list := "[" + strings.Join(entries, ",\n") + "]"
	lines := strings.Join(entries, "\n")
	single := newRequest("")

	one := webhooktest.Start(t, subject(factory), nil)
	for _, entry := range entries {
		require.Equal(t, http.StatusOK, one.Post(t, webhooktest.Request{Header: single.Header, Body: []byte(entry)}).Code)
	}
	want := bodies(one)
	require.Len(t, want, len(entries))

	for name, test := range map[string]struct {
		request    webhooktest.Request
		unreadable map[string]int64
	}{
		"list":                          {newRequest(list), nil},
		"lines":                         {inLines(newRequest(lines + "\n")), nil},
		"lines that claim to be JSON":   {newRequest(lines), nil},
		"lines with CR, and empty ones": {inLines(newRequest(strings.Join(entries, "\r\n\r\n") + "\r\n")), nil},
		"no content type":               {newRequest(list).With("Content-Type"), nil},
		"list with others": {
			newRequest("[1, {\"level\":\"info\"}, null," + list[1:]),
			map[string]int64{"not_an_object": 2, "no_message": 1},
		},
		"lines with others": {
			inLines(newRequest("[]\n{\"message\":\n" + lines + "\n{\"message\":\"\"}")),
			map[string]int64{"not_an_object": 1, "not_json": 1, "no_message": 1},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := webhooktest.Start(t, subject(factory), nil)
			require.Equal(t, http.StatusOK, r.Post(t, test.request).Code)
			require.Equal(t, want, bodies(r))
			for reason, count := range test.unreadable {
				require.Equal(t, count, r.Sum(t, "otelcol_webhook_unreadable_activities", attribute.String("reason", reason)), reason)
			}
		})
	}
}

// objects are the bodies of the fixtures that are one object.
func objects(tb testing.TB) (entries []string) {
	tb.Helper()
	for directory, request := range fixtures(tb) {
		if isInLines(request) || request.Body[0] != '{' {
			continue
		}
		var compact bytes.Buffer
		require.NoError(tb, json.Compact(&compact, request.Body), directory)
		entries = append(entries, compact.String())
	}
	return entries
}

func bodies(r *webhooktest.Running) (all []string) {
	for _, record := range webhooktest.Records(r.Sink.AllLogs()...) {
		all = append(all, record.Body().Str())
	}
	return all
}
