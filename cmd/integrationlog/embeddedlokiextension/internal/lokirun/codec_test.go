// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// With the collector's OTLP packages in the binary, gRPC must still know how to
// write messages that are not OTLP, such as Loki's.
func TestProtoCodec(t *testing.T) {
	require.NotNil(t, plogotlp.NewExportRequest(), "the package is linked")
	codec := encoding.GetCodecV2("proto")
	require.NotNil(t, codec)
	var data int
	require.NotPanics(t, func() {
		buffers, err := codec.Marshal(&grpc_health_v1.HealthCheckRequest{Service: "loki"})
		require.NoError(t, err)
		data = buffers.Len()
	})
	require.Positive(t, data)
}
