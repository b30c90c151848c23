// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// within bounds what is waited for after a load.
const within = 5 * time.Minute

// holdFor is how long the highest rate has to hold.
var holdFor = flag.Duration("for", 10*time.Second, "how long the highest rate has to hold")

// promptly is within which time 99 of 100 webhooks have to be answered.
var promptly = flag.Duration("p99", 50*time.Millisecond, "within which time 99 of 100 have to be acknowledged at the highest rate")

// fixedRate is a rate to hold without a search.
var fixedRate = flag.Float64("rate", 0, "a rate to hold, a second; 0 searches the highest")

// binaries are built once for all benchmarks.
var binaries *harness.Binaries

func TestMain(m *testing.M) {
	// Each benchmark is a load of its own, which to repeat tells nothing.
	if err := flag.Set("test.benchtime", "1x"); err != nil {
		panic(err)
	}
	os.Exit(harness.RunTests(m, &binaries))
}

// install returns an all-in-one with changes to its configuration.
func install(b *testing.B, changes ...string) *harness.Installation {
	b.Helper()
	all := harness.NewInstallation(b, binaries.AllInOne(b))
	if len(changes) > 0 {
		all.Configure(changes...)
	}
	return all
}

// host is the host and port of a URL.
func host(url string) string { return strings.SplitN(url, "/", 4)[2] }

// rest waits for a time, so that what goes on without a load is measured.
func rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// once says that a benchmark has run once, and that the time it took tells nothing.
func once(b *testing.B) {
	b.Helper()
	b.ReportMetric(0, "ns/op")
}
