// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package text shortens and repairs strings so that equal input always gives
// equal output, and different input different output.
package text // import "github.com/integrationlog/integrationlog/internal/text"

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MinLimit is the smallest limit that [Cut] can keep to: its note needs the room.
const MinLimit = 64

// Replacement stands where bytes were that are no UTF-8.
const Replacement = "\uFFFD"

// digestBytes is how much of a SHA-256 tells two shortened texts apart.
const digestBytes = 4

// Valid returns s with every run of bytes that are no UTF-8 replaced.
func Valid(s string) string {
	return strings.ToValidUTF8(s, Replacement)
}

// Cut shortens s to at most limit bytes, at the border of a rune, and says at the
// end how much is missing. The note carries a digest of the whole, because the
// store merges entries that are equal: two texts that differ only behind the cut
// have to stay different. The limit must be [MinLimit] or more.
func Cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	longest := len(note(len(s), "")) + 2*digestBytes
	end := max(limit-longest, 0)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + note(len(s)-end, Digest(s))
}

func note(missing int, digest string) string {
	return "… [" + strconv.Itoa(missing) + " bytes cut, sha256 " + digest + "]"
}

// Digest returns a short name for s, in hexadecimal digits.
func Digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:digestBytes])
}

// Identify returns a text of at most limit bytes that stands for s: its beginning
// and its whole SHA-256. The limit must be 128 or more.
func Identify(s string, limit int) string {
	sum := sha256.Sum256([]byte(s))
	mark := "…sha256:" + hex.EncodeToString(sum[:])
	head := Valid(s[:min(len(s), limit-len(mark))])
	head = strings.ReplaceAll(head, Replacement, "?")
	return head + mark
}
