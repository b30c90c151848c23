// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/internal/pull"
	"github.com/integrationlog/integrationlog/internal/seal"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/metadatatest"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesktest"
)

func TestOneRecordAState(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA, row("I1", "throttled", 0, 9*time.Minute), row("I1", "terminated", 403, 1*time.Minute), row("I2", "success", 200, 5*time.Minute))
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"I1 throttled", "I2 success", "I1 terminated"}, w.ids())
	for _, request := range w.Requests() {
		assert.NotContains(t, request, "pod-17")
	}

	w.after(time.Minute)
	w.Add(hookA, row("I3", "circuit broken", 0, -30*time.Second))
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"I1 throttled", "I2 success", "I1 terminated", "I3 circuit broken"}, w.ids(), "what overlaps is not taken again")
}

func TestReachesBackSevenDays(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA, row("old", "success", 200, 8*24*time.Hour), row("week", "success", 200, 167*time.Hour), row("new", "success", 200, 0))
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"week success", "new success"}, w.ids())

	w = newWorld(t, func(w *world) { w.config.InitialLookback = time.Hour })
	w.begin(t)
	w.Add(hookA, row("week", "success", 200, 167*time.Hour), row("hour", "success", 200, 59*time.Minute))
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"hour success"}, w.ids())
	w.after(3 * time.Hour)
	w.Add(hookB, row("meanwhile", "success", 200, -30*time.Minute))
	w.restart(t)
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"hour success", "meanwhile success"}, w.ids(), "an idle webhook is read from where it was left")
}

// What appears later than the time it tells is found by the overlap.
func TestOverlap(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA, row("I1", "success", 200, 0))
	require.NoError(t, w.poll(t))
	w.after(5 * time.Minute)
	w.Add(hookA, row("late", "success", 200, 9*time.Minute), row("too late", "success", 200, 11*time.Minute))
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"I1 success", "late success"}, w.ids())
	require.NoError(t, w.poll(t))
	assert.Len(t, w.ids(), 2)
}

func TestRestartAndKill(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	var want []string
	for i := range 20 {
		id := fmt.Sprintf("I%02d", i)
		w.Add(hookA, row(id, "success", 200, -time.Duration(i)*time.Minute))
		want = append(want, id+" success")
		require.NoError(t, w.poll(t))
		w.after(time.Minute)
		if i%2 == 0 {
			w.restart(t)
		} else {
			w.kill(t)
		}
	}
	assert.Equal(t, want, w.ids())
	require.NoError(t, w.webhooksReceiver.Shutdown(t.Context()))
}

func TestPagesAndOrder(t *testing.T) {
	for _, descending := range []bool{false, true} {
		for size := 1; size <= 7; size++ {
			t.Run(fmt.Sprint(descending, size), func(t *testing.T) {
				w := newWorld(t, func(w *world) { w.PageSize, w.Descending = size, descending })
				w.begin(t)
				var want []string
				for second := range 4 {
					for _, i := range []int{2, 0, 1} { // not in the order of their ids
						w.Add(hookA, row(fmt.Sprintf("I%d%d", second, i), "success", 200, time.Duration(10-second)*time.Second))
					}
					for i := range 3 {
						want = append(want, fmt.Sprintf("I%d%d success", second, i))
					}
				}
				for range 2 {
					require.NoError(t, w.poll(t))
				}
				got := w.ids()
				if descending {
					slices.Sort(got)
				}
				assert.Equal(t, want, got, "those of one second are in the same order each time")
			})
		}
	}
}

// A total that is a multiple of the page may end with an empty page.
func TestEmptyLastPage(t *testing.T) {
	w := newWorld(t, func(w *world) { w.PageSize = 1 })
	w.begin(t)
	w.Add(hookA, row("I1", "success", 200, time.Minute))
	w.Change(func(s *zendesktest.Server) {
		s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.Path, hookA) {
				return false
			}
			if r.URL.Query().Has("page[after]") {
				_, _ = fmt.Fprint(rw, `{"meta":{"has_more":false},"invocations":[]}`)
			} else {
				_, _ = fmt.Fprintf(rw, `{"meta":{"has_more":true,"after_cursor":"x"},"invocations":[{"id":"I1","status":"success","latest_completed_at":%q}]}`, noon.Format(time.RFC3339))
			}
			return true
		}
	})
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"I1 success"}, w.ids())
}

