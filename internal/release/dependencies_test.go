// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLicenseNames(t *testing.T) {
	apache, err := os.ReadFile("../../LICENSE")
	require.NoError(t, err)
	directory := t.TempDir()
	_, err = licenseNames("example.com/none", directory)
	require.ErrorContains(t, err, "example.com/none has no licence")

	require.NoError(t, os.WriteFile(filepath.Join(directory, "COPYING"), []byte("Do as you like."), 0o600))
	names, err := licenseNames("example.com/odd", directory)
	require.NoError(t, err)
	assert.Equal(t, []string{"see its files"}, names)

	require.NoError(t, os.WriteFile(filepath.Join(directory, "LICENSE.txt"), apache, 0o600))
	names, err = licenseNames("example.com/apache", directory)
	require.NoError(t, err)
	assert.Equal(t, []string{"Apache-2.0"}, names)
}

// What SPDX calls otherwise, or does not have.
func TestLicenseNamesAreThoseOfSPDX(t *testing.T) {
	goroot, err := target{}.goTool(t.Context(), "env", "GOROOT")
	require.NoError(t, err)
	names, err := licenseNames("go", strings.TrimSpace(goroot))
	require.NoError(t, err)
	assert.Equal(t, []string{"BSD-3-Clause"}, names, "without its PATENTS")

	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, "LICENSE"), []byte("https://www.gnu.org/licenses/agpl.txt"), 0o600))
	names, err = licenseNames("example.com/agpl", directory)
	require.NoError(t, err)
	assert.Equal(t, []string{"AGPL-3.0-only"}, names)
}
