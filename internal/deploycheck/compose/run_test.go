// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/deploycheck/freeport"
)

// The collector runs here with the command, the configurations and the environment that
// its container has. Only its data, its ports and what is called Loki are elsewhere.
func TestTheCollectorRunsAsInItsContainer(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "otelcol-integrationlog")
	printed, err := exec.CommandContext(t.Context(), "go", "build", "-C", root, "-o", binary, "./cmd/otelcol-integrationlog").CombinedOutput()
	require.NoError(t, err, string(printed))

	p, err := load(t, with(needed, "SHOPIFY_WEBHOOK_SECRET", "not-a-secret"))
	require.NoError(t, err)
	collector := p.Services["collector"]
	data := t.TempDir()
	ports := map[string]string{}
	for _, name := range []string{"WEBHOOK", "METRICS", "TELEMETRY", "HEALTH", "OTLP_GRPC", "OTLP_HTTP"} {
		ports["INTEGRATIONLOG_"+name+"_PORT"] = freeport.Find(t)
	}
	environment := environmentOf(&collector, data, ports)
	arguments := make([]string, 0, len(collector.Command))
	for _, argument := range collector.Command {
		flag, path, _ := strings.Cut(argument, "=")
		require.NotEmpty(t, mounted(&collector, path), path)
		arguments = append(arguments, flag+"="+mounted(&collector, path))
	}
	run := exec.CommandContext(t.Context(), binary, arguments...)
	run.Env = environment
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, &out
	require.NoError(t, run.Start())
	stop := func() {
		_ = run.Process.Signal(os.Interrupt)
		_ = run.Wait()
	}

	healthy := func() bool {
		check := exec.CommandContext(t.Context(), binary, collector.HealthCheck.Test[2:]...)
		check.Env = environment
		return check.Run() == nil
	}
	if !assert.Eventually(t, healthy, time.Minute, 200*time.Millisecond) {
		stop()
		t.Fatal(out.String())
	}
	metrics := get(t, ports["INTEGRATIONLOG_METRICS_PORT"], "/metrics")
	assert.Contains(t, metrics, `integration_activities_total{activity_type="order",product="shopify",status="error"} 0`)
	assert.NotContains(t, metrics, `product="salesforce"`, "it is off")
	assert.Contains(t, get(t, ports["INTEGRATIONLOG_TELEMETRY_PORT"], "/metrics"), "otelcol_process_uptime")
	assert.DirExists(t, filepath.Join(data, "queue"))

	stop()
	assert.False(t, healthy(), "what does not run is not healthy")
	assert.Contains(t, out.String(), "Shopify  ")
	assert.Contains(t, out.String(), "set BOT_BUILDER_TOKEN to switch it on")
	assert.NotContains(t, out.String(), "not-a-secret")
}

func environmentOf(service *types.ServiceConfig, data string, others map[string]string) []string {
	var environment []string
	for name, value := range service.Environment {
		switch {
		case value == nil: // not set, and so not in the container either
		case name == "INTEGRATIONLOG_DATA_DIR":
			environment = append(environment, name+"="+data)
		default:
			environment = append(environment, name+"="+*value)
		}
	}
	for name, value := range others {
		environment = append(environment, name+"="+value)
	}
	return environment
}

func get(t *testing.T, port, path string) string {
	t.Helper()
	response, err := http.Get("http://127.0.0.1:" + port + path)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return string(body)
}
