// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/integrationlog/integrationlog/processors/severityprocessor/internal/metadata"
)

func TestFactory(t *testing.T) {
	factory := NewFactory()
	require.Equal(t, "severity", factory.Type().String())
	sink := new(consumertest.LogsSink)
	p, err := factory.CreateLogs(t.Context(), processortest.NewNopSettings(metadata.Type), factory.CreateDefaultConfig(), sink)
	require.NoError(t, err)
	require.True(t, p.Capabilities().MutatesData)

	_, err = factory.CreateMetrics(t.Context(), processortest.NewNopSettings(metadata.Type), factory.CreateDefaultConfig(), consumertest.NewNop())
	require.Error(t, err)
}
