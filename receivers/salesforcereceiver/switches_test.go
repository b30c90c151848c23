// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"
)

const (
	// healing is how long recovery may take on a busy machine. A poll that failed is tried
	// again after up to 7.5 s.
	healing = 30 * time.Second

	pollingFails = "Polling fails, and is tried again"
	pollingWorks = "Polling succeeds again"
	topicFails   = "A topic cannot be read at the moment"
	topicWorks   = "A topic can be read again"
	streamEnds   = "A stream ended and is begun anew"
)

// failure is one switch of a simulator.
type failure struct {
	with []func(*world)
	// breaks turns the switch on, and starts the receiver.
	breaks func(w *world)
	// status is in the error of the status and of the log; empty where the receiver is well
	// all the time. The status also names the source, where it is known which one fails.
	source, status string
	// says and recovers are the log's lines about it.
	says, recovers string
	// happens is what happens meanwhile; nil is a change of a case.
	happens func(w *world)
	// restarts where the product itself waits for minutes, by design: somebody who removes
	// the cause restarts the collector.
	restarts bool
	// records are all that there are at the end.
	records int
}

var failures = map[string]failure{
	// The token endpoint.
	"token endpoint 503": {
		breaks: http503At(tokenPath),
		status: "no token: the token endpoint answered 503", says: pollingFails, recovers: pollingWorks, happens: aCaseAndACall, records: 2,
	},
	"tokens refused for a while": {
		breaks: func(w *world) {
			w.org.RefuseTokens(endpoint.Always, salesforce.NotAdminApproved)
			w.start()
		},
		status: "Admin approved users are pre-authorized", says: pollingFails, happens: aCaseAndACall, restarts: true, records: 2,
	},
	"tokens expire": {
		with: streamOnly,
		breaks: func(w *world) {
			w.running()
			w.org.ExpireTokens()
			w.org.PubSub.KillStreams(pubsub.Unauthenticated)
		},
		says: streamEnds, records: 2,
	},

	// The REST API.
	"INVALID_SESSION_ID once": {
		with: filesOnly,
		breaks: func(w *world) {
			w.org.Inject(endpoint.Fault{Path: salesforce.Queries, Times: 1, Answer: invalidSession})
			aCall(w)
			w.start()
		},
		says: "Read an event log file", happens: func(*world) { /* the file is there */ }, records: 1,
	},
	"INVALID_SESSION_ID": {
		with: filesOnly, breaks: always(salesforce.Queries, invalidSession),
		source: filesSource, status: "sessions are locked to an IP address", says: pollingFails, recovers: pollingWorks, happens: aCall, records: 1,
	},
	"REQUEST_LIMIT_EXCEEDED": {
		with: filesOnly, breaks: always(salesforce.Queries, salesforce.LimitExceeded),
		source: filesSource, status: "API requests of 24 hours are used up", says: pollingFails, happens: aCall, restarts: true, records: 1,
	},
	"maintenance": {
		with: filesOnly, breaks: always(salesforce.Queries, salesforce.Maintenance),
		source: filesSource, status: "not that of a query", says: pollingFails, recovers: pollingWorks, happens: aCall, records: 1,
	},
	"503 on queries": {
		with: filesOnly, breaks: always(salesforce.Queries, salesforce.ServerUnavailable),
		source: filesSource, status: "503 Service Unavailable (SERVER_UNAVAILABLE)", says: pollingFails, recovers: pollingWorks, happens: aCall, records: 1,
	},
	"slow answers": {
		with:   append([]func(*world){func(w *world) { w.config.Timeout = 2 * time.Second }}, filesOnly...),
		breaks: always(salesforce.Queries, endpoint.Slow(time.Hour)),
		source: filesSource, status: "no answer for 2s", says: pollingFails, recovers: pollingWorks, happens: aCall, records: 1,
	},
	"log file cut off": {
		with: filesOnly,
		breaks: func(w *world) {
			aCall(w)
			always(salesforce.Downloads, endpoint.HalfWritten())(w)
		},
		source: filesSource, status: "(RestApi, Hourly, 2026-11-26T04:00:00Z): unexpected EOF", says: pollingFails, recovers: pollingWorks, happens: anotherCall, records: 2,
	},
	"log file is a maintenance page": {
		with: filesOnly,
		breaks: func(w *world) {
			aCall(w)
			always(salesforce.Downloads, salesforce.Maintenance)(w)
		},
		source: filesSource, status: "answered with a page and not with an event log file", says: pollingFails, recovers: pollingWorks, happens: anotherCall, records: 2,
	},

	// The Pub/Sub API.
	"killed streams": {
		with: streamOnly,
		breaks: func(w *world) {
			w.running()
			w.org.PubSub.KillStreams(pubsub.ConnectionReset)
		},
		says: streamEnds, records: 2,
	},
	"killed streams that do not come back at once": {
		with: streamOnly,
		breaks: func(w *world) {
			w.running()
			w.org.PubSub.FailNext(pubsub.Subscribe, 1, pubsub.SubscriptionInternal)
			w.org.PubSub.KillStreams(pubsub.ConnectionReset)
		},
		source: caseTopic, status: "subscription.internal.error", says: topicFails, recovers: topicWorks, records: 2,
	},
	"Subscribe unavailable": {
		with: streamOnly, breaks: next(pubsub.Subscribe, pubsub.Unavailable),
		source: caseTopic, status: "service.unavailable", says: topicFails, recovers: topicWorks, records: 1,
	},
	"GetTopic fails once": {
		with: streamOnly, breaks: next(pubsub.GetTopic, pubsub.Unavailable),
		source: caseTopic, status: "service.unavailable", says: topicFails, recovers: topicWorks, records: 1,
	},
	"GetSchema fails once": {
		with: streamOnly,
		breaks: func(w *world) {
			w.publish("Case", 1, changeevent.Change{})
			next(pubsub.GetSchema, pubsub.SchemaUnavailable)(w)
		},
		source: caseTopic, status: "schema.api.unavailable", says: topicFails, recovers: topicWorks, records: 2,
	},
	"allocation used up": {
		with: streamOnly, breaks: next(pubsub.Subscribe, pubsub.DeliveryLimit),
		source: caseTopic, status: "all event deliveries of the organization's 24 hours are used up", says: topicFails, restarts: true, records: 1,
	},
	"topic forbidden and allowed": {
		with: streamOnly,
		breaks: func(w *world) {
			w.org.PubSub.Forbid(caseTopic, true)
			w.start()
		},
		source: caseTopic, status: "needs View All Records on the object", says: topicFails, restarts: true, records: 1,
	},
	"replay id expired": {
		with: streamOnly,
		breaks: func(w *world) {
			w.running()
			w.shutdown()
			w.org.PubSub.ForgetEvents()
			w.again()
			w.start()
		},
		source: caseTopic, status: "subscription.fetch.replayid.corrupted", says: topicFails, recovers: topicWorks,
		records: 3, // the third says what may be missing
	},

	// Zendesk, which is asked what became of a change.
	"Zendesk 429": {
		with: confirming, breaks: zendeskAnswers(http.StatusTooManyRequests),
		source: confirmSource, status: "429 Too Many Requests", says: pollingFails, recovers: pollingWorks, happens: synchronised, records: 2,
	},
	"Zendesk 502": {
		with: confirming, breaks: zendeskAnswers(http.StatusBadGateway),
		source: confirmSource, status: "502 Bad Gateway", says: pollingFails, recovers: pollingWorks, happens: synchronised, records: 2,
	},
}

