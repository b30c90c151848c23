// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package lokirun runs Loki inside this process.
package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/grafana/loki/v3/pkg/loki"
	"go.uber.org/zap"
	// The OTLP packages of the collector wrap gRPC's codec for protobuf when they
	// are initialised. If it is not there yet, every gRPC message of Loki panics
	// later; so whoever runs Loki here has it in the binary. TestProtoCodec proves
	// that it comes first.
	_ "google.golang.org/grpc/encoding/proto"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokiconfig"
)

// Loki's own handler stops Loki when the process gets a signal, while the
// pipelines still drain into it. It waits for shutdown_delay first, so a delay
// longer than any shutdown makes the handler harmless: all it does is to let
// /ready answer 503.
const signalDelay = 24 * time.Hour

var (
	// ErrAlreadyRunning is returned when this process runs a Loki already: Loki keeps
	// its limits, its logger and its metrics in variables of the process.
	ErrAlreadyRunning = errors.New("only one Loki can run in a process")
	// ErrLeftBehind is returned when an earlier Loki of this process was stopped
	// before it was ready. Loki does not clean up then: the part that shortens the
	// write-ahead log, for one, goes on, and would destroy that of the next Loki.
	ErrLeftBehind = errors.New("a Loki that was stopped before it was ready has left parts behind in this process: start the process again")
)

// state is what Loki this process has.
var state atomic.Int32

const (
	stateNone int32 = iota
	stateRunning
	stateLeftBehind
)

// Instance is a Loki that runs in this process.
type Instance struct {
	host  *host
	loki  *loki.Loki
	ready atomic.Bool
	done  chan struct{}
	err   error // read after done is closed
}

// Settings are what Loki's own configuration has no place for.
type Settings struct {
	// Logger is where Loki's log goes.
	Logger *zap.Logger
	// Fsync lets a push be acknowledged only once the disk has it, and the index be written
	// through.
	Fsync bool
}

// Start begins to run Loki with this configuration. It returns before Loki is
// ready: see Ready.
func Start(c *loki.ConfigWrapper, settings Settings) (*Instance, error) {
	logger := settings.Logger
	if !state.CompareAndSwap(stateNone, stateRunning) {
		if state.Load() == stateLeftBehind {
			return nil, ErrLeftBehind
		}
		return nil, ErrAlreadyRunning
	}
	restoreRegistry := useFreshRegistry()
	i := &Instance{host: newHost(), done: make(chan struct{})}
	useLogger(newLogger(logger, c.Server.LogLevel.Option, i.host.stopping))
	release := func(next int32) {
		dropLogger()
		restoreRegistry()
		state.Store(next)
	}

	c.Server.Log = &processLogger
	c.InternalServer.Log = &processLogger
	c.ShutdownDelay = signalDelay
	if settings.Fsync && c.Ingester.WAL.Enabled {
		c.Server.GRPCMiddleware = append(c.Server.GRPCMiddleware, syncPushes(c.Ingester.WAL.Dir))
	}
	c.Server.GRPCMiddleware = append(c.Server.GRPCMiddleware, onePushAtATime(), noPushWithoutRoom(c.Ingester.WAL.Dir, logger))
	c.Server.HTTPMiddleware = append(c.Server.HTTPMiddleware, noOtherSites(), endQueries(i.host.stopping))
	lokiconfig.UseLimits(c)

	err := withoutPanic(func() (err error) {
		if err := mend(c, logger); err != nil {
			return err
		}
		if settings.Fsync {
			writeIndexThrough(c, logger)
		}
		if i.loki, err = loki.New(c.Config); err != nil {
			return err
		}
		return i.host.addTo(i.loki)
	})
	if err != nil {
		release(stateNone)
		return nil, err
	}
	go func() {
		defer close(i.done)
		i.err = withoutPanic(func() error { return i.loki.Run(loki.RunOpts{StartTime: time.Now()}) })
		if i.loki.Server != nil {
			// Ends a goroutine that Loki leaves behind.
			i.loki.Server.Stop()
		}
		if i.ready.Load() {
			release(stateNone)
		} else {
			release(stateLeftBehind)
		}
	}()
	return i, nil
}

// mend does what Loki does not to what a kill has left behind.
func mend(c *loki.ConfigWrapper, logger *zap.Logger) error {
	errs := []error{removeLeftOpen(c)}
	if directory := c.Ingester.WAL.Dir; directory != "" {
		errs = append(errs, cutOffTorn(directory, logger), renumber(directory, logger))
	}
	if directory := c.StorageConfig.FSConfig.Directory; directory != "" { // not so with an object store elsewhere
		errs = append(errs, setAsideTorn(directory, logger))
	}
	return errors.Join(errs...)
}

// withoutPanic turns a panic of Loki's own setting up, such as a metric that is
// registered twice, into an error.
func withoutPanic(run func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return run()
}

// Done is closed when Loki has stopped entirely, for whatever reason.
func (i *Instance) Done() <-chan struct{} { return i.done }

// Err tells why Loki stopped, once Done is closed; nil if it was asked to.
func (i *Instance) Err() error { return i.err }

// LeftBehind tells, once Done is closed, whether parts of Loki may still use its
// directory; see [ErrLeftBehind].
func (i *Instance) LeftBehind() bool { return !i.ready.Load() }

// Addresses returns where Loki listens. It may be called once Ready returned nil.
func (i *Instance) Addresses() (httpAddr, grpcAddr net.Addr) {
	return i.host.http, i.host.grpc
}

// Stop makes Loki stop in order, and waits until it has: its ports are free then
// and its write-ahead log is closed. When ctx ends first its error is returned
// and Loki goes on stopping; see Done. A Stop after Loki has stopped returns nil.
func (i *Instance) Stop(ctx context.Context) error {
	i.host.stop()
	select {
	case <-i.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("not stopped in time: %w", ctx.Err())
	}
}

// ReleaseSignals takes away the handler of signals that Loki installed. Call it
// once, after Done is closed, and only if the process got no signal meanwhile:
// that one would have ended the handler already.
func (i *Instance) ReleaseSignals() {
	if i.loki.SignalHandler == nil {
		return // Loki failed before it had one.
	}
	// Its goroutine would hold on to all of this Loki for the whole delay.
	i.loki.Cfg.ShutdownDelay = 0
	i.loki.SignalHandler.Stop()
}
