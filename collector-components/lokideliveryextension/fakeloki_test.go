// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/identity"
	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/pushbody"
)

// fakeLoki keeps every record that it is sent, repetitions too, and answers queries.
type fakeLoki struct {
	*httptest.Server

	mu      sync.Mutex
	stored  []identity.Key
	pushes  int
	queries []http.Header
	// onPush and onQuery answer in its place when they return true.
	onPush  func(w http.ResponseWriter, logs plog.Logs) bool
	onQuery func(w http.ResponseWriter) bool
	// bad are the ids of records that it refuses for good.
	bad map[string]bool
}

func newFakeLoki(t *testing.T) *fakeLoki {
	t.Helper()
	l := &fakeLoki{bad: make(map[string]bool)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /loki/otlp/v1/logs", l.push)
	mux.HandleFunc("POST /loki/loki/api/v1/query_range", l.query)
	l.Server = httptest.NewServer(mux)
	t.Cleanup(l.Close)
	return l
}

func (l *fakeLoki) push(w http.ResponseWriter, r *http.Request) {
	push, err := pushbody.Read(r)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	logs, err := push.Decode()
	if err != nil {
		refuse(w, err.Error())
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pushes++
	if l.onPush != nil && l.onPush(w, logs) {
		return
	}
	if l.keep(logs) {
		refuse(w, "has timestamp too old")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// keep stores the good records and tells whether there were bad ones.
func (l *fakeLoki) keep(logs plog.Logs) (bad bool) {
	identity.Each(logs, func(record plog.LogRecord) {
		key, _ := identity.Of(record)
		if l.bad[key.ID] {
			bad = true
			return
		}
		l.stored = append(l.stored, key)
	})
	return bad
}

func refuse(w http.ResponseWriter, reason string) {
	body, _ := proto.Marshal(&status.Status{Message: reason})
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(body)
}

var queryPattern = regexp.MustCompile(`^\{product=("(?:[^"\\]|\\.)*")\} \| activity_id=~("(?:[^"\\]|\\.)*") \| line_format "" \| keep activity_id$`)

func (l *fakeLoki) query(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queries = append(l.queries, r.Header)
	if l.onQuery != nil && l.onQuery(w) {
		return
	}
	parts := queryPattern.FindStringSubmatch(r.PostFormValue("query"))
	if parts == nil {
		http.Error(w, "parse error", http.StatusBadRequest)
		return
	}
	product, _ := strconv.Unquote(parts[1])
	pattern, _ := strconv.Unquote(parts[2])
	ids, err := regexp.Compile("^(?:" + pattern + ")$")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	start, _ := strconv.ParseUint(r.PostFormValue("start"), 10, 64)
	end, _ := strconv.ParseUint(r.PostFormValue("end"), 10, 64)
	limit, _ := strconv.Atoi(r.PostFormValue("limit"))
	var result []any
	for _, key := range l.stored {
		if key.Product == product && ids.MatchString(key.ID) && uint64(key.Time) >= start && uint64(key.Time) < end && len(result) < limit {
			result = append(result, map[string]any{
				"stream": map[string]string{"activity_id": key.ID},
				"values": [][]string{{strconv.FormatUint(uint64(key.Time), 10), ""}},
			})
		}
	}
	w.Header().Set("Content-Type", "application/json")
	answer, err := json.Marshal(map[string]any{"status": "success", "data": map[string]any{"resultType": "streams", "result": result}})
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(answer)
}

// times counts how often each id is stored.
func (l *fakeLoki) times() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	times := make(map[string]int)
	for _, key := range l.stored {
		times[key.ID]++
	}
	return times
}

func (l *fakeLoki) set(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// marshal is the body of a push.
func marshal(t *testing.T, logs plog.Logs) []byte {
	t.Helper()
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	return body
}

func readAll(t *testing.T, resp *http.Response) []byte {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return body
}
