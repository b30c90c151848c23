// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/webhook"
)

// NewFactory returns the factory of a receiver of a product's entries. scope is its
// import path, and path where it takes entries unless it is told otherwise.
func NewFactory(componentType component.Type, stability component.StabilityLevel, scope, path string, product Product) receiver.Factory {
	create := func(_ context.Context, settings receiver.Settings, config component.Config, next consumer.Logs) (receiver.Logs, error) {
		c := config.(*Config)
		return webhook.NewReceiver(settings, &c.Config, scope, NewSource(c, product), next)
	}
	createDefaultConfig := func() component.Config {
		return &Config{Config: webhook.NewDefaultConfig(path), APIKeyHeader: DefaultAPIKeyHeader}
	}
	return receiver.NewFactory(componentType, createDefaultConfig, receiver.WithLogs(create, stability))
}
