// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/storageclient"
	"github.com/integrationlog/integrationlog/internal/webhook/internal/seen"
)

type webhookReceiver struct {
	settings receiver.Settings
	config   *Config
	route    *route
	seen     *seen.Set
	handover *handover
	metrics  *metrics
	health   *health

	// store is nil without a storage extension.
	store *seen.Store
	saver *saver
}

var _ receiver.Logs = (*webhookReceiver)(nil)

// NewReceiver returns a receiver that serves the source's webhooks as config says
// and gives the activities to next. scope is the receiver's import path.
func NewReceiver(settings receiver.Settings, config *Config, scope string, source Source, next consumer.Logs) (receiver.Logs, error) {
	obsreport, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID: settings.ID, Transport: "http", ReceiverCreateSettings: settings,
	})
	if err != nil {
		return nil, err
	}
	m, err := newMetrics(settings.TelemetrySettings, settings.ID)
	if err != nil {
		return nil, err
	}
	set, err := seen.New(config.Deduplication.MaxActivities, config.Deduplication.TTL)
	if err != nil {
		return nil, err
	}
	w := &webhookReceiver{settings: settings, config: config, seen: set, metrics: m}
	w.handover = &handover{
		next:     next,
		scope:    activity.Scope{Name: scope, Version: settings.BuildInfo.Version},
		timeout:  config.Timeout,
		onShared: m.shared,
	}
	guard := newDiskGuard(config.MinFreeDisk)
	w.health = &health{stillFailing: func() error { return guard.check(time.Now()) }}
	w.route = &route{
		id: settings.ID, config: config, telemetry: settings.TelemetrySettings, source: source,
		obsreport: obsreport, metrics: m, health: w.health,
		// twice, because what is reserved doubles
		bodies: semaphore.NewWeighted(max(bodiesAtOnce, 2*config.ServerConfig.MaxRequestBodySize)),
		intake: &intake{
			logger: settings.Logger, seen: set, handover: w.handover, disk: guard, metrics: m, health: w.health,
			malformed: rate.Sometimes{First: 1, Interval: logInterval},
			refused:   rate.Sometimes{First: 1, Interval: logInterval},
		},
	}
	listeners.announce(w.route)
	return w, nil
}

// Start loads what was accepted before, and only then lets anybody in.
func (w *webhookReceiver) Start(ctx context.Context, host component.Host) error {
	w.health.start(host)
	if err := w.openStore(ctx, host); err != nil {
		return err
	}
	if err := listeners.run(ctx, w.route, host); err != nil {
		return err
	}
	w.settings.Logger.Info("Listening for webhooks",
		zap.String("endpoint", w.config.ServerConfig.NetAddr.Endpoint), zap.String("path", w.config.Path))
	return nil
}

func (w *webhookReceiver) openStore(ctx context.Context, host component.Host) error {
	id := w.config.Deduplication.Storage
	if id == nil {
		return nil
	}
	client, err := storageclient.Open(ctx, host, *id, w.settings, "deduplication")
	if err != nil {
		return fmt.Errorf("deduplication::%w", err)
	}
	store := seen.NewStore(w.seen, client)
	if err := store.Load(ctx, time.Now()); err != nil {
		return errors.Join(fmt.Errorf("deduplication::storage: %w", err), store.Close(ctx))
	}
	w.store = store
	w.saver = startSaver(ctx, store, w.settings.Logger)
	w.route.intake.flush = w.saver.flush
	return nil
}

// Shutdown refuses new requests, finishes those in flight, and writes down what
// was accepted.
func (w *webhookReceiver) Shutdown(ctx context.Context) error {
	err := errors.Join(listeners.stop(ctx, w.route), w.handover.wait(ctx))
	w.health.stop()
	if w.store == nil {
		return err
	}
	w.saver.stop()
	err = errors.Join(err, w.store.Save(ctx, time.Now()), w.store.Close(ctx))
	w.store = nil
	return err
}
