// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/grafana/loki/v3/pkg/ingester"
	"github.com/grafana/loki/v3/pkg/ingester/wal"
	"github.com/grafana/loki/v3/pkg/logproto"
	tsdbrecord "github.com/prometheus/prometheus/tsdb/record"
	"github.com/prometheus/prometheus/tsdb/wlog"
	"github.com/prometheus/prometheus/util/compression"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

const tenant = "fake"

// model is an ingester with one stream, and what it leaves to the next process.
type model struct {
	log        []*wal.Record
	checkpoint *ingester.Series
	// checkpointed are the entries that the checkpoint has.
	checkpointed []string

	// exists tells that there is a stream, with this count and these entries in memory.
	exists bool
	count  int64
	memory []string
	latest logproto.Entry
	pushed int
}

// push is what Loki does with some entries.
func (m *model) push(entries int) {
	if !m.exists {
		m.exists, m.count = true, 0
		m.log = append(m.log, &wal.Record{UserID: tenant, Series: []tsdbrecord.RefSeries{{Ref: 1}}})
	}
	written := wal.RefEntries{Ref: 1}
	for range entries {
		m.pushed++
		m.count++
		m.latest = logproto.Entry{Timestamp: time.Unix(int64(m.pushed), 0), Line: strconv.Itoa(m.pushed)}
		written.Entries = append(written.Entries, m.latest)
		m.memory = append(m.memory, m.latest.Line)
	}
	written.Counter = m.count
	m.log = append(m.log, &wal.Record{UserID: tenant, RefEntries: []wal.RefEntries{written}})
}

// letGo is what Loki does when all of the stream is on disk.
func (m *model) letGo() { m.exists, m.memory = false, nil }

// save writes a checkpoint, which takes the place of the log that was there when it began.
func (m *model) save(meanwhile func()) {
	began := len(m.log)
	meanwhile()
	m.checkpoint, m.checkpointed = nil, nil
	if m.exists {
		m.checkpoint = &ingester.Series{UserID: tenant, Fingerprint: 1, EntryCt: m.count, To: m.latest.Timestamp, LastLine: m.latest.Line}
		m.checkpointed = slices.Clone(m.memory)
	}
	meanwhile()
	m.log = m.log[began:]
}

// restart kills the process, and lets another one read what it has left, as Loki does.
func (m *model) restart(t *testing.T) {
	t.Helper()
	unsaved := slices.Clone(m.memory)
	all := streams{}
	if m.checkpoint != nil {
		all.add(m.checkpoint)
	}
	for _, r := range m.log {
		all.find(r)
	}
	for _, s := range all {
		s.life = 0
	}
	for _, r := range m.log {
		all.renumber(r)
	}

	m.exists, m.count, m.memory = false, 0, nil
	if m.checkpoint != nil {
		m.exists, m.count, m.memory = true, m.checkpoint.EntryCt, slices.Clone(m.checkpointed)
		m.latest = logproto.Entry{Timestamp: m.checkpoint.To, Line: m.checkpoint.LastLine}
	}
	for _, r := range m.log {
		m.exists = m.exists || len(r.Series) > 0
		for _, entries := range r.RefEntries {
			if entries.Counter <= m.count {
				continue
			}
			for _, e := range entries.Entries {
				m.latest = e
				m.count++ // as Loki counts
				require.NotContains(t, m.checkpointed, e.Line, "it is in the checkpoint")
				m.memory = append(m.memory, e.Line)
			}
		}
	}
	require.Subset(t, m.memory, unsaved)
	if len(m.memory) == 0 {
		m.exists = false
	}
}

// Whatever happens in whatever order, nothing that is not on disk is left out.
func TestNothingIsLeftOut(t *testing.T) {
	for seed := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, 0))
		m := &model{}
		some := func() {
			for range random.IntN(4) {
				if random.IntN(3) == 0 {
					m.letGo()
				} else {
					m.push(1 + random.IntN(4))
				}
			}
		}
		for range 12 {
			some()
			switch random.IntN(3) {
			case 0:
				m.save(some)
			case 1:
				m.restart(t)
			}
			if t.Failed() {
				t.Fatal("seed", seed)
			}
		}
	}
}

