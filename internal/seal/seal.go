// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package item // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"

	"google.golang.org/protobuf/encoding/protowire"
)

// ErrDamaged means that an item's bytes are not those that were stored.
var ErrDamaged = errors.New("the checksum of the stored item is wrong")

// sealField is the protobuf field that carries the checksum. The queue's items are
// protobuf messages, and no message of OTLP has a field of this number: whoever
// reads a sealed item without this package skips it. So the extension can be taken
// out of a configuration without the queue being emptied first.
const sealField = protowire.MaxValidNumber

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	sealTag    = protowire.AppendTag(nil, sealField, protowire.Fixed32Type)
)

// sealSize is how many bytes a seal adds to an item.
const sealSize = 5 + crc32.Size

// Seal returns a copy of payload with its checksum behind it.
func Seal(payload []byte) []byte {
	sealed := make([]byte, 0, len(payload)+sealSize)
	sealed = append(sealed, payload...)
	sealed = append(sealed, sealTag...)
	return binary.LittleEndian.AppendUint32(sealed, crc32.Checksum(payload, castagnoli))
}

// Open returns the payload of a stored item, which shares its memory, or
// [ErrDamaged]. An item without a seal was written by a queue that used the
// underlying storage directly; it is returned as it is.
func Open(stored []byte) ([]byte, error) {
	payload, checksum := split(stored)
	if checksum == nil {
		return stored, nil
	}
	if crc32.Checksum(payload, castagnoli) != binary.LittleEndian.Uint32(checksum) {
		return nil, ErrDamaged
	}
	return payload, nil
}

// split parts a stored item into payload and checksum; the checksum is nil where
// the item has no seal.
func split(stored []byte) (payload, checksum []byte) {
	end := len(stored) - sealSize
	if end < 0 || !bytes.Equal(stored[end:end+len(sealTag)], sealTag) {
		return stored, nil
	}
	return stored[:end:end], stored[end+len(sealTag):]
}
