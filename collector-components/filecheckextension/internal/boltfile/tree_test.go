// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package boltfile

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
)

// contentOf is a file as a whole, to be changed.
type contentOf []byte

func (c contentOf) page(id int) []byte  { return c[id*pageSize:] }
func (c contentOf) kind(id int) uint16  { return binary.NativeEndian.Uint16(c.page(id)[8:]) }
func (c contentOf) count(id int) uint16 { return binary.NativeEndian.Uint16(c.page(id)[10:]) }

func (c contentOf) setID(id int)               { binary.NativeEndian.PutUint64(c.page(id), uint64(id)) }
func (c contentOf) continuation(id int) []byte { return c.page(id)[12:16] }

// below returns where the number of the page is written to which an entry of a branch leads.
func (c contentOf) below(id, entry int) []byte { return c.page(id)[headerSize+entry*entrySize+8:][:8] }

func (c contentOf) child(id, entry int) int {
	return int(binary.NativeEndian.Uint64(c.below(id, entry)))
}

// ofBranch returns the content of a file and the page at the top of its bucket, which has
// some leaves of one page each.
func ofBranch(t *testing.T, withoutFreelist bool) (contentOf, int) {
	t.Helper()
	path := newFile(t, withoutFreelist)
	database, err := bbolt.Open(path, 0, &bbolt.Options{ReadOnly: true})
	require.NoError(t, err)
	var root int
	require.NoError(t, database.View(func(tx *bbolt.Tx) error {
		root = int(tx.Bucket([]byte("default")).Root())
		return nil
	}))
	require.NoError(t, database.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	c := contentOf(content)
	require.EqualValues(t, branchPage, c.kind(root))
	require.Greater(t, c.count(root), uint16(4))
	return c, root
}

// Such files are what a disk leaves that lost a page written last, and shows the one before.
func TestPagesInTheWrongPlace(t *testing.T) {
	for name, damage := range map[string]func(c contentOf, root int){
		"two leaves swapped": func(c contentOf, root int) {
			one, other := c.child(root, 1), c.child(root, 2)
			first := bytes.Clone(c.page(one)[:pageSize])
			copy(c.page(one)[:pageSize], c.page(other))
			copy(c.page(other), first)
			c.setID(one)
			c.setID(other)
		},
		"a leaf used twice":  func(c contentOf, root int) { copy(c.below(root, 2), c.below(root, 1)) },
		"a branch in itself": func(c contentOf, root int) { binary.NativeEndian.PutUint64(c.below(root, 2), uint64(root)) },
		"a leaf that goes on into all that follow": func(c contentOf, root int) {
			leaf := c.child(root, 1)
			binary.NativeEndian.PutUint32(c.continuation(leaf), uint32(len(c)/pageSize-leaf-1))
		},
		"a leaf that goes on beyond the end": func(c contentOf, root int) {
			binary.NativeEndian.PutUint32(c.continuation(c.child(root, 1)), 1<<31)
		},
		"a key of a branch that lies far away": func(c contentOf, root int) {
			binary.NativeEndian.PutUint32(c.page(root)[headerSize+entrySize:], 1<<31)
		},
		"a key of a branch that is another": func(c contentOf, root int) {
			position := binary.NativeEndian.Uint32(c.page(root)[headerSize+entrySize:])
			c.page(root)[headerSize+entrySize+position] = 0xff
		},
		"a key of gigabytes": func(c contentOf, root int) {
			binary.NativeEndian.PutUint32(c.page(c.child(root, 1))[headerSize+8:], 1<<31)
		},
		"a bucket that goes on beyond the end": func(c contentOf, _ int) {
			for id := 2; id < len(c)/pageSize; id++ {
				if c.kind(id) == leafPage && c.page(id)[headerSize] == bucketEntry {
					binary.NativeEndian.PutUint32(c.page(id)[headerSize+12:], 1<<30)
				}
			}
		},
		"a first key that is not the one in the branch": func(c contentOf, root int) {
			c.page(c.child(root, 1))[headerSize+8]++
		},
		"an empty leaf":          func(c contentOf, root int) { leaf := c.page(c.child(root, 1)); leaf[10], leaf[11] = 0, 0 },
		"a bucket in the bucket": func(c contentOf, root int) { c.page(c.child(root, 1))[headerSize] = bucketEntry },
		"a branch to nowhere":    func(c contentOf, root int) { c.page(root)[10], c.page(root)[11] = 0, 0 },
	} {
		t.Run(name, func(t *testing.T) {
			inBothForms(t, func(t *testing.T, withoutFreelist bool) {
				t.Helper()
				content, root := ofBranch(t, withoutFreelist)
				path := filepath.Join(t.TempDir(), "file")
				require.NoError(t, os.WriteFile(path, content, 0o600))
				require.NoError(t, Check(path))
				damage(content, root)
				require.NoError(t, os.WriteFile(path, content, 0o600))
				require.ErrorIs(t, Check(path), ErrDamaged)
			})
		})
	}
}

func TestBucketInBucket(t *testing.T) {
	path := newFile(t, true)
	database, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, database.Update(func(tx *bbolt.Tx) error {
		_, err := tx.Bucket([]byte("default")).CreateBucket([]byte("nested"))
		return err
	}))
	require.NoError(t, database.Close())
	require.ErrorIs(t, Check(path), ErrDamaged)
}

// listOfFreePages returns the page with the list, and of how many numbers it is.
func listOfFreePages(t *testing.T, c contentOf) (page, count int) {
	t.Helper()
	newest := c.page(0)
	const transactionAt = headerSize + 48
	if binary.NativeEndian.Uint64(c.page(1)[transactionAt:]) > binary.NativeEndian.Uint64(newest[transactionAt:]) {
		newest = c.page(1)
	}
	page = int(binary.NativeEndian.Uint64(newest[headerSize+32:]))
	require.EqualValues(t, freePages, c.kind(page))
	require.Greater(t, c.count(page), uint16(1))
	return page, int(c.count(page))
}

// A page that is in use and free would be written over.
func TestUsedPageIsFree(t *testing.T) {
	for name, id := range map[string]func(c contentOf, root, list int) int{
		"in use":         func(c contentOf, root, _ int) int { return c.child(root, 1) },
		"the list":       func(_ contentOf, _, list int) int { return list },
		"one of the two": func(contentOf, int, int) int { return 1 },
		"none":           func(c contentOf, _, _ int) int { return len(c) / pageSize },
		"listed twice": func(c contentOf, _, list int) int {
			return int(binary.NativeEndian.Uint64(c.page(list)[headerSize+8:]))
		},
	} {
		t.Run(name, func(t *testing.T) {
			content, root := ofBranch(t, false)
			list, _ := listOfFreePages(t, content)
			binary.NativeEndian.PutUint64(content.page(list)[headerSize:], uint64(id(content, root, list)))
			path := filepath.Join(t.TempDir(), "file")
			require.NoError(t, os.WriteFile(path, content, 0o600))
			require.ErrorIs(t, Check(path), ErrDamaged)
		})
	}
}

// A page that is neither used nor listed is room that is lost, and nothing else.
func TestLostRoomIsNoDamage(t *testing.T) {
	content, _ := ofBranch(t, false)
	list, count := listOfFreePages(t, content)
	binary.NativeEndian.PutUint16(content.page(list)[10:], uint16(count-1))
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	require.NoError(t, Check(path))
}
