// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activity // import "github.com/integrationlog/integrationlog/internal/activity"

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// digestLength is that of a digest in bytes: 128 bits, of which nobody can make two
// collide.
const digestLength = 16

// Digest stands in an id for what is too long for it, or may be personal.
func Digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256-" + hex.EncodeToString(sum[:digestLength])
}

// JoinID makes an id of its parts. They stay apart: "a/b" and "c" do not make the same id
// as "a" and "b/c".
func JoinID(parts ...string) string {
	last := len(parts) - 1
	escaped := make([]string, len(parts))
	for i, part := range parts {
		if i < last {
			part = withoutSlash.Replace(part)
		}
		escaped[i] = part
	}
	return strings.Join(escaped, "/")
}

// withoutSlash does what a URL does. The last part needs it not: there is nothing behind
// it.
var withoutSlash = strings.NewReplacer("%", "%25", "/", "%2F")
