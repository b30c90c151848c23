// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/integrationlog/integrationlog/internal/seal"
)

func TestWire(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()
	wire, err := NewWire(server.URL)
	require.NoError(t, err)
	defer wire.Close()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	get := func() error {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, wire.URL, http.NoBody)
		require.NoError(t, err)
		response, err := client.Do(request)
		if err == nil {
			err = response.Body.Close()
		}
		return err
	}
	require.NoError(t, get())
	require.NoError(t, wire.Do(Harm{Type: "reset_peer", Stream: "downstream", Attributes: map[string]int{"timeout": 0}}))
	require.Error(t, get())
	wire.Heal(t.Context())
	require.NoError(t, get())
	require.Error(t, wire.Do(Harm{Type: "none such"}))

	_, err = NewWire("http://[")
	require.Error(t, err)
}

// A server that ends slow requests, and one that has all the patience.
func TestSlow(t *testing.T) {
	for _, test := range []struct {
		patience, within time.Duration
		want             error
	}{{10 * time.Millisecond, 10 * time.Second, nil}, {time.Hour, 2 * time.Second, context.DeadlineExceeded}} {
		server := httptest.NewUnstartedServer(http.NotFoundHandler())
		server.Config.ReadTimeout = test.patience
		server.Start()
		ctx, cancel := context.WithTimeout(t.Context(), test.within)
		require.ErrorIs(t, Slow(ctx, server.Listener.Addr().String(), 5), test.want, test.patience)
		cancel()
		server.Close()
	}
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	require.Error(t, Slow(t.Context(), listener.Addr().String(), 2), "nobody listens")
}

func TestDamages(t *testing.T) {
	for _, damage := range append(Damages, Newer) {
		t.Run(damage.Name, func(t *testing.T) {
			path := newDatabase(t, map[string][]byte{"key": []byte("value")})
			before, err := os.ReadFile(path)
			require.NoError(t, err)
			require.NoError(t, damage.To(path, rand.New(rand.NewPCG(1, 2))))
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.NotEqual(t, before, after)
		})
	}
	path := filepath.Join(t.TempDir(), "file")
	require.Error(t, Newer.To(path, nil), "there is none")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.Error(t, Newer.To(path, nil), "it has no pages")
	database, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, database.Close())
	require.NoError(t, Newer.To(path, nil))
	_, err = bbolt.Open(path, 0o600, nil)
	require.ErrorIs(t, err, berrors.ErrVersionMismatch)
}

// newDatabase returns the file of a database with these values.
func newDatabase(t *testing.T, values map[string][]byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	database, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, database.Update(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucket([]byte("default"))
		for key, value := range values {
			if err == nil {
				err = bucket.Put([]byte(key), value)
			}
		}
		return err
	}))
	require.NoError(t, database.Close())
	return path
}

func TestChangeVersions(t *testing.T) {
	path := newDatabase(t, map[string][]byte{
		"checkpoint": seal.Seal([]byte(`{"document":{"version":7},"version":1}`)), "other": []byte("value"),
		"damaged": append([]byte("x"), seal.Seal([]byte("y"))...),
	})
	require.NoError(t, ChangeVersions(path, 1))
	database, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, database.View(func(tx *bbolt.Tx) error {
		bucket := tx.Bucket([]byte("default"))
		payload, err := seal.Open(bucket.Get([]byte("checkpoint")))
		assert.JSONEq(t, `{"document":{"version":7},"version":2}`, string(payload))
		assert.Equal(t, "value", string(bucket.Get([]byte("other"))))
		return err
	}))
	require.NoError(t, database.Close())
}
