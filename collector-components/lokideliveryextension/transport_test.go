// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/metadata"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// fakeQueue stands for queue_storage.
type fakeQueue struct {
	component.StartFunc
	component.ShutdownFunc
	backlog bool
}

func (q *fakeQueue) Backlog() bool { return q.backlog }

type testHost map[component.ID]component.Component

func (h testHost) GetExtensions() map[component.ID]component.Component { return h }

// sender is an exporter's client with the extension in between.
type sender struct {
	t         *testing.T
	loki      *fakeLoki
	queue     *fakeQueue
	extension *lokiDelivery
	client    *http.Client
	directory string
}

func newSender(t *testing.T, adjust ...func(*Config)) *sender {
	t.Helper()
	s := &sender{t: t, loki: newFakeLoki(t), queue: &fakeQueue{}, directory: t.TempDir()}
	queueID := component.MustNewID("queue_storage")
	cfg := createDefaultConfig().(*Config)
	cfg.QueueStorage = &queueID
	cfg.DeadLetter.Directory = s.directory
	for _, f := range adjust {
		f(cfg)
	}
	var err error
	s.extension, err = newExtension(extensiontest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	require.NoError(t, s.extension.Start(t.Context(), testHost{queueID: s.queue}))
	wrap, err := s.extension.GetHTTPRoundTripper(t.Context())
	require.NoError(t, err)
	inner := http.DefaultTransport.(*http.Transport).Clone()
	rt, err := wrap(t.Context(), inner)
	require.NoError(t, err)
	s.client = &http.Client{Transport: rt}
	t.Cleanup(func() {
		inner.CloseIdleConnections()
		require.NoError(t, s.extension.Shutdown(context.WithoutCancel(t.Context())))
	})
	return s
}

// push sends logs and returns the status code, 0 for an error.
func (s *sender) push(logs plog.Logs) int {
	s.t.Helper()
	return s.pushBody(marshal(s.t, logs), "application/x-protobuf")
}

func (s *sender) pushBody(body []byte, contentType string) int {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.loki.URL+"/loki/otlp/v1/logs", bytes.NewReader(body))
	require.NoError(s.t, err)
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("X-Scope-Orgid", "acme")
	req.Header.Set("Authorization", "Bearer t")
	resp, err := s.client.Do(req)
	if err != nil {
		return 0
	}
	readAll(s.t, resp)
	return resp.StatusCode
}

func (s *sender) deadLetters() []string {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.directory, "*.jsonl"))
	require.NoError(s.t, err)
	var lines []string
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(s.t, err)
		lines = append(lines, strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")...)
	}
	return lines
}

// records returns logs with these ids, one second apart from the time on.
func records(at time.Time, ids ...string) plog.Logs {
	logs := plog.NewLogs()
	slice := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for i, id := range ids {
		record := slice.AppendEmpty()
		record.SetTimestamp(pcommon.NewTimestampFromTime(at.Add(time.Duration(i) * time.Second)))
		record.Body().SetStr("Order created")
		record.Attributes().PutStr(activity.ProductKey, "shopify")
		record.Attributes().PutStr(activity.IDKey, id)
	}
	return logs
}

// fresh are records that happened too late to be repetitions.
func fresh(ids ...string) plog.Logs { return records(time.Now().Add(time.Hour), ids...) }

// old are records that an earlier process may have had.
func old(ids ...string) plog.Logs { return records(time.Now().Add(-time.Hour), ids...) }

func TestNothingIsAskedWithoutDoubt(t *testing.T) {
	s := newSender(t)
	assert.Equal(t, http.StatusNoContent, s.push(fresh("a", "b")))
	assert.Equal(t, map[string]int{"a": 1, "b": 1}, s.loki.times())
	assert.Empty(t, s.loki.queries)
}

func TestAnEmptyPushIsNotSent(t *testing.T) {
	s := newSender(t)
	assert.Equal(t, http.StatusNoContent, s.push(plog.NewLogs()))
	assert.Zero(t, s.loki.pushes)
}

