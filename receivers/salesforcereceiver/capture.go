// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/internal/pull"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/recent"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/schema"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/translate"
)

// superviseInterval is how often is looked after the streams. They come back from whatever
// Salesforce does by themselves; only a position that could not be read ends one.
const superviseInterval = time.Minute

// capture reads the change events: one stream for each topic.
type capture struct {
	config    *Config
	tokens    *tokens
	newClient func(organization string) (*pubsub.Client, error)
	store     *checkpoint.Store
	// deliver hands activities to the pipeline.
	deliver func(ctx context.Context, activities []activity.Activity) error
	// tracker is nil where nothing is confirmed.
	tracker *confirmation.Tracker
	health  *health
	observe *telemetry
	logger  *zap.Logger

	// These are made when the organization is known.
	client  *pubsub.Client
	rules   *cdcrecord.Rules
	schemas *schema.Cache
	recent  *recent.Set

	running sync.WaitGroup
	mu      sync.Mutex
	streams map[string]streamState
	failing map[string]bool
}

// streamState is what became of a topic's stream.
type streamState int

const (
	streamEnded streamState = iota
	streamRuns
	// streamBroken streams have a position that cannot be understood; only somebody who
	// does something about it can help.
	streamBroken
)

var errPanicked = errors.New("the stream panicked")

// poll begins the streams that do not run. They end with the context.
func (c *capture) poll(ctx context.Context) error {
	if c.rules == nil {
		if err := c.prepare(ctx); err != nil {
			return err
		}
	}
	broken := 0
	for _, topic := range c.config.ChangeDataCapture.Topics {
		switch c.state(topic) {
		case streamEnded:
			c.begin(ctx, topic)
		case streamBroken:
			broken++
		case streamRuns:
		}
	}
	if broken == len(c.config.ChangeDataCapture.Topics) {
		return pull.Permanent(fmt.Errorf("no topic can be read: %w", checkpoint.ErrUnknown))
	}
	return nil
}

// prepare finds out whose events they are, which all ids contain.
func (c *capture) prepare(ctx context.Context) error {
	organization, err := c.tokens.account(ctx)
	if err != nil {
		return err
	}
	settings := c.config.ChangeDataCapture
	rules, err := cdcrecord.New(cdcrecord.Settings{
		Account: organization, IntegrationUsers: c.config.users(), ChangeOrigins: settings.CaseOrigins, MappedFields: settings.mapped(),
		OutcomeStatusField: settings.OutcomeFields.Status, OutcomeMessageField: settings.OutcomeFields.Message, TicketField: settings.TicketField,
	})
	if err != nil {
		return pull.Permanent(err)
	}
	if c.client, err = c.newClient(organization); err != nil {
		return err
	}
	if c.schemas, err = schema.NewCache(schema.DefaultSize, c.client.Schema); err != nil {
		return err
	}
	if c.recent, err = recent.New(recent.DefaultSize); err != nil {
		return err
	}
	c.rules = rules
	return nil
}

func (c *capture) state(topic string) streamState {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.streams[topic]
}

func (c *capture) begin(ctx context.Context, topic string) {
	c.mu.Lock()
	c.streams[topic] = streamRuns
	c.mu.Unlock()
	c.running.Go(func() {
		err := c.run(ctx, topic)
		c.mu.Lock()
		defer c.mu.Unlock()
		if errors.Is(err, checkpoint.ErrUnknown) || errors.Is(err, checkpoint.ErrNewer) {
			c.streams[topic] = streamBroken
			return
		}
		c.streams[topic] = streamEnded
	})
}

// run reads a topic until the context ends. A defect costs a minute and not the collector.
func (c *capture) run(ctx context.Context, topic string) (err error) {
	defer func() { //nolint:contextcheck // how topics are is told without one
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: %v", errPanicked, cause)
			c.logger.Error("A stream ended because of a fault of this program, and is begun anew", zap.String("topic", topic),
				zap.Any("cause", cause), zap.ByteString("stack", debug.Stack()))
			c.report(stream.Status{Topic: topic, Err: err})
		}
	}()
	translator := &translate.Translator{Topic: topic, Schemas: c.schemas, Rules: c.rules, Logger: c.logger, Skipped: c.observe.skipped}
	return stream.New(stream.Settings{
		Topic: topic, API: stream.Of(c.client), Positions: c.store, Latest: c.config.ChangeDataCapture.Start == startLatest,
		Translate: translator.Event, Lost: c.rules.ReplayLost, Recent: c.recent, Deliver: c.handOver, Report: c.report, Logger: c.logger,
	}).Run(ctx)
}

// handOver remembers changes whose outcome is to be found out, and then gives them to the
// pipeline. The position in the topic moves after that: whatever ends in between comes
// again, and is known.
func (c *capture) handOver(ctx context.Context, activities []activity.Activity) error {
	if c.tracker != nil {
		dropped, err := c.tracker.Add(ctx, c.changesOf(activities))
		if err != nil {
			return err
		}
		c.observe.pending(ctx, c.tracker.Pending(), dropped)
	}
	return c.deliver(ctx, activities)
}

// changesOf returns the changes whose outcome shows at Zendesk. Of an update that is only
// so where it is known which fields are synchronised, and that one of them changed.
func (c *capture) changesOf(activities []activity.Activity) []confirmation.Change {
	var changes []confirmation.Change
	for i := range activities {
		a := &activities[i]
		if a.Evidence != activity.SourceChange || a.ObjectID == "" {
			continue
		}
		entity := attributeOf(a, "salesforce.entity")
		switch attributeOf(a, "salesforce.change.type") {
		case "CREATE", "UNDELETE":
		case "UPDATE":
			if !c.mapped(entity) {
				continue
			}
		default:
			continue
		}
		changes = append(changes, confirmation.Change{Entity: entity, RecordID: a.ObjectID, At: a.Time})
	}
	return changes
}

func attributeOf(a *activity.Activity, key string) string {
	i := slices.IndexFunc(a.Attributes, func(kv attribute.KeyValue) bool { return string(kv.Key) == key })
	if i < 0 {
		return ""
	}
	return a.Attributes[i].Value.AsString()
}

// mapped tells whether it is known which fields of an object are synchronised.
func (c *capture) mapped(entity string) bool {
	for name := range c.config.ChangeDataCapture.mapped() {
		if strings.EqualFold(name, entity) {
			return true
		}
	}
	return false
}

// report takes how a topic is.
func (c *capture) report(status stream.Status) {
	c.mu.Lock()
	c.failing[status.Topic] = status.Err != nil
	failing := 0
	for _, fails := range c.failing {
		if fails {
			failing++
		}
	}
	c.mu.Unlock()
	c.observe.failingTopics(failing)
	c.health.report(status.Topic, status.Err)
}

// close waits for the streams, whose context has ended.
func (c *capture) close() error {
	c.running.Wait()
	if c.client == nil {
		return nil
	}
	return c.client.Close()
}
