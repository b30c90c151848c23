// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Of this repository the simulators may use each other, and what is generated from the
// vendor's own definition. Anything else would be shared with the receivers.
func TestSimulatorsShareNothingWithTheReceivers(t *testing.T) {
	const module = "github.com/integrationlog/integrationlog/"
	files := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		files++
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if within, ok := strings.CutPrefix(imported, module); ok && within != "internal/pubsubapi" {
				assert.True(t, strings.HasPrefix(within, "internal/simulator/"), "%s imports %s", path, imported)
			}
		}
		return nil
	}))
	assert.Greater(t, files, 30)
}
