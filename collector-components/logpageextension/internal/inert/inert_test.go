// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package inert

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                  "plain",
		"two\nlines\tand a tab":  "two\nlines\tand a tab",
		"a\u202Eb\u2069":         "a\uFFFDb\uFFFD",
		"\x00\x1b[31m\x7f\u0085": "␀␛[31m␡\uFFFD",
		"a\r\nb\rc":              "a\nb␍c",
		"\xff":                   "\uFFFD",
		"family 👨\u200d👩\u200d👧": "family 👨\u200d👩\u200d👧",
		"عربي":                   "عربي",
	} {
		require.Equal(t, want, Text(text))
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\u202Eb\x00\xff")
	f.Fuzz(func(t *testing.T, text string) {
		once := Text(text)
		require.True(t, utf8.ValidString(once))
		require.Equal(t, -1, strings.IndexFunc(once, isControl))
		require.Equal(t, once, Text(once))
	})
}
