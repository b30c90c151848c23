// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"
)

// stopTimeout bounds the stop. The collector sets no bound of its own, and what is
// in Loki's write-ahead log by then is safe.
const stopTimeout = 30 * time.Second

// embeddedLoki runs Loki from Start to Shutdown.
//
// The collector starts extensions before the pipelines and stops them after, so
// Loki is there for as long as anything writes to it.
type embeddedLoki struct {
	cfg    *Config
	logger *zap.Logger

	instance *lokirun.Instance // nil unless Start was successful
	signals  *signalWatch
	// released is closed when Loki has stopped and the directory is free again.
	released chan struct{}

	stopOnce sync.Once
	stopping chan struct{} // closed when Loki's end is wanted
}

var (
	_ extension.Extension                   = (*embeddedLoki)(nil)
	_ extensioncapabilities.PipelineWatcher = (*embeddedLoki)(nil)
)

func newEmbeddedLoki(cfg *Config, logger *zap.Logger) *embeddedLoki {
	return &embeddedLoki{cfg: cfg, logger: logger, released: make(chan struct{}), stopping: make(chan struct{})}
}

// Start implements component.Component. It returns when Loki is ready, or with an
// error that names the setting to change. An error before Loki was started leaves
// nothing behind; after one while it started no other Loki can start in this process.
func (e *embeddedLoki) Start(ctx context.Context, host component.Host) error {
	began := time.Now()
	loaded, err := e.cfg.load(ctx)
	if err != nil {
		return err
	}
	if err := e.cfg.checkPorts(ctx, loaded); err != nil {
		return err
	}
	directory, setting := e.cfg.dataDirectory(loaded)
	lock, err := lockDirectory(directory, setting)
	if err != nil {
		return err
	}
	e.signals = watchSignals()
	instance, err := lokirun.Start(loaded, lokirun.Settings{Logger: e.logger, Fsync: e.cfg.Fsync})
	if err != nil {
		e.signals.close()
		return errors.Join(fmt.Errorf("cannot start Loki: %w", err), lock.Unlock())
	}
	go e.release(instance, lock)

	if err := e.awaitReady(ctx, instance); err != nil {
		e.stopOnce.Do(func() { close(e.stopping) })
		return errors.Join(fmt.Errorf("cannot start Loki: %w", err), e.stop(context.WithoutCancel(ctx), instance))
	}
	e.instance = instance
	go e.watch(instance, host)

	httpAddr, grpcAddr := instance.Addresses()
	e.logger.Info("Loki is ready",
		zap.Stringer("http", httpAddr), zap.Stringer("grpc", grpcAddr),
		zap.String("directory", directory), zap.Duration("after", time.Since(began)))
	return nil
}

// awaitReady waits for Loki, unless the user has had enough.
func (e *embeddedLoki) awaitReady(ctx context.Context, instance *lokirun.Instance) error {
	ctx, cancel := context.WithTimeoutCause(ctx, e.cfg.ReadyTimeout, errors.New("set ready_timeout to a longer time"))
	defer cancel()
	ready := make(chan error, 1)
	go func() { ready <- instance.Ready(ctx) }()
	select {
	case err := <-ready:
		if err != nil && ctx.Err() != nil {
			return fmt.Errorf("%w: %w", err, context.Cause(ctx))
		}
		return err
	case s := <-e.signals.received:
		e.signals.seen.Store(true)
		cancel()
		<-ready //nolint:errcheck // the signal is the reason
		return fmt.Errorf("signal %q came while it started", s)
	}
}

// watch tells the collector when Loki is gone, or is to go, and the collector does
// not know.
func (e *embeddedLoki) watch(instance *lokirun.Instance, host component.Host) {
	fatal := func(err error) {
		componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
	}
	go e.signals.run(fatal)
	select {
	case <-instance.Done():
	case <-e.stopping:
		return
	}
	select {
	case <-e.stopping:
	default:
		fatal(errors.Join(errors.New("the embedded Loki stopped by itself; its last errors in this log tell why"), instance.Err()))
	}
}

// release gives back what Loki used, when it has really stopped.
func (e *embeddedLoki) release(instance *lokirun.Instance, lock *flock.Flock) {
	defer close(e.released)
	<-instance.Done()
	if signalled := e.signals.close(); !signalled {
		instance.ReleaseSignals()
	}
	if instance.LeftBehind() {
		// Nobody may use the directory before this process has ended.
		keepUntilExit(lock)
		return
	}
	if err := lock.Unlock(); err != nil {
		e.logger.Error("The lock of Loki's directory cannot be released", zap.Error(err))
	}
}

// Ready implements extensioncapabilities.PipelineWatcher.
func (*embeddedLoki) Ready() error { return nil }

// NotReady implements extensioncapabilities.PipelineWatcher. It is the first that
// the extension hears of a shutdown; Loki goes on until the pipelines have ended.
func (e *embeddedLoki) NotReady() error {
	if e.signals != nil {
		e.signals.end()
	}
	return nil
}

// Shutdown implements component.Component. It returns when Loki has stopped: its
// ports are free, its write-ahead log is closed, its directory can be used again.
// It returns an error if that takes longer than ctx or 30 s; Loki goes on stopping
// then, and loses nothing if the process ends.
func (e *embeddedLoki) Shutdown(ctx context.Context) error {
	e.stopOnce.Do(func() { close(e.stopping) })
	if e.instance == nil {
		return nil
	}
	began := time.Now()
	if err := e.stop(ctx, e.instance); err != nil {
		return err
	}
	e.logger.Info("Loki has stopped", zap.Duration("after", time.Since(began)))
	return nil
}

func (e *embeddedLoki) stop(ctx context.Context, instance *lokirun.Instance) error {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	if err := instance.Stop(ctx); err != nil {
		return err
	}
	<-e.released
	return nil
}
