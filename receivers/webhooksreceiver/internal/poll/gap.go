// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package poll // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/poll"

import (
	"context"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/record"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

// shortGap is what may be missing after a gap without a record of its own: a poll that
// reads many webhooks begins with some of them a little later.
const shortGap = 10 * time.Minute

// gap is a time of which Zendesk keeps nothing any more.
type gap struct {
	// WebhookID and WebhookName are those of the only webhook that it concerns.
	WebhookID   string    `json:"webhook_id,omitempty"`
	WebhookName string    `json:"webhook_name,omitempty"`
	Start       time.Time `json:"start"`
	// End is zero while the gap still grows.
	End time.Time `json:"end,omitzero"`
	// NoticedAt is the time of its record.
	NoticedAt time.Time `json:"noticed_at"`
}

// handOverGaps puts a warning into the log for each gap that was noticed.
func (p *Poller) handOverGaps(ctx context.Context) error {
	gaps := p.state.index.Gaps
	if len(gaps) == 0 {
		return nil
	}
	// They are remembered before they are handed over: so a process that was killed in
	// between hands over the same records, and no others with another time.
	if err := p.state.saveIndex(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	activities := make([]activity.Activity, 0, len(gaps))
	for _, g := range gaps {
		var webhook *zendesk.Webhook
		if g.WebhookID != "" {
			webhook = &zendesk.Webhook{ID: g.WebhookID, Name: g.WebhookName}
		}
		activities = append(activities, record.Gap(p.settings.Account, webhook, g.Start, g.End, g.NoticedAt))
	}
	if err := p.settings.Deliver(ctx, activity.NewLogs(p.settings.Scope, activities...)); err != nil {
		return err
	}
	p.state.index.Gaps = nil
	return p.state.saveIndex(context.WithoutCancel(ctx))
}

// reportEnd reports what is missing before a window that has turned out to be readable.
// Only now it is known how much that is.
func (p *Poller) reportEnd(ctx context.Context, w *walk) error {
	if p.state.noticeEnd(w.webhook, p.listed, w.from, w.now) {
		return p.handOverGaps(ctx)
	}
	return nil
}

// reportOpen reports what is missing of webhooks that were not read in this poll either.
func (p *Poller) reportOpen(ctx context.Context, now time.Time) error {
	tried := slices.DeleteFunc(slices.Clone(p.listed), func(webhook zendesk.Webhook) bool {
		_, closed := p.aside[webhook.ID]
		return !closed && !p.tried[webhook.ID].Equal(now)
	})
	p.state.noticeOpen(tried, p.listed, now)
	return p.handOverGaps(ctx)
}

// noticeEnd finds out whether something is missing before from. If nothing was read of
// any webhook for too long, the program stood still, and one gap is that of all of them.
func (s *state) noticeEnd(webhook zendesk.Webhook, listed []zendesk.Webhook, from, now time.Time) bool {
	start := s.coveredUntil(webhook.ID)
	if start.IsZero() || !start.Before(from) {
		return false
	}
	if s.isShort(webhook.ID, from) && !s.isOpen(webhook.ID) {
		return false
	}
	g := gap{WebhookID: webhook.ID, WebhookName: webhook.Name, Start: start, End: from.UTC(), NoticedAt: now.UTC()}
	of := []zendesk.Webhook{webhook}
	if missed, known := s.missed(listed, now); len(missed) == known && known > 0 {
		g.WebhookID, g.WebhookName, g.Start, of = "", "", s.earliest(missed), missed
	}
	s.index.Gaps = append(s.index.Gaps, g)
	for _, webhook := range of {
		entry := s.index.Webhooks[webhook.ID]
		entry.GapUntil = g.End
		s.index.Webhooks[webhook.ID] = entry
	}
	return true
}

// noticeOpen finds the gaps of webhooks that were tried and could not be read, once each:
// nobody should have to wait for their end to be told.
func (s *state) noticeOpen(tried, listed []zendesk.Webhook, now time.Time) {
	missed, _ := s.missed(tried, now)
	missed = slices.DeleteFunc(missed, func(webhook zendesk.Webhook) bool {
		return s.isOpen(webhook.ID) || s.isShort(webhook.ID, now.Add(-zendesk.Retention))
	})
	if len(missed) == 0 {
		return
	}
	if _, known := s.missed(listed, now); len(missed) == known {
		s.index.Gaps = append(s.index.Gaps, gap{Start: s.earliest(missed), NoticedAt: now.UTC()})
	} else {
		for _, webhook := range missed {
			s.index.Gaps = append(s.index.Gaps, gap{
				WebhookID: webhook.ID, WebhookName: webhook.Name, Start: s.coveredUntil(webhook.ID), NoticedAt: now.UTC(),
			})
		}
	}
	for _, webhook := range missed {
		entry := s.index.Webhooks[webhook.ID]
		entry.GapSince = s.coveredUntil(webhook.ID)
		s.index.Webhooks[webhook.ID] = entry
	}
}

// missed returns the webhooks of which something is missing by now, and how many there
// are that were read before.
func (s *state) missed(webhooks []zendesk.Webhook, now time.Time) (missed []zendesk.Webhook, known int) {
	for _, webhook := range webhooks {
		at := s.coveredUntil(webhook.ID)
		if at.IsZero() {
			continue
		}
		known++
		if at.Before(now.Add(-zendesk.Retention)) {
			missed = append(missed, webhook)
		}
	}
	return missed, known
}

// coveredUntil returns until when a webhook was read, or said to be missing; zero if it
// never was.
func (s *state) coveredUntil(id string) time.Time {
	entry := s.index.Webhooks[id]
	if entry.PolledAt.IsZero() {
		return time.Time{}
	}
	at := latest(entry.PolledAt, entry.GapUntil)
	if reached, ok := s.webhooks[id]; ok {
		at = latest(at, reached.Until()) // of a poll that failed later
	}
	return at.UTC()
}

// isOpen tells whether what is missing of a webhook was reported before its end.
func (s *state) isOpen(id string) bool {
	return s.index.Webhooks[id].GapSince.Equal(s.coveredUntil(id))
}

// isShort tells whether there is not much between the last gap and a time.
func (s *state) isShort(id string, to time.Time) bool {
	at := s.coveredUntil(id)
	return at.Equal(s.index.Webhooks[id].GapUntil) && to.Sub(at) <= shortGap
}

func (s *state) earliest(webhooks []zendesk.Webhook) time.Time {
	at := s.coveredUntil(webhooks[0].ID)
	for _, webhook := range webhooks[1:] {
		if other := s.coveredUntil(webhook.ID); other.Before(at) {
			at = other
		}
	}
	return at
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
