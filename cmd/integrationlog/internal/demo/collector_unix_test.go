// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package demo

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// script is a collector that is a script of the shell.
func script(t *testing.T, text string) *collector {
	t.Helper()
	path := filepath.Join(t.TempDir(), "collector")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700))
	return &collector{executable: path, directory: t.TempDir(), log: io.Discard, warnings: newWarnings(func(string) {})}
}

func TestACollectorThatEndsByItselfIsAnError(t *testing.T) {
	require.EqualError(t, script(t, "exit 0").run(t.Context()), "the collector ended by itself (without an error)")
	require.EqualError(t, script(t, "echo 'Error: port 1 is taken' >&2; exit 3").run(t.Context()),
		"the collector ended by itself (exit status 3):\n  Error: port 1 is taken")
	c := script(t, "")
	c.executable += "-is-not-there"
	require.ErrorContains(t, c.run(t.Context()), "no such file")
}

func TestACollectorIsAskedToEnd(t *testing.T) {
	for name, test := range map[string]struct{ text, err string }{
		"well": {"trap 'exit 0' TERM; echo up; while :; do sleep 0.05; done", ""},
		// It does not know yet what it is asked.
		"early": {"echo up; exec sleep 60", ""},
		"badly": {"trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done", "the collector did not end well: exit status 7"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			c := script(t, test.text)
			c.log = writerFunc(func() { cancel() })
			err := c.run(ctx)
			if test.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, test.err)
			}
		})
	}
}

// writerFunc is told that something was written.
type writerFunc func()

func (f writerFunc) Write(p []byte) (int, error) {
	f()
	return len(p), nil
}
