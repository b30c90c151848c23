// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package scaling runs more than one of the shipped binaries: collectors behind a load
// balancer, and pullers of which one stands by.
package scaling // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/scaling"

import (
	"os"
	"testing"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// binaries are built once for all tests.
var binaries *harness.Binaries

func TestMain(m *testing.M) {
	os.Exit(harness.RunTests(m, &binaries))
}
