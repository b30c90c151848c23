// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/deadletter"
	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/doubt"
	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/metadata"
)

var (
	_ extension.Extension             = (*lokiDelivery)(nil)
	_ extensionmiddleware.HTTPClient  = (*lokiDelivery)(nil)
	_ extensioncapabilities.Dependent = (*lokiDelivery)(nil)
)

// clockSkew is how far a source's clock may be ahead of ours. What happened later than
// that after the first push cannot have come to an earlier process.
const clockSkew = time.Minute

// backlogger is what a queue_storage extension tells.
type backlogger interface {
	// Backlog tells whether records that an earlier process accepted are on their way.
	Backlog() bool
}

// lokiDelivery is the extension. Exporters that name it share its state.
type lokiDelivery struct {
	config    *Config
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	health    *health

	// queue is nil where no queue_storage is named.
	queue backlogger
	// newAfter returns the time after which a record can only be new to Loki. It is that of
	// the first push: a process may stand by for long, while another has the queue's storage.
	newAfter    func() time.Time
	deadLetters *deadletter.Writer
	doubts      *doubt.Set
	refusal     refusal
	buried      buried
	// turn is held while a push in doubt is looked up and sent, so that two copies of a
	// record cannot both be found missing.
	turn chan struct{}
}

func newExtension(set extension.Settings, config *Config) (*lokiDelivery, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &lokiDelivery{
		config:    config,
		logger:    set.Logger,
		telemetry: telemetry,
		health:    newHealth(set.Logger),
		doubts:    doubt.NewSet(),
		turn:      make(chan struct{}, 1),
	}, nil
}

// Dependencies makes the queue's storage start before this extension.
func (l *lokiDelivery) Dependencies() []component.ID {
	if l.config.QueueStorage == nil {
		return nil
	}
	return []component.ID{*l.config.QueueStorage}
}

// Start finds the queue's storage and makes sure that dead letters can be written.
func (l *lokiDelivery) Start(ctx context.Context, host component.Host) error {
	if l.config.QueueStorage != nil {
		queue, ok := host.GetExtensions()[*l.config.QueueStorage].(backlogger)
		if !ok {
			return fmt.Errorf("queue_storage: %q is no queue_storage extension of this collector: "+
				"add it to `extensions` and to `service::extensions`", l.config.QueueStorage)
		}
		l.queue = queue
	}
	deadLetters, err := deadletter.New(deadletter.Settings{
		Directory:    l.config.DeadLetter.Directory,
		MaxBytes:     l.config.DeadLetter.MaxSizeMiB << 20,
		MaxFiles:     l.config.DeadLetter.MaxFiles,
		DeleteOldest: l.config.DeadLetter.DeleteOldest,
	})
	if err != nil {
		return fmt.Errorf("dead_letter::directory %q cannot be written to: %w", l.config.DeadLetter.Directory, err)
	}
	l.deadLetters = deadLetters
	l.newAfter = sync.OnceValue(func() time.Time { return time.Now().Add(clockSkew) })
	l.health.start(host)
	// An alert on a counter needs the 0 that comes before the first 1.
	l.telemetry.LokiDeliveryDeadLetterErrors.Add(ctx, 0)
	l.telemetry.LokiDeliveryDeadLetterRecords.Add(ctx, 0)
	l.telemetry.LokiDeliveryRepeatedRecords.Add(ctx, 0)
	l.telemetry.LokiDeliveryUnverifiedRecords.Add(ctx, 0)
	return nil
}

// Shutdown closes the dead-letter file. Exporters have stopped before that.
func (l *lokiDelivery) Shutdown(context.Context) error {
	l.telemetry.Shutdown()
	if l.deadLetters == nil {
		return nil
	}
	return l.deadLetters.Close()
}

// GetHTTPRoundTripper wraps the transport of an exporter's client. Compression, headers
// and credentials have been applied by the time a request comes here.
func (l *lokiDelivery) GetHTTPRoundTripper(context.Context) (extensionmiddleware.WrapHTTPRoundTripperFunc, error) {
	return func(_ context.Context, next http.RoundTripper) (http.RoundTripper, error) {
		return &transport{lokiDelivery: l, next: next}, nil
	}, nil
}

// hasBacklog tells whether anything that is sent now may be of an earlier process.
func (l *lokiDelivery) hasBacklog() bool {
	return l.queue != nil && l.queue.Backlog()
}
