// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"github.com/grafana/loki/v3/pkg/ingester"
	"github.com/grafana/loki/v3/pkg/ingester/wal"
	"github.com/grafana/loki/v3/pkg/logproto"
	"github.com/prometheus/prometheus/tsdb/chunks"
)

// streamKey is how the write-ahead log calls a stream of a tenant.
type streamKey struct {
	tenant string
	ref    chunks.HeadSeriesRef
}

// streams are those that checkpoint and log tell of.
type streams map[streamKey]*stream

// stream is what is known of one while the log is read.
type stream struct {
	// stored is the count of the checkpoint, latest the entry that it had then, and
	// storedLife the life of the stream that the checkpoint is of.
	stored     int64
	latest     logproto.Entry
	storedLife int
	// life counts how often Loki has begun the stream in this log, and known tells that there
	// was something of it before.
	life  int
	known bool
	// count is how many entries Loki has counted when it has read the log so far.
	count int64
}

func (all streams) get(tenant string, ref chunks.HeadSeriesRef) *stream {
	key := streamKey{tenant, ref}
	if all[key] == nil {
		all[key] = &stream{}
	}
	return all[key]
}

// add notes what a checkpoint holds of a stream.
func (all streams) add(series *ingester.Series) {
	s := all.get(series.UserID, chunks.HeadSeriesRef(series.Fingerprint))
	s.stored, s.count, s.known = series.EntryCt, series.EntryCt, true
	s.latest = logproto.Entry{Timestamp: series.To, Line: series.LastLine}
}

// find notes of which life a checkpoint is: that in which the record with its count ends with
// its latest entry. It is the one before the log begins where there is no such record. It
// tells whether a stream begins that was known.
func (all streams) find(record *wal.Record) (begunAgain bool) {
	for _, series := range record.Series {
		s := all.get(record.UserID, series.Ref)
		s.life++
		begunAgain = begunAgain || s.known
	}
	for _, entries := range record.RefEntries {
		s := all.get(record.UserID, entries.Ref)
		s.known = true
		if n := len(entries.Entries); n > 0 && entries.Counter == s.stored && isSame(entries.Entries[n-1], s.latest) {
			s.storedLife = s.life
		}
	}
	return begunAgain
}

func isSame(a, b logproto.Entry) bool { return a.Timestamp.Equal(b.Timestamp) && a.Line == b.Line }

// renumber gives records that Loki would leave out, although the checkpoint does not hold
// them, a number that it takes, and tells whether there are any. It has to be given each
// record in turn.
func (all streams) renumber(record *wal.Record) (changed bool) {
	for _, series := range record.Series {
		all.get(record.UserID, series.Ref).life++
	}
	for i := range record.RefEntries {
		entries := &record.RefEntries[i]
		s := all.get(record.UserID, entries.Ref)
		if s.life == s.storedLife && entries.Counter <= s.stored {
			continue
		}
		before := s.count
		s.count += int64(len(entries.Entries))
		if entries.Counter <= before {
			entries.Counter, changed = s.count, true
		}
	}
	return changed
}
