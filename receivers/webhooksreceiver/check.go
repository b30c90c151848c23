// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver"

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/baseurl"
	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/poll"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

// maxChecked is how many webhooks a check looks at, at most, to find one that can be read.
const maxChecked = 5

// Check tries what the receiver does, so that an operator can find out what is wrong with
// a configuration. It calls try for each step, with a function that returns what was found,
// or an error that says how to cure it, and ends when try returns false. Nothing is changed
// at Zendesk, and no record is made.
func Check(config *Config, build component.BuildInfo, try func(name string, run func(context.Context) (found string, err error)) bool) {
	c := &checker{config: config, userAgent: userAgentOf(build)}
	defer func() {
		if c.client != nil {
			c.client.Close()
		}
	}()
	_ = try("Zendesk's settings are complete", c.settings) &&
		(!config.usesClient() || try("Zendesk gives a token to the OAuth client", c.token)) &&
		try("Zendesk lists the webhooks", c.list) &&
		try("The invocations of a webhook can be read", c.invocations)
}

// checker holds what one step leaves to the next.
type checker struct {
	config    *Config
	userAgent string
	client    *apiclient.Client
	tokens    oauth.TokenSource
	api       *zendesk.Client
	webhooks  []zendesk.Webhook
}

func (c *checker) settings(ctx context.Context) (string, error) {
	if err := c.config.Validate(); err != nil {
		return "", err
	}
	base, err := baseurl.Parse("endpoint", c.config.Endpoint)
	if err != nil {
		return "", err
	}
	c.client, c.tokens, err = connect(ctx, c.config, base, nil, c.userAgent)
	if err != nil {
		return "", err
	}
	c.api = zendesk.New(c.client)
	if !c.config.usesClient() {
		return base.Host + ", with an API token; " + legacyWarning, nil
	}
	return base.Host, nil
}

func (c *checker) token(ctx context.Context) (string, error) {
	_, err := c.tokens.Token(ctx)
	return "", poll.Explain(err)
}

func (c *checker) list(ctx context.Context) (string, error) {
	webhooks, unreadable, err := c.api.Webhooks(ctx)
	if err != nil {
		return "", poll.Explain(err)
	}
	c.webhooks = webhooks
	found := fmt.Sprintf("%d of them", len(webhooks))
	if len(unreadable) > 0 {
		found += fmt.Sprintf(", and %d that cannot be understood", len(unreadable))
	}
	return found, nil
}

// invocations reads those of one webhook. One alone may be closed to the client, such as
// an app's; only if none can be read something is wrong.
func (c *checker) invocations(ctx context.Context) (string, error) {
	if len(c.webhooks) == 0 {
		return "there is no webhook yet", nil
	}
	var first error
	for _, webhook := range c.webhooks[:min(len(c.webhooks), maxChecked)] {
		page, err := c.api.Invocations(ctx, webhook.ID, time.Now().Add(-zendesk.Retention), "")
		if err == nil {
			more := ""
			if page.Next != "" {
				more = " or more"
			}
			return fmt.Sprintf("%s has %d%s in the last 7 days", webhook.ID, len(page.Items), more), nil
		}
		if first == nil {
			first = fmt.Errorf("webhook %s: %w", webhook.ID, poll.Explain(err))
		}
	}
	return "", first
}