// onDisk writes a checkpoint and a log of two segments, in which the stream begins again.
func onDisk(t *testing.T) (directory string) {
	t.Helper()
	directory = t.TempDir()
	series := &ingester.Series{UserID: tenant, Fingerprint: 1, EntryCt: 3, To: time.Unix(3, 0), LastLine: "3"}
	content, err := series.Marshal()
	require.NoError(t, err)
	writeRecords(t, filepath.Join(directory, "checkpoint.000007"), append([]byte{byte(wal.CheckpointRecord)}, content...))
	require.NoError(t, os.Mkdir(filepath.Join(directory, "checkpoint.000008.tmp"), 0o700))

	m := &model{exists: true, count: 3, pushed: 3}
	m.push(2)
	m.letGo()
	m.push(1)
	var records [][]byte
	for _, r := range m.log {
		records = append(records, encoded(r))
	}
	writeRecords(t, directory, records...)
	m.log = nil
	m.push(1)
	m.push(1)
	writeRecords(t, directory, encoded(m.log[0]), encoded(m.log[1]))
	return directory
}

func encoded(r *wal.Record) []byte {
	if len(r.Series) > 0 {
		return r.EncodeSeries(nil)
	}
	return r.EncodeEntries(wal.CurrentEntriesRec, nil)
}

func writeRecords(t *testing.T, directory string, records ...[]byte) {
	t.Helper()
	log, err := wlog.New(nil, nil, directory, compression.None)
	require.NoError(t, err)
	require.NoError(t, log.Log(records...))
	require.NoError(t, log.Close())
}

// numbers returns the number of each record of entries, by the line of its last entry.
func numbers(t *testing.T, directory string) map[string]int64 {
	t.Helper()
	first, last, err := wlog.Segments(directory)
	require.NoError(t, err)
	found := map[string]int64{}
	for segment := first; segment <= last; segment++ {
		require.NoError(t, eachRecord(directory, segment, func(_ []byte, r *wal.Record) error {
			for _, entries := range r.RefEntries {
				found[entries.Entries[len(entries.Entries)-1].Line] = entries.Counter
			}
			return nil
		}))
	}
	return found
}

func TestRenumber(t *testing.T) {
	directory := onDisk(t)
	before := numbers(t, directory)
	assert.Equal(t, map[string]int64{"5": 5, "6": 1, "7": 2, "8": 3}, before)
	core, logs := observer.New(zap.InfoLevel)
	require.NoError(t, renumber(directory, zap.New(core)))
	after := numbers(t, directory)
	assert.Equal(t, map[string]int64{"5": 5, "6": 6, "7": 7, "8": 8}, after)
	assert.Equal(t, 1, logs.Len())

	require.NoError(t, renumber(directory, zap.New(core)))
	assert.Equal(t, after, numbers(t, directory), "there is nothing more to do")
	assert.Equal(t, 1, logs.Len())
	assert.NoDirExists(t, filepath.Join(directory, renumberedDirectory))
}

// A process is killed when it has put the last segment in its place, and not the first.
func TestKilledWhileItRenumbers(t *testing.T) {
	directory, mended := onDisk(t), onDisk(t)
	require.NoError(t, renumber(mended, zap.NewNop()))
	_, last, err := wlog.Segments(directory)
	require.NoError(t, err)
	require.NoError(t, os.Rename(wlog.SegmentName(mended, last), wlog.SegmentName(directory, last)))
	require.NoError(t, os.MkdirAll(filepath.Join(directory, renumberedDirectory, "new"), 0o700))

	require.NoError(t, renumber(directory, zap.NewNop()))
	found := numbers(t, directory)
	lines := slices.Sorted(maps.Keys(found))
	assert.Equal(t, []string{"5", "6", "7", "8"}, lines)
	assert.IsIncreasing(t, []int64{3, found["5"], found["6"], found["7"], found["8"]})
}

func TestRenumberNothing(t *testing.T) {
	require.NoError(t, renumber(filepath.Join(t.TempDir(), "nowhere"), zap.NewNop()))
	require.NoError(t, renumber(t.TempDir(), zap.NewNop()))
	directory := t.TempDir()
	writeRecords(t, directory, []byte("unknown"), encoded(&wal.Record{UserID: tenant, Series: []tsdbrecord.RefSeries{{Ref: 1}}}))
	before, err := os.ReadFile(wlog.SegmentName(directory, 0))
	require.NoError(t, err)
	require.NoError(t, renumber(directory, zap.NewNop()))
	after, err := os.ReadFile(wlog.SegmentName(directory, 0))
	require.NoError(t, err)
	assert.Equal(t, before, after)
}
