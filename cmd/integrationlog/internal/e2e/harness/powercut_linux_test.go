// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A power cut costs what was not written through, and nothing else.
func TestPowerCut(t *testing.T) {
	disk := MountPowered(t, 64<<20)
	write := func(name string, through bool) {
		file, err := os.Create(filepath.Join(disk.Directory, name))
		require.NoError(t, err)
		_, err = file.WriteString(name)
		require.NoError(t, err)
		if through {
			require.NoError(t, file.Sync())
		}
		require.NoError(t, file.Close())
	}
	write("written through", true)
	write("written", false)
	disk.CutPower(t)
	require.Error(t, os.WriteFile(filepath.Join(disk.Directory, "later"), nil, 0o600))
	disk.Restore(t)
	content, err := os.ReadFile(filepath.Join(disk.Directory, "written through"))
	require.NoError(t, err)
	assert.Equal(t, "written through", string(content))
	content, _ = os.ReadFile(filepath.Join(disk.Directory, "written"))
	assert.Empty(t, content)
}
