// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package boltfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

const pageSize = 4096

// newFile returns a file with entries of different sizes, some of which were deleted.
// file_storage does not store the list of free pages; others may.
func newFile(tb testing.TB, withoutFreelist bool) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "file")
	database, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: pageSize, NoFreelistSync: withoutFreelist})
	require.NoError(tb, err)
	for range 2 {
		require.NoError(tb, database.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("default"))
			require.NoError(tb, err)
			for n := range 60 {
				key := fmt.Appendf(nil, "%d", n)
				require.NoError(tb, bucket.Put(key, bytes.Repeat([]byte("x"), n*50)))
				if n%5 == 0 {
					require.NoError(tb, bucket.Delete(key))
				}
			}
			return nil
		}))
	}
	require.NoError(tb, database.Close())
	return path
}

func inBothForms(t *testing.T, check func(t *testing.T, withoutFreelist bool)) {
	t.Helper()
	t.Run("with a list of free pages", func(t *testing.T) { check(t, false) })
	t.Run("without", func(t *testing.T) { check(t, true) })
}

func TestSound(t *testing.T) { inBothForms(t, checkSound) }

func checkSound(t *testing.T, withoutFreelist bool) {
	t.Helper()
	path := newFile(t, withoutFreelist)
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, Check(path))
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, bytes.Equal(before, after))

	fresh := filepath.Join(t.TempDir(), "fresh")
	database, err := bbolt.Open(fresh, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, database.Close())
	require.NoError(t, Check(fresh))
}

func TestEmpty(t *testing.T) {
	path := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.ErrorIs(t, Check(path), ErrEmpty)
}

// Wherever it was cut off, a file is either sound or damaged, and never ends the process.
func TestCutOff(t *testing.T) { inBothForms(t, checkCutOff) }

func checkCutOff(t *testing.T, withoutFreelist bool) {
	t.Helper()
	path := newFile(t, withoutFreelist)
	info, err := os.Stat(path)
	require.NoError(t, err)
	damaged := 0
	for size := info.Size() - 1; size > 0; size -= info.Size() / 97 {
		require.NoError(t, os.Truncate(path, size))
		if err := Check(path); err != nil {
			require.ErrorIs(t, err, ErrDamaged)
			damaged++
		}
	}
	require.Greater(t, damaged, 50)
}

func TestOverwritten(t *testing.T) { inBothForms(t, checkOverwritten) }

func checkOverwritten(t *testing.T, withoutFreelist bool) {
	t.Helper()
	path := newFile(t, withoutFreelist)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	damaged := 0
	for page := range len(content) / pageSize {
		broken := bytes.Clone(content)
		for n := range pageSize {
			broken[page*pageSize+n] = byte(random.UintN(256))
		}
		require.NoError(t, os.WriteFile(path, broken, 0o600))
		if err := Check(path); err != nil {
			require.ErrorIs(t, err, ErrDamaged)
			damaged++
		}
	}
	// The rest are free pages, the pages of long values, and one of the two first.
	require.Greater(t, damaged, 20)

	for _, other := range [][]byte{[]byte("x"), bytes.Repeat([]byte("no database\n"), 5000)} {
		require.NoError(t, os.WriteFile(path, other, 0o600))
		require.ErrorIs(t, Check(path), ErrDamaged)
	}
}

func TestNewer(t *testing.T) {
	path := newFile(t, false)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for page := range 2 {
		const metaOffset, versionOffset, sumOffset = 16, 4, 56
		meta := content[page*pageSize+metaOffset:]
		binary.NativeEndian.PutUint32(meta[versionOffset:], 3)
		sum := fnv.New64a()
		_, err := sum.Write(meta[:sumOffset])
		require.NoError(t, err)
		binary.NativeEndian.PutUint64(meta[sumOffset:], sum.Sum64())
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))
	require.ErrorIs(t, Check(path), ErrNewer)
}

func TestCannotBeOpened(t *testing.T) {
	require.ErrorIs(t, Check(filepath.Join(t.TempDir(), "none")), os.ErrNotExist)

	path := newFile(t, false)
	database, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	err = Check(path)
	require.ErrorIs(t, err, berrors.ErrTimeout)
	require.NotErrorIs(t, err, ErrDamaged)
	require.NoError(t, database.Close())
	require.NoError(t, Check(path))
}
