// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"golang.org/x/sync/semaphore"

	"github.com/integrationlog/integrationlog/internal/webhook/internal/metadatatest"
)

// private stands for all that must be seen nowhere.
const private = "jane.doe@example.com"

// way is one way in which a request can end, and how to bring it about.
type way struct {
	outcome Outcome
	code    int
	// refused is how many records count as refused by the pipeline.
	refused int64
	option  func(*rig)
	// prepare is called between creation and start.
	prepare func(*rig)
	provoke func(*rig) answer
}

func postTwo(r *rig) answer { return r.post(ids(private, "2")) }

func fails(err error) func(*rig) {
	return withConsume(func(context.Context, []string) error { return err })
}

func ways(t *testing.T) []way {
	t.Helper()
	never := func(*rig) {}
	return []way{
		{outcome: Accepted, code: 200, option: never, provoke: postTwo},
		{outcome: Unauthorized, code: 401, option: never, provoke: func(r *rig) answer {
			request := r.request(strings.NewReader(ids(private)))
			request.Header.Set(signature, private)
			return r.do(request)
		}},
		{outcome: MethodNotAllowed, code: 405, option: never, provoke: func(r *rig) answer {
			request := r.signed(ids(private))
			request.Method = http.MethodPut
			return r.do(request)
		}},
		{outcome: UnsupportedMediaType, code: 415, option: never, provoke: func(r *rig) answer {
			request := r.signed(ids(private))
			request.Header.Set("Content-Type", "text/"+private)
			return r.do(request)
		}},
		{outcome: TooLarge, code: 413, option: func(r *rig) { r.config.ServerConfig.MaxRequestBodySize = 20 }, provoke: postTwo},
		{outcome: Slow, code: 408, option: func(r *rig) { r.config.Timeout = 50 * time.Millisecond }, provoke: func(r *rig) answer {
			body, writer := io.Pipe()
			defer func() { _ = writer.Close() }()
			go func() { _, _ = io.WriteString(writer, private) }()
			return r.do(r.request(body))
		}},
		{outcome: CutOff, code: 400, option: never, provoke: func(r *rig) answer {
			zipped := gzipped(r.t, []byte(private))
			return r.do(r.encoded(private, bytes.NewReader(zipped[:len(zipped)-10]), "gzip"))
		}},
		{outcome: Malformed, code: 400, option: never, provoke: func(r *rig) answer { return r.post(`{"activities": "` + private) }},
		{outcome: NotRunning, code: 503, option: never, prepare: func(r *rig) {
			startRig(r.t, withEndpoint(r.config.ServerConfig.NetAddr.Endpoint), withPath("/neighbour"))
		}, provoke: postTwo},
		{outcome: DiskFull, code: 503, refused: 2, option: func(r *rig) {
			r.config.MinFreeDisk = MinFreeDiskConfig{Directory: r.t.TempDir(), MiB: 1 << 40}
		}, provoke: postTwo},
		{outcome: Overload, code: 503, option: never, prepare: func(r *rig) {
			r.receiver.(*webhookReceiver).route.bodies = semaphore.NewWeighted(1)
		}, provoke: postTwo},
		{outcome: Unavailable, code: 503, refused: 2, option: fails(errors.New("the queue is full")), provoke: postTwo},
		{outcome: Refused, code: 400, refused: 2, option: fails(consumererror.NewPermanent(errors.New("never"))), provoke: postTwo},
	}
}

// in brings a rig into the state in which the request ends that way.
func (w way) in(t *testing.T, options ...func(*rig)) *rig {
	t.Helper()
	r := newRig(t, append([]func(*rig){w.option}, options...)...)
	if w.prepare != nil {
		w.prepare(r)
	}
	if w.outcome != NotRunning {
		r.start()
	}
	return r
}

