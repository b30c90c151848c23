// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/refusal"
	"github.com/integrationlog/integrationlog/internal/webhook/internal/seen"
)

var errOtherFailed = &rejection{Unavailable, "the same activity was delivered at the same time and could not be accepted"}

// logInterval is how often a fault that concerns single requests is logged.
const logInterval = time.Hour

// intake takes the activities of verified requests: each once, however often and
// however concurrently it is delivered.
type intake struct {
	logger   *zap.Logger
	seen     *seen.Set
	handover *handover
	disk     *diskGuard
	metrics  *metrics
	health   *health

	// flush writes down what is remembered; nil without a store.
	flush func(context.Context) error

	// What has to be logged once in a while, and not for each request.
	malformed, refused rate.Sometimes
	unreadable         unreadable
}

// accept hands over what was not accepted before.
func (in *intake) accept(ctx context.Context, delivery Delivery, received time.Time) result {
	in.metrics.delivery(ctx, delivery, received)
	c := in.claim(delivery.Activities, received)
	in.metrics.duplicates(ctx, c.duplicates)
	if len(c.activities) > 0 {
		if outcome, err := in.handOver(ctx, c, received); err != nil {
			return result{outcome: outcome, handedOver: len(c.activities), err: err}
		}
	}
	if err := in.await(ctx, c); err != nil {
		if len(c.activities) > 0 {
			// what was its own is with the pipeline, although the request fails
			err = nil
		}
		return result{outcome: Unavailable, handedOver: len(c.activities), err: err}
	}
	return result{outcome: Accepted, handedOver: len(c.activities)}
}

// claims is what a request has to do with the activities that it brought.
type claims struct {
	// activities are its own to hand over, keys theirs where they have an id.
	activities []activity.Activity
	keys       []seen.Key
	// others are those that another request is just handing over, or that the
	// request itself brought before.
	others []*seen.Settlement
	// duplicates is how many were accepted before.
	duplicates int
	// timeless tells whether the time of its arrival becomes that of one of them.
	timeless bool
}

func (in *intake) claim(activities []activity.Activity, now time.Time) claims {
	c := claims{keys: make([]seen.Key, 0, len(activities))}
	own := 0
	for i := range activities {
		if activities[i].ID == "" {
			// Without an id of the source's two activities may differ in nothing, and
			// Loki would make one of them.
			activities[i].ID = rand.Text()
		} else {
			key := seen.NewKey(activities[i].ID)
			state, other := in.seen.Claim(key, now)
			switch state {
			case seen.Accepted:
				c.duplicates++
				continue
			case seen.Underway:
				c.others = append(c.others, other)
				continue
			case seen.Claimed:
				c.keys = append(c.keys, key)
			}
			if isStoredAtArrival(activities[i].Time, now) {
				activities[i].Observed = in.seen.Arrive(key, now)
				c.timeless = true
			}
		}
		activities[own] = activities[i]
		own++
	}
	c.activities = activities[:own]
	return c
}

// aheadOfClock is more than clocks differ, and less than what the loki_limits processor
// takes for a time that is too far ahead.
const aheadOfClock = time.Minute

// isStoredAtArrival tells whether the time of its arrival may become that of an activity.
func isStoredAtArrival(at, now time.Time) bool {
	return at.IsZero() || at.Sub(now) > aheadOfClock
}

func (in *intake) handOver(ctx context.Context, c claims, now time.Time) (Outcome, error) {
	if err := in.disk.check(now); err != nil {
		in.seen.Settle(c.keys, false, now)
		in.reportHealth(err)
		return DiskFull, err
	}
	if c.timeless && in.flush != nil {
		// Were the process killed before that, but after the pipeline has taken it, it would
		// come again with another time, as another entry to Loki.
		if err := in.flush(ctx); err != nil {
			in.seen.Settle(c.keys, false, now)
			if ctx.Err() == nil {
				in.reportHealth(err)
			}
			return Unavailable, err
		}
	}
	err := in.handover.deliver(ctx, c.activities, func(err error) {
		in.metrics.forgotten(ctx, in.seen.Settle(c.keys, err == nil, time.Now()))
		in.settled(err)
	})
	switch {
	case err == nil:
		return Accepted, nil
	case errors.Is(err, errTooManyWaiting):
		return Overload, err
	case refusal.IsFinal(err):
		return Refused, consumererror.NewDownstream(err)
	default:
		return Unavailable, consumererror.NewDownstream(err)
	}
}

// await waits for the requests that were faster with the same activities: only
// what is accepted may be answered so.
func (in *intake) await(ctx context.Context, c claims) error {
	for _, other := range c.others {
		select {
		case <-other.Done():
		case <-ctx.Done():
			return ctx.Err()
		}
		if !other.Accepted() {
			return errOtherFailed
		}
	}
	in.metrics.duplicates(ctx, len(c.others))
	return nil
}

// settled reports what the pipeline said. A refusal for good concerns one request
// and says nothing of the pipeline's health.
func (in *intake) settled(err error) {
	if err != nil && refusal.IsFinal(err) {
		in.refused.Do(func() {
			in.logger.Error("The pipeline refused activities for good; they are lost. "+
				"Further ones are only counted for an hour, in otelcol_webhook_rejected_requests.", zap.Error(err))
		})
		return
	}
	in.reportHealth(err)
}

func (in *intake) reportHealth(err error) {
	if !in.health.report(err) {
		return
	}
	if err != nil {
		in.logger.Warn("Webhooks are answered with 503 until this is over; the vendor will send them again", zap.Error(err))
	} else {
		in.logger.Info("Webhooks are accepted again")
	}
}

func (in *intake) reportUnreadable(ctx context.Context, byReason map[string]int) {
	for reason, n := range byReason {
		if n == 0 {
			continue
		}
		in.metrics.unreadable(ctx, reason, n)
		in.unreadable.of(reason).Do(func() {
			in.logger.Warn("Part of a webhook with a valid credential could not be understood. "+
				"Further ones are only counted for an hour, in otelcol_webhook_unreadable_activities.", zap.String("reason", reason), zap.Int("activities", n))
		})
	}
}

// unreadable keeps apart by reason what is logged once in a while.
type unreadable struct {
	mu       sync.Mutex
	byReason map[string]*rate.Sometimes
}

func (u *unreadable) of(reason string) *rate.Sometimes {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.byReason[reason] == nil {
		if u.byReason == nil {
			u.byReason = map[string]*rate.Sometimes{}
		}
		u.byReason[reason] = &rate.Sometimes{First: 1, Interval: logInterval}
	}
	return u.byReason[reason]
}

func (in *intake) reportMalformed(err error) {
	in.malformed.Do(func() {
		in.logger.Warn("A webhook with a valid credential could not be understood. "+
			"Further ones are only counted for an hour, in otelcol_webhook_rejected_requests.", zap.Error(err))
	})
}
