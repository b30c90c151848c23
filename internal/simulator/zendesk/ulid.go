// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// NewULID returns an id of the form that Zendesk's webhooks and invocations have: 48
// bits of time and 80 that are random, in 26 characters.
func NewULID(at time.Time) string {
	var entropy [10]byte
	// It never fails.
	_, _ = rand.Read(entropy[:])
	return ULID(at, entropy)
}

// ULID returns the id of a time and these random bits: the same for the same.
func ULID(at time.Time, entropy [10]byte) string {
	// 130 bits are written: two zeros come first, so the encoded bytes are shifted.
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixMilli())<<16)
	copy(id[6:], entropy[:])
	high, low := binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])
	var shifted [17]byte
	binary.BigEndian.PutUint64(shifted[:8], high>>2)
	binary.BigEndian.PutUint64(shifted[8:16], high<<62|low>>2)
	shifted[16] = byte(low << 6) //nolint:gosec // the two bits that are left
	return crockford.EncodeToString(shifted[:])[:26]
}
