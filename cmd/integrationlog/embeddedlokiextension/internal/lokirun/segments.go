// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/grafana/loki/v3/pkg/ingester"
	"github.com/grafana/loki/v3/pkg/ingester/wal"
	"github.com/prometheus/prometheus/tsdb/wlog"
	"github.com/prometheus/prometheus/util/compression"
)

// checkpointPattern is what Loki calls the directories of its checkpoints. One that is not
// finished has another ending.
const checkpointPattern = "checkpoint.[0-9][0-9][0-9][0-9][0-9][0-9]"

// logPage is the size of a page of the log; a segment's size is a multiple of it.
const logPage = 32 << 10

// checkpointed returns the streams of the last checkpoint.
func checkpointed(directory string) (all streams, err error) {
	all = streams{}
	checkpoints, err := filepath.Glob(filepath.Join(directory, checkpointPattern))
	if err != nil || len(checkpoints) == 0 {
		return all, err
	}
	segments, err := wlog.NewSegmentsReader(checkpoints[len(checkpoints)-1]) // they are in order
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, segments.Close()) }()
	reader := wlog.NewReader(segments)
	// Where a checkpoint is damaged, Loki reads it up to there and says nothing, so that what follows is not known to
	// it either.
	for reader.Next() {
		content := bytes.Clone(reader.Record()) // what is decoded refers to it
		var series ingester.Series
		if len(content) == 0 || wal.RecordType(content[0]) != wal.CheckpointRecord || series.Unmarshal(content[1:]) != nil {
			continue // Loki leaves it out
		}
		series.LastLine = strings.Clone(series.LastLine)
		all.add(&series)
	}
	return all, nil
}

// eachRecord calls for each record of a segment, with its content and what that means. The
// content is good until do returns.
func eachRecord(directory string, segment int, do func(content []byte, record *wal.Record) error) (err error) {
	pages, err := wlog.NewSegmentsRangeReader(wlog.SegmentRange{Dir: directory, First: segment, Last: segment})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pages.Close()) }()
	reader := wlog.NewReader(pages)
	for reader.Next() {
		record := &wal.Record{}
		if wal.DecodeRecord(reader.Record(), record) != nil {
			record = &wal.Record{} // Loki leaves it out
		}
		if err := do(reader.Record(), record); err != nil {
			return err
		}
	}
	return reader.Err()
}

// segmentWriter writes one segment of a log.
type segmentWriter struct {
	*wlog.WL
	name string
}

// newSegment returns a writer of a segment that takes the place of one in directory. It
// writes into aside.
func newSegment(directory, aside string, segment int) (*segmentWriter, error) {
	old, err := os.Stat(wlog.SegmentName(directory, segment))
	if err != nil {
		return nil, err
	}
	// Room for it all, wherever in it the bounds of pages are now.
	size := (2*int(old.Size())/logPage + 1) * logPage
	log, err := wlog.NewSize(nil, nil, filepath.Join(aside, "new"), size, compression.None)
	if err != nil {
		return nil, err
	}
	return &segmentWriter{log, wlog.SegmentName(aside, segment)}, nil
}

// close ends the segment, and gives it its name.
func (w *segmentWriter) close() error {
	if err := w.Close(); err != nil {
		return err
	}
	first, last, err := wlog.Segments(w.Dir())
	if err != nil {
		return err
	}
	if first != last {
		return fmt.Errorf("it has become %d", last-first+1)
	}
	return errors.Join(os.Rename(wlog.SegmentName(w.Dir(), first), w.name), os.Remove(w.Dir()))
}
