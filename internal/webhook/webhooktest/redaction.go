// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"

import (
	"context"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"
)

// settingsFile is what every shipped configuration has, seen from a receiver's directory.
const settingsFile = "../../internal/e2e/redaction/testdata/redaction.yaml"

// BehindRedaction returns what the redaction processor, with the settings that are shipped,
// makes of logs, which stay as they are.
func BehindRedaction(t *testing.T, logs plog.Logs) plog.Logs {
	t.Helper()
	conf, err := confmaptest.LoadConf(settingsFile)
	require.NoError(t, err)
	sub, err := conf.Sub("processors::redaction")
	require.NoError(t, err)
	factory := redactionprocessor.NewFactory()
	config := factory.CreateDefaultConfig()
	require.NoError(t, sub.Unmarshal(config))
	sink := new(consumertest.LogsSink)
	processor, err := factory.CreateLogs(t.Context(), processortest.NewNopSettings(factory.Type()), config, sink)
	require.NoError(t, err)
	require.NoError(t, processor.Start(t.Context(), componenttest.NewNopHost()))
	defer func() { require.NoError(t, processor.Shutdown(context.WithoutCancel(t.Context()))) }()

	sent := plog.NewLogs()
	logs.CopyTo(sent)
	require.NoError(t, processor.ConsumeLogs(t.Context(), sent))
	require.Len(t, sink.AllLogs(), 1)
	return sink.AllLogs()[0]
}
