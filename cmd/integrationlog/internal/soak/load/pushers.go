// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/senders"
)

const (
	// firstNumber makes every number as long as the others.
	firstNumber = 1_200_000
	// batch is how many events Sunshine Conversations posts at a time: one of each kind.
	batch = 6
	// patience is Shopify's; the others wait longer.
	patience = 5 * time.Second

	shop, app = "soak.myshopify.com", "64b5c0d619a30a2e00de36b8"
)

// pusher is a product that posts.
type pusher struct {
	product   activity.Product
	perSecond float64
	// once tells that nothing is sent again that was acknowledged.
	once bool
	// make makes the delivery of a number and a time: the same for the same.
	make func(number int, at time.Time) delivery
	last atomic.Int64
}

func (p *pusher) next() int { return firstNumber + int(p.last.Add(1)) }

// delivery is a post, and the activities of it that have to be in the log.
type delivery struct {
	activities []ledger.Activity
	send       func(context.Context) (senders.Answer, error)
}

// New returns the load of an installation: what is posted to it, and what the simulated
// vendors have for it.
func New(i *harness.Installation, l *ledger.Ledger, vendors Vendors) *Load {
	client := &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	load := &Load{ledger: l, pullers: []*puller{changes(vendors.Salesforce), calls(vendors.Salesforce), invocations(vendors.Zendesk)}}
	load.pushers = append(load.pushers, shopify(senders.NewShopify(client, i.Shop.URL, i.Shop.Secret, shop)), otlp(i))
	for _, pushed := range harness.PushedProducts {
		url := i.PushURL(pushed.Product)
		if pushed.Product == activity.SunshineConversations {
			load.pushers = append(load.pushers, conversations(senders.NewSunshineConversations(client, url, pushed.Secret, app)))
			continue
		}
		load.pushers = append(load.pushers, entries(pushed.Product, senders.NewEntries(client, url, pushed.Secret)))
	}
	return load
}

func shopify(sender senders.Shopify) *pusher {
	return &pusher{product: activity.Shopify, perSecond: 40, make: func(number int, at time.Time) delivery {
		webhook := senders.ShopifySample(number, at)
		return delivery{
			activities: []ledger.Activity{{
				Key: ledger.Key{Product: activity.Shopify, ID: strings.Join([]string{shop, webhook.Topic, webhook.DeliveryID}, "/")}, Number: number,
				Form: "shopify " + webhook.Topic, At: at, Failed: webhook.Failed,
			}},
			send: func(ctx context.Context) (senders.Answer, error) { return sender.Send(ctx, webhook) },
		}
	}}
}

// conversations posts batches. What did not fail is acknowledged, and not logged.
func conversations(sender senders.SunshineConversations) *pusher {
	return &pusher{product: activity.SunshineConversations, perSecond: 4, make: func(number int, at time.Time) delivery {
		var d delivery
		var events []senders.ConversationEvent
		for n := number * batch; n < (number+1)*batch; n++ {
			event := senders.ConversationSample(n, at)
			events = append(events, event)
			if event.Failed {
				d.activities = append(d.activities, ledger.Activity{
					Key: ledger.Key{Product: activity.SunshineConversations, ID: activity.JoinID(app, event.ID)}, Number: n,
					Form: fmt.Sprint("sunshine-conversations ", n%batch), At: at.Truncate(time.Millisecond), Failed: true,
				})
			}
		}
		d.send = func(ctx context.Context) (senders.Answer, error) { return sender.Send(ctx, events...) }
		return d
	}}
}

// entries posts what code at Zendesk does: with id and time, as the bundles do that are shipped.
func entries(product activity.Product, sender senders.Entries) *pusher {
	return &pusher{product: product, perSecond: 20, make: func(number int, at time.Time) delivery {
		entry := sample(product, number, at)
		return delivery{
			activities: []ledger.Activity{{
				Key:    ledger.Key{Product: product, ID: activity.JoinID(field(entry, "subdomain"), field(entry, integrationFields...), entry.ID)},
				Number: number, Form: fmt.Sprintln(product, entry.Message, entry.Level), At: at.Truncate(time.Second), Failed: entry.Failed(),
			}},
			send: func(ctx context.Context) (senders.Answer, error) { return sender.Send(ctx, entry) },
		}
	}}
}

// integrationFields are those that tell which integration of a product it is.
var integrationFields = []string{"integration_key", "bot", "flow", "action"}

func sample(product activity.Product, number int, at time.Time) senders.Entry {
	if product == activity.ZIS {
		return senders.ZISSample(number, at)
	}
	entry := senders.BotSample(number)
	if product == activity.Actions {
		entry = senders.ActionSample(number)
	}
	entry.ID, entry.Timestamp = fmt.Sprintf("run-%d", number), at.UTC().Format(time.RFC3339)
	return entry
}

// field returns the first of the fields that an entry has.
func field(entry senders.Entry, names ...string) string {
	for _, name := range names {
		if value, found := entry.Fields[name].(string); found {
			return value
		}
	}
	return ""
}
