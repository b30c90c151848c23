// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package inert makes foreign text harmless to whoever looks at it.
package inert // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"

import (
	"strings"
	"unicode"
)

// Text makes foreign text harmless to the text around it: what is not UTF-8 and what would
// change the direction of writing, or be invisible, is shown as a sign. Escaping is the
// templates' work.
func Text(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	if strings.IndexFunc(text, isControl) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case !isControl(r):
			return r
		case r < ' ':
			return '\u2400' + r // the picture of the control character
		case r == 0x7F:
			return '\u2421'
		default:
			return '\uFFFD'
		}
	}, text)
}

// isControl tells whether a character controls how text is shown. Line breaks and tabs are
// white space to a browser; joiners belong to some languages and to emoji.
func isControl(r rune) bool { return unicode.Is(controls, r) }

var controls = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x0000, Hi: 0x0008, Stride: 1},
		{Lo: 0x000B, Hi: 0x001F, Stride: 1},
		{Lo: 0x007F, Hi: 0x009F, Stride: 1},
		{Lo: 0x061C, Hi: 0x061C, Stride: 1}, // a mark of direction
		{Lo: 0x200E, Hi: 0x200F, Stride: 1}, // others
		{Lo: 0x2028, Hi: 0x202E, Stride: 1}, // separators of lines, embeddings, overrides
		{Lo: 0x2066, Hi: 0x206F, Stride: 1}, // isolates
		{Lo: 0xFEFF, Hi: 0xFEFF, Stride: 1}, // byte order mark
		{Lo: 0xFFF9, Hi: 0xFFFB, Stride: 1}, // annotations
	},
	LatinOffset: 3,
}
