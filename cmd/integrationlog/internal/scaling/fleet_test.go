// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package scaling

import (
	"flag"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// deliveryWithin covers the longest pause between two attempts of the exporter, 30 s.
const deliveryWithin = 90 * time.Second

// newCollector returns a collector beside a Loki, with the shipped gateway, the products that
// are on, one more of the shipped files, and changes to them.
func newCollector(tb testing.TB, loki *harness.Loki, file string, changes ...string) *harness.Installation {
	tb.Helper()
	c := harness.NewInstallation(tb, binaries.Collector(tb))
	for _, name := range []string{"gateway.yaml", "products.yaml", file} {
		c.Args = append(c.Args, "--config", "file:"+filepath.Join(harness.Repository(), "config", name))
	}
	for _, change := range changes {
		c.Args = append(c.Args, "--config", "yaml:"+change)
	}
	c.Env["LOKI_URL"] = loki.URL
	c.Loki = loki
	return c
}

// shared is what config/scaling/intake.yaml sets; without it a test fails, and says how much is
// there twice.
var shared = flag.Bool("shared", true, "whether the collectors look up what another one may have sent")

// fleet is several collectors behind a balancer.
type fleet struct {
	*balancer

	collectors []*harness.Installation
	processes  []*harness.Process
}

// startFleet starts that many collectors that take what is posted, beside a Loki.
func startFleet(tb testing.TB, loki *harness.Loki, size int, changes ...string) *fleet {
	tb.Helper()
	f := &fleet{}
	if !*shared {
		changes = append(changes, "extensions::loki_delivery::shared_sources: false")
	}
	replicas := make([]string, size)
	for i := range replicas {
		collector := newCollector(tb, loki, "scaling/intake.yaml", changes...)
		process, _ := collector.Run(tb)
		f.collectors, f.processes = append(f.collectors, collector), append(f.processes, process)
		replicas[i] = collector.Shop.URL
	}
	f.balancer = newBalancer(tb, replicas...)
	return f
}

// front is what the world sees of the fleet.
func (f *fleet) front() *harness.Installation {
	front := *f.collectors[0]
	front.Shop = harness.NewShop(f.URL+"/shopify", front.Shop.Secret)
	return &front
}

// kill ends a collector as a loss of power would.
func (f *fleet) kill(i int) { f.processes[i].Kill() }

// restart starts a collector again.
func (f *fleet) restart(t *testing.T, i int) {
	t.Helper()
	f.processes[i], _ = f.collectors[i].Run(t)
}

// awaitEmptyQueues waits until every collector has delivered everything.
func (f *fleet) awaitEmptyQueues(t *testing.T) {
	t.Helper()
	for _, collector := range f.collectors {
		collector.AwaitEmptyQueue(t, deliveryWithin)
	}
}

// sum adds up a metric of all collectors.
func (f *fleet) sum(t *testing.T, name string) float64 {
	t.Helper()
	var sum float64
	for _, collector := range f.collectors {
		metrics, err := collector.Metrics(t.Context())
		require.NoError(t, err)
		sum += metrics.Sum(name)
	}
	return sum
}
