// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"

import (
	"context"
	_ "embed"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/metadata"
)

// builtin is Loki's configuration unless Config.ConfigFile names another.
//
//go:embed loki.yaml
var builtin []byte

// NewFactory returns the factory of the embedded Loki.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func createDefaultConfig() component.Config {
	return &Config{
		Directory:    "data/loki",
		HTTP:         ListenerConfig{Endpoint: "127.0.0.1:3100"},
		GRPC:         ListenerConfig{Endpoint: "127.0.0.1:9095"},
		Retention:    7 * 24 * time.Hour,
		Fsync:        true,
		ReadyTimeout: 2 * time.Minute,
	}
}

func create(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	return newEmbeddedLoki(cfg.(*Config), set.Logger), nil
}
