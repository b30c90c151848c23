// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/check"
	"github.com/integrationlog/integrationlog/config"
)

// execute runs a command that ends by itself. Only one at a time can run, because
// feature gates are the process's own.
func execute(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	var printed bytes.Buffer
	cmd, err := New(&printed)
	require.NoError(t, err)
	cmd.SetOut(&printed)
	cmd.SetErr(io.Discard)
	cmd.SetArgs(arguments)
	err = cmd.Execute()
	return printed.String(), err
}

func TestTheEmbeddedConfigurationIsValid(t *testing.T) {
	t.Setenv("INTEGRATIONLOG_DATA_DIR", t.TempDir())
	t.Setenv("ZENDESK_URL", "https://acme.zendesk.com")
	t.Setenv("SALESFORCE_LOGIN_URL", "https://acme.my.salesforce.com")
	t.Setenv("SALESFORCE_INTEGRATION_USERS", "005000000000001")
	secrets := []string{
		"SHOPIFY_WEBHOOK_SECRET", "BOT_BUILDER_TOKEN", "ACTIONS_TOKEN", "ZIS_TOKEN", "SUNCO_WEBHOOK_SECRET",
		"ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET", "SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET",
	}
	legacy := []string{"ZENDESK_EMAIL", "ZENDESK_API_TOKEN"}
	key := []string{"SALESFORCE_CLIENT_ID", "SALESFORCE_USERNAME", "SALESFORCE_PRIVATE_KEY_FILE"}
	for name, on := range map[string][]string{
		"all products off": nil, "Shopify on": secrets[:1], "ZIS on": {"ZIS_TOKEN"}, "all products on": secrets, "webhooks by an API token": legacy,
		"Salesforce by a key": key,
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range slices.Concat(secrets, legacy, key) {
				t.Setenv(variable, "")
			}
			for _, variable := range on {
				t.Setenv(variable, "a-secret")
			}
			printed, err := execute(t, "validate")
			require.NoError(t, err)
			assert.Empty(t, printed, "what validate prints is read by programs")
		})
	}
}

func TestAnEnvironmentThatIsWrongIsNamed(t *testing.T) {
	t.Setenv("INTEGRATIONLOG_DATA_DIR", t.TempDir())
	t.Setenv("SHOPIFY_WEBHOOK_SECRET", "a-secret")
	t.Setenv("INTEGRATIONLOG_LOKI_PORT", "31OO")
	_, err := execute(t, "validate")
	require.ErrorContains(t, err, "embedded_loki")
	require.ErrorContains(t, err, "31OO")
}

// What other machines can reach asks for a credential, or does not start.
func TestOTLPIsForThisMachineOnly(t *testing.T) {
	t.Setenv("INTEGRATIONLOG_DATA_DIR", t.TempDir())
	open := []string{"validate", "--config", "yaml:" + config.AllInOne, "--config", "yaml:receivers::otlp::protocols::http::endpoint: 0.0.0.0:4318"}
	_, err := execute(t, open...)
	require.ErrorContains(t, err, "receivers::otlp::protocols::http::endpoint 0.0.0.0:4318 can be reached by other machines")
	_, err = execute(t, append(open,
		"--config", "yaml:receivers::otlp::protocols::http::auth::authenticator: bearertokenauth",
		"--config", "yaml:extensions::bearertokenauth::token: a-secret")...)
	require.NoError(t, err)
}

func TestACertificateWithoutItsKeyIsNamed(t *testing.T) {
	t.Setenv("INTEGRATIONLOG_DATA_DIR", t.TempDir())
	t.Setenv("SHOPIFY_WEBHOOK_SECRET", "a-secret")
	t.Setenv("INTEGRATIONLOG_TLS_CERT_FILE", "cert.pem")
	_, err := execute(t, "validate")
	require.ErrorContains(t, err, "key")
}

func TestHelpTellsWhatItTakes(t *testing.T) {
	printed, err := execute(t, "--help")
	require.NoError(t, err)
	for _, word := range []string{"SHOPIFY_WEBHOOK_SECRET", "ZIS_TOKEN", "BOT_BUILDER_TOKEN", "ACTIONS_TOKEN", "SUNCO_WEBHOOK_SECRET", "ZENDESK_URL", "ZENDESK_CLIENT_ID", "ZENDESK_CLIENT_SECRET", "ZENDESK_EMAIL", "ZENDESK_API_TOKEN", "SALESFORCE_LOGIN_URL", "SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET", "SALESFORCE_USERNAME", "SALESFORCE_PRIVATE_KEY_FILE", "SALESFORCE_INTEGRATION_USERS", "SALESFORCE_PUBSUB_ENDPOINT", "SALESFORCE_ACCOUNT_FIELDS", "INTEGRATIONLOG_DATA_DIR", "check", "AGPL-3.0", "--config"} {
		assert.Contains(t, printed, word)
	}
}

func TestWordsBehindTheCommandAreRefused(t *testing.T) {
	_, err := execute(t, "chekc")
	require.ErrorContains(t, err, "chekc")
}

func TestCheckTakesZendesksVariables(t *testing.T) {
	const elsewhere = "http://127.0.0.1:1"
	t.Setenv("LOKI_URL", elsewhere)
	t.Setenv("ZENDESK_URL", elsewhere)
	for variable, want := range map[string]string{
		"ZENDESK_CLIENT_ID": "client_secret: is missing", "ZENDESK_CLIENT_SECRET": "client_id: is missing",
		"ZENDESK_EMAIL": "api_token: is missing", "ZENDESK_API_TOKEN": "email: is missing",
	} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv(variable, "canary")
			printed, err := execute(t, "check")
			require.ErrorIs(t, err, check.ErrFailed)
			assert.Contains(t, printed, want)
			assert.NotContains(t, printed, "canary")
		})
	}
}

func TestCheckTakesSalesforcesVariables(t *testing.T) {
	t.Setenv("LOKI_URL", "http://127.0.0.1:1")
	t.Setenv("SALESFORCE_LOGIN_URL", "http://127.0.0.1:1")
	for variable, want := range map[string]string{
		"SALESFORCE_CLIENT_ID": "client_secret: is missing", "SALESFORCE_CLIENT_SECRET": "client_id: is missing", "SALESFORCE_INTEGRATION_USERS": "is no id of a user",
	} {
		t.Run(variable, func(t *testing.T) {
			t.Setenv(variable, "canary")
			printed, err := execute(t, "check")
			require.ErrorIs(t, err, check.ErrFailed)
			assert.Contains(t, printed, want)
			if variable == "SALESFORCE_CLIENT_SECRET" {
				assert.NotContains(t, printed, "canary")
			}
		})
	}
}

func TestCheckNamesACertificateThatIsNotThere(t *testing.T) {
	t.Setenv("LOKI_CA_FILE", "missing.pem")
	_, err := execute(t, "check")
	require.ErrorContains(t, err, "LOKI_CA_FILE")
	require.ErrorContains(t, err, "missing.pem")
}
