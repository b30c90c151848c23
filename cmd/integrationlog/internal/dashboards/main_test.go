// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package dashboards runs every query of the dashboards, as Grafana would put it, against
// the Loki and the metrics of an all-in-one that all products have written to.
package dashboards // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards"

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
