// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// checked runs a check, and returns a line for each step.
func checked(t *testing.T, config *Config) (lines []string) {
	t.Helper()
	Check(config, component.NewDefaultBuildInfo(), func(name string, run func(context.Context) (string, error)) bool {
		found, err := run(t.Context())
		lines = append(lines, fmt.Sprintf("%s: %s%v", name, found, err))
		return err == nil
	})
	return lines
}

func startAccount(t *testing.T, settings zendesk.Settings) (*zendesk.Account, *Config) {
	t.Helper()
	account, err := zendesk.Start(settings)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, account.Close()) })
	config := createDefaultConfig().(*Config)
	config.Endpoint = account.URL
	config.ClientID, config.ClientSecret = account.Settings().ClientID, configopaque.String(account.Settings().ClientSecret)
	return account, config
}

func TestCheckOfAnAccount(t *testing.T) {
	account, config := startAccount(t, zendesk.Settings{APIToken: "a-legacy-token"})
	lines := checked(t, config)
	require.Len(t, lines, 4)
	assert.Contains(t, lines[2], "0 of them")
	assert.Contains(t, lines[3], "there is no webhook yet")

	account.RefuseWebhook(account.AddWebhook(zendesk.Webhook{Name: "Closed"}), http.StatusForbidden)
	open := account.AddWebhook(zendesk.Webhook{Name: "Notify ERP"})
	account.AddTraffic(open, 120, account.Settings().Now(), 1)
	lines = checked(t, config)
	require.Len(t, lines, 4)
	assert.Contains(t, lines[2], "2 of them")
	assert.Contains(t, lines[3], open+" has 100 or more in the last 7 days")

	config.ClientID, config.ClientSecret = "", ""
	config.Email, config.APIToken = account.Settings().Email, "a-legacy-token"
	lines = checked(t, config)
	require.Len(t, lines, 3, "there is no token to ask for")
	assert.Contains(t, lines[0], "30 April 2027")
	assert.Contains(t, lines[2], "100 or more")
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	tests := map[string]struct {
		breakIt func(t *testing.T, account *zendesk.Account, config *Config)
		steps   int
		want    string
	}{
		"nothing set": {func(_ *testing.T, _ *zendesk.Account, config *Config) {
			config.Endpoint, config.ClientID, config.ClientSecret = "", "", ""
		}, 1, "endpoint: must not be empty"},
		"a path": {func(_ *testing.T, _ *zendesk.Account, config *Config) { config.Endpoint += "/agent" }, 1, "must have no path"},
		"nobody listens": {func(t *testing.T, account *zendesk.Account, _ *Config) {
			t.Helper()
			require.NoError(t, account.Close())
		}, 2, "connection refused"},
		"another client": {func(_ *testing.T, _ *zendesk.Account, config *Config) { config.ClientID = "stranger" }, 2, "invalid_client"},
		"another secret": {func(_ *testing.T, _ *zendesk.Account, config *Config) { config.ClientSecret = "guessed" }, 2, "check client_id and client_secret"},
		"no such scope":  {func(_ *testing.T, _ *zendesk.Account, config *Config) { config.Scopes = []string{"hooks"} }, 2, "must allow the scope webhooks:read"},
		"another scope":  {func(_ *testing.T, _ *zendesk.Account, config *Config) { config.Scopes = []string{"users:read"} }, 3, "needs the scope webhooks:read"},
		"no such account": {func(_ *testing.T, account *zendesk.Account, _ *Config) {
			account.Inject(endpoint.Fault{Times: endpoint.Always, Answer: endpoint.Status(http.StatusNotFound, "text/html", "<html>")})
		}, 2, "there is no such account"},
		"moved": {func(_ *testing.T, account *zendesk.Account, _ *Config) {
			account.Inject(endpoint.Fault{Times: endpoint.Always, Answer: endpoint.Redirect("http://127.0.0.1:1")})
		}, 2, "redirects are not followed"},
		"login page": {func(_ *testing.T, account *zendesk.Account, _ *Config) {
			account.Inject(endpoint.Fault{Path: "/api", Times: endpoint.Always, Answer: endpoint.Status(http.StatusOK, "text/html", "<html>")})
		}, 3, "not valid JSON"},
		"all closed": {func(_ *testing.T, account *zendesk.Account, _ *Config) {
			account.RefuseWebhook(account.AddWebhook(zendesk.Webhook{Name: "Closed"}), http.StatusForbidden)
		}, 4, "must be an admin"},
		"wrong legacy token": {func(_ *testing.T, account *zendesk.Account, config *Config) {
			config.ClientID, config.ClientSecret = "", ""
			config.Email, config.APIToken = account.Settings().Email, "guessed"
		}, 2, "the API token"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			account, config := startAccount(t, zendesk.Settings{})
			secret := string(config.ClientSecret)
			test.breakIt(t, account, config)
			lines := checked(t, config)
			require.Len(t, lines, test.steps, lines)
			assert.Contains(t, lines[test.steps-1], test.want)
			assert.NotContains(t, strings.Join(lines, ""), secret)
		})
	}
}
