// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package payload

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// FuzzPayload reads anything. What is read is bounded, and was in the body; what
// the standard library takes for an object is taken for one here too.
func FuzzPayload(f *testing.F) {
	bodies, err := filepath.Glob(filepath.Join("..", "..", "testdata", "deliveries", "*", "body.json"))
	require.NoError(f, err)
	require.NotEmpty(f, bodies)
	for _, name := range bodies {
		body, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		var p Payload
		err := p.Parse(body)
		require.Equal(t, before, body, "the body is not ours to change")
		if err != nil {
			return
		}
		for field := range fieldCount {
			value := p.Get(field)
			require.True(t, utf8.ValidString(value))
			limit := allowlist.MaxValue
			if field == FieldsChanged {
				limit = maxFieldsChanged * (allowlist.MaxValue + 1)
			}
			require.LessOrEqual(t, len(value), limit)
		}
		var object map[string]any
		if !utf8.Valid(body) || json.Unmarshal(body, &object) != nil {
			return
		}
		for name, field := range map[string]Field{"id": ID, "status": Status, "name": Name} {
			text, ok := object[name].(string)
			if ok && fits(field, text) && bytes.Count(body, []byte(`"`+name+`"`)) == 1 && !strings.Contains(string(body), `\u`) {
				require.Equal(t, text, p.Get(field))
			}
		}
	})
}
