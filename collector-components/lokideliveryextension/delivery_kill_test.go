// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensiontest"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// The process that is killed is this test binary, which takes its part from the
// environment.
const (
	childDirectory = "LOKI_DELIVERY_TEST_DIRECTORY"
	childLoki      = "LOKI_DELIVERY_TEST_LOKI"
	childLife      = "LOKI_DELIVERY_TEST_LIFE"
	// childInDoubt is the setting in_doubt. With send, TestKill fails, which shows that
	// it can.
	childInDoubt = "LOKI_DELIVERY_TEST_IN_DOUBT"
)

// report is a line of the process: it is about to send records, or they were accepted.
type report struct {
	Accepted bool   `json:"accepted"`
	Records  []sent `json:"records"`
}

// sent is a record as its source knows it.
type sent struct {
	ID   string `json:"id"`
	Time int64  `json:"time"`
}

func (s sent) entry() entry {
	return entry{product: string(activity.Shopify), id: s.ID, time: s.Time}
}

// isAhead tells whether the clock of its source is ahead.
func (s sent) isAhead() bool { return time.Until(time.Unix(0, s.Time)) > 0 }

func entriesOf(records []sent) []entry {
	all := make([]entry, len(records))
	for i, r := range records {
		all[i] = r.entry()
	}
	return all
}

// startOnDisk starts what the distribution has between its pipelines and Loki.
func startOnDisk(t *testing.T, directory, url string) (logs exporter.Logs, stop func()) {
	t.Helper()
	create := func(factory extension.Factory, settings map[string]any) extension.Extension {
		cfg := factory.CreateDefaultConfig()
		unmarshal(t, cfg, settings)
		e, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
		require.NoError(t, err)
		return e
	}
	inner := create(filestorage.NewFactory(), map[string]any{"directory": directory})
	queue := create(queuestorageextension.NewFactory(), map[string]any{"storage": "file_storage"})
	inDoubt := os.Getenv(childInDoubt)
	if inDoubt == "" {
		inDoubt = "lookup"
	}
	delivery := newDelivery(t, componenttest.NewNopTelemetrySettings(), filepath.Join(directory, "dead-letter"),
		map[string]any{"queue_storage": queueID.String(), "in_doubt": inDoubt})
	h := host{component.MustNewID("file_storage"): inner, queueID: queue, deliveryID: delivery}
	extensions := []extension.Extension{inner, queue, delivery}
	for _, e := range extensions {
		require.NoError(t, e.Start(t.Context(), h))
	}
	logs = newExporter(t, h, url, map[string]any{
		"timeout": "300ms",
		"sending_queue": map[string]any{
			"storage": queueID.String(), "sizer": "bytes", "queue_size": 1 << 30, "num_consumers": 4,
			"batch": map[string]any{"flush_timeout": "5ms", "sizer": "bytes", "min_size": 2_000, "max_size": 20_000},
		},
	})
	return logs, func() {
		require.NoError(t, logs.Shutdown(context.WithoutCancel(t.Context())))
		for _, e := range slices.Backward(extensions) {
			require.NoError(t, e.Shutdown(context.WithoutCancel(t.Context())))
		}
	}
}

// TestKilledDelivery is no test: it is the process that TestKill kills.
func TestKilledDelivery(t *testing.T) {
	directory := os.Getenv(childDirectory)
	if directory == "" {
		t.Skip("runs only as the child of TestKill")
	}
	logs, _ := startOnDisk(t, directory, os.Getenv(childLoki))
	var mu sync.Mutex
	out := json.NewEncoder(os.Stdout)
	say := func(r report) {
		mu.Lock()
		defer mu.Unlock()
		assert.NoError(t, out.Encode(r))
	}
	send := func(records ...sent) {
		say(report{Records: records})
		if assert.NoError(t, logs.ConsumeLogs(t.Context(), logsOf(entriesOf(records)...))) {
			say(report{Accepted: true, Records: records})
		}
	}
	var wait sync.WaitGroup
	wait.Go(func() { // the sources send again what was not accepted
		var again []sent
		if err := json.NewDecoder(os.Stdin).Decode(&again); err != nil {
			t.Error("the records that are to be sent again:", err)
		}
		for _, record := range again {
			send(record)
		}
	})
	for source := range 4 {
		wait.Go(func() {
			pace := time.NewTicker(5 * time.Millisecond)
			defer pace.Stop()
			for n := 0; ; n++ {
				send(newRecords(source, n)...)
				<-pace.C
			}
		})
	}
	wait.Wait()
}

