// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitymetricsexporter // import "github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter"

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/exporter"
	"go.uber.org/zap"
)

const (
	path = "/metrics"
	// maxScrapes bounds the scrapes at a time; one more is answered with 503.
	maxScrapes = 10
)

// server answers scrapes.
type server struct {
	config    *confighttp.ServerConfig
	set       exporter.Settings
	handler   http.Handler
	endpoints *endpoints

	http    *http.Server
	serving sync.WaitGroup
}

func newServer(set exporter.Settings, config *confighttp.ServerConfig, registry *prometheus.Registry, endpoints *endpoints) *server {
	mux := http.NewServeMux()
	mux.Handle("GET "+path, promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorLog:            zap.NewStdLog(set.Logger),
		ErrorHandling:       promhttp.ContinueOnError,
		MaxRequestsInFlight: maxScrapes,
		EnableOpenMetrics:   true,
	}))
	return &server{config: config, set: set, handler: mux, endpoints: endpoints}
}

func (s *server) start(ctx context.Context, host component.Host) error {
	endpoint := s.config.NetAddr.Endpoint
	listener, err := s.config.ToListener(ctx)
	if err != nil {
		return s.endpoints.explain(endpoint, err)
	}
	s.http, err = s.config.ToServer(ctx, host.GetExtensions(), s.set.TelemetrySettings, s.handler)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	s.endpoints.take(endpoint, s.set.ID)
	s.set.Logger.Info("Serving the metrics of activities", zap.String("address", listener.Addr().String()), zap.String("path", path))
	s.serving.Go(func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(fmt.Errorf("endpoint %s: %w", endpoint, err)))
		}
	})
	return nil
}

// shutdown ends scrapes in order. It can be called without start, and twice.
func (s *server) shutdown(ctx context.Context) error {
	if s.http == nil {
		return nil
	}
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, s.http.Close())
	}
	s.serving.Wait()
	s.endpoints.release(s.config.NetAddr.Endpoint)
	s.http = nil
	return err
}
