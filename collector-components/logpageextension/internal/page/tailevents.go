// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

const (
	// heartbeat is how often a silent connection is shown to be alive, to whatever stands
	// between.
	heartbeat = 15 * time.Second
	// maxCaughtUp is how many activities a viewer gets at most who was away: as many as the
	// page shows.
	maxCaughtUp = 500
)

// batch is what arrived together.
type batch struct {
	arrived []activities.Activity
	err     error
}

// tailEvents sends what arrives as server-sent events. First come those that arrived since
// the page was made, or since the connection was lost: the browser then sends the position of
// the last event that it has. Some of them it may have: its script leaves those out.
func (p *page) tailEvents(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	v := p.visit(ctx, r)
	missed := missed{since: v.View.Newer, last: activities.Position(r.Header.Get("Last-Event-ID"))}
	v.View, v.Path = tailView(v.View), tailPath
	select {
	case p.tails <- struct{}{}:
		defer func() { <-p.tails }()
	default:
		w.Header().Set("Retry-After", "60")
		http.Error(w, v.T("problem.too_many_live"), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy would keep events back until it has enough
	stream := &eventStream{w: w, control: http.NewResponseController(w), visit: v, missed: &missed}
	batches := p.follow(ctx, v)
	defer func() {
		cancel()
		for range batches { // it ends when the one who sends has ended
		}
	}()
	if stream.write("retry: 3000\n\n") != nil {
		return
	}
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-p.Stopping:
			return
		case <-ticker.C:
			err = stream.write(": alive\n\n")
		case b, more := <-batches:
			if !more {
				return
			}
			err = stream.sendBatch(ctx, b)
		}
		if err != nil {
			return
		}
	}
}

func (p *page) follow(ctx context.Context, v *visit) <-chan batch {
	filter := v.View.Filter(v.Now)
	filter.End = time.Time{}
	following := p.reader.Follow(ctx, filter)
	batches := make(chan batch)
	go func() {
		defer close(batches)
		for arrived, err := range following {
			select {
			case batches <- batch{arrived, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	return batches
}

// eventStream writes events to one viewer.
type eventStream struct {
	*visit
	w       http.ResponseWriter
	control *http.ResponseController
	// missed is what the viewer may have missed, nil once that was sent.
	missed *missed
	// sent are those that the viewer has from catching up.
	sent map[activities.Position]bool
}

// missed is where a viewer may lack activities.
type missed struct {
	// since is the oldest that the page had, empty if it had all that there were. last is
	// that of the last event, empty if there was none.
	since, last activities.Position
}

// of chooses those that the viewer may not have, of some that are newest first: what is newer
// than the last event, and what lies so far back that it may have come late since.
func (m *missed) of(newest []activities.Activity, now time.Time) []activities.Activity {
	last := slices.IndexFunc(newest, func(a activities.Activity) bool { return a.Position == m.last })
	if last < 0 {
		return newest
	}
	late := slices.DeleteFunc(slices.Clone(newest[last+1:]), func(a activities.Activity) bool {
		return a.Time.Before(now.Add(-activities.FollowedBack))
	})
	return append(slices.Clone(newest[:last]), late...)
}

// sendBatch sends what has arrived. Before the first that can be read it sends what the
// viewer has missed: whatever arrives after that comes in a batch. An empty batch says that
// the log can be read, for the first time or again.
func (s *eventStream) sendBatch(ctx context.Context, b batch) error {
	if b.err != nil {
		return s.sendProblem(b.err)
	}
	if s.missed != nil {
		missed, err := s.catchUp(ctx)
		if err != nil {
			// The next batch tries it again.
			return s.sendProblem(err)
		}
		s.missed, s.sent = nil, make(map[activities.Position]bool, len(missed))
		for i := range missed {
			s.sent[missed[i].Position] = true
		}
		if err := s.sendArrived(missed); err != nil {
			return err
		}
	}
	if len(b.arrived) == 0 {
		return s.event("running", "", nil)
	}
	return s.sendArrived(slices.DeleteFunc(slices.Clone(b.arrived), func(a activities.Activity) bool { return s.sent[a.Position] }))
}

func (s *eventStream) sendProblem(err error) error {
	return s.event("problem", "", s.problemOf(err).Text)
}

// catchUp reads what the viewer has missed, oldest first.
func (s *eventStream) catchUp(ctx context.Context) ([]activities.Activity, error) {
	ctx, cancel := context.WithTimeout(ctx, s.page.Timeout)
	defer cancel()
	now := s.page.Now()
	filter := s.View.Filter(now)
	filter.End = time.Time{}
	read, err := s.page.reader.Page(ctx, filter, activities.Slice{Newer: s.missed.since, Limit: maxCaughtUp})
	if (err == nil && read.HasNewer) || errors.Is(err, activities.ErrPosition) {
		read, err = s.page.reader.Page(ctx, filter, activities.Slice{Limit: maxCaughtUp})
	}
	if err != nil {
		return nil, err
	}
	missed := s.missed.of(read.Activities, now)
	slices.Reverse(missed)
	return missed, nil
}

// sendArrived sends activities, oldest first, as rows of the page's table.
func (s *eventStream) sendArrived(arrived []activities.Activity) error {
	if len(arrived) == 0 {
		return nil
	}
	var rows bytes.Buffer
	for i := range slices.Backward(arrived) {
		if err := templates.ExecuteTemplate(&rows, "row", s.row(arrived[i])); err != nil {
			return err
		}
	}
	return s.event("activities", string(arrived[len(arrived)-1].Position), map[string]any{
		"count": len(arrived), "rows": rows.String(),
	})
}

func (s *eventStream) event(name, id string, data any) error {
	encoded, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	return s.write(fmt.Sprintf("%sevent: %s\ndata: %s\n\n", id, name, encoded))
}

func (s *eventStream) write(text string) error {
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
