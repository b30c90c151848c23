// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.yaml.in/yaml/v3"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const (
	mib = 1 << 20
	// What bounds the resident memory of a program: its memory_limiter's limit, and a quarter
	// that the collector of garbage leaves lying.
	mostOfAllInOne, mostOfGateway = 1280 * mib, 640 * mib
	// storedWithin is how long what was acknowledged may take to be in the log.
	storedWithin = 30 * time.Second

	everything = `{product=~".+"}`
	idLabel    = "activity_id"
)

// program is one of the shipped binaries, which runs.
type program struct {
	*harness.Installation
	name    string
	process *harness.Process
	idle    uint64
	// zpages and pprof are the ports of what shows how it works.
	zpages, pprof int
}

// most bounds the resident memory.
func (p *program) most() uint64 {
	if p.hasLoki() {
		return mostOfAllInOne
	}
	return mostOfGateway
}

// shipped are the configurations by which the programs are attacked.
var shipped = map[string]string{"integrationlog": "all-in-one.yaml", "otelcol-integrationlog": "gateway.yaml"}

// showing are changes of a program's configuration, by which it shows all that a collector can
// show of itself, on this machine, and has more extensions besides.
func showing(t *testing.T, name string, zpages, pprof int, more ...string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(harness.Repository(), "config", shipped[name]))
	require.NoError(t, err)
	var configuration struct {
		Service struct {
			Extensions []string `yaml:"extensions"`
		} `yaml:"service"`
	}
	require.NoError(t, yaml.Unmarshal(text, &configuration))
	require.NotEmpty(t, configuration.Service.Extensions)
	extensions := slices.Concat(configuration.Service.Extensions, []string{"zpages", "pprof"}, more)
	return []string{
		fmt.Sprintf("extensions::zpages: {endpoint: 'localhost:%d', expvar: {enabled: true}}", zpages),
		fmt.Sprintf("extensions::pprof: {endpoint: 'localhost:%d'}", pprof),
		"service::extensions: [" + strings.Join(extensions, ", ") + "]",
	}
}

// world is both programs, which write into the Loki of the first, and what they acknowledged.
type world struct {
	programs []*program
	loki     *harness.Loki
	ledger   map[string]bool
}

// newWorld starts both programs.
func newWorld(t *testing.T) *world {
	t.Helper()
	all := &program{name: "integrationlog", Installation: harness.NewInstallation(t, binaries.AllInOne(t)), zpages: harness.FreePort(t), pprof: harness.FreePort(t)}
	all.Configure(showing(t, all.name, all.zpages, all.pprof)...)
	w := &world{loki: all.Loki, ledger: map[string]bool{}}
	w.start(t, all)

	gateway := &program{name: "otelcol-integrationlog", zpages: harness.FreePort(t), pprof: harness.FreePort(t)}
	gateway.Installation = harness.NewGateway(t, binaries.Collector(t), all.Loki.URL, all.Loki, showing(t, gateway.name, gateway.zpages, gateway.pprof)...)
	gateway.Args = append(gateway.Args, "--config", "file:"+filepath.Join(harness.Repository(), "config", "products.yaml"))
	w.start(t, gateway)
	return w
}

func (w *world) start(t *testing.T, p *program) {
	t.Helper()
	p.process, _ = p.Run(t)
	p.idle = p.process.RSS(t)
	w.programs = append(w.programs, p)
}

// each runs a test against each of the programs.
func (w *world) each(t *testing.T, attack func(t *testing.T, p *program)) {
	t.Helper()
	for _, p := range w.programs {
		t.Run(p.name, func(t *testing.T) { attack(t, p) })
	}
}

// requireUnharmed requires of each program that it runs, takes what is in order, has not
// grown beyond its bound and never panicked, and of the log that it has what was acknowledged,
// once each, and nothing else.
func (w *world) requireUnharmed(t *testing.T) {
	t.Helper()
	for _, p := range w.programs {
		require.False(t, p.process.HasEnded(), "%s has ended", p.name)
		w.sendInOrder(t, p)
		memory := p.process.RSS(t)
		t.Logf("%s: resident memory %d MiB idle, %d MiB now", p.name, p.idle/mib, memory/mib)
		assert.Less(t, memory, p.most(), p.name)
		assert.NotContains(t, p.process.Stderr.String(), "panic", p.name)
		require.NoError(t, p.Healthy(t.Context()), p.name)
	}
	harness.Eventually(t, storedWithin, func(ctx context.Context) error {
		return w.loki.HasOnce(ctx, everything, idLabel, w.ledger, nil)
	})
}

// sendInOrder sends what should be taken: a webhook and a record by OTLP.
func (w *world) sendInOrder(t *testing.T, p *program) {
	t.Helper()
	id := fmt.Sprintf("in-order-%s-%d", p.name, len(w.ledger))
	harness.Eventually(t, storedWithin, func(ctx context.Context) error { return sendOrder(ctx, p, id) })
	w.ledger[idOfOrder(p, id)] = true
	require.NoError(t, p.SendOTLP(t.Context(), oneRecord(id+"-otlp", nil)))
	w.ledger[id+"-otlp"] = true
}

// idOfOrder is the activity's of a webhook.
func idOfOrder(p *program, id string) string { return p.Shop.Domain + "/orders/create/" + id }

// sendOrder sends a signed webhook, and returns an error unless it is acknowledged.
func sendOrder(ctx context.Context, p *program, id string) error {
	answer, err := p.Shop.Send(ctx, harness.NewOrder(id, time.Now()))
	if err == nil && answer.Code != http.StatusOK {
		err = fmt.Errorf("answered %d", answer.Code)
	}
	return err
}

// oneRecord returns a record of a private integration, after change.
func oneRecord(id string, change func(resource pcommon.Map, record plog.LogRecord)) plog.Logs {
	logs := plog.NewLogs()
	resource := logs.ResourceLogs().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "zis")
	resource.Resource().Attributes().PutStr("service.namespace", "integrations")
	record := resource.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	record.Body().SetStr("Flow run finished")
	record.SetSeverityNumber(plog.SeverityNumberInfo)
	record.Attributes().PutStr("product", "zis")
	record.Attributes().PutStr("activity.type", "flow_run")
	record.Attributes().PutStr("activity.id", id)
	if change != nil {
		change(resource.Resource().Attributes(), record)
	}
	return logs
}
