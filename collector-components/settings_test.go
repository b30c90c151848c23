// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package collectorcomponents

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/featuregate"
	"go.opentelemetry.io/collector/otelcol"
)

func TestSettingsTurnComponentHealthOn(t *testing.T) {
	t.Cleanup(func() { setComponentHealth(t, false) })
	setComponentHealth(t, false)

	settings, err := Settings("otelcol", "A collector")
	require.NoError(t, err)
	assert.True(t, componentHealth(t))

	command := otelcol.NewCommand(settings)
	require.NoError(t, command.ParseFlags([]string{"--feature-gates=-" + componentHealthGate}))
	assert.False(t, componentHealth(t), "the flag has the last word")
}

func setComponentHealth(t *testing.T, enabled bool) {
	t.Helper()
	require.NoError(t, featuregate.GlobalRegistry().Set(componentHealthGate, enabled))
}

func componentHealth(t *testing.T) bool {
	t.Helper()
	enabled := map[string]bool{}
	featuregate.GlobalRegistry().VisitAll(func(gate *featuregate.Gate) { enabled[gate.ID()] = gate.IsEnabled() })
	require.Contains(t, enabled, componentHealthGate)
	return enabled[componentHealthGate]
}

func TestSettingsNameTheProviders(t *testing.T) {
	t.Cleanup(func() { setComponentHealth(t, false) })
	settings, err := Settings("otelcol", "A collector")
	require.NoError(t, err)
	for _, scheme := range []string{"env", "file", "yaml"} {
		assert.Contains(t, settings.ProviderModules[scheme], "go.opentelemetry.io/collector/confmap/provider/"+scheme+"provider")
	}
	assert.Len(t, settings.ConfigProviderSettings.ResolverSettings.ProviderFactories, len(settings.ProviderModules))
}
