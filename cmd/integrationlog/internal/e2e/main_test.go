// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package e2e tests the shipped binaries from outside: the process, its signals, its
// files and its answers on the network.
package e2e // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e"

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

// install returns an all-in-one that has not been started yet.
func install(t *testing.T) *harness.Installation {
	t.Helper()
	return harness.NewInstallation(t, binaries.AllInOne(t))
}
