// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package words // import "github.com/integrationlog/integrationlog/internal/words"

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxLength is the length in bytes above which a word is unknown without being
// looked at. It bounds the work that a foreign word can cause.
const MaxLength = 64

// Normalise returns the form under which the dictionary has a word: lower case,
// without accents, words separated by one space, nothing around them. Underscores
// and dashes are spaces. It is empty if there is nothing but space.
func Normalise(word string) string {
	return string(appendNormal(nil, word))
}

// appendNormal appends the normal form of a word to dst, which must be empty.
func appendNormal(dst []byte, word string) []byte {
	if !isASCII(word) {
		// Takes letters and their accents apart, so that the accents can go. That is
		// defined for valid text only.
		word = norm.NFKD.String(strings.ToValidUTF8(word, "\uFFFD"))
	}
	gap := false
	for _, r := range word {
		switch {
		case r == '_' || unicode.IsSpace(r) || unicode.Is(unicode.Pd, r):
			gap = len(dst) > 0
		case unicode.In(r, unicode.Mn, unicode.Cf):
			// An accent, or a mark that nobody sees, such as the byte order mark.
		default:
			if gap {
				dst = append(dst, ' ')
				gap = false
			}
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
	}
	return dst
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
