// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension // import "github.com/integrationlog/integrationlog/collector-components/logpageextension"

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/metadata"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/sources"
)

var (
	_ extension.Extension                   = (*logPage)(nil)
	_ extensioncapabilities.Dependent       = (*logPage)(nil)
	_ extensioncapabilities.PipelineWatcher = (*logPage)(nil)
	_ componentstatus.Watcher               = (*logPage)(nil)
)

// shutdownPatience is how long an answer that is under way may take to end. Exports and
// live tails are told to; what does not listen is cut off.
const shutdownPatience = 5 * time.Second

// logPage is the extension.
type logPage struct {
	config    *Config
	set       extension.Settings
	telemetry *metadata.TelemetryBuilder
	sources   *sources.Sources

	loki   *http.Client
	server *http.Server
	// end tells every answer that is under way to end.
	end     context.CancelFunc
	serving sync.WaitGroup
}

func newExtension(set extension.Settings, config *Config) (*logPage, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &logPage{config: config, set: set, telemetry: telemetry, sources: sources.New(config.ProductsOff), end: func() {}}, nil
}

// Dependencies makes what authenticates, here and at Loki, start before this extension.
func (l *logPage) Dependencies() []component.ID {
	var needed []component.ID
	if auth := l.config.ServerConfig.Auth.Get(); auth != nil {
		needed = append(needed, auth.Config.AuthenticatorID)
	}
	if auth := l.config.Loki.Auth.Get(); auth != nil {
		needed = append(needed, auth.AuthenticatorID)
	}
	for _, middleware := range l.config.ServerConfig.Middlewares {
		needed = append(needed, middleware.ID)
	}
	for _, middleware := range l.config.Loki.Middlewares {
		needed = append(needed, middleware.ID)
	}
	return needed
}

// ComponentStatusChanged is for the panel of sources.
func (l *logPage) ComponentStatusChanged(source *componentstatus.InstanceID, event *componentstatus.Event) {
	l.sources.ComponentStatusChanged(source, event)
}

// Start opens the page. Whether Loki can be read shows when somebody looks.
func (l *logPage) Start(ctx context.Context, host component.Host) error {
	loki, err := l.config.Loki.ToClient(ctx, host.GetExtensions(), l.set.TelemetrySettings)
	if err != nil {
		return fmt.Errorf("loki: %w", err)
	}
	l.loki = loki
	// What is answered outlives Start, whose own context does not.
	base, end := context.WithCancel(context.WithoutCancel(ctx))
	l.end = end
	handler, err := l.routes(base.Done(), loki)
	if err != nil {
		return err
	}
	server, err := l.config.ServerConfig.ToServer(ctx, host.GetExtensions(), l.set.TelemetrySettings, handler, confighttp.WithErrorHandler(l.unauthorized))
	if err != nil {
		return err
	}
	server.Handler, err = l.guarded(server.Handler)
	if err != nil {
		return err
	}
	listener, err := l.config.ServerConfig.ToListener(ctx)
	if err != nil {
		return fmt.Errorf("endpoint %s cannot be opened: set endpoint to a free address, or stop what has it: %w", l.config.ServerConfig.NetAddr.Endpoint, err)
	}
	server.BaseContext = func(net.Listener) context.Context { return base }
	l.serve(host, server, listener)
	return nil
}

func (l *logPage) serve(host component.Host, server *http.Server, listener net.Listener) {
	l.server = server
	l.set.Logger.Info("Serving the log", zap.String("url", l.url(listener.Addr())))
	if l.sendsPasswordsInClear() {
		l.set.Logger.Warn("The page is served without TLS, so passwords cross the network in clear: set tls, or have a proxy with TLS in front")
	}
	l.serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			// The log is still written; only the page is gone.
			componentstatus.ReportStatus(host, componentstatus.NewPermanentErrorEvent(
				fmt.Errorf("endpoint %s: %w", l.config.ServerConfig.NetAddr.Endpoint, err)))
		}
	})
}

// url is where a browser finds the page.
func (l *logPage) url(address net.Addr) string {
	scheme := "http"
	if l.config.ServerConfig.TLS.HasValue() {
		scheme = "https"
	}
	host, _, _ := net.SplitHostPort(l.config.ServerConfig.NetAddr.Endpoint)
	if _, port, err := net.SplitHostPort(address.String()); err == nil && host != "" {
		return scheme + "://" + net.JoinHostPort(host, port) + "/"
	}
	return scheme + "://" + address.String() + "/"
}

func (l *logPage) sendsPasswordsInClear() bool {
	return !l.config.onLoopback() && l.config.ServerConfig.Auth.HasValue() && !l.config.ServerConfig.TLS.HasValue()
}

// Ready implements extensioncapabilities.PipelineWatcher.
func (*logPage) Ready() error { return nil }

// NotReady is the first that an extension hears of a shutdown. The page ends then: a Loki in
// this process, which may be shut down before this extension, would wait for its queries.
func (l *logPage) NotReady() error { return l.stop(context.Background()) }

// Shutdown closes the page, if that has not been done. It can be called without Start, and
// twice.
func (l *logPage) Shutdown(ctx context.Context) error {
	l.telemetry.Shutdown()
	return l.stop(ctx)
}

// stop ends what is under way and closes the page.
func (l *logPage) stop(ctx context.Context) error {
	l.end()
	if l.loki != nil {
		defer l.loki.CloseIdleConnections()
	}
	if l.server == nil {
		return nil
	}
	patience, cancel := context.WithTimeout(ctx, shutdownPatience)
	defer cancel()
	err := l.server.Shutdown(patience)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = nil // somebody reads no more
	}
	err = errors.Join(err, l.server.Close())
	l.serving.Wait()
	l.server = nil
	return err
}
