// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package sources knows how the receivers of this collector do, for the page's panel of
// sources: the collector tells it each change of their status.
package sources // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/sources"

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/text"
)

// maxReason bounds what is shown of an error, in bytes.
const maxReason = 500

// receiver is a type of receivers: the product that they receive, and whether they fetch it
// themselves. Those that wait to be called work well without anybody calling.
type receiver struct {
	product activity.Product
	fetches bool
}

var receivers = map[component.Type]receiver{
	component.MustNewType("actions"):                {product: activity.Actions},
	component.MustNewType("bot_builder"):            {product: activity.BotBuilder},
	component.MustNewType("salesforce"):             {product: activity.Salesforce, fetches: true},
	component.MustNewType("shopify"):                {product: activity.Shopify},
	component.MustNewType("sunshine_conversations"): {product: activity.SunshineConversations},
	component.MustNewType("zendesk_webhooks"):       {product: activity.Webhooks, fetches: true},
	component.MustNewType("zis"):                    {product: activity.ZIS},
}

// Sources knows how the receivers do. Several goroutines may use it.
type Sources struct {
	// off has, for products that are switched off, what would switch them on.
	off map[string][]string

	mu sync.Mutex
	// instances has the last status of each receiver. One that is in several pipelines is
	// one; several receivers of a type have ids of their own.
	instances map[component.ID]status
}

// status is what a receiver has said last.
type status struct {
	condition page.Condition
	since     time.Time
	reason    string
}

var (
	_ page.Components         = (*Sources)(nil)
	_ componentstatus.Watcher = (*Sources)(nil)
)

// New returns what knows of no receiver yet.
func New(off map[string][]string) *Sources {
	return &Sources{off: off, instances: map[component.ID]status{}}
}

// ComponentStatusChanged implements componentstatus.Watcher.
func (s *Sources) ComponentStatusChanged(source *componentstatus.InstanceID, event *componentstatus.Event) {
	id := source.ComponentID()
	kind, known := receivers[id.Type()]
	if source.Kind() != component.KindReceiver || !known {
		return
	}
	changed := status{condition: conditionOf(event.Status(), kind.fetches), since: event.Timestamp()}
	if err := event.Err(); err != nil {
		changed.reason = text.Cut(err.Error(), maxReason)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// What repeats itself has been so since the first time.
	if last, ok := s.instances[id]; ok && last.condition == changed.condition {
		changed.since = last.since
	}
	s.instances[id] = changed
}

func conditionOf(status componentstatus.Status, fetches bool) page.Condition {
	switch status {
	case componentstatus.StatusStarting:
		return page.Starting
	case componentstatus.StatusOK:
		if fetches {
			return page.Connected
		}
		return page.Listening
	case componentstatus.StatusRecoverableError:
		return page.Recoverable
	case componentstatus.StatusPermanentError, componentstatus.StatusFatalError:
		return page.Failed
	case componentstatus.StatusStopping, componentstatus.StatusStopped:
		return page.Stopped
	default:
		return page.Unknown
	}
}

// severity orders conditions: where a product has several receivers, the worst counts.
var severity = map[page.Condition]int{
	page.Unknown: 0, page.Connected: 1, page.Listening: 1, page.Starting: 2, page.Stopped: 3, page.Recoverable: 4, page.Failed: 5,
}

// isWorse tells whether a receiver does worse than another, or as bad for longer.
func (s status) isWorse(than page.Component) bool {
	if s.condition != than.Condition {
		return severity[s.condition] > severity[than.Condition]
	}
	return s.since.Before(than.Since)
}

// Components implements page.Components.
func (s *Sources) Components(context.Context) []page.Component {
	s.mu.Lock()
	defer s.mu.Unlock()
	worst := map[string]page.Component{}
	for id, status := range s.instances {
		product := string(receivers[id.Type()].product)
		if known, ok := worst[product]; ok && !status.isWorse(known) {
			continue
		}
		worst[product] = page.Component{Product: product, On: true, Condition: status.condition, Since: status.since, Reason: status.reason}
	}
	all := make([]page.Component, 0, len(receivers))
	for _, receiver := range receivers {
		product := string(receiver.product)
		if on, ok := worst[product]; ok {
			all = append(all, on)
			continue
		}
		all = append(all, page.Component{Product: product, Variables: s.off[product]})
	}
	return all
}
