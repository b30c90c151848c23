// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist // import "github.com/integrationlog/integrationlog/internal/allowlist"

import (
	"strings"
	"unicode"
)

// MaxValue bounds a value that is kept, in bytes; ids, words, names and times stay far
// below.
const MaxValue = 255

// IsWord tells whether a text may be an id, a word, a number or a time: what has none
// of the characters that make an address or a sentence.
func IsWord(text string) bool {
	if text == "" || len(text) > MaxValue {
		return false
	}
	for i := range len(text) {
		switch c := text[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte(":/_.?=-", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// IsName tells whether a text may be a name that somebody gave to a thing. An e-mail
// address is none.
func IsName(text string) bool {
	return text != "" && len(text) <= MaxValue && strings.IndexFunc(text, unicode.IsControl) < 0 &&
		!strings.Contains(text, "@") && !strings.Contains(text, "%40")
}
