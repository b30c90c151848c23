// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package boltfile // import "github.com/integrationlog/integrationlog/collector-components/filecheckextension/internal/boltfile"

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"go.etcd.io/bbolt"
)

// What bbolt writes into the header of a page, and the sizes of that header, of an entry of a
// page, and of what stands for a bucket before its page, in bytes.
const (
	branchPage = 0x01
	leafPage   = 0x02
	freePages  = 0x10

	headerSize = 16
	entrySize  = 16
	bucketSize = 16
)

// bucketEntry marks an entry of a leaf that is a bucket.
const bucketEntry = 0x01

type header struct {
	ID           uint64
	Kind, Count  uint16
	Continuation uint32 // how many pages follow that belong to this one
}

type leafEntry struct {
	Kind, Position, KeySize, ValueSize uint32
}

type branchEntry struct {
	Position, KeySize uint32
	Page              uint64
}

// tree reads pages and remembers which are in use: each can be used once.
type tree struct {
	file     io.ReaderAt
	pageSize int64
	used     []bool
}

// take reads the header of a page, and notes that it is in use, with those that continue it.
func (t *tree) take(id uint64) (header, io.ReaderAt, error) {
	var h header
	pages := uint64(len(t.used))
	if id < 2 || id >= pages {
		return h, nil, fmt.Errorf("page %d is none of %d", id, pages)
	}
	start := int64(id) * t.pageSize //nolint:gosec // less than the size of the file
	first := make([]byte, t.pageSize)
	if _, err := io.ReadFull(io.NewSectionReader(t.file, start, t.pageSize), first); err != nil {
		return h, nil, err
	}
	if err := decode(bytes.NewReader(first), 0, &h); err != nil {
		return h, nil, err
	}
	length := uint64(h.Continuation) + 1
	if h.ID != id || length > pages-id {
		return h, nil, fmt.Errorf("page %d has the header of another", id)
	}
	for n := range length {
		if t.used[id+n] {
			return h, nil, fmt.Errorf("page %d is used twice", id+n)
		}
		t.used[id+n] = true
	}
	if length == 1 {
		return h, bytes.NewReader(first), nil
	}
	// Not at once: a length that is wrong may be that of the whole file.
	return h, io.NewSectionReader(t.file, start, int64(length)*t.pageSize), nil //nolint:gosec // less than the size of the file
}

// check reads a page and all below it. Its keys have to be within the limits. Where buckets
// is true, its entries are buckets, and otherwise values.
func (t *tree) check(id uint64, keys *limits, buckets bool) error {
	h, page, err := t.take(id)
	if err != nil {
		return err
	}
	switch {
	case h.Count == 0 && (h.Kind == branchPage || keys.first != nil):
		err = errors.New("it is empty")
	case h.Kind == branchPage:
		err = t.branch(page, int(h.Count), keys, buckets)
	case h.Kind == leafPage:
		err = t.leaf(page, int(h.Count), keys, buckets)
	default:
		err = fmt.Errorf("kind %d", h.Kind)
	}
	if err != nil {
		return fmt.Errorf("page %d: %w", id, err)
	}
	return nil
}

func (t *tree) branch(page io.ReaderAt, count int, keys *limits, buckets bool) error {
	entries := make([]branchEntry, count)
	if err := decode(page, headerSize, entries); err != nil {
		return err
	}
	first := make([][]byte, count+1)
	first[count] = keys.before
	for n, entry := range entries {
		var err error
		if first[n], err = keys.next(page, entryAt(n)+int64(entry.Position), entry.KeySize); err != nil {
			return err
		}
	}
	for n, entry := range entries {
		if err := t.check(entry.Page, &limits{first: first[n], before: first[n+1]}, buckets); err != nil {
			return err
		}
	}
	return nil
}