func TestEveryOutcome(t *testing.T) {
	all := ways(t)
	require.Len(t, all, int(Refused)+1, "an outcome has no test")
	for _, w := range all {
		t.Run(w.outcome.String(), func(t *testing.T) {
			r := w.in(t)
			got := w.provoke(r)
			r.requireCode(w.code, got)
			assert.Equal(t, w.code, DefaultReply(w.outcome))

			if w.outcome == Accepted {
				assert.Empty(t, got.body)
				assert.EqualValues(t, 2, r.accepted())
				assert.Zero(t, r.allRejected())
			} else {
				assert.Equal(t, http.StatusText(w.code)+"\n", got.body)
				assert.Zero(t, r.accepted())
				metadatatest.AssertEqualWebhookRejectedRequests(t, r.telemetry, []metricdata.DataPoint[int64]{{
					Value: 1, Attributes: attribute.NewSet(attribute.String("reason", w.outcome.String()), attribute.String("receiver", r.id.String())),
				}}, metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
			}
			assert.Equal(t, w.refused, r.refused())
			assert.Equal(t, map[bool]string{true: "5"}[w.code == 503], got.header.Get("Retry-After"))
			assert.Equal(t, map[bool]string{true: "POST"}[w.code == 405], got.header.Get("Allow"))
		})
	}
}

// The vendor's own rules come first, whatever happened.
func TestEverySourcesReplyIsRespected(t *testing.T) {
	for _, w := range ways(t) {
		for _, base := range []int{210, 430} {
			t.Run(fmt.Sprintf("%s/%d", w.outcome, base), func(t *testing.T) {
				r := w.in(t, func(r *rig) { r.source.reply = func(outcome Outcome) int { return base + int(outcome) } })
				r.requireCode(base+int(w.outcome), w.provoke(r))
			})
		}
	}
	t.Run("429 asks to wait", func(t *testing.T) {
		r := startRig(t, fails(errors.New("full")), func(r *rig) { r.source.reply = func(Outcome) int { return http.StatusTooManyRequests } })
		got := postTwo(r)
		r.requireCode(http.StatusTooManyRequests, got)
		assert.Equal(t, "5", got.header.Get("Retry-After"))
	})
}

// Neither a body nor a credential may be found in a log, an answer, a status or a
// metric.
func TestNothingPrivateGetsOut(t *testing.T) {
	for _, w := range ways(t) {
		t.Run(w.outcome.String(), func(t *testing.T) {
			r := w.in(t)
			got := w.provoke(r)
			answered := fmt.Sprint(got.body, got.header)
			reported := ""
			for _, event := range r.host.events {
				reported += fmt.Sprint(event.Err())
			}
			var counted metricdata.ResourceMetrics
			require.NoError(t, r.telemetry.Reader.Collect(t.Context(), &counted))
			traced := ""
			for _, span := range r.telemetry.SpanRecorder.Ended() {
				traced += fmt.Sprint(span.Name(), span.Attributes(), span.Status(), span.Events())
			}
			r.stop()
			for where, text := range map[string]string{
				"answer": answered, "status": reported, "metrics": fmt.Sprintf("%+v", counted), "log": r.logLines(), "trace": traced,
			} {
				assert.NotContains(t, text, private, where)
				assert.NotContains(t, text, "jane", where)
				assert.NotContains(t, text, testSecret, where)
				assert.NotContains(t, text, sign(testSecret, ids(private, "2")), where)
			}
		})
	}
}

func TestOutcomesHaveDistinctNames(t *testing.T) {
	names := map[string]bool{}
	for outcome := Accepted; outcome <= Refused; outcome++ {
		assert.False(t, names[outcome.String()], outcome.String())
		names[outcome.String()] = true
	}
	assert.Equal(t, "unavailable", Outcome(-1).String())
	assert.Equal(t, http.StatusServiceUnavailable, DefaultReply(Outcome(-1)))
}

// One line tells that something is wrong; how often it is, counters tell.
func TestOneLineForMany(t *testing.T) {
	for _, w := range ways(t) {
		if w.outcome == Slow {
			continue // takes its time each time
		}
		t.Run(w.outcome.String(), func(t *testing.T) {
			r := w.in(t)
			w.provoke(r)
			before := r.logs.Len()
			for range 10 {
				w.provoke(r)
			}
			assert.Equal(t, before, r.logs.Len(), r.logLines())
		})
	}
}
