// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package seen

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"testing"
	"testing/quick"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"

	"github.com/integrationlog/integrationlog/internal/storagetest"
)

func open(tb testing.TB, memory *storagetest.Storage, set *Set, now time.Time) *Store {
	tb.Helper()
	client, err := memory.GetClient(tb.Context(), component.KindReceiver, component.MustNewID("fake"), "")
	require.NoError(tb, err)
	store := NewStore(set, client)
	require.NoError(tb, store.Load(tb.Context(), now))
	return store
}

// reopen returns what a process finds that starts now.
func reopen(tb testing.TB, memory *storagetest.Storage, limit int, ttl time.Duration, now time.Time) (*Set, *Store) {
	tb.Helper()
	set := newSet(tb, limit, ttl)
	return set, open(tb, memory, set, now)
}

func save(tb testing.TB, store *Store, now time.Time) {
	tb.Helper()
	require.NoError(tb, store.Save(tb.Context(), now))
}

func segments(memory *storagetest.Storage) int { return max(len(memory.Data())-1, 0) }

func TestStoreBeginsEmpty(t *testing.T) {
	memory := storagetest.New()
	_, store := reopen(t, memory, 10, time.Hour, noon)
	save(t, store, noon)
	assert.Zero(t, memory.Saves(), "there is nothing to write")
	require.NoError(t, store.Close(t.Context()))
	assert.Zero(t, memory.Open())
}

func TestStoreSurvivesManySegments(t *testing.T) {
	const n = 5*segmentEntries + 7
	memory := storagetest.New()
	set, store := reopen(t, memory, n, time.Hour, noon)
	for i := range n {
		accept(t, set, key(i), noon)
		if i%100 == 0 {
			save(t, store, noon)
		}
	}
	save(t, store, noon)
	assert.Equal(t, 6, segments(memory))

	set, store = reopen(t, memory, n, time.Hour, noon.Add(time.Minute))
	for i := range n {
		require.Equal(t, Accepted, claim(set, key(i), noon.Add(time.Minute)), "key %d", i)
	}
	assert.Empty(t, set.takeJournal(), "what is stored already is not written again")
	saves := memory.Saves()
	save(t, store, noon.Add(time.Minute))
	assert.Equal(t, saves, memory.Saves())
}

func TestStoreKeepsArrivals(t *testing.T) {
	memory := storagetest.New()
	set, store := reopen(t, memory, 10, time.Hour, noon)
	for i := range 3 {
		require.Equal(t, Claimed, claim(set, key(i), noon))
		set.Arrive(key(i), noon.Add(time.Duration(i)))
	}
	save(t, store, noon)
	set.Settle([]Key{key(0)}, true, noon)
	set.Settle([]Key{key(1)}, false, noon)
	save(t, store, noon)

	later := noon.Add(time.Minute)
	set, _ = reopen(t, memory, 10, time.Hour, later)
	assert.Equal(t, Accepted, claim(set, key(0), later))
	for i := 1; i < 3; i++ {
		assert.Equal(t, Claimed, claim(set, key(i), later), "key %d", i)
		assert.True(t, noon.Add(time.Duration(i)).Equal(set.Arrive(key(i), later)), "key %d", i)
	}
	assert.Equal(t, Claimed, claim(set, key(3), later))
	assert.Equal(t, later, set.Arrive(key(3), later))

	expired := noon.Add(time.Hour + 3)
	set, _ = reopen(t, memory, 10, time.Hour, expired)
	assert.Equal(t, expired, set.Arrive(key(2), expired), "arrivals are forgotten too")
}

// A segment that is not full goes on after a restart, so that many restarts do not
// make many segments.
func TestStoreGoesOnAfterRestarts(t *testing.T) {
	memory := storagetest.New()
	const restarts = segmentEntries + 10
	for i := range restarts {
		set, store := reopen(t, memory, 10_000, time.Hour, noon)
		accept(t, set, key(i), noon)
		save(t, store, noon)
	}
	assert.Equal(t, 2, segments(memory))
	set, _ := reopen(t, memory, 10_000, time.Hour, noon)
	for i := range restarts {
		require.Equal(t, Accepted, claim(set, key(i), noon), "key %d", i)
	}
}

