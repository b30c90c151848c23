// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package collectorcomponents is the collector distribution: the components that
// it carries and the settings that its binaries share. builder-config.yaml is the
// same list for the OpenTelemetry Collector Builder; a test keeps them equal.
package collectorcomponents // import "github.com/integrationlog/integrationlog/collector-components"

import (
	"errors"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/basicauthextension"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/bearertokenauthextension"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/healthcheckextension"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/pprofextension"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/connector/forwardconnector"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/debugexporter"
	"go.opentelemetry.io/collector/exporter/otlphttpexporter"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/zpagesextension"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/memorylimiterprocessor"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/service/telemetry/otelconftelemetry"

	"github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter"
	"github.com/integrationlog/integrationlog/collector-components/filecheckextension"
	"github.com/integrationlog/integrationlog/collector-components/hostcheckextension"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension"
	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"
	"github.com/integrationlog/integrationlog/processors/severityprocessor"
	"github.com/integrationlog/integrationlog/receivers/actionsreceiver"
	"github.com/integrationlog/integrationlog/receivers/botbuilderreceiver"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver"
	"github.com/integrationlog/integrationlog/receivers/shopifyreceiver"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver"
	"github.com/integrationlog/integrationlog/receivers/zisreceiver"
)

// Components returns the factories of everything that a configuration of this
// distribution can name. It fails only where two factories claim one name.
func Components() (otelcol.Factories, error) {
	var factories otelcol.Factories
	var err [5]error

	factories.Receivers, factories.ReceiverModules, err[0] = makeFactories[receiver.Factory](
		actionsreceiver.NewFactory,
		botbuilderreceiver.NewFactory,
		otlpreceiver.NewFactory,
		salesforcereceiver.NewFactory,
		shopifyreceiver.NewFactory,
		sunshineconversationsreceiver.NewFactory,
		webhooksreceiver.NewFactory,
		zisreceiver.NewFactory,
	)
	factories.Processors, factories.ProcessorModules, err[1] = makeFactories[processor.Factory](
		lokilimitsprocessor.NewFactory,
		memorylimiterprocessor.NewFactory,
		redactionprocessor.NewFactory,
		severityprocessor.NewFactory,
	)
	factories.Exporters, factories.ExporterModules, err[2] = makeFactories[exporter.Factory](
		activitymetricsexporter.NewFactory,
		debugexporter.NewFactory,
		otlphttpexporter.NewFactory,
	)
	factories.Connectors, factories.ConnectorModules, err[3] = makeFactories[connector.Factory](
		forwardconnector.NewFactory,
	)
	factories.Extensions, factories.ExtensionModules, err[4] = makeFactories[extension.Factory](
		basicauthextension.NewFactory,
		bearertokenauthextension.NewFactory,
		filecheckextension.NewFactory,
		filestorage.NewFactory,
		healthcheckextension.NewFactory,
		hostcheckextension.NewFactory,
		logpageextension.NewFactory,
		lokideliveryextension.NewFactory,
		pprofextension.NewFactory,
		queuestorageextension.NewFactory,
		zpagesextension.NewFactory,
	)
	factories.Telemetry = otelconftelemetry.NewFactory()

	return factories, errors.Join(err[:]...)
}

// makeFactories returns the factories by the name that a configuration gives them,
// and the module of each.
func makeFactories[T component.Factory](newFactories ...func() T) (map[component.Type]T, map[component.Type]string, error) {
	linked := linkedModules()
	factories := make([]T, 0, len(newFactories))
	modules := make(map[component.Type]string, len(newFactories))
	for _, newFactory := range newFactories {
		factory := newFactory()
		factories = append(factories, factory)
		modules[factory.Type()] = linked.of(packageOf(newFactory))
	}
	byName, err := otelcol.MakeFactoryMap(factories...)
	return byName, modules, err
}
