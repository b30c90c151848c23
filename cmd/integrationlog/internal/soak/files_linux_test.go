// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/faults"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// recent is how long before a phase something may have happened that is fetched in it.
const recent = time.Minute

// answerWithin is how late a simulated vendor answers at most.
const answerWithin = time.Second

// damagedQueues are faults of the file of the sending queue, with a backlog in it.
func damagedQueues() []fault {
	var list []fault
	for _, damage := range faults.Damages {
		list = append(list, fault{name: "queue file: " + damage.Name, do: func(t *testing.T, s *station) {
			t.Helper()
			file := s.damageQueue(t, damage)
			s.run(t)
			s.requireAside(t, damage, file)
			pause(t, time.Second)
		}})
	}
	return append(list, fault{name: "queue file: " + faults.Newer.Name, do: func(t *testing.T, s *station) {
		t.Helper()
		s.moveAway(t, s.damageQueue(t, faults.Newer))
		pause(t, time.Second)
	}})
}

// damagedStates are faults of the files in which receivers keep what they have had.
func damagedStates() []fault {
	var list []fault
	for _, damage := range faults.Damages {
		list = append(list, fault{name: "state files: " + damage.Name, do: func(t *testing.T, s *station) {
			t.Helper()
			files := s.damageStates(t, damage)
			s.run(t)
			s.requireAside(t, damage, files...)
			assert.Zero(t, s.storm(t, 1))
		}})
	}
	return append(list, fault{name: "state files: " + faults.Newer.Name, do: func(t *testing.T, s *station) {
		t.Helper()
		s.moveAway(t, s.damageStates(t, faults.Newer)...)
		assert.Zero(t, s.storm(t, 1))
	}})
}

// damageQueue kills the program with a backlog, and damages what it lies in. The ledger
// hears what that may cost: what the program has acknowledged or fetched, and is not in
// Loki.
func (s *station) damageQueue(t *testing.T, damage faults.Damage) string {
	t.Helper()
	s.awaitBacklog(t, 100)
	s.stopLoad(t)
	s.awaitStreams(t)
	s.kill()
	listed := s.lastListing()
	since := s.began.Add(-recent)
	stored, err := s.auditor.Stored(t.Context(), since)
	require.NoError(t, err)
	var risk []ledger.Key
	for _, e := range s.ledger.All() {
		if e.At.After(since) && stored[e.Key] == 0 && (e.Product != activity.Webhooks || e.Acknowledged.Before(listed)) {
			risk = append(risk, e.Key)
		}
	}
	s.ledger.Risk(risk)
	file := filepath.Join(s.all.Directory, "queue", "exporter_otlp_http_loki_logs")
	require.NoError(t, damage.To(file, s.random))
	s.proxy.LetThrough()
	s.load.Start(t.Context(), 1)
	return file
}

// lastListing is before when what Zendesk had may have been fetched: after the last answer
// to who asked for it.
func (s *station) lastListing() time.Time {
	var last time.Time
	for _, request := range s.vendors.Zendesk.Requests("/invocations") {
		if strings.HasSuffix(request.Path, "/invocations") {
			last = request.At
		}
	}
	return last.Add(answerWithin)
}

// damageStates kills the program and damages all files of its receivers.
func (s *station) damageStates(t *testing.T, damage faults.Damage) []string {
	t.Helper()
	pause(t, time.Second)
	s.kill()
	files, err := s.stateFiles()
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		require.NoError(t, damage.To(file, s.random))
	}
	return files
}

// stateFiles are those of the program's receivers.
func (s *station) stateFiles() ([]string, error) {
	files, err := filepath.Glob(filepath.Join(s.all.Directory, "state", "receiver_*_"))
	if err != nil {
		return nil, err
	}
	more, err := filepath.Glob(filepath.Join(s.all.Directory, "state", "receiver_*__*"))
	return append(files, more...), err
}

// requireAside requires that the log says of each file that was set aside, that this was
// every one that cannot be used any more, and that it says of an empty one that it is, and
// of what was changed in one. It takes those away that were set aside.
func (s *station) requireAside(t *testing.T, damage faults.Damage, files ...string) {
	t.Helper()
	for _, file := range files {
		aside, err := filepath.Glob(file + ".damaged-*")
		require.NoError(t, err)
		if damage.Fatal {
			require.Len(t, aside, 1, file)
		}
		if damage.Empties {
			require.True(t, s.said("is empty", file), file)
		}
		if damage.Changes {
			s.awaitSaid(t, changeSaid(file))
		}
		for _, name := range aside {
			require.True(t, s.said("is damaged and was set aside", name), name)
			require.NoError(t, os.Remove(name))
		}
	}
}

// changeSaid is what the log says of a value of a file that was changed: of an item of the
// queue, or of what the receiver keeps whose file it is.
func changeSaid(file string) string {
	if receiver, is := strings.CutPrefix(filepath.Base(file), "receiver_"); is {
		receiver, _, _ = strings.Cut(receiver, "__")
		return fmt.Sprintf(`in the storage of %q is damaged and was set aside`, strings.Trim(receiver, "_"))
	}
	return "An item of the sending queue cannot be decoded"
}

// awaitSaid waits for what is found when it is read, which may be after the start.
func (s *station) awaitSaid(t *testing.T, texts ...string) {
	t.Helper()
	harness.Eventually(t, deliveryWithin, func(context.Context) error {
		if !s.said(texts...) {
			return fmt.Errorf("it does not say %q", texts)
		}
		return nil
	})
}

// said tells whether a process of this phase has said these in a line. The first one of
// several may have set aside one file, and ended because of another.
func (s *station) said(texts ...string) bool {
	return slices.ContainsFunc(s.all.Processes(), func(p *harness.Process) bool {
		return p.Began.After(s.began) && len(p.Stderr.Lines(texts...)) > 0
	})
}

// moveAway does what the program asks an operator to do: it does not start with a file of
// a newer version, and says which file that is, until no such file is left.
func (s *station) moveAway(t *testing.T, files ...string) {
	t.Helper()
	for range files {
		process := s.start(t)
		<-process.Done()
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
