// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/translate"
)

const (
	// maxCredit is how many events may be on their way or at hand. Salesforce takes a
	// larger number for this one.
	// Source: https://developer.salesforce.com/docs/platform/pub-sub-api/guide/allocations.html
	maxCredit = 100
	// lowCredit is when more are asked for.
	lowCredit = maxCredit / 2
	// maxAnswers is how many answers may be at hand: as many as there can be with events,
	// and some that are empty.
	maxAnswers = maxCredit + 28
	// maxHandOver is how many activities are handed over together.
	maxHandOver = 1000
	// settledAfter is when a stream that has not failed counts as begun. Salesforce sends
	// nothing before there is an event, or minutes later.
	settledAfter = 10 * time.Second
)

// session is one subscription, from its beginning to its end.
type session struct {
	stream       *Stream
	subscription Subscription
	// answers are those that were received, in their order. It is closed when no more come.
	answers chan *pubsubapi.FetchResponse
	// err is why not, and set before that.
	err error
	// credit is how many events were asked for that were not at hand yet.
	credit  int
	healthy bool
}

// session subscribes until the subscription ends. What was received until then is handed
// over first: it need not be delivered again. It tells why it ended, and whether it had
// worked.
func (s *Stream) session(ctx context.Context) (healthy bool, err error) {
	if !s.checked {
		if err := s.settings.API.CheckTopic(ctx, s.settings.Topic); err != nil {
			return false, err
		}
		s.checked = true
	}
	subscribed, cancel := context.WithCancelCause(ctx)
	var reading sync.WaitGroup
	// Nothing is left of a subscription when the next one begins: two would bring
	// everything twice.
	defer reading.Wait()
	defer cancel(nil)
	subscription, err := s.settings.API.Subscribe(subscribed)
	if err != nil {
		return false, err
	}
	if err := subscription.Send(s.position.request(s.settings.Topic, s.settings.Latest)); err != nil {
		return false, err
	}
	one := &session{stream: s, subscription: subscription, answers: make(chan *pubsubapi.FetchResponse, maxAnswers), credit: maxCredit}
	reading.Go(func() { one.receive(subscribed, cancel) })
	err = one.run(ctx)
	s.silent = errors.Is(err, errSilent)
	return one.healthy, err
}

// receive reads until the subscription ends.
func (o *session) receive(ctx context.Context, cancel context.CancelCauseFunc) {
	defer close(o.answers)
	for {
		watchdog := time.AfterFunc(o.stream.settings.Silence, func() { cancel(errSilent) })
		answer, err := o.subscription.Receive()
		watchdog.Stop()
		if err != nil {
			if errors.Is(context.Cause(ctx), errSilent) {
				err = errSilent
			}
			o.err = err
			return
		}
		select {
		case o.answers <- answer:
		case <-ctx.Done():
			o.err = context.Cause(ctx)
			return
		}
	}
}

// run handles what was received, in its order. Its context is not that of the
// subscription.
func (o *session) run(ctx context.Context) error {
	settled := time.NewTimer(settledAfter)
	defer settled.Stop()
	suspicion := time.NewTimer(o.stream.untilSuspicion())
	defer suspicion.Stop()
	for {
		select {
		case answer, ok := <-o.answers:
			if !ok {
				return o.err
			}
			if !o.handle(ctx, answer) {
				return ctx.Err()
			}
			o.topUp()
		case <-settled.C:
			// After silence only an answer shows that it works.
			if !o.stream.silent {
				o.works()
			}
		case <-suspicion.C:
			o.stream.explainNothing()
		}
	}
}

// works notes that the subscription does.
func (o *session) works() {
	if o.healthy {
		return
	}
	o.healthy = true
	o.stream.pauses.reset()
	o.stream.succeed()
}

// handle returns false if the context ends before an answer is done with.
func (o *session) handle(ctx context.Context, answer *pubsubapi.FetchResponse) bool {
	if ctx.Err() != nil {
		return false
	}
	o.works()
	received := time.Now().UTC()
	events := answer.GetEvents()
	if len(events) == 0 {
		// Answers come in their order, so nothing is on its way to the pipeline now.
		if o.stream.position.moveTo(answer.GetLatestReplayId(), received) {
			o.stream.save(ctx)
		}
		if answer.GetPendingNumRequested() == 0 {
			o.credit = 0
		}
		return true
	}
	o.credit = max(o.credit-len(events), 0)
	o.stream.position.Delivered = true
	return o.stream.handOver(ctx, events, received)
}

// topUp asks for more events, in time and never for more than there is room for.
func (o *session) topUp() {
	if o.credit > lowCredit {
		return
	}
	more := maxCredit - o.credit
	o.credit += more
	// Where it fails the subscription has ended. Receive tells why, after what is still at
	// hand.
	_ = o.subscription.Send(&pubsubapi.FetchRequest{
		TopicName: o.stream.settings.Topic, NumRequested: int32(more), //nolint:gosec // at most maxCredit
	})
}

func (s *Stream) unclaimed(activities []activity.Activity) []activity.Activity {
	if s.settings.Recent == nil {
		return activities
	}
	return s.settings.Recent.Claim(activities)
}

func (s *Stream) release(activities []activity.Activity) {
	if s.settings.Recent != nil {
		s.settings.Recent.Release(activities)
	}
}

// handOver gives the pipeline what became of events, and moves the position after that.
func (s *Stream) handOver(ctx context.Context, events []*pubsubapi.ConsumerEvent, received time.Time) bool {
	var pending []activity.Activity
	// What is left when this ends, in whatever way, comes again.
	defer func() { s.release(pending) }()
	var until time.Time
	dated := false
	for i, event := range events {
		var result translate.Result
		if !s.retry(ctx, func() (err error) {
			result, err = s.settings.Translate(ctx, event, received)
			return err
		}) {
			return false
		}
		claimed := s.unclaimed(result.Activities)
		pending = append(pending, claimed...)
		dated = s.position.date(pending[len(pending)-len(claimed):], event.GetReplayId(), received) || dated
		until = latest(until, result.CommitTime, received)
		if i < len(events)-1 && len(pending) < maxHandOver {
			continue
		}
		if dated && !s.retry(ctx, func() error { return s.keep(ctx) }) || !s.deliver(ctx, pending) {
			return false
		}
		pending, dated = nil, false
		if s.position.moveTo(event.GetReplayId(), until) {
			s.save(ctx)
		}
	}
	return true
}

// latest returns the later one of two times. What has come by now was not made later, even
// if its clock says so.
func latest(until, committed, received time.Time) time.Time {
	if committed.After(received) {
		committed = received
	}
	if committed.After(until) {
		return committed
	}
	return until
}
