// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/audit"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/faults"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
)

// recent is how long before a phase something may have happened that is fetched in it, but for
// calls to Salesforce's API, which are told minutes later.
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
	}}, fault{name: "state files: checkpoints of a newer version", do: newerValues})
}

// damageQueue kills the program with a backlog, and damages what it lies in. The ledger
// hears what that may cost: what the program has acknowledged or fetched, and is not in
// Loki. What happened before has to be there.
func (s *station) damageQueue(t *testing.T, damage faults.Damage) string {
	t.Helper()
	s.stopLoad(t)
	s.settle(t, s.settled.Add(-audit.Told))
	s.load.Start(t.Context())
	s.awaitBacklog(t, 100)
	s.stopLoad(t)
	s.awaitStreams(t)
	s.kill()
	listed, read := s.lastListing(), s.lastLogFile()
	stored, err := s.auditor.Stored(t.Context(), s.began.Add(-recent))
	require.NoError(t, err)
	var risk []ledger.Key
	for _, e := range s.ledger.All() {
		notFetched := e.Product == activity.Webhooks && e.Acknowledged.After(listed) || isCall(e) && e.Acknowledged.After(read)
		if e.Acknowledged.After(s.settled) && stored[e.Key] == 0 && !notFetched {
			risk = append(risk, e.Key)
		}
	}
	s.ledger.Risk(risk)
	file := filepath.Join(s.all.Directory, "queue", "exporter_otlp_http_loki_logs")
	require.NoError(t, damage.To(file, s.random))
	s.proxy.LetThrough()
	s.load.Start(t.Context())
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

// lastLogFile is before when calls may have been fetched: after the last answer to who asked for a file.
func (s *station) lastLogFile() time.Time {
	requests := s.vendors.Salesforce.Requests(salesforce.Downloads)
	if len(requests) == 0 {
		return time.Time{}
	}
	return requests[len(requests)-1].At.Add(answerWithin)
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
