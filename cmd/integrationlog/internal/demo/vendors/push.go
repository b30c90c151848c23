// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package vendors // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/vendors"

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/senders"
)

const (
	// attempts are how often a webhook is sent until it is taken; a real vendor comes again too.
	attempts = 10
	// connections are kept open to the collector.
	connections = 64
	// answerTimeout is longer than any receiver takes to say 503.
	answerTimeout = 30 * time.Second
)

// The variables that hold the secrets of what is pushed.
const (
	shopifySecret = "SHOPIFY_WEBHOOK_SECRET" //nolint:gosec // the name of a variable
	suncoSecret   = "SUNCO_WEBHOOK_SECRET"   //nolint:gosec // the name of a variable
	botToken      = "BOT_BUILDER_TOKEN"      //nolint:gosec // the name of a variable
	actionsToken  = "ACTIONS_TOKEN"
	// ZISToken is the variable of the token of ZIS.
	ZISToken = "ZIS_TOKEN"
)

// senderSet is what pushes. Each has a secret that was made up for this run.
type senderSet struct {
	client   *http.Client
	secrets  map[string]string
	shop     func(domain string) senders.Shopify
	messages senders.SunshineConversations
	entries  map[activity.Product]senders.Entries
}

func newSenders(webhooks string) *senderSet {
	s := &senderSet{secrets: map[string]string{}, client: &http.Client{
		Timeout: answerTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: connections},
	}}
	for _, variable := range []string{shopifySecret, suncoSecret, botToken, actionsToken, ZISToken} {
		s.secrets[variable] = rand.Text()
	}
	s.shop = func(domain string) senders.Shopify {
		return senders.NewShopify(s.client, webhooks+"/shopify", s.secrets[shopifySecret], domain)
	}
	s.messages = senders.NewSunshineConversations(s.client, webhooks+"/sunshine-conversations", s.secrets[suncoSecret], history.MessagingApp)
	s.entries = map[activity.Product]senders.Entries{
		activity.BotBuilder: senders.NewEntries(s.client, webhooks+"/bot-builder", s.secrets[botToken]),
		activity.Actions:    senders.NewEntries(s.client, webhooks+"/actions", s.secrets[actionsToken]),
		activity.ZIS:        senders.NewEntries(s.client, webhooks+"/zis", s.secrets[ZISToken]),
	}
	return s
}

// Happen lets an event happen now: what is pushed is sent, what is fetched is kept.
func (v *Vendors) Happen(ctx context.Context, event history.Event) error {
	switch what := event.What.(type) {
	case history.Change:
		return v.change(what)
	case history.Invocation:
		v.invocation(what)
		return nil
	case history.Call:
		return errors.New("a call to Salesforce is told of in files, hours later")
	default:
		return v.Push(ctx, event)
	}
}

var errNotPushed = errors.New("what is fetched from a vendor is not pushed")

// Push sends an event, and as a vendor would again if it is not taken.
func (v *Vendors) Push(ctx context.Context, event history.Event) error {
	var failure error
	for range attempts {
		answer, err := v.senders.send(ctx, event.What)
		pause := time.Second
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errNotPushed):
			return err
		case err != nil:
			failure = err
		case answer.Accepted():
			return nil
		default:
			failure = fmt.Errorf("the receiver of %s answers %d %s", event.What.Product(), answer.Status, answer.Body)
			if answer.Status != http.StatusServiceUnavailable && answer.Status != http.StatusFailedDependency {
				return failure
			}
			pause = max(pause, retryAfter(answer))
		}
		if err := wait(ctx, pause); err != nil {
			return err
		}
	}
	return failure
}

func (s *senderSet) send(ctx context.Context, what history.What) (senders.Answer, error) {
	switch what := what.(type) {
	case history.Delivery:
		return s.shop(what.Shop).Send(ctx, what.Webhook)
	case history.Failure:
		return s.messages.Send(ctx, what.Event)
	case history.Entry:
		return s.entries[what.Of].Send(ctx, what.Entry)
	default:
		return senders.Answer{}, errNotPushed
	}
}

// retryAfter is how long the receiver asks to wait, in whole seconds.
func retryAfter(answer senders.Answer) time.Duration {
	seconds, err := strconv.Atoi(answer.RetryAfter)
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
