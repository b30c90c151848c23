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
		{name: "Loki killed with kill -9", do: killLoki},
		{name: "kill -9 with a backlog, and while it is sent", once: true, do: killWithBacklog},
		{name: "Loki's answers of 400", do: refuse},
	}
	for _, h := range []struct {
		name string
		harm faults.Harm
		// bites waits until it is seen that the harm is done.
		bites func(t *testing.T, s *station)
	}{
		{"answers of Loki 800 ms late", faults.Harm{Type: "latency", Stream: "downstream", Attributes: map[string]int{"latency": 800, "jitter": 300}}, answersAreLate},
		{"20 KB a second to Loki", faults.Harm{Type: "bandwidth", Stream: "upstream", Attributes: map[string]int{"rate": 20}}, queueGrows},
		{"connections to Loki reset", faults.Harm{Type: "reset_peer", Stream: "upstream", Attributes: map[string]int{"timeout": 50}}, pushesFail},
		{"connections reset before Loki's answer", faults.Harm{Type: "reset_peer", Stream: "downstream", Attributes: map[string]int{"timeout": 0}}, pushesFail},
		{"connections cut in the middle of a push", faults.Harm{Type: "limit_data", Stream: "upstream", Attributes: map[string]int{"bytes": 3000}}, pushesFail},
		{"connections cut in the middle of an answer", faults.Harm{Type: "limit_data", Stream: "downstream", Attributes: map[string]int{"bytes": 40}}, pushesFail},
		{"nothing gets through to Loki, or back", faults.Harm{Type: "timeout", Stream: "upstream", Attributes: map[string]int{"timeout": 700}}, pushesFail},
		{"pushes arrive at Loki, and answers never come", faults.Harm{Type: "timeout", Stream: "downstream", Attributes: map[string]int{"timeout": 700}}, pushesFail},
	} {
		list = append(list, fault{name: h.name, once: true, do: func(t *testing.T, s *station) {
			t.Helper()
			pause(t, harmed/5)
			require.NoError(t, s.wire.Do(h.harm))
			h.bites(t, s)
			pause(t, harmed)
			s.wire.Heal(t.Context())
		}})
	}
	for _, status := range []int{http.StatusTooManyRequests, http.StatusInternalServerError} {
		list = append(list, fault{name: "answers of " + strconv.Itoa(status), once: true, do: func(t *testing.T, s *station) {
			t.Helper()
			s.proxy.Answer(status)
			s.awaitRefusedPushes(t)
			pause(t, harmed/2)
			s.proxy.Deceive(status) // although Loki has stored it
			s.awaitRefusedPushes(t)
			pause(t, harmed/2)
			s.proxy.LetThrough()
		}})
	}
	return list
}

// pushesFail waits until the exporter says of three more pushes that they have failed.
func pushesFail(t *testing.T, s *station) {
	t.Helper()
	const failed = "Exporting failed. Will retry"
	process := s.process.Load()
	before := len(process.Stderr.Lines(failed))
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if now := len(process.Stderr.Lines(failed)); now < before+3 {
			return fmt.Errorf("%d pushes have failed", now-before)
		}
		return nil
	})
}

// answersAreLate asks Loki over the wire.
func answersAreLate(t *testing.T, s *station) {
	t.Helper()
	began := time.Now()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.wire.URL+"/ready", http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Greater(t, time.Since(began), 400*time.Millisecond)
}

// queueGrows waits until the sending queue is as long as it is never without a fault.
func queueGrows(t *testing.T, s *station) {
	t.Helper()
	harness.Eventually(t, time.Minute, func(ctx context.Context) error {
		metrics, err := s.all.Metrics(ctx)
		if err != nil {
			return err
		}
		if size := metrics.Sum("otelcol_exporter_queue_size"); size < 20_000 {
			return fmt.Errorf("%v bytes wait", size)
		}
		return nil
	})
}

// awaitRefusedPushes waits until the proxy has refused some more.
func (s *station) awaitRefusedPushes(t *testing.T) {
	t.Helper()
	before := s.proxy.Refused()
	harness.Eventually(t, time.Minute, func(context.Context) error {
		if now := s.proxy.Refused(); now < before+3 {
			return fmt.Errorf("%d pushes refused", now-before)
		}
		return nil
	})
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
var killBehindProxy = fault{name: "kill -9 with a backlog, and while it is sent", do: func(t *testing.T, s *station) {
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
