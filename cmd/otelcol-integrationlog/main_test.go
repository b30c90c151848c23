// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"go.yaml.in/yaml/v3"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// setEnvironment sets what config/gateway.yaml has no default for.
func setEnvironment(t *testing.T) {
	t.Helper()
	t.Setenv("SHOPIFY_WEBHOOK_SECRET", "not-a-secret")
	t.Setenv("INTEGRATIONLOG_DATA_DIR", t.TempDir())
}

func TestTheShippedConfigurationIsValid(t *testing.T) {
	setEnvironment(t)
	require.NoError(t, run([]string{"validate", "--config", "../../config/gateway.yaml"}))
}

func TestAWrongOptionIsNamed(t *testing.T) {
	setEnvironment(t)
	for option, want := range map[string]string{
		"processors::severity::default_status: bad":               "processors::severity: default_status",
		"processors::loki_limits::max_age: -1h":                   "processors::loki_limits: max_age",
		"receivers::shopify::pth: /x":                             "pth",
		"receivers::shopify::secrets: ''":                         "receivers::shopify: secrets",
		"exporters::otlp_http/loki::sending_queue::queue_sise: 1": "queue_sise",
		"extensions::loki_delivery::dead_letter::directory: ''":   "extensions::loki_delivery::dead_letter: directory",
	} {
		err := run([]string{"validate", "--config", "../../config/gateway.yaml", "--config", "yaml:" + option})
		require.Error(t, err, option)
		assert.Contains(t, err.Error(), want, option)
	}
}

func TestWithoutASecretItDoesNotStart(t *testing.T) {
	setEnvironment(t)
	t.Setenv("SHOPIFY_WEBHOOK_SECRET", "")
	err := run([]string{"validate", "--config", "../../config/gateway.yaml"})
	require.ErrorContains(t, err, "secrets")
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
	output, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(output))
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
