// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/grafana/loki/v3/pkg/ingester/wal"
	"github.com/prometheus/prometheus/tsdb/wlog"
	"go.uber.org/zap"
)

// renumberedDirectory is where segments are written that take the place of others.
const renumberedDirectory = "renumbered"

// renumber lets the numbers of each stream's records rise in the ingester's write-ahead log.
//
// Loki counts the entries of a stream, and writes the count behind each record. When it reads
// its log back, a record whose count is no higher than the last one's is known already: it may
// be in the checkpoint. When a stream had nothing for half an hour, Loki lets go of it, and
// if there is more of it after that, it counts from the beginning. Where the log still tells
// of the time before, all that has a lower count is lost at the next start, although it was
// acknowledged.
func renumber(directory string, logger *zap.Logger) error {
	aside := filepath.Join(directory, renumberedDirectory)
	if err := os.RemoveAll(aside); err != nil { // a kill has left it
		return err
	}
	first, last, err := wlog.Segments(directory)
	if errors.Is(err, fs.ErrNotExist) || first < 0 {
		return nil
	}
	if err != nil {
		return err
	}
	all, begunAgain, err := readStreams(directory, first, last)
	if err != nil || !begunAgain {
		return err
	}
	var changed []int
	for segment := first; segment <= last; segment++ {
		rewritten, err := rewrite(directory, aside, segment, all)
		if err != nil {
			return err
		}
		if rewritten {
			changed = append(changed, segment)
		}
	}
	// The last one goes first: after a kill in between, numbers still rise.
	for _, segment := range slices.Backward(changed) {
		if err := os.Rename(wlog.SegmentName(aside, segment), wlog.SegmentName(directory, segment)); err != nil {
			return err
		}
	}
	if len(changed) > 0 {
		logger.Info("Loki had let go of a stream before there was more of it, and would have left that out. Its records are numbered anew",
			zap.Ints("segments", changed))
	}
	return os.RemoveAll(aside)
}

// readStreams reads the checkpoint and the log, so that of each stream in the checkpoint it is
// known which life of it that was. It tells whether any stream has begun more than once.
func readStreams(directory string, first, last int) (all streams, begunAgain bool, err error) {
	if all, err = checkpointed(directory); err != nil {
		return nil, false, err
	}
	for segment := first; segment <= last; segment++ {
		err := eachRecord(directory, segment, func(_ []byte, record *wal.Record) error {
			begunAgain = all.find(record) || begunAgain
			return nil
		})
		if err != nil {
			return nil, false, err
		}
	}
	for _, s := range all {
		s.life = 0
	}
	return all, begunAgain, nil
}

// rewrite writes a segment anew, with numbers that rise, and tells whether that changes any.
func rewrite(directory, aside string, segment int, all streams) (changed bool, err error) {
	written, err := newSegment(directory, aside, segment)
	if err != nil {
		return false, err
	}
	err = eachRecord(directory, segment, func(content []byte, record *wal.Record) error {
		if all.renumber(record) {
			changed = true
			content = record.EncodeEntries(wal.RecordType(content[0]), nil)
		}
		return written.Log(content)
	})
	if err = errors.Join(err, written.close()); err != nil {
		return false, fmt.Errorf("segment %d of Loki's write-ahead log cannot be written anew: %w", segment, err)
	}
	return changed, nil
}