// The checkpoint moves page by page, so that what was delivered before an error stays so.
func TestErrorBetweenPages(t *testing.T) {
	for _, descending := range []bool{false, true} {
		w := newWorld(t, func(w *world) { w.PageSize, w.Descending = 2, descending })
		w.begin(t)
		for i := range 10 {
			w.Add(hookA, row(fmt.Sprintf("I%d", i), "success", 200, time.Duration(100-i)*time.Hour))
		}
		failing := true
		w.Change(func(s *zendesktest.Server) {
			pages := 0
			s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
				if !failing || !strings.Contains(r.URL.Path, hookA) {
					return false
				}
				pages++
				if pages <= 3 {
					return false
				}
				rw.WriteHeader(http.StatusBadGateway)
				return true
			}
		})
		require.Error(t, w.poll(t))
		assert.Len(t, w.ids(), 5)
		w.kill(t)
		failing = false
		require.NoError(t, w.poll(t))
		got := w.ids()
		slices.Sort(got)
		assert.Equal(t, []string{
			"I0 success", "I1 success", "I2 success", "I3 success", "I4 success", "I5 success", "I6 success", "I7 success", "I8 success", "I9 success",
		}, got, "descending: %t", descending)
	}
}

func TestFailureOfOneWebhook(t *testing.T) {
	tests := map[string]struct {
		fail  func(rw http.ResponseWriter, r *http.Request)
		aside bool
	}{
		"forbidden":    {func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusForbidden) }, true},
		"not found":    {func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusNotFound) }, true},
		"server error": {func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusInternalServerError) }, false},
		"cut off": {func(rw http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(rw, `{"invocations":[{"id":"I1","status":"succ`)
		}, false},
		"login page":    {func(rw http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(rw, "<html>canary</html>") }, false},
		"another shape": {func(rw http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(rw, `{"results":[]}`) }, false},
		"more without a cursor": {func(rw http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(rw, `{"meta":{"has_more":true},"links":{},"invocations":[]}`)
		}, false},
		"cursor loop": {func(rw http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(rw, `{"meta":{"has_more":true,"after_cursor":"again"},"invocations":[]}`)
		}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.begin(t)
			w.Add(hookA, row("A", "success", 200, time.Minute))
			w.Add(hookB, row("B", "success", 200, time.Minute))
			failing := true
			w.Change(func(s *zendesktest.Server) {
				s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
					if failing && strings.Contains(r.URL.Path, hookA) {
						test.fail(rw, r)
						return true
					}
					return false
				}
			})
			for range 3 {
				err := w.poll(t)
				if test.aside {
					require.NoError(t, err)
				} else {
					require.Error(t, err)
					require.NotContains(t, err.Error(), "canary")
				}
			}
			assert.Equal(t, []string{"B success"}, w.ids())
			asked := zendesktest.Count(w.Requests(), hookA)
			if test.aside {
				assert.Equal(t, 1, asked, "left alone for a while")
				told := w.logs.FilterMessageSnippet("set aside").All()
				require.Len(t, told, 1, "told once")
				assert.Contains(t, told[0].ContextMap()["error"], "must be an admin", "with the cure")
			}
			failing = false
			w.after(20 * time.Minute)
			require.NoError(t, w.poll(t))
			assert.Equal(t, []string{"B success", "A success"}, w.ids())
		})
	}
}

// closing makes the server close what has a text in its path; none at first.
func (w *world) closing(code int) (closed *string) {
	closed = new(string)
	w.Change(func(s *zendesktest.Server) {
		s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
			if *closed == "" || !strings.Contains(r.URL.Path, *closed) {
				return false
			}
			rw.WriteHeader(code)
			return true
		}
	})
	return closed
}

