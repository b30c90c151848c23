// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package seen

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

func newSet(tb testing.TB, limit int, ttl time.Duration) *Set {
	tb.Helper()
	s, err := New(limit, ttl)
	require.NoError(tb, err)
	return s
}

func key(i int) Key { return NewKey(fmt.Sprint(i)) }

func claim(s *Set, k Key, now time.Time) State {
	state, _ := s.Claim(k, now)
	return state
}

func accept(tb testing.TB, s *Set, k Key, now time.Time) (forgotten int) {
	tb.Helper()
	require.Equal(tb, Claimed, claim(s, k, now))
	return s.Settle([]Key{k}, true, now)
}

func TestKeysDiffer(t *testing.T) {
	assert.NotEqual(t, NewKey("a"), NewKey("b"))
	assert.NotEqual(t, NewKey(""), NewKey("\x00"))
	again := NewKey("a")
	assert.Equal(t, NewKey("a"), again)
}

func TestAcceptedIsRemembered(t *testing.T) {
	s := newSet(t, 10, time.Hour)
	accept(t, s, key(1), noon)
	assert.Equal(t, Accepted, claim(s, key(1), noon))
	assert.Equal(t, Accepted, claim(s, key(1), noon.Add(time.Hour-1)))
	assert.Equal(t, Claimed, claim(s, key(2), noon))
}

func TestRefusedMayComeAgain(t *testing.T) {
	s := newSet(t, 10, time.Hour)
	require.Equal(t, Claimed, claim(s, key(1), noon))
	assert.Zero(t, s.Settle([]Key{key(1)}, false, noon))
	assert.Equal(t, Claimed, claim(s, key(1), noon))
}

func TestArrivalIsTheFirst(t *testing.T) {
	s := newSet(t, 10, time.Hour)
	assert.Equal(t, noon, s.Arrive(key(1), noon))
	assert.Equal(t, noon, s.Arrive(key(1), noon.Add(time.Hour-1)), "it comes again")
	assert.Equal(t, noon.Add(time.Second), s.Arrive(key(2), noon.Add(time.Second)))
	assert.Equal(t, noon.Add(time.Hour), s.Arrive(key(1), noon.Add(time.Hour)), "it is forgotten in the end")
	assert.Equal(t, Claimed, claim(s, key(1), noon), "to arrive is not to be accepted")
	assert.Zero(t, s.Settle([]Key{key(1)}, true, noon))
	assert.Equal(t, Accepted, claim(s, key(1), noon))
}

func TestArrivalsAreBounded(t *testing.T) {
	s := newSet(t, 2, time.Hour)
	for i := range 3 {
		s.Arrive(key(i), noon)
	}
	assert.Equal(t, noon.Add(time.Second), s.Arrive(key(0), noon.Add(time.Second)))
	assert.Equal(t, noon, s.Arrive(key(2), noon.Add(time.Second)))
}

func TestItEndsWithItsTime(t *testing.T) {
	s := newSet(t, 10, time.Hour)
	accept(t, s, key(1), noon)
	accept(t, s, key(1), noon.Add(time.Hour))
	assert.Equal(t, Accepted, claim(s, key(1), noon.Add(2*time.Hour-1)), "the time begins anew")
}

func TestTheOldestLeavesFirst(t *testing.T) {
	s := newSet(t, 2, time.Hour)
	assert.Zero(t, accept(t, s, key(1), noon))
	assert.Zero(t, accept(t, s, key(2), noon.Add(time.Minute)))
	assert.Equal(t, Accepted, claim(s, key(1), noon), "asking for it does not make it younger")
	assert.Equal(t, 1, accept(t, s, key(3), noon.Add(2*time.Minute)))
	assert.Equal(t, Accepted, claim(s, key(2), noon))
	assert.Equal(t, Accepted, claim(s, key(3), noon))
	assert.Equal(t, Claimed, claim(s, key(1), noon))

	// what has expired leaves without being missed
	assert.Zero(t, accept(t, s, key(4), noon.Add(2*time.Hour)))
}

func TestWhoComesLaterWaits(t *testing.T) {
	for _, accepted := range []bool{true, false} {
		s := newSet(t, 1, time.Hour)
		require.Equal(t, Claimed, claim(s, key(1), noon))
		state, first := s.Claim(key(1), noon)
		require.Equal(t, Underway, state)
		_, second := s.Claim(key(1), noon)
		select {
		case <-first.Done():
			t.Fatal("settled too early")
		default:
		}
		// another one takes the only place in the memory at the same moment
		require.Equal(t, Claimed, claim(s, key(2), noon))
		s.Settle([]Key{key(1), key(2)}, accepted, noon)
		for _, settlement := range []*Settlement{first, second} {
			<-settlement.Done()
			assert.Equal(t, accepted, settlement.Accepted())
		}
	}
}

func TestNothingIsJournalledWithoutAStore(t *testing.T) {
	s := newSet(t, 10, time.Hour)
	for i := range 100 {
		accept(t, s, key(i), noon)
	}
	assert.Empty(t, s.takeJournal())
	assert.Empty(t, s.underway)
}

// Of many that claim the same key at a time one gets it, until one has succeeded.
func TestOneOfManyGetsIt(t *testing.T) {
	s := newSet(t, 1_000, time.Hour)
	const keys, callers = 100, 8
	var mu sync.Mutex
	accepted := map[int]int{}
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for i := range keys {
				for attempt := 0; ; attempt++ {
					state, other := s.Claim(key(i), noon)
					if state == Accepted {
						break
					}
					if state == Underway {
						<-other.Done()
						continue
					}
					ok := attempt > 0 || (caller+i)%3 == 0
					if ok {
						mu.Lock()
						accepted[i]++
						mu.Unlock()
					}
					s.Settle([]Key{key(i)}, ok, noon)
				}
			}
		})
	}
	group.Wait()
	require.Len(t, accepted, keys)
	for i, n := range accepted {
		assert.Equal(t, 1, n, "key %d", i)
	}
}

func BenchmarkClaimAndSettle(b *testing.B) {
	s := newSet(b, 100_000, time.Hour)
	b.ReportAllocs()
	keys := make([]Key, 1)
	for i := 0; b.Loop(); i++ {
		keys[0] = Key{byte(i), byte(i >> 8), byte(i >> 16), byte(i >> 24)}
		s.Claim(keys[0], noon)
		s.Settle(keys, true, noon)
	}
}
