// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package config

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// What is acknowledged is on the disk: every storage of every shipped configuration waits
// for it.
func TestTheDiskIsWaitedFor(t *testing.T) {
	storages := 0
	require.NoError(t, filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" || strings.Contains(path, "templates") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var file struct {
			Extensions map[string]map[string]any `yaml:"extensions"`
		}
		_ = yaml.Unmarshal(content, &file) // one that is no collector's has none
		for name, settings := range file.Extensions {
			switch {
			case strings.HasPrefix(name, "file_storage") && settings["create_directory"] != nil:
				storages++
				assert.Equal(t, true, settings["fsync"], "%s: %s", path, name)
			default: // it changes one, or waits by itself
				assert.NotEqual(t, false, settings["fsync"], "%s: %s", path, name)
			}
		}
		return nil
	}))
	assert.Greater(t, storages, 4)
}
