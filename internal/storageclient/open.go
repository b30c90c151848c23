// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package storageclient // import "github.com/integrationlog/integrationlog/internal/storageclient"

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/integrationlog/integrationlog/internal/storageclient/internal/metadata"
)

// Open returns a receiver's client of a storage extension, under a name that tells it from
// the receiver's others. It fails where the collector has no such extension, or where that
// gives none.
func Open(ctx context.Context, host component.Host, storageID component.ID, settings receiver.Settings, name string) (storage.Client, error) {
	extension, ok := host.GetExtensions()[storageID].(storage.Extension)
	if !ok {
		return nil, fmt.Errorf("storage: %q is no storage extension of this collector; define it and name it under service::extensions", storageID)
	}
	telemetry, err := metadata.NewTelemetryBuilder(settings.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	inner, err := extension.GetClient(ctx, component.KindReceiver, settings.ID, name)
	if err != nil {
		telemetry.Shutdown()
		return nil, fmt.Errorf("storage: %w", err)
	}
	c := &client{
		inner: inner, logger: settings.Logger, telemetry: telemetry, receiver: settings.ID,
		attributes: metric.WithAttributeSet(attribute.NewSet(attribute.String("receiver", settings.ID.String()))),
	}
	c.Func = c.Batch
	c.count(ctx, 0)
	return c, nil
}