// If no webhook can be read, nothing is well.
func TestAllWebhooksClosed(t *testing.T) {
	for _, code := range []int{http.StatusForbidden, http.StatusNotFound} {
		w := newWorld(t)
		w.begin(t)
		w.Add(hookA, row("A", "success", 200, time.Minute))
		closed := w.closing(code)
		*closed = "/invocations"
		for range 3 {
			err := w.poll(t)
			require.ErrorContains(t, err, fmt.Sprintf("no webhook can be read: webhook %s: ", hookA))
			require.ErrorContains(t, err, "must be an admin")
		}
		assert.Equal(t, 2, zendesktest.Count(w.Requests(), "/invocations"), "they are left alone")
		*closed = hookB
		w.after(20 * time.Minute)
		require.NoError(t, w.poll(t))
		assert.Equal(t, []string{"A success"}, w.ids())
	}
}

// While a webhook is set aside the checkpoint must not say that everything was read.
func TestCheckpointAge(t *testing.T) {
	for _, closes := range []string{"", hookA, "/invocations"} {
		w := newWorld(t)
		*w.closing(http.StatusForbidden) = closes
		require.NoError(t, w.webhooksReceiver.Start(t.Context(), w.host()))
		require.Eventually(t, func() bool {
			_, err := w.telemetry.GetMetric("otelcol_pull_polls")
			return err == nil
		}, 10*time.Second, time.Millisecond)
		_, err := w.telemetry.GetMetric("otelcol_pull_checkpoint_age")
		assert.Equal(t, closes == "", err == nil, closes)
		require.NoError(t, w.webhooksReceiver.Shutdown(t.Context()))
	}
}

func TestUnauthorized(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA, row("A", "success", 200, time.Minute))
	require.NoError(t, w.poll(t))
	assert.Equal(t, 1, zendesktest.Count(w.Requests(), "/oauth/tokens"))

	w.Revoke()
	require.NoError(t, w.poll(t), "one new token")
	assert.Equal(t, 1, zendesktest.Count(w.Requests(), "/oauth/tokens"))

	w.Change(func(s *zendesktest.Server) {
		s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/oauth/tokens" {
				return false
			}
			rw.WriteHeader(http.StatusUnauthorized)
			return true
		}
	})
	err := w.poll(t)
	require.ErrorContains(t, err, "GET /api/v2/webhooks: 401 Unauthorized: Zendesk does not accept the credentials")
	require.NotContains(t, err.Error(), "canary")
	requests := w.Requests()
	assert.Equal(t, 2, zendesktest.Count(requests, "/api/v2/webhooks"), "once with a new token, and never more")
}

func TestWrongSecret(t *testing.T) {
	w := newWorld(t, func(w *world) { w.config.ClientSecret = "canary-wrong" })
	w.begin(t)
	for range 5 {
		err := w.poll(t)
		require.ErrorContains(t, err, "401 Unauthorized: invalid_client (No such client ****)")
		require.NotContains(t, err.Error(), "canary")
	}
	assert.Len(t, w.Requests(), 1, "not tried again and again")
}

func TestLegacyToken(t *testing.T) {
	w := newWorld(t, func(w *world) {
		w.config.ClientID, w.config.ClientSecret = "", ""
		w.config.Email, w.config.APIToken = zendesktest.Email, zendesktest.APIToken
	})
	w.begin(t)
	w.Add(hookA, row("A", "success", 200, time.Minute))
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"A success"}, w.ids())
	assert.Zero(t, zendesktest.Count(w.Requests(), "/oauth/tokens"))
}

func TestForbiddenList(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Change(func(s *zendesktest.Server) {
		s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
			rw.WriteHeader(http.StatusForbidden)
			return r.URL.Path == "/api/v2/webhooks"
		}
	})
	w.Change(func(s *zendesktest.Server) {
		s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
			if r.URL.Path == "/oauth/tokens" {
				return false
			}
			rw.WriteHeader(http.StatusForbidden)
			return true
		}
	})
	require.ErrorContains(t, w.poll(t), "403 Forbidden: the user of the OAuth client must be an admin, and the client needs the scope webhooks:read")
}

func TestRetryAfter(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA, row("A", "success", 200, time.Minute))
	w.Change(func(s *zendesktest.Server) {
		s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.Path, "invocations") {
				return false
			}
			rw.Header().Set("Retry-After", "93")
			rw.WriteHeader(http.StatusTooManyRequests)
			return true
		}
	})
	err := w.poll(t)
	var status *apiclient.StatusError
	require.ErrorAs(t, err, &status)
	assert.Equal(t, 93*time.Second, status.Delay())
	assert.Equal(t, 1, zendesktest.Count(w.Requests(), "invocations"), "the poll ends")
	err = w.poll(t)
	require.ErrorContains(t, err, "Zendesk asked for a pause")
	assert.Empty(t, w.Requests(), "nothing is sent before that is over")
}

