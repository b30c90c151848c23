// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package checkpoint

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What was stored is understood, or it is said why not.
func FuzzDecode(f *testing.F) {
	for _, content := range []string{
		"", "null", "{}", `{"version":1,"document":{"Position":7}}`, `{"version":2,"document":{}}`, `{"version":-1,"document":{}}`,
		`{"version":1,"document":null}`, `{"version":1e9,"document":[]}`, `{"version":1,"document":{"Position":"7"}}`,
	} {
		f.Add([]byte(content))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		var into struct{ Position int }
		if err := decode(content, &into); err != nil {
			assert.True(t, errors.Is(err, ErrUnknown) || errors.Is(err, ErrNewer), err)
		}
	})
}
