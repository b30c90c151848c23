// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"crypto/rand"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
)

// maxCredit is how many events can be outstanding; more that are asked for count as
// this many.
const maxCredit = 100

type subscribeStream = grpc.BidiStreamingServer[pubsubapi.FetchRequest, pubsubapi.FetchResponse]

// subscription is one stream, from its first request on.
type subscription struct {
	server *Server
	stream subscribeStream
	call   *Call
	topic  string
	// after is the replay id through which everything was sent.
	after   uint64
	pending int
	killed  <-chan struct{}
}

// Subscribe sends events for as long as the client has credit and the stream lasts.
func (v *service) Subscribe(stream subscribeStream) error {
	s := v.server
	killed := s.switches.kill()
	request, err := stream.Recv()
	if err != nil {
		return ignoreEnd(err)
	}
	call := s.calls.begin(stream.Context(), Call{
		Method: Subscribe, Topic: request.GetTopicName(), Preset: request.GetReplayPreset(), ReplayID: request.GetReplayId(),
	})
	if failure, failed := s.admit(stream.Context(), call); failed {
		return failStream(stream, failure)
	}
	sub := &subscription{server: s, stream: stream, call: call, topic: request.GetTopicName(), killed: killed}
	if failure, failed := sub.position(request); failed {
		return failStream(stream, failure)
	}
	if failure, failed := sub.credit(request); failed {
		return failStream(stream, failure)
	}
	s.calls.opened(1)
	defer s.calls.opened(-1)
	return sub.run()
}

// position finds where the subscription begins.
func (s *subscription) position(request *pubsubapi.FetchRequest) (Failure, bool) {
	b := s.server.bus
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.topic(s.topic)
	switch {
	case t == nil:
		return TopicNotFound, true
	case t.forbidden:
		return CannotSubscribe, true
	}
	switch request.GetReplayPreset() {
	case pubsubapi.ReplayPreset_EARLIEST:
		s.after = b.forgotten
	case pubsubapi.ReplayPreset_CUSTOM:
		if len(request.GetReplayId()) == 0 {
			return ReplayIDMissing, true
		}
		replay, ok := b.replayNumber(request.GetReplayId())
		if !ok {
			return ReplayIDCorrupted, true
		}
		s.after = replay
	default:
		s.after = b.tip
	}
	return Failure{}, false
}

// credit adds what a request asks for. After the first one, where to begin is ignored.
func (s *subscription) credit(request *pubsubapi.FetchRequest) (Failure, bool) {
	s.server.calls.requested(s.call, request.GetNumRequested())
	switch {
	case request.GetTopicName() != "" && request.GetTopicName() != s.topic:
		return TopicMismatch, true
	case request.GetNumRequested() <= 0:
		return NumRequestedInvalid, true
	}
	s.pending = min(s.pending+int(request.GetNumRequested()), maxCredit)
	return Failure{}, false
}

// run sends and receives until the stream ends.
func (s *subscription) run() error {
	requests, ended := s.receive()
	answered := time.Now()
	for {
		sent, changed, err := s.send()
		if err != nil {
			return err
		}
		if sent {
			answered = time.Now()
			continue
		}
		timer := time.NewTimer(time.Until(answered.Add(s.patience())))
		select {
		case request := <-requests:
			timer.Stop()
			if failure, failed := s.credit(request); failed {
				return failStream(s.stream, failure)
			}
		case err := <-ended:
			timer.Stop()
			return ignoreEnd(err)
		case <-s.killed:
			timer.Stop()
			return failStream(s.stream, s.server.switches.reason())
		case <-changed:
			timer.Stop()
		case <-timer.C:
			answered = time.Now()
			if again, err := s.waited(); !again {
				return err
			}
		}
	}
}

// patience is how long the stream may go without an answer.
func (s *subscription) patience() time.Duration {
	if s.pending == 0 {
		return s.server.settings.CreditTimeout
	}
	return s.server.settings.Keepalive
}

// receive reads the requests until the stream ends.
func (s *subscription) receive() (<-chan *pubsubapi.FetchRequest, <-chan error) {
	requests, ended := make(chan *pubsubapi.FetchRequest), make(chan error, 1)
	// It ends with the stream, which ends at the latest when Subscribe returns.
	go func() {
		for {
			request, err := s.stream.Recv()
			if err != nil {
				ended <- err
				return
			}
			select {
			case requests <- request:
			case <-s.stream.Context().Done():
				ended <- s.stream.Context().Err()
				return
			}
		}
	}()
	return requests, ended
}

// send sends the next events, if there are any and the client has credit for them. If
// not, what it returns is closed when there may be more.
func (s *subscription) send() (sent bool, changed <-chan struct{}, err error) {
	events, changed := s.next()
	if len(events) == 0 {
		return false, changed, nil
	}
	s.pending -= len(events)
	return true, changed, s.answer(events, events[len(events)-1].GetReplayId())
}

func (s *subscription) next() ([]*pubsubapi.ConsumerEvent, <-chan struct{}) {
	b := s.server.bus
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.pending == 0 || b.topic(s.topic).silent {
		return nil, b.changed
	}
	limit := s.pending
	if most := s.server.settings.MaxBatch; most > 0 {
		limit = min(limit, most)
	}
	events, through := b.next(s.topic, s.after, limit)
	s.after = through
	return events, b.changed
}

// waited is for when nothing happened for long enough: it sends an empty answer with
// the newest replay id, or, to a client that had its time to ask for more and did not,
// ends the stream.
func (s *subscription) waited() (again bool, err error) {
	b := s.server.bus
	b.mu.Lock()
	silent := b.topic(s.topic).silent
	b.mu.Unlock()
	switch {
	case silent:
		return true, nil
	case s.pending == 0:
		return false, nil
	}
	err = s.answer(nil, replayBytes(s.after))
	return err == nil, err
}

func (s *subscription) answer(events []*pubsubapi.ConsumerEvent, latest []byte) error {
	return s.stream.Send(&pubsubapi.FetchResponse{
		Events: events, LatestReplayId: latest, RpcId: rand.Text(),
		PendingNumRequested: int32(s.pending), //nolint:gosec // at most maxCredit
	})
}

// ignoreEnd makes an orderly end of a client's requests an orderly end of the stream.
func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