func TestGap(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA, row("A", "success", 200, time.Minute))
	require.NoError(t, w.poll(t))
	w.restart(t)
	w.after(6 * 24 * time.Hour)
	require.NoError(t, w.poll(t))
	assert.Len(t, w.ids(), 1, "Zendesk still has everything")

	w.after(10 * 24 * time.Hour)
	w.restart(t)
	w.Add(hookA, zendesktest.Row{ID: "B", Status: "success", CompletedAt: w.time().Add(-time.Hour).Format(time.RFC3339)})
	for range 2 {
		require.NoError(t, w.poll(t))
	}
	assert.Equal(t, []string{
		`Webhook "Notify ERP" succeeded: 200 OK`,
		"Invocations of webhooks from 2026-12-02T12:00:00Z to 2026-12-05T12:01:00Z are missing: they were not read for more than 7 days, and Zendesk keeps them no longer",
		`Webhook "Notify ERP" succeeded`,
	}, w.bodies())
	gap := records(w.sink.AllLogs()...)[1]
	assert.Equal(t, "warning", text(gap, "status"))
	assert.Equal(t, "webhook_log_gap", text(gap, "activity.type"))
	assert.Equal(t, "gap/2026-12-02T12:00:00Z", text(gap, "activity.id"))
	assert.Equal(t, w.time().UnixNano(), int64(gap.Timestamp()))
}

// The end of a gap is known once the webhook can be read again; that it has begun is told
// before.
func TestGapOfOneWebhook(t *testing.T) {
	const of, why = `Invocations of Webhook "Notify ERP" `, "they were not read for more than 7 days, and Zendesk keeps them no longer"
	w := newWorld(t)
	w.begin(t)
	require.NoError(t, w.poll(t))
	closed := w.closing(http.StatusForbidden)
	*closed = hookA
	for hour := range 20 * 24 {
		w.after(time.Hour)
		require.NoError(t, w.poll(t))
		if hour%7 == 0 {
			w.kill(t)
		}
	}
	open := of + "since 2026-11-26T12:00:00Z are missing, and more of them as long as they are not read: that is for more than 7 days now, and Zendesk keeps them no longer"
	assert.Equal(t, []string{open}, w.bodies())
	*closed = ""
	w.Add(hookA, zendesktest.Row{ID: "A", Status: "success", CompletedAt: w.time().Format(time.RFC3339)})
	for range 20 {
		w.after(time.Hour)
		require.NoError(t, w.poll(t))
	}
	assert.Equal(t, []string{open, of + "from 2026-11-26T12:00:00Z to 2026-12-09T13:01:00Z are missing: " + why, `Webhook "Notify ERP" succeeded`}, w.bodies())
	list := records(w.sink.AllLogs()...)
	assert.Equal(t, "gap/"+hookA+"/2026-11-26T12:00:00Z/open", text(list[0], "activity.id"))
	assert.Equal(t, "gap/"+hookA+"/2026-11-26T12:00:00Z", text(list[1], "activity.id"))
	assert.Equal(t, "2026-11-26T12:00:00Z", text(list[0], "webhooks.gap.start"))
	assert.Empty(t, text(list[0], "webhooks.gap.end"))
	assert.Equal(t, "2026-12-09T13:01:00Z", text(list[1], "webhooks.gap.end"))

	*closed = hookA
	for range 9 {
		w.after(24 * time.Hour)
		require.NoError(t, w.poll(t))
	}
	require.Len(t, w.bodies(), 4, "another gap, of which more is to come")
	assert.Contains(t, w.bodies()[3], of+"since 2026-12-17T08:00:00Z are missing")
}

