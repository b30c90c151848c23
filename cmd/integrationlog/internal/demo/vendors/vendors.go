// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package vendors // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/vendors"

import (
	"errors"
	"maps"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// requestLimit is how many requests a minute the simulated Zendesk takes of the webhooks
// API. The real one takes about 100; with that, a week would take minutes to read.
const requestLimit = 10_000

// Vendors are the vendors of a company.
type Vendors struct {
	org     *salesforce.Org
	account *zendesk.Account
	senders *senderSet
}

// Start starts those vendors that are fetched from. Webhooks are posted below a base
// address, such as http://localhost:8700.
func Start(company *history.Company, webhooks string) (*Vendors, error) {
	org, err := salesforce.Start(salesforce.Settings{UserID: history.IntegrationUser})
	if err != nil {
		return nil, err
	}
	account, err := zendesk.Start(zendesk.Settings{WebhookLimit: requestLimit, TicketingLimit: requestLimit})
	if err != nil {
		return nil, errors.Join(err, org.Close())
	}
	for _, webhook := range company.Webhooks {
		account.AddWebhook(zendesk.Webhook{ID: webhook.ID, Name: webhook.Name, Endpoint: webhook.Endpoint})
	}
	return &Vendors{org: org, account: account, senders: newSenders(webhooks)}, nil
}

// Environment returns the variables that switch all products on, with the vendors'
// addresses and secrets.
func (v *Vendors) Environment() map[string]string {
	environment := map[string]string{
		"SALESFORCE_LOGIN_URL":         v.org.URL,
		"SALESFORCE_CLIENT_ID":         v.org.Settings().ClientID,
		"SALESFORCE_CLIENT_SECRET":     v.org.Settings().ClientSecret,
		"SALESFORCE_INTEGRATION_USERS": v.org.Settings().UserID,
		"SALESFORCE_PUBSUB_ENDPOINT":   "http://" + v.org.PubSub.Address,
		"ZENDESK_URL":                  v.account.URL,
		"ZENDESK_CLIENT_ID":            v.account.Settings().ClientID,
		"ZENDESK_CLIENT_SECRET":        v.account.Settings().ClientSecret,
	}
	maps.Copy(environment, v.senders.secrets)
	return environment
}

// Secret returns the secret that a variable holds.
func (v *Vendors) Secret(variable string) string { return v.senders.secrets[variable] }

// Close ends the vendors.
func (v *Vendors) Close() error {
	v.senders.client.CloseIdleConnections()
	return errors.Join(v.account.Close(), v.org.Close())
}
