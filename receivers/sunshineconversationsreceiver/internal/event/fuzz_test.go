// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// FuzzRequest reads anything. What is read is bounded, has the form that it should have,
// and does not depend on the neighbours.
func FuzzRequest(f *testing.F) {
	bodies, err := filepath.Glob(filepath.Join("..", "..", "testdata", "requests", "*", "body.json"))
	require.NoError(f, err)
	require.NotEmpty(f, bodies)
	for _, name := range bodies {
		body, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var r Request
		if err := r.Parse(body); err != nil {
			require.Empty(t, r.Events)
			return
		}
		for i := range r.Events {
			e := &r.Events[i]
			require.NotEmpty(t, e.Get(Type))
			require.True(t, bytes.Contains(body, e.Raw))
			for field := Type; field < fieldCount; field++ {
				value := e.Get(field)
				require.True(t, utf8.ValidString(value))
				if field < ErrorMessage && value != "" {
					require.LessOrEqual(t, len(value), allowlist.MaxValue)
					require.NotContains(t, value, "@")
					require.True(t, field == CreatedAt || field == Timestamp || !isPersonal(value), value)
				}
				require.LessOrEqual(t, len(value), maxText)
			}
			if r.Version == version2 {
				var alone Request
				require.NoError(t, alone.Parse([]byte(`{"events":[`+string(e.Raw)+`]}`)))
				require.Equal(t, e.values, alone.Events[0].values)
			}
		}
	})
}