// If none could be read, it is one gap.
func TestGapOfAllWebhooks(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	require.NoError(t, w.poll(t))
	closed := w.closing(http.StatusForbidden)
	*closed = "/invocations"
	for range 20 {
		w.after(24 * time.Hour)
		require.Error(t, w.poll(t))
	}
	*closed = ""
	for range 3 {
		w.after(time.Hour)
		require.NoError(t, w.poll(t))
	}
	require.Len(t, w.bodies(), 2)
	assert.Contains(t, w.bodies()[0], "Invocations of webhooks since 2026-11-26T12:00:00Z are missing")
	assert.Contains(t, w.bodies()[1], "Invocations of webhooks from 2026-11-26T12:00:00Z to 2026-12-09T13:01:00Z are missing")
}

// After a gap of all, one that can still not be read has its own, which begins there.
func TestGapThatLastsForOne(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	require.NoError(t, w.poll(t))
	closed := w.closing(http.StatusForbidden)
	*closed = hookB
	w.after(10 * 24 * time.Hour)
	require.NoError(t, w.poll(t))
	for range 3 {
		w.after(time.Hour)
		require.NoError(t, w.poll(t))
	}
	*closed = ""
	w.after(time.Hour)
	require.NoError(t, w.poll(t))
	require.Len(t, w.bodies(), 3)
	assert.Contains(t, w.bodies()[0], "Invocations of webhooks from 2026-11-26T12:00:00Z to 2026-11-29T12:01:00Z are missing")
	assert.Contains(t, w.bodies()[1], `Invocations of Webhook "Tell the warehouse" since 2026-11-29T12:01:00Z are missing`)
	assert.Contains(t, w.bodies()[2], `Invocations of Webhook "Tell the warehouse" from 2026-11-29T12:01:00Z to 2026-11-29T16:01:00Z are missing`)
}

// A process that is killed after it has handed a gap over hands over the very same record
// again, which the store then recognises.
func TestKillWithinAGap(t *testing.T) {
	for name, forbidden := range map[string]string{"of all webhooks": "/api", "of one": hookA} {
		t.Run(name, func(t *testing.T) {
			dying := false
			w := newWorld(t, func(w *world) {
				next, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
					if dying {
						w.store.FailWith(errors.New("the process is killed here"))
					}
					return w.sink.ConsumeLogs(ctx, logs)
				})
				require.NoError(t, err)
				w.next = next
			})
			w.begin(t)
			require.NoError(t, w.poll(t))
			w.Change(func(s *zendesktest.Server) {
				s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
					if !strings.Contains(r.URL.Path, forbidden) {
						return false
					}
					rw.WriteHeader(http.StatusForbidden)
					return true
				}
			})
			w.after(6 * 24 * time.Hour)
			assert.Equal(t, forbidden == hookA, w.poll(t) == nil)
			w.Change(func(s *zendesktest.Server) { s.Intercept = nil })

			w.after(3 * 24 * time.Hour)
			dying = true
			require.ErrorContains(t, w.poll(t), "killed here")
			dying = false
			w.store.FailWith(nil)
			w.after(time.Hour)
			w.kill(t)
			for range 2 {
				require.NoError(t, w.poll(t))
			}
			got := records(w.sink.AllLogs()...)
			require.Len(t, got, 3)
			assert.Equal(t, text(got[1], "webhooks.gap.end"), text(got[2], "webhooks.gap.start"), "what was lost in the hour since")
			assert.Equal(t, got[0].Timestamp(), got[1].Timestamp())
			assert.Equal(t, got[0].Body().Str(), got[1].Body().Str())
			assert.Equal(t, got[0].Attributes().AsRaw(), got[1].Attributes().AsRaw())
			assert.Equal(t, forbidden == hookA, text(got[0], "integration.name") == "Notify ERP")
		})
	}
}

func TestDeletedWebhookIsForgotten(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA, row("A", "success", 200, time.Minute))
	require.NoError(t, w.poll(t))
	w.Change(func(s *zendesktest.Server) { s.Webhooks = s.Webhooks[1:] })
	w.after(24 * time.Hour)
	require.NoError(t, w.poll(t))
	assert.Contains(t, w.store.Data(), "webhook/"+hookA, "it may come back")
	w.after(7 * 24 * time.Hour)
	require.NoError(t, w.poll(t))
	assert.ElementsMatch(t, []string{"index", "webhook/" + hookB}, slices.Collect(maps.Keys(w.store.Data())))
}

