// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package boltfile

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
)

// Wherever a database was cut off and overwritten, it is said so, or it can be used: what is
// read and written then neither panics nor makes a fault.
func FuzzCheck(f *testing.F) {
	whole, err := os.ReadFile(newFile(f, false))
	require.NoError(f, err)
	f.Add(uint32(0), uint32(0), []byte(nil))
	f.Add(uint32(5000), uint32(0), []byte(nil))
	f.Add(uint32(0), uint32(pageSize+16+8), []byte{3})
	for page := uint32(2); page < 8; page++ {
		f.Add(uint32(0), page*pageSize+8, []byte{0x02, 0, 0xff, 0x7f})
		f.Add(uint32(0), page*pageSize+headerSize, bytes.Repeat([]byte{0xff}, 64))
	}
	f.Fuzz(func(t *testing.T, cutOff, at uint32, patch []byte) {
		content := bytes.Clone(whole[:len(whole)-int(cutOff)%len(whole)])
		if int(at) < len(content) {
			copy(content[at:], patch)
		}
		path := filepath.Join(t.TempDir(), "file")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		if Check(path) == nil {
			useAll(t, path)
		}
	})
}

// useAll reads and changes everything in a database.
func useAll(t *testing.T, path string) {
	t.Helper()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	database, err := bbolt.Open(path, 0, &bbolt.Options{NoSync: true})
	require.NoError(t, err)
	require.NoError(t, database.Update(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, bucket *bbolt.Bucket) error {
			var keys [][]byte
			err := bucket.ForEach(func(key, value []byte) error {
				keys = append(keys, bytes.Clone(key))
				_ = bytes.Clone(value)
				return nil
			})
			for n, key := range keys {
				if err == nil && n%2 == 0 {
					err = bucket.Delete(key)
				}
			}
			for n := range 10 {
				if err == nil {
					err = bucket.Put(fmt.Append(nil, "new", n), make([]byte, 1000))
				}
			}
			return err
		})
	}))
	require.NoError(t, database.Close())
}
