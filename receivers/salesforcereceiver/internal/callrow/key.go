// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package callrow // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"time"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

// content are the columns that make a row what it is. They are listed, so that a column
// that the next release adds, or that only hourly files have, does not make another call of
// each row. REQUEST_ID alone would not do: it is that of a transaction, which may have
// several rows. The time and the user come before these, in one form each.
var content = [...]column{
	requestID, method, resource, statusCode, requestStatus, exception, entity, family, connectedApp, clientName,
	loginStatus, jobID, jobStatus, operation, recordsFailed, recordsProcessed,
	loginKey, sessionKey, runTime, cpuTime, dbTotalTime, rowsProcessed, requestSize, responseSize, query,
}

// key returns the digest of the row's content.
func (p *Parser) key(row Row, at time.Time) Key {
	digest := sha256.New()
	put(digest, []byte(p.eventType))
	put(digest, binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli())))
	for _, c := range [...]column{userID, userIDDerived} {
		if user, ok := sfid.Parse(p.field(row, c)); ok {
			put(digest, user[:])
			break
		}
	}
	for _, c := range content {
		put(digest, bytes.TrimSpace(p.field(row, c)))
	}
	return Key(digest.Sum(nil)[:len(Key{})])
}

// put writes a value with its length before it, so that values cannot run into each other.
func put(digest hash.Hash, value []byte) {
	var length [4]byte
	binary.BigEndian.PutUint32(length[:], uint32(len(value))) //nolint:gosec // a field is bounded
	_, _ = digest.Write(length[:])                            // a hash never fails
	_, _ = digest.Write(value)
}
