// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"go.opentelemetry.io/collector/config/configopaque"
)

// SecretVerifier checks secrets that come as they are, against several at a time, so
// that a secret can be rotated. It is safe for concurrent use.
type SecretVerifier struct {
	// sums are of equal length, whatever the secrets' is.
	sums [][sha256.Size]byte
}

// NewSecretVerifier returns a verifier for the secrets; surrounding space, which comes
// with copying, is no part of them.
func NewSecretVerifier(secrets []configopaque.String) *SecretVerifier {
	v := &SecretVerifier{}
	for _, secret := range secrets {
		if text := strings.TrimSpace(string(secret)); text != "" { // anybody could send the empty one
			v.sums = append(v.sums, sha256.Sum256([]byte(text)))
		}
	}
	return v
}

// Verify tells whether given is one of the secrets. It takes as long whichever secret
// matches, and with none.
func (v *SecretVerifier) Verify(given string) bool {
	sum := sha256.Sum256([]byte(given))
	match := false
	for i := range v.sums {
		if hmac.Equal(v.sums[i][:], sum[:]) {
			match = true
		}
	}
	return match
}

// Authorization returns the secret in a request's Authorization header: a bearer token
// (RFC 6750), or the password of basic authentication (RFC 7617), whose user name says
// nothing that the secret does not. It is empty where there is neither.
func Authorization(header http.Header) string {
	scheme, credentials, _ := strings.Cut(Header(header, "Authorization"), " ")
	credentials = strings.TrimSpace(credentials)
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		return credentials
	case strings.EqualFold(scheme, "Basic"):
		decoded, err := base64.StdEncoding.DecodeString(credentials)
		if err != nil {
			return ""
		}
		_, password, _ := strings.Cut(string(decoded), ":")
		return password
	default:
		return ""
	}
}