var (
	streamOnly = []func(*world){only(caseTopic)}
	filesOnly  = []func(*world){func(w *world) { w.config.ChangeDataCapture.Enabled = false }}
	confirming = []func(*world){only(accountTopic), withZendesk}

	invalidSession = endpoint.Status(http.StatusUnauthorized, "application/json", `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`)
)

// always lets requests be answered so until the organization is healed.
func always(path string, answer endpoint.Answer) func(*world) {
	return func(w *world) {
		w.org.Inject(endpoint.Fault{Path: path, Times: endpoint.Always, Answer: answer})
		w.start()
	}
}

func http503At(path string) func(*world) {
	return always(path, endpoint.Status(http.StatusServiceUnavailable, "text/plain", "overloaded"))
}

// next lets the next call fail.
func next(method pubsub.Method, with pubsub.Failure) func(*world) {
	return func(w *world) {
		w.org.PubSub.FailNext(method, 1, with)
		w.start()
	}
}

// zendeskAnswers lets a change be awaited, and then asks in vain what became of it.
func zendeskAnswers(status int) func(*world) {
	return func(w *world) {
		w.publish("Account", 1, changeevent.Change{})
		w.byHand(func() { w.eventually(1) })
		w.again()
		w.account.Inject(endpoint.Fault{Path: "/show_many", Times: endpoint.Always, Answer: endpoint.Status(status, "application/json", "{}")})
		w.start()
	}
}

