// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package attacks does to each listener of the shipped binaries what somebody would who
// reaches its port. docs/security.md says which test defends against what.
package attacks // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/attacks"

import (
	"os"
	"testing"

	"google.golang.org/grpc/encoding"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// binaries are built once for all tests.
var binaries *harness.Binaries

func TestMain(m *testing.M) {
	encoding.RegisterCompressor(wide{}) // before anything speaks gRPC, which reads the list unguarded
	os.Exit(harness.RunTests(m, &binaries))
}
