// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package rulestest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.yaml.in/yaml/v3"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// loki is the address of an embedded Loki whose ruler evaluates the rules.
type loki string

// startLoki starts Loki with the project's own configuration, and a ruler that sends what fires to an
// Alertmanager. The rules are evaluated each second, and none has to last: their conditions are what is tested.
func startLoki(t *testing.T, alertmanager string) loki {
	t.Helper()
	directory := t.TempDir()
	rules := filepath.Join(directory, "rules")
	writeRules(t, filepath.Join(rules, "fake"))

	text, err := os.ReadFile("../../embeddedlokiextension/loki.yaml")
	require.NoError(t, err)
	// A date would be written back with its time, which Loki does not read.
	text = bytes.ReplaceAll(text, []byte("from: 2024-01-01"), []byte(`from: "2024-01-01"`))
	var config map[string]any
	require.NoError(t, yaml.Unmarshal(text, &config))
	set(t, config, freePort(t), "server", "http_listen_port")
	grpc := freePort(t)
	set(t, config, grpc, "server", "grpc_listen_port")
	set(t, config, "127.0.0.1:"+strconv.Itoa(grpc), "frontend", "scheduler_address")
	set(t, config, "127.0.0.1:"+strconv.Itoa(grpc), "frontend_worker", "scheduler_address")
	set(t, config, directory, "common", "path_prefix")
	set(t, config, filepath.Join(directory, "chunks"), "common", "storage", "filesystem", "chunks_directory")
	set(t, config, rules, "common", "storage", "filesystem", "rules_directory")
	config["ruler"] = map[string]any{
		"storage":             map[string]any{"type": "local", "local": map[string]any{"directory": rules}},
		"rule_path":           filepath.Join(directory, "rules-read"),
		"alertmanager_url":    alertmanager,
		"evaluation_interval": "1s",
		"poll_interval":       "1s",
		"ring":                map[string]any{"kvstore": map[string]any{"store": "inmemory"}},
	}
	changed, err := yaml.Marshal(config)
	require.NoError(t, err)
	file := filepath.Join(directory, "loki.yaml")
	require.NoError(t, os.WriteFile(file, changed, 0o600))

	factory := embeddedlokiextension.NewFactory()
	cfg := factory.CreateDefaultConfig().(*embeddedlokiextension.Config)
	cfg.ConfigFile = file
	extension, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, extension.Shutdown(context.WithoutCancel(t.Context()))) })
	return loki(fmt.Sprintf("http://127.0.0.1:%d", config["server"].(map[string]any)["http_listen_port"]))
}

// writeRules writes the rules as they are shipped, but for the times that a test cannot wait.
func writeRules(t *testing.T, directory string) {
	t.Helper()
	text, err := os.ReadFile(lokiFile)
	require.NoError(t, err)
	var file map[string]any
	require.NoError(t, yaml.Unmarshal(text, &file))
	for _, group := range file["groups"].([]any) {
		group := group.(map[string]any)
		group["interval"] = "1s"
		for _, rule := range group["rules"].([]any) {
			rule.(map[string]any)["for"] = "0s"
		}
	}
	changed, err := yaml.Marshal(file)
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(directory, 0o750))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "integrations.yaml"), changed, 0o600))
}

func set(t *testing.T, config map[string]any, value any, path ...string) {
	t.Helper()
	last := len(path) - 1
	for _, name := range path[:last] {
		require.Contains(t, config, name)
		config = config[name].(map[string]any)
	}
	require.Contains(t, config, path[last], strings.Join(path, "."))
	config[path[last]] = value
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().(*net.TCPAddr).Port
}

// push sends activities as the exporter does and expects them to be stored.
func (l loki) push(t *testing.T, activities []activity.Activity) {
	t.Helper()
	logs := activity.NewLogs(activity.Scope{Name: "github.com/integrationlog/integrationlog/test"}, activities...)
	payload, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, string(l)+"/otlp/v1/logs", bytes.NewReader(payload))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-protobuf")
	// No connection outlives the request, so none is left over at the end.
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusNoContent, response.StatusCode)
}

// happened returns so many activities, the newest some time ago, one a second.
func happened(product activity.Product, status activity.Status, number int, ago time.Duration) []activity.Activity {
	newest := time.Now().Add(-ago)
	activities := make([]activity.Activity, number)
	for i := range activities {
		at := newest.Add(-time.Duration(i) * time.Second)
		activities[i] = activity.Activity{
			ID: fmt.Sprint(product, status, at.UnixNano()), Product: product, Status: status, Type: "order",
			Evidence: activity.Reported, Account: "acme", Time: at, Description: "Order synchronised",
		}
		if status == activity.Error {
			activities[i].Error = &activity.Failure{Type: activity.ErrorTimeout}
		}
	}
	return activities
}
