// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/audit"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/faults"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/load"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/table"
)

const (
	// deliveryWithin is how long the program may take to deliver what it has taken, once
	// nothing is in its way. Where a state file was lost, that is all that vendors still have.
	deliveryWithin = 10 * time.Minute
	// readWithin is how long a list may lack something because Loki is writing it to disk, and how
	// long it may take to list everything.
	readWithin = 5 * time.Minute
	// flushed is in how few of the phases that are drawn Loki is told to write to disk: each time
	// makes a chunk of each stream, and hundreds of an hour are a load that no log has.
	flushed = 5
	// rarely is how seldom Loki may be sent what it has: of so many, fewer than one. A push that it is only
	// about to store cannot be looked up yet.
	rarely = 20
	// often makes both programs poll as often as they may, and leave out what would be
	// written by itself 15 minutes later: nobody confirms what these vendors make up.
	often = "receivers: {zendesk_webhooks: {poll_interval: 10s}, salesforce: {event_log_files: {poll_interval: 1m}, confirmation: {enabled: false}}}"
	// soon makes the gateway try again soon.
	soon = "exporters::otlp_http/loki::retry_on_failure: {initial_interval: 100ms, max_interval: 1s}"
	// each makes the log tell each failure, also those that are equal.
	each = "service::telemetry::logs::sampling::enabled: false"
)

// station is a program with its load, its vendors, and those who watch it.
type station struct {
	name    string
	all     *harness.Installation
	vendors load.Vendors
	ledger  *ledger.Ledger
	load    *load.Load
	auditor *audit.Auditor
	random  *rand.Rand
	process atomic.Pointer[harness.Process]
	watch   *watch
	rows    []table.Row
	// drawn tells that each fault was tried once, and that they are drawn now.
	drawn bool
	// began is when the phase of now did, and settled when everything was last in the log.
	began, settled time.Time
	// startsWithin is how long the fastest start has taken.
	startsWithin time.Duration

	// Of a gateway: the way to Loki, first over the wire and then through the proxy.
	wire    *faults.Wire
	proxy   *harness.Proxy
	loki    *harness.LokiAlone
	running *harness.Process
	// Of a program on a disk of its own.
	disk    harness.Disk
	powered *harness.PoweredDisk
}

// newAllInOne returns the all-in-one.
func newAllInOne(t *testing.T, name string, random *rand.Rand) *station {
	t.Helper()
	s := &station{name: name, all: harness.NewInstallation(t, binaries.AllInOne(t)), random: random}
	s.all.Configure(often)
	s.furnish(t)
	return s
}

// newGateway returns the plain collector beside a Loki, with a wire and a proxy between.
func newGateway(t *testing.T, random *rand.Rand) *station {
	t.Helper()
	s := &station{name: "gateway", random: random, loki: harness.NewLokiAlone(t, binaries.AllInOne(t))}
	s.running = s.loki.Run(t)
	s.proxy = harness.NewProxy(t, s.loki.URL)
	var err error
	s.wire, err = faults.NewWire(s.proxy.URL)
	require.NoError(t, err)
	t.Cleanup(s.wire.Close)
	s.all = harness.NewGateway(t, binaries.Collector(t), s.wire.URL, s.loki.Loki, often, soon, each)
	s.furnish(t)
	return s
}

// furnish adds all that every station has.
func (s *station) furnish(t *testing.T) {
	t.Helper()
	s.vendors = load.Vendors{Zendesk: s.all.AddZendesk(t), Salesforce: s.all.AddSalesforce(t)}
	s.ledger = ledger.New()
	s.load = load.New(s.all, s.ledger, s.vendors)
	s.auditor = audit.New(s.all.Loki, s.ledger)
	s.settled = s.auditor.Began
	s.watch = watchOver(t, s)
	s.startsWithin = time.Second
}

// run starts the program and waits until it works.
func (s *station) run(t *testing.T) {
	t.Helper()
	process := s.start(t)
	s.all.AwaitReady(t, process)
	s.startsWithin = min(s.startsWithin, time.Since(process.Began))
}

// start starts the program.
func (s *station) start(t *testing.T) *harness.Process {
	t.Helper()
	process := s.all.Start(t)
	s.process.Store(process)
	return process
}

// kill ends the program at once.
func (s *station) kill() { s.process.Load().Kill() }

// stopLoad waits until everything that was begun is acknowledged or given up.
func (s *station) stopLoad(t *testing.T) {
	t.Helper()
	require.NoError(t, s.load.Stop(deliveryWithin))
}

