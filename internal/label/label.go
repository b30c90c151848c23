// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package label // import "github.com/integrationlog/integrationlog/internal/label"

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/integrationlog/integrationlog/internal/text"
)

// MaxBytes bounds the value of a label; Loki's own bound is 2048. A drop-down of longer
// values is of no use.
const MaxBytes = 128

// What stands for a label that is missing, and for products beyond the bound.
const (
	UnknownProduct = "unknown"
	// UnknownService is OpenTelemetry's own word, and Loki's.
	UnknownService = "unknown_service"
	Other          = "other"
)

// unfit are the characters that a label does not have: those that end a line, move the
// cursor of a terminal or turn the direction of what follows, wherever labels are listed.
var unfit = []*unicode.RangeTable{unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control}

// Clean makes a text one that can be the value of a label: UTF-8 in one line, of [MaxBytes] at
// most. Loki reads the labels of a stream back with PromQL's parser, for which U+FFFD is an
// error even where it is written as such.
func Clean(s string) string {
	return text.Cut(strings.Map(fit, text.Valid(s)), MaxBytes)
}

func fit(r rune) rune {
	if ' ' <= r && r <= '~' {
		return r // nearly all are
	}
	if r == utf8.RuneError || unicode.In(r, unfit...) {
		return '?'
	}
	return r
}

// Of returns what an attribute is as a label; it is empty where there is none.
func Of(attributes pcommon.Map, key string) string {
	value, ok := attributes.Get(key)
	if !ok {
		return ""
	}
	return Clean(text.Of(value))
}
