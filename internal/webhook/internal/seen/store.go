// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package seen // import "github.com/integrationlog/integrationlog/internal/webhook/internal/seen"

import (
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/extension/xextension/storage"
)

// The storage holds segments of entries, oldest first, each under its number, and
// one key that tells which segments there are. The newest segment is written anew
// until it is full, so that few entries need few segments.
const (
	rangeKey       = "segments"
	entrySize      = len(Key{}) + 8
	segmentEntries = 512
	loadAtOnce     = 256
)

// Store keeps a set across restarts. It is not safe for concurrent use.
type Store struct {
	set    *Set
	client storage.Client

	// first and next bound the segments' numbers; current is next-1's content.
	first, next uint64
	current     []byte
	newest      map[uint64]time.Time
	unsaved     []entry
}

// NewStore returns a store for the set. The store owns the client.
func NewStore(set *Set, client storage.Client) *Store {
	return &Store{set: set, client: client, newest: map[uint64]time.Time{}}
}

// Load fills the set with what the storage holds. A segment that cannot be
// understood is an error: to begin anew silently would store activities twice.
func (s *Store) Load(ctx context.Context, now time.Time) error {
	bounds, err := s.client.Get(ctx, rangeKey)
	if err != nil {
		return fmt.Errorf("cannot read which activities were accepted before: %w", err)
	}
	if bounds == nil {
		return nil
	}
	if len(bounds) != 16 {
		return fmt.Errorf("the storage's %q has %d bytes instead of 16: the storage is damaged or another component's", rangeKey, len(bounds))
	}
	s.first = binary.BigEndian.Uint64(bounds)
	s.next = binary.BigEndian.Uint64(bounds[8:])

	for from := s.first; from < s.next; from += loadAtOnce {
		if err := s.loadSegments(ctx, from, min(from+loadAtOnce, s.next), now); err != nil {
			return err
		}
	}
	s.set.Forgotten() // a smaller limit than before is no surprise
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
	for i, op := range ops {
		if len(op.Value)%entrySize != 0 {
			return fmt.Errorf("segment %s of the accepted activities has %d bytes, no multiple of %d: the storage is damaged", op.Key, len(op.Value), entrySize)
		}
		for rest := op.Value; len(rest) > 0; rest = rest[entrySize:] {
			at := time.Unix(0, int64(binary.BigEndian.Uint64(rest[len(Key{}):])))
			s.newest[from+uint64(i)] = at
			if now.Sub(at) < s.set.ttl {
				s.set.mu.Lock()
				s.set.remember(Key(rest[:len(Key{})]), at, now)
				s.set.mu.Unlock()
			}
		}
	}
	return nil
}

// Save writes what was accepted since the last call, and deletes what has
// expired, in one transaction. What could not be written is written next time.
func (s *Store) Save(ctx context.Context, now time.Time) error {
	s.set.mu.Lock()
	s.unsaved = append(s.unsaved, s.set.journal...)
	s.set.journal = nil
	s.set.mu.Unlock()

	limit := s.set.limit
	// a storage that is out of order for long must not cost the memory
	if excess := len(s.unsaved) - limit; excess > 0 {
		s.unsaved = s.unsaved[excess:]
	}

	first, next, current := s.first, s.next, s.current
	newest := map[uint64]time.Time{}
	var ops []*storage.Operation
	for _, e := range s.unsaved {
		if next == first || current == nil || len(current) >= segmentEntries*entrySize {
			current = make([]byte, 0, segmentEntries*entrySize)
			next++
		}
		current = append(current, e.key[:]...)
		current = binary.BigEndian.AppendUint64(current, uint64(e.at.UnixNano()))
		if newest[next-1].IsZero() {
			ops = append(ops, storage.SetOperation(segmentKey(next-1), nil))
		}
		newest[next-1] = e.at
		ops[len(ops)-1].Value = current
	}
	for first < next && s.expired(first, next, limit, newest, now) {
		ops = append(ops, storage.DeleteOperation(segmentKey(first)))
		first++
	}
	if len(ops) == 0 {
		return nil
	}
	if first == next {
		current = nil
	}
	ops = append(ops, storage.SetOperation(rangeKey, binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, first), next)))
	if err := s.client.Batch(ctx, ops...); err != nil {
		return fmt.Errorf("cannot write which activities were accepted: %w", err)
	}
	for n := s.first; n < first; n++ {
		delete(s.newest, n)
	}
	for n, at := range newest {
		s.newest[n] = at
	}
	s.first, s.next, s.current, s.unsaved = first, next, current, nil
	return nil
}

// expired tells whether a segment is older than the memory reaches back, or more
// than the memory can hold.
func (s *Store) expired(n, next uint64, limit int, newest map[uint64]time.Time, now time.Time) bool {
	if (next-n-1)*segmentEntries > uint64(limit) {
		return true
	}
	at, ok := newest[n]
	if !ok {
		at = s.newest[n]
	}
	return now.Sub(at) >= s.set.ttl
}

// Close closes the client.
func (s *Store) Close(ctx context.Context) error {
	return s.client.Close(ctx)
}

func segmentKey(n uint64) string {
	return strconv.FormatUint(n, 10)
}
