// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package seen // import "github.com/integrationlog/integrationlog/internal/webhook/internal/seen"

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// The storage holds segments of entries in the order in which they came, each under its number, and
// one key that tells which segments there are. The newest segment is written anew
// until it is full, so that few entries need few segments.
const (
	rangeKey       = "segments"
	rangeSize      = 16
	entrySize      = len(Key{}) + 8
	segmentEntries = 512
	loadAtOnce     = 256
	// maxSegments is far more than any set has.
	maxSegments = 1 << 20
)

// arrivalFlag marks the time of an arrival; no time of acceptance has this bit.
const arrivalFlag = 1 << 63

func (e entry) stamp() uint64 {
	stamp := uint64(e.at.UnixNano()) &^ arrivalFlag
	if e.arrival {
		stamp |= arrivalFlag
	}
	return stamp
}

// errUnknown goes with what a storage should never hold.
var errUnknown = errors.New("the storage is none of this receiver's; after it is removed, what a vendor delivers again is stored again")

// Store keeps a set across restarts. It is not safe for concurrent use.
type Store struct {
	set     *Set
	client  storage.Client
	stored  stored
	unsaved []entry
}

// stored is what the storage holds.
type stored struct {
	// first is the number of the oldest segment, and segments are they all.
	first    uint64
	segments []segment
	// newest is the content of the newest segment.
	newest []byte
}

type segment struct {
	entries int
	// newest is the time of its last entry.
	newest time.Time
}

// NewStore returns a store for the set. The store owns the client.
func NewStore(set *Set, client storage.Client) *Store {
	set.mu.Lock()
	defer set.mu.Unlock()
	set.journaling = true
	return &Store{set: set, client: client}
}

// Load fills the set with what the storage holds. A segment that is missing, because it
// was damaged, costs what it held. What cannot be understood is an error: to begin anew
// silently would store activities twice.
func (s *Store) Load(ctx context.Context, now time.Time) error {
	bounds, err := s.client.Get(ctx, rangeKey)
	if err != nil {
		return fmt.Errorf("cannot read which activities were accepted before: %w", err)
	}
	if bounds == nil {
		return nil
	}
	if len(bounds) != rangeSize {
		return fmt.Errorf("%q has %d bytes instead of %d: %w", rangeKey, len(bounds), rangeSize, errUnknown)
	}
	first, next := binary.BigEndian.Uint64(bounds), binary.BigEndian.Uint64(bounds[rangeSize/2:])
	if first > next || next-first > maxSegments || next > math.MaxInt64 {
		return fmt.Errorf("%q begins at %d and ends at %d: %w", rangeKey, first, next, errUnknown)
	}
	s.stored.first = first
	for from := first; from < next; {
		to := from + min(next-from, loadAtOnce)
		if err := s.loadSegments(ctx, from, to, now); err != nil {
			return err
		}
		from = to
	}
	return nil
}

func (s *Store) loadSegments(ctx context.Context, from, to uint64, now time.Time) error {
	ops := make([]*storage.Operation, 0, to-from)
	for n := from; n < to; n++ {
		ops = append(ops, storage.GetOperation(segmentKey(n)))
	}
	if err := s.client.Batch(ctx, ops...); err != nil {
		return fmt.Errorf("cannot read which activities were accepted before: %w", err)
	}
	for _, op := range ops {
		if len(op.Value)%entrySize != 0 {
			return fmt.Errorf("segment %s of the accepted activities has %d bytes, no multiple of %d: %w", op.Key, len(op.Value), entrySize, errUnknown)
		}
		s.stored.segments = append(s.stored.segments, s.set.restore(op.Value, now))
		s.stored.newest = op.Value
	}
	return nil
}

// restore remembers the entries of a segment that have not expired.
func (s *Set) restore(content []byte, now time.Time) segment {
	s.mu.Lock()
	defer s.mu.Unlock()
	result := segment{entries: len(content) / entrySize}
	for rest := content; len(rest) > 0; rest = rest[entrySize:] {
		stamp := binary.BigEndian.Uint64(rest[len(Key{}):])
		at := time.Unix(0, int64(stamp&^arrivalFlag)) //nolint:gosec // without the flag it is an int64
		switch key := Key(rest[:len(Key{})]); {
		case now.Sub(at) >= s.ttl:
		case stamp&arrivalFlag != 0:
			s.arrived.Add(key, at)
		default:
			s.remember(key, at, now)
		}
		result.newest = at
	}
	return result
}

// Save writes what was accepted since the last call, and deletes what has
// expired, in one transaction. What could not be written is written next time.
func (s *Store) Save(ctx context.Context, now time.Time) error {
	s.unsaved = append(s.unsaved, s.set.takeJournal()...)
	// a storage that is out of order for long must not cost the memory
	if excess := len(s.unsaved) - s.set.limit; excess > 0 {
		s.unsaved = slices.Clone(s.unsaved[excess:])
	}

	after := s.stored
	after.segments = slices.Clone(after.segments)
	ops := append(after.add(s.unsaved), after.expire(s.set.limit, s.set.ttl, now)...)
	if len(ops) == 0 {
		return nil
	}
	if err := s.client.Batch(ctx, append(ops, storage.SetOperation(rangeKey, after.bounds()))...); err != nil {
		return fmt.Errorf("cannot write which activities were accepted: %w", err)
	}
	s.stored, s.unsaved = after, nil
	return nil
}

// add appends entries and returns what has to be written for that.
func (s *stored) add(entries []entry) []*storage.Operation {
	var ops []*storage.Operation
	for i, e := range entries {
		last := len(s.segments) - 1
		if last < 0 || s.segments[last].entries >= segmentEntries {
			s.segments = append(s.segments, segment{})
			s.newest = nil
			last++
		}
		if i == 0 || s.newest == nil {
			// a copy, because the storage may still hold what it was given before
			s.newest = append(make([]byte, 0, segmentEntries*entrySize), s.newest...)
			ops = append(ops, storage.SetOperation(segmentKey(s.first+uint64(len(s.segments))-1), nil))
		}
		s.newest = append(s.newest, e.key[:]...)
		s.newest = binary.BigEndian.AppendUint64(s.newest, e.stamp())
		s.segments[last] = segment{entries: s.segments[last].entries + 1, newest: e.at}
		ops[len(ops)-1].Value = s.newest
	}
	return ops
}

// expire removes the segments that are older than the memory reaches back, or that
// the others leave no room for, and returns what has to be deleted for that.
func (s *stored) expire(limit int, ttl time.Duration, now time.Time) []*storage.Operation {
	entries := 0
	for _, segment := range s.segments {
		entries += segment.entries
	}
	var ops []*storage.Operation
	for len(s.segments) > 0 {
		oldest := s.segments[0]
		if now.Sub(oldest.newest) < ttl && entries-oldest.entries < limit {
			break
		}
		ops = append(ops, storage.DeleteOperation(segmentKey(s.first)))
		entries -= oldest.entries
		s.segments = s.segments[1:]
		s.first++
	}
	if len(s.segments) == 0 {
		s.newest = nil
	}
	return ops
}

func (s *stored) bounds() []byte {
	bounds := binary.BigEndian.AppendUint64(make([]byte, 0, rangeSize), s.first)
	return binary.BigEndian.AppendUint64(bounds, s.first+uint64(len(s.segments)))
}

// Close closes the client.
func (s *Store) Close(ctx context.Context) error {
	return s.client.Close(ctx)
}

func segmentKey(n uint64) string {
	return strconv.FormatUint(n, 10)
}
