// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package recent

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func activities(ids ...string) (all []activity.Activity) {
	for _, id := range ids {
		all = append(all, activity.Activity{ID: id})
	}
	return all
}

func TestClaim(t *testing.T) {
	s, err := New(3)
	require.NoError(t, err)
	require.Equal(t, activities("a", "b"), s.Claim(activities("a", "b", "a")))
	require.Equal(t, activities("c"), s.Claim(activities("a", "c", "b")))
	require.Empty(t, s.Claim(activities("a")))
	require.Equal(t, activities("d"), s.Claim(activities("d")), "which costs c, the one that was seen least lately but one")
	require.Equal(t, activities("c"), s.Claim(activities("a", "c")))
	require.Equal(t, 3, s.ids.Len())
	require.Empty(t, s.Claim(nil))

	_, err = New(0)
	require.Error(t, err)
}

func TestRelease(t *testing.T) {
	s, err := New(3)
	require.NoError(t, err)
	require.Equal(t, activities("a", "b"), s.Claim(activities("a", "b")))
	s.Release(activities("b", "unknown"))
	require.Equal(t, activities("b"), s.Claim(activities("a", "b")))
}

func TestClaimedOnce(t *testing.T) {
	s, err := New(DefaultSize)
	require.NoError(t, err)
	var claimed atomic.Int64
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i := range 1000 {
				claimed.Add(int64(len(s.Claim(activities(strconv.Itoa(i), strconv.Itoa(i+1))))))
			}
		})
	}
	wait.Wait()
	require.Equal(t, int64(1001), claimed.Load())
}

func BenchmarkClaim(b *testing.B) {
	s, err := New(DefaultSize)
	require.NoError(b, err)
	b.ReportAllocs()
	one := make([]activity.Activity, 1)
	for i := 0; b.Loop(); i++ {
		one[0].ID = "00D5g00000AbCdEEAV/Account/000b3b6e-0000-4000-8000-000000000001/1/UPDATE/0015g" + strconv.Itoa(i)
		s.Claim(one)
	}
}