func TestAttempts(t *testing.T) {
	const attempts = `[
		{"id":"01HWEBHOOKA","invocation_id":"I1","status":"terminated","status_code":403,"completed_at":"2026-11-26T11:59:00Z",
		 "request":{"headers":[],"payload":"canary-payload"},"response":{"headers":[],"payload":"canary-answer"}},
		{"id":"01HWEBHOOKA","invocation_id":"I1","status":"throttled","completed_at":"2026-11-26T11:51:00Z"},
		{"status":"broken"}]`
	rows := []zendesktest.Row{
		row("I1", "throttled", 0, 9*time.Minute), row("I1", "terminated", 403, time.Minute), row("I2", "success", 200, 5*time.Minute),
		row("I3", "server error", 502, 4*time.Minute), // whose attempts are gone
	}
	run := func(t *testing.T, change func(*world)) (*world, []string) {
		t.Helper()
		w := newWorld(t, change)
		w.begin(t)
		w.Server.Attempts[hookA+"/I1"] = []byte(attempts)
		w.Add(hookA, rows...)
		require.NoError(t, w.poll(t))
		require.Len(t, w.ids(), 4)
		requests := w.Requests()
		return w, requests
	}
	w, requests := run(t, func(*world) {})
	assert.Equal(t, 2, zendesktest.Count(requests, "/attempts"), "of failures only")
	last := records(w.sink.AllLogs()...)[3]
	assert.Equal(t, "2", text(last, "webhooks.attempts"))
	assert.Empty(t, text(last, "activity.payload"))

	w, requests = run(t, func(w *world) { w.config.Attempts.Enabled = false })
	assert.Zero(t, zendesktest.Count(requests, "/attempts"))
	assert.Empty(t, text(records(w.sink.AllLogs()...)[3], "webhooks.attempts"))

	w, _ = run(t, func(w *world) { w.config.IncludePayload = true })
	assert.Contains(t, text(records(w.sink.AllLogs()...)[3], "activity.payload"), "canary-answer")

	_, requests = run(t, func(w *world) { w.Limit = 4 })
	assert.Zero(t, zendesktest.Count(requests, "/attempts"), "half of the limit is left to the lists")
}

// Attempts are nice to know. Where they cannot be fetched, the failures must not wait for
// one error after the other.
func TestAttemptsFail(t *testing.T) {
	for name, fail := range map[string]func(rw http.ResponseWriter, r *http.Request){
		"server error": func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusBadGateway) },
		"login page":   func(rw http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(rw, "<html>") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.begin(t)
			for _, hook := range []string{hookA, hookB} {
				w.Add(hook, row("I1", "failed", 500, 2*time.Minute), row("I2", "failed", 500, time.Minute))
			}
			w.Change(func(s *zendesktest.Server) {
				s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
					if !strings.HasSuffix(r.URL.Path, "/attempts") {
						return false
					}
					fail(rw, r)
					return true
				}
			})
			require.NoError(t, w.poll(t))
			assert.Len(t, w.ids(), 4)
			assert.Equal(t, 1, zendesktest.Count(w.Requests(), "/attempts"))
			w.after(time.Minute)
			w.Add(hookA, row("I3", "failed", 500, 0))
			require.NoError(t, w.poll(t))
			assert.Len(t, w.ids(), 5)
			assert.Equal(t, 1, zendesktest.Count(w.Requests(), "/attempts"), "tried again in the next poll")
		})
	}
}

// An answer that does not come costs seconds, and not the timeout of each request.
func TestAttemptsHang(t *testing.T) {
	s := newSimulated(t)
	s.config.Timeout = time.Minute
	require.NoError(t, s.webhooksReceiver.Shutdown(t.Context()))
	s.webhooksReceiver = s.create(t, s.webhooksReceiver.settings.Logger)
	s.webhooksReceiver.transport, s.webhooksReceiver.now = nil, time.Now
	s.begin(t)
	rows := s.traffic(250)
	s.Inject(endpoint.Fault{Path: "/attempts", Times: endpoint.Always, Answer: endpoint.Slow(20 * time.Second)})
	start := time.Now()
	require.NoError(t, s.poll(t))
	assert.Equal(t, rows, s.distinct(t))
	assert.Len(t, s.Account.Requests("/attempts"), 1)
	assert.Less(t, time.Since(start), 15*time.Second)
}

