// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sentence

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

func TestOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "",
		"one line":                       "one line",
		"  Too\r\n\tlate\u2028\x00 now ": "Too late now",
		"two  blanks":                    "two blanks",
		"no\u00a0break":                  "no break",
		"turned \u202egnuorā":            "turned gnuorā",
		"jane\u200b@example.com":         "jane@example.com",
		"\ufeffmark\u00ad":               "mark",
		"\u202e":                         "",
		"family \U0001F468":              "family \U0001F468",
		"\xff":                           "\xff",
	} {
		require.Equal(t, want, OneLine(text), "%q", text)
	}
}

// TestVisible: line breaks stay, and what is a mistake stays one.
func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"a\nb": "a\nb", "a\u202eb": "ab", "\u2066a\u2069": "a", "\xff\u200b": "\ufffd", "é": "é",
	} {
		require.Equal(t, want, Visible(text), "%q", text)
	}
}

func TestBecause(t *testing.T) {
	tests := map[string]struct{ message, cause, want string }{
		"both":                {"Not sent", "no article", "Not sent: no article"},
		"no cause":            {"Not sent.", "", "Not sent."},
		"no message":          {"", "no article", "no article"},
		"full stop":           {"Not sent. ", "no article", "Not sent: no article"},
		"colon":               {"Not sent:", "no article", "Not sent: no article"},
		"cause in message":    {"Not sent, no article", "no article", "Not sent, no article"},
		"message in cause":    {"Not sent", "Not sent, no article", "Not sent, no article"},
		"the same, with dots": {"Not sent.", "Not sent.", "Not sent."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, Because(test.message, test.cause))
		})
	}
}

// FuzzOneLine: what is in one line has nothing that breaks it or turns it around, and
// loses nothing else.
func FuzzOneLine(f *testing.F) {
	for _, text := range []string{"a\nb", "\u202e a", " \x00 ", "\xff\u2028"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := OneLine(text)
		require.Equal(t, -1, strings.IndexFunc(got, func(r rune) bool { return unicode.IsControl(r) || isFormat(r) }))
		require.Equal(t, strings.Join(strings.Fields(got), " "), got)
		require.Equal(t, got, OneLine(got))
	})
}
