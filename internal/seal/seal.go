// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package seal puts a checksum behind a stored value, so that damage is noticed when it is
// read: a database such as bbolt has none for what is stored in it.
package seal // import "github.com/integrationlog/integrationlog/internal/seal"

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"

	"google.golang.org/protobuf/encoding/protowire"
)

// ErrDamaged means that a value's bytes are not those that were stored.
var ErrDamaged = errors.New("the checksum of the stored value is wrong")

// field is the protobuf field that carries the checksum. The items of the sending queue
// are protobuf messages, and no message of OTLP has a field of this number: whoever reads
// a sealed item without this package skips it. So queue_storage can be taken out of a
// configuration without the queue being emptied first.
const field = protowire.MaxValidNumber

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	tag        = protowire.AppendTag(nil, field, protowire.Fixed32Type)
)

// size is how many bytes a seal adds to a value.
const size = 5 + crc32.Size

// Seal returns a copy of payload with its checksum behind it.
func Seal(payload []byte) []byte {
	sealed := make([]byte, 0, len(payload)+size)
	sealed = append(sealed, payload...)
	sealed = append(sealed, tag...)
	return binary.LittleEndian.AppendUint32(sealed, crc32.Checksum(payload, castagnoli))
}

// Open returns the payload of a stored value, which shares its memory, or [ErrDamaged].
// One without a seal, as [IsSealed] tells, is returned as it is.
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

// Payload returns what is stored without a seal, right or wrong, in the memory of stored.
func Payload(stored []byte) []byte {
	payload, _ := split(stored)
	return payload
}

// IsSealed tells whether a stored value has a seal, be it right or wrong.
func IsSealed(stored []byte) bool {
	_, checksum := split(stored)
	return checksum != nil
}

// split parts a stored value into payload and checksum; the checksum is nil where the
// value has no seal.
func split(stored []byte) (payload, checksum []byte) {
	end := len(stored) - size
	if end < 0 || !bytes.Equal(stored[end:end+len(tag)], tag) {
		return stored, nil
	}
	return stored[:end:end], stored[end+len(tag):]
}
