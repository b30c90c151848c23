// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver"

import (
	"context"
	"errors"
	"net/http"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/baseurl"
	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/internal/pull"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/metadata"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/poll"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

type webhooksReceiver struct {
	settings receiver.Settings
	config   *Config
	next     consumer.Logs
	loop     *pull.Loop
	metrics  *metadata.TelemetryBuilder
	// now and transport are for tests; a nil transport is made from the configuration.
	now       func() time.Time
	transport http.RoundTripper

	// These exist from Start to Shutdown.
	poller *poll.Poller
	api    *apiclient.Client
	store  *checkpoint.Store
}

var _ receiver.Logs = (*webhooksReceiver)(nil)

func newReceiver(settings receiver.Settings, config *Config, next consumer.Logs) (*webhooksReceiver, error) {
	w := &webhooksReceiver{settings: settings, config: config, next: next, now: time.Now}
	var err error
	if w.metrics, err = metadata.NewTelemetryBuilder(settings.TelemetrySettings); err != nil {
		return nil, err
	}
	w.loop, err = pull.New(pull.Settings{
		Receiver: settings, Transport: "http", Interval: config.PollInterval,
		Poll: func(ctx context.Context) error { return w.poller.Poll(ctx) },
	})
	return w, err
}

// Start reads how far an earlier process came, and begins to poll.
func (w *webhooksReceiver) Start(ctx context.Context, host component.Host) error {
	if err := w.prepare(ctx, host); err != nil {
		return errors.Join(err, w.Shutdown(ctx))
	}
	if !w.config.usesClient() {
		w.settings.Logger.Warn(legacyWarning)
	}
	return w.loop.Start(ctx, host)
}

// prepare does what may fail. Nothing is sent yet: a vendor that does not answer must not
// keep the collector from starting.
func (w *webhooksReceiver) prepare(ctx context.Context, host component.Host) error {
	base, err := baseurl.Parse("endpoint", w.config.Endpoint)
	if err != nil {
		return err
	}
	w.api, _, err = connect(ctx, w.config, base, w.transport, userAgentOf(w.settings.BuildInfo))
	if err != nil {
		return err
	}
	w.store, err = checkpoint.Open(ctx, host, w.config.Storage, w.settings)
	if err != nil {
		return err
	}
	w.poller = poll.New(poll.Settings{
		API:             zendesk.New(w.api),
		Store:           w.store,
		Scope:           activity.Scope{Name: metadata.ScopeName, Version: w.settings.BuildInfo.Version},
		Account:         accountOf(base),
		InitialLookback: w.config.InitialLookback,
		Overlap:         w.config.Overlap,
		Attempts:        w.config.Attempts.Enabled,
		IncludePayload:  w.config.IncludePayload,
		Deliver:         func(ctx context.Context, logs plog.Logs) error { return w.loop.Deliver(ctx, w.next, logs) },
		Observe:         w.observe,
		Logger:          w.settings.Logger,
		Now:             w.now,
	})
	return w.poller.Load(ctx)
}

// observe reports how a poll went.
func (w *webhooksReceiver) observe(result poll.Result) {
	ctx := context.Background()
	receiver := metric.WithAttributeSet(attribute.NewSet(attribute.String("receiver", w.settings.ID.String())))
	w.metrics.WebhooksSetAside.Record(ctx, int64(result.Aside), receiver)
	w.metrics.WebhooksUnreadableItems.Record(ctx, int64(result.Unreadable), receiver)
	w.metrics.WebhooksLostItems.Add(ctx, int64(result.Lost), receiver)
	if result.Complete {
		w.loop.SetCheckpoint(result.Started)
	}
}

// Shutdown ends polling. What was delivered is in the checkpoint already.
func (w *webhooksReceiver) Shutdown(ctx context.Context) error {
	err := w.loop.Shutdown(ctx)
	if w.api != nil {
		w.api.Close()
		w.api = nil
	}
	if w.store != nil {
		err = errors.Join(err, w.store.Close(ctx))
		w.store = nil
	}
	return err
}
