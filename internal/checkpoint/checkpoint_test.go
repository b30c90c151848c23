// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package checkpoint

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

type document struct {
	Until string   `json:"until"`
	Seen  []string `json:"seen"`
}

var (
	storageID = component.MustNewIDWithName("file_storage", "state")
	ownID     = component.MustNewID("zendesk_webhooks")
)

// host has one extension, under the storage's id.
type host struct {
	component.Host
	extension component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{storageID: h.extension}
}

// extension is a storage that fails when it is told to.
type extension struct {
	component.StartFunc
	component.ShutdownFunc
	*memory
	err  error
	name string
}

func (e *extension) GetClient(_ context.Context, kind component.Kind, id component.ID, name string) (storage.Client, error) {
	e.name = kind.String() + "/" + id.String() + "/" + name
	return e, e.err
}

func (e *extension) Batch(ctx context.Context, ops ...*storage.Operation) error {
	if e.err != nil {
		return e.err
	}
	return e.memory.Batch(ctx, ops...)
}

func (e *extension) Get(ctx context.Context, key string) ([]byte, error) {
	op := storage.GetOperation(key)
	err := e.Batch(ctx, op)
	return op.Value, err
}

func (e *extension) Set(ctx context.Context, key string, value []byte) error {
	return e.Batch(ctx, storage.SetOperation(key, value))
}

func (e *extension) Delete(ctx context.Context, key string) error {
	return e.Batch(ctx, storage.DeleteOperation(key))
}

func open(t *testing.T, e *extension) *Store {
	t.Helper()
	store, err := Open(t.Context(), host{extension: e}, &storageID, component.KindReceiver, ownID)
	require.NoError(t, err)
	return store
}

func TestStore(t *testing.T) {
	e := &extension{memory: newMemory()}
	inMemory, err := Open(t.Context(), componenttest.NewNopHost(), nil, component.KindReceiver, ownID)
	require.NoError(t, err)
	for name, store := range map[string]*Store{"memory": inMemory, "storage": open(t, e)} {
		t.Run(name, func(t *testing.T) {
			var got document
			found, err := store.Load(t.Context(), "webhook/1", &got)
			require.NoError(t, err)
			assert.False(t, found)

			want := document{Until: "2026-11-26T12:00:00Z", Seen: []string{"a", "b"}}
			require.NoError(t, store.Save(t.Context(), "webhook/1", want))
			require.NoError(t, store.Save(t.Context(), "webhook/2", document{}))
			found, err = store.Load(t.Context(), "webhook/1", &got)
			require.NoError(t, err)
			assert.True(t, found)
			assert.Equal(t, want, got)

			require.NoError(t, store.Delete(t.Context(), "webhook/1"))
			require.NoError(t, store.Delete(t.Context(), "webhook/1"))
			found, err = store.Load(t.Context(), "webhook/1", &got)
			require.NoError(t, err)
			assert.False(t, found)
			require.NoError(t, store.Close(t.Context()))
		})
	}
	assert.Equal(t, "Receiver/zendesk_webhooks/checkpoint", e.name)

	var got document
	found, err := open(t, e).Load(t.Context(), "webhook/2", &got)
	require.NoError(t, err)
	assert.True(t, found, "it survives a restart")
}

func TestNeverAFreshStart(t *testing.T) {
	e := &extension{memory: newMemory()}
	store := open(t, e)
	tests := map[string]error{
		"":                                     ErrDamaged,
		"canary":                               ErrDamaged,
		"[]":                                   ErrDamaged,
		"{}":                                   ErrDamaged,
		`{"version":1}`:                        ErrDamaged,
		`{"version":0,"document":{}}`:          ErrDamaged,
		`{"version":-1,"document":{}}`:         ErrDamaged,
		`{"version":1,"document":{"until":5}}`: ErrDamaged,
		`{"version":1,"document":{"until":"2026-11-2`:  ErrDamaged,
		`{"version":2,"document":{"until":{"new":1}}}`: ErrNewer,
	}
	for content, want := range tests {
		t.Run(content, func(t *testing.T) {
			require.NoError(t, e.Set(t.Context(), "webhook/1", []byte(content)))
			found, err := store.Load(t.Context(), "webhook/1", &document{})
			require.ErrorIs(t, err, want)
			require.ErrorContains(t, err, "webhook/1")
			require.ErrorContains(t, err, "remove", "it says what to do")
			assert.NotContains(t, err.Error(), "canary")
			assert.False(t, found)
		})
	}
}

func TestStorageFails(t *testing.T) {
	e := &extension{memory: newMemory()}
	store := open(t, e)
	e.err = errors.New("the disk is full")
	_, err := store.Load(t.Context(), "k", &document{})
	require.ErrorIs(t, err, e.err)
	require.ErrorIs(t, store.Save(t.Context(), "k", document{}), e.err)
	require.ErrorIs(t, store.Delete(t.Context(), "k"), e.err)
	require.ErrorContains(t, store.Save(t.Context(), "k", func() {}), "unsupported")

	_, err = Open(t.Context(), host{extension: e}, &storageID, component.KindReceiver, ownID)
	require.ErrorIs(t, err, e.err)
	_, err = Open(t.Context(), host{}, &storageID, component.KindReceiver, ownID)
	require.ErrorContains(t, err, `"file_storage/state" is no storage extension of this collector`)
}
