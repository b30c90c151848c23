// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package sentence puts what vendors say into one line that reads well.
package sentence // import "github.com/integrationlog/integrationlog/internal/sentence"

import (
	"strings"
	"unicode"
)

// OneLine makes one blank of each row of spaces, line breaks and control characters, and
// leaves out what [Visible] does.
func OneLine(text string) string {
	return strings.Join(strings.FieldsFunc(Visible(text), isBlank), " ")
}

// Visible leaves out the characters that nobody sees and that change how others are read,
// such as U+202E, which turns around what follows it, and U+200B, which hides an address
// from whoever looks for one.
func Visible(text string) string {
	if strings.IndexFunc(text, isFormat) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isFormat(r) {
			return -1
		}
		return r
	}, text)
}

// Because adds a cause to a message, unless one has the other in it already.
func Because(message, cause string) string {
	switch {
	case strings.Contains(message, cause):
		return message
	case strings.Contains(cause, message):
		return cause
	default:
		return strings.TrimRight(message, " .:;,") + ": " + cause
	}
}

func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

func isFormat(r rune) bool { return unicode.Is(unicode.Cf, r) }
