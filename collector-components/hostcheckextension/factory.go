// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package hostcheckextension // import "github.com/integrationlog/integrationlog/collector-components/hostcheckextension"

import (
	"context"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/integrationlog/integrationlog/collector-components/hostcheckextension/internal/metadata"
	// Every shipped configuration that opens OTLP has this extension, and so this bound.
	_ "github.com/integrationlog/integrationlog/internal/zstdwindow"
)

// NewFactory returns the factory of the host_check extension.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func createDefaultConfig() component.Config { return &Config{} }

func create(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	return newExtension(set, cfg.(*Config))
}
