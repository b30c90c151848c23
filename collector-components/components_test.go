// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package collectorcomponents

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/processor/memorylimiterprocessor"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func TestComponentsCanBeConfigured(t *testing.T) {
	factories, err := Components()
	require.NoError(t, err)
	require.NotNil(t, factories.Telemetry)

	checkFactories(t, factories.Receivers)
	checkFactories(t, factories.Processors)
	checkFactories(t, factories.Exporters)
	checkFactories(t, factories.Connectors)
	checkFactories(t, factories.Extensions)
}

func checkFactories[T component.Factory](t *testing.T, factories map[component.Type]T) {
	t.Helper()
	require.NotEmpty(t, factories)
	for name, factory := range factories {
		assert.NoError(t, componenttest.CheckConfigStruct(factory.CreateDefaultConfig()), name.String())
	}
}

func TestTwoFactoriesOfOneNameAreRefused(t *testing.T) {
	newFactory := func() extension.Factory {
		return extension.NewFactory(component.MustNewType("twice"), nil, nil, component.StabilityLevelAlpha)
	}
	_, _, err := makeFactories(newFactory, newFactory)
	require.ErrorContains(t, err, `duplicate component factory "twice"`)
}

func TestPackageOf(t *testing.T) {
	assert.Equal(t, "go.opentelemetry.io/collector/receiver/otlpreceiver", packageOf(otlpreceiver.NewFactory))
	// The configuration of this one is an alias of another package's type.
	assert.Equal(t, "go.opentelemetry.io/collector/processor/memorylimiterprocessor",
		packageOf(memorylimiterprocessor.NewFactory))
	assert.Equal(t, "github.com/integrationlog/integrationlog/collector-components", packageOf(Components))
}

func TestModuleIsTheLongestPrefix(t *testing.T) {
	versions := moduleVersions{
		"example.com/log":           "v1.0.0",
		"example.com/log/receivers": "v2.0.0",
	}
	for importPath, want := range map[string]string{
		"example.com/log":                      "example.com/log v1.0.0",
		"example.com/log/processors/severity":  "example.com/log v1.0.0",
		"example.com/log/receivers/shopify":    "example.com/log/receivers v2.0.0",
		"example.com/logs/processors/severity": "example.com/logs/processors/severity",
		"fmt":                                  "fmt",
	} {
		assert.Equal(t, want, versions.of(importPath), importPath)
	}
}
