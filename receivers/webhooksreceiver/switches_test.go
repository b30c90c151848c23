// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"

	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesktest"
)

// TestSwitches lets each failure last for ten simulated minutes, and wants the status and
// the line of the log that tell of it. After it the status is well again, and what
// happened meanwhile is there, once.
func TestSwitches(t *testing.T) {
	tests := map[string]struct {
		path, body string
		status     int
		cause      string
	}{
		"tokens 503":       {path: "/oauth/tokens", status: http.StatusServiceUnavailable, cause: "the token endpoint answered 503 Service Unavailable"},
		"tokens refused":   {path: "/oauth/tokens", status: http.StatusUnauthorized, body: `{"error":"invalid_client"}`, cause: "invalid_client"},
		"too many":         {path: "/api/v2/webhooks", status: http.StatusTooManyRequests, cause: "429 Too Many Requests"},
		"server error":     {path: "/api/v2/webhooks", status: http.StatusBadGateway, cause: "502 Bad Gateway"},
		"invocations fail": {path: "/invocations", status: http.StatusInternalServerError, cause: "500 Internal Server Error"},
		"forbidden":        {path: "/api/v2/webhooks", status: http.StatusForbidden, cause: "403 Forbidden"},
		"a page":           {path: "/api/v2/webhooks", status: http.StatusOK, body: "<html>", cause: "the answer is not valid JSON, or was cut off"},
	}
	for name, given := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.webhooksReceiver.now = time.Now
				fails := true
				w.Change(func(s *zendesktest.Server) {
					s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
						if !fails || !strings.Contains(r.URL.Path, given.path) {
							return false
						}
						rw.WriteHeader(given.status)
						_, _ = rw.Write([]byte(given.body))
						return true
					}
				})
				failed, well := componentstatus.StatusRecoverableError, componentstatus.StatusOK
				require.NoError(t, w.webhooksReceiver.Start(t.Context(), w.host()))
				time.Sleep(10 * time.Minute)
				assert.Equal(t, []componentstatus.Status{failed}, w.reported())
				lines := w.logs.FilterMessageSnippet("Polling fails, and is tried again").All()
				if assert.Len(t, lines, 1, "said once") {
					assert.Contains(t, fmt.Sprint(lines[0].ContextMap()["error"]), given.cause)
				}
				w.Add(hookA, zendesktest.Row{ID: "A", Status: "success", CompletedAt: time.Now().UTC().Format(time.RFC3339)})

				w.Change(func(*zendesktest.Server) { fails = false })
				time.Sleep(time.Hour)
				require.NoError(t, w.webhooksReceiver.Shutdown(t.Context()))
				assert.Equal(t, []componentstatus.Status{failed, well}, w.reported())
				assert.Equal(t, 1, w.logs.FilterMessageSnippet("Polling succeeds again").Len())
				assert.Equal(t, []string{"A success"}, w.ids())
			})
		})
	}
}
