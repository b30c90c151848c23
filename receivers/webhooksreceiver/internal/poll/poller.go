// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package poll reads the log of all webhooks once, as far as it is new.
package poll // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/poll"

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

const (
	// asideFor is how long a webhook is left alone that may not be read.
	asideFor = 15 * time.Minute
	// maxFailures is after how many webhooks that cannot be read the poll ends: it is
	// not theirs, then.
	maxFailures = 3
)

// Settings tell what is polled, and where it goes to.
type Settings struct {
	API     *zendesk.Client
	Store   *checkpoint.Store
	Scope   activity.Scope
	Account string
	// InitialLookback is how far the first poll of a webhook reaches back.
	InitialLookback time.Duration
	// Overlap is by how much a window reaches into the last one.
	Overlap time.Duration
	// Attempts fetches the attempts of failures, and IncludePayload keeps them.
	Attempts       bool
	IncludePayload bool
	// Deliver returns nil once the checkpoint may move on.
	Deliver func(ctx context.Context, logs plog.Logs) error
	// Observe is told how a poll went.
	Observe func(Result)
	Logger  *zap.Logger
	// Now is the clock.
	Now func() time.Time
}

// Result is how a poll went.
type Result struct {
	// Started is when it began; what was completed before has been read if Complete, which
	// it is not while a webhook is set aside.
	Started  time.Time
	Complete bool
	// Aside is how many webhooks are set aside.
	Aside int
	// Unreadable is how many webhooks and invocations could not be understood, and Lost
	// how many of them were not there before.
	Unreadable, Lost int
}

// Poller polls. It is not safe for concurrent use.
type Poller struct {
	settings Settings
	state    state
	// aside holds the webhooks that are left alone, and tried tells when one was last
	// read, successfully or not.
	aside map[string]aside
	tried map[string]time.Time
	// listed are the webhooks that there are.
	listed []zendesk.Webhook
	// unreadable is what could not be understood of each webhook, and of their list.
	unreadable map[string]*unreadable
	// noAttempts is true once attempts could not be fetched in a poll.
	noAttempts bool
}

// aside is a webhook that is left alone for a while, and why.
type aside struct {
	until time.Time
	err   error
}

// New returns a poller.
func New(settings Settings) *Poller {
	return &Poller{
		settings: settings,
		state:    newState(settings.Store),
		aside:    map[string]aside{},
		tried:    map[string]time.Time{},

		unreadable: map[string]*unreadable{},
	}
}

// Load reads how far earlier processes came.
func (p *Poller) Load(ctx context.Context) error { return p.state.load(ctx) }

// Poll reads what is new.
func (p *Poller) Poll(ctx context.Context) error {
	started := p.settings.Now()
	p.noAttempts = false
	webhooks, unreadable, err := p.settings.API.Webhooks(ctx)
	if err != nil {
		return Explain(err)
	}
	result := Result{Started: started}
	// those that an earlier poll, or process, could not hand over
	if err := p.handOverGaps(ctx); err != nil {
		return err
	}
	if err := p.state.prune(ctx, webhooks, started); err != nil {
		return err
	}
	p.forgetGone(webhooks)
	p.noteUnreadable("", unreadable, true, &result)
	p.listed = webhooks
	err = p.pollAll(ctx, webhooks, &result)
	if ctx.Err() == nil {
		err = errors.Join(err, p.reportOpen(ctx, started))
	}
	// Save also what was reached before an error, and when the process ends.
	err = errors.Join(err, p.state.saveIndex(context.WithoutCancel(ctx)))
	result.Aside = len(p.aside)
	result.Complete = err == nil && result.Aside == 0
	p.settings.Observe(result)
	return err
}

// pollAll reads one webhook after the other. Those that were not tried for longest come
// first, so that an error that comes again and again starves none.
func (p *Poller) pollAll(ctx context.Context, webhooks []zendesk.Webhook, result *Result) error {
	slices.SortFunc(webhooks, func(a, b zendesk.Webhook) int {
		if order := p.tried[a.ID].Compare(p.tried[b.ID]); order != 0 {
			return order
		}
		return strings.Compare(a.ID, b.ID)
	})
	var failures []error
	for _, webhook := range webhooks {
		if closed, ok := p.aside[webhook.ID]; ok && result.Started.Before(closed.until) {
			continue
		}
		p.tried[webhook.ID] = result.Started
		unreadable, err := p.pollOne(ctx, webhook)
		p.noteUnreadable(webhook.ID, unreadable, err == nil, result)
		switch {
		case err == nil:
			p.state.polled(webhook.ID, result.Started)
			p.backFromAside(webhook)
		case ctx.Err() != nil:
			return ctx.Err()
		case isClosed(err):
			p.setAside(webhook, err, result.Started)
		default:
			failures = append(failures, fmt.Errorf("webhook %s: %w", webhook.ID, Explain(err)))
			if !isOwn(err) || len(failures) >= maxFailures {
				return errors.Join(failures...)
			}
		}
	}
	if len(webhooks) > 0 && len(p.aside) == len(webhooks) {
		// then it is not theirs, and everything is missing
		return fmt.Errorf("no webhook can be read: %w", p.aside[webhooks[0].ID].err)
	}
	return errors.Join(failures...)
}

// setAside leaves a webhook alone for a while, so that it does not stop the others.
func (p *Poller) setAside(webhook zendesk.Webhook, err error, now time.Time) {
	err = fmt.Errorf("webhook %s: %w", webhook.ID, explainClosed(err))
	if _, ok := p.aside[webhook.ID]; !ok {
		p.settings.Logger.Warn("A webhook cannot be read and is set aside; the others are not concerned",
			zap.String("webhook", webhook.ID), zap.Duration("for", asideFor), zap.Error(err))
	}
	p.aside[webhook.ID] = aside{until: now.Add(asideFor), err: err}
}

func (p *Poller) backFromAside(webhook zendesk.Webhook) {
	if _, ok := p.aside[webhook.ID]; ok {
		delete(p.aside, webhook.ID)
		p.settings.Logger.Info("A webhook that was set aside can be read again", zap.String("webhook", webhook.ID))
	}
}

// forgetGone forgets about webhooks that are gone.
func (p *Poller) forgetGone(webhooks []zendesk.Webhook) {
	gone := func(id string) bool {
		return !slices.ContainsFunc(webhooks, func(w zendesk.Webhook) bool { return w.ID == id })
	}
	maps.DeleteFunc(p.aside, func(id string, _ aside) bool { return gone(id) })
	maps.DeleteFunc(p.tried, func(id string, _ time.Time) bool { return gone(id) })
	maps.DeleteFunc(p.unreadable, func(id string, _ *unreadable) bool { return id != "" && gone(id) })
}

// isClosed tells whether it is this webhook that may not be read, or is gone.
func isClosed(err error) bool {
	var status *apiclient.StatusError
	return errors.As(err, &status) && (status.Code == http.StatusForbidden || status.Code == http.StatusNotFound)
}

// isOwn tells whether another webhook may go better: not if there is no connection, no
// credential or no budget left.
func isOwn(err error) bool {
	if status, ok := errors.AsType[*apiclient.StatusError](err); ok {
		return status.Code != http.StatusUnauthorized && status.Code != http.StatusTooManyRequests
	}
	return zendesk.IsBadAnswer(err)
}
