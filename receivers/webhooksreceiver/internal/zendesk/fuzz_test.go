// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// FuzzPage reads anything as each of the lists. What is kept is bounded, fits into a path
// and into an activity.id, and is a time that a record can have.
func FuzzPage(f *testing.F) {
	fixtures, err := filepath.Glob(filepath.Join("..", "..", "testdata", "polls", "*", "api.json"))
	require.NoError(f, err)
	require.NotEmpty(f, fixtures)
	for _, name := range fixtures {
		content, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(content)
		var parts struct {
			Invocations map[string]json.RawMessage `json:"invocations"`
		}
		require.NoError(f, json.Unmarshal(content, &parts))
		for _, rows := range parts.Invocations {
			f.Add([]byte(`{"meta":{"has_more":true,"after_cursor":"x"},"invocations":` + string(rows) + "}"))
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if page, err := parseWebhooks(content); err == nil {
			for _, webhook := range page.Items {
				checkID(t, webhook.ID)
				for _, text := range []string{webhook.Name, webhook.Method, webhook.Host} {
					require.LessOrEqual(t, len(text), allowlist.MaxValue)
					require.True(t, utf8.ValidString(text))
					require.NotContains(t, text, "@")
				}
				require.False(t, strings.ContainsAny(webhook.Host, "/?@ "))
			}
		}
		if page, err := parseInvocations(content); err == nil {
			for _, row := range page.Items {
				checkID(t, row.ID)
				require.NotEmpty(t, row.Status)
				require.NotContains(t, row.Status, "/")
				require.True(t, activity.Representable(row.Time))
				require.True(t, row.StatusCode == 0 || row.StatusCode >= 100 && row.StatusCode < 600)
			}
		}
		if page, err := parseAttempts(content); err == nil {
			for _, attempt := range page.Items {
				require.True(t, activity.Representable(attempt.Time))
			}
		}
	})
}

func checkID(t *testing.T, id string) {
	t.Helper()
	require.NotEmpty(t, id)
	require.LessOrEqual(t, len(id), allowlist.MaxValue)
	require.False(t, strings.ContainsAny(id, "/? \x00"))
}