// newRecords makes a request of one to ten records. Those of source 0 have a time that
// lies ahead: only the backlog tells the next process that they are in doubt.
func newRecords(source, n int) []sent {
	records := make([]sent, n%10+1)
	for i := range records {
		at := time.Now()
		if source == 0 {
			at = afterItsStart()
		}
		records[i] = sent{fmt.Sprintf("%s-%d-%d-%d", os.Getenv(childLife), source, n, i), at.UnixNano()}
	}
	return records
}

// ledger is what the sources of the records know.
type ledger struct {
	accepted map[sent]bool
	// pending were sent, and nobody said whether they were accepted.
	pending map[sent]bool
}

// redelivers are the records that are sent again. Not those of a source whose clock is
// ahead, which are known to be unprotected then.
func (l *ledger) redelivers() []sent {
	again := []sent{}
	for record := range l.pending {
		if !record.isAhead() {
			again = append(again, record)
		}
	}
	return again
}

// read notes what a process says. Half a line was not said.
func (l *ledger) read(t *testing.T, out io.Reader) {
	t.Helper()
	reader := bufio.NewReader(out)
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil {
			return
		}
		var r report
		require.NoError(t, json.Unmarshal(line, &r), "%s", line)
		for _, record := range r.Records {
			if r.Accepted {
				l.accepted[record] = true
				delete(l.pending, record)
			} else {
				l.pending[record] = true
			}
		}
	}
}

// live runs a process until it is killed.
func (l *ledger) live(t *testing.T, loki *fakeLoki, directory, name string, after time.Duration) {
	t.Helper()
	// A server for each life: closing it ends what was under way, so that nothing of a
	// killed process arrives when the next one has asked already.
	server := httptest.NewServer(loki)
	defer server.Close()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledDelivery$")
	child.Env = append(os.Environ(), childDirectory+"="+directory, childLoki+"="+server.URL, childLife+"="+name)
	child.Stderr = os.Stderr
	again, err := json.Marshal(l.redelivers())
	require.NoError(t, err)
	child.Stdin = bytes.NewReader(again)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	killer := time.AfterFunc(after, func() { _ = child.Process.Kill() })
	defer killer.Stop()
	l.read(t, out)
	require.ErrorContains(t, child.Wait(), "signal: killed")
}

// Through kills at random moments, with a Loki that fails now and then, every record
// that was accepted is stored once, and so is what its source sent again.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	const kills = 40
	loki := newFakeLoki(t)
	faults := []*fault{
		{true, reset},
		{false, reset},
		{true, answers(503, "text/html", page)},
		{true, answers(500, "text/plain", "oops")},
		{false, answers(404, "text/html", page)},
		{true, half(200)},
		{true, hang},
		{false, answers(429, "text/plain", "")},
	}
	loki.onPush = func(int) *fault {
		if i := rand.N(10 * len(faults)); i < len(faults) {
			return faults[i]
		}
		return nil
	}
	directory := t.TempDir()
	l := &ledger{accepted: map[sent]bool{}, pending: map[sent]bool{}}
	for i := range kills {
		l.live(t, loki, directory, fmt.Sprint("life", i), 30*time.Millisecond+rand.N(250*time.Millisecond))
	}
	redelivered := l.redelivers()
	var accepted []entry
	for record := range l.accepted {
		accepted = append(accepted, record.entry())
	}
	require.Greater(t, len(accepted), 1000)

	logs, stop := startOnDisk(t, directory, loki.URL)
	for _, record := range redelivered {
		require.NoError(t, logs.ConsumeLogs(t.Context(), logsOf(record.entry())))
	}
	loki.hasOnce(t, append(accepted, entriesOf(redelivered)...))
	stop()
	loki.hasOnce(t, append(accepted, entriesOf(redelivered)...))
	assert.Empty(t, inDeadLetters(t, filepath.Join(directory, "dead-letter")))
	t.Logf("%d records accepted through %d kills, %d pushes, %d queries", len(accepted), kills, loki.pushed(), len(loki.asked()))
}
