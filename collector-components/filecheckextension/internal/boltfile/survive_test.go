// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package boltfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
)

// filesToUse names the directory with the files that this process, a second one, is to use.
const filesToUse = "INTEGRATIONLOG_FILES_TO_USE"

// What bbolt writes is never taken for damaged, whatever is stored and deleted.
func TestWhatIsWrittenIsWhole(t *testing.T) { inBothForms(t, checkWritten) }

func checkWritten(t *testing.T, withoutFreelist bool) {
	t.Helper()
	random := rand.New(rand.NewPCG(5, 6))
	path := filepath.Join(t.TempDir(), "file")
	oldest, newest := 0, 0
	for range 60 {
		database, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, NoFreelistSync: withoutFreelist})
		require.NoError(t, err)
		for range 1 + random.IntN(5) {
			require.NoError(t, database.Update(func(tx *bbolt.Tx) error {
				bucket, err := tx.CreateBucketIfNotExists([]byte("default"))
				require.NoError(t, err)
				// A queue, and beside it keys that come and go anywhere.
				for range random.IntN(60) {
					require.NoError(t, bucket.Put(strconv.AppendInt(nil, int64(newest), 10), make([]byte, random.IntN(1<<random.IntN(15)))))
					newest++
				}
				for oldest < newest && random.IntN(40) > 0 {
					require.NoError(t, bucket.Delete(strconv.AppendInt(nil, int64(oldest), 10)))
					oldest++
				}
				for range random.IntN(100) {
					key := bytes.Repeat([]byte{byte(random.UintN(20))}, 1+random.IntN(300))
					require.NoError(t, bucket.Delete(key))
					if random.IntN(2) == 0 {
						require.NoError(t, bucket.Put(key, make([]byte, random.IntN(200))))
					}
				}
				return nil
			}))
		}
		require.NoError(t, database.Close())
		require.NoError(t, Check(path))
	}
}

// What passes as whole ends no process that uses it as file_storage does, whatever happened
// to it. Such an end cannot be caught, so a second process uses the files.
func TestWhatIsWholeCanBeUsed(t *testing.T) {
	if directory := os.Getenv(filesToUse); directory != "" {
		files, err := filepath.Glob(filepath.Join(directory, "*"))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			_, err := fmt.Fprintln(os.Stderr, "using", filepath.Base(file))
			require.NoError(t, err)
			use(t, file)
		}
		return
	}
	inBothForms(t, checkUse)
}

func checkUse(t *testing.T, withoutFreelist bool) {
	t.Helper()
	content, _ := ofBranch(t, withoutFreelist)
	random := rand.New(rand.NewPCG(3, 4))
	whole, damaged := t.TempDir(), 0
	const tries = 300
	for n := range tries {
		broken := bytes.Clone(content)
		change(random, broken)
		path := filepath.Join(whole, fmt.Sprint(n))
		require.NoError(t, os.WriteFile(path, broken, 0o600))
		if err := Check(path); err != nil {
			require.ErrorIs(t, err, ErrDamaged)
			require.NoError(t, os.Remove(path))
			damaged++
		}
	}
	t.Logf("%d of %d are damaged", damaged, tries)
	require.Greater(t, damaged, tries/5)
	require.Less(t, damaged, tries*4/5)

	second := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWhatIsWholeCanBeUsed$")
	second.Env = append(os.Environ(), filesToUse+"="+whole)
	output, err := second.CombinedOutput()
	require.NoError(t, err, "%s", output)
}

// change does to a file what a disk could: a page is lost, moved, half written, or has some
// other bytes.
func change(random *rand.Rand, content []byte) {
	pages := withHeader(content)
	one, other := pages[random.IntN(len(pages))], pages[random.IntN(len(pages))]
	switch random.IntN(5) {
	case 0:
		clear(one[random.IntN(pageSize):])
	case 1: // the number of the page stays, so that it looks like the right one
		copy(one[8:], other[8:])
	case 2:
		copy(one[random.IntN(pageSize):], other)
	case 3: // where headers and entries are
		one[random.IntN(256)] = byte(random.UintN(256))
	default:
		one[random.IntN(64)] ^= 1 << random.UintN(8)
	}
}

// withHeader returns the pages but for those that continue a value.
func withHeader(content []byte) [][]byte {
	var pages [][]byte
	for id := range len(content) / pageSize {
		if page := content[id*pageSize:][:pageSize]; binary.NativeEndian.Uint64(page) == uint64(id) {
			pages = append(pages, page)
		}
	}
	return pages
}

// use opens a file as file_storage does, and reads, replaces and deletes what is in it.
func use(t *testing.T, path string) {
	t.Helper()
	database, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
	require.NoError(t, err)
	inBucket := func(do func(bucket *bbolt.Bucket) error) {
		require.NoError(t, database.Update(func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("default"))
			if err != nil {
				return err
			}
			return do(bucket)
		}))
	}
	var keys [][]byte
	inBucket(func(bucket *bbolt.Bucket) error {
		return bucket.ForEach(func(key, value []byte) error {
			require.Len(t, bytes.Clone(value), len(value))
			keys = append(keys, bytes.Clone(key))
			return nil
		})
	})
	for _, key := range keys {
		inBucket(func(bucket *bbolt.Bucket) error { return bucket.Put(key, []byte("other")) })
	}
	inBucket(func(bucket *bbolt.Bucket) error {
		for _, key := range keys {
			require.Equal(t, "other", string(bucket.Get(key)))
			require.NoError(t, bucket.Delete(key))
		}
		return nil
	})
	require.NoError(t, database.Close())
}
