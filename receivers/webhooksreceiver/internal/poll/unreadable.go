// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package poll // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/poll"

import (
	"time"

	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

const (
	// warnEvery is how often the log tells at most that something of a webhook cannot be
	// understood.
	warnEvery = time.Hour
	// maxUnreadable bounds what is remembered of a webhook.
	maxUnreadable = 10_000
)

// unreadable is what could not be understood of a webhook. It comes again with each window
// that overlaps, and must not count again.
type unreadable struct {
	known    map[uint64]struct{}
	warnedAt time.Time
}

// noteUnreadable counts what could not be understood of a webhook, or of the list of
// webhooks if id is empty, and warns of it: no record says that it is missing.
func (p *Poller) noteUnreadable(id string, found zendesk.Unreadable, complete bool, result *Result) {
	result.Unreadable += len(found)
	u := p.unreadable[id]
	if u == nil {
		if len(found) == 0 {
			return
		}
		u = &unreadable{}
		p.unreadable[id] = u
	}
	known := make(map[uint64]struct{}, len(found))
	lost := 0
	for _, hash := range found {
		if _, ok := u.known[hash]; !ok {
			lost++
		}
		if len(known) < maxUnreadable {
			known[hash] = struct{}{}
		}
	}
	if !complete {
		// the rest was not seen this time
		for hash := range u.known {
			if len(known) < maxUnreadable {
				known[hash] = struct{}{}
			}
		}
	}
	u.known = known
	result.Lost += lost
	if lost == 0 || !u.warnedAt.IsZero() && result.Started.Sub(u.warnedAt) < warnEvery {
		return
	}
	u.warnedAt = result.Started
	if id == "" {
		p.settings.Logger.Warn("Webhooks cannot be understood, and are not read", zap.Int("webhooks", lost))
		return
	}
	p.settings.Logger.Warn("Invocations of a webhook cannot be understood, and are lost",
		zap.String("webhook", id), zap.Int("invocations", lost))
}
