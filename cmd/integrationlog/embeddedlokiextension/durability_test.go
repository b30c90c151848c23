// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"fmt"
	"slices"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestAKillLosesNothing(t *testing.T) {
	t.Parallel()
	cfg := processConfig{directory: t.TempDir()}
	var acknowledged []activity.Activity
	for round := range 3 {
		p := startProcess(t, cfg)
		if round > 0 {
			assertStoredOnce(t, p.loki, acknowledged)
		}
		load := startLoad(t, string(p.loki)+"/otlp/v1/logs", fmt.Sprintf("round-%d", round))
		load.await(t, 300)
		p.signal(t, syscall.SIGKILL)
		p.awaitExit(t)
		acknowledged = append(acknowledged, load.stop()...)
	}

	p := startProcess(t, cfg)
	assertStoredOnce(t, p.loki, acknowledged)
	before := p.loki.count(t)
	for batch := range slices.Chunk(acknowledged, 100) {
		p.loki.push(t, batch...)
	}
	assert.Equal(t, before, p.loki.count(t), "what the log was read back from is known again")
	p.stop(t)
}

// assertStoredOnce fails unless each of the records is stored, and nothing twice.
// There may be more than were acknowledged: a record can be stored and its answer lost.
func assertStoredOnce(t *testing.T, loki lokiClient, acknowledged []activity.Activity) {
	t.Helper()
	require.NotEmpty(t, acknowledged)
	stored := loki.ids(t, all)
	slices.Sort(stored)
	assert.Len(t, slices.Compact(slices.Clone(stored)), len(stored), "nothing is stored twice")
	assert.Subset(t, stored, idsOf(acknowledged), "nothing is lost")
	assert.Equal(t, len(stored), loki.count(t), "the count agrees with the list")
}

func TestTwoProcessesOnOneDirectory(t *testing.T) {
	t.Parallel()
	cfg := processConfig{directory: t.TempDir()}
	first := startProcess(t, cfg)
	second := launchProcess(t, cfg)
	assert.Equal(t, 1, second.awaitExit(t))
	assert.Contains(t, second.output.String(), "is in use by another process")
	first.stop(t)
}
