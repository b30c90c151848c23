// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/table"
)

// poweredDiskSize leaves room above min_free_disk, 256 MiB.
const poweredDiskSize = 1 << 30

// soakPowerCuts has a disk of its own, where the user may mount one.
func soakPowerCuts(t *testing.T, random *rand.Rand, _ time.Time, collect func([]table.Row)) {
	t.Helper()
	s := newPowered(t, random)
	s.all.Configure(often, "extensions::embedded_loki::config_file: "+s.checkpointOften(t))
	s.soak(t, powerCuts, time.Time{}, collect)
}

// newPowered returns the all-in-one on a disk that loses what it was not made to keep.
func newPowered(t *testing.T, random *rand.Rand, settings ...string) *station {
	t.Helper()
	disk := harness.MountPowered(t, poweredDiskSize)
	s := newAllInOne(t, "all-in-one, its power cut", random)
	s.powered, s.all.Directory = disk, filepath.Join(disk.Directory, "data")
	s.all.Env["INTEGRATIONLOG_DATA_DIR"] = s.all.Directory
	s.all.Configure(append(settings, often)...)
	return s
}

// TestAPowerCutIsSeen takes fsync away. That nothing is missing after the power cuts of the soak
// would tell nothing if nothing were missing here.
func TestAPowerCutIsSeen(t *testing.T) {
	s := newPowered(t, rand.New(rand.NewPCG(1, 2)), "extensions: {embedded_loki: {fsync: false}, file_storage/queue: {fsync: false}, file_storage/state: {fsync: false}}")
	s.ledger.NextPhase()
	s.run(t)
	s.load.Start(t.Context())
	pause(t, 2*time.Second)
	s.stopLoad(t)
	s.all.AwaitEmptyQueue(t, deliveryWithin)
	s.cutPower(t)
	s.run(t)
	report, err := s.auditor.Compare(t.Context(), s.auditor.Began, isPosted)
	require.NoError(t, err)
	assert.Positive(t, report.Phases[1].Missing)
	s.process.Load().Stop(t)
}

// checkpointOften returns the file of a configuration by which Loki shortens its write-ahead
// log every second and not every minute: what it has moved to chunks is then nowhere else.
func (s *station) checkpointOften(t *testing.T) (path string) {
	t.Helper()
	shipped, err := os.ReadFile("../../embeddedlokiextension/loki.yaml")
	require.NoError(t, err)
	const shippedDuration = "checkpoint_duration: 1m"
	require.Contains(t, string(shipped), shippedDuration)
	text := strings.NewReplacer(
		shippedDuration, "checkpoint_duration: 1s", "data/loki", filepath.Join(s.all.Directory, "loki"),
		"http_listen_port: 3100", fmt.Sprint("http_listen_port: ", s.all.Ports.Loki), "9095", strconv.Itoa(s.all.Ports.LokiGRPC),
	).Replace(string(shipped))
	path = filepath.Join(t.TempDir(), "loki.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

var powerCuts = []fault{
	{name: "power cut, four times", do: func(t *testing.T, s *station) {
		t.Helper()
		for range 4 {
			s.moment(t, 1500*time.Millisecond)
			s.cutPower(t)
			s.run(t)
		}
	}},
	{name: "power cut after a checkpoint of Loki, twice", do: func(t *testing.T, s *station) {
		t.Helper()
		for range 2 {
			s.moment(t, time.Second)
			require.NoError(t, s.all.Loki.Flush(t.Context()))
			s.awaitCheckpoint(t)
			s.cutPower(t)
			s.run(t)
		}
	}},
}

// cutPower cuts the power of the disk, and then the program's: what it still acknowledges
// between the two must be there, too.
func (s *station) cutPower(t *testing.T) {
	t.Helper()
	s.powered.CutPower(t)
	s.moment(t, 100*time.Millisecond)
	s.kill()
	s.powered.Restore(t)
}

// awaitCheckpoint waits for two checkpoints of Loki's write-ahead log, the second of which began
// after the call.
func (s *station) awaitCheckpoint(t *testing.T) {
	t.Helper()
	for range 2 {
		before := s.checkpoints(t)
		harness.Eventually(t, time.Minute, func(context.Context) error {
			if now := s.checkpoints(t); slices.Equal(before, now) {
				return fmt.Errorf("no checkpoint but %q", now)
			}
			return nil
		})
	}
}

func (s *station) checkpoints(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(s.all.Directory, "loki", "wal", "checkpoint.*"))
	require.NoError(t, err)
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, ".tmp") })
}
