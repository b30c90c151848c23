// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/soql"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/zendesklookup"
)

// Check tries what the receiver does, so that an operator can find out what is wrong with
// a configuration. It calls try for each step, with a function that returns what was found,
// or an error that says how to cure it. What builds on a step that failed is left out.
// Nothing is changed at any vendor, and no record is made.
func Check(config *Config, build component.BuildInfo, try func(name string, run func(context.Context) (found string, err error)) bool) {
	c := &checker{config: config, userAgent: userAgentOf(build)}
	defer c.close()
	if !try("Salesforce's settings are complete", c.settings) {
		return
	}
	if try("Salesforce gives a token to the app", c.token) {
		if config.ChangeDataCapture.Enabled {
			for _, topic := range config.ChangeDataCapture.Topics {
				try(topic+" can be subscribed", func(ctx context.Context) (string, error) { return "", c.topic(ctx, topic) })
			}
		}
		if config.EventLogFiles.Enabled {
			try("Salesforce lists the event log files", c.files)
		}
	}
	if config.confirms() {
		try("Zendesk looks organizations and users up", c.lookUp)
	}
}

// checker holds what one step leaves to the next.
type checker struct {
	config     *Config
	userAgent  string
	connection *connection
	client     *pubsub.Client
	zendesk    *apiclient.Client
}

func (c *checker) close() {
	if c.client != nil {
		_ = c.client.Close() // nothing is on its way any more
	}
	if c.zendesk != nil {
		c.zendesk.Close()
	}
	c.connection.close()
}

func (c *checker) settings(ctx context.Context) (string, error) {
	if err := c.config.Validate(); err != nil {
		return "", err
	}
	var err error
	if c.connection, err = connect(ctx, c.config, c.userAgent); err != nil {
		return "", err
	}
	if c.config.confirms() {
		c.zendesk, err = connectZendesk(ctx, c.config, c.userAgent)
	}
	return c.connection.tokens.instance.Host, err
}

func (c *checker) token(ctx context.Context) (string, error) {
	if _, err := c.connection.tokens.Token(ctx); err != nil {
		return "", err
	}
	organization, err := c.connection.tokens.account(ctx)
	if err != nil {
		return "", err
	}
	c.client, err = newPubSub(c.config, c.connection, organization, c.userAgent)
	return "organization " + organization, err
}

func (c *checker) topic(ctx context.Context, topic string) error {
	return c.client.CheckTopic(ctx, topic)
}

// files counts the files of the last two days by their type: daily ones come a day late.
func (c *checker) files(ctx context.Context) (string, error) {
	rows, err := soql.Query[struct {
		EventType string `json:"EventType"`
	}](ctx, soql.Querier{API: c.connection.api, Version: c.config.APIVersion},
		"SELECT EventType FROM EventLogFile WHERE CreatedDate >= "+soql.Literal(time.Now().Add(-48*time.Hour)))
	if err != nil {
		return "", explain(err)
	}
	count := map[string]int{}
	for _, row := range rows.Records {
		count[row.EventType]++
	}
	var found []string
	for _, eventType := range slices.Sorted(maps.Keys(count)) {
		if eventType == "RestApi" || eventType == "ApiTotalUsage" || eventType == "BulkApi2" || eventType == "Login" {
			found = append(found, fmt.Sprintf("%s: %d", eventType, count[eventType]))
		}
	}
	if len(found) == 0 {
		return "none of the last 2 days; the user may need View Event Log Files, or nobody has called the API", nil
	}
	return strings.Join(found, ", "), nil
}

// lookUp asks for records that cannot be there.
func (c *checker) lookUp(ctx context.Context) (string, error) {
	lookup := explained{zendesklookup.New(c.zendesk, nil)}
	none, _ := sfid.Parse("001000000000000AAA")
	var errs []error
	for _, kind := range []confirmation.Kind{confirmation.Organization, confirmation.User} {
		_, err := lookup.Find(ctx, kind, []sfid.Short{none})
		if err == nil || !slices.ContainsFunc(errs, func(other error) bool { return other.Error() == err.Error() }) {
			errs = append(errs, err)
		}
	}
	return "", errors.Join(errs...)
}
