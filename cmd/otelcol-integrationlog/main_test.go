// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.yaml.in/yaml/v3"

	"github.com/integrationlog/integrationlog/config"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// secrets are the variables without which a receiver does not start, and the setting that
// it then names.
var secrets = map[string]string{
	"SHOPIFY_WEBHOOK_SECRET": "shopify: secrets", "SUNCO_WEBHOOK_SECRET": "sunshine_conversations: secrets", "ZIS_TOKEN": "zis: secrets",
	"BOT_BUILDER_TOKEN": "bot_builder: secrets", "ACTIONS_TOKEN": "actions: secrets",
	"ZENDESK_CLIENT_ID": "zendesk_webhooks: client_id", "ZENDESK_CLIENT_SECRET": "zendesk_webhooks: client_secret",
	"SALESFORCE_CLIENT_ID": "salesforce: client_id", "SALESFORCE_CLIENT_SECRET": "salesforce: client_secret",
}

// setEnvironment sets what config/gateway.yaml has no default for.
func setEnvironment(t *testing.T) {
	t.Helper()
	for variable := range secrets {
		t.Setenv(variable, "not-a-secret")
	}
	t.Setenv("ZENDESK_URL", "https://acme.zendesk.com")
	t.Setenv("SALESFORCE_LOGIN_URL", "https://acme.my.salesforce.com")
	t.Setenv("SALESFORCE_INTEGRATION_USERS", "005000000000001AAA,005000000000002")
	t.Setenv("INTEGRATIONLOG_DATA_DIR", t.TempDir())
}

func TestTheShippedConfigurationIsValid(t *testing.T) {
	setEnvironment(t)
	require.NoError(t, run([]string{"validate", "--config", "../../config/gateway.yaml"}, io.Discard))
}

func TestAWrongOptionIsNamed(t *testing.T) {
	setEnvironment(t)
	for option, want := range map[string]string{
		"processors::severity::default_status: bad":               "processors::severity: default_status",
		"processors::loki_limits::max_age: -1h":                   "processors::loki_limits: max_age",
		"receivers::shopify::pth: /x":                             "pth",
		"receivers::shopify::secrets: ''":                         "receivers::shopify: secrets",
		"receivers::zendesk_webhooks::endpoint: acme":             "receivers::zendesk_webhooks: endpoint",
		"receivers::salesforce::login_url: acme":                  "receivers::salesforce: login_url",
		"exporters::otlp_http/loki::sending_queue::queue_sise: 1": "queue_sise",
		"extensions::loki_delivery::dead_letter::directory: ''":   "extensions::loki_delivery::dead_letter: directory",
	} {
		err := run([]string{"validate", "--config", "../../config/gateway.yaml", "--config", "yaml:" + option}, io.Discard)
		require.Error(t, err, option)
		assert.Contains(t, err.Error(), want, option)
	}
}

func TestWithoutASecretItDoesNotStart(t *testing.T) {
	for variable, setting := range secrets {
		t.Run(variable, func(t *testing.T) {
			setEnvironment(t)
			t.Setenv(variable, "")
			err := run([]string{"validate", "--config", "../../config/gateway.yaml"}, io.Discard)
			require.ErrorContains(t, err, setting)
		})
	}
}

const (
	gatewayFile  = "../../config/gateway.yaml"
	productsFile = "../../config/products.yaml"
)

func TestAProductWithoutItsVariablesIsTakenOut(t *testing.T) {
	setEnvironment(t)
	for variable := range secrets {
		t.Setenv(variable, "")
	}
	t.Setenv("SHOPIFY_WEBHOOK_SECRET", "not-a-secret")
	require.Error(t, run([]string{"validate", "--config", gatewayFile}, io.Discard))
	var printed strings.Builder
	require.NoError(t, run([]string{"validate", "--config", gatewayFile, "--config", productsFile}, &printed))
	assert.Empty(t, printed.String(), "what validate prints is read by programs")
}

// An API token of Zendesk and a key of Salesforce do as well as the secret of a client.
func TestAnAlternativeIsTaken(t *testing.T) {
	for name, set := range map[string]map[string]string{
		"webhooks":   {"ZENDESK_CLIENT_ID": "", "ZENDESK_CLIENT_SECRET": "", "ZENDESK_EMAIL": "log@acme.example", "ZENDESK_API_TOKEN": "not-a-secret"},
		"salesforce": {"SALESFORCE_CLIENT_SECRET": "", "SALESFORCE_USERNAME": "log@acme.example", "SALESFORCE_PRIVATE_KEY_FILE": "key.pem"},
	} {
		t.Run(name, func(t *testing.T) {
			setEnvironment(t)
			for variable, value := range set {
				t.Setenv(variable, value)
			}
			require.NoError(t, run([]string{"validate", "--config", gatewayFile}, io.Discard))
		})
	}
}

