// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"
	"github.com/integrationlog/integrationlog/internal/activity"
)

const (
	// senders are how many webhooks are on their way at a time while the history is sent.
	senders = 32
	// knockInterval is how often is tried whether webhooks are taken.
	knockInterval = 50 * time.Millisecond
	// lookInterval is how often is looked how far the log has come. To count a week is work
	// for Loki, while it has the week to write.
	lookInterval = time.Second
	// patience is how long may pass without a line more in the log while some are missing.
	patience = 90 * time.Second
)

// play waits for the collector, plays the history and then what happens now.
func (d *demo) play(ctx context.Context, pushed []history.Event) error {
	d.screen.line("Starting Integration Log, with its data in %s", d.directory.path)
	if err := d.awaitReceivers(ctx); err != nil {
		return err
	}
	d.introduce()
	var ended <-chan time.Time
	if d.options.Duration > 0 {
		timer := time.NewTimer(time.Until(d.begun.Add(d.options.Duration)))
		defer timer.Stop()
		ended = timer.C
	}
	if err := d.fill(ctx, pushed); err != nil {
		return err
	}
	d.explain()
	if err := d.live(ctx, ended); err != nil {
		return err
	}
	return d.settle(ctx)
}

// awaitReceivers waits until the webhooks are taken: who has no secret gets 401 from a
// receiver that runs.
func (d *demo) awaitReceivers(ctx context.Context) error {
	tick := time.NewTicker(knockInterval)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url(webhookPort)+"/shopify", http.NoBody)
		if err != nil {
			return err
		}
		if response, err := d.store.client.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusUnauthorized {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// fill sends the history, the latest first because that is what one looks at first, and
// waits until all of it is in the log.
func (d *demo) fill(ctx context.Context, pushed []history.Event) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		sending, ctx := errgroup.WithContext(ctx)
		sending.SetLimit(senders)
		for _, event := range slices.Backward(pushed) {
			if ctx.Err() != nil {
				break
			}
			sending.Go(func() error { return d.vendors.Push(ctx, event) })
		}
		return sending.Wait()
	})
	group.Go(func() error { return d.await(ctx, "The last seven days") })
	if err := group.Wait(); err != nil {
		return err
	}
	d.screen.done()
	d.screen.line("  %s  the week is complete: %s activities", d.passed(), number(d.ledger.sent()))
	return nil
}

// await waits until the log has all that it has to have.
func (d *demo) await(ctx context.Context, what string) error {
	tick := time.NewTicker(lookInterval)
	defer tick.Stop()
	most, since := 0, time.Now()
	for {
		logged, err := d.store.count(ctx, ofVendors)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		count, expected := d.ledger.found(logged, time.Now())
		if err == nil && count > most {
			most, since = count, time.Now()
		}
		if !d.seen && d.store.isShown(ctx) {
			d.seen = true
			d.screen.line("  %s  the log page shows the first activities", d.passed())
		}
		if err == nil && count >= expected {
			return nil
		}
		d.screen.progress("  %s  %s: %s of %s activities are in the log", d.passed(), what, number(most), number(expected))
		if time.Since(since) > patience {
			return d.missing(most, expected, err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

func (*demo) missing(count, expected int, err error) error {
	const text = "%d of %d activities are in the log, and for %s there were no more"
	if err != nil {
		return fmt.Errorf(text+": %w", count, expected, patience, err)
	}
	return fmt.Errorf(text, count, expected, patience)
}

// live lets things happen until somebody ends it.
func (d *demo) live(ctx context.Context, ended <-chan time.Time) error {
	now := d.company.Live()
	timer := time.NewTimer(0)
	defer timer.Stop()
	if d.options.Rate == 0 {
		timer.Stop()
	}
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ended:
			return nil
		case <-timer.C:
		}
		event := now.Next(time.Now())
		if err := d.vendors.Happen(ctx, event); err != nil {
			return err
		}
		d.ledger.add(event)
		d.screen.progress("  %s  live: %s, the last at %s of %s", time.Now().Format(time.TimeOnly), plural(n+1, "activity", "activities"),
			event.At.Local().Format(time.TimeOnly), event.What.Product())
		timer.Reset(now.Wait(d.options.Rate))
	}
}

// settle waits until what happened last is in the log too, and says whether it is all there.
func (d *demo) settle(ctx context.Context) error {
	d.screen.done()
	if err := d.await(ctx, "Waiting for the last"); err != nil {
		return err
	}
	ours, err := d.store.count(ctx, ofVendors)
	if err != nil {
		return err
	}
	all, err := d.store.count(ctx, everything)
	if err != nil {
		return err
	}
	count, expected := d.ledger.found(ours, time.Now())
	more := ""
	if others := sum(all) - count; others > 0 {
		more = ", which has " + plural(others, "line", "lines") + " more"
	}
	d.screen.done()
	d.screen.line("  %s  in seven days %s activities happened at the vendors, and %s of them are in the log%s", d.passed(), number(expected), number(count), more)
	return nil
}

func sum(counts map[activity.Product]int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}
