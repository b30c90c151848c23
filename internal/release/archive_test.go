// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var modified = time.Date(2026, 11, 27, 1, 2, 4, 0, time.UTC)

func files(t *testing.T, age time.Duration) []entry {
	t.Helper()
	directory := t.TempDir()
	program, text := filepath.Join(directory, "a"), filepath.Join(directory, "b")
	require.NoError(t, os.WriteFile(program, bytes.Repeat([]byte("binary"), 1000), 0o600))
	require.NoError(t, os.WriteFile(text, []byte("text"), 0o640))
	for _, file := range []string{program, text} {
		require.NoError(t, os.Chtimes(file, time.Time{}, time.Now().Add(-age)))
	}
	return []entry{{name: "integrationlog", source: program, executable: true}, {name: "config/gateway.yaml", source: text}}
}

func TestEqualFilesGiveEqualArchives(t *testing.T) {
	for _, name := range []string{"x_1.0.0_linux_amd64.tar.gz", "x_1.0.0_windows_amd64.zip"} {
		t.Run(name, func(t *testing.T) {
			first, second := filepath.Join(t.TempDir(), name), filepath.Join(t.TempDir(), name)
			require.NoError(t, archive(first, modified, files(t, 0)))
			other := files(t, time.Hour)
			slices.Reverse(other)
			require.NoError(t, archive(second, modified, other))
			assert.Equal(t, read(t, first), read(t, second))
		})
	}
}

func TestATarHasProgramsAndTexts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x_1.0.0_linux_amd64.tar.gz")
	require.NoError(t, archive(file, modified, files(t, 0)))
	compressed, err := gzip.NewReader(bytes.NewReader(read(t, file)))
	require.NoError(t, err)
	archived := tar.NewReader(compressed)
	modes := map[string]int64{}
	for {
		header, err := archived.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		modes[header.Name] = header.Mode
		assert.True(t, header.ModTime.Equal(modified), header.Name)
		assert.Empty(t, header.Uname)
	}
	assert.Equal(t, map[string]int64{"x_1.0.0_linux_amd64/integrationlog": 0o755, "x_1.0.0_linux_amd64/config/gateway.yaml": 0o644}, modes)
}

func TestAZipHasProgramsAndTexts(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x_1.0.0_windows_amd64.zip")
	require.NoError(t, archive(file, modified, files(t, 0)))
	archived, err := zip.OpenReader(file)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, archived.Close()) })
	content, err := archived.Open("x_1.0.0_windows_amd64/config/gateway.yaml")
	require.NoError(t, err)
	text, err := io.ReadAll(content)
	require.NoError(t, err)
	assert.Equal(t, "text", string(text))
	assert.True(t, archived.File[0].Modified.Equal(modified))
}

func TestWhatIsMissingIsAnError(t *testing.T) {
	require.Error(t, archive(filepath.Join(t.TempDir(), "x.zip"), modified, []entry{{name: "a", source: "missing"}}))
	require.Error(t, archive(filepath.Join(t.TempDir(), "x.tar.gz"), modified, []entry{{name: "a", source: "missing"}}))
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	return content
}