// A limit that is used up by attempts must cost no failure.
func TestLimitDuringAttempts(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA, row("I1", "failed", 500, 2*time.Minute), row("I2", "failed", 500, time.Minute))
	w.Change(func(s *zendesktest.Server) {
		s.Intercept = func(rw http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/attempts") {
				return false
			}
			rw.Header().Set("Retry-After", "30")
			rw.WriteHeader(http.StatusTooManyRequests)
			return true
		}
	})
	err := w.poll(t)
	require.ErrorContains(t, err, "pause", "of the next webhook")
	assert.Equal(t, []string{"I1 failed", "I2 failed"}, w.ids())
	assert.Equal(t, 1, zendesktest.Count(w.Requests(), "/attempts"))
}

// The checkpoint moves only when the pipeline took the records.
func TestPipelineRefuses(t *testing.T) {
	var refuse error
	w := newWorld(t, func(w *world) {
		sink := w.sink
		next, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
			if refuse != nil {
				return refuse
			}
			return sink.ConsumeLogs(ctx, logs)
		})
		require.NoError(t, err)
		w.next = next
	})
	w.begin(t)
	w.Add(hookA, row("A", "success", 200, time.Minute))
	refuse = errors.New("the queue is full")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	require.ErrorIs(t, w.poller.Poll(ctx), context.Canceled)
	w.kill(t)
	refuse = nil
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"A success"}, w.ids())

	w.Add(hookA, row("B", "success", 200, 0))
	refuse = consumererror.NewPermanent(errors.New("malformed"))
	require.NoError(t, w.poll(t), "what is refused for good does not hold up the rest")
	refuse = nil
	w.kill(t)
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"A success"}, w.ids())
}

func TestStorageFails(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA, row("A", "success", 200, time.Minute))
	w.store.FailWith(errors.New("the disk is full"))
	require.ErrorContains(t, w.poll(t), "the disk is full")
	require.ErrorContains(t, w.poll(t), "the disk is full")
	w.store.FailWith(nil)
	require.NoError(t, w.poll(t))
	assert.LessOrEqual(t, len(w.ids()), 1, "what was taken is remembered in memory")
	w.kill(t)
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"A success"}, w.ids())
}

// What was stored as it lies there, and is not understood, is another program's.
func TestUnknownCheckpoint(t *testing.T) {
	unknown := seal.Seal([]byte("{"))
	for _, key := range []string{"index", "webhook/" + hookA} {
		w := newWorld(t)
		w.begin(t)
		w.Add(hookA, row("A", "success", 200, time.Minute))
		require.NoError(t, w.poll(t))
		w.store.Put(key, unknown)
		require.NoError(t, w.webhooksReceiver.Shutdown(t.Context()))
		w.webhooksReceiver = w.create(t, w.webhooksReceiver.settings.Logger)
		require.ErrorIs(t, w.webhooksReceiver.Start(t.Context(), w.host()), checkpoint.ErrUnknown, "never a silent fresh start")
		assert.Zero(t, w.store.Open(), "the storage is closed")
	}
	w := newWorld(t)
	w.begin(t)
	w.store.Put("webhook/"+hookA, unknown)
	require.True(t, pull.IsPermanent(w.poll(t)), "one that appears later ends the polling")
}

// What a disk has changed costs what it held: what Zendesk still has is read again, with the
// same ids, by which Loki's look-up knows it.
func TestDamagedCheckpoint(t *testing.T) {
	for key, want := range map[string][]string{
		"index":            {"A success", "B success"},
		"webhook/" + hookA: {"A success", "A success", "B success"},
	} {
		w := newWorld(t)
		w.begin(t)
		w.Add(hookA, row("A", "success", 200, time.Minute))
		require.NoError(t, w.poll(t))
		damaged := bytes.ToUpper(w.store.Data()[key])
		w.store.Put(key, damaged)
		w.restart(t)
		w.Add(hookA, row("B", "success", 200, 0))
		w.after(time.Minute)
		require.NoError(t, w.poll(t))
		assert.ElementsMatch(t, want, w.ids(), key)
		assert.Equal(t, damaged, w.store.Data()["damaged/"+key])
	}
}

