// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package label

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"":        "",
		"shopify": "shopify",
		"Bestellungen übertragen, 注文 👩\u200d👩\u200d👧": "Bestellungen übertragen, 注文 👩\u200d👩\u200d👧",
		"می\u200cخواهم":                "می\u200cخواهم",
		"no\xffUTF-8":                  "no?UTF-8",
		"a\uFFFDb":                     "a?b",
		"two\nlines\r\nthree":          "two?lines??three",
		"\u2028lines\u2029\u0085\v\f":  "?lines????",
		"\x1b[31mred\x07\x00\x7f":      "?[31mred???",
		"invoice\u202efdp\u2066\u200f": "invoice?fdp??",
	} {
		assert.Equal(t, want, Clean(text), "%q", text)
	}
	assert.LessOrEqual(t, len(Clean(strings.Repeat("\n", 1000))), MaxBytes)
}

func BenchmarkClean(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Clean("sunshine-conversations")
	}
}
