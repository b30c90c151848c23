// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package storageclient

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/internal/seal"
	"github.com/integrationlog/integrationlog/internal/storageclient/internal/metadatatest"
	"github.com/integrationlog/integrationlog/internal/storagetest"
)

var storageID = component.MustNewIDWithName("file_storage", "state")

type host map[component.ID]component.Component

func (h host) GetExtensions() map[component.ID]component.Component { return h }

// rig is a client of a storage, with what it says and counts.
type rig struct {
	storage.Client
	*storagetest.Storage
	logs      *observer.ObservedLogs
	telemetry *componenttest.Telemetry
}

func newRig(t *testing.T) *rig {
	t.Helper()
	core, logs := observer.New(zap.DebugLevel)
	r := &rig{Storage: storagetest.New(), logs: logs, telemetry: componenttest.NewTelemetry()}
	settings := receivertest.NewNopSettings(component.MustNewType("salesforce"))
	settings.ID = component.MustNewID("salesforce")
	settings.TelemetrySettings = r.telemetry.NewTelemetrySettings()
	settings.Logger = zap.New(core)
	var err error
	r.Client, err = Open(t.Context(), host{storageID: r.Storage}, storageID, settings, "checkpoint")
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, r.Close(context.WithoutCancel(t.Context())))
		require.NoError(t, r.telemetry.Shutdown(context.WithoutCancel(t.Context())))
		assert.Zero(t, r.Open())
	})
	return r
}

func (r *rig) requireSetAside(t *testing.T, n int64) {
	t.Helper()
	metadatatest.AssertEqualStorageClientSetAsideValues(t, r.telemetry, []metricdata.DataPoint[int64]{
		{Value: n, Attributes: attribute.NewSet(attribute.String("receiver", "salesforce"))},
	}, metricdatatest.IgnoreTimestamp())
}

func TestWhatIsStoredIsRead(t *testing.T) {
	r := newRig(t)
	for _, value := range [][]byte{[]byte("position"), {}, bytes.Repeat([]byte{0xff}, 1<<20)} {
		require.NoError(t, r.Set(t.Context(), "k", value))
		got, err := r.Get(t.Context(), "k")
		require.NoError(t, err)
		assert.NotNil(t, got)
		assert.True(t, bytes.Equal(value, got))
	}
	value := []byte("both")
	get := storage.GetOperation("b")
	require.NoError(t, r.Batch(t.Context(), storage.SetOperation("a", value), storage.DeleteOperation("k"), get))
	assert.Nil(t, get.Value)
	assert.Equal(t, "both", string(value), "the caller's value stays as it is")
	require.NoError(t, r.Delete(t.Context(), "a"))
	assert.Empty(t, r.Data())
	got, err := r.Get(t.Context(), "a")
	require.NoError(t, err)
	assert.Nil(t, got)
	r.requireSetAside(t, 0)
}

// Whatever byte a disk changes, the value is set aside whole, and its neighbour is read.
func TestEveryDamageIsSetAside(t *testing.T) {
	sealed := seal.Seal([]byte("position"))
	damages := map[string][]byte{"empty": {}, "cut off": sealed[:len(sealed)-1], "never sealed": []byte("position"), "longer": append(bytes.Clone(sealed), 0)}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 0x10
		damages["byte "+string(rune('a'+i))] = changed
	}
	for name, damaged := range damages {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			require.NoError(t, r.Set(t.Context(), "neighbour", []byte("here")))
			r.Put("position", damaged)

			neighbour, position := storage.GetOperation("neighbour"), storage.GetOperation("position")
			require.NoError(t, r.Batch(t.Context(), position, neighbour))
			assert.Nil(t, position.Value)
			assert.Equal(t, "here", string(neighbour.Value))
			assert.Equal(t, damaged, r.Data()["damaged/position"])
			assert.NotContains(t, r.Data(), "position")
			r.requireSetAside(t, 1)
			require.Equal(t, 1, r.logs.Len())
			entry := r.logs.All()[0]
			assert.Equal(t, zap.ErrorLevel, entry.Level)
			assert.Contains(t, entry.Message, `Value "position" in the storage of "salesforce" is damaged and was set aside`)
			assert.Equal(t, map[string]any{"set_aside": "damaged/position"}, entry.ContextMap())

			require.NoError(t, r.Set(t.Context(), "position", []byte("new")))
			got, err := r.Get(t.Context(), "position")
			require.NoError(t, err)
			assert.Equal(t, "new", string(got))
		})
	}
}

// failing takes no writes.
type failing struct{ storage.Client }

func (failing) Batch(_ context.Context, ops ...*storage.Operation) error {
	for _, op := range ops {
		if op.Type != storage.Get {
			return errFull
		}
		op.Value = []byte("damaged")
	}
	return nil
}

var errFull = errors.New("the disk is full")

// What cannot be moved is not passed over: it would be overwritten with the next save.
func TestDamageThatCannotBeSetAside(t *testing.T) {
	r := newRig(t)
	inner := r.Client.(*client)
	c := &client{inner: failing{inner}, logger: inner.logger, telemetry: inner.telemetry, receiver: inner.receiver}
	c.Func = c.Batch
	_, err := c.Get(t.Context(), "position")
	require.ErrorIs(t, err, errFull)
	require.ErrorContains(t, err, `"position" is damaged, and cannot be set aside`)
	r.requireSetAside(t, 0)
}

func TestStorageFails(t *testing.T) {
	r := newRig(t)
	r.FailWith(errFull)
	_, err := r.Get(t.Context(), "k")
	require.ErrorIs(t, err, errFull)
	require.ErrorIs(t, r.Set(t.Context(), "k", nil), errFull)
	require.ErrorIs(t, r.Delete(t.Context(), "k"), errFull)

	settings := receivertest.NewNopSettings(component.MustNewType("salesforce"))
	_, err = Open(t.Context(), host{storageID: r.Storage}, storageID, settings, "checkpoint")
	require.ErrorIs(t, err, errFull)
	for _, none := range []host{{}, {storageID: nil}} {
		_, err = Open(t.Context(), none, storageID, settings, "checkpoint")
		require.ErrorContains(t, err, `storage: "file_storage/state" is no storage extension of this collector; define it`)
	}
}
