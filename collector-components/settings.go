// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package collectorcomponents // import "github.com/integrationlog/integrationlog/collector-components"

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
	"go.opentelemetry.io/collector/featuregate"
	"go.opentelemetry.io/collector/otelcol"

	"github.com/integrationlog/integrationlog/collector-components/internal/exposure"
)

// componentHealthGate makes health_check answer by the status that components
// report. Without it a collector that cannot take a webhook still counts as healthy.
const componentHealthGate = "extension.healthcheck.useComponentStatus"

// buildVersion is what a release is called. The linker sets it, because the Go tool knows
// no version of a module in a subdirectory by the tag of the repository:
//
//	-ldflags "-X github.com/integrationlog/integrationlog/collector-components.buildVersion=v1.2.3"
var buildVersion string

// develVersion is the version of a binary that was built from no known commit.
const develVersion = "devel"

// Settings returns what the collectors of this distribution have in common, for
// [otelcol.NewCommand]. Command is the binary's name and description one line about
// it. What the converters make of a configuration is refused where other machines could
// reach what asks nobody for a credential.
//
// It turns a feature gate on, for the whole process: health follows the status of
// the components. The --feature-gates flag, read later, has the last word. The error
// says that this version of health_check does not know the gate.
func Settings(command, description string, converters ...confmap.ConverterFactory) (otelcol.CollectorSettings, error) {
	if err := featuregate.GlobalRegistry().Set(componentHealthGate, true); err != nil {
		return otelcol.CollectorSettings{}, fmt.Errorf("health that follows component status: %w", err)
	}
	providers := []func() confmap.ProviderFactory{
		envprovider.NewFactory,
		fileprovider.NewFactory,
		yamlprovider.NewFactory,
	}
	return otelcol.CollectorSettings{
		BuildInfo: component.BuildInfo{
			Command:     command,
			Description: description,
			Version:     version(),
		},
		Factories: Components,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{
			ResolverSettings: confmap.ResolverSettings{
				ProviderFactories:  makeProviders(providers),
				ConverterFactories: append(slices.Clone(converters), exposure.NewConverterFactory()),
				DefaultScheme:      "env",
			},
		},
		ProviderModules: providerModules(providers),
	}, nil
}

func makeProviders(newFactories []func() confmap.ProviderFactory) []confmap.ProviderFactory {
	factories := make([]confmap.ProviderFactory, 0, len(newFactories))
	for _, newFactory := range newFactories {
		factories = append(factories, newFactory())
	}
	return factories
}

func providerModules(newFactories []func() confmap.ProviderFactory) map[string]string {
	linked := linkedModules()
	modules := make(map[string]string, len(newFactories))
	for _, newFactory := range newFactories {
		scheme := newFactory().Create(confmap.ProviderSettings{}).Scheme()
		modules[scheme] = linked.of(packageOf(newFactory))
	}
	return modules
}

// version returns the version that the linker or else the Go tool stamped on this binary,
// as the collector writes versions, without the v.
func version() string {
	if buildVersion != "" {
		return strings.TrimPrefix(buildVersion, "v")
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return develVersion
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}