// The storage holds at least what the memory holds, however small that is.
func TestStoreHoldsWhatTheMemoryHolds(t *testing.T) {
	for _, limit := range []int{1, 10, segmentEntries - 1, segmentEntries, segmentEntries + 1, 3 * segmentEntries} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			memory := storagetest.New()
			set, store := reopen(t, memory, limit, time.Hour, noon)
			for i := range 4 * segmentEntries {
				accept(t, set, key(i), noon)
				if i%200 == 0 || i > 2*segmentEntries-5 && i < 2*segmentEntries+5 {
					save(t, store, noon)
					again, _ := reopen(t, memory, limit, time.Hour, noon)
					for j := max(0, i+1-limit); j <= i; j++ {
						require.Equal(t, Accepted, claim(again, key(j), noon), "key %d of %d", j, i)
					}
				}
			}
			assert.LessOrEqual(t, segments(memory), limit/segmentEntries+2, "what is no use is deleted")
		})
	}
}

func TestExpiredSegmentsAreDeleted(t *testing.T) {
	memory := storagetest.New()
	set, store := reopen(t, memory, 10_000, time.Hour, noon)
	for i := range 3 * segmentEntries {
		accept(t, set, key(i), noon.Add(time.Duration(i)*time.Second))
	}
	save(t, store, noon)
	require.Equal(t, 3, segments(memory))

	firstEnds := noon.Add(time.Hour + (segmentEntries-1)*time.Second)
	save(t, store, firstEnds.Add(-1))
	assert.Equal(t, 3, segments(memory))
	save(t, store, firstEnds)
	assert.Equal(t, 2, segments(memory))

	// after a restart they end as well
	set, store = reopen(t, memory, 10_000, time.Hour, firstEnds)
	assert.Equal(t, Accepted, claim(set, key(segmentEntries), firstEnds))
	save(t, store, noon.Add(3*time.Hour))
	assert.Zero(t, segments(memory))

	// and it goes on from there
	accept(t, set, key(-1), noon.Add(3*time.Hour))
	save(t, store, noon.Add(3*time.Hour))
	assert.Equal(t, 1, segments(memory))
	set, _ = reopen(t, memory, 10_000, time.Hour, noon.Add(3*time.Hour))
	assert.Equal(t, Accepted, claim(set, key(-1), noon.Add(3*time.Hour)))
	assert.Equal(t, Claimed, claim(set, key(0), noon.Add(3*time.Hour)))
}

func TestFailingStorageIsWrittenLater(t *testing.T) {
	memory := storagetest.New()
	set, store := reopen(t, memory, 10_000, time.Hour, noon)
	accept(t, set, key(0), noon)
	save(t, store, noon)
	before := memory.Data()

	boom := errors.New("boom")
	memory.FailWith(boom)
	for i := range 3 * segmentEntries {
		accept(t, set, key(1+i), noon)
		require.ErrorIs(t, store.Save(t.Context(), noon), boom)
	}
	assert.Equal(t, before, memory.Data())

	memory.FailWith(nil)
	save(t, store, noon)
	set, _ = reopen(t, memory, 10_000, time.Hour, noon)
	for i := range 3*segmentEntries + 1 {
		require.Equal(t, Accepted, claim(set, key(i), noon), "key %d", i)
	}
}

func TestFailingStorageDoesNotCostTheMemory(t *testing.T) {
	memory := storagetest.New()
	set, store := reopen(t, memory, 100, time.Hour, noon)
	memory.FailWith(errors.New("boom"))
	for i := range 1_000 {
		accept(t, set, key(i), noon)
		require.Error(t, store.Save(t.Context(), noon))
		require.LessOrEqual(t, len(store.unsaved), 100)
	}
	memory.FailWith(nil)
	save(t, store, noon)
	set, _ = reopen(t, memory, 100, time.Hour, noon)
	for i := 900; i < 1_000; i++ {
		require.Equal(t, Accepted, claim(set, key(i), noon), "key %d", i)
	}
}

