// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/prometheus/prometheus/tsdb/wlog"
	"github.com/prometheus/prometheus/util/compression"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// writeLog writes records of several pages each into a new segment, as a Loki does that has
// just started, and returns the segment's name.
func writeLog(t *testing.T, directory string, first, records int) string {
	t.Helper()
	log, err := wlog.New(nil, nil, directory, compression.None)
	require.NoError(t, err)
	for n := first; n < first+records; n++ {
		require.NoError(t, log.Log(record(n)))
	}
	_, segment, err := wlog.Segments(directory)
	require.NoError(t, err)
	require.NoError(t, log.Close())
	return wlog.SegmentName(directory, segment)
}

func record(n int) []byte { return bytes.Repeat(fmt.Appendf(nil, "record %d, ", n), 5*logPage/10) }

// readLog returns which records Loki would read.
func readLog(t *testing.T, directory string) (read []int) {
	t.Helper()
	segments, err := wlog.NewSegmentsReader(directory)
	require.NoError(t, err)
	defer func() { require.NoError(t, segments.Close()) }()
	for reader := wlog.NewReader(segments); reader.Next(); {
		var n int
		_, err := fmt.Sscanf(string(reader.Record()[:20]), "record %d,", &n)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(record(n), reader.Record()))
		read = append(read, n)
	}
	return read
}

func mended(t *testing.T, directory string) *observer.ObservedLogs {
	t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	require.NoError(t, cutOffTorn(directory, zap.New(core)))
	return logs
}

// A process is killed while it writes record 3, wherever in it that may be; a second one
// takes 4 and 5, and a third one reads.
func TestTornRecordsAreCutOff(t *testing.T) {
	until2, err := os.Stat(writeLog(t, t.TempDir(), 1, 2))
	require.NoError(t, err)
	until3, err := os.Stat(writeLog(t, t.TempDir(), 1, 3))
	require.NoError(t, err)
	header := firstOf3(t)
	var cuts []int64
	for n := range int64(9) { // each byte of the header, which may lie across two blocks
		cuts = append(cuts, header+n)
	}
	for cut := until2.Size(); cut < until3.Size()-logPage; cut += 4096 {
		cuts = append(cuts, cut)
	}
	for _, cut := range cuts {
		t.Run(fmt.Sprint(cut), func(t *testing.T) {
			directory := t.TempDir()
			torn := writeLog(t, directory, 1, 3)
			require.NoError(t, os.Truncate(torn, cut))
			mended(t, directory)
			writeLog(t, directory, 4, 2)

			logs := mended(t, directory)
			assert.Equal(t, []int{1, 2, 4, 5}, readLog(t, directory))
			assert.Zero(t, logs.Len(), "it was mended by the second process")
		})
	}
}

// firstOf3 returns where record 3 begins in a segment that 1 begins.
func firstOf3(t *testing.T) int64 {
	t.Helper()
	directory := t.TempDir()
	writeLog(t, directory, 1, 3)
	segments, err := wlog.NewSegmentsReader(directory)
	require.NoError(t, err)
	defer func() { require.NoError(t, segments.Close()) }()
	reader := wlog.NewReader(segments)
	require.True(t, reader.Next())
	require.True(t, reader.Next())
	return reader.Offset()
}

// This is why: without it, what was acknowledged after the torn record is not read.
func TestLokiReadsUpToATornRecord(t *testing.T) {
	directory := t.TempDir()
	torn := writeLog(t, directory, 1, 3)
	require.NoError(t, os.Truncate(torn, 10*logPage))
	writeLog(t, directory, 4, 2)
	require.NotContains(t, readLog(t, directory), 4)

	logs := mended(t, directory)
	assert.Equal(t, []int{1, 4, 5}, readLog(t, directory))
	assert.Equal(t, 1, logs.FilterLevelExact(zap.WarnLevel).Len())
}

// Damage costs what follows it in its segment, and keeps the other segments readable. (What
// they hold of a stream that only the damaged part tells the labels of, Loki cannot use.)
func TestDamagedSegmentsAreSetAside(t *testing.T) {
	third := firstOf3(t)
	for name, test := range map[string]struct {
		changed int64
		want    []int
	}{
		"within":                {7 * logPage, []int{1, 4, 5}},
		"in the last record":    {third + 2*logPage, []int{1, 2, 4, 5}},
		"the length of a piece": {third + 1, []int{1, 2, 4, 5}},
		"in the first record":   {100, []int{4, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			directory := t.TempDir()
			damaged := writeLog(t, directory, 1, 3)
			writeLog(t, directory, 4, 2)
			content, err := os.ReadFile(damaged)
			require.NoError(t, err)
			content[test.changed] ^= 1
			require.NoError(t, os.WriteFile(damaged, content, 0o600))

			logs := mended(t, directory)
			assert.Equal(t, test.want, readLog(t, directory))
			require.Equal(t, 1, logs.FilterLevelExact(zap.WarnLevel).Len())
			entry := logs.All()[0].ContextMap()
			aside, err := os.ReadFile(entry["set_aside"].(string))
			require.NoError(t, err)
			whole, err := os.ReadFile(damaged)
			require.NoError(t, err)
			assert.True(t, bytes.Equal(content, append(whole, aside...)), "nothing is thrown away")
			assert.Zero(t, mended(t, directory).Len(), "the next start finds nothing")
		})
	}
}

// What cannot be read may be whole.
func TestSegmentThatCannotBeRead(t *testing.T) {
	directory := t.TempDir()
	name := writeLog(t, directory, 1, 1)
	require.NoError(t, os.Remove(name))
	require.NoError(t, os.Mkdir(name, 0o700)) // reading a directory is an error for everybody, root too
	require.Error(t, cutOffTorn(directory, zap.NewNop()))
	assert.DirExists(t, name)
}

func TestNoLogYet(t *testing.T) {
	assert.Zero(t, mended(t, filepath.Join(t.TempDir(), "nowhere")).Len())
	assert.Zero(t, mended(t, t.TempDir()).Len())
}
