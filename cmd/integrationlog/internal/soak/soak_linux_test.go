// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"errors"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/table"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/untried"
)

const (
	// durationVariable makes the soak a long one, and tableVariable is the file that the
	// table goes to.
	durationVariable = "INTEGRATIONLOG_SOAK_DURATION"
	tableVariable    = "INTEGRATIONLOG_SOAK_TABLE"
	// faultsVariable is a regular expression that leaves out all faults whose names it does
	// not match.
	faultsVariable = "INTEGRATIONLOG_SOAK_FAULTS"
)

// TestSoak tries every fault once, or for as long as it is told to, and fails if anything
// is missing, doubled or altered.
func TestSoak(t *testing.T) {
	duration, err := time.ParseDuration(or(os.Getenv(durationVariable), "0s"))
	require.NoError(t, err, durationVariable)
	seed := harness.IntFromEnvironment(t, harness.SeedVariable, int(time.Now().UnixNano()))
	t.Logf("%s=%d", harness.SeedVariable, seed)
	until := time.Now().Add(duration)
	var mu sync.Mutex
	var rows []table.Row
	if len(clocks) == 0 {
		untried.Tell(t, errors.New("a clock that jumps: that takes an amd64 processor"))
	}
	t.Run("programs", func(t *testing.T) {
		for stream, soak := range []func(*testing.T, *rand.Rand, time.Time, func([]table.Row)){soakAllInOne, soakGateway, soakDisk, soakPowerCuts} {
			t.Run([]string{"all-in-one", "gateway", "disk", "power"}[stream], func(t *testing.T) {
				t.Parallel()
				soak(t, rand.New(rand.NewPCG(uint64(seed), uint64(stream))), until, func(part []table.Row) {
					mu.Lock()
					defer mu.Unlock()
					rows = append(rows, part...)
				})
			})
		}
	})
	var text strings.Builder
	table.Write(&text, rows)
	t.Logf("\n%s", text.String())
	if path := os.Getenv(tableVariable); path != "" {
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	}
}

func soakAllInOne(t *testing.T, random *rand.Rand, until time.Time, collect func([]table.Row)) {
	t.Helper()
	s := newAllInOne(t, "all-in-one", random)
	s.soak(t, slices.Concat(killings, clocks, []fault{killBehindProxy}, fromVendors, damagedStates()), until, collect)
}

func soakGateway(t *testing.T, random *rand.Rand, until time.Time, collect func([]table.Row)) {
	t.Helper()
	newGateway(t, random).soak(t, slices.Concat(beside(killings), beside(clocks), onTheWire(), damagedQueues()), until, collect)
}

// soak tries the faults, each once, and then some at random until the time is over. The rows
// are collected in the end, also of those phases that were before one that failed.
func (s *station) soak(t *testing.T, faults []fault, until time.Time, collect func([]table.Row)) {
	t.Helper()
	finished := false
	defer func() {
		if !finished {
			for i := range s.rows {
				s.rows[i].Program += ", broken off" // what was to be fetched is in none of its rows
			}
		}
		collect(s.rows)
	}()
	only, err := regexp.Compile(os.Getenv(faultsVariable))
	require.NoError(t, err, faultsVariable)
	faults = slices.DeleteFunc(faults, func(f fault) bool { return !only.MatchString(f.name) })
	s.calm(t)
	for _, f := range faults {
		s.try(t, f)
	}
	s.drawn = true
	for len(faults) > 0 && time.Now().Before(until) {
		s.try(t, faults[s.random.IntN(len(faults))])
	}
	s.finish(t)
	finished = true
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
