// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/faults"
)

// newerValues makes what two receivers keep of a newer version, while the file is none: one
// keeps the program from starting, the other reads no changes, and both say so. With the
// version right again everything goes on from there.
func newerValues(t *testing.T, s *station) {
	t.Helper()
	const newer = "written by a newer version"
	pause(t, time.Second)
	s.awaitStreams(t)
	s.kill()
	webhooks, salesforce := s.checkpointOf(t, "zendesk_webhooks"), s.checkpointOf(t, "salesforce")
	require.NoError(t, faults.ChangeVersions(webhooks, 1))
	require.NoError(t, faults.ChangeVersions(salesforce, 1))
	process := s.start(t)
	process.Wait(t)
	require.NotZero(t, process.ExitCode())
	require.NotEmpty(t, process.Stderr.Lines(newer, "zendesk_webhooks"), process.Stderr.Tail(2000))
	require.NoError(t, faults.ChangeVersions(webhooks, -1))
	s.run(t)
	harness.Eventually(t, deliveryWithin, func(context.Context) error {
		if said := len(s.process.Load().Stderr.Lines(newer, "salesforce")); said < len(entities) {
			return fmt.Errorf("it is said of %d topics", said)
		}
		return nil
	})
	require.Zero(t, s.vendors.Salesforce.PubSub.OpenStreams())
	s.kill()
	require.NoError(t, faults.ChangeVersions(salesforce, -1))
	s.run(t)
	s.awaitStreams(t)
}

// checkpointOf is the file of what a receiver keeps of how far it has come.
func (s *station) checkpointOf(t *testing.T, receiver string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(s.all.Directory, "state", "receiver_"+receiver+"_*checkpoint"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	return files[0]
}

// moveAway does what the program asks an operator to do: it does not start with a file of
// a newer version, and says which file that is, until no such file is left.
func (s *station) moveAway(t *testing.T, files ...string) {
	t.Helper()
	for range files {
		process := s.start(t)
		process.Wait(t)
		moved := false
		for _, file := range files {
			if len(process.Stderr.Lines(file)) > 0 {
				require.NoError(t, os.Rename(file, filepath.Join(t.TempDir(), filepath.Base(file))))
				moved = true
				break
			}
		}
		require.True(t, moved, "it does not say which file: %s", process.Stderr.Tail(2000))
	}
	s.run(t)
}
