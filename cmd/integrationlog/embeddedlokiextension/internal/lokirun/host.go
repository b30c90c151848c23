// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"context"
	"net"
	"net/http"
	"sync"

	"github.com/grafana/dskit/modules"
	"github.com/grafana/dskit/services"
	"github.com/grafana/loki/v3/pkg/loki"
)

const hostModule = "integrationlog-host"

// host is a module inside Loki that speaks for the process around it: it tells
// when Loki's services start, and it makes Loki stop.
//
// Loki.Run has no other way to be stopped but its handler of signals, and that
// one is deaf after the first signal. A module that ends with ErrStopProcess is
// dskit's own way to stop all others in the order of their dependencies.
type host struct {
	stopOnce sync.Once
	stopping chan struct{}

	begunOnce sync.Once
	begun     chan struct{}

	// Set before begun is closed, and read after.
	router     http.Handler
	http, grpc net.Addr
}

func newHost() *host {
	return &host{stopping: make(chan struct{}), begun: make(chan struct{})}
}

func (h *host) stop() {
	h.stopOnce.Do(func() { close(h.stopping) })
}

// addTo makes the host a module of Loki.
func (h *host) addTo(l *loki.Loki) error {
	l.ModuleManager.RegisterModule(hostModule, func() (services.Service, error) {
		h.router = l.Server.HTTP
		h.http, h.grpc = l.Server.HTTPListenAddr(), l.Server.GRPCListenAddr()
		// Loki's handler would change the level of a logger that is not in use
		// here, and panic. The first handler of a path wins.
		l.Server.HTTP.Path("/log_level").Handler(http.HandlerFunc(refuseLogLevel))
		return services.NewBasicService(h.start, h.run, nil), nil
	}, modules.UserInvisibleTargetableModule)
	if err := l.ModuleManager.AddDependency(hostModule, loki.Server); err != nil {
		return err
	}
	// This one connects to Loki's own gRPC port when it is set up. If that is before
	// the port is open, every query logs an error until it tries again.
	if err := l.ModuleManager.AddDependency(loki.CacheGenerationLoader, loki.Server); err != nil {
		return err
	}
	l.Cfg.Target = append(l.Cfg.Target, hostModule)
	return nil
}

func (h *host) start(context.Context) error {
	h.begunOnce.Do(func() { close(h.begun) })
	return nil
}

func (h *host) run(ctx context.Context) error {
	select {
	case <-h.stopping:
		return modules.ErrStopProcess
	case <-ctx.Done():
		return nil
	}
}

func refuseLogLevel(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "this Loki logs through the collector: set server.log_level in its file, or the collector's service.telemetry.logs.level", http.StatusNotImplemented)
}
