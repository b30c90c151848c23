// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
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
		if err := cutOff(directory, n, logger.With(zap.String("segment", wlog.SegmentName(directory, n)))); err != nil {
			return err
		}
	}
	return nil
}

func cutOff(directory string, segment int, logger *zap.Logger) error {
	end, torn, damage := wholeUntil(directory, segment)
	name := wlog.SegmentName(directory, segment)
	switch {
	case damage != nil:
		aside := filepath.Join(directory, asideDirectory, filepath.Base(name))
		if err := copyFile(name, aside); err != nil {
			return fmt.Errorf("%s: %w, and it cannot be set aside: %w", name, damage, err)
		}
		logger.Error("A segment of Loki's write-ahead log is damaged, and was set aside; Loki begins without what follows the damage in it. Check the disk",
			zap.Int64("whole_until", end), zap.String("set_aside", aside), zap.Error(damage))
	case torn:
		logger.Info("A segment of Loki's write-ahead log ended with a record that was being written when the process was killed; it is cut off",
			zap.Int64("whole_until", end))
	default:
		return nil
	}
	return os.Truncate(name, end)
}

// wholeUntil returns how many bytes of a segment are whole records. What follows is the
// beginning of one that has no end, which is torn, or something else, which is damage.
func wholeUntil(directory string, segment int) (end int64, torn bool, damage error) {
	pages, err := wlog.NewSegmentsRangeReader(wlog.SegmentRange{Dir: directory, First: segment, Last: segment})
	if err != nil {
		return 0, false, err
	}
	defer func() { damage = errors.Join(damage, pages.Close()) }()
	reader := wlog.NewReader(pages)
	for reader.Next() {
		end = reader.Offset()
	}
	if reader.Err() == nil {
		return end, false, nil
	}
	// The reader has come to the end of the file, in the middle of a record.
	info, err := os.Stat(wlog.SegmentName(directory, segment))
	if err == nil && reader.Offset() >= info.Size() {
		return end, true, nil
	}
	return end, false, errors.Join(reader.Err(), err)
}

func copyFile(from, to string) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return err
	}
	source, err := os.Open(from) //nolint:gosec // a file in Loki's own directory
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // the same
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}
