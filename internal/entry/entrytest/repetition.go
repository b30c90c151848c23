// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// nobodys are ids that many entries have, because a template was not filled in or there was
// nothing to fill it with.
var nobodys = []string{
	`"null"`, `"{{id}}"`, `"undefined"`, `"-"`, `"None"`, `"0"`, `0`, `"nil"`, `"{{a}}:{{b}}"`, `"sync:{{event_id}}"`, `" null "`, `"null:undefined"`,
	`"00000000-0000-0000-0000-000000000000"`,
}

// CheckRepetition posts fifty equal entries, one by one and in one request. Where nothing
// tells them apart they are fifty activities; with an id, a time or an event they are one.
func CheckRepetition(t *testing.T, factory receiver.Factory) {
	t.Helper()
	const posts = 50
	for name, test := range map[string]struct {
		entry string
		want  int
	}{
		"neither id nor time": {`{"level":"error","message":"The call failed","fields":{"subdomain":"acme"}}`, posts},
		"empty ones":          {`{"id":"","timestamp":"","message":"The call failed"}`, posts},
		"no readable time":    {`{"timestamp":"{{time}}","message":"The call failed"}`, posts},
		"id":                  {`{"id":"e-1","level":"error","message":"The call failed"}`, 1},
		"time":                {`{"timestamp":"2026-11-26T09:30:00Z","level":"error","message":"The call failed"}`, 1},
		"event":               {`{"message":"The call failed","fields":{"event_ref":"18-646602214"}}`, 1},
		"sequence":            {`{"message":"The call failed","fields":{"sequence_id":"C20565CD"}}`, 1},
		"null for a sequence": {`{"message":"The call failed","fields":{"event_ref":"null","sequence_id":"{{sequence}}"}}`, posts},
		"unfilled, but time":  {`{"id":"{{id}}","timestamp":"2026-11-26T09:30:00Z","message":"The call failed"}`, 1},
	} {
		for shape, request := range map[string]webhooktest.Request{
			"one by one": newRequest(test.entry),
			"list":       newRequest("[" + strings.Repeat(test.entry+",", posts-1) + test.entry + "]"),
		} {
			t.Run(name+", "+shape, func(t *testing.T) {
				r := webhooktest.Start(t, subject(factory), nil)
				for range posts {
					require.Equal(t, http.StatusOK, r.Post(t, request).Code)
					if shape == "list" {
						break
					}
				}
				ids := map[string]bool{}
				for _, record := range webhooktest.Records(r.Sink.AllLogs()...) {
					id, ok := record.Attributes().Get(activity.IDKey)
					require.True(t, ok)
					ids[id.Str()] = true
				}
				require.Equal(t, test.want, r.Sink.LogRecordCount())
				require.Len(t, ids, test.want, "no two activities have one id")
			})
		}
	}
	t.Run("ids of nobody", func(t *testing.T) { checkNobodys(t, factory) })
}

// checkNobodys posts two entries under each such id: none may be taken for the other, which
// was acknowledged and would be lost.
func checkNobodys(t *testing.T, factory receiver.Factory) {
	t.Helper()
	r := webhooktest.Start(t, subject(factory), nil)
	for _, id := range nobodys {
		r.Sink.Reset()
		for _, message := range []string{"The first call failed", "The second call failed"} {
			require.Equal(t, http.StatusOK, r.Post(t, newRequest(`{"id":`+id+`,"message":"`+message+`"}`)).Code)
		}
		require.Equal(t, 2, r.Sink.LogRecordCount(), id)
	}
}