// running starts the receiver, and waits until a change was read and that is remembered.
func (w *world) running() {
	w.Helper()
	w.publish("Case", 1, changeevent.Change{})
	w.start()
	require.Eventually(w, func() bool {
		position := w.store.Data()[stream.PositionKey(caseTopic)]
		return w.sink.LogRecordCount() == 1 && bytes.Contains(position, []byte("replay_id"))
	}, healing, tick)
}

func aCase(w *world) { w.publish("Case", 2, changeevent.Change{}) }

func aCall(w *world) { call(w, 1) }

func anotherCall(w *world) { call(w, 2) }

func call(w *world, n int) {
	hour := noon.Add(time.Duration(n-9) * time.Hour)
	w.hourly("RestApi", hour, salesforce.RestAPIColumns, w.org.RestCall(n, hour, 400, "X: y"))
}

func aCaseAndACall(w *world) {
	aCase(w)
	aCall(w)
}

func synchronised(w *world) {
	w.account.PutOrganization(zendesk.Organization{ID: 77, Name: "Acme", ExternalID: recordid.New(recordid.Account, 1), UpdatedAt: noon.Add(-58 * time.Minute)})
}

// soon waits until something is so. Where that never is, it shows what the log said.
func (w *world) soon(is func() bool, what string) {
	w.Helper()
	if !assert.Eventually(w, is, healing, 5*tick, what) {
		for _, entry := range w.logs.All() {
			w.Logf("%s %s %v", entry.Level, entry.Message, entry.ContextMap())
		}
		require.FailNow(w, what, "statuses %v, records %q", w.reported(), w.bodies())
	}
}

// says tells whether an operator reads a line, which is one of a level that is shown, with
// this cause.
func (w *world) says(message, cause string) bool {
	for _, entry := range w.logs.FilterMessageSnippet(message).All() {
		if entry.Level >= zap.InfoLevel && strings.Contains(fmt.Sprint(entry.ContextMap()["error"]), cause) {
			return true
		}
	}
	return false
}

// TestSwitches turns on each failure that the simulators have, and wants the status and the
// line of the log that tell of it. It then turns the failure off: the status is well
// again, and what happened meanwhile is there, once.
func TestSwitches(t *testing.T) {
	t.Parallel()
	failed, well := componentstatus.StatusRecoverableError, componentstatus.StatusOK
	for name, given := range failures {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they mostly wait
			w := newWorld(t, given.with...)
			given.breaks(w)
			if given.status != "" {
				w.soon(func() bool { return len(w.reported()) > 0 }, "a status")
				// The first one; it may be over by now.
				w.mu.Lock()
				first := w.statuses[0]
				w.mu.Unlock()
				require.Equal(t, failed, first.Status())
				require.ErrorContains(t, first.Err(), given.status)
				require.True(t, strings.HasPrefix(first.Err().Error(), given.source), first.Err())
			}
			w.soon(func() bool { return w.says(given.says, given.status) }, "a line of the log")

			if given.happens == nil {
				given.happens = aCase
			}
			given.happens(w)
			if given.restarts {
				require.Equal(t, []componentstatus.Status{failed}, w.reported(), "it is not tried again soon")
				w.shutdown()
			}
			w.org.Heal()
			w.org.PubSub.Forbid(caseTopic, false)
			w.account.Heal()
			want := []componentstatus.Status{failed, well}
			switch {
			case given.restarts:
				want = want[:1] // the collector counts what it starts as well until it hears otherwise
				w.again()
				w.start()
			case given.status == "":
				want = nil
			}

			w.soon(func() bool { return w.sink.LogRecordCount() >= given.records }, "what happened meanwhile")
			w.soon(func() bool { return slices.Equal(want, w.reported()) }, "that it is well again")
			if given.recovers != "" {
				w.soon(func() bool { return w.says(given.recovers, "") }, "a line of the log about recovery")
			}
			w.shutdown()
			assert.Equal(t, want, w.reported())
			assert.Equal(t, given.records, w.sink.LogRecordCount(), "%q", w.bodies())
			w.once(given.records)
		})
	}
}
