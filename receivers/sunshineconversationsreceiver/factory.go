// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver"

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/webhook"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/metadata"
)

// NewFactory returns the factory of the receiver.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(
		metadata.Type,
		createDefaultConfig,
		receiver.WithLogs(createLogs, metadata.LogsStability),
	)
}

func createLogs(_ context.Context, settings receiver.Settings, config component.Config, next consumer.Logs) (receiver.Logs, error) {
	c := config.(*Config)
	return webhook.NewReceiver(settings, &c.Config, metadata.ScopeName, newSource(c), next)
}
