// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// refuse marks some records so that the fake Loki refuses them for good.
func refuse(logs plog.Logs, which func(i int) bool) plog.Logs {
	for i, record := range records(logs) {
		if which(i) {
			record.Attributes().PutBool(refusedKey, true)
		}
	}
	return logs
}

func split(all []entry, which func(i int) bool) (chosen, others []entry) {
	for i, e := range all {
		if which(i) {
			chosen = append(chosen, e)
		} else {
			others = append(others, e)
		}
	}
	return chosen, others
}

// Loki stores what is good of a push that it answers with 400: only the rest belongs
// into the dead-letter file.
func TestOnlyWhatLokiRefusesIsSetAside(t *testing.T) {
	for name, which := range map[string]func(i int) bool{
		"some":  func(i int) bool { return i%5 == 0 },
		"one":   func(i int) bool { return i == 7 },
		"all":   func(int) bool { return true },
		"first": func(i int) bool { return i == 0 },
	} {
		for mode, queue := range map[string]map[string]any{"without a queue": noQueue, "with a queue": inMemory} {
			for age, first := range map[string]time.Time{"old": beforeThisProcess(), "young": afterItsStart()} {
				t.Run(fmt.Sprint(name, " ", age, " ", mode), func(t *testing.T) {
					loki := newFakeLoki(t)
					p := start(t, loki, options{exporter: queue})
					all := entries("some", 50, first)
					refused, stored := split(all, which)
					// Without a queue the answer may be an error: nothing is lost by it.
					_ = p.ConsumeLogs(t.Context(), refuse(logsOf(all...), which))
					more := entries("more", 50, first.Add(time.Second))
					require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(more...)))
					p.stop()
					loki.hasOnce(t, append(stored, more...))
					assert.ElementsMatch(t, refused, inDeadLetters(t, p.deadLetters))
					assert.Equal(t, int64(len(refused)), p.counted(t, "dead_letter_records"))
				})
			}
		}
	}
}

// What Loki said stands beside what it refused.
func TestTheReasonIsKept(t *testing.T) {
	loki := newFakeLoki(t)
	p := start(t, loki, options{exporter: noQueue})
	_ = p.ConsumeLogs(t.Context(), refuse(logsOf(entries("bad", 1, afterItsStart())...), func(int) bool { return true }))
	names, err := filepath.Glob(filepath.Join(p.deadLetters, "*.jsonl"))
	require.NoError(t, err)
	require.Len(t, names, 1)
	text, err := os.ReadFile(names[0])
	require.NoError(t, err)
	assert.Contains(t, string(text), "max entry size '262144' bytes exceeded")
	info, err := os.Stat(names[0])
	require.NoError(t, err)
	assert.Zero(t, info.Mode().Perm()&0o077, "records may quote people; nobody else reads them")
}

// While the file cannot be written, refused records stay in the queue, the sender sees
// no success, and they are in the file once it can be.
func TestWithoutADeadLetterFileRecordsWait(t *testing.T) {
	loki := newFakeLoki(t)
	p := start(t, loki, options{exporter: inMemory})
	// A file in the place of the directory.
	require.NoError(t, os.RemoveAll(p.deadLetters))
	require.NoError(t, os.WriteFile(p.deadLetters, nil, 0o600))

	which := func(i int) bool { return i%2 == 0 }
	all := entries("some", 20, afterItsStart())
	refused, stored := split(all, which)
	require.NoError(t, p.ConsumeLogs(t.Context(), refuse(logsOf(all...), which)))
	require.Eventually(t, func() bool { return loki.pushed() > 3 }, 20*time.Second, time.Millisecond)
	assert.Zero(t, p.counted(t, "dead_letter_records"))
	assert.Positive(t, p.counted(t, "dead_letter_errors"))

	require.NoError(t, os.Remove(p.deadLetters))
	require.Eventually(t, func() bool { return p.counted(t, "dead_letter_records") == int64(len(refused)) }, 20*time.Second, time.Millisecond)
	p.stop()
	loki.hasOnce(t, stored)
	assert.ElementsMatch(t, refused, inDeadLetters(t, p.deadLetters))
}

// Whoever looks after the log may move files away, or the directory, at any time.
func TestDeadLettersMayBeMovedAway(t *testing.T) {
	for name, move := range map[string]func(from, to string) error{
		"the directory": os.Rename,
		"the files to another disk": func(from, to string) error {
			// a copy, and the original is deleted
			names, err := filepath.Glob(filepath.Join(from, "*.jsonl"))
			err = errors.Join(err, os.CopyFS(to, os.DirFS(from)))
			for _, name := range names {
				err = errors.Join(err, os.Remove(name))
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			loki := newFakeLoki(t)
			p := start(t, loki, options{exporter: inMemory})
			every := func(int) bool { return true }
			first, second := entries("first", 3, afterItsStart()), entries("second", 3, afterItsStart())
			moved := filepath.Join(t.TempDir(), "moved")

			require.NoError(t, p.ConsumeLogs(t.Context(), refuse(logsOf(first...), every)))
			require.Eventually(t, func() bool { return p.counted(t, "dead_letter_records") == 3 }, 20*time.Second, time.Millisecond)
			require.NoError(t, move(p.deadLetters, moved))
			require.NoError(t, p.ConsumeLogs(t.Context(), refuse(logsOf(second...), every)))
			require.Eventually(t, func() bool { return p.counted(t, "dead_letter_records") == 6 }, 20*time.Second, time.Millisecond)
			p.stop()
			assert.ElementsMatch(t, first, inDeadLetters(t, moved))
			assert.ElementsMatch(t, second, inDeadLetters(t, p.deadLetters))
		})
	}
}

