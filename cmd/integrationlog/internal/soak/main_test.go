// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

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