// What one program knows as a product the other does too.
func TestTheProductsAreThoseOfTheAllInOne(t *testing.T) {
	type file struct {
		Products []struct {
			Name, Product, Receiver string
			Variables, Alternative  []string
		}
	}
	var own, allInOne file
	text, err := os.ReadFile(productsFile)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, &own))
	require.NoError(t, yaml.Unmarshal([]byte(config.AllInOne), &allInOne))
	require.NotEmpty(t, own.Products)
	assert.Equal(t, allInOne, own)
}

// A binary that linked Loki would be under its licence, AGPL-3.0.
func TestLokiIsNotLinked(t *testing.T) {
	packages, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	require.Contains(t, string(packages), "go.opentelemetry.io/collector/otelcol\n")
	assert.NotContains(t, string(packages), "github.com/grafana/loki")
}

func TestTheComponentsCommandTellsModulesAndVersions(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "otelcol-integrationlog")
	const version = "-X github.com/integrationlog/integrationlog/collector-components.buildVersion=v1.2.3-test"
	output, err := exec.CommandContext(t.Context(), "go", "build", "-ldflags", version, "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(output))
	output, err = exec.CommandContext(t.Context(), binary, "--version").Output()
	require.NoError(t, err)
	assert.Equal(t, "otelcol-integrationlog version 1.2.3-test", strings.TrimSpace(string(output)))
	output, err = exec.CommandContext(t.Context(), binary, "components").Output()
	require.NoError(t, err)

	var printed map[string]any
	require.NoError(t, yaml.Unmarshal(output, &printed))
	for _, kind := range []string{"receivers", "processors", "exporters", "connectors", "extensions", "providers"} {
		components, ok := printed[kind].([]any)
		require.True(t, ok, kind)
		require.NotEmpty(t, components, kind)
		for _, component := range components {
			fields, ok := component.(map[string]any)
			require.True(t, ok, kind)
			module, version, _ := strings.Cut(fields["module"].(string), " ")
			assert.NotEmpty(t, module, "%s %v", kind, fields["name"])
			assert.NotEmpty(t, version, "version of %s", module)
		}
	}
}

// OTLP asks for no credential in gateway.yaml, so it stays on this machine; the files that
// open it ask for one.
func TestOTLPIsForThisMachineOnly(t *testing.T) {
	setEnvironment(t)
	t.Setenv("OTLP_TOKEN", "not-a-secret")
	opened := "../../config/kubernetes/components/otlp/otlp.yaml"
	require.NoError(t, run([]string{"validate", "--config", gatewayFile, "--config", opened}, io.Discard))
	for _, protocol := range []string{"grpc", "http"} {
		endpoint := "receivers::otlp::protocols::" + protocol + "::endpoint"
		err := run([]string{"validate", "--config", gatewayFile, "--config", "yaml:" + endpoint + ": 0.0.0.0:4317"}, io.Discard)
		require.ErrorContains(t, err, endpoint+" 0.0.0.0:4317 can be reached by other machines")
		err = run([]string{"validate", "--config", gatewayFile, "--config", opened, "--config", "yaml:receivers::otlp::protocols::" + protocol + "::auth: null"}, io.Discard)
		require.ErrorContains(t, err, endpoint+" 0.0.0.0:431")
	}
}

const pageFile = "../../config/log-page.yaml"

// The list of extensions of the later file takes the place of the first: it has to have all.
func TestThePageComesBesideWhatTheGatewayHas(t *testing.T) {
	type file struct {
		Service struct{ Extensions []string }
	}
	var gateway, page file
	for name, into := range map[string]*file{gatewayFile: &gateway, pageFile: &page} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, yaml.Unmarshal(text, into))
	}
	require.NotEmpty(t, gateway.Service.Extensions)
	assert.ElementsMatch(t, append(gateway.Service.Extensions, "basicauth/page", "log_page"), page.Service.Extensions)
}

// It reads with the collector's credentials, so nobody may read it without any.
func TestThePageOfTheGatewayAsksForALogin(t *testing.T) {
	setEnvironment(t)
	t.Setenv("INTEGRATIONLOG_PAGE_HTPASSWD_FILE", "users")
	t.Setenv("INTEGRATIONLOG_PAGE_HOST", "0.0.0.0")
	arguments := []string{"validate", "--config", gatewayFile, "--config", productsFile, "--config", pageFile}
	require.NoError(t, run(arguments, io.Discard))
	err := run(append(arguments, "--config", "yaml:extensions::log_page::auth: null"), io.Discard)
	require.ErrorContains(t, err, "extensions::log_page: endpoint 0.0.0.0:8080 can be reached by other machines")
}