func TestWhatIsTransientIsSentAgain(t *testing.T) {
	for _, code := range []int{
		200, 201, 202, 206, 260, 301, 302, 307, 308, 401, 402, 403, 404, 405, 407, 408, 409, 411, 413, 415, 418, 421, 425, 431, 499, 500, 501, 502, 503, 504, 505, 507, 520,
	} {
		s := newSender(t)
		s.loki.set(func() {
			s.loki.onPush = func(w http.ResponseWriter, _ plog.Logs) bool {
				w.Header().Set("Location", "/login")
				w.WriteHeader(code)
				_, _ = w.Write([]byte("<html>proxy</html>"))
				return true
			}
		})
		logs := fresh("a")
		assert.Equal(t, http.StatusServiceUnavailable, s.push(logs), code)
		assert.Equal(t, http.StatusServiceUnavailable, s.push(logs), code)
		s.loki.set(func() { s.loki.onPush = nil })
		assert.Equal(t, http.StatusNoContent, s.push(logs), code)
		assert.Equal(t, map[string]int{"a": 1}, s.loki.times(), code)
		assert.Empty(t, s.deadLetters(), code)
	}
}

func TestTooManyRequestsKeepsItsCode(t *testing.T) {
	s := newSender(t)
	s.loki.set(func() {
		s.loki.onPush = func(w http.ResponseWriter, _ plog.Logs) bool {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
			return true
		}
	})
	assert.Equal(t, http.StatusTooManyRequests, s.push(fresh("a")))
}

func TestAnAnswerThatIsLostDoublesNothing(t *testing.T) {
	for name, lose := range map[string]func(w http.ResponseWriter, code *int){
		"connection cut": func(http.ResponseWriter, *int) { panic(http.ErrAbortHandler) },
		"proxy's 500":    func(_ http.ResponseWriter, code *int) { *code = http.StatusInternalServerError },
		"proxy's 504":    func(_ http.ResponseWriter, code *int) { *code = http.StatusGatewayTimeout },
		"login page":     func(_ http.ResponseWriter, code *int) { *code = http.StatusOK },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSender(t)
			s.loki.set(func() {
				s.loki.onPush = func(w http.ResponseWriter, logs plog.Logs) bool {
					s.loki.keep(logs)
					s.loki.onPush = nil
					code := http.StatusNoContent
					lose(w, &code)
					w.WriteHeader(code)
					return true
				}
			})
			logs := fresh("a", "b")
			assert.NotEqual(t, http.StatusNoContent, s.push(logs))
			assert.Equal(t, http.StatusNoContent, s.push(logs))
			assert.Equal(t, map[string]int{"a": 1, "b": 1}, s.loki.times())
			assert.Equal(t, 1, s.loki.pushes, "the second one was not sent at all")
		})
	}
}

func TestBacklogIsLookedUp(t *testing.T) {
	s := newSender(t)
	require.Equal(t, http.StatusNoContent, s.push(fresh("warm up")))
	logs := fresh("a", "b", "c")
	s.loki.set(func() { s.loki.keep(logs) })
	s.queue.backlog = true
	more := plog.NewLogs()
	logs.CopyTo(more)
	fresh("d").ResourceLogs().MoveAndAppendTo(more.ResourceLogs())
	assert.Equal(t, http.StatusNoContent, s.push(more))
	assert.Equal(t, map[string]int{"warm up": 1, "a": 1, "b": 1, "c": 1, "d": 1}, s.loki.times())
	require.NotEmpty(t, s.loki.queries)
	for _, header := range s.loki.queries {
		assert.Equal(t, "acme", header.Get("X-Scope-Orgid"))
		assert.Equal(t, "Bearer t", header.Get("Authorization"))
		assert.Equal(t, "no-cache", header.Get("Cache-Control"))
		assert.Equal(t, "application/x-www-form-urlencoded", header.Get("Content-Type"))
		assert.Empty(t, header.Get("Content-Encoding"))
	}
}

func TestOldRecordsAreLookedUpAndOnlyThese(t *testing.T) {
	s := newSender(t)
	both := old("a", "b")
	fresh("c").ResourceLogs().MoveAndAppendTo(both.ResourceLogs())
	assert.Equal(t, http.StatusNoContent, s.push(both))
	assert.Equal(t, http.StatusNoContent, s.push(both), "the vendor sends it again")
	assert.Equal(t, map[string]int{"a": 1, "b": 1, "c": 2}, s.loki.times(), "c is the receiver's to recognise")
}