// A clock at Zendesk that runs ahead must not move the window into the future.
func TestRowsOfTheFuture(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA, row("future", "success", 200, -30*24*time.Hour))
	require.NoError(t, w.poll(t))
	w.after(time.Minute)
	w.Add(hookA, row("now", "success", 200, -30*time.Second))
	for range 2 {
		require.NoError(t, w.poll(t))
	}
	assert.ElementsMatch(t, []string{"future success", "now success"}, w.ids())
}

func TestUnreadableRows(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Add(hookA,
		row("A", "success", 200, time.Minute), row("", "success", 200, time.Minute), row("a/b", "success", 200, time.Minute),
		zendesktest.Row{ID: "C", Status: "success", CompletedAt: "yesterday"}, row("B", "a status that is new", 0, 0))
	w.Change(func(s *zendesktest.Server) { s.Webhooks = append(s.Webhooks, []byte(`{"id":5}`), []byte(`"x"`)) })
	require.NoError(t, w.poll(t))
	assert.Equal(t, []string{"A success", "B a status that is new"}, w.ids())

	of := metricdatatest.IgnoreTimestamp()
	values := func(n int64) []metricdata.DataPoint[int64] {
		return []metricdata.DataPoint[int64]{{Value: n, Attributes: attribute.NewSet(attribute.String("receiver", "zendesk_webhooks"))}}
	}
	warnings := func() (list []string) {
		for _, entry := range w.logs.FilterMessageSnippet("cannot be understood").TakeAll() {
			list = append(list, fmt.Sprint(entry.Message, entry.ContextMap()))
		}
		return list
	}
	metadatatest.AssertEqualWebhooksLostItems(t, w.telemetry, values(5), of)
	assert.Equal(t, []string{
		"Webhooks cannot be understood, and are not readmap[webhooks:2]",
		"Invocations of a webhook cannot be understood, and are lostmap[invocations:3 webhook:" + hookA + "]",
	}, warnings())
	w.logs.TakeAll()
	require.NoError(t, w.poll(t))
	metadatatest.AssertEqualWebhooksLostItems(t, w.telemetry, values(5), of)
	metadatatest.AssertEqualWebhooksUnreadableItems(t, w.telemetry, values(5), of)
	w.Add(hookA, zendesktest.Row{ID: "D", Status: "success", CompletedAt: "tomorrow"})
	require.NoError(t, w.poll(t))
	metadatatest.AssertEqualWebhooksLostItems(t, w.telemetry, values(6), of)
	assert.Empty(t, warnings(), "at most once an hour")
	w.after(time.Hour)
	w.Add(hookA, zendesktest.Row{ID: "E", Status: "success", CompletedAt: "tomorrow"})
	require.NoError(t, w.poll(t))
	metadatatest.AssertEqualWebhooksLostItems(t, w.telemetry, values(7), of)
	assert.Len(t, warnings(), 1)
	assert.Equal(t, "a status that is new", text(records(w.sink.AllLogs()...)[1], "status"), "the severity processor settles it")
}

func TestNoSecretAnywhere(t *testing.T) {
	w := newWorld(t)
	w.begin(t)
	w.Server.Attempts[hookA+"/A"] = []byte(`[{"status":"failed","completed_at":"2026-11-26T11:59:00Z","request":{"payload":"canary"},"response":{"payload":"canary"}}]`)
	w.Add(hookA, row("A", "failed", 500, time.Minute))
	require.NoError(t, w.poll(t))
	marshaler := plog.JSONMarshaler{}
	for _, logs := range w.sink.AllLogs() {
		content, err := marshaler.MarshalLogs(logs)
		require.NoError(t, err)
		assert.NotContains(t, string(content), "canary")
		assert.Contains(t, string(content), "hooks.erp.example")
	}
	for _, content := range w.store.Data() {
		assert.NotContains(t, string(content), "canary")
	}
	for _, entry := range w.logs.All() {
		assert.NotContains(t, fmt.Sprint(entry.Message, entry.ContextMap()), "canary")
	}
}
