// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/config/configopaque"
)

// HMACVerifier checks HMAC-SHA256 signatures in base64 against several secrets at
// a time, so that a secret can be rotated. It is safe for concurrent use.
type HMACVerifier struct {
	// keyed holds a pool of [mac] for each secret: keying one costs as much as hashing
	// a small body.
	keyed []*sync.Pool
}

// mac is a keyed hash with room for its sum.
type mac struct {
	hash hash.Hash
	sum  [sha256.Size]byte
}

// NewHMACVerifier returns a verifier for the secrets; surrounding space, which
// comes with copying, is no part of them.
func NewHMACVerifier(secrets []configopaque.String) *HMACVerifier {
	v := &HMACVerifier{}
	for _, secret := range secrets {
		key := []byte(strings.TrimSpace(string(secret)))
		if len(key) == 0 {
			// anybody could sign with it
			continue
		}
		v.keyed = append(v.keyed, &sync.Pool{New: func() any { return &mac{hash: hmac.New(sha256.New, key)} }})
	}
	return v
}

// Verify tells whether signature is the body's by one of the secrets. It takes as
// long whichever secret matches, and with none.
func (v *HMACVerifier) Verify(signature string, body []byte) bool {
	given, wellFormed := decodeSignature(signature)

	match := false
	for _, pool := range v.keyed {
		mac := pool.Get().(*mac)
		mac.hash.Reset()
		mac.hash.Write(body)
		if hmac.Equal(mac.hash.Sum(mac.sum[:0]), given[:]) {
			match = true
		}
		pool.Put(mac)
	}
	return match && wellFormed
}

// signatureLength is that of a SHA-256 in base64.
var signatureLength = base64.StdEncoding.EncodedLen(sha256.Size)

// decodeSignature returns what a signature stands for, or zeros for what is none.
func decodeSignature(signature string) (given [sha256.Size]byte, wellFormed bool) {
	if len(signature) != signatureLength {
		return given, false
	}
	// one byte more than a hash, which so many characters without padding stand for
	var decoded [sha256.Size + 1]byte
	n, err := base64.StdEncoding.Strict().Decode(decoded[:], []byte(signature))
	if err != nil || n != sha256.Size {
		return given, false
	}
	return [sha256.Size]byte(decoded[:sha256.Size]), true
}

// Header returns the value of a header that may be there only once. Several values
// are as good as none: nobody could tell which of them was meant.
func Header(header http.Header, name string) string {
	values := header.Values(name)
	if len(values) != 1 {
		return ""
	}
	return strings.TrimSpace(values[0])
}