func TestDuplicatesInOnePush(t *testing.T) {
	s := newSender(t)
	at := time.Now().Add(-time.Hour)
	logs := records(at, "a")
	records(at, "a").ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
	records(at.Add(time.Nanosecond), "a").ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
	assert.Equal(t, http.StatusNoContent, s.push(logs))
	assert.Equal(t, map[string]int{"a": 2}, s.loki.times(), "another time is another record")
}

func TestTwoCopiesAtOnce(t *testing.T) {
	s := newSender(t)
	s.queue.backlog = true
	logs := fresh("a", "b", "c")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() { assert.Equal(t, http.StatusNoContent, s.push(logs)) })
	}
	group.Wait()
	assert.Equal(t, map[string]int{"a": 1, "b": 1, "c": 1}, s.loki.times())
}

func TestWhatCannotBeLookedUpWaits(t *testing.T) {
	for _, code := range []int{408, 425, 429, 500, 502, 503, 504, 401, 403, 404, 405, 302, 400, 200} {
		s := newSender(t)
		s.loki.set(func() {
			s.loki.onQuery = func(w http.ResponseWriter) bool {
				w.WriteHeader(code)
				_, _ = w.Write([]byte("<html>"))
				return true
			}
		})
		assert.Equal(t, http.StatusServiceUnavailable, s.push(old("a")), code)
		assert.Zero(t, s.loki.pushes, code)
		s.loki.set(func() { s.loki.onQuery = nil })
		assert.Equal(t, http.StatusNoContent, s.push(old("a")), code)
	}
}

func TestPatienceEnds(t *testing.T) {
	refused := func(w http.ResponseWriter) bool {
		w.WriteHeader(http.StatusForbidden)
		return true
	}
	s := newSender(t, func(cfg *Config) { cfg.InDoubtPatience = 0 })
	s.loki.set(func() { s.loki.onQuery = refused })
	assert.Equal(t, http.StatusNoContent, s.push(old("a")))
	assert.Equal(t, map[string]int{"a": 1}, s.loki.times())

	s.loki.set(func() {
		s.loki.onQuery = func(w http.ResponseWriter) bool {
			w.WriteHeader(http.StatusBadGateway)
			return true
		}
	})
	assert.Equal(t, http.StatusServiceUnavailable, s.push(old("b")), "an outage is no refusal")
}

func TestInDoubtSend(t *testing.T) {
	s := newSender(t, func(cfg *Config) { cfg.InDoubt = InDoubtSend })
	s.queue.backlog = true
	assert.Equal(t, http.StatusNoContent, s.push(old("a")))
	assert.Empty(t, s.loki.queries)
	s.loki.set(func() { s.loki.bad["b"] = true })
	assert.Equal(t, http.StatusBadRequest, s.push(old("b")))
	assert.Len(t, s.deadLetters(), 1)
	assert.Empty(t, s.loki.queries)
}

func TestRefusedRecordsGoToTheFileAndOnlyThese(t *testing.T) {
	s := newSender(t)
	s.loki.set(func() { s.loki.bad["b"] = true })
	assert.Equal(t, http.StatusBadRequest, s.push(fresh("a", "b", "c")))
	assert.Equal(t, map[string]int{"a": 1, "c": 1}, s.loki.times())
	lines := s.deadLetters()
	require.Len(t, lines, 1)
	assert.Contains(t, lines[0], "has timestamp too old")

	// The line is a push: when the reason is gone it can be sent as it is.
	s.loki.set(func() { clear(s.loki.bad) })
	assert.Equal(t, http.StatusNoContent, s.pushBody([]byte(lines[0]), "application/json"))
	assert.Equal(t, map[string]int{"a": 1, "b": 1, "c": 1}, s.loki.times())
}

func TestAProxysPageIsNoRefusal(t *testing.T) {
	s := newSender(t)
	s.loki.set(func() {
		s.loki.onPush = func(w http.ResponseWriter, _ plog.Logs) bool {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(http.StatusBadRequest)
			return true
		}
	})
	assert.Equal(t, http.StatusServiceUnavailable, s.push(fresh("a")))
	assert.Empty(t, s.deadLetters())
}

