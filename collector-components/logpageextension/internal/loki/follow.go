// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

const (
	// pollEvery is how often Follow asks.
	pollEvery = time.Second
	// longestPause is between polls while Loki cannot be read.
	longestPause = 15 * time.Second
	// maxFollowed bounds what Follow remembers of what it has sent. Where there is more in
	// the time that it looks back, it looks back less far.
	maxFollowed = 20_000
	// followPage is how many it reads at a time.
	followPage = 2000
)

// tiers are how far polls look back, by the time of activities, for those that come late:
// most come within seconds, those that a receiver fetches within minutes. Every poll of
// which the number can be divided by one of these looks as far as that says.
var tiers = []struct {
	every int
	back  time.Duration
}{
	{15, activities.FollowedBack},
	{5, time.Minute},
	{1, 5 * time.Second},
}

// backOf is how far a poll looks back. The first one after a failure looks as far as any.
func backOf(poll int, failed bool) time.Duration {
	for _, tier := range tiers {
		if failed || poll%tier.every == 0 {
			return tier.back
		}
	}
	return 0
}

// Follow sends every activity that becomes visible once it has begun. An error does not end
// it: it asks again.
func (r *Reader) Follow(ctx context.Context, filter activities.Filter) iter.Seq2[[]activities.Activity, error] {
	return func(yield func([]activities.Activity, error) bool) {
		filter.End = time.Time{}
		f := &follower{reader: r, filter: filter, sent: make(map[mark]struct{})}
		send := func(batch []activities.Activity) bool { return yield(batch, nil) }
		begun, failed, pause := false, false, pollEvery
		for poll := 1; ; poll++ {
			var err error
			if begun {
				err = f.poll(ctx, backOf(poll, failed), send)
			} else {
				err = f.begin(ctx)
			}
			switch {
			case errors.Is(err, errNobodyFollows):
				return
			case err != nil:
				if ctx.Err() != nil || !yield(nil, err) {
					return
				}
			case (!begun || failed) && !yield(nil, nil):
				return
			default:
				begun = true
			}
			failed = err != nil
			pause = pauseAfter(pause, err)
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
		}
	}
}

// pauseAfter is how long to wait after a poll, which waited for the last one.
func pauseAfter(last time.Duration, err error) time.Duration {
	if err == nil {
		return pollEvery
	}
	return min(2*last, longestPause)
}

// errNobodyFollows means that whoever followed has gone.
var errNobodyFollows = errors.New("nobody follows any more")

// mark tells an activity from all others, in less memory than its key.
type mark struct {
	time   int64
	digest [digestSize]byte
}

func (k *key) mark() mark { return mark{k.time, k.digest} }

// follower remembers what was sent, or was there when it began.
type follower struct {
	reader *Reader
	filter activities.Filter
	// floor is where it does not look back beyond, in nanoseconds.
	floor int64
	sent  map[mark]struct{}
}

// within is the time of a poll that looks back so far.
func (f *follower) within(back time.Duration) span {
	now := f.reader.now()
	within := timeOf(f.filter, now)
	within.start = max(within.start, now.Add(-back).UnixNano(), f.floor)
	return within
}

// begin remembers what can be seen already: that is not new. It reads the newest first, and
// no more than it can remember.
func (f *follower) begin(ctx context.Context) error {
	within := f.within(activities.FollowedBack)
	for behind := (*bound)(nil); ; {
		found, err := f.reader.collect(ctx, queryOf(f.filter), within, backward, behind, followPage)
		if err != nil {
			return err
		}
		f.fresh(found)
		if len(found) < followPage {
			return nil
		}
		oldest := found[len(found)-1].key
		if len(f.sent) > maxFollowed/2 {
			f.floor = oldest.time + 1 // of its own nanosecond there may be more
			return nil
		}
		behind = &bound{key: oldest}
	}
}

// poll sends what was not sent yet, oldest first.
func (f *follower) poll(ctx context.Context, back time.Duration, send func([]activities.Activity) bool) error {
	f.forget(f.within(activities.FollowedBack).start)
	within := f.within(back)
	for behind := (*bound)(nil); ; {
		found, err := f.reader.collect(ctx, queryOf(f.filter), within, forward, behind, followPage)
		if err != nil {
			return err
		}
		if len(found) == followPage {
			behind = &bound{key: found[followPage-1].key}
		} else {
			behind = nil
		}
		if fresh := f.fresh(found); len(fresh) > 0 && !send(toActivities(fresh)) {
			return errNobodyFollows
		}
		if behind == nil {
			return nil
		}
		f.forget(f.floor)
	}
}

// fresh returns those that were not sent, and remembers them.
func (f *follower) fresh(found []record) []record {
	var fresh []record
	for i := range found {
		if _, sent := f.sent[found[i].mark()]; !sent {
			f.sent[found[i].mark()] = struct{}{}
			fresh = append(fresh, found[i])
		}
	}
	return fresh
}

// forget drops what is older than any that will be looked at, and the older half where
// that leaves too many.
func (f *follower) forget(before int64) {
	if len(f.sent) > maxFollowed {
		times := make([]int64, 0, len(f.sent))
		for m := range f.sent {
			times = append(times, m.time)
		}
		slices.Sort(times)
		before = max(before, times[len(times)/2])
	}
	f.floor = max(f.floor, before)
	maps.DeleteFunc(f.sent, func(m mark, _ struct{}) bool { return m.time < f.floor })
}
