// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/table"
)

// diskSize leaves room above min_free_disk, 256 MiB.
const diskSize = 384 << 20

// soakDisk has a disk of its own, where the user may mount one.
func soakDisk(t *testing.T, random *rand.Rand, _ time.Time, collect func([]table.Row)) {
	t.Helper()
	disk := harness.MountDisk(t, diskSize)
	s := newAllInOne(t, "all-in-one on a small disk", random)
	s.disk, s.all.Directory = disk, filepath.Join(disk.Directory, "data")
	s.all.Env["INTEGRATIONLOG_DATA_DIR"] = s.all.Directory
	s.soak(t, []fault{{name: "disk full, and free again", do: diskFull}}, time.Time{}, collect)
}

// diskFull fills the disk up to the room that is kept free, and then to the last byte, and
// kills the program there.
func diskFull(t *testing.T, s *station) {
	t.Helper()
	pause(t, time.Second)
	s.disk.Leave(t, 255<<20)
	s.awaitRefusals(t)
	s.disk.Clear(t)
	pause(t, time.Second)
	s.disk.Leave(t, 0)
	s.awaitRefusals(t)
	s.kill()
	s.disk.Clear(t)
	s.run(t)
}

func (s *station) awaitRefusals(t *testing.T) {
	t.Helper()
	before := s.load.Answers(http.StatusServiceUnavailable)
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if s.load.Answers(http.StatusServiceUnavailable) < before+20 {
			return errors.New("nothing is refused")
		}
		return nil
	})
}
