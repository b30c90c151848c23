// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package poll // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/poll"

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/pull"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/progress"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/record"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

const (
	// maxPayload bounds the attempts that include_payload keeps.
	maxPayload = 64 << 10
	// attemptTimeout bounds a request for attempts, and maxAttemptsTime all of those that
	// a hand-over waits for.
	attemptTimeout  = 5 * time.Second
	maxAttemptsTime = 30 * time.Second
	// maxPages bounds a window: a million rows.
	maxPages = 10_000
)

// walk is the reading of one webhook's window, page by page.
type walk struct {
	poller   *Poller
	webhook  zendesk.Webhook
	progress *progress.Progress
	from     time.Time
	now      time.Time

	// held are rows that wait for the next page, which may have more of their second.
	held []zendesk.Invocation
	// newest is the time of the newest row so far, and ascending is true until an older
	// one comes after it. Only then everything before the newest has been read, and the
	// checkpoint can move before the window was read to its end.
	newest    time.Time
	ascending bool
}

// pollOne reads what is new of one webhook.
func (p *Poller) pollOne(ctx context.Context, webhook zendesk.Webhook) (unreadable zendesk.Unreadable, err error) {
	now := p.settings.Now()
	reached, err := p.state.progress(ctx, webhook.ID, func() *progress.Progress {
		return progress.New(now.Add(-p.settings.InitialLookback), p.settings.Overlap)
	})
	if err != nil {
		return nil, pull.Permanent(err)
	}
	w := &walk{
		poller: p, webhook: webhook, progress: reached, ascending: true, now: now,
		from: reached.From(now, p.settings.Overlap),
	}
	cursors := zendesk.Cursors{}
	for cursor := ""; ; {
		page, err := p.settings.API.Invocations(ctx, webhook.ID, w.from, cursor)
		if err == nil && cursor == "" {
			err = p.reportEnd(ctx, w)
		}
		if err != nil {
			return unreadable, err
		}
		unreadable = append(unreadable, page.Unreadable...)
		cursor = page.Next
		if err := w.take(ctx, page.Items, cursor == ""); err != nil {
			return unreadable, err
		}
		if cursor == "" {
			return unreadable, nil
		}
		if !cursors.Add(cursor) || len(cursors) > maxPages {
			return unreadable, zendesk.ErrCursorLoop
		}
	}
}

// take delivers what is new of a page and moves the checkpoint.
func (w *walk) take(ctx context.Context, page []zendesk.Invocation, last bool) error {
	for _, row := range page {
		if row.Time.Before(w.newest) {
			w.ascending = false
		} else {
			w.newest = row.Time
		}
	}
	batch := w.next(page, last)
	if len(batch) > 0 {
		if err := w.deliver(ctx, batch); err != nil {
			return err
		}
		w.progress.Take(batch)
	}
	overlap := w.poller.settings.Overlap
	switch {
	case last:
		w.progress.Advance(w.notAhead(w.newest), overlap)
	case len(batch) > 0 && w.ascending:
		w.progress.Advance(w.notAhead(batch[len(batch)-1].Time), overlap)
	}
	return w.poller.state.save(context.WithoutCancel(ctx), w.webhook.ID, len(batch) > 0)
}

// notAhead keeps a row that tells a time in the future from moving the next window there,
// where nothing would be found.
func (w *walk) notAhead(at time.Time) time.Time {
	if at.After(w.now) {
		return w.now
	}
	return at
}

// next returns the rows that are new, in an order that is the same each time. The rows of
// a page's last second are held back for the next page.
func (w *walk) next(page []zendesk.Invocation, last bool) []zendesk.Invocation {
	rows := slices.Concat(w.held, page)
	w.held = nil
	var batch []zendesk.Invocation
	for _, row := range rows {
		switch {
		case row.Time.Before(w.from), w.progress.Seen(row):
			// outside of the window, or taken already
		case !last && (len(page) == 0 || row.Time.Unix() == page[len(page)-1].Time.Unix()):
			w.held = append(w.held, row)
		default:
			batch = append(batch, row)
		}
	}
	slices.SortFunc(batch, compare)
	// a row may come twice, on two pages between which the list has moved
	return slices.CompactFunc(batch, func(a, b zendesk.Invocation) bool { return compare(a, b) == 0 })
}

func compare(a, b zendesk.Invocation) int {
	return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Status, b.Status), cmp.Compare(a.CompletedAt, b.CompletedAt))
}

func (w *walk) deliver(ctx context.Context, batch []zendesk.Invocation) error {
	settings := &w.poller.settings
	activities := make([]activity.Activity, 0, len(batch))
	deadline := time.Now().Add(maxAttemptsTime)
	for _, row := range batch {
		attempts, err := w.attempts(ctx, row, deadline)
		if err != nil {
			return err
		}
		activities = append(activities, record.Invocation(settings.Account, w.webhook, row, attempts, settings.Now()))
	}
	return settings.Deliver(ctx, activity.NewLogs(settings.Scope, activities...))
}

// attempts returns what is known of the attempts of a failure. What cannot be fetched is
// left out: the failure itself is what matters, and must not wait. After an error none are
// asked for until the next poll, unless only those of this row are gone.
func (w *walk) attempts(ctx context.Context, row zendesk.Invocation, deadline time.Time) (record.Attempts, error) {
	settings := &w.poller.settings
	if !settings.Attempts || w.poller.noAttempts || !record.Failed(row.Status) || !time.Now().Before(deadline) || !settings.API.Spare() {
		return record.Attempts{}, nil
	}
	bounded, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	list, raw, err := settings.API.Attempts(bounded, w.webhook.ID, row.ID)
	if err != nil {
		status, ok := errors.AsType[*apiclient.StatusError](err)
		w.poller.noAttempts = !ok || status.Code != http.StatusNotFound
		return record.Attempts{}, ctx.Err()
	}
	var result record.Attempts
	for _, attempt := range list {
		// those of a later state are that state's
		if !attempt.Time.After(row.Time) {
			result.Count++
		}
	}
	if settings.IncludePayload {
		result.Payload = activity.Truncate(string(raw), maxPayload)
	}
	return result, nil
}
