// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/entry"
)

// CheckDefaults checks what holds without any setting but a secret. path is where the
// receiver takes entries.
func CheckDefaults(t *testing.T, factory receiver.Factory, path string) {
	t.Helper()
	config := factory.CreateDefaultConfig().(*entry.Config)
	require.ErrorContains(t, confmap.Validate(config), "secrets: at least one is needed", "nobody is let in without a secret")
	config.Secrets = secret
	require.NoError(t, confmap.Validate(config))

	require.Equal(t, "localhost:8700", config.Config.ServerConfig.NetAddr.Endpoint)
	require.Equal(t, path, config.Config.Path)
	require.Less(t, config.Config.Timeout, 10*time.Second, "a step of a bot waits 10 s")
	require.Equal(t, "X-API-Key", config.APIKeyHeader)
	require.Empty(t, config.IncludeFields)
	require.False(t, config.IncludePayload)
}
