// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/checkpoint"
)

// countingStore counts the calls: to file_storage each is a transaction that waits for the
// disk, also one that only reads.
type countingStore struct {
	Store
	calls int
}

func (s *countingStore) Load(ctx context.Context, key string, into any) (bool, error) {
	s.calls++
	return s.Store.Load(ctx, key, into)
}

func (s *countingStore) LoadAll(ctx context.Context, documents ...*checkpoint.Document) error {
	s.calls++
	return s.Store.LoadAll(ctx, documents...)
}

func (s *countingStore) Save(ctx context.Context, key string, document any) error {
	s.calls++
	return s.Store.Save(ctx, key, document)
}

func (s *countingStore) Delete(ctx context.Context, keys ...string) error {
	s.calls++
	return s.Store.Delete(ctx, keys...)
}

// TestFewCallsOfTheStore: the last of many files about one hour needs no more calls than the
// first: to recall, to claim the hour, to note what was delivered and that the file is done.
func TestFewCallsOfTheStore(t *testing.T) {
	h := newHarness(t)
	store := &countingStore{Store: h.store}
	h.store = store
	h.restart()
	const files = 50
	for i := range files {
		h.org.add("RestApi/Hourly", 9, start.Add(time.Duration(i-files)*time.Minute-time.Hour), restRow(fmt.Sprintf("TID:%d", i), 9, i))
	}
	h.poll()
	require.Len(t, h.requests(), files)
	require.LessOrEqual(t, store.calls, 4*files+2)

	h.org.now = start.Add(9 * 24 * time.Hour)
	store.calls = 0
	h.poll()
	require.LessOrEqual(t, store.calls, 2, "all ledgers are deleted at once")
	found, err := h.store.Load(t.Context(), ledgerKey(h.org.files[0].ID, 0), &document{})
	require.NoError(t, err)
	require.False(t, found)
}