func TestLowerLimit(t *testing.T) {
	memory := storagetest.New()
	set, store := reopen(t, memory, 3*segmentEntries, time.Hour, noon)
	for i := range 3 * segmentEntries {
		accept(t, set, key(i), noon)
	}
	save(t, store, noon)
	set, store = reopen(t, memory, 10, time.Hour, noon)
	assert.Equal(t, Accepted, claim(set, key(3*segmentEntries-10), noon))
	assert.Equal(t, Claimed, claim(set, key(3*segmentEntries-11), noon))
	save(t, store, noon)
	assert.Equal(t, 1, segments(memory))
}

// To begin anew without a word would store again what a vendor delivers again.
func TestDamageIsAnError(t *testing.T) {
	bounds := func(first, next uint64) []byte {
		return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, first), next)
	}
	damages := map[string]struct {
		damage func(*storagetest.Storage)
		want   string
	}{
		"range too short":   {func(s *storagetest.Storage) { s.Put(rangeKey, []byte("x")) }, `"segments" has 1 bytes instead of 16`},
		"range empty":       {func(s *storagetest.Storage) { s.Put(rangeKey, []byte{}) }, `"segments" has 0 bytes`},
		"range reversed":    {func(s *storagetest.Storage) { s.Put(rangeKey, bounds(2, 1)) }, "begins at 2 and ends at 1"},
		"range too large":   {func(s *storagetest.Storage) { s.Put(rangeKey, bounds(0, 1<<40)) }, "begins at 0 and ends at 1099511627776"},
		"range overflowing": {func(s *storagetest.Storage) { s.Put(rangeKey, bounds(1<<64-3, 1<<64-1)) }, "ends at 18446744073709551615"},
		"segment cut off":   {func(s *storagetest.Storage) { s.Put("2", make([]byte, entrySize+1)) }, "segment 2 of the accepted activities has 25 bytes, no multiple of 24"},
	}
	for name, test := range damages {
		t.Run(name, func(t *testing.T) {
			memory := storagetest.New()
			set, store := reopen(t, memory, 10_000, time.Hour, noon)
			for i := range 2*segmentEntries + 1 {
				accept(t, set, key(i), noon)
			}
			save(t, store, noon)
			require.Equal(t, 3, segments(memory))
			test.damage(memory)

			client, err := memory.GetClient(t.Context(), component.KindReceiver, component.MustNewID("fake"), "")
			require.NoError(t, err)
			err = NewStore(newSet(t, 10, time.Hour), client).Load(t.Context(), noon)
			require.ErrorContains(t, err, test.want)
			require.ErrorIs(t, err, errUnknown)
		})
	}
}

// A segment that was damaged is missing, and costs what it held.
func TestMissingSegments(t *testing.T) {
	for gap := range 3 {
		memory := storagetest.New()
		set, store := reopen(t, memory, 10_000, time.Hour, noon)
		for i := range 2*segmentEntries + 1 {
			accept(t, set, key(i), noon)
		}
		save(t, store, noon)
		memory.Remove(strconv.Itoa(gap))

		set, store = reopen(t, memory, 10_000, time.Hour, noon)
		for i := range 2*segmentEntries + 1 {
			assert.Equal(t, i/segmentEntries != gap, claim(set, key(i), noon) == Accepted, "gap %d, key %d", gap, i)
		}
		accept(t, set, key(-1), noon)
		save(t, store, noon)
		set, store = reopen(t, memory, 10_000, time.Hour, noon)
		assert.Equal(t, Accepted, claim(set, key(-1), noon), "what comes later is kept")
		save(t, store, noon.Add(2*time.Hour))
		assert.Zero(t, segments(memory), "it goes with its time")
	}
}

