// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package storagetest

import (
	"context"
	"errors"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// The storage of the tests behaves as the collector's own.
func TestLikeAFile(t *testing.T) {
	factory := filestorage.NewFactory()
	config := factory.CreateDefaultConfig().(*filestorage.Config)
	config.Directory = t.TempDir()
	file, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), config)
	require.NoError(t, err)
	for name, extension := range map[string]storage.Extension{"file": file.(storage.Extension), "memory": New()} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))
			client, err := extension.GetClient(t.Context(), component.KindReceiver, component.MustNewID("fake"), "")
			require.NoError(t, err)

			value, err := client.Get(t.Context(), "a")
			require.NoError(t, err)
			assert.Nil(t, value)
			mine := []byte("1")
			require.NoError(t, client.Set(t.Context(), "a", mine))
			mine[0] = 'x'
			get := storage.GetOperation("a")
			require.NoError(t, client.Batch(t.Context(), get, storage.SetOperation("b", []byte("2")), storage.DeleteOperation("a")))
			assert.Equal(t, []byte("1"), get.Value)
			require.NoError(t, client.Delete(t.Context(), "a"))
			require.NoError(t, client.Close(t.Context()))
			require.Error(t, client.Set(t.Context(), "c", nil))

			client, err = extension.GetClient(t.Context(), component.KindReceiver, component.MustNewID("fake"), "")
			require.NoError(t, err)
			for key, want := range map[string][]byte{"a": nil, "b": []byte("2"), "c": nil} {
				value, err := client.Get(t.Context(), key)
				require.NoError(t, err)
				assert.Equal(t, want, value)
			}
			require.NoError(t, client.Close(t.Context()))
			require.NoError(t, extension.Shutdown(context.Background()))
		})
	}
}

func TestFailsWhenItIsTold(t *testing.T) {
	s := New()
	client, err := s.GetClient(t.Context(), component.KindReceiver, component.MustNewID("fake"), "")
	require.NoError(t, err)
	s.Put("a", []byte("1"))
	left := s.Copy()
	boom := errors.New("boom")
	s.FailWith(boom)
	require.ErrorIs(t, client.Set(t.Context(), "a", nil), boom)
	_, err = s.GetClient(t.Context(), component.KindReceiver, component.MustNewID("fake"), "")
	require.ErrorIs(t, err, boom)
	s.FailWith(nil)
	require.NoError(t, client.Set(t.Context(), "b", nil))
	s.Remove("a")
	assert.Equal(t, 1, s.Saves())
	assert.Len(t, s.Data(), 1)
	assert.Equal(t, map[string][]byte{"a": []byte("1")}, left.Data())
	assert.Equal(t, 1, s.Open())
	require.NoError(t, client.Close(t.Context()))
	require.Error(t, client.Close(t.Context()))
	assert.Zero(t, s.Open())
}
