// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/vendors"
	"github.com/integrationlog/integrationlog/config"
)

// Options are what the demo may be told.
type Options struct {
	// Seed is what the history is made of: the same seed gives the same.
	Seed uint64
	// Rate is how many live activities there are a minute, on average.
	Rate float64
	// Duration is after what time it ends by itself, but not before the history is complete;
	// 0 is never.
	Duration time.Duration
	// KeepData leaves the data where it is when the demo ends.
	KeepData bool
	// Executable is the program that runs as the collector: this one.
	Executable string
	// Out is where it tells what it does.
	Out io.Writer
}

// Validate tells which option makes no sense.
func (o *Options) Validate() error {
	if math.IsNaN(o.Rate) || o.Rate < 0 || o.Rate > maxRate {
		return fmt.Errorf("--rate %v: must be from 0 to %d activities a minute", o.Rate, maxRate)
	}
	if o.Duration < 0 {
		return fmt.Errorf("--duration %s: must not be negative", o.Duration)
	}
	return nil
}

// maxRate is as much as one sender may do, one after the other.
const maxRate = 6000

// demo is a demo that runs.
type demo struct {
	options   Options
	begun     time.Time
	directory *directory
	ports     map[string]int
	screen    *screen
	company   *history.Company
	vendors   *vendors.Vendors
	store     *store
	ledger    ledger
	// seen is set once the log page shows anything.
	seen bool
}

// Run runs the demo until the context ends, its duration is over, nobody reads what it tells
// any more, or something fails. Only the last is a failure.
func Run(ctx context.Context, options Options) (err error) {
	if err := options.Validate(); err != nil {
		return err
	}
	stop := outliveReader()
	defer stop()
	ctx, end := context.WithCancel(ctx)
	defer end()
	d := &demo{options: options, begun: time.Now(), ports: map[string]int{}, screen: newScreen(options.Out, end)}
	ports, err := choosePorts(ctx, config.AllInOne, os.LookupEnv)
	if err != nil {
		return err
	}
	for _, p := range ports {
		d.ports[p.variable] = p.number
	}
	removed, err := removeAbandoned(os.TempDir())
	for _, path := range removed {
		d.screen.line("Removed what a demo has left that was killed: %s", path)
	}
	if err != nil {
		d.screen.line("What a demo has left that was killed could not be removed: %v", err)
	}
	if d.directory, err = newDirectory(os.TempDir(), options.KeepData); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.cleanUp(err != nil), d.screen.failure()) }()
	return d.run(ctx, ports)
}

func (d *demo) run(ctx context.Context, ports []port) (err error) {
	d.company = history.New(d.options.Seed, time.Now())
	if d.vendors, err = vendors.Start(d.company, d.url(webhookPort)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.vendors.Close()) }()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	d.store = &store{loki: d.lokiURL(), page: d.url(pagePort), client: client}

	week := d.company.Week()
	pushed, err := d.vendors.Keep(week)
	if err != nil {
		return err
	}
	for _, event := range week {
		d.ledger.add(event)
	}
	log, err := os.OpenFile(d.logFile(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()

	values := portVariables(ports)
	maps.Copy(values, d.vendors.Environment())
	values[dataDirectory] = d.directory.path
	both, bothCtx := errgroup.WithContext(ctx)
	collectorCtx, stop := context.WithCancel(bothCtx)
	defer stop()
	c := collector{
		executable: d.options.Executable, directory: d.directory.path, environment: environment(os.Environ(), config.AllInOne, values), log: log,
		warnings: newWarnings(func(line string) {
			if collectorCtx.Err() == nil { // what it says while it ends is no news
				d.screen.line("  %s", line)
			}
		}),
	}
	both.Go(func() error { return c.run(collectorCtx) })
	both.Go(func() error {
		defer stop()
		err := d.play(bothCtx, pushed)
		d.screen.done()
		return d.unlessEnded(ctx, err)
	})
	return both.Wait()
}

// unlessEnded returns an error, but for those of a demo that somebody has ended.
func (d *demo) unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	d.screen.line("\nEnding.")
	return nil
}

// cleanUp removes the data. It stays where somebody wants it, and where the demo has failed,
// for the log of the collector may tell why.
func (d *demo) cleanUp(failed bool) error {
	switch {
	case d.options.KeepData:
		d.screen.line("The data is kept. To look at it again, without the vendors:\n  %s=%s integrationlog", dataDirectory, d.directory.path)
		return nil
	case failed:
		d.screen.line("The log of the collector may tell more: %s\nRemove the directory when you have read it.", d.logFile())
		return d.directory.keep()
	}
	if err := d.directory.remove(); err != nil {
		return fmt.Errorf("the data in %s was not removed: %w", d.directory.path, err)
	}
	d.screen.line("The data was removed.")
	return nil
}

func (d *demo) logFile() string { return filepath.Join(d.directory.path, logFile) }

// url is where something listens on this machine.
func (d *demo) url(port string) string { return fmt.Sprintf("http://localhost:%d", d.ports[port]) }

// lokiURL is Loki's, which listens on the address and not on the name.
func (d *demo) lokiURL() string { return fmt.Sprintf("http://127.0.0.1:%d", d.ports[lokiPort]) }
