// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist // import "github.com/integrationlog/integrationlog/internal/allowlist"

import (
	"bytes"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// Text returns a value as text: what a string says, and everything else as it was
// written, so that a number keeps all its digits. Bytes that are no UTF-8 become
// U+FFFD.
func Text(value jsontext.Value) string {
	if value.Kind() != '"' {
		return string(value)
	}
	// The decoder has found the string to be valid, but for bytes that are no UTF-8,
	// which are an error here although they have been replaced.
	text, _ := jsontext.AppendUnquote(nil, value)
	return string(text)
}

// reader is a decoder that is used again. It reads from a [bytes.Buffer], which the
// decoder does not copy.
type reader struct {
	decoder jsontext.Decoder
	buffer  bytes.Buffer
}

var readers = sync.Pool{New: func() any { return new(reader) }}

var lenient = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

func (r *reader) reset(body []byte) {
	r.buffer = *bytes.NewBuffer(body)
	r.decoder.Reset(&r.buffer, lenient...)
}
