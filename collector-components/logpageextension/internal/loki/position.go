// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

const (
	// digestSize is how many bytes of a SHA-256 a position has.
	digestSize = 16
	// maxOrderedID is how many runes of an id the order goes by.
	maxOrderedID = 64
	timeSize     = 8
)

// key is the place of an entry in the order of the log: by time, then by id, then by all
// that it consists of. The id comes before the digest because a query can choose by it, so
// that many entries of one nanosecond are read in pieces.
type key struct {
	time   int64
	id     string
	digest [digestSize]byte
}

// orderedID is the part of an id that the order goes by.
func orderedID(id string) string {
	runes := 0
	for i := range id {
		if runes == maxOrderedID {
			return id[:i]
		}
		runes++
	}
	return id
}

// compare returns a negative number if k is older than other.
func (k *key) compare(other *key) int {
	return cmp.Or(cmp.Compare(k.time, other.time), strings.Compare(k.id, other.id), bytes.Compare(k.digest[:], other.digest[:]))
}

// position writes a key so that it can stand in a URL.
func (k *key) position() activities.Position {
	raw := binary.BigEndian.AppendUint64(make([]byte, 0, timeSize+digestSize+len(k.id)), uint64(k.time)) //nolint:gosec // it is read back the same
	raw = append(raw, k.digest[:]...)
	raw = append(raw, k.id...)
	return activities.Position(base64.RawURLEncoding.EncodeToString(raw))
}

// parsePosition reads what position wrote.
func parsePosition(position activities.Position) (key, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(string(position))
	if err != nil || len(raw) < timeSize+digestSize {
		return key{}, activities.ErrPosition
	}
	k := key{time: int64(binary.BigEndian.Uint64(raw)), id: string(raw[timeSize+digestSize:])} //nolint:gosec // what is too large becomes negative, see below
	copy(k.digest[:], raw[timeSize:])
	// Base64 passes over ends of lines: a position is written in one way only.
	if k.time < 0 || !utf8.ValidString(k.id) || orderedID(k.id) != k.id || k.position() != position {
		return key{}, activities.ErrPosition
	}
	return k, nil
}