func (t *tree) leaf(page io.ReaderAt, count int, keys *limits, buckets bool) error {
	entries := make([]leafEntry, count)
	if err := decode(page, headerSize, entries); err != nil {
		return err
	}
	for n, entry := range entries {
		start := entryAt(n) + int64(entry.Position)
		if _, err := keys.next(page, start, entry.KeySize); err != nil {
			return err
		}
		start += int64(entry.KeySize)
		if isBucket := entry.Kind&bucketEntry != 0; isBucket != buckets {
			return errors.New("a bucket in a bucket, or a value outside of one")
		}
		value := io.NewSectionReader(page, start, int64(entry.ValueSize))
		if err := readEnd(value); err != nil {
			return err
		}
		if !buckets {
			continue
		}
		if err := t.bucket(value); err != nil {
			return err
		}
	}
	return nil
}

// bucket checks a bucket: small ones have no page of their own and follow at once.
func (t *tree) bucket(value *io.SectionReader) error {
	var start struct{ Root, Sequence uint64 }
	if err := decode(value, 0, &start); err != nil {
		return err
	}
	if start.Root != 0 {
		return t.check(start.Root, &limits{}, false)
	}
	var h header
	if err := decode(value, bucketSize, &h); err != nil {
		return err
	}
	if h.Kind != leafPage {
		return fmt.Errorf("a small bucket of kind %d", h.Kind)
	}
	return t.leaf(io.NewSectionReader(value, bucketSize, value.Size()-bucketSize), int(h.Count), &limits{}, false)
}

// free reads the list of free pages: one that is in use would be written over.
func (t *tree) free(id uint64) error {
	h, page, err := t.take(id)
	if err != nil {
		return err
	}
	if h.Kind != freePages {
		return fmt.Errorf("page %d is no list of free pages", id)
	}
	count, start := uint64(h.Count), int64(headerSize)
	const countFollows = 0xffff
	if count == countFollows {
		if err := decode(page, start, &count); err != nil {
			return err
		}
		start += 8
	}
	for ; count > 0; count-- {
		var free uint64
		if err := decode(page, start, &free); err != nil {
			return err
		}
		if free < 2 || free >= uint64(len(t.used)) || t.used[free] {
			return fmt.Errorf("page %d is listed as free, and is not", free)
		}
		t.used[free] = true
		start += 8
	}
	return nil
}

// limits are those of the keys of a page.
type limits struct {
	first  []byte // the one that the branch above has for the page, nil if there is none
	after  []byte // the one that came last, nil at the beginning
	before []byte // the first that cannot come, nil if all can
}

// next reads a key, which has to come after all before it. By its first key bbolt finds a page
// in the branch above when it writes, so they have to be the same.
func (l *limits) next(page io.ReaderAt, start int64, size uint32) ([]byte, error) {
	if size == 0 || size > bbolt.MaxKeySize {
		return nil, fmt.Errorf("a key of %d bytes", size)
	}
	key := make([]byte, size)
	if _, err := io.ReadFull(io.NewSectionReader(page, start, int64(size)), key); err != nil {
		return nil, err
	}
	isFirst := l.after == nil
	if isFirst && l.first != nil && !bytes.Equal(key, l.first) || !isFirst && bytes.Compare(key, l.after) <= 0 ||
		l.before != nil && bytes.Compare(key, l.before) >= 0 {
		return nil, errors.New("the keys are not in order")
	}
	l.after = key
	return key, nil
}

// readEnd reads the last byte of a value: its pages follow each other.
func readEnd(value *io.SectionReader) error {
	if value.Size() == 0 {
		return nil
	}
	_, err := value.ReadAt(make([]byte, 1), value.Size()-1)
	return err
}

// entryAt returns where an entry of a page is. The place of its key is relative to that.
func entryAt(n int) int64 { return headerSize + int64(n)*entrySize }

// decode reads numbers, or structures of them, as bbolt writes them: in this machine's order.
func decode(from io.ReaderAt, start int64, into any) error {
	return binary.Read(io.NewSectionReader(from, start, int64(binary.Size(into))), binary.NativeEndian, into)
}
