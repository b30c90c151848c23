// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func repository(t *testing.T) options {
	t.Helper()
	o, err := parse([]string{"-version", "v1.2.3"})
	require.NoError(t, err)
	return o
}

// Loki's licence has to come with the program that links it, and must not be needed for the
// one that does not.
func TestTheLicencesOfEveryLinkedModuleAreFound(t *testing.T) {
	o := repository(t)
	for name, linksLoki := range map[string]bool{"otelcol-integrationlog": false, "integrationlog": true} {
		t.Run(name, func(t *testing.T) {
			entries, err := o.target(name, "linux/amd64").licenses(t.Context())
			require.NoError(t, err)
			texts := map[string]string{}
			for _, e := range entries {
				texts[e.name] = e.source
			}
			assert.Contains(t, texts, "licenses/go/LICENSE")
			loki := ""
			for file, source := range texts {
				assert.NotContains(t, file, "integrationlog/integrationlog")
				if strings.HasPrefix(file, "licenses/github.com/grafana/loki/v3@") {
					loki += string(read(t, source))
				}
			}
			assert.Equal(t, linksLoki, strings.Contains(loki, "GNU AFFERO GENERAL PUBLIC LICENSE"))
		})
	}
}

func TestAModuleWithoutALicenceIsAnError(t *testing.T) {
	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, "NOTICE"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "license.go"), nil, 0o600))
	_, err := legalFiles("example.com/m@v1.0.0", directory)
	require.ErrorContains(t, err, "example.com/m@v1.0.0 has no licence")
}

func TestArchivesHaveWhatGitKnows(t *testing.T) {
	o := repository(t)
	o.root = t.TempDir()
	git := func(arguments ...string) {
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", o.root, "-c", "user.name=x", "-c", "user.email=x@example.com"}, arguments...)...)
		cmd.Env = append(os.Environ(), "GIT_COMMITTER_DATE=2026-11-27T01:02:04Z")
		printed, err := cmd.CombinedOutput()
		require.NoError(t, err, string(printed))
	}
	for _, file := range []string{"LICENSE", "config/gateway.yaml", "config/config.go", "config/.env", "dashboards/integration-log.json", "dashboards/package.json", "go.mod"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(o.root, file)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(o.root, file), nil, 0o600))
	}
	require.NoError(t, os.WriteFile(filepath.Join(o.root, ".gitignore"), []byte(".env\n"), 0o600))
	git("init", "-q")
	git("add", ".")
	git("commit", "-q", "-m", "All")

	entries, err := o.documents(t.Context())
	require.NoError(t, err)
	var found []string
	for _, e := range entries {
		found = append(found, e.name)
	}
	assert.Equal(t, []string{"LICENSE", "config/gateway.yaml", "dashboards/integration-log.json"}, found)
	at, err := o.time(t.Context())
	require.NoError(t, err)
	assert.True(t, at.Equal(modified))
}

func TestChecksumsAreThoseOfSha256sum(t *testing.T) {
	directory := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(directory, "a"), []byte("abc"), 0o600))
	require.NoError(t, writeChecksums(directory, []string{"a"}))
	assert.Equal(t, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n", string(read(t, filepath.Join(directory, checksums))))
}

func TestWhatIsWrongIsNamed(t *testing.T) {
	full := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(full, "old"), nil, 0o600))
	for want, arguments := range map[string][]string{
		"-version":                 nil,
		`"v1 -X a=b" is no`:        {"-version", "v1 -X a=b"},
		`"loki": there are`:        {"-version", "v1", "-programs", "loki"},
		`"linux" is not`:           {"-version", "v1", "-platforms", "linux"},
		"one program and one":      {"-version", "v1", "-directory", "x"},
		"is not empty":             {"-version", "v1", "-out", full},
		"not empty":                {"-version", "v1", "-programs", "integrationlog", "-platforms", "linux/amd64", "-directory", full},
		"flag provided but not de": {"-verzion", "v1"},
	} {
		require.ErrorContains(t, run(context.WithoutCancel(t.Context()), arguments, io.Discard), want, "%v", arguments)
	}
}