func TestARefusalThatCannotBeLookedUpWaits(t *testing.T) {
	s := newSender(t)
	s.loki.set(func() {
		s.loki.bad["b"] = true
		s.loki.onQuery = func(w http.ResponseWriter) bool {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}
	})
	logs := fresh("a", "b")
	assert.Equal(t, http.StatusServiceUnavailable, s.push(logs))
	assert.Empty(t, s.deadLetters())
	s.loki.set(func() { s.loki.onQuery = nil })
	assert.Equal(t, http.StatusBadRequest, s.push(logs))
	assert.Equal(t, map[string]int{"a": 1}, s.loki.times())
	assert.Len(t, s.deadLetters(), 1)
}

func TestWhatCannotBeBuriedWaits(t *testing.T) {
	s := newSender(t, func(cfg *Config) { cfg.DeadLetter.MaxFiles = 1 })
	s.extension.deadLetters = nil // replaced below
	require.NoError(t, os.WriteFile(filepath.Join(s.directory, "refused-1.jsonl"), bytes.Repeat([]byte("x\n"), 33<<20), 0o600))
	require.NoError(t, s.extension.Start(t.Context(), testHost{*s.extension.config.QueueStorage: s.queue}))
	s.loki.set(func() { s.loki.bad["a"] = true })
	logs := fresh("a")
	assert.Equal(t, http.StatusServiceUnavailable, s.push(logs))
	require.NoError(t, os.Remove(filepath.Join(s.directory, "refused-1.jsonl")))
	require.NoError(t, s.extension.deadLetters.Close())
	assert.Equal(t, http.StatusBadRequest, s.push(logs))
	assert.Len(t, s.deadLetters(), 1)
}

func TestAnUndecodablePushIsKeptAsItIs(t *testing.T) {
	s := newSender(t)
	assert.Equal(t, http.StatusBadRequest, s.pushBody([]byte("\xff\xff\xff"), "application/x-protobuf"))
	lines := s.deadLetters()
	require.Len(t, lines, 1)
	assert.Contains(t, lines[0], `"body":"////"`)
}

func TestJSONPushes(t *testing.T) {
	s := newSender(t)
	body, err := plogotlp.NewExportRequestFromLogs(old("a")).MarshalJSON()
	require.NoError(t, err)
	s.loki.set(func() { s.loki.keep(old("b")) })
	assert.Equal(t, http.StatusNoContent, s.pushBody(body, "application/json"))
	assert.Equal(t, http.StatusNoContent, s.pushBody(body, "application/json"))
	assert.Equal(t, map[string]int{"a": 1, "b": 1}, s.loki.times())
}

func TestOtherRequestsPass(t *testing.T) {
	s := newSender(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.loki.URL+"/ready", http.NoBody)
	require.NoError(t, err)
	resp, err := s.client.Do(req)
	require.NoError(t, err)
	readAll(t, resp)
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
}

func TestARefusedConnectionLeavesNoDoubt(t *testing.T) {
	s := newSender(t)
	logs := fresh("a")
	s.extension.doubts.Add(marshal(t, logs))
	assert.True(t, s.extension.doubts.Has(marshal(t, logs)))
	s.extension.doubts.Remove(marshal(t, logs))
	s.loki.Close()
	assert.Zero(t, s.push(logs))
	assert.False(t, s.extension.doubts.Has(marshal(t, logs)))
}

func TestStartTellsWhatIsWrong(t *testing.T) {
	queueID := component.MustNewID("queue_storage")
	cfg := createDefaultConfig().(*Config)
	cfg.DeadLetter.Directory = t.TempDir()
	cfg.QueueStorage = &queueID
	e, err := newExtension(extensiontest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	assert.Equal(t, []component.ID{queueID}, e.Dependencies())
	require.ErrorContains(t, e.Start(t.Context(), componenttest.NewNopHost()), `"queue_storage" is no queue_storage extension`)
	require.NoError(t, e.Shutdown(t.Context()))

	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	cfg = createDefaultConfig().(*Config)
	cfg.DeadLetter.Directory = filepath.Join(file, "sub")
	e, err = newExtension(extensiontest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	assert.Empty(t, e.Dependencies())
	require.ErrorContains(t, e.Start(t.Context(), componenttest.NewNopHost()), "dead_letter::directory")
	require.NoError(t, e.Shutdown(t.Context()))
}
