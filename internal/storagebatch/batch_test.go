// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package storagebatch

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/xextension/storage"
)

func TestOneValue(t *testing.T) {
	values := map[string][]byte{}
	batch := Func(func(_ context.Context, ops ...*storage.Operation) error {
		Apply(values, ops)
		return nil
	})
	none, err := batch.Get(t.Context(), "key")
	require.NoError(t, err)
	assert.Nil(t, none)

	value := []byte("value")
	require.NoError(t, batch.Set(t.Context(), "key", value))
	value[0] = 'V'
	got, err := batch.Get(t.Context(), "key")
	require.NoError(t, err)
	assert.Equal(t, "value", string(got), "a copy is stored")
	got[0] = 'V'
	assert.Equal(t, "value", string(values["key"]), "a copy is given")

	require.NoError(t, batch.Delete(t.Context(), "key"))
	assert.Empty(t, values)
}

func TestApply(t *testing.T) {
	values := map[string][]byte{"a": []byte("1"), "b": []byte("2")}
	before, after := storage.GetOperation("a"), storage.GetOperation("a")
	writes := Apply(values, []*storage.Operation{before, storage.SetOperation("a", []byte("3")), after, storage.DeleteOperation("b")})
	assert.Equal(t, 2, writes)
	assert.Equal(t, "1", string(before.Value))
	assert.Equal(t, "3", string(after.Value))
	assert.Equal(t, map[string][]byte{"a": []byte("3")}, values)
}

func TestNothingIsGivenByABatchThatFails(t *testing.T) {
	full := errors.New("the disk is full")
	batch := Func(func(_ context.Context, ops ...*storage.Operation) error {
		for _, op := range ops {
			op.Value = []byte("damaged")
		}
		return full
	})
	value, err := batch.Get(t.Context(), "key")
	require.ErrorIs(t, err, full)
	assert.Nil(t, value)
	require.ErrorIs(t, batch.Set(t.Context(), "key", nil), full)
	require.ErrorIs(t, batch.Delete(t.Context(), "key"), full)
}
