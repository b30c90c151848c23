// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package queuestorageextension // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension"

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/metadata"
)

const (
	defaultFlushInterval = time.Second
	defaultMaxPending    = 1000
	defaultCacheSizeMiB  = 8
)

// NewFactory returns the factory of the queue_storage extension.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func createDefaultConfig() component.Config {
	return &Config{
		FlushInterval: defaultFlushInterval,
		MaxPending:    defaultMaxPending,
		CacheSizeMiB:  defaultCacheSizeMiB,
	}
}

func create(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	return newExtension(set, cfg.(*Config))
}
