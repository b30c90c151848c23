// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package queuemeta reads and writes the metadata that exporterhelper's persistent
// queue keeps beside its items (message PersistentMetadata in
// exporter/exporterhelper/internal/queue/meta.proto).
package queuemeta // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"

import (
	"errors"

	"google.golang.org/protobuf/encoding/protowire"
)

// Key is where the queue keeps its metadata.
const Key = "qmv0"

// LegacyKeys are where older queues kept it. The queue reads them only when it finds
// nothing under [Key].
var LegacyKeys = []string{"ri", "wi", "di"}

const (
	itemsSizeField  = 1
	bytesSizeField  = 2
	readIndexField  = 3
	writeIndexField = 4
)

var errMalformed = errors.New("the queue's metadata is not a valid message")

// Metadata is what a queue needs to know about its items. The list of items that
// consumers are working on is left out: at a start there are none.
type Metadata struct {
	// ItemsSize and BytesSize are the sums of what the queue's sizers give.
	ItemsSize int64
	BytesSize int64
	// ReadIndex is the first item's index, WriteIndex the one behind the last.
	ReadIndex  uint64
	WriteIndex uint64
}

// Marshal encodes the metadata as the queue does.
func Marshal(m Metadata) []byte {
	var b []byte
	for _, field := range []struct {
		number protowire.Number
		value  uint64
	}{
		{itemsSizeField, uint64(m.ItemsSize)}, //nolint:gosec // sfixed64: the same bits, signed
		{bytesSizeField, uint64(m.BytesSize)}, //nolint:gosec // sfixed64: the same bits, signed
		{readIndexField, m.ReadIndex},
		{writeIndexField, m.WriteIndex},
	} {
		b = protowire.AppendTag(b, field.number, protowire.Fixed64Type)
		b = protowire.AppendFixed64(b, field.value)
	}
	return b
}

// Unmarshal decodes what a queue stored.
func Unmarshal(b []byte) (Metadata, error) {
	var m Metadata
	for len(b) > 0 {
		number, wireType, n := protowire.ConsumeTag(b)
		if n < 0 {
			return Metadata{}, errMalformed
		}
		b = b[n:]
		n = consume(&m, number, wireType, b)
		if n < 0 {
			return Metadata{}, errMalformed
		}
		b = b[n:]
	}
	return m, nil
}

// consume reads the value of one field into m and returns its length, negative where
// the value is malformed.
func consume(m *Metadata, number protowire.Number, wireType protowire.Type, b []byte) int {
	if number > writeIndexField || wireType != protowire.Fixed64Type {
		return protowire.ConsumeFieldValue(number, wireType, b)
	}
	value, n := protowire.ConsumeFixed64(b)
	switch number {
	case itemsSizeField:
		m.ItemsSize = int64(value) //nolint:gosec // sfixed64: the same bits, signed
	case bytesSizeField:
		m.BytesSize = int64(value) //nolint:gosec // sfixed64: the same bits, signed
	case readIndexField:
		m.ReadIndex = value
	case writeIndexField:
		m.WriteIndex = value
	}
	return n
}
