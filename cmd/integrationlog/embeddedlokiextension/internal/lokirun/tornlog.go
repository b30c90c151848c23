// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/prometheus/prometheus/tsdb/wlog"
	"go.uber.org/zap"
)

// cutOffTorn lets each segment of the ingester's write-ahead log end with its last whole
// record.
//
// A push of many records is written in pieces. Killed between two of them, Loki leaves a
// record that is torn. It reads its log up to such a record, says nothing, and leaves out all
// that comes after it, which is what was acknowledged since the next start: that is lost if it
// is killed again before its next checkpoint. Nobody was told that what is torn is stored.
func cutOffTorn(directory string, logger *zap.Logger) error {
	first, last, err := wlog.Segments(directory)
	if errors.Is(err, fs.ErrNotExist) || first < 0 {
		return nil
	}
	if err != nil {
		return err
	}
	for n := first; n <= last; n++ {
		if err := cutOff(directory, n, logger); err != nil {
			return err
		}
	}
	return nil
}

func cutOff(directory string, segment int, logger *zap.Logger) error {
	name := wlog.SegmentName(directory, segment)
	end, damage, err := wholeUntil(directory, segment)
	if err != nil {
		return err
	}
	rest, err := restOf(name, end)
	if err != nil || len(bytes.Trim(rest, "\x00")) == 0 && damage == nil {
		return err
	}
	aside := filepath.Join(directory, asideDirectory, fmt.Sprintf("%s-from-%d", filepath.Base(name), end))
	if err := errors.Join(os.MkdirAll(filepath.Dir(aside), 0o750), os.WriteFile(aside, rest, 0o600)); err != nil {
		return fmt.Errorf("%s has no whole record after %d bytes, and the rest cannot be set aside: %w", name, end, err)
	}
	logger.Warn("A segment of Loki's write-ahead log does not end with a whole record, and what follows the last one was set aside. "+
		"If the process was killed while it wrote that, nothing is lost; otherwise check the disk",
		zap.String("segment", name), zap.Int64("whole_until", end), zap.String("set_aside", aside), zap.NamedError("reason", damage))
	return os.Truncate(name, end)
}

// wholeUntil returns how many bytes of a segment are whole records, and what is wrong with
// what follows, if anything is. An error tells that the segment cannot be read.
func wholeUntil(directory string, segment int) (end int64, damage, err error) {
	pages, err := wlog.NewSegmentsRangeReader(wlog.SegmentRange{Dir: directory, First: segment, Last: segment})
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, pages.Close()) }()
	reader := wlog.NewReader(pages)
	// A record of no length is the beginning of a header, and zeros in place of the rest.
	for reader.Next() && len(reader.Record()) > 0 {
		end = reader.Offset()
	}
	if _, ofFile := errors.AsType[*fs.PathError](reader.Err()); ofFile {
		return 0, nil, reader.Err()
	}
	return end, reader.Err(), nil
}

// restOf returns what a file has from an offset on.
func restOf(name string, from int64) (rest []byte, err error) {
	file, err := os.Open(name) //nolint:gosec // a file in Loki's own directory
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return io.ReadAll(io.NewSectionReader(file, from, math.MaxInt64-from))
}