// try is one phase: the fault is done while the load runs, and has to leave a program that
// runs and can reach Loki. Then everything that was posted has to be in the log.
func (s *station) try(t *testing.T, f fault) {
	t.Helper()
	before, since := 0, time.Now().Add(-recent)
	if f.once {
		before = s.surplus(t, since)
	}
	phase := s.ledger.NextPhase()
	s.watch.reset()
	// What Loki has written to disk it does not know by itself when it comes again, and in the
	// end it lets go of the stream.
	if !s.drawn || s.random.IntN(flushed) == 0 {
		require.NoError(t, s.all.Loki.Flush(t.Context()))
	}
	s.began = time.Now()
	s.load.Start(t.Context())
	f.do(t, s)
	s.stopLoad(t)
	took := time.Since(s.began)
	process := s.process.Load()
	require.False(t, process.HasEnded(), "the program has ended")
	s.all.AwaitEmptyQueue(t, deliveryWithin)
	s.watch.settle(t)
	if f.once {
		again := s.surplus(t, since) - before
		assert.Less(t, again, len(s.ledger.Phase())/rarely, "%s: %s: lines that Loki was sent again", s.name, f.name)
	}
	report := s.compare(t, s.began, isPosted)
	row := table.Row{Phases: 1, Program: s.name, Fault: f.name, Answer: s.worstAnswer(), Visible: s.watch.visible(), Memory: s.watch.memory()}
	row.Load = float64(len(s.ledger.Phase())) / took.Seconds()
	fill(&row, report.Phases[phase])
	s.rows = append(s.rows, row)
	t.Logf("%s: %s: %d acknowledged in %s, %d entries", s.name, f.name, len(s.ledger.Phase()), took.Round(time.Millisecond), report.Listed)
	require.Len(t, s.rows, phase)
}

// calm is the first phase, without a fault. The auditor learns from it.
func (s *station) calm(t *testing.T) {
	t.Helper()
	s.run(t)
	s.try(t, fault{name: "none", do: func(t *testing.T, _ *station) { t.Helper(); pause(t, 3*time.Second) }})
	s.await(t, s.auditor.Began, func(e ledger.Entry) bool { return !isCall(e) })
	require.False(t, t.Failed(), "without a fault nothing may be wrong")
	require.NoError(t, s.auditor.Learn(t.Context()))
}

// await waits until everything since a time that is due is in the log, what is fetched too.
func (s *station) await(t *testing.T, since time.Time, due func(ledger.Entry) bool) {
	t.Helper()
	err := harness.Retry(t.Context(), deliveryWithin, func(ctx context.Context) error {
		report, err := s.auditor.Compare(ctx, since, due)
		if err != nil {
			return err
		}
		for _, result := range report.Phases {
			if result.Missing > 0 {
				return fmt.Errorf("%d are missing: %q", result.Missing, result.Examples)
			}
		}
		return nil
	})
	assert.NoError(t, err)
}

// compare fails the test unless the log has what is due since a time, once and as it was
// sent.
func (s *station) compare(t *testing.T, since time.Time, due func(ledger.Entry) bool) *audit.Report {
	t.Helper()
	var report *audit.Report
	err := harness.Retry(t.Context(), readWithin, func(ctx context.Context) error {
		now, err := s.auditor.Compare(ctx, since, due)
		if err != nil {
			return err
		}
		report = now
		if !report.Sound() {
			return errors.New("it is not sound yet")
		}
		return nil
	})
	require.NotNil(t, report, err) // else it tells below what is wrong
	for phase, result := range report.Phases {
		assert.True(t, result.Sound(), "%s, phase %d: %+v", s.name, phase, result)
	}
	assert.Zero(t, report.Strange, "%s: %q", s.name, report.Examples)
	return report
}

// settle waits until everything that happened since a time is in the log: a process asks for
// log files when it starts. Nothing may happen meanwhile.
func (s *station) settle(t *testing.T, since time.Time) {
	t.Helper()
	s.process.Load().Stop(t)
	s.run(t)
	s.await(t, since, everything)
	s.settled = time.Now()
}

// finish compares everything, and completes the table.
func (s *station) finish(t *testing.T) {
	t.Helper()
	s.settle(t, s.auditor.Began)
	report := s.compare(t, s.auditor.Began, everything)
	counted, err := s.auditor.Count(t.Context())
	require.NoError(t, err)
	// A count takes for one what lies in different chunks, and differs in its metadata alone.
	assert.LessOrEqual(t, counted, report.Listed, "%s: counted, and listed", s.name)
	assert.GreaterOrEqual(t, counted, report.Distinct, "%s: counted, and different", s.name)
	t.Logf("%s: %d entries, of them %d about what could not be read", s.name, report.Listed, report.Notices)
	for i := range s.rows {
		fill(&s.rows[i], report.Phases[i+1])
	}
	s.process.Load().Stop(t)
	for _, process := range s.all.Processes() {
		assert.NotContains(t, process.Stderr.String(), "panic", s.name)
		assert.NotContains(t, process.Stderr.String(), "fatal error", s.name)
	}
}
