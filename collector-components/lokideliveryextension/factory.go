// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/metadata"
)

const (
	defaultPatience   = 5 * time.Minute
	defaultMaxSizeMiB = 64
	defaultMaxFiles   = 16
)

// NewFactory returns the factory of the loki_delivery extension.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func createDefaultConfig() component.Config {
	return &Config{
		InDoubt:         InDoubtLookup,
		InDoubtPatience: defaultPatience,
		DeadLetter: DeadLetterConfig{
			MaxSizeMiB: defaultMaxSizeMiB,
			MaxFiles:   defaultMaxFiles,
		},
	}
}

func create(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	return newExtension(set, cfg.(*Config))
}
