// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/recent"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/translate"
)

const (
	// DefaultSilence is after how long without any answer a stream counts as dead. Salesforce
	// promises one within 270 s.
	DefaultSilence = 300 * time.Second
	// DefaultNothingAfter is after how long without an event, ever, a topic is suspected to
	// be one of which the user may see nothing.
	DefaultNothingAfter = 24 * time.Hour
)

// API is what a stream needs of the Pub/Sub API. Errors are of the type [pubsub.Error].
type API interface {
	// CheckTopic tells whether a topic can be subscribed.
	CheckTopic(ctx context.Context, topic string) error
	// Subscribe opens a stream, which ends with the context.
	Subscribe(ctx context.Context) (Subscription, error)
}

// Subscription is one stream.
type Subscription interface {
	Send(request *pubsubapi.FetchRequest) error
	Receive() (*pubsubapi.FetchResponse, error)
}

// Of makes an API of a client.
func Of(client *pubsub.Client) API { return api{client} }

type api struct{ *pubsub.Client }

// Subscribe returns the client's subscription as an interface.
func (a api) Subscribe(ctx context.Context) (Subscription, error) {
	subscription, err := a.Client.Subscribe(ctx)
	if err != nil {
		return nil, err
	}
	return subscription, nil
}

// Positions keeps how far streams have come.
type Positions interface {
	// Load reads a document and tells whether there is one.
	Load(ctx context.Context, key string, into any) (bool, error)
	// Save writes a document.
	Save(ctx context.Context, key string, document any) error
}

// Settings tell what a stream does.
type Settings struct {
	// Topic is the name: /data/AccountChangeEvent, or a channel's.
	Topic string
	API   API
	// Positions hold the stream's position under PositionKey(Topic).
	Positions Positions
	// Latest begins the very first subscription with what happens from then on, and not
	// with what Salesforce still has of the last 72 hours.
	Latest bool
	// Translate makes activities of an event. An error is tried again.
	Translate func(ctx context.Context, event *pubsubapi.ConsumerEvent, received time.Time) (translate.Result, error)
	// Lost makes the activity that says what may be missing.
	Lost func(gap cdcrecord.Gap) activity.Activity
	// Recent leaves out what was handed over already; it may be nil. The streams of a
	// receiver share one.
	Recent *recent.Set
	// Deliver hands activities over to the pipeline. The stream moves on after nil, and
	// tries again after an error.
	Deliver func(ctx context.Context, activities []activity.Activity) error
	// Report is told how the subscription is, at each failure and when it works; it may be
	// nil.
	Report func(Status)
	Logger *zap.Logger
	// Silence is 0 for [DefaultSilence].
	Silence time.Duration
	// NothingAfter is 0 for [DefaultNothingAfter]; below zero nothing is suspected.
	NothingAfter time.Duration
}

// Status is how a subscription is.
type Status struct {
	Topic string
	// Err is nil while events can come.
	Err error
	// Notice is what an operator should look at although nothing fails.
	Notice string
}

func (s *Settings) setDefaults() {
	if s.Silence == 0 {
		s.Silence = DefaultSilence
	}
	if s.NothingAfter == 0 {
		s.NothingAfter = DefaultNothingAfter
	}
	if s.Report == nil {
		s.Report = func(Status) { /* nobody wants to know */ }
	}
}
