// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesklookup

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"
)

// TestSimulatedZendesk confirms changes at a simulated Zendesk, over HTTP and within its
// rate limit.
func TestSimulatedZendesk(t *testing.T) {
	clock := now
	account, err := zendesk.Start(zendesk.Settings{Now: func() time.Time { return clock }, TicketingLimit: 4})
	require.NoError(t, err)
	client, err := apiclient.New(apiclient.Settings{
		BaseURL: account.URL, Tokens: tokens{account},
	})
	require.NoError(t, err)
	defer func() {
		client.Close()
		require.NoError(t, account.Close())
	}()
	store, err := checkpoint.Open(t.Context(), componenttest.NewNopHost(), nil, receiver.Settings{})
	require.NoError(t, err)
	var taken []activity.Activity
	tracker, err := confirmation.New(confirmation.Settings{
		Zendesk: New(client, func() time.Time { return clock }),
		Account: func(context.Context) (string, error) { return "00D5e000000AbCdEAE", nil },
		Store:   store,
		Deliver: func(_ context.Context, activities []activity.Activity) error {
			taken = append(taken, activities...)
			return nil
		},
		Now: func() time.Time { return clock },
	})
	require.NoError(t, err)

	company, person, lead := short(t, "0015e00000AbCdE"), short(t, "0035e00000AbCdE"), short(t, "00Q5e00000AbCdE")
	account.PutOrganization(zendesk.Organization{ID: 360001, Name: "canary", ExternalID: company.Long(), UpdatedAt: now.Add(5 * time.Second)})
	account.PutUser(zendesk.User{ID: 360002, Name: "canary", Email: "canary@example.com", ExternalID: person.String(), UpdatedAt: now.Add(-time.Hour)})
	_, err = tracker.Add(t.Context(), []confirmation.Change{
		{Entity: "Account", RecordID: company.Long(), At: now}, {Entity: "Contact", RecordID: person.Long(), At: now}, {Entity: "Lead", RecordID: lead.Long(), At: now},
	})
	require.NoError(t, err)

	for ; clock.Before(now.Add(20 * time.Minute)); clock = clock.Add(20 * time.Second) {
		require.NoError(t, tracker.Poll(t.Context()))
	}
	require.Len(t, taken, 3)
	statuses := map[string]activity.Status{}
	for i := range taken {
		statuses[taken[i].Type] = taken[i].Status
		require.NotContains(t, taken[i].Description, "canary")
	}
	require.Equal(t, map[string]activity.Status{"account_sync": activity.Info, "contact_sync": activity.Warning, "lead_sync": activity.Warning}, statuses)
	require.Zero(t, tracker.Pending())
}

type tokens struct{ account *zendesk.Account }

func (s tokens) Token(context.Context) (oauth.Token, error) {
	return oauth.NewBearer(configopaque.String(s.account.Token()), time.Time{}, nil), nil
}

func (tokens) Invalidate(oauth.Token) {}
