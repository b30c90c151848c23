// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package schema

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"
)

const text = `{"type":"record","name":"E","fields":[{"name":"ChangeEventHeader","type":{"type":"record","name":"H","fields":[{"name":"entityName","type":"string"}]}}]}`

// source counts the fetches of each id, and answers after a second.
type source struct {
	mu      sync.Mutex
	fetches map[string]int
	text    string
	err     error
}

func (s *source) fetch(ctx context.Context, id string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fetches == nil {
		s.fetches = map[string]int{}
	}
	s.fetches[id]++
	text, err := s.text, s.err
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-time.After(time.Second):
		return text, err
	}
}

func newCache(t *testing.T, s *source) *Cache {
	t.Helper()
	c, err := NewCache(2, s.fetch)
	require.NoError(t, err)
	return c
}

func TestFetchesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{text: text}
		c := newCache(t, s)
		var wait sync.WaitGroup
		var schemas [8]*changeevent.Schema
		for i := range schemas {
			wait.Go(func() {
				schema, err := c.Get(t.Context(), "a")
				assert.NoError(t, err)
				schemas[i] = schema
			})
		}
		wait.Wait()
		for _, schema := range schemas {
			require.Same(t, schemas[0], schema)
		}
		require.Equal(t, 1, s.fetches["a"])
	})
}

func TestForgetsTheOldest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{text: text}
		c := newCache(t, s)
		for _, id := range []string{"a", "b", "a", "c", "a", "b"} {
			_, err := c.Get(t.Context(), id)
			require.NoError(t, err)
		}
		require.Equal(t, map[string]int{"a": 1, "b": 2, "c": 1}, s.fetches)
		for i := range 100 {
			_, err := c.Get(t.Context(), strconv.Itoa(i))
			require.NoError(t, err)
		}
		require.Equal(t, 2, c.entries.Len())
		require.Empty(t, c.fetching)
	})
}

func TestFailureIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{err: errors.New("schema.api.unavailable")}
		c := newCache(t, s)
		for range 2 {
			_, err := c.Get(t.Context(), "a")
			require.ErrorIs(t, err, s.err)
			require.NotErrorIs(t, err, ErrUnusable)
		}
		s.err, s.text = nil, text
		_, err := c.Get(t.Context(), "a")
		require.NoError(t, err)
		require.Equal(t, 3, s.fetches["a"])
	})
}

func TestUnusableIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{text: `"string"`}
		c := newCache(t, s)
		for range 2 {
			_, err := c.Get(t.Context(), "a")
			require.ErrorIs(t, err, ErrUnusable)
		}
		require.Equal(t, 1, s.fetches["a"])
		for _, id := range []string{"", strings.Repeat("x", maxID+1)} {
			_, err := c.Get(t.Context(), id)
			require.ErrorIs(t, err, ErrUnusable)
		}
		require.Len(t, s.fetches, 1)
	})
}

// Whoever stops must not take along those who wait for the same schema.
func TestOthersGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &source{text: text}
		c := newCache(t, s)
		stopped, stop := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() {
			_, err := c.Get(stopped, "a")
			first <- err
		}()
		synctest.Wait()
		impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := c.Get(impatient, "a")
		require.ErrorIs(t, err, context.DeadlineExceeded)

		second := make(chan error, 1)
		go func() {
			_, err := c.Get(t.Context(), "a")
			second <- err
		}()
		synctest.Wait()
		stop()
		require.ErrorIs(t, <-first, context.Canceled)
		require.NoError(t, <-second)
		require.Equal(t, 2, s.fetches["a"])
	})
}

func TestSize(t *testing.T) {
	_, err := NewCache(0, nil)
	require.Error(t, err)
}
