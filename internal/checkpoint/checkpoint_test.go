// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package checkpoint

import (
	"bytes"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/integrationlog/integrationlog/internal/seal"
	"github.com/integrationlog/integrationlog/internal/storagetest"
)

type document struct {
	Until string   `json:"until"`
	Seen  []string `json:"seen"`
}

var (
	storageID = component.MustNewIDWithName("file_storage", "state")
	kind      = component.MustNewType("zendesk_webhooks")
)

// host has one extension, under the storage's id.
type host struct {
	component.Host
	extension component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{storageID: h.extension}
}

func open(t *testing.T, extension *storagetest.Storage) *Store {
	t.Helper()
	store, err := Open(t.Context(), host{extension: extension}, &storageID, receivertest.NewNopSettings(kind))
	require.NoError(t, err)
	return store
}

func TestStore(t *testing.T) {
	extension := storagetest.New()
	inMemory, err := Open(t.Context(), componenttest.NewNopHost(), nil, receivertest.NewNopSettings(kind))
	require.NoError(t, err)
	for name, store := range map[string]*Store{"memory": inMemory, "storage": open(t, extension)} {
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
	assert.Zero(t, extension.Open())

	var got document
	found, err := open(t, extension).Load(t.Context(), "webhook/2", &got)
	require.NoError(t, err)
	assert.True(t, found, "it survives a restart")
}

func TestManyAtOnce(t *testing.T) {
	extension := storagetest.New()
	store := open(t, extension)
	require.NoError(t, store.LoadAll(t.Context()))
	require.NoError(t, store.Delete(t.Context()))
	require.NoError(t, store.Save(t.Context(), "a", document{Until: "A"}))
	require.NoError(t, store.Save(t.Context(), "c", document{Until: "C"}))

	var a, b, c document
	documents := []*Document{{Key: "a", Into: &a}, {Key: "b", Into: &b, Found: true}, {Key: "c", Into: &c}}
	require.NoError(t, store.LoadAll(t.Context(), documents...))
	assert.Equal(t, []bool{true, false, true}, []bool{documents[0].Found, documents[1].Found, documents[2].Found})
	assert.Equal(t, []string{"A", "", "C"}, []string{a.Until, b.Until, c.Until})

	extension.Put("b", seal.Seal([]byte("canary")))
	err := store.LoadAll(t.Context(), documents...)
	require.ErrorIs(t, err, ErrUnknown)
	require.ErrorContains(t, err, `"b"`, "it names the one")

	require.NoError(t, store.Delete(t.Context(), "a", "b", "none"))
	assert.Len(t, extension.Data(), 1)
	full := errors.New("the disk is full")
	extension.FailWith(full)
	err = store.LoadAll(t.Context(), documents...)
	require.ErrorIs(t, err, full)
	require.ErrorContains(t, err, `"a" and 2 others`)
	require.ErrorIs(t, store.Delete(t.Context(), "a", "b"), full)
}

func TestNeverAFreshStart(t *testing.T) {
	extension := storagetest.New()
	store := open(t, extension)
	tests := map[string]error{
		"":                                     ErrUnknown,
		"canary":                               ErrUnknown,
		"[]":                                   ErrUnknown,
		"{}":                                   ErrUnknown,
		`{"version":1}`:                        ErrUnknown,
		`{"version":0,"document":{}}`:          ErrUnknown,
		`{"version":-1,"document":{}}`:         ErrUnknown,
		`{"version":1,"document":{"until":5}}`: ErrUnknown,
		`{"version":1,"document":{"until":"2026-11-2`:  ErrUnknown,
		`{"version":2,"document":{"until":{"new":1}}}`: ErrNewer,
	}
	for content, want := range tests {
		t.Run(content, func(t *testing.T) {
			extension.Put("webhook/1", seal.Seal([]byte(content)))
			found, err := store.Load(t.Context(), "webhook/1", &document{})
			require.ErrorIs(t, err, want)
			require.ErrorContains(t, err, "webhook/1")
			require.ErrorContains(t, err, "remove", "it says what to do")
			assert.NotContains(t, err.Error(), "canary")
			assert.False(t, found)
		})
	}
}

func TestDamageIsAFreshStart(t *testing.T) {
	extension := storagetest.New()
	store := open(t, extension)
	require.NoError(t, store.Save(t.Context(), "webhook/1", document{Until: "2026-11-26T12:00:00Z"}))
	changed := bytes.Replace(extension.Data()["webhook/1"], []byte("2026"), []byte("2036"), 1)
	extension.Put("webhook/1", changed)

	var got document
	found, err := store.Load(t.Context(), "webhook/1", &got)
	require.NoError(t, err)
	assert.False(t, found)
	assert.Empty(t, got, "nothing of it is used")
	assert.Equal(t, map[string][]byte{"damaged/webhook/1": changed}, extension.Data())
}

func TestStorageFails(t *testing.T) {
	extension := storagetest.New()
	store := open(t, extension)
	full := errors.New("the disk is full")
	extension.FailWith(full)
	_, err := store.Load(t.Context(), "k", &document{})
	require.ErrorIs(t, err, full)
	require.ErrorIs(t, store.Save(t.Context(), "k", document{}), full)
	require.ErrorIs(t, store.Delete(t.Context(), "k"), full)
	require.ErrorContains(t, store.Save(t.Context(), "k", func() {}), "unsupported")

	_, err = Open(t.Context(), host{extension: extension}, &storageID, receivertest.NewNopSettings(kind))
	require.ErrorIs(t, err, full)
	_, err = Open(t.Context(), host{}, &storageID, receivertest.NewNopSettings(kind))
	require.ErrorContains(t, err, `"file_storage/state" is no storage extension of this collector`)
}
