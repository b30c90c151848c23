// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package failure // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/failure"

import (
	"strings"
	"unicode"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// masked stands for what is masked, here and in the redaction processor.
const masked = "****"

// maskDigits masks rows of digits that may be phone numbers, in any script, with the plus
// before them. Channels quote them without a plus, and the redaction processor behind the
// receivers cannot tell those from ids; codes are shorter. Digits in a word with letters
// stay: they are a part of an id, or of a token, which that processor would no longer
// recognise.
func maskDigits(text string) string {
	var b strings.Builder
	for text != "" {
		start := strings.IndexFunc(text, isPartOfWord)
		if start < 0 {
			break
		}
		end := len(text)
		if length := strings.IndexFunc(text[start:], isNoPartOfWord); length >= 0 {
			end = start + length
		}
		word := text[start:end]
		if !hasLetter(word) {
			word = maskRows(word)
		}
		before := text[:start]
		if strings.HasPrefix(word, masked) {
			before = strings.TrimSuffix(before, "+")
		}
		b.WriteString(before)
		b.WriteString(word)
		text = text[end:]
	}
	return b.String() + text
}

// maskRows masks the long rows of digits in a word that has no letters.
func maskRows(word string) string {
	var b strings.Builder
	for word != "" {
		start := strings.IndexFunc(word, unicode.IsDigit)
		if start < 0 {
			break
		}
		end := len(word)
		if length := strings.IndexFunc(word[start:], isNoDigit); length >= 0 {
			end = start + length
		}
		b.WriteString(word[:start])
		if row := word[start:end]; len([]rune(row)) >= allowlist.MinPhoneDigits {
			b.WriteString(masked)
		} else {
			b.WriteString(row)
		}
		word = word[end:]
	}
	return b.String() + word
}

// isPartOfWord knows what ids and tokens are made of.
func isPartOfWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' || r == '.'
}

func isNoPartOfWord(r rune) bool { return !isPartOfWord(r) }

func isNoDigit(r rune) bool { return !unicode.IsDigit(r) }

func hasLetter(word string) bool { return strings.IndexFunc(word, unicode.IsLetter) >= 0 }
