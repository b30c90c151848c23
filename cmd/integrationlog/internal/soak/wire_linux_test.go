// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/faults"
)

// harmed is how long the wire does harm.
const harmed = 2 * time.Second

// onTheWire are faults between the collector and Loki.
func onTheWire() []fault {
	list := []fault{
		{"Loki killed with kill -9", killLoki},
		{"kill -9 with a backlog, and while it is sent", killWithBacklog},
		{"Loki's answers of 400", refuse},
	}
	for _, h := range []struct {
		name string
		harm faults.Harm
	}{
		{"answers of Loki 800 ms late", faults.Harm{Type: "latency", Stream: "downstream", Attributes: map[string]int{"latency": 800, "jitter": 300}}},
		{"20 KB a second to Loki", faults.Harm{Type: "bandwidth", Stream: "upstream", Attributes: map[string]int{"rate": 20}}},
		{"connections to Loki reset", faults.Harm{Type: "reset_peer", Stream: "upstream", Attributes: map[string]int{"timeout": 50}}},
		{"connections reset before Loki's answer", faults.Harm{Type: "reset_peer", Stream: "downstream", Attributes: map[string]int{"timeout": 0}}},
		{"connections cut in the middle of a push", faults.Harm{Type: "limit_data", Stream: "upstream", Attributes: map[string]int{"bytes": 3000}}},
		{"connections cut in the middle of an answer", faults.Harm{Type: "limit_data", Stream: "downstream", Attributes: map[string]int{"bytes": 40}}},
		{"nothing gets through to Loki, or back", faults.Harm{Type: "timeout", Stream: "upstream", Attributes: map[string]int{"timeout": 700}}},
		{"pushes arrive at Loki, and answers never come", faults.Harm{Type: "timeout", Stream: "downstream", Attributes: map[string]int{"timeout": 700}}},
	} {
		list = append(list, fault{h.name, func(t *testing.T, s *station) {
			t.Helper()
			pause(t, harmed/5)
			require.NoError(t, s.wire.Do(h.harm))
			pause(t, harmed)
			s.wire.Heal(t.Context())
		}})
	}
	for _, status := range []int{http.StatusTooManyRequests, http.StatusInternalServerError} {
		list = append(list, fault{"answers of " + strconv.Itoa(status), func(t *testing.T, s *station) {
			t.Helper()
			s.proxy.Answer(status)
			pause(t, harmed/2)
			s.proxy.Deceive(status) // although Loki has stored it
			pause(t, harmed/2)
			s.proxy.LetThrough()
		}})
	}
	return list
}

func killLoki(t *testing.T, s *station) {
	t.Helper()
	s.moment(t, time.Second)
	s.running.Kill()
	pause(t, harmed/2)
	s.running = s.loki.Run(t)
	pause(t, harmed/2)
}

// awaitBacklog cuts the program off from Loki until it has taken so many more deliveries.
func (s *station) awaitBacklog(t *testing.T, deliveries int) {
	t.Helper()
	s.proxy.SwitchOff()
	before := s.load.Accepted()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if s.load.Accepted() < before+deliveries {
			return errors.New("the backlog is too small")
		}
		return nil
	})
}

func killWithBacklog(t *testing.T, s *station) {
	t.Helper()
	s.awaitBacklog(t, 150)
	s.kill()
	s.start(t)
	s.moment(t, time.Second)
	s.kill()
	s.proxy.LetThrough()
	s.run(t)
	s.moment(t, time.Second)
	s.kill()
	s.run(t)
}

// killBehindProxy puts a proxy before the Loki in the program, so that a backlog can grow.
var killBehindProxy = fault{"kill -9 with a backlog, and while it is sent", func(t *testing.T, s *station) {
	t.Helper()
	s.proxy = harness.NewProxy(t, s.all.Loki.URL)
	s.kill()
	s.all.Configure(often, "exporters::otlp_http/loki::endpoint: "+s.proxy.URL+"/otlp")
	s.run(t)
	killWithBacklog(t, s)
	s.kill()
	s.all.Configure(often)
	s.run(t)
}}

// refuse makes a proxy answer as Loki does to what it will never take. That is kept in
// files, and posted to Loki again as the README of loki_delivery says.
func refuse(t *testing.T, s *station) {
	t.Helper()
	directory := filepath.Join(s.all.Directory, "dead-letter")
	s.proxy.AnswerPushes(http.StatusBadRequest)
	harness.Eventually(t, deliveryWithin, func(context.Context) error {
		if files, err := filepath.Glob(filepath.Join(directory, "*.jsonl")); err != nil || len(files) == 0 {
			return errors.Join(errors.New("no dead letters"), err)
		}
		return nil
	})
	pause(t, harmed)
	s.proxy.LetThrough()
	s.stopLoad(t)
	s.all.AwaitEmptyQueue(t, deliveryWithin)
	files, err := filepath.Glob(filepath.Join(directory, "*.jsonl"))
	require.NoError(t, err)
	for _, file := range files {
		again := filepath.Join(t.TempDir(), filepath.Base(file))
		require.NoError(t, os.Rename(file, again))
		s.postAgain(t, again)
	}
}
