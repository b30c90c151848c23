// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func TestTheConfigurationIsWritten(t *testing.T) {
	directory := t.TempDir()
	require.NoError(t, writeConfiguration(directory))
	for _, name := range []string{allInOneFile, changesFile} {
		text, err := os.ReadFile(filepath.Join(directory, name))
		require.NoError(t, err)
		var parsed map[string]any
		require.NoError(t, yaml.Unmarshal(text, &parsed))
		assert.Contains(t, parsed, "receivers")
	}
	require.Error(t, writeConfiguration(filepath.Join(directory, "nowhere")))
}
