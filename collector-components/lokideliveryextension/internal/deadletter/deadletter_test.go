// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package deadletter

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/testdata"
)

func newWriter(t *testing.T, settings Settings) *Writer {
	t.Helper()
	w, err := New(settings)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	return w
}

func settings(directory string) Settings {
	return Settings{Directory: directory, MaxBytes: 100, MaxFiles: 3}
}

func mustAppend(t *testing.T, w *Writer, line string) string {
	t.Helper()
	name, err := w.Append([]byte(line))
	require.NoError(t, err)
	return name
}

func content(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(b)
}

func TestLinesGoIntoOneFileAcrossRestarts(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "made", "when missing")
	w := newWriter(t, settings(directory))
	entries, err := os.ReadDir(directory)
	require.NoError(t, err)
	require.Empty(t, entries, "no file before there is something to write")

	first := mustAppend(t, w, "one")
	assert.Equal(t, first, mustAppend(t, w, "two"))
	require.NoError(t, w.Close())
	assert.Equal(t, first, mustAppend(t, newWriter(t, settings(directory)), "three"))
	assert.Equal(t, "one\ntwo\nthree\n", content(t, first))
	info, err := os.Stat(first)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestALineThatAKillCutShortIsRemoved(t *testing.T) {
	for name, tc := range map[string]struct{ found, want string }{
		"half a line":              {"whole\nhal", "whole\nnew\n"},
		"nothing but half a line":  {"hal", "new\n"},
		"nothing torn":             {"whole\n", "whole\nnew\n"},
		"empty":                    {"", "new\n"},
		"more than a block of it":  {"whole\n" + strings.Repeat("x", 200<<10), "whole\nnew\n"},
		"a newline ends the block": {strings.Repeat("x", 64<<10-1) + "\n" + strings.Repeat("y", 64<<10), strings.Repeat("x", 64<<10-1) + "\nnew\n"},
	} {
		t.Run(name, func(t *testing.T) {
			s := settings(t.TempDir())
			s.MaxBytes = 1 << 20
			file := filepath.Join(s.Directory, "refused-20260101T000000.000000000Z.jsonl")
			require.NoError(t, os.WriteFile(file, []byte(tc.found), 0o600))
			assert.Equal(t, file, mustAppend(t, newWriter(t, s), "new"))
			assert.Equal(t, tc.want, content(t, file))
		})
	}
}

// What has been moved away or deleted gets no more lines: nobody would find them.
func TestFilesMayBeMovedAway(t *testing.T) {
	for name, move := range map[string]func(directory, file string) error{
		"the file is deleted":    func(_, file string) error { return os.Remove(file) },
		"the file is renamed":    func(directory, file string) error { return os.Rename(file, filepath.Join(directory, "seen.txt")) },
		"the directory is moved": func(directory, _ string) error { return os.Rename(directory, directory+".old") },
		"the directory is deleted": func(directory, _ string) error {
			return os.RemoveAll(directory)
		},
		"another file has its name": func(directory, file string) error {
			other := filepath.Join(directory, "other")
			return errors.Join(os.WriteFile(other, nil, 0o600), os.Rename(other, file))
		},
	} {
		t.Run(name, func(t *testing.T) {
			directory := filepath.Join(t.TempDir(), "dead-letter")
			w := newWriter(t, settings(directory))
			require.NoError(t, move(directory, mustAppend(t, w, "one")))
			assert.Equal(t, "two\n", content(t, mustAppend(t, w, "two")))
		})
	}
}

func TestFilesAreBounded(t *testing.T) {
	w := newWriter(t, settings(t.TempDir()))
	line := strings.Repeat("x", 60)
	names := map[string]bool{}
	for range 3 {
		names[mustAppend(t, w, line)] = true
	}
	assert.Len(t, names, 3)
	_, err := w.Append([]byte(line))
	require.ErrorIs(t, err, ErrFull)
	require.ErrorContains(t, err, "move them away")

	for name := range names {
		assert.Equal(t, line+"\n", content(t, name), "what was written stays")
		require.NoError(t, os.Remove(name))
	}
	require.NoError(t, w.Close())
	mustAppend(t, w, line)
}

func TestDeleteOldest(t *testing.T) {
	s := settings(t.TempDir())
	s.DeleteOldest = true
	w := newWriter(t, s)
	var names []string
	for range 5 {
		names = append(names, mustAppend(t, w, strings.Repeat("x", 60)))
	}
	left, err := filepath.Glob(filepath.Join(s.Directory, pattern))
	require.NoError(t, err)
	assert.Equal(t, names[2:], left)
}

func TestALineLargerThanAFileGetsItsOwn(t *testing.T) {
	w := newWriter(t, settings(t.TempDir()))
	first := mustAppend(t, w, "small")
	large := mustAppend(t, w, strings.Repeat("x", 500))
	assert.NotEqual(t, first, large)
	assert.NotEqual(t, large, mustAppend(t, w, "small"))
}

func TestAFailureLeavesNothingOfTheLine(t *testing.T) {
	w := newWriter(t, settings(t.TempDir()))
	name := mustAppend(t, w, "before")
	require.NoError(t, w.file.Close()) // every write fails from here on
	_, err := w.Append([]byte("lost?"))
	require.ErrorContains(t, err, name)
	assert.Equal(t, name, mustAppend(t, w, "after"), "the next one opens it again")
	assert.Equal(t, "before\nafter\n", content(t, name))
}

func TestNewNeedsAPlaceToWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := New(settings(file))
	require.Error(t, err)
}

func TestLine(t *testing.T) {
	note := Note{Time: time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC), Status: 400, Reason: "too\nold"}
	line, err := Line(note, testdata.GenerateLogs(3))
	require.NoError(t, err)
	assert.NotContains(t, string(line), "\n")

	request := plogotlp.NewExportRequest()
	require.NoError(t, request.UnmarshalJSON(line), "whoever reads OTLP/JSON reads it")
	assert.Equal(t, 3, request.Logs().LogRecordCount())
	var got struct {
		DeadLetter Note `json:"deadLetter"`
	}
	require.NoError(t, json.Unmarshal(line, &got))
	assert.Equal(t, note, got.DeadLetter)

	note.ContentType, note.Body = "application/x-protobuf", []byte("\xff\x00")
	line, err = Line(note, plog.NewLogs())
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(line, &got))
	assert.Equal(t, note, got.DeadLetter)
}
