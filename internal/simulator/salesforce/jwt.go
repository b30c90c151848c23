// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// maxAssertionLife is how far in the future an assertion may expire.
const maxAssertionLife = 3 * time.Minute

// checkAssertion verifies a JWT: signed with RS256 by the right key, for this host, of
// this app and user, and to expire soon. It is done by hand, so that a library that
// both sides use cannot be wrong on both.
func (o *Org) checkAssertion(assertion string) *OAuthError {
	if o.settings.PublicKey == nil {
		return &NotApproved
	}
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return &InvalidAssertion
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	var claims struct {
		Issuer   string  `json:"iss"`
		Subject  string  `json:"sub"`
		Audience string  `json:"aud"`
		Expires  float64 `json:"exp"`
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || !segment(parts[0], &header) || !segment(parts[1], &claims) || header.Algorithm != "RS256" {
		return &InvalidAssertion
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if rsa.VerifyPKCS1v15(o.settings.PublicKey, crypto.SHA256, digest[:], signature) != nil {
		return &InvalidAssertion
	}
	life := time.Unix(int64(claims.Expires), 0).Sub(o.settings.Now())
	switch {
	case claims.Issuer != o.settings.ClientID:
		return &InvalidClientID
	case claims.Audience != o.settings.Audience && claims.Audience != o.URL:
		return &InvalidAudience
	case life <= 0:
		return &ExpiredAssertion
	case life > maxAssertionLife:
		return &InvalidAssertion
	case claims.Subject != o.settings.Username:
		return &NotApproved
	}
	return nil
}

// segment reads one part of a JWT.
func segment(text string, into any) bool {
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && json.Unmarshal(decoded, into) == nil
}