// While there is no room for more files, what is refused stays in the queue.
func TestWhenDeadLettersAreFullRecordsWait(t *testing.T) {
	loki := newFakeLoki(t)
	p := start(t, loki, options{exporter: inMemory, delivery: map[string]any{
		"dead_letter": map[string]any{"max_size_mib": 1, "max_files": 1},
	}})
	// A file of an earlier process that is nearly full.
	old := filepath.Join(p.deadLetters, "refused-20200101T000000.000000000Z.jsonl")
	require.NoError(t, os.WriteFile(old, append(bytes.Repeat([]byte(" "), 1<<20-100), '\n'), 0o600))

	which := func(i int) bool { return i%2 == 0 }
	all := entries("some", 20, afterItsStart())
	refused, stored := split(all, which)
	require.NoError(t, p.ConsumeLogs(t.Context(), refuse(logsOf(all...), which)))
	require.Eventually(t, func() bool { return p.counted(t, "dead_letter_errors") > 3 }, 20*time.Second, time.Millisecond)
	// Others are not held up.
	more := entries("more", 20, afterItsStart())
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(more...)))
	loki.hasOnce(t, append(stored, more...))
	assert.Zero(t, p.counted(t, "dead_letter_records"))

	require.NoError(t, os.Remove(old))
	require.Eventually(t, func() bool { return p.counted(t, "dead_letter_records") == int64(len(refused)) }, 20*time.Second, time.Millisecond)
	p.stop()
	loki.hasOnce(t, append(stored, more...))
	assert.ElementsMatch(t, refused, inDeadLetters(t, p.deadLetters))
}

// A look-up that fails for a while makes records in doubt wait, and no others.
func TestRecordsInDoubtWaitForTheLookUp(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"500":         answers(500, "text/plain", "not now"),
		"429":         answers(429, "text/plain", "too many outstanding requests"),
		"503":         answers(503, "text/html", page),
		"a page":      answers(200, "text/html", page),
		"no JSON":     answers(200, "application/json", "{"),
		"another one": answers(200, "application/json", `{"status":"error"}`),
		"a matrix":    answers(200, "application/json", `{"status":"success","data":{"resultType":"matrix","result":[]}}`),
		"a redirect":  answers(302, "text/html", page),
		"204":         answers(204, "", ""),
		"a reset":     reset,
		"half":        half(200),
		"a timeout":   hang,
		"403":         answers(403, "text/plain", "forbidden"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loki := newFakeLoki(t)
			var broken, tries atomic.Int64
			broken.Store(1)
			loki.onQuery = func(w http.ResponseWriter, r *http.Request) bool {
				if broken.Load() == 0 {
					return false
				}
				tries.Add(1)
				answer(w, r)
				return true
			}
			p := start(t, loki, options{exporter: map[string]any{
				"timeout": "200ms", "sending_queue": map[string]any{"num_consumers": 2},
			}})
			old, young := entries("old", 10, beforeThisProcess()), entries("young", 10, afterItsStart())
			require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(old...)))
			require.Eventually(t, func() bool { return tries.Load() >= 3 }, 20*time.Second, time.Millisecond)
			require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(young...)))
			loki.hasOnce(t, young)
			assert.False(t, loki.has(old[:1]))
			broken.Store(0)
			loki.hasOnce(t, append(old, young...))
			p.stop()
			loki.hasOnce(t, append(old, young...))
			assert.Zero(t, p.counted(t, "unverified_records"))
		})
	}
}

// Whoever may push may not be allowed to query. Then records wait for a time that is
// set, and no longer.
func TestPatienceEnds(t *testing.T) {
	loki := newFakeLoki(t)
	loki.onQuery = func(w http.ResponseWriter, r *http.Request) bool {
		answers(403, "text/plain", "forbidden")(w, r)
		return true
	}
	const patience = 300 * time.Millisecond
	p := start(t, loki, options{exporter: noQueue, delivery: map[string]any{"in_doubt_patience": patience.String()}})
	old := entries("old", 10, beforeThisProcess())
	begun := time.Now()
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(old...)))
	assert.GreaterOrEqual(t, time.Since(begun), patience)
	loki.hasOnce(t, old)
	assert.Equal(t, int64(len(old)), p.counted(t, "unverified_records"))

	// The next ones do not wait again.
	more := entries("more", 10, beforeThisProcess())
	pushed := loki.pushed()
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(more...)))
	assert.Equal(t, pushed+1, loki.pushed())
	loki.hasOnce(t, append(old, more...))
	assert.Equal(t, int64(len(old)+len(more)), p.counted(t, "unverified_records"))
}

// Queries may be answered at another address than pushes.
func TestQueryEndpoint(t *testing.T) {
	loki, other := newFakeLoki(t), newFakeLoki(t)
	old := entries("old", 4, beforeThisProcess())
	other.entries[old[0]] = 1
	other.order = old[:1]
	p := start(t, loki, options{exporter: noQueue, delivery: map[string]any{"query_endpoint": other.URL}})
	require.NoError(t, p.ConsumeLogs(t.Context(), logsOf(old...)))
	assert.Empty(t, loki.asked())
	assert.NotEmpty(t, other.asked())
	assert.False(t, loki.has(old[:1]))
	loki.hasOnce(t, old[1:])
}
