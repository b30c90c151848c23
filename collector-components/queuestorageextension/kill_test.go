// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package queuestorageextension

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// The child process is this test binary, which takes its part from the environment. With
// childStorage set, the queue uses file_storage directly: then TestKill fails, which
// shows that it can.
const (
	childDirectory = "QUEUE_STORAGE_TEST_DIRECTORY"
	childBackend   = "QUEUE_STORAGE_TEST_BACKEND"
	childFirst     = "QUEUE_STORAGE_TEST_FIRST"
	childStorage   = "QUEUE_STORAGE_TEST_STORAGE"
)

// store is the backend. It outlives the processes that deliver to it.
type store struct {
	mu    sync.Mutex
	down  bool
	times map[string]int
}

func (s *store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	request := plogotlp.NewExportRequest()
	if err == nil {
		err = request.UnmarshalProto(body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil || s.down {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	for _, body := range bodies(request.Logs()) {
		s.times[body]++
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *store) setDown(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// missing returns those of the acknowledged records that have not arrived.
func (s *store) missing(acknowledged map[string]bool) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var missing []string
	for body := range acknowledged {
		if s.times[body] == 0 {
			missing = append(missing, body)
		}
	}
	return missing
}

// TestKilledProcess is no test: it is the process that is killed. It sends record after
// record, and says so when one was accepted.
func TestKilledProcess(t *testing.T) {
	directory := os.Getenv(childDirectory)
	if directory == "" {
		t.Skip("runs only as the child of TestKill")
	}
	url := os.Getenv(childBackend)
	storageID := ownID
	if os.Getenv(childStorage) != "" {
		storageID = innerID
	}
	inner := fileStorage(t, directory)
	own := start(t, inner, testConfig())
	queue := newExporterTo(t, func(ctx context.Context, logs plog.Logs) error { return post(ctx, url, logs) },
		testHost{innerID: inner, ownID: own}, storageID)
	_, err := fmt.Fprintln(os.Stdout, "started")
	require.NoError(t, err)
	first, err := strconv.Atoi(os.Getenv(childFirst))
	require.NoError(t, err)
	for n := first; ; n++ {
		logs := plog.NewLogs()
		body := fmt.Sprintf("record %d", n)
		logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr(body)
		require.NoError(t, queue.ConsumeLogs(t.Context(), logs))
		_, err := fmt.Fprintln(os.Stdout, "accepted", n)
		require.NoError(t, err)
	}
}

func post(ctx context.Context, url string, logs plog.Logs) error {
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusNoContent {
		return errors.New(resp.Status)
	}
	return nil
}

// life runs a process until it is killed: after so many accepted records, or after so
// long, whatever comes first.
type life struct {
	records int
	after   time.Duration
}

// live runs one life and notes what was accepted. It returns the number to go on with.
func live(t *testing.T, directory, url string, first int, l life, acknowledged map[string]bool) int {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledProcess$")
	child.Env = append(os.Environ(), childDirectory+"="+directory, childBackend+"="+url, childFirst+"="+strconv.Itoa(first))
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	killer := time.AfterFunc(l.after, func() { _ = child.Process.Kill() })
	defer killer.Stop()

	accepted := 0
	for lines := bufio.NewScanner(out); lines.Scan(); {
		number, ok := strings.CutPrefix(lines.Text(), "accepted ")
		if !ok {
			continue
		}
		acknowledged["record "+number] = true
		accepted++
		if accepted == l.records {
			require.NoError(t, child.Process.Kill())
		}
	}
	err = child.Wait()
	require.ErrorContains(t, err, "signal: killed")
	// One more may have been stored and not said.
	return first + accepted + 1
}

func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	s := &store{times: make(map[string]int)}
	server := httptest.NewServer(s)
	defer server.Close()
	directory := t.TempDir()
	acknowledged := make(map[string]bool)
	next := 0

	// While records flow.
	for range 20 {
		next = live(t, directory, server.URL, next, life{records: 1 << 30, after: 30*time.Millisecond + rand.N(150*time.Millisecond)}, acknowledged)
	}
	// With thousands waiting, again and again during the start.
	s.setDown(true)
	next = live(t, directory, server.URL, next, life{records: 5000, after: time.Minute}, acknowledged)
	for range 20 {
		next = live(t, directory, server.URL, next, life{records: 1 << 30, after: 5*time.Millisecond + rand.N(100*time.Millisecond)}, acknowledged)
	}
	s.setDown(false)
	for range 10 {
		next = live(t, directory, server.URL, next, life{records: 1 << 30, after: 20*time.Millisecond + rand.N(100*time.Millisecond)}, acknowledged)
	}
	require.Greater(t, len(acknowledged), 5000)

	// A last life delivers what is left.
	b := &backend{}
	p := newProcess(t, directory, b, ownID)
	require.Eventually(t, func() bool { return !p.own.Backlog() }, 30*time.Second, 10*time.Millisecond)
	p.stop(t)
	s.mu.Lock()
	repeated := 0
	for _, body := range b.received() {
		s.times[body]++
	}
	for _, n := range s.times {
		repeated += n - 1
	}
	s.mu.Unlock()
	assert.Empty(t, s.missing(acknowledged), "accepted and lost")
	t.Logf("%d records accepted through 51 kills, %d sent more than once", len(acknowledged), repeated)
}
