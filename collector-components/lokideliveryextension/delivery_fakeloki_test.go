// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension_test

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

const (
	tenantHeader = "X-Scope-OrgID"
	tenant       = "acme"
	// refusedKey marks a record that the fake refuses for good.
	refusedKey = "test.refused"
)

// entry is what Loki keeps of a record.
type entry struct {
	product, id string
	time        int64
}

// lokiPatience is how long a test waits for records.
const lokiPatience = time.Minute

// fault is what happens to a push instead of Loki's own answer. stored tells whether
// Loki got it all the same.
type fault struct {
	stored bool
	answer http.HandlerFunc
}

// fakeLoki answers as Loki does, with one difference: it keeps every copy of an entry,
// as Loki does when the block of the first one is full. So each repetition shows.
type fakeLoki struct {
	tb      testing.TB
	handler http.Handler
	// URL is where it answers until the test ends.
	URL string

	mu      sync.Mutex
	entries map[entry]int
	order   []entry
	pushes  int
	queries []lokiQuery
	// onPush gets the number of the push, from 0, and returns nil for Loki's answer.
	onPush func(n int) *fault
	// onQuery answers a query and returns true, or leaves it to Loki.
	onQuery func(http.ResponseWriter, *http.Request) bool
}

func newFakeLoki(tb testing.TB) *fakeLoki {
	tb.Helper()
	l := &fakeLoki{tb: tb, entries: map[entry]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /otlp/v1/logs", l.push)
	mux.HandleFunc("/loki/api/v1/query_range", l.queryRange)
	l.handler = l.forTenant(mux)
	server := httptest.NewServer(l)
	tb.Cleanup(server.Close)
	l.URL = server.URL
	return l
}

// ServeHTTP answers a request.
func (l *fakeLoki) ServeHTTP(w http.ResponseWriter, r *http.Request) { l.handler.ServeHTTP(w, r) }

// forTenant refuses what does not carry the exporter's headers, look-ups too.
func (l *fakeLoki) forTenant(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(tenantHeader) != tenant {
			assert.Fail(l.tb, "a request without the tenant", "%s %s", r.Method, r.URL)
			lokiError(w, http.StatusUnauthorized, "no org id")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (l *fakeLoki) push(w http.ResponseWriter, r *http.Request) {
	logs, err := readPush(r)
	if err != nil {
		lokiError(w, http.StatusBadRequest, err.Error())
		return
	}
	l.mu.Lock()
	n, onPush := l.pushes, l.onPush
	l.pushes++
	l.mu.Unlock()
	var f *fault
	if onPush != nil {
		f = onPush(n)
	}
	if f == nil {
		l.store(w, logs)
		return
	}
	if f.stored {
		l.store(httptest.NewRecorder(), logs)
	}
	f.answer(w, r)
}

// store keeps what is good of a push, and answers as Loki does.
func (l *fakeLoki) store(w http.ResponseWriter, logs plog.Logs) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if logs.LogRecordCount() == 0 {
		lokiError(w, http.StatusUnprocessableEntity, "at least one valid stream is required for ingestion")
		return
	}
	refused := ""
	for _, record := range records(logs) {
		if _, ok := record.Attributes().Get(refusedKey); ok {
			refused = fmt.Sprintf("max entry size '262144' bytes exceeded for stream %q", entryOf(record).id)
			continue
		}
		e := entryOf(record)
		if l.entries[e] == 0 {
			l.order = append(l.order, e)
		}
		l.entries[e]++
	}
	if refused != "" {
		lokiError(w, http.StatusBadRequest, refused)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// lokiError answers as Loki does to a push: with a protobuf status.
func lokiError(w http.ResponseWriter, code int, message string) {
	body, err := proto.Marshal(&status.Status{Message: message})
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.WriteHeader(code)
	_, _ = w.Write(body)
}

// readPush decodes a push as Loki does.
func readPush(r *http.Request) (plog.Logs, error) {
	var body io.Reader = r.Body
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "":
	case "gzip":
		reader, err := gzip.NewReader(body)
		if err != nil {
			return plog.Logs{}, err
		}
		body = reader
	case "zstd":
		reader, err := zstd.NewReader(body, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return plog.Logs{}, err
		}
		defer reader.Close()
		body = reader
	default:
		return plog.Logs{}, fmt.Errorf("Content-Encoding %q not supported", encoding)
	}
	plain, err := io.ReadAll(body)
	if err != nil {
		return plog.Logs{}, err
	}
	request := plogotlp.NewExportRequest()
	switch r.Header.Get("Content-Type") {
	case "application/x-protobuf":
		err = request.UnmarshalProto(plain)
	case "application/json":
		err = request.UnmarshalJSON(plain)
	default:
		err = errors.New("content type not supported")
	}
	return request.Logs(), err
}

// times tells how often an entry is stored.
func (l *fakeLoki) times(e entry) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entries[e]
}

// has tells whether Loki has each of the entries.
func (l *fakeLoki) has(wanted []entry) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range wanted {
		if l.entries[e] == 0 {
			return false
		}
	}
	return true
}

// asked returns the queries until now.
func (l *fakeLoki) asked() []lokiQuery {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]lokiQuery(nil), l.queries...)
}

// pushed is the number of pushes until now.
func (l *fakeLoki) pushed() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pushes
}

// hasOnce waits until all entries are stored, and requires that none is twice.
func (l *fakeLoki) hasOnce(t *testing.T, wanted []entry) {
	t.Helper()
	assert.Eventually(t, func() bool { return l.has(wanted) }, lokiPatience, 10*time.Millisecond, "something is missing")
	l.mu.Lock()
	defer l.mu.Unlock()
	missing, repeated := 0, 0
	for _, e := range wanted {
		missing += btoi(l.entries[e] == 0)
	}
	for _, n := range l.entries {
		repeated += btoi(n > 1)
	}
	assert.Zero(t, missing, "missing entries of %d", len(wanted))
	assert.Zero(t, repeated, "repeated entries of %d", len(wanted))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
