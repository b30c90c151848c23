// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/receiver"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	simulator "github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/recent"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/schema"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/translate"
)

const (
	patience = 20 * time.Second
	tick     = 2 * time.Millisecond
)

var (
	organization = recordid.New(recordid.Organization, 1)
	integration  = recordid.New(recordid.User, 7)
)

// wire is a server, a client of it, and a pipeline: all that a stream is between.
type wire struct {
	testing.TB

	server *simulator.Server
	client *pubsub.Client
	store  *checkpoint.Store
	rules  *cdcrecord.Rules
	cache  *schema.Cache
	recent *recent.Set

	mu sync.Mutex
	// token is the one that is valid.
	token    int
	taken    []activity.Activity
	statuses map[string]Status
	refuses  bool
}

func newWire(tb testing.TB, settings simulator.Settings) *wire {
	tb.Helper()
	w := &wire{TB: tb, statuses: map[string]Status{}}
	// The real ones last a minute, which the end of a test may have to wait for.
	settings.Keepalive, settings.CreditTimeout = cmp.Or(settings.Keepalive, time.Second), cmp.Or(settings.CreditTimeout, time.Second)
	settings.Authorize = func(token, _, tenant string) bool { return token == w.current() && tenant == organization }
	var err error
	w.server, err = simulator.Start(settings)
	require.NoError(tb, err)
	tb.Cleanup(w.server.Close)
	w.client, err = pubsub.NewClient(pubsub.Settings{Endpoint: w.server.Address, Insecure: true, Tokens: &source{wire: w}, OrganizationID: organization})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, w.client.Close()) })
	w.store, err = checkpoint.Open(tb.Context(), nil, nil, receiver.Settings{})
	require.NoError(tb, err)
	w.rules, err = cdcrecord.New(cdcrecord.Settings{
		Account: organization, IntegrationUsers: []string{recordid.Short(integration)}, ChangeOrigins: []string{"com/salesforce/api/rest/*"},
		MappedFields:       map[string][]string{"Account": {"Name", "BillingCity"}},
		OutcomeStatusField: cdcrecord.DefaultOutcomeStatusField, OutcomeMessageField: cdcrecord.DefaultOutcomeMessageField,
	})
	require.NoError(tb, err)
	w.recent, err = recent.New(recent.DefaultSize)
	require.NoError(tb, err)
	w.cache, err = schema.NewCache(schema.DefaultSize, w.client.Schema)
	require.NoError(tb, err)
	return w
}

// source asks for a token when the last one was refused.
type source struct {
	wire *wire

	mu    sync.Mutex
	token string
}

func (s *source) Token(context.Context) (oauth.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token == "" {
		s.token = s.wire.current()
	}
	return oauth.NewBearer(configopaque.String(s.token), time.Time{}, map[string]string{"instance_url": "https://acme.my.salesforce.com"}), nil
}

func (s *source) Invalidate(token oauth.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token.Bearer() == s.token {
		s.token = ""
	}
}

func (w *wire) current() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return "token-" + strconv.Itoa(w.token)
}

// endSession makes the token invalid that is in use.
func (w *wire) endSession() {
	w.mu.Lock()
	w.token++
	w.mu.Unlock()
	w.server.KillStreams(simulator.Unauthenticated)
}

func (w *wire) settings(topic string) Settings {
	translator := &translate.Translator{Topic: topic, Schemas: w.cache, Rules: w.rules, Logger: zap.NewNop()}
	return Settings{
		Topic: topic, API: Of(w.client), Positions: w.store, Translate: translator.Event, Lost: w.rules.ReplayLost, Logger: zap.NewNop(),
		Deliver: func(_ context.Context, activities []activity.Activity) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.refuses && rand.IntN(3) == 0 {
				return errors.New("the queue is full")
			}
			w.taken = append(w.taken, activities...)
			return nil
		},
		Report: func(s Status) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.statuses[s.Topic] = s
		},
	}
}

// run runs streams until the function is called that it returns.
func (w *wire) run(settings ...Settings) (stop func()) {
	w.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, one := range settings {
		running.Go(func() {
			if err := newStream(one, tick).Run(ctx); err != nil {
				w.Error(err)
			}
		})
	}
	stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
	})
	w.Cleanup(stop)
	return stop
}

// publish puts a change on the bus, which has a transaction of its own.
func (w *wire) publish(entity string, transaction int, change changeevent.Change) {
	w.Helper()
	if change.Type == "" {
		change.Type = changeevent.Create
	}
	if len(change.RecordIDs) == 0 && change.Type != changeevent.GapOverflow {
		prefix := map[string]string{"Account": recordid.Account, "Case": recordid.Case, "Contact": recordid.Contact, "Lead": recordid.Lead}[entity]
		change.RecordIDs = []string{recordid.New(prefix, transaction+1)}
	}
	if change.ChangeOrigin == "" {
		change.ChangeOrigin = changeevent.Origin("rest", "67.0", "")
	}
	if change.CommitUser == "" {
		change.CommitUser = integration
	}
	change.CommitTime, change.TransactionKey, change.SequenceNumber = time.Now(), "tx-"+strconv.Itoa(transaction), 1
	_, err := w.server.Publish(entity, change)
	require.NoError(w, err)
}

func (w *wire) all() []activity.Activity {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]activity.Activity(nil), w.taken...)
}

func (w *wire) eventually(n int) []activity.Activity {
	w.Helper()
	require.Eventually(w, func() bool { return len(w.all()) >= n }, patience, tick)
	return w.all()
}

func (w *wire) status(topic string) Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.statuses[topic]
}

func ids(activities []activity.Activity) map[string]int {
	counted := map[string]int{}
	for i := range activities {
		counted[activities[i].ID]++
	}
	return counted
}

func descriptions(activities []activity.Activity) (all []string) {
	for i := range activities {
		all = append(all, activities[i].Description)
	}
	return all
}