func TestUnreadableStorageIsAnError(t *testing.T) {
	memory := storagetest.New()
	client, err := memory.GetClient(t.Context(), component.KindReceiver, component.MustNewID("fake"), "")
	require.NoError(t, err)
	boom := errors.New("boom")
	memory.FailWith(boom)
	err = NewStore(newSet(t, 10, time.Hour), client).Load(t.Context(), noon)
	require.ErrorIs(t, err, boom)
	require.ErrorContains(t, err, "cannot read which activities were accepted before")
}

// step is one of the things that happen to a set.
type step struct {
	what     uint32
	key      int
	accepted bool
	pause    time.Duration
}

// newStep takes each of them from bits of its own.
func newStep(random uint32) step {
	return step{
		what: random & 0xff % 20, key: int(random >> 8 & 0xff % 30), accepted: random>>16&0xff%4 > 0,
		pause: time.Duration(random>>24%4) * 10 * time.Minute,
	}
}

// Whatever happens, in whatever order, a set with a store knows what a plain map
// would know: kills lose what was not saved, and nothing else.
func TestSetIsAsGoodAsAMap(t *testing.T) {
	const ttl = 2 * time.Hour
	property := func(random []uint32) bool {
		now := noon
		memory := storagetest.New()
		set, store := reopen(t, memory, 1_000, ttl, now)
		live, saved := map[int]time.Time{}, map[int]time.Time{}
		for i := range random {
			s := newStep(random[i])
			now = now.Add(s.pause)
			at, known := live[s.key]
			want := Claimed
			if known && now.Sub(at) < ttl {
				want = Accepted
			}
			got, _ := set.Claim(key(s.key), now)
			if got != want {
				t.Logf("step %d of %v: key %d is %v instead of %v", i, random, s.key, got, want)
				return false
			}
			if got == Claimed {
				set.Settle([]Key{key(s.key)}, s.accepted, now)
				if s.accepted {
					live[s.key] = now
				}
			}
			switch s.what {
			case 0, 1, 2: // saved
				save(t, store, now)
				saved = maps.Clone(live)
			case 3: // killed
				set, store = reopen(t, memory, 1_000, ttl, now)
				live = maps.Clone(saved)
			case 4: // the disk is full for a moment
				memory.FailWith(errors.New("full"))
				err := store.Save(t.Context(), now)
				memory.FailWith(nil)
				if err == nil && len(store.unsaved) > 0 {
					return false
				}
			}
		}
		return true
	}
	require.NoError(t, quick.Check(property, &quick.Config{MaxCount: 300}))
}

func FuzzLoad(f *testing.F) {
	good := append(make([]byte, 16), binary.BigEndian.AppendUint64(nil, uint64(noon.UnixNano()))...)
	f.Add(append(make([]byte, 15), 1), good)
	f.Add(append(make([]byte, 15), 1), good[:20])
	f.Add([]byte{}, []byte{})
	f.Add([]byte("0123456789abcdef"), good)
	f.Fuzz(func(t *testing.T, bounds, segment []byte) {
		memory := storagetest.New()
		memory.Put(rangeKey, bounds)
		memory.Put("0", segment)
		client, err := memory.GetClient(t.Context(), component.KindReceiver, component.MustNewID("fake"), "")
		require.NoError(t, err)
		set := newSet(t, 10, time.Hour)
		store := NewStore(set, client)
		if store.Load(t.Context(), noon) != nil {
			return
		}
		// what could be read can be gone on with
		accept(t, set, NewKey("one more"), noon)
		save(t, store, noon)
		again, _ := reopen(t, memory, 10, time.Hour, noon)
		require.Equal(t, Accepted, claim(again, NewKey("one more"), noon))
	})
}

// A second's worth of activities, at a thousand a second, with a full memory.
func BenchmarkSave(b *testing.B) {
	memory := storagetest.New()
	set, store := reopen(b, memory, 200_000, 24*time.Hour, noon)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		for range 1_000 {
			k := Key{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}
			set.Claim(k, noon)
			set.Settle([]Key{k}, true, noon)
			n++
		}
		save(b, store, noon)
	}
}
