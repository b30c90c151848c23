// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension // import "github.com/integrationlog/integrationlog/collector-components/logpageextension"

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/extension"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/metadata"
)

const (
	defaultEndpoint   = "localhost:8080"
	defaultLoki       = "http://127.0.0.1:3100"
	defaultUserHeader = "X-Forwarded-User"
	// A query of a page takes well under a second; one over a week of much more may take
	// some. Nobody waits longer.
	defaultLokiTimeout = 30 * time.Second
	// Of one write, not of an answer: exports and live tails last as long as they do.
	defaultWriteTimeout      = 30 * time.Second
	defaultReadHeaderTimeout = 10 * time.Second
)

// NewFactory returns the factory of the log_page extension.
func NewFactory() extension.Factory {
	return extension.NewFactory(metadata.Type, createDefaultConfig, create, metadata.ExtensionStability)
}

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = defaultEndpoint
	server.WriteTimeout = defaultWriteTimeout
	server.ReadHeaderTimeout = defaultReadHeaderTimeout
	loki := confighttp.NewDefaultClientConfig()
	loki.Endpoint = defaultLoki
	loki.Timeout = defaultLokiTimeout
	return &Config{
		ServerConfig: server,
		ProxyAuth:    configoptional.Default(ProxyAuthConfig{Header: defaultUserHeader}),
		Loki:         loki,
	}
}

func create(_ context.Context, set extension.Settings, cfg component.Config) (extension.Extension, error) {
	return newExtension(set, cfg.(*Config))
}
