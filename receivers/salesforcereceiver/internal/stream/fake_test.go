// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/translate"
)

const topic = "/data/AccountChangeEvent"

// fixture is a stream, and a Pub/Sub API that does what a test says. It lives in a bubble
// of testing/synctest, so time passes only when all wait.
type fixture struct {
	*testing.T

	settings Settings
	logs     *observer.ObservedLogs

	mu sync.Mutex
	// checks and subscribes are the outcomes of the next calls; then they succeed.
	checks     []error
	subscribes []error
	checked    int
	// tries is when it was subscribed, or tried to.
	tries    []time.Time
	streams  []*fakeStream
	stored   map[string][]byte
	saveErr  error
	statuses []Status
	// ids are of the activities that the pipeline took.
	ids []string
	// refuse and untranslatable are the next outcomes.
	refuse         []error
	untranslatable []error
	// atHand is called whenever the pipeline is given activities.
	atHand func()
}

// fakeStream is one subscription.
type fakeStream struct {
	ctx      context.Context //nolint:containedctx // a subscription ends with it
	answers  chan *pubsubapi.FetchResponse
	failure  chan error
	mu       sync.Mutex
	requests []*pubsubapi.FetchRequest
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	f := &fixture{T: t, logs: logs, stored: map[string][]byte{}}
	f.settings = Settings{
		Topic: topic, API: f, Positions: f, Logger: zap.New(core), NothingAfter: -1,
		Report: func(s Status) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.statuses = append(f.statuses, s)
		},
		Translate: func(_ context.Context, event *pubsubapi.ConsumerEvent, received time.Time) (translate.Result, error) {
			if err := f.next(&f.untranslatable); err != nil {
				return translate.Result{}, err
			}
			at := received.Add(-time.Second)
			return translate.Result{Activities: []activity.Activity{{ID: event.GetEvent().GetId(), Time: at}}, CommitTime: at}, nil
		},
		Lost: func(gap cdcrecord.Gap) activity.Activity {
			return activity.Activity{ID: "lost " + string(gap.ReplayID), Description: "lost since " + gap.Since.Format(time.RFC3339), Time: gap.Detected}
		},
		Deliver: func(_ context.Context, activities []activity.Activity) error {
			if f.atHand != nil {
				f.atHand()
			}
			if err := f.next(&f.refuse); err != nil {
				return err
			}
			f.mu.Lock()
			defer f.mu.Unlock()
			for i := range activities {
				f.ids = append(f.ids, activities[i].ID)
			}
			return nil
		},
	}
	return f
}

func (f *fixture) next(outcomes *[]error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(*outcomes) == 0 {
		return nil
	}
	err := (*outcomes)[0]
	*outcomes = (*outcomes)[1:]
	return err
}

func (f *fixture) CheckTopic(context.Context, string) error {
	f.mu.Lock()
	f.checked++
	f.mu.Unlock()
	return f.next(&f.checks)
}

func (f *fixture) Subscribe(ctx context.Context) (Subscription, error) {
	f.mu.Lock()
	f.tries = append(f.tries, time.Now())
	f.mu.Unlock()
	if err := f.next(&f.subscribes); err != nil {
		return nil, err
	}
	s := &fakeStream{ctx: ctx, answers: make(chan *pubsubapi.FetchResponse, 1000), failure: make(chan error, 1)}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.streams = append(f.streams, s)
	return s, nil
}

func (s *fakeStream) Send(request *pubsubapi.FetchRequest) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request)
	return s.ctx.Err()
}

func (s *fakeStream) Receive() (*pubsubapi.FetchResponse, error) {
	select {
	case answer := <-s.answers:
		return answer, nil
	default:
	}
	select {
	case answer := <-s.answers:
		return answer, nil
	case err := <-s.failure:
		return nil, err
	case <-s.ctx.Done():
		return nil, &pubsub.Error{}
	}
}

// requested are the credits that were asked for.
func (s *fakeStream) requested() (all []int32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		all = append(all, r.GetNumRequested())
	}
	return all
}

// brings sends the events with the numbers from first to last, in one answer.
func (s *fakeStream) brings(first, last int) {
	answer := &pubsubapi.FetchResponse{PendingNumRequested: 1}
	for i := first; i <= last; i++ {
		answer.Events = append(answer.Events, &pubsubapi.ConsumerEvent{
			Event: &pubsubapi.ProducerEvent{Id: strconv.Itoa(i)}, ReplayId: []byte("r" + strconv.Itoa(i)),
		})
	}
	s.answers <- answer
}

func (s *fakeStream) keepsAlive(replayID string, pending int32) {
	s.answers <- &pubsubapi.FetchResponse{LatestReplayId: []byte(replayID), PendingNumRequested: pending}
}

func (f *fixture) Load(_ context.Context, key string, into any) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	content, ok := f.stored[key]
	if !ok {
		return false, nil
	}
	return true, json.Unmarshal(content, into)
}

func (f *fixture) Save(ctx context.Context, key string, document any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.saveErr != nil || ctx.Err() != nil {
		return errors.Join(f.saveErr, ctx.Err())
	}
	content, err := json.Marshal(document)
	f.stored[key] = content
	return err
}

// position is what a restart would find.
func (f *fixture) position() (p position) {
	f.Helper()
	found, err := f.Load(f.Context(), PositionKey(topic), &p)
	require.NoError(f, err)
	require.True(f, found)
	return p
}

// start runs the stream until the function is called that it returns, which waits for it.
func (f *fixture) start() (stop func()) {
	f.Helper()
	ctx, cancel := context.WithCancel(f.Context())
	done := make(chan error, 1)
	go func() { done <- New(f.settings).Run(ctx) }()
	synctest.Wait()
	return func() {
		f.Helper()
		cancel()
		require.NoError(f, <-done)
	}
}

// stream is the last one.
func (f *fixture) stream() *fakeStream {
	f.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	require.NotEmpty(f, f.streams)
	return f.streams[len(f.streams)-1]
}

// first is the first request of the last stream.
func (f *fixture) first() *pubsubapi.FetchRequest {
	f.Helper()
	s := f.stream()
	s.mu.Lock()
	defer s.mu.Unlock()
	require.NotEmpty(f, s.requests)
	return s.requests[0]
}

func (f *fixture) taken() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.ids...)
}

func (f *fixture) count(what *[]time.Time) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(*what)
}

// opened is how many streams there were.
func (f *fixture) opened() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.streams)
}

// asked is how often the topic was checked.
func (f *fixture) asked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.checked
}

func (f *fixture) reported() []Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Status(nil), f.statuses...)
}

// last is the last status.
func (f *fixture) last() Status {
	f.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	require.NotEmpty(f, f.statuses)
	return f.statuses[len(f.statuses)-1]
}

func numbers(first, last int) (all []string) {
	for i := first; i <= last; i++ {
		all = append(all, strconv.Itoa(i))
	}
	return all
}

// wait lets time pass, and then whatever happens at its end.
func wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
