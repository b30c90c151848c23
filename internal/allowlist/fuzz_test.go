// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
)

// FuzzObject reads anything. What is kept was in the body, and is text; what the
// standard library takes for an object is taken for one here too.
func FuzzObject(f *testing.F) {
	f.Add([]byte(`{"id":1,"text":"a","flag":true,"list":[1],"user":{"id":2},"owner":{"id":3}}`))
	f.Add([]byte(`{"errors":[{"title":"a","detail":["b","c"]},{"title":"d"}],"events":[[1],2]}`))
	f.Add([]byte(`[{"id":1},{"id":2}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		var words []string
		err := Object(body, allowed, keepFunc(func(field Field, value jsontext.Value) {
			require.True(t, bytes.Contains(body, value))
			require.NotEqual(t, jsontext.Kind('n'), value.Kind())
			require.True(t, value.Kind() != '"' || utf8.ValidString(Text(value)))
			if field == text {
				words = append(words, Text(value))
			}
		}))
		require.Equal(t, before, body, "the body is not ours to change")
		require.True(t, err == nil || isOwn(err), "%v", err)

		listErr := Elements(body, func(element jsontext.Value) { require.True(t, bytes.Contains(body, element)) })
		require.True(t, listErr != nil && isOwn(listErr) || listErr == nil && err != nil, "%v", listErr)

		checkWithStandardLibrary(t, body, err, words)
	})
}

func isOwn(err error) bool {
	for _, own := range []error{errNoObject, errNoList, errManyParts, errCutOff, errSyntax} {
		if errors.Is(err, own) {
			return err == own //nolint:errorlint // wrapped, it might quote
		}
	}
	return false
}

// checkWithStandardLibrary compares what is said about a body with what encoding/json
// says, whose nesting is bounded alike.
func checkWithStandardLibrary(t *testing.T, body []byte, err error, words []string) {
	t.Helper()
	var object map[string]any
	if !utf8.Valid(body) || json.Unmarshal(body, &object) != nil || object == nil {
		return
	}
	require.NoError(t, err)
	if said, ok := object["text"].(string); ok && !bytes.ContainsRune(body, '\\') {
		require.NotEmpty(t, words)
		require.Equal(t, said, words[len(words)-1])
	}
}
