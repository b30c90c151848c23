// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/internal/pull"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/metadata"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/zendesklookup"
)

// confirmInterval is how often outcomes are looked for that are due; nothing is asked where
// none are.
const confirmInterval = 10 * time.Second

// The sources, as their status names them.
const (
	captureSource = "change_data_capture"
	filesSource   = "event_log_files"
	confirmSource = "confirmation"
)

type salesforceReceiver struct {
	settings receiver.Settings
	config   *Config
	next     consumer.Logs
	health   *health
	observe  *telemetry
	// loops are those of the sources that are on.
	captureLoop, filesLoop, confirmLoop *pull.Loop
	// now is for tests.
	now func() time.Time

	// These exist from Start to Shutdown.
	connection *connection
	zendesk    *apiclient.Client
	store      *checkpoint.Store
	capture    *capture
	files      *eventlogfile.Poller
	tracker    *confirmation.Tracker
}

var _ receiver.Logs = (*salesforceReceiver)(nil)

func newReceiver(settings receiver.Settings, config *Config, next consumer.Logs) (*salesforceReceiver, error) {
	metrics, err := metadata.NewTelemetryBuilder(settings.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	s := &salesforceReceiver{
		settings: settings, config: config, next: next, health: newHealth(), now: time.Now,
		observe: newTelemetry(metrics, settings.Logger, settings.ID.String()),
	}
	loop := func(on bool, transport string, interval time.Duration, poll func(context.Context) error) *pull.Loop {
		if !on || err != nil {
			return nil
		}
		var l *pull.Loop
		l, err = pull.New(pull.Settings{Receiver: settings, Transport: transport, Interval: interval, Poll: poll})
		return l
	}
	s.captureLoop = loop(config.ChangeDataCapture.Enabled, "grpc", superviseInterval, func(ctx context.Context) error { return s.capture.poll(ctx) })
	s.filesLoop = loop(config.EventLogFiles.Enabled, "http", config.EventLogFiles.PollInterval, s.pollFiles)
	s.confirmLoop = loop(config.confirms(), "http", confirmInterval, s.confirm)
	return s, err
}

// Start begins all sources that are on.
func (s *salesforceReceiver) Start(ctx context.Context, host component.Host) error {
	if err := s.prepare(ctx, host); err != nil {
		return errors.Join(err, s.Shutdown(ctx))
	}
	s.health.start(host)
	for _, source := range s.sources() {
		if err := source.loop.Start(ctx, s.health.of(host, source.name)); err != nil {
			return errors.Join(err, s.Shutdown(ctx))
		}
	}
	return nil
}

type source struct {
	name string
	loop *pull.Loop
}

func (s *salesforceReceiver) sources() []source {
	var on []source
	for _, one := range []source{{captureSource, s.captureLoop}, {filesSource, s.filesLoop}, {confirmSource, s.confirmLoop}} {
		if one.loop != nil {
			on = append(on, one)
		}
	}
	return on
}

// prepare does what may fail. Nothing is sent yet: a vendor that does not answer must not
// keep the collector from starting.
func (s *salesforceReceiver) prepare(ctx context.Context, host component.Host) error {
	var err error
	if s.connection, err = connect(ctx, s.config, userAgentOf(s.settings.BuildInfo)); err != nil {
		return err
	}
	if s.store, err = checkpoint.Open(ctx, host, s.config.Storage, s.settings); err != nil {
		return err
	}
	if err := s.prepareConfirmation(ctx); err != nil {
		return err
	}
	if s.config.ChangeDataCapture.Enabled {
		s.prepareCapture()
	}
	if !s.config.EventLogFiles.Enabled {
		return nil
	}
	users, err := eventlogfile.ParseUsers(s.config.users())
	if err != nil {
		return err
	}
	s.files, err = eventlogfile.New(eventlogfile.Settings{
		API: s.connection.api, Version: s.config.APIVersion, Account: s.connection.tokens.account, Users: users, Store: s.store,
		Deliver: s.deliverBy(s.filesLoop), Observe: s.observe, Lookback: s.config.EventLogFiles.Lookback, Now: s.now,
	})
	return err
}

func (s *salesforceReceiver) prepareCapture() {
	s.capture = &capture{
		config: s.config, tokens: s.connection.tokens, store: s.store, deliver: s.deliverBy(s.captureLoop), tracker: s.tracker,
		health: s.health, observe: s.observe, logger: s.settings.Logger, streams: map[string]streamState{}, failing: map[string]bool{},
		newClient: func(organization string) (*pubsub.Client, error) {
			return newPubSub(s.config, s.connection, organization, userAgentOf(s.settings.BuildInfo))
		},
	}
}

func (s *salesforceReceiver) prepareConfirmation(ctx context.Context) error {
	if !s.config.confirms() {
		return nil
	}
	var err error
	if s.zendesk, err = connectZendesk(ctx, s.config, userAgentOf(s.settings.BuildInfo)); err != nil {
		return err
	}
	if err := confirmation.Begin(ctx, s.store, s.readAgain); err != nil {
		return err
	}
	s.tracker, err = confirmation.New(confirmation.Settings{
		Zendesk: explained{zendesklookup.New(s.zendesk, nil)}, Account: s.connection.tokens.account, Store: s.store,
		Deliver: s.deliverBy(s.confirmLoop), Timeout: s.config.Confirmation.Timeout, Now: s.now,
	})
	return err
}

// readAgain forgets how far the topics were read. What Salesforce still has comes again then.
func (s *salesforceReceiver) readAgain(ctx context.Context) error {
	for _, topic := range s.config.ChangeDataCapture.Topics {
		if err := s.store.Delete(ctx, stream.PositionKey(topic)); err != nil {
			return err
		}
	}
	return nil
}

// deliverBy returns what hands activities to the pipeline, and waits until it took them.
func (s *salesforceReceiver) deliverBy(loop *pull.Loop) func(context.Context, []activity.Activity) error {
	scope := activity.Scope{Name: metadata.ScopeName, Version: s.settings.BuildInfo.Version}
	return func(ctx context.Context, activities []activity.Activity) error {
		return loop.Deliver(ctx, s.next, activity.NewLogs(scope, activities...))
	}
}

func (s *salesforceReceiver) pollFiles(ctx context.Context) error {
	err := s.files.Poll(ctx)
	if at := s.files.ReadUpTo(); !at.IsZero() {
		s.filesLoop.SetCheckpoint(at)
	}
	return explain(err)
}

func (s *salesforceReceiver) confirm(ctx context.Context) error {
	err := s.tracker.Poll(ctx)
	s.observe.pending(ctx, s.tracker.Pending(), 0)
	return err
}

// Shutdown ends all sources. What was delivered is in the checkpoints already.
func (s *salesforceReceiver) Shutdown(ctx context.Context) error {
	s.health.stop()
	var errs []error
	for _, source := range s.sources() {
		errs = append(errs, source.loop.Shutdown(ctx))
	}
	if s.capture != nil {
		errs = append(errs, s.capture.close())
		s.capture = nil
	}
	s.connection.close()
	if s.zendesk != nil {
		s.zendesk.Close()
		s.zendesk = nil
	}
	if s.store != nil {
		errs = append(errs, s.store.Close(ctx))
		s.store = nil
	}
	return errors.Join(errs...)
}
