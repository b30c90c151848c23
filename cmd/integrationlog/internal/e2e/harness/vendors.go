// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// AddZendesk starts an account, which the installation knows by nothing but the variables.
func (i *Installation) AddZendesk(tb testing.TB) *zendesk.Account {
	tb.Helper()
	account, err := zendesk.Start(zendesk.Settings{WebhookLimit: zendesk.NoLimit})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, account.Close()) })
	i.Env["ZENDESK_URL"] = account.URL
	i.Env["ZENDESK_CLIENT_ID"] = account.Settings().ClientID
	i.Env["ZENDESK_CLIENT_SECRET"] = account.Settings().ClientSecret
	return account
}

// AddSalesforce starts an organization, which the installation knows by nothing but the
// variables. The users are those of the integration, besides the organization's own.
func (i *Installation) AddSalesforce(tb testing.TB, users ...string) *salesforce.Org {
	tb.Helper()
	org, err := salesforce.Start(salesforce.Settings{PubSub: pubsub.Settings{Keepalive: time.Second, CreditTimeout: 2 * time.Second}})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, org.Close()) })
	i.Env["SALESFORCE_LOGIN_URL"] = org.URL
	i.Env["SALESFORCE_CLIENT_ID"] = org.Settings().ClientID
	i.Env["SALESFORCE_CLIENT_SECRET"] = org.Settings().ClientSecret
	i.Env["SALESFORCE_INTEGRATION_USERS"] = strings.Join(append(users, org.Settings().UserID), ",")
	i.Env["SALESFORCE_PUBSUB_ENDPOINT"] = "http://" + org.PubSub.Address
	return org
}
